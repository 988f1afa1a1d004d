"""Coordinates in whatever dress: decimal, degrees and minutes, plus codes, MGRS, UTM, links to maps.

An incident located to a hundred metres names the household. Used on columns of tables and on text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_NUMBER = r"[-−–]?\d{1,3}[.,]\d{2,}"
_SIGN = str.maketrans({"−": "-", "–": "-", ",": "."})
_PAIR = re.compile(
    rf"(?<![\d.])(?:(?<!\d,)|(?=[-−–]))(?P<a>{_NUMBER})\s*°?\s*(?P<na>[NS])?\s*(?:[,;/|]|\s|et|and|lon\w*\W*|,?\s*lon\w*\W*)+\s*(?P<b>{_NUMBER})(?![\d])(?:\s*°)?(?:\s*(?P<nb>[EWO])\b)?",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"\d{1,3}\s*[°º]\s*(?:\d{1,2}(?:[.,]\d+)?\s*['′’]\s*)?(?:\d{1,2}(?:[.,]\d+)?\s*(?:[\"″”]|''|’’|′′)\s*)?(?:[NSEWO]\b|(?:nord|sud|est|ouest|north|south|east|west)\b)"
    r"|\d{1,3}\s*[°º]\s*\d{1,2}(?:[.,]\d+)?\s*['′’](?:\s*\d{1,2}(?:[.,]\d+)?\s*[\"″”])?"  # minutes say enough without a letter
    r"|\d{1,3}[.,]\d{2,}\s*[°º]\s*[NSEWO]\b",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"(?<![\w+])(?:[23456789CFGHJMPQRVWX]{8}|[23456789CFGHJMPQRVWX]{4,6})\+[23456789CFGHJMPQRVWX]{2,3}(?![\w+])"
)
_MGRS = re.compile(
    r"\b(?P<zone>\d{1,2})[C-HJ-NP-X]\s?[A-HJ-NP-Z][A-HJ-NP-V]\s?(?P<digits>\d{2,5}\s?\d{2,5}|\d{4,10})\b"
)
_UTM = re.compile(r"\b(?P<zone>\d{1,2})\s?[C-HJ-NP-X]\b[\s,]+\d{6}(?:[.,]\d+)?\s*m?\s*[,;E ]\s*\d{7}\b")
_LINK = re.compile(
    r"(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.google|google\.\w+/maps|openstreetmap\.org/\S*(?:map|node|way)|osm\.org/go|geo:-?\d|///\w+\.\w+\.\w+)\S*",
    re.IGNORECASE,
)
_LABELS = re.compile(r"\b(?:lat(?:itude)?|lon(?:g|gitude)?|gps|coord\w*)\b\W{0,3}$", re.IGNORECASE)


@dataclass(frozen=True)
class Box:
    """A country's bounds in degrees, one degree wider: people round, and borders are crossed."""

    south: float
    north: float
    west: float
    east: float

    def latitude(self, value: float) -> bool:
        return self.south <= value <= self.north

    def longitude(self, value: float) -> bool:
        return self.west <= value <= self.east

    def zones(self) -> range:
        """The UTM zones the box covers."""
        return range(int((self.west + 180) // 6) + 1, int((self.east + 180) // 6) + 2)


@lru_cache
def country_box(country: str = "mli") -> Box:
    """The box of a country pack's outline."""
    from danbe.reference.geography.pack import load_pack

    west, south, east, north = load_pack(country).country_outline().bounds
    return Box(south - 1, north + 1, west - 1, east + 1)


def find_coordinates(text: str, box: Box, *, abroad: bool = False) -> Iterator[tuple[int, int]]:
    """The spans of ``text`` that locate something, in order of the ways they are written; spans may overlap.

    ``abroad``: pairs of numbers outside ``box`` too, where their dress says that they are coordinates.
    """
    for match in _PAIR.finditer(text):
        if _locates(match, text, box) or (abroad and _on_earth(match, text)):
            yield match.span()
    for pattern in (_DEGREES, _LINK):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _PLUS.finditer(text):
        if re.search(r"[A-Z]", match.group()) and (len(match.group()) >= 10 or re.search(r"\d", match.group())):
            yield match.span()
    for pattern in (_MGRS, _UTM):
        for match in pattern.finditer(text):
            if int(match["zone"]) in box.zones():
                yield match.span()


def _read(match: re.Match[str], text: str) -> tuple[float, float, bool, int]:
    """The two numbers, whether letters or a label call them coordinates, and the fewest decimals of either."""
    a, b = (float(match[x].translate(_SIGN)) for x in "ab")
    said = bool(match["na"] or match["nb"] or "°" in match.group() or _LABELS.search(text[: match.start()]))
    return a, b, said, min(len(match[x].translate(_SIGN).partition(".")[2]) for x in "ab")


def _locates(match: re.Match[str], text: str, box: Box) -> bool:
    """Whether two numbers are a place of the country: three decimals each, or letters or a label to say so."""
    a, b, said, decimals = _read(match, text)
    if not said and decimals < 3:
        return False
    west = match["nb"] and match["nb"].upper() in "WO"
    return (box.latitude(a) and (box.longitude(b) or bool(west and box.longitude(-b)))) or (
        box.longitude(a) and box.latitude(b)
    )


def _on_earth(match: re.Match[str], text: str) -> bool:
    """Whether two numbers are a place anywhere: people flee over borders. Without the country to check them against,
    three decimals also need a sign or a letter: «1,250 and 3,400» counts thousands."""
    a, b, said, decimals = _read(match, text)
    dressed = said or decimals >= 4 or (decimals == 3 and min(a, b) < 0)
    return dressed and ((abs(a) <= 90 and abs(b) <= 180) or (abs(a) <= 180 and abs(b) <= 90))
