"""Where the bytes of uploads lie: ``uploads/<sha256>`` in the data folder, written once, never changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings

CHUNK = 1 << 20


class TooLarge(ValueError):
    """More bytes than the limit; ``size`` is what was read before stopping."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def upload_path(sha256: str) -> Path:
    """The file of that content hash; raises ``ValueError`` for what is no SHA-256."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in hexadecimal")
    return Path(settings.DATA) / "uploads" / sha256


def store(content: bytes | Path | IO[bytes], limit: int) -> tuple[str, int]:
    """Keeps the bytes under their hash: (sha256, size). The same bytes twice are kept once.

    Written beside and moved into place, so that a file that stands there is whole. Raises ``TooLarge`` past ``limit``.
    """
    folder = Path(settings.DATA) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix=".receiving-", dir=folder)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in _chunks(content):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(size)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = upload_path(digest.hexdigest())
        if target.exists():
            beside.unlink()
        else:
            beside.chmod(0o440)
            beside.replace(target)
            # The name, too, must survive a power cut before anyone is told that the file is kept.
            _flush_folder(folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise
    return digest.hexdigest(), size


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _chunks(content: bytes | Path | IO[bytes]) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            yield from _chunks(file)
    else:
        while chunk := content.read(CHUNK):
            yield chunk
