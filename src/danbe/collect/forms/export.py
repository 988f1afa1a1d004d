"""An export under way: which submissions, in which files. Its writing only reads; the action that opens it leaves the line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from danbe.collect.forms.answers import Types, to_json
from danbe.collect.forms.encryption import CannotDecrypt, open_submission, read_key
from danbe.collect.forms.flat import tables
from danbe.collect.forms.writing import writer
from danbe.collect.forms.xml import MAX_SUBMISSION_BYTES, parse
from danbe.collect.messages import FieldRefused
from danbe.collect.models import Attachment, Form, FormVersion, Submission
from danbe.collect.sealing import opened
from danbe.collect.storage import read_kept, upload_path

_FIELDS = (
    "pk", "instance_id", "root_instance_id", "form_version_id", "received_at", "submitted_at", "source",
    "user__username", "organisation__code", "device_id", "encrypted", "complete", "review_state", "review_reason",
    "raw_sha256", "answers", "sealed",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """What to write. ``found`` is bound to what the person may see."""

    form: Form
    found: QuerySet[Submission]
    kind: str
    texts: bool = False
    pk: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pk", self.form.pk)

    def write(
        self, folder: Path, private_key: bytes = b"", password: str = "", *, files: bool = False
    ) -> dict[str, int]:
        """{file: rows}. Without the key, encrypted submissions come as rows without answers, marked ``encrypted``.

        With it, their media lie decrypted in ``fichiers/<instance id>/``; so do the files of the others when ``files``
        says so. Raises ``FieldRefused`` for a wrong key.
        """
        versions = {v.pk: v for v in FormVersion.objects.filter(form=self.form).order_by("-created_at", "-pk")}
        stem = re.sub(r"[^\w-]+", "_", self.form.form_id)[:80] or "formulaire"
        sink = writer(self.kind, folder, stem, tables(v.schema for v in versions.values()))
        try:
            key = read_key(private_key, password) if private_key else None
            types = {pk: Types(v.schema) for pk, v in versions.items()}
            for row in self._rows():
                if row["encrypted"] and key is not None:
                    row["answers"] = self._open(row, types[row["form_version_id"]], key, folder)
                elif row["sealed"]:
                    self._unseal(row, folder, files)
                elif files:
                    for name, sha256 in _files_of(row["pk"]).items():
                        shutil.copyfile(upload_path(sha256), _place(folder, row["instance_id"], name))
                sink.add(_own(row, versions[row["form_version_id"]].version), row["answers"])
        except CannotDecrypt as error:
            raise FieldRefused("export.key", why=str(error)) from None
        finally:
            counts = sink.close()
        return counts

    def _rows(self) -> Iterator[dict[str, Any]]:
        found = self.found.order_by("received_at", "pk").values(*_FIELDS)
        yield from found.iterator(chunk_size=2000)

    def _unseal(self, row: dict[str, Any], folder: Path, files: bool) -> None:
        """What lies under lock comes with ``texts`` only; else the row has its other answers and no file."""
        if not self.texts:
            return
        row["answers"] = opened(Submission.objects.select_related("form_version").get(pk=row["pk"]))
        for name, sha256 in _files_of(row["pk"]).items() if files else ():
            _place(folder, row["instance_id"], name).write_bytes(read_kept(sha256, sealed=True))

    def _open(self, row: dict[str, Any], types: Types, key: Any, folder: Path) -> dict[str, Any]:
        files = _files_of(row["pk"])
        opened = open_submission(
            read_kept(row["raw_sha256"], row["sealed"]),
            lambda name: read_kept(files[name], row["sealed"]) if name in files else None,
            key,
        )
        for name, content in opened.files.items():
            _place(folder, row["instance_id"], name).write_bytes(content)
        return to_json(parse(opened.xml, MAX_SUBMISSION_BYTES), types)


def _files_of(submission: int) -> dict[str, str]:
    """{name: content hash} of a submission's files, the latest content of each name."""
    found = Attachment.objects.filter(submission_id=submission).order_by("pk")
    return dict(found.values_list("filename", "sha256"))


def _place(folder: Path, instance_id: str, name: str) -> Path:
    inside = folder / "fichiers" / re.sub(r"[^\w-]+", "_", instance_id)
    inside.mkdir(parents=True, exist_ok=True)
    return inside / Path(name).name


def _own(row: dict[str, Any], version: str) -> dict[str, Any]:
    return {
        "instance_id": row["instance_id"],
        "root_instance_id": row["root_instance_id"],
        "form_version": version,
        "received_at": row["received_at"].isoformat(timespec="seconds"),
        "submitted_at": row["submitted_at"].isoformat(timespec="seconds") if row["submitted_at"] else None,
        "source": row["source"],
        "submitter": row["user__username"],
        "organisation": row["organisation__code"],
        "device_id": row["device_id"] or None,
        "encrypted": row["encrypted"],
        "complete": row["complete"],
        "review_state": row["review_state"],
        "review_reason": row["review_reason"] or None,
    }
