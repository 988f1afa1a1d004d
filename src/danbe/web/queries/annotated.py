"""The partner's own workbook, annotated: made when first asked for, kept with the batch until it is read again."""

from __future__ import annotations

from pathlib import Path

from danbe.collect.storage import upload_path
from danbe.curate.models import Batch
from danbe.curate.queries import response
from danbe.curate.response import annotate, files
from danbe.register.models import User


def annotated_file(user: User, batch: Batch, language: str) -> Path:
    """The annotated copy of a batch's workbook, in ``language``. Raises ``Batch.DoesNotExist``."""
    known = response.issues(user, batch, limit=None)
    kept = files.folder(batch.pk) / f"annotated-{language}.xlsx"
    source = files.issues_path(batch.pk)
    if kept.is_file() and source.is_file() and kept.stat().st_mtime >= source.stat().st_mtime:
        return kept
    return annotate.annotate(upload_path(batch.upload.sha256), batch, known.issues, language)
