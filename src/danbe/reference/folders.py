"""Immutable folders: written beside, flushed, renamed into place, named by the hash of what they hold.

Snapshot, figures and release are such folders. A reader never meets a half-written one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_id(content: dict[str, Any]) -> str:
    """The first 16 hex digits of the SHA-256 over ``content`` written as canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Writes readable JSON with keys in order, so that the same content gives the same bytes."""
    path.write_text(json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n", "utf-8")


@contextmanager
def folder_beside(parent: Path) -> Iterator[Path]:
    """A folder to build in, on the file system of ``parent``; gone afterwards unless ``settle`` moved it."""
    parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=parent))
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def settle(building: Path, target: Path, *, replace: bool = False) -> Path:
    """Flushes all files of ``building`` to disk, then renames it to ``target`` in one step.

    An existing ``target`` stays as it is (it is immutable), or is swapped out when ``replace`` says so.
    """
    for file in building.rglob("*"):
        if file.is_file():
            _flush(file)
    _flush(building)
    building.chmod(0o755)
    if replace and target.exists():
        with folder_beside(target.parent) as old:
            target.rename(old / "old")
            building.rename(target)
    elif not target.exists():
        try:
            building.rename(target)
        except OSError:
            # Another process settled the same content a moment ago: theirs is as good as ours.
            if not target.is_dir():
                raise
    _flush(target.parent)
    return target


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
