"""The release plan: which tables leave, how their cells add up, and which are too small, as data.

``packs/<country>/release_plan.toml`` holds it (``plan_file`` reads it, ``plan_check`` says what is wrong with it).
What it lets out is still checked against the catalogue: nothing of sensitivity 1 or more is public.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from danbe.reference.catalogue.figures import FIGURES


@dataclass(frozen=True)
class Table:
    """One table let out. ``levels`` are the geographic levels allowed (0 country, 1 region, 2 cercle).

    ``small`` replaces the plan's threshold where it is higher. ``grid`` names dimensions whose codes are all listed
    wherever the cell above has something: a code that is missing there would tell a zero, so it is a hidden zero.
    ``quarters``: months are added up to quarters (the gate sets it when months are too fine). ``finest``: the finest level
    that leaves, ``months_to``: the finest whose months do (below it only spans of months); ``inside``: measures that stay.
    """

    name: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    levels: tuple[int, ...] = (0, 1, 2)
    small: int = 0
    grid: tuple[str, ...] = ()
    quarters: bool = False
    finest: int = 2
    months_to: int = 2
    inside: tuple[str, ...] = ()

    def told_by(self, dimension: str) -> str:
        """The name of a dimension in cells: ``category`` means another code list in each table."""
        if dimension == "category" and self.name in FIGURES and dimension in FIGURES[self.name]:
            return FIGURES[self.name][dimension].codelist or dimension
        return dimension


@dataclass(frozen=True)
class Measure:
    """How a measure behaves in sums; everything a reader could use to work one cell out from others.

    ``persons``: its counts 1 … k-1 are withheld. ``adds_over``: dimensions along which parts add up to their total;
    ``loose`` are those among them where the total may also be less than its parts (a stock, a figure stated apart).
    ``largest_over``: dimensions along which the total is at least each part and at most their sum. ``at_most``: measures
    of the same cell it cannot exceed, ``on_top`` what is added to it first; ``caps``: the same, and readers can tell when
    it is reached. ``same_as``: it prints another measure's cells. ``derived_from``: worked out from others, withheld
    with any. ``estimate``: not a count of recorded events, so editions may differ by little. ``minimum_contributors``:
    organisations that must be behind a cell; ``contributed_by``: the measure whose contributions tell who is, where
    nobody states who brought this one.
    """

    name: str
    persons: bool = True
    small: int = 0
    adds_over: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    largest_over: tuple[str, ...] = ()
    at_most: tuple[str, ...] = ()
    on_top: tuple[str, ...] = ()
    caps: tuple[str, ...] = ()
    same_as: str = ""
    derived_from: tuple[str, ...] = ()
    estimate: bool = False
    minimum_contributors: int = 0
    contributed_by: str = ""


@dataclass(frozen=True)
class Category:
    """Cells of these codes are more sensitive: a higher threshold, no finer place than ``lowest_level``, more than one
    contributor, and a witness that reaches zero («there may have been none»)."""

    dimension: str
    values: frozenset[str]
    small: int = 10
    lowest_level: int = 1
    minimum_contributors: int = 2
    reach_zero: bool = True


@dataclass(frozen=True)
class Grouping:
    """Codes of one dimension that add up to another code of it: a zone, a quarter, a unit of another division."""

    dimension: str
    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Outside:
    """A figure published elsewhere, which readers know: ``cell`` holds (dimension, code) pairs, totals left out."""

    measure: str
    cell: tuple[tuple[str, str], ...]
    value: int
    source: str = ""


@dataclass(frozen=True)
class Plan:
    """What may be public, and the cluster's thresholds (field brief §3), which two roles sign (``signed_by``).

    ``small``: counts of persons 1 … small-1 are withheld. ``zeros_hidden``: a zero of a count of persons bears the same
    symbol, unless no activity is behind it. ``minimum_contributors``: cells of fewer organisations are withheld;
    ``remainder``: so are cells where all but the largest contributor is 1 … small-1. ``figures`` maps the indicators of
    ``key_figures`` to measures.
    """

    version: str
    tables: tuple[Table, ...]
    measures: tuple[Measure, ...] = ()
    small: int = 5
    categories: tuple[Category, ...] = ()
    zeros_hidden: bool = True
    minimum_contributors: int = 1
    remainder: bool = True
    groupings: tuple[Grouping, ...] = ()
    outside: tuple[Outside, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    signed_by: tuple[str, ...] = ()
    max_sensitivity: int = 0
    lowest_level: int = 2
    by_name: dict[str, Table] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {t.name: t for t in self.tables})

    @cached_property
    def measure(self) -> dict[str, Measure]:
        return {m.name: m for m in self.measures}

    @cached_property
    def figure(self) -> dict[str, str]:
        return dict(self.figures)

    def persons(self, table: Table) -> tuple[str, ...]:
        """The measures of a table that count persons."""
        declared = ((m, self.measure[m]) for m in table.measures if m in self.measure)
        return tuple(m for m, measure in declared if measure.persons and not measure.derived_from)

    def category(self, cell: dict[str, Any]) -> Category | None:
        """The sensitive category a cell belongs to, by its dimensions; the strictest of several."""
        found = [c for c in self.categories if cell.get(c.dimension) in c.values]
        return max(found, key=lambda c: c.small, default=None)

    def threshold(self, measure: str, cell: dict[str, Any], table: Table | None = None) -> int:
        """The k of a cell: counts 1 … k-1 are small. The highest that applies; 1 (nothing) where no person is counted."""
        declared = self.measure.get(measure)
        if declared is None or not declared.persons:
            return 1
        category = self.category(cell)
        return max(
            self.small, declared.small, table.small if table else 0, category.small if category is not None else 0
        )

    # What the thresholds are called on the site and in the audit.
    @property
    def sensitive(self) -> frozenset[str]:
        return frozenset().union(*(c.values for c in self.categories if c.dimension == "aor"))

    @property
    def sensitive_small(self) -> int:
        return max((c.small for c in self.categories), default=self.small)

    @property
    def sensitive_level(self) -> int:
        return min((c.lowest_level for c in self.categories), default=self.lowest_level)

    def without(self, name: str) -> Plan:
        """The plan without one table."""
        return replace(self, tables=tuple(t for t in self.tables if t.name != name))

    def with_table(self, table: Table) -> Plan:
        """The plan with ``table`` in the place of the one of its name."""
        return replace(self, tables=tuple(table if t.name == table.name else t for t in self.tables))


def __getattr__(name: str) -> Any:
    # ``PUBLIC`` is the plan of the pack Danbe ships; read when first asked for, so that a spoiled file breaks no import.
    if name == "PUBLIC":
        from danbe.protect.plan_file import plan_of

        return plan_of("mli")
    raise AttributeError(name)
