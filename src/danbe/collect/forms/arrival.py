"""A submission on arrival: its XML read, it and its files kept on disk, before the database hears of it.

Files first, flushed; then the row, committed; then the answer: what was acknowledged survives a kill at any moment. A
file whose row never came is content without a name, and harms nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.db import connection

from danbe.collect.forms.answers import Envelope, read_envelope
from danbe.collect.storage import store, store_sealed

MAX_NAME = 250


class UnknownForm(LookupError):
    """No published form of that id and version: never guessed."""


class Conflict(ValueError):
    """The same instance id came before with another XML."""


@dataclass(frozen=True)
class StoredFile:
    """A file that came with a submission, now kept."""

    filename: str
    sha256: str
    size: int
    content_type: str = ""


@dataclass(frozen=True)
class Arrival:
    """A submission kept on disk. ``instance_id`` is never empty."""

    envelope: Envelope
    raw_sha256: str
    instance_id: str
    files: tuple[StoredFile, ...] = ()
    sealed: bool = False


def keep(xml: bytes, attachments: Iterable[tuple[str, bytes | IO[bytes], str]] = ()) -> Arrival:
    """Reads and stores, under lock for a sensitive form. ``attachments`` are (name, content, content type).

    Raises ``BadXML`` and ``TooLarge``.
    """
    from danbe.collect.sealing import seals  # which reads models, as this file need not

    envelope = read_envelope(xml)
    sealed = seals(envelope)
    raw_sha256, _size = (store_sealed if sealed else store)(xml, len(xml))
    # One without an instance id is named after its content, so that sending it again is no second submission.
    instance_id = envelope.instance_id or f"sha256:{hashlib.sha256(xml).hexdigest()}"
    files = tuple(_keep(*a, sealed=sealed) for a in attachments)
    return Arrival(envelope, raw_sha256, instance_id[:MAX_NAME], files, sealed)


def _keep(name: str, content: bytes | IO[bytes], content_type: str, *, sealed: bool) -> StoredFile:
    sha256, size = (store_sealed if sealed else store)(content, settings.UPLOAD_LIMIT_BYTES)
    return StoredFile(
        PurePosixPath(name.replace("\\", "/")).name[:MAX_NAME] or "fichier", sha256, size, content_type[:120]
    )


def flush_at_commit() -> None:
    """Asks SQLite to flush its log at each commit of this connection: a phone deletes what we acknowledge.

    The embedded setting (NORMAL) survives the death of the process but not a power cut. PostgreSQL flushes by itself.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
