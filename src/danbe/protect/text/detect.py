"""What in a narrative could name or locate a person: names, telephones, addresses, coordinates, identity numbers, days in
small places.

No detector finds everything: it catches what people type without thinking, and it asks rather than decides. A narrative
stays confidential (sensitivity 2) whatever it says here; nothing makes free text publishable.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from danbe.protect.coordinates import find_coordinates
from danbe.protect.reasons_text import TextReason, position
from danbe.protect.text.country import Country, load_country
from danbe.protect.text.names import find_names
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

    def reason(self, text: str) -> TextReason:
        """The finding as a reason with its line and column; what was found is not in it."""
        return TextReason(f"text.{self.kind}", position(text, self.start))


def detect(
    text: str, known: Collection[str] = (), *, country: str = "mli", kinds: Collection[str] = KINDS
) -> list[Finding]:
    """What could identify a person in ``text``, in order of place, without overlaps.

    ``known``: names that are not a person's (organisations, structures, projects); places of the country's gazetteer
    are known already.
    """
    about = load_country(country)
    names = frozenset(map(search_key, known))
    found = [f for f in _all(text, about, names) if f.kind in kinds]
    found.sort(key=lambda f: (f.start, not f.certain, -f.end))
    kept: list[Finding] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def _all(text: str, about: Country, known: frozenset[str]) -> Iterator[Finding]:
    for start, end in find_coordinates(text, about.box):
        yield Finding(start, end, "coordinates")
    for match in _EMAIL.finditer(text):
        yield Finding(*match.span(), "email")
    for match in about.identity_words.finditer(text):
        yield Finding(*match.span("id"), "id_number")
    for pattern in about.identities:
        for match in pattern.finditer(text):
            yield Finding(*match.span(), "id_number")
    for match in about.phone.finditer(text):
        if 8 <= sum(c.isdigit() for c in match.group()) <= 15:
            yield Finding(*match.span(), "phone")
    for start, end, certain in find_names(text, about, known):
        yield Finding(start, end, "name", certain)
    yield from _days_in_places(text, about)


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
