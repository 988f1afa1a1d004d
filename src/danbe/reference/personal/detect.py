"""What in a narrative could name or locate a person: names, telephones, addresses, coordinates, identity numbers, days in
small places.

No detector finds everything: it catches what people type without thinking, and it asks rather than decides. A narrative
stays confidential (sensitivity 2) whatever it says here; nothing makes free text publishable.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from danbe.reference.personal.coordinates import find_coordinates
from danbe.reference.personal.country import Country, load_country
from danbe.reference.personal.names import find_names
from danbe.reference.text import search_key

KINDS = ("name", "phone", "email", "coordinates", "id_number", "date_place")

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\[at\]|\(at\)|\sarobase\s)\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_MONTHS = (
    "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
)
DAY = re.compile(
    rf"\b(?:(?:0?[1-9]|[12]\d|3[01])(?:er|st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?)\b(?:,?\s+\d{{4}})?"
    r"|\b(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])[/.-](?:19|20)?\d\d\b|\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b",
    re.IGNORECASE,
)
"""A date to the day, in French or English."""
_COMPACT_DAY = re.compile(r"(?:19|20)\d\d[\s.-]?(?:0[1-9]|1[0-2])[\s.-]?\d\d|\d\d\s(?:0[1-9]|1[0-2])\s(?:19|20)\d\d")
_SMALL_PLACE = re.compile(
    r"\b(?:village|hameau|quartier|campement|fraction|site|camp|hamlet|neighbou?rhood|settlement|marché|puits|école|market|well|school"
    r"|commune)\s+(?:\w+\s+){0,2}?(?:de |d’|d'|du |of |called |dit )?(?=[A-ZÉÈÀ])[\w’'-]+"
)
_CAPITALS = re.compile(r"\b[A-ZÀ-Ý][\w’'-]+(?:[ -][A-ZÀ-Ý][\w’'-]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*")
_COMMUNE = 3


@dataclass(frozen=True)
class Finding:
    """``start``, ``end``: where in the text; ``kind``: one of ``KINDS``; ``certain``: False where it is a guess that a
    person should settle (a run of capitalised words may be an institution)."""

    start: int
    end: int
    kind: str
    certain: bool = True


def detect(
    text: str, known: Collection[str] = (), *, country: str = "mli", kinds: Collection[str] = KINDS
) -> list[Finding]:
    """What could identify a person in ``text``, in order of place, without overlaps.

    ``known``: names that are not a person's (organisations, structures, projects); places of the country's gazetteer
    are known already.
    """
    about = load_country(country)
    names = _keys(frozenset(known))
    found = [f for f in _all(text, about, names) if f.kind in kinds]
    certain = _apart(f for f in found if f.certain)
    ends = [f.end for f in certain]
    # A guess never hides what is certain.
    guesses = _apart(
        f
        for f in found
        if not f.certain and ((i := bisect_right(ends, f.start)) == len(ends) or certain[i].start >= f.end)
    )
    return sorted(certain + guesses, key=lambda f: f.start)


def _apart(found: Iterable[Finding]) -> list[Finding]:
    """Those that do not overlap, the first and longest before others."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many of each kind: what may be logged, since it holds nothing of the text."""
    return dict(Counter(f.kind for f in findings))


@lru_cache(maxsize=8)
def _keys(known: frozenset[str]) -> frozenset[str]:
    """The same names are known for each of thousands of narratives."""
    return frozenset(map(search_key, known))


def _all(text: str, about: Country, known: frozenset[str]) -> Iterator[Finding]:
    for start, end in find_coordinates(text, about.box, abroad=True):
        yield Finding(start, end, "coordinates")
    for match in _EMAIL.finditer(text):
        yield Finding(*match.span(), "email")
    for match in about.identity_words.finditer(text):
        yield Finding(*match.span("id"), "id_number")
    for pattern in about.identities:
        for match in pattern.finditer(text):
            yield Finding(*match.span(), "id_number")
    for match in about.phone.finditer(text):
        if 8 <= sum(c.isdigit() for c in match.group()) <= 15 and not _is_day(match.group()):
            yield Finding(*match.span(), "phone")
    for start, end, certain in find_names(text, about, known):
        yield Finding(start, end, "name", certain)
    yield from _days_in_places(text, about)


def _is_day(number: str) -> bool:
    """Eight digits may be a date (20220613, 13-06-2022)."""
    return bool(_COMPACT_DAY.fullmatch(number) or DAY.fullmatch(number))


def _days_in_places(text: str, about: Country) -> Iterator[Finding]:
    """Days told in a sentence that also tells a place finer than a cercle: together they point to one event."""
    for sentence in _SENTENCE.finditer(text):
        days = list(DAY.finditer(sentence.group()))
        if days and _small_place(sentence.group(), about):
            for day in days:
                yield Finding(sentence.start() + day.start(), sentence.start() + day.end(), "date_place")


def _small_place(sentence: str, about: Country) -> bool:
    if _SMALL_PLACE.search(sentence):
        return True
    return any(about.places.get(search_key(m.group())) == _COMMUNE for m in _CAPITALS.finditer(sentence))
