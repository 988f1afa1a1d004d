"""The lock of what may harm someone if read: narratives, and submissions of sensitive forms. Encrypted with age to one key.

``DATA/keys/narratives.key`` (0600) is an age identity, made when first needed and never in the database. A copy of the
database and of the stored files without it tells nothing; a backup needs both, kept apart. Lose the key and what it
locks is lost: that is meant.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pyrage import DecryptError, decrypt, encrypt, x25519


class Locked(RuntimeError):
    """The key is missing or another one: says where it should lie."""


def key_path() -> Path:
    return Path(settings.DATA) / "keys" / "narratives.key"


def lock(content: bytes) -> bytes:
    """The content as an age file to the house's own key."""
    return encrypt(content, [_identity().to_public()])


def unlock(ciphertext: bytes) -> bytes:
    """The content again. Raises ``Locked`` when the key is missing or does not fit."""
    path = key_path()
    if not path.exists():
        raise Locked(f"{path} : la clé des récits manque ; remettez-la à sa place depuis la sauvegarde")
    try:
        return decrypt(bytes(ciphertext), [_identity()])
    except DecryptError:
        raise Locked(f"{path} : cette clé n’ouvre pas ce récit ; remettez celle d’alors") from None


def _identity() -> x25519.Identity:
    path = key_path()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = x25519.Identity.generate()
        # Created with its final mode: at no moment may another account read it.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _read(path, path.stat().st_mtime_ns)
        with os.fdopen(handle, "w") as file:
            file.write(f"{made}\n")
            file.flush()
            os.fsync(file.fileno())
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> x25519.Identity:
    return x25519.Identity.from_str(path.read_text("ascii").strip())
