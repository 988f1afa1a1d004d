"""Submissions of sensitive forms: their document and files lie under lock, their answers here hold no free text.

A form is sensitive when a version of it asks for a narrative, or when the coordination says so. What is not free text
(places, dates, choices, counts) stays readable, so that the review, the mapping and the figures go on; the texts open one
submission at a time (``submissions.open_texts``), in an export that asks for them, and on their way into incidents.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from danbe.collect.forms.answers import Envelope, Types, to_json, types_of
from danbe.collect.forms.schema import read_xform
from danbe.collect.forms.xml import MAX_SUBMISSION_BYTES, parse
from danbe.collect.models import FormVersion, Submission
from danbe.collect.storage import read_kept, sealed_path, upload_path, write_locked
from danbe.register.sealing import unlock


def seals(envelope: Envelope) -> bool:
    """Whether what comes with this envelope is to lie under lock; so does what no form here knows."""
    same = FormVersion.objects.filter(form__form_id=envelope.form_id, version=envelope.version)
    found = same.values_list("form__sensitive", flat=True).first()
    return found is not False


@lru_cache(maxsize=64)
def _written(version_pk: int, xform_sha256: str) -> frozenset[str]:
    """The questions where a person writes freely, by path; read from the XForm, which never changes."""
    schema = read_xform(upload_path(xform_sha256).read_bytes()).schema
    return frozenset(f["path"] for f in schema["fields"] if f.get("text"))


def without_texts(answers: dict[str, Any], version: FormVersion) -> dict[str, Any]:
    """The answers without free text: neither that of its text questions, nor what no question declares."""
    types, written = types_of(version.pk, version.xform_sha256), _written(version.pk, version.xform_sha256)
    return _without(answers, types, written, "")


def _without(answers: dict[str, Any], types: Types, written: frozenset[str], below: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in answers.items():
        path = f"{below}/{name}" if below else name
        if isinstance(value, dict):
            found[name] = _without(value, types, written, path)
        elif isinstance(value, list) and any(isinstance(v, dict) for v in value):
            found[name] = [_without(v, types, written, path) for v in value if isinstance(v, dict)]
        elif (
            path not in written
            and (path in types.of or path.startswith("meta"))
            and not _odd(value, types.of.get(path))
        ):
            found[name] = value
    return found


def _odd(value: Any, kind: str | None) -> bool:
    """What is no number where one is asked is a text too."""
    return kind in ("int", "decimal") and isinstance(value, str)


def has_texts(version: FormVersion, paths: set[str]) -> bool:
    """Whether one of these questions takes free text."""
    return bool(paths & _written(version.pk, version.xform_sha256))


def opened(submission: Submission) -> dict[str, Any]:
    """All the answers of a submission, from its document. Raises ``Locked``. Who calls it leaves a line in the log."""
    if not submission.sealed or submission.encrypted:
        return dict(submission.answers)
    version = submission.form_version
    if submission.source in (Submission.Source.OPENROSA, Submission.Source.WEB):
        raw = read_kept(submission.raw_sha256, sealed=True)
        return to_json(parse(raw, MAX_SUBMISSION_BYTES), types_of(version.pk, version.xform_sha256))
    return dict(json.loads(unlock(_answers_path(submission.raw_sha256).read_bytes())))


def keep_answers(raw_sha256: str, answers: dict[str, Any]) -> None:
    """Locks the answers beside a document that is not the form's own XML (another server's record, a workbook's rows)."""
    write_locked(_answers_path(raw_sha256), json.dumps(answers, ensure_ascii=False).encode())


def _answers_path(raw_sha256: str) -> Path:
    return sealed_path(raw_sha256).with_suffix(".answers.age")
