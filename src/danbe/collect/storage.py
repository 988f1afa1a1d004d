"""Where the bytes of uploads lie: ``uploads/<sha256>`` in the data folder, written once, never changed.

Those of sensitive submissions lie locked in ``sealed/<sha256>.age``, named after what they hold once opened.
"""

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

from danbe.register.sealing import lock, unlock

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


def sealed_path(sha256: str) -> Path:
    """The locked file whose content, once opened, has that hash."""
    return upload_path(sha256).parent.parent / "sealed" / f"{sha256}.age"


def store_sealed(content: bytes | Path | IO[bytes], limit: int) -> tuple[str, int]:
    """Keeps the bytes under the house's lock: (sha256 and size of what was given). Nothing of it lies in clear.

    Raises ``TooLarge`` past ``limit``; up to there it is held in memory, as age needs it whole.
    """
    found = bytearray()
    for chunk in _chunks(content):
        if len(found) + len(chunk) > limit:
            raise TooLarge(len(found) + len(chunk))
        found += chunk
    sha256 = hashlib.sha256(found).hexdigest()
    write_locked(sealed_path(sha256), bytes(found))
    return sha256, len(found)


def write_locked(target: Path, content: bytes) -> None:
    """Writes the content under lock at ``target``, whole and flushed; what stands there already is left."""
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".receiving-", dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(lock(content))
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o440)
    Path(name).replace(target)
    _flush_folder(target.parent)


def read_kept(sha256: str, sealed: bool = False) -> bytes:
    """The bytes of that hash, opened where they lie under lock. Raises ``Locked`` where the key is not there."""
    return unlock(sealed_path(sha256).read_bytes()) if sealed else upload_path(sha256).read_bytes()


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
