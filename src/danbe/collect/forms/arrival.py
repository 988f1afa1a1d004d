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
from danbe.collect.storage import store

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


def keep(xml: bytes, attachments: Iterable[tuple[str, bytes | IO[bytes], str]] = ()) -> Arrival:
    """Reads and stores. ``attachments`` are (name, content, content type). Raises ``BadXML`` and ``TooLarge``."""
    envelope = read_envelope(xml)
    raw_sha256, _size = store(xml, len(xml))
    # One without an instance id is named after its content, so that sending it again is no second submission.
    instance_id = envelope.instance_id or f"sha256:{hashlib.sha256(xml).hexdigest()}"
    return Arrival(envelope, raw_sha256, instance_id[:MAX_NAME], tuple(_keep(*a) for a in attachments))


def _keep(name: str, content: bytes | IO[bytes], content_type: str) -> StoredFile:
    sha256, size = store(content, settings.UPLOAD_LIMIT_BYTES)
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
