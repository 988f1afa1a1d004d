"""Names and codes of places made comparable: generic words, spelling habits of the Sahel, abbreviations, P-codes."""

from __future__ import annotations

import re
from functools import lru_cache

from danbe.reference.text import clean, search_key

# What partners write when there is nothing to write.
_NOTHING = frozenset(
    (
        *("na", "n a", "nd", "n d", "nc", "n c", "nr", "tbd", "x", "xx", "xxx", "null", "none", "nan", "unknown"),
        *("neant", "inconnu", "inconnue", "a preciser", "non precise", "non precisee", "non renseigne", "aucun"),
        *("non applicable", "not applicable", "sans objet", "not available", "non disponible", "vide"),
    )
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
_BEFORE = re.compile(
    r"^(?:(?:la |le |l )?(?:region|cercle|commune|district|ville|village|quartier|arrondissement|localite|site"
    r"|province|territoire|departement|zone de sante|cr|cu)"
    r"(?: (?:rurale|urbaine|sanitaire|administrative))?(?: (?:de la|de l|de|du|des|d))? )+"
)
_AFTER = re.compile(
    r"(?: (?:ville|commune|centre|central|rurale?|urbaine?|region|cercle|district|city|town|province|villages?))+$"
)
_ORDINAL = re.compile(r"^(?:[ivx]{1,4}|\d{1,3}|[a-z])$")
_SEVERAL = re.compile(r"\s*(?:[,;/+&|\n]| et | and | - | – )\s*", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\s*\([^)]*\)?\s*")
_CODE = re.compile(r"^([A-Z]{2})[A-Z]?(\d+)$")

_FOLDS = (
    (re.compile(r"ou|oo|w"), "u"),
    (re.compile(r"ck|qu|q|c(?![hei])|k"), "k"),
    (re.compile(r"c(?=[ei])|ss|z"), "s"),
    (re.compile(r"dj|dy|di(?=[aoue])"), "j"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"y|ï"), "i"),
    (re.compile(r"(?<!s)h"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"m(?=[bp])"), "n"),
    (re.compile(r"(?<=.{3})(?:es|e)$"), "e"),
)


@lru_cache(maxsize=200_000)
def place_key(name: object) -> str:
    """The search key of a place's name; '' for an empty cell and for «N/A» and its kin.

    An unmatched parenthesis stays: only the words count. «Commune IV» and «N'Tillit» keep their words.
    """
    key = search_key(name)
    if key in _NOTHING:
        return ""
    # «Commune IV» is «Commune 4»; a name of one word is never a numeral.
    first, *rest = key.split() or [""]
    return " ".join([first, *(_ROMAN.get(word, word) for word in rest)])


@lru_cache(maxsize=200_000)
def plain_key(key: str) -> str:
    """The key without generic words («cercle de …», «… ville»), unless only a number or letter would be left."""
    for pattern in (_BEFORE, _AFTER):
        rest = pattern.sub("", key)
        if rest and not _ORDINAL.match(rest):
            key = rest
    return key


@lru_cache(maxsize=200_000)
def fold(key: str) -> str:
    """A key as it sounds, in one word: ou=w=u, c=k=q, y=i, dj=di, no doubled letters, no silent h.

    French and English spellings of the same Bambara, Fulfulde, Songhay or Tamasheq name meet here
    (Niafounké/Niafunké, Djenné/Dienné, Gourma Rharous/Gourma-Rarous).
    """
    word = key.replace(" ", "")
    for pattern, by in _FOLDS:
        word = pattern.sub(by, word)
    return word


@lru_cache(maxsize=200_000)
def numbers(key: str) -> tuple[str, ...]:
    """The numerals in a key, in order: «dougoutene 2» and «dougoutene2» have the same."""
    return tuple(str(int(figures)) for figures in re.findall(r"\d+", key))


def abbreviates(short: str, full: str) -> bool:
    """Whether the words of ``short`` begin the words of ``full``, in order, with at least one whole word of 3 letters.

    «g rharous» abbreviates «gourma rharous», «c 4» «commune 4»; «gourma» alone does not: a dropped word is no
    abbreviation.
    """
    a, b = short.split(), full.split()
    if len(a) != len(b) or a == b:
        return False
    whole = sum(x == y and (len(x) >= 3 or x.isdigit()) for x, y in zip(a, b, strict=True))
    return whole > 0 and all(y.startswith(x) for x, y in zip(a, b, strict=True))


def without_parenthesis(name: object) -> str:
    """«Mopti (Sévaré)» as «Mopti»."""
    return _PARENTHESIS.sub(" ", clean(name)).strip()


def parts(name: object) -> list[str]:
    """What a cell holds when it holds several names: «Gao, Menaka» → ['Gao', 'Menaka']."""
    # clean() would fold the line breaks that separate names in a cell.
    return [p for p in _SEVERAL.split(str(name or "")) if place_key(p)]


@lru_cache(maxsize=100_000)
def code_key(code: object) -> str:
    """A P-code in one form: «ml 0506», «MLI0506», «ML-0506» and «MLO506» are ML0506; '' for an empty cell.

    COD-AB codes begin with the ISO alpha-2 code; many files write alpha-3 (MLI05).
    """
    text = re.sub(r"[^0-9A-Z]", "", clean(code).upper())
    if text.lower() in _NOTHING:
        return ""
    # The letter O for the figure 0, after the country's letters.
    text = text[:2] + re.sub(r"O(?=\d)|(?<=\d)O", "0", text[2:])
    found = _CODE.match(text)
    return found[1] + found[2] if found else text
