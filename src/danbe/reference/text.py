"""Text made comparable: what every match, look-up key and slug in the house starts from."""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_SPACES = re.compile(r"\s+")
# NFKD leaves these letters whole; they occur in names of the Sahel and of partners.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ŋ": "ng", "ɛ": "e", "ɔ": "o"})


def clean(value: object) -> str:
    """The text of a cell: no-break spaces and line breaks become one space, ends trimmed, ``None`` is ''.

    Whole floats lose their decimals, because calamine returns the integers of a sheet as floats (68.0).
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _SPACES.sub(" ", str(value)).strip()


def search_key(value: object) -> str:
    """Lower-case ASCII words separated by one space: «Gourma-Rharous » and «GOURMA RHAROUS» meet.

    SQLite folds case in ASCII only, so every table that people search keeps this key beside the name.
    """
    folded = unicodedata.normalize("NFKD", clean(value).casefold().translate(_LETTERS))
    return _NOT_WORD.sub(" ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


def slug(value: object) -> str:
    """The search key with hyphens: a name for an address or a file."""
    return search_key(value).replace(" ", "-")
