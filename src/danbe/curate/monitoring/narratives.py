"""Narratives under lock: encrypted with age to a key that lies in the data folder, never in the database.

``DATA/keys/narratives.key`` (0600) is an age identity. A copy of the database without it tells nothing; a backup needs
both, kept apart. Lose the key and the narratives are lost: that is meant.

Before a narrative is kept, ``look_over`` says what in it could name or locate a person.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pyrage import DecryptError, decrypt, encrypt, x25519

from danbe.reference.personal import Finding, detect
from danbe.register.models import Organisation

SOUGHT = ("name", "phone", "email", "coordinates", "id_number")
"""Kinds a narrative is looked over for. Not days in small places: the incident itself says its day and its place."""


class NarrativeLocked(RuntimeError):
    """The key of the narratives is missing or another one: says where it should lie."""


def known_names() -> frozenset[str]:
    """Names of organisations, which are capitalised and name no person. Of several words: a single one may also be
    somebody's name, which must not pass for it."""
    return frozenset(n for n in Organisation.objects.values_list("name", flat=True) if len(n.split()) > 1)


def look_over(text: str, known: frozenset[str]) -> list[Finding]:
    """What in a narrative could name or locate a person, guesses too: the writer settles them."""
    return detect(text, known, kinds=SOUGHT)


def key_path() -> Path:
    return Path(settings.DATA) / "keys" / "narratives.key"


def lock(text: str) -> bytes:
    """The text as an age file to the house's own key, which is made when first needed."""
    return encrypt(text.encode("utf-8"), [_identity().to_public()])


def unlock(ciphertext: bytes) -> str:
    """The text again. Raises ``NarrativeLocked`` when the key is missing or does not fit."""
    path = key_path()
    if not path.exists():
        raise NarrativeLocked(f"{path} : la clé des récits manque ; remettez-la à sa place depuis la sauvegarde")
    try:
        return decrypt(bytes(ciphertext), [_identity()]).decode("utf-8")
    except DecryptError:
        raise NarrativeLocked(f"{path} : cette clé n’ouvre pas ce récit ; remettez celle d’alors") from None


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
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> x25519.Identity:
    return x25519.Identity.from_str(path.read_text("ascii").strip())
