"""The figures of a page: each a drawing, the very table it draws, and where it comes from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from danbe.publish.data.export import plain
from danbe.publish.release import Release, Row, is_withheld
from danbe.reference.catalogue.column import Column
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.words import month_name, percent, translator
from danbe.ui import PROTECTED, Protected

PLACE = Column("place", "Lieu", "Place", hxl="#loc+name")
REGION = Column("region", "Région", "Region", hxl="#adm1+name")
AOR = Column("aor", "Domaine de responsabilité", "Area of responsibility", hxl="#subsector+name")
MONTH = Column("period", "Mois", "Month", hxl="#date+period")
SEX_AGE = Column("sex_age", "Sexe et âge", "Sex and age", hxl="#population+sex_age+name")
INDICATOR = Column("indicator", "Indicateur", "Indicator", hxl="#indicator+name")
ORGANISATION = Column("organisation", "Organisation", "Organisation", hxl="#org+name")

Value = float | int | Protected | None


def measure(table: str, name: str) -> Column:
    """A measure of a figure table, as the catalogue declares it."""
    return FIGURES[table][name]


def value(row: Row | None, name: str) -> Value:
    """A cell: a number, ``PROTECTED`` where the gate withheld it, ``None`` where nobody reported it."""
    if is_withheld(row, name):
        return PROTECTED
    return row[name] if row else None


def shown(value: Value) -> float | None:
    """A cell as a map colours it: a withheld one has no colour of its own."""
    return None if isinstance(value, Protected) or value is None else float(value)


@dataclass
class Figure:
    """One figure. ``rows`` hold one cell for each of ``columns``; the drawing shows these rows and nothing else.

    ``svg`` and ``wide`` are the drawings for phones and for large screens; a figure without one is its table. ``exports``:
    the drawing leaves as files too, whose addresses come into ``drawn`` (format → address).
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: list[list[Any]]
    source: str
    svg: str = ""
    wide: str = ""
    note: str = ""
    href: str = ""
    size: int = 0
    exports: bool = False
    drawn: dict[str, tuple[str, int]] = field(default_factory=dict)

    def table(self, language: str) -> dict[str, Any]:
        """The argument ``table`` of the component ``figure``."""
        numeric = [i for i, c in enumerate(self.columns) if c.is_number]
        ratios = {i for i, c in enumerate(self.columns) if c.unit == "ratio"}

        def cell(i: int, item: Any) -> Any:
            return percent(item, language) if i in ratios and isinstance(item, int | float) else item

        return {
            "columns": [c.label(language) for c in self.columns],
            "rows": [[cell(i, item) for i, item in enumerate(row)] for row in self.rows],
            "numeric": numeric,
        }

    def csv(self, language: str) -> str:
        """The figure's data: labels, HXL row, rows; «protégé» / 'withheld' and empty for «n.d.»."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([c.label(language) for c in self.columns])
        writer.writerow([c.hxl for c in self.columns])
        withheld = translator(language)("protégé")
        for row in self.rows:
            writer.writerow([withheld if isinstance(item, Protected) else plain(item) for item in row])
        return text.getvalue()


@dataclass(frozen=True)
class Scope:
    """What a page speaks of: a release, a place (the country or a region), a language."""

    release: Release
    place: Row
    language: str

    @property
    def _(self) -> Callable[[str], str]:
        return translator(self.language)

    @property
    def is_country(self) -> bool:
        return bool(self.place["place_id"] == self.release.country["place_id"])

    @property
    def cercles(self) -> list[Row]:
        return self.release.cercles(None if self.is_country else self.place["place_id"])

    @property
    def period(self) -> str:
        return month_name(self.release.span, self.language)

    @property
    def cited(self) -> dict[str, str]:
        """Whose figures they are and of which snapshot, for source lines."""
        return {
            "cluster": f"{self.release.manifest['cluster'][self.language]} {self.release.country['name']}",
            "snapshot": self.release.manifest["snapshot_id"],
        }

    @property
    def source(self) -> str:
        """The line under each figure: who, what, when, which snapshot."""
        said = {**self.cited, "period": self.period}
        return self._("%(cluster)s, 5W, %(period)s ; instantané %(snapshot)s.") % said

    def reach(self, place: str, aor: str = "TOTAL") -> Row | None:
        """The line of needs, targets and reach of a place and area, all population groups together."""
        return self.release.row(
            "need_target_reached", period=self.release.span, place=place, aor=aor, population_status="TOTAL"
        )

    def presence(self, place: str, aor: str = "TOTAL") -> Row | None:
        return self.release.row("presence", period=self.release.span, place=place, aor=aor)
