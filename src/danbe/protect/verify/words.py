"""The public vocabulary: which column, place, area, group or month a word means. Taken from the release and the code lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from danbe.reference.catalogue.figures import FIGURES, LABELS, TOTAL
from danbe.reference.codelists import codelist
from danbe.reference.text import search_key
from danbe.reference.words import LANGUAGES, month_name

LISTS = {"aor": "aor", "population_status": "population_status", "sex_age": "sex_age"}
RATIOS = frozenset({"coverage", "rate", "reporting_rate"})
_WORDS = {
    "services_delivered": ("services rendus", "services delivered", "services", "prestations"),
    "reached": ("personnes atteintes", "people reached", "persons reached", "atteintes", "reached", "touchees"),
    "people_in_need": ("personnes dans le besoin", "people in need", "dans le besoin", "in need"),
    "target": ("cible", "personnes ciblees", "people targeted", "targeted", "target", "ciblees"),
    "gap": ("ecart a la cible", "gap to target", "restant a atteindre"),
    "coverage": ("couverture", "coverage", "part de la cible", "share of target", "de la cible", "of target",
                 "of the target", "taux de couverture"),
    "people_exposed": ("exposees a la sensibilisation", "exposed to mass awareness", "personnes exposees", "people exposed"),
    "organisations": ("organisations presentes", "organisations present", "organisations", "organisation"),
    "activities": ("activites", "activities"),
}  # fmt: skip
_PLACE_HEADS = ("lieu", "place", "region", "cercle", "district", "zone", "area")
_ALL = frozenset({"total", "tous les domaines", "all areas", "tous", "ensemble", "all"})
_HEADS = {"sigle": "skip", "nom": "skip", "type": "skip", "mois": "period", "month": "period", "periode": "period"}


@dataclass
class Vocabulary:
    """``places``: id → level, name, code, parent_id. ``extra``: columns named by the manifest that no catalogue knows."""

    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    dimensions: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.columns: dict[str, tuple[str, str]] = {}
        self.tags: dict[str, str] = {}
        for table in FIGURES.values():
            for column in table.columns:
                kind = "dim" if column.name in table.key else "measure"
                for word in (column.name, column.fr, column.en):
                    self.columns.setdefault(search_key(word), (kind, column.name))
                self.tags.setdefault(column.hxl, column.name)
        for dimension, labels in LABELS.items():
            for column in labels:
                for word in (column.name, column.fr, column.en):
                    self.columns.setdefault(search_key(word), ("label", dimension))
        for measure, words in _WORDS.items():
            for word in words:
                self.columns.setdefault(word, ("measure", measure))
        for head in _PLACE_HEADS:
            self.columns[head] = ("dim", "place") if head != "region" else ("region", "place")
        for head, name in _HEADS.items():
            self.columns.setdefault(head, (name, name) if name == "skip" else ("dim", name))
        self.columns["withheld"] = self.columns["mesures protegees"] = self.columns["withheld measures"] = (
            "withheld",
            "",
        )
        for name in self.dimensions:
            self.columns[search_key(name)] = ("dim", name)
        for name in self.measures:
            self.columns[search_key(name)] = ("measure", name)
        self.named: dict[str, list[str]] = defaultdict(list)
        for place, facts in self.places.items():
            self.named[search_key(facts["name"])].append(place)
            if facts.get("code"):
                self.named[search_key(facts["code"])].append(place)

    @property
    def country(self) -> str:
        return next((p for p, f in self.places.items() if int(f["level"]) == 0), "")

    def column(self, head: Any, tag: Any = "") -> tuple[str, str]:
        """('dim' | 'measure' | 'label' | 'region' | 'withheld' | 'skip' | '', name) for a header and its HXL tag."""
        found = self.columns.get(search_key(head))
        if found is None and str(tag) in self.tags:
            found = self.columns.get(search_key(self.tags[str(tag)]))
        return found or ("", "")

    def code(self, dimension: str, value: Any) -> str | None:
        """The code a cell of a dimension means; ``TOTAL`` for all; ``None`` when it means nothing known."""
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        if text == TOTAL or search_key(text) in _ALL:
            return TOTAL
        if dimension in LISTS:
            return codelist(LISTS[dimension]).find(text) or text
        return period(text) or text if dimension == "period" else text

    def place(self, value: Any, level: str | None = None, within: str | None = None) -> str | None:
        """The place a name means: of ``level`` where stated, else inside ``within``, else the highest of that name."""
        text = str(value if value is not None else "").strip()
        if text in self.places:
            return text
        found = self.named.get(search_key(text), [])
        if level is not None:
            found = [p for p in found if str(self.places[p]["level"]) == str(level)]
        elif within is not None:
            inside = [p for p in found if self.places[p].get("parent_id") == within]
            found = inside or found
        return min(found, key=lambda p: int(self.places[p]["level"]), default=None)

    def whole(self) -> list[tuple[re.Pattern[str], str, str]]:
        """Labels that hold digits or brackets («Filles (0-17 ans)»): found as they stand, before numbers are looked for."""
        found = {
            (label, dimension, item.code)
            for dimension, name in LISTS.items()
            for item in codelist(name).items
            for label in (item.fr, item.en)
            if re.search(r"[\d(]", label)
        }
        return [
            (
                re.compile(re.escape(label).replace(r"\ ", r"[ \u00a0\u202f]").replace(r"\-", "[-–]"), re.IGNORECASE),
                d,
                c,
            )
            for label, d, c in sorted(found, key=lambda f: (-len(f[0]), f))
        ]

    def phrases(self) -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
        """First word → (words, dimension or 'measure', code), longest first: what to look for in a sentence."""
        found: set[tuple[tuple[str, ...], str, str]] = set()

        def put(text: str, dimension: str, code: str) -> None:
            words = tuple(search_key(text).split())
            if words and len(search_key(text)) > 3:
                found.add((words, dimension, code))

        for place, facts in self.places.items():
            put(facts["name"], "place", place)
        for dimension, name in LISTS.items():
            for item in codelist(name).items:
                for label in (item.fr, item.en):
                    put(label, dimension, item.code)
        for measure, words in _WORDS.items():
            for word in words:
                put(word, "measure", measure)
        for measure in self.measures - set(_WORDS):
            put(measure.replace("_", " "), "measure", measure)
        for name, month in _MONTH.items():
            for year in _YEARS:
                put(f"{name} {year}", "period", f"{year}-{month:02}")
        index: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
        for phrase in sorted(found, key=lambda p: (-len(p[0]), p)):
            index[phrase[0][0]].append(phrase)
        return index


_NAMES = {month_name(f"2000-{m:02}", language).split()[0]: m for language in LANGUAGES for m in range(1, 13)}
_MONTH = {search_key(name): m for name, m in _NAMES.items()}
_YEARS = range(2012, 2041)
_PERIOD = re.compile(r"^\d{4}-\d{2}(/\d{4}-\d{2})?$")


def period(text: str) -> str | None:
    """'2025-03', a span, «mars 2025», «janvier – décembre 2025» as the tables write them; ``None`` for anything else."""
    if _PERIOD.match(text):
        return text
    words = search_key(text).split()
    if len(words) == 2 and words[0] in _MONTH and words[1].isdigit():
        return f"{words[1]}-{_MONTH[words[0]]:02}"
    if len(words) in (3, 4) and words[0] in _MONTH and words[-2] in _MONTH and words[-1].isdigit():
        first = words[1] if len(words) == 4 else words[-1]
        return f"{first}-{_MONTH[words[0]]:02}/{words[-1]}-{_MONTH[words[-2]]:02}"
    return None


def months(span: str) -> list[str]:
    """The months of a span; a month is its own."""
    start, _, end = span.partition("/")
    found, (year, month) = [], map(int, start.split("-"))
    while (at := f"{year}-{month:02}") <= (end or start):
        found.append(at)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def find_period(texts: Iterable[str]) -> str | None:
    """The first span named in prose («Janvier – décembre 2025»)."""
    names = "|".join(sorted(_NAMES, key=len, reverse=True))
    pattern = re.compile(rf"(?:{names})(?: \d{{4}})? ?[–-] ?(?:{names}) \d{{4}}", re.IGNORECASE)
    for text in texts:
        if found := pattern.search(text):
            return period(found.group())
    return None
