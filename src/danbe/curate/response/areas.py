"""Which area of responsibility a cell of a cluster or sector column means, however the file writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from danbe.reference.codelists import codelist
from danbe.reference.text import clean, search_key

GENERAL, OUTSIDE = "CP", "HORS"
_PARTS = re.compile(r"[;:/,()|\n]| - | – | & | et | and ")
# Words that name an area wherever they stand in a cell. Order matters: the general word comes last.
_WORDS = (
    ("SCVBG", re.compile(r"\b(vbg|gbv|sgbv|genre|gender)\b")),
    ("SCPE", re.compile(r"\b(enfan\w*|child\w*)\b.*\bprotection\b|\bprotection\b.*\b(enfan\w*|child\w*)\b|\bcpie?\b")),
    ("GT-LAMH", re.compile(r"\b(mines?|antimines?|uxo|eore|eree)\b")),
    ("GT-LTPRN", re.compile(r"\b(hlp|ltb|ltp|ltprn)\b|\b(logement|housing)\b.*\b(terres?|land)\b")),
    ("GT-DOC", re.compile(r"\bdocumentation civile\b|\bcivil documentation\b")),
    ("GT-CS", re.compile(r"\bcohesion sociale\b|\bsocial cohesion\b")),
    (GENERAL, re.compile(r"\bprotection\b")),
)


@dataclass(frozen=True, slots=True)
class Area:
    """``code`` of the list ``aor`` ('' for an empty cell); ``several`` when the cell names more than one area."""

    code: str
    several: bool = False


def area_of(value: object) -> Area:
    """The area of a cell: by the code list, then part by part («Protection: Logement, terre et propriété»), then by
    the words in it. What names no part of protection is outside the cluster (``HORS``): kept, and left out of figures.
    """
    text = clean(value)
    key = search_key(text)
    if not key:
        return Area("")
    listed = codelist("aor").find(text)
    if listed:
        return Area(listed)
    after = text.partition(":")[2] if ":" in text else ""
    if after and (listed := codelist("aor").find(after)) and listed != OUTSIDE:
        return Area(listed)
    codes = [c for part in _PARTS.split(text) if (c := codelist("aor").find(part) or _by_word(search_key(part)))]
    specific = list(dict.fromkeys(c for c in codes if c not in (GENERAL, OUTSIDE)))
    if specific:
        return Area(specific[0], len(specific) > 1)
    whole = _by_word(key)
    if whole:
        return Area(whole)
    return Area(GENERAL if GENERAL in codes else OUTSIDE)


def _by_word(key: str) -> str:
    return next((code for code, pattern in _WORDS if pattern.search(key)), "")
