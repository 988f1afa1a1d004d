"""What an explanation of a number, and a change between two snapshots, are made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step on the way to a number. The ``contribution`` of all steps add up to the number explained.

    ``kind``: 'value' (a candidate, kept or not) or 'cap' (what people in need take away). ``value`` is what the
    candidate amounts to, ``kept`` whether it won; ``text`` says it in the reader's language.
    """

    kind: str
    text: str
    value: float | None
    contribution: float = 0
    kept: bool = True
    place: str = ""
    population_status: str = ""
    aor: str = ""
    indicator_id: str = ""


@dataclass(frozen=True)
class Row:
    """One row of the snapshot behind a number; ``contribution`` is what it gives to the number (0 when it lost)."""

    id: str
    organisation: str
    month: str
    place: str
    indicator: str
    population_status: str
    value: float | None
    contribution: float = 0


@dataclass(frozen=True)
class Explanation:
    """A number, its formula, and what it is made of.

    The contributions of all steps add up to the value. Those of the rows add up to it before the cap:
    value = Σ rows + Σ steps of kind 'cap'. A difference or a ratio has no rows of its own: ``parts`` explains its
    terms in the order of the formula.
    """

    table: str
    measure: str
    filters: dict[str, str]
    value: float | None
    label: str
    unit: str
    formula: str
    definition: str
    steps: list[Step] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    parts: list[Explanation] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """One difference between two snapshots.

    ``cause``: 'organisation_merged', 'place_changed', 'rule_changed', 'need_or_target_changed', 'report_changed',
    'withdrawn', 'corrected', 'added'. ``key`` names the row, indicator or cell; ``before`` and ``after`` hold the
    columns that differ.
    """

    cause: str
    dataset: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class FigureChange:
    """Why one figure changed: ``causes`` maps a cause to its contribution; they add up to ``new − old``."""

    table: str
    measure: str
    dimensions: dict[str, Any]
    old: float | None
    new: float | None
    causes: dict[str, float]
