"""Whom, where and what the words of a file mean: each distinct organisation, place and indicator looked up once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from danbe.curate.response.options import ImportOptions
from danbe.curate.response.reading import Rows
from danbe.reference.geography import CERTAIN, Gazetteer, PlaceMatch, PlaceMatcher, Unit
from danbe.reference.text import clean, search_key
from danbe.register.organisations import OrganisationResolver

NEW = "new:"  # stands before what is not registered yet


@dataclass(frozen=True, slots=True)
class Organisation:
    """What a spelling means. ``code`` is '' while unknown, and ``new:<key>`` while it waits to be registered."""

    spelling: str
    code: str
    confidence: float
    reason: str
    candidates: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What a place met in a file means. ``place_id`` is '' while unknown, ``new:<key>`` while it waits.

    ``key`` names the place in a person's decisions; ``names`` and ``codes`` are by level, as the file wrote them.
    """

    key: str
    names: Mapping[int, str]
    codes: Mapping[int, str]
    match: PlaceMatch
    place_id: str
    decided: bool = False

    @property
    def told(self) -> str:
        """The place as a person reads it: «Djenné (ML0502), Mopti»."""
        parts = []
        for level in sorted({*self.names, *self.codes}, reverse=True):
            name, code = self.names.get(level, ""), self.codes.get(level, "")
            if name or code:
                parts.append(f"{name} ({code})" if name and code else name or code)
        return ", ".join(parts)


@dataclass
class Resolved:
    """The columns of ``Rows`` resolved: per row a code, a place or an indicator code; and the tables behind them."""

    organisation: list[str]
    partner: list[str]
    place: list[Place | None]
    indicator: list[str]
    organisations: dict[str, Organisation]
    places: dict[str, Place]
    indicators: dict[tuple[str, str], Wording]
    spellings: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator of the register, as the look-up needs it."""

    code: str
    aor: str
    name_fr: str
    name_en: str
    unit: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of an indicator mean; ``code`` as for organisations."""

    text: str
    aor: str
    code: str
    confidence: float
    matched: str = ""


class IndicatorFinder:
    """Finds an indicator by its code, its name in either language, or (0.93 and above) a name spelt nearly so."""

    FLOOR = 93.0

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = {line.code: line for line in lines}
        self._by_key: dict[str, list[Line]] = {}
        for line in self.lines.values():
            for spelling in {line.code, line.name_fr, line.name_en} - {""}:
                self._by_key.setdefault(search_key(spelling), []).append(line)

    def find(self, text: str, aor: str) -> Wording:
        key = search_key(text)
        lines = self._by_key.get(key)
        if lines is None:
            # «CP-01 : Nombre de …», as a drop-down may write it
            head = text.replace("–", "-").replace(" - ", ":").partition(":")[0]
            lines = self._by_key.get(search_key(head)) if head != text else None
            lines = [line for line in lines if search_key(line.code) == search_key(head)] if lines else None
        if lines:
            found = self._of_area(lines, aor)
            if found:
                return Wording(text, aor, found.code, 1.0, found.name_fr)
        return self._nearly(text, key, aor)

    @staticmethod
    def _of_area(lines: list[Line], aor: str) -> Line | None:
        """One wording may stand in several areas: that of the row; else the only one of the framework that bears it.

        An unverified indicator was met in one area and does not speak for another."""
        same = [line for line in lines if not aor or line.aor in (aor, "")]
        if same:
            return same[0]
        verified = [line for line in lines if line.verified]
        return verified[0] if len(verified) == 1 else None

    def _nearly(self, text: str, key: str, aor: str) -> Wording:
        from rapidfuzz import fuzz, process

        keys = [k for k, lines in self._by_key.items() if not aor or any(line.aor in (aor, "") for line in lines)]
        best = process.extractOne(key, keys, scorer=fuzz.ratio, score_cutoff=self.FLOOR) if key else None
        if best is None:
            return Wording(text, aor, "", 0.0)
        line = next(line for line in self._by_key[best[0]] if not aor or line.aor in (aor, ""))
        return Wording(text, aor, line.code, best[1] / 100, line.name_fr)


def resolve(
    rows: Rows,
    options: ImportOptions,
    organisations: OrganisationResolver,
    matcher: PlaceMatcher,
    indicators: IndicatorFinder,
) -> Resolved:
    """Looks every distinct wording up once; nothing is written. What ``options.register`` allows becomes ``new:…``."""
    known = _organisations(rows, options, organisations)
    places, column = _places(rows, options, matcher)
    wordings = _indicators(rows, options, indicators)
    texts, areas = rows.texts("indicator"), rows.values["aor"]
    spellings = rows.texts("organisation")
    return Resolved(
        organisation=[known[v].code if v else "" for v in spellings],
        partner=[known[v].code if v else "" for v in rows.texts("implementing_partner")],
        place=column,
        indicator=[wordings[v, a].code if v else "" for v, a in zip(texts, areas, strict=True)],
        organisations=known,
        places=places,
        indicators=wordings,
        spellings=Counter(v for v in spellings if v),
    )


def _organisations(rows: Rows, options: ImportOptions, resolver: OrganisationResolver) -> dict[str, Organisation]:
    decided = {search_key(k): v for k, v in options.organisations.items()}
    found = {}
    for spelling in {*rows.texts("organisation"), *rows.texts("implementing_partner")} - {""}:
        key = search_key(spelling) or clean(spelling)
        if key in decided:
            found[spelling] = Organisation(spelling, decided[key], 1.0, "decided")
            continue
        match = resolver.resolve(spelling)
        code = match.code or (f"{NEW}{key}" if "organisations" in options.register else "")
        found[spelling] = Organisation(spelling, code, match.confidence, match.reason, match.candidates)
    return found


def _places(rows: Rows, options: ImportOptions, matcher: PlaceMatcher) -> tuple[dict[str, Place], list[Place | None]]:
    levels = [
        (level, kind, f"admin{level}_{kind}")
        for level in (1, 2, 3)
        for kind in ("name", "code")
        if f"admin{level}_{kind}" in rows.values
    ]
    if not levels:
        return {}, [None] * rows.n
    cells = list(zip(*(rows.values[name] for _, _, name in levels), strict=True))
    by_cells: dict[tuple[Any, ...], Place | None] = {}
    places: dict[str, Place] = {}
    for cell in dict.fromkeys(cells):
        names = {lv: v for (lv, kind, _), v in zip(levels, cell, strict=True) if kind == "name" and v}
        codes = {lv: v for (lv, kind, _), v in zip(levels, cell, strict=True) if kind == "code" and v}
        if not names and not codes:
            by_cells[cell] = None
            continue
        key = place_key(names, codes)
        if key not in places:
            places[key] = _place(key, names, codes, options, matcher)
        by_cells[cell] = places[key]
    return places, [by_cells[c] for c in cells]


def place_key(names: Mapping[int, str], codes: Mapping[int, str]) -> str:
    """One key for all the ways a file writes a place: «BAFOUSSAM 1st», «Bafoussam 1St». It names the place in decisions."""
    return "|".join(f"{_plain(names.get(lv, ''))}~{clean(codes.get(lv, '')).upper()}" for lv in (1, 2, 3))


def _plain(name: str) -> str:
    return search_key(name) or clean(name)


def _place(
    key: str, names: dict[int, str], codes: dict[int, str], options: ImportOptions, matcher: PlaceMatcher
) -> Place:
    match = matcher.match(names, codes)
    if key in options.places:
        return Place(key, names, codes, match, options.places[key], decided=True)
    # A commune found although nothing above it is known may be a namesake in another country: a person decides.
    namesake = "parent_unknown" in match.problems and match.level_asked > 2 and not match.is_certain
    if match.unit is not None and match.unit.level >= match.level_asked and not namesake:
        return Place(key, names, codes, match, match.unit.id)
    return Place(key, names, codes, match, f"{NEW}{key}" if "places" in options.register else "")


def _indicators(rows: Rows, options: ImportOptions, finder: IndicatorFinder) -> dict[tuple[str, str], Wording]:
    found: dict[tuple[str, str], Wording] = {}
    for text, aor in set(zip(rows.texts("indicator"), rows.values["aor"], strict=True)):
        if not text:
            continue
        wording = finder.find(text, aor)
        # Other clusters' indicators are not ours to hold: such rows keep the words, without an indicator.
        if not wording.code and aor != "HORS" and "indicators" in options.register:
            wording = Wording(text, aor, f"{NEW}{aor}:{search_key(text)}", 0.0)
        found[text, aor] = wording
    return found


def unit_of(place: Place | None, gazetteer: Gazetteer) -> Unit | None:
    """The unit of the gazetteer a place stands for, or the deepest known one above it."""
    if place is None:
        return None
    if place.decided and place.place_id in gazetteer:
        return gazetteer.unit(place.place_id)
    return place.match.unit


def certain(confidence: float) -> bool:
    """Whether a match is taken without asking a person."""
    return confidence >= CERTAIN
