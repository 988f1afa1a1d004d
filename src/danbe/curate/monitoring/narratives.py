"""Narratives under lock (``register.sealing``), and what is looked for before one is kept.

``look_over`` says what in a text could name or locate a person.
"""

from __future__ import annotations

from danbe.reference.personal import Finding, detect
from danbe.register import sealing
from danbe.register.models import Organisation
from danbe.register.sealing import Locked as NarrativeLocked
from danbe.register.sealing import key_path

__all__ = ["NarrativeLocked", "key_path", "known_names", "lock", "look_over", "unlock"]

SOUGHT = ("name", "phone", "email", "coordinates", "id_number")
"""Kinds a narrative is looked over for. Not days in small places: the incident itself says its day and its place."""


def known_names() -> frozenset[str]:
    """Names of organisations, which are capitalised and name no person. Of several words: a single one may also be
    somebody's name, which must not pass for it."""
    return frozenset(n for n in Organisation.objects.values_list("name", flat=True) if len(n.split()) > 1)


def look_over(text: str, known: frozenset[str]) -> list[Finding]:
    """What in a narrative could name or locate a person, guesses too: the writer settles them."""
    return detect(text, known, kinds=SOUGHT)


def lock(text: str) -> bytes:
    """The text as an age file."""
    return sealing.lock(text.encode("utf-8"))


def unlock(ciphertext: bytes) -> str:
    """The text again. Raises ``NarrativeLocked`` when the key is missing or does not fit."""
    return sealing.unlock(ciphertext).decode("utf-8")
