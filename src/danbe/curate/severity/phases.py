"""From the values of declared indicators to a phase 1–5, people per phase and people in need. Pure arithmetic.

JIAF-style (field brief §1.4, [K]: the cluster validates indicators, thresholds and weights): each indicator gives a phase by
its thresholds; the phase of a cercle and group is their weighted mean, rounded half up, and never below a critical
indicator's; people in need are those of phases 3 to 5. A missing value is no phase 1: it counts in nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

K = TypeVar("K")

PHASES = (1, 2, 3, 4, 5)
IN_NEED = (3, 4, 5)


class CriteriaRefused(ValueError):
    """A declaration that gives no phase, or an override that says no reason; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """An indicator and how its value becomes a phase.

    ``thresholds``: the values from which phases 2, 3, 4 and 5 begin, rising, or falling where less is worse. ``critical``: the
    whole is never less severe than this indicator.
    """

    id: str
    thresholds: tuple[Decimal, Decimal, Decimal, Decimal]
    weight: Decimal = Decimal(1)
    critical: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        rising = list(self.thresholds)
        if len(rising) != 4 or len(set(rising)) != 4 or rising not in (sorted(rising), sorted(rising, reverse=True)):
            raise CriteriaRefused(
                f"{self.id}: four thresholds, all rising or all falling, one for each of phases 2 to 5"
            )
        if self.weight <= 0:
            raise CriteriaRefused(f"{self.id}: the weight must be above zero")
        if not self.source.strip():
            raise CriteriaRefused(f"{self.id}: the source of the thresholds must be stated")

    def phase(self, value: Decimal) -> int:
        """The phase of one value; a value on a threshold has reached the phase it opens."""
        worse_is_more = self.thresholds[0] < self.thresholds[3]
        return 1 + sum(value >= t if worse_is_more else value <= t for t in self.thresholds)


@dataclass(frozen=True, slots=True)
class Severity:
    """The phase of one cercle and group, how it came about, and which indicators said nothing."""

    phase: int
    mean: Decimal
    raised_by: str
    phases: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """An expert's phase in place of the one worked out. Raises ``CriteriaRefused`` without a written reason."""

    phase: int
    reason: str

    def __post_init__(self) -> None:
        if self.phase not in PHASES:
            raise CriteriaRefused(f"the phase must be one of 1 to 5, not {self.phase}")
        if len(self.reason.split()) < 3:
            raise CriteriaRefused("an override needs a written reason, in a sentence")


def severity(criteria: Sequence[Criterion], values: Mapping[str, Decimal | None]) -> Severity | None:
    """The phase of one cercle and group; ``None`` where no indicator has a value. Raises for values never declared."""
    if unknown := set(values) - {c.id for c in criteria}:
        raise CriteriaRefused(f"indicators never declared: {', '.join(sorted(unknown))}")
    told = [(c, c.phase(v)) for c in criteria if (v := values.get(c.id)) is not None]
    if not told:
        return None
    mean = sum((c.weight * phase for c, phase in told), Decimal(0)) / sum((c.weight for c, _ in told), Decimal(0))
    phase, raised = int(mean.to_integral_value(ROUND_HALF_UP)), ""
    for criterion, found in told:
        if criterion.critical and found > phase:
            phase, raised = found, criterion.id
    missing = tuple(c.id for c in criteria if values.get(c.id) is None)
    return Severity(phase, mean, raised, tuple((c.id, p) for c, p in told), missing)


def people_by_phase(population: int, shares: Mapping[int, Decimal]) -> dict[int, int]:
    """A population divided over the five phases in whole people that add up to it (largest remainders, worse first).

    Raises ``CriteriaRefused`` when the shares do not make one, or the population is negative.
    """
    if population < 0:
        raise CriteriaRefused("a population cannot be negative")
    if set(shares) - set(PHASES) or any(s < 0 for s in shares.values()) or sum(shares.values()) != 1:
        raise CriteriaRefused("the shares of phases 1 to 5 must be positive and make 1 together")
    exact = {p: population * shares.get(p, Decimal(0)) for p in PHASES}
    whole = {p: int(e) for p, e in exact.items()}
    order = sorted(PHASES, key=lambda p: (whole[p] - exact[p], -p))
    for phase in order[: population - sum(whole.values())]:
        whole[phase] += 1
    return whole


def people_in_need(people: Mapping[int, int]) -> int:
    """People of phases 3, 4 and 5."""
    return sum(people.get(p, 0) for p in IN_NEED)


def changed(before: Mapping[K, int], after: Mapping[K, int]) -> dict[K, tuple[int | None, int | None]]:
    """What differs between two versions: {unit: (phase before, phase after)}, ``None`` where it had or has none."""
    units: Iterable[K] = dict.fromkeys([*before, *after])
    return {u: (before.get(u), after.get(u)) for u in units if before.get(u) != after.get(u)}
