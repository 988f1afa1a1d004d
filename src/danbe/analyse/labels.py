"""Names for the ids of a snapshot: places, organisations, indicators and codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from danbe.reference.catalogue.figures import FIGURES, TOTAL
from danbe.reference.codelists import codelist
from danbe.reference.words import month_name, number, translator

if TYPE_CHECKING:
    from danbe.analyse.snapshot import SnapshotReader


@dataclass
class Labels:
    """Looks up what people call an id; an id without a name is shown as it stands."""

    snapshot: SnapshotReader
    language: str = "fr"

    def say(self, text: str, **values: object) -> str:
        """A French source string in the reader's language, with its values put in."""
        return translator(self.language)(text) % values

    def number(self, value: float | None) -> str:
        whole = value is None or float(value).is_integer()
        return number(value, self.language, 0 if whole else 3)

    @cached_property
    def _places(self) -> dict[str, str]:
        table = self.snapshot.table("places")
        return dict(zip(table["place_id"].to_pylist(), table["name"].to_pylist(), strict=True))

    @cached_property
    def _organisations(self) -> dict[str, str]:
        rows = self.snapshot.table("organisations").select(["organisation_id", "acronym", "name"]).to_pylist()
        return {r["organisation_id"]: r["acronym"] or r["name"] for r in rows}

    @cached_property
    def _indicators(self) -> dict[str, str]:
        columns = ("name_fr", "name_en") if self.language == "fr" else ("name_en", "name_fr")
        rows = self.snapshot.table("indicators").select(["indicator_id", *columns]).to_pylist()
        return {r["indicator_id"]: r[columns[0]] or r[columns[1]] for r in rows}

    def place(self, place_id: str) -> str:
        return self._places.get(place_id) or place_id

    def organisation(self, organisation_id: str) -> str:
        return self._organisations.get(organisation_id) or organisation_id

    def indicator(self, indicator_id: str) -> str:
        if indicator_id == "INC":
            return self.say("indicateur non précisé")
        return self._indicators.get(indicator_id) or indicator_id

    def code(self, name: str, code: str) -> str:
        """The label of a code of the code list ``name``, of TOTAL, or of «non précisé»."""
        if code == TOTAL:
            return self.say("total")
        if code == "INC" and code not in codelist(name):
            return self.say("non précisé")
        return codelist(name).label(code, self.language)

    def cell(self, dimensions: Mapping[str, object]) -> str:
        """Where, when and who a figure is about: its dimensions in words, without totals and without the level."""
        told = []
        for name, value in dimensions.items():
            if name == "level" or value in (None, TOTAL):
                continue
            text = str(value)
            if name == "place":
                told.append(self.place(text))
            elif name == "period":
                told.append(month_name(text, self.language))
            elif name == "organisation_id":
                told.append(self.organisation(text))
            elif name == "indicator_id":
                told.append(self.indicator(text))
            elif name == "aor":  # people say its code
                told.append(text)
            else:
                listed = next((d[name].codelist for d in FIGURES.values() if name in d and d[name].codelist), "")
                told.append(self.code(listed, text) if listed else text)
        return " · ".join(told)
