"""A cell of a release in words: its place, area, group, month, organisation and indicator, in French or English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from danbe.publish.release import Release as Read
from danbe.reference.catalogue.figures import FIGURES, TOTAL, dimensions
from danbe.reference.codelists import codelist
from danbe.reference.text import search_key
from danbe.reference.words import month_name, translator


@dataclass(frozen=True)
class Words:
    """The words of one release, read from its own tables."""

    read: Read

    @cached_property
    def _declared(self) -> dict[str, dict[str, Any]]:
        return {d["id"]: d for d in self.read.declarations}

    def value(self, name: str, value: Any, language: str) -> str:
        """One value of a dimension, as a heading of a row shows it."""
        if value is None:
            return "–"
        if value == TOTAL:
            return translator(language)("Total")
        if name == "place":
            return str(self.read.places.get(value, {}).get("name") or value)
        if name == "period":
            return month_name(str(value), language)
        if name == "organisation_id":
            return self.read.organisation_name(value)
        if name == "indicator_id":
            item = self.read.framework.get(value, {})
            return str(item.get(f"name_{language}") or item.get("name_fr") or value)
        if name == "indicator":
            return str(self._declared.get(value, {}).get(language) or value)
        listed = next((d[name].codelist for d in FIGURES.values() if name in d and d[name].codelist), "")
        return codelist(listed).label(str(value), language) if listed else str(value)

    def cell(self, dims: dict[str, Any], language: str, *, whole: bool = True) -> str:
        """The dimensions of a cell in words, totals left out («Bandiagara · SCPE · mars 2025»); «total» if none is left.

        The level says nothing beside its place; an area of responsibility goes by its code, as people say it. Without
        ``whole`` the whole period, which most cells share, is left out too.
        """
        told = []
        for name, value in dims.items():
            if name == "level" or value in (None, TOTAL) or (name == "period" and not whole and "/" in str(value)):
                continue
            told.append(str(value) if name == "aor" else self.value(name, value, language))
        return " · ".join(told) or translator(language)("total")

    def meant(self, name: str, text: str) -> set[str]:
        """The values of a dimension that ``text`` may mean: itself, or those people give that name (a region and its
        cercle may share one)."""
        wanted, found = search_key(text), {text}
        if name == "place":
            found |= {i for i, p in self.read.places.items() if text == p["code"] or search_key(p["name"]) == wanted}
        elif name == "organisation_id":
            found |= {i for i in self.read.organisations if search_key(self.read.organisation_name(i)) == wanted}
        elif listed := next((d[name].codelist for d in FIGURES.values() if name in d and d[name].codelist), ""):
            found.add(codelist(listed).find(text) or text)
        return found


@lru_cache(maxsize=4)
def words_of(folder: Path) -> Words:
    """Releases never change, so what was read of one is kept."""
    return Words(Read(folder))


def known_dimensions(table: str) -> tuple[str, ...]:
    return dimensions(FIGURES[table])
