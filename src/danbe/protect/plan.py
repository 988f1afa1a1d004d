"""The release plan: which tables leave, cut by what, down to which level, and which of their counts are persons.

The plan is data. What it lets out is still checked against the catalogue: nothing of sensitivity 1 or more is public.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from danbe.reference.catalogue.figures import FIGURES, dimensions, measures

# Counts of persons. Services are counted here too: one service is one person once.
PERSONS = frozenset(
    {"people_in_need", "target", "services_delivered", "reached", "reached_lower", "reached_upper", "people_exposed"}
)
# Measures of the same persons: one of them small or withheld withholds the others, or the others would tell it.
TOGETHER = (frozenset({"services_delivered", "reached", "reached_lower", "reached_upper", "excess"}),)
# Measures worked out from others go with any of them: gap + reached = target.
DERIVED: dict[str, tuple[str, ...]] = {"gap": ("target", "reached"), "coverage": ("target", "reached")}


@dataclass(frozen=True)
class Table:
    """One table let out. ``levels`` are the geographic levels allowed (0 country, 1 region, 2 cercle)."""

    name: str
    dimensions: tuple[str, ...]
    measures: tuple[str, ...]
    levels: tuple[int, ...] = (0, 1, 2)

    @property
    def persons(self) -> tuple[str, ...]:
        return tuple(m for m in self.measures if m in PERSONS)


@dataclass(frozen=True)
class Plan:
    """What may be public, and the cluster's thresholds (field brief §3; to be signed by the cluster).

    ``small``: counts of persons 1 … small-1 are withheld. ``sensitive_small`` replaces it for ``sensitive`` areas of
    responsibility (gender-based violence), whose counts of persons exist publicly down to ``sensitive_level`` only.
    """

    version: str
    tables: tuple[Table, ...]
    small: int = 5
    sensitive: frozenset[str] = frozenset({"SCVBG"})
    sensitive_small: int = 10
    sensitive_level: int = 1
    max_sensitivity: int = 0
    lowest_level: int = 2
    by_name: dict[str, Table] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {t.name: t for t in self.tables})


def _whole(name: str) -> Table:
    return Table(name, dimensions(FIGURES[name]), measures(FIGURES[name]))


PUBLIC = Plan(
    "public-1",
    tuple(
        _whole(name)
        for name in (
            "key_figures",
            "presence",
            "presence_matrix",
            "need_target_reached",
            "reach_sex_age",
            "monthly",
            "by_indicator",
            "mass_awareness",
            "completeness",
        )
    ),
)
"""The plan of the public 5W release. ``completeness_by_organisation`` stays in the cluster."""
