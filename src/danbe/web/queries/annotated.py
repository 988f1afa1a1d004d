"""The partner's own workbook, annotated: made when first asked for, kept with the batch."""

from __future__ import annotations

from pathlib import Path

from danbe.curate.models import Batch


def annotated_file(batch: Batch, language: str) -> Path:
    """The annotated copy of a batch's workbook."""
    raise NotImplementedError
