"""Incidents that may be one: same place, near dates, same violations, similar victims. Proposed, never merged by itself.

Candidates are blocked by cercle and looked for within ``WINDOW`` days, so a month of a thousand incidents is a few
thousand pairs. The score is between 0 and 1; what speaks for it is kept with the proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

WINDOW = {"JOUR": 2, "SEMAINE": 7, "MOIS": 31}
"""Days within which two events may be one, by the worse precision of their dates."""
PROPOSED_FROM = 0.75


@dataclass(frozen=True, slots=True)
class Seen:
    """What duplicates are told by: the incident's key, cercle and commune (place ids), date and its precision, the kinds
    of its violations, its victims, its perpetrator category, and who reported."""

    pk: int
    cercle: str | None
    commune: str | None
    event_date: date
    date_precision: str
    kinds: frozenset[str]
    victims: int
    perpetrator: str
    organisation: int


@dataclass(frozen=True, slots=True)
class Pair:
    """``first`` is the earlier record."""

    first: int
    second: int
    score: float
    reasons: dict[str, float]


def pairs(incidents: Iterable[Seen]) -> Iterator[Pair]:
    """The pairs that reach ``PROPOSED_FROM``, the likeliest first within a cercle."""
    blocks: dict[str, list[Seen]] = defaultdict(list)
    for incident in incidents:
        if incident.cercle:
            blocks[incident.cercle].append(incident)
    for block in blocks.values():
        block.sort(key=lambda s: (s.event_date, s.pk))
        found = [p for i, a in enumerate(block) for p in _near(a, block[i + 1 :])]
        yield from sorted(found, key=lambda p: (-p.score, p.first, p.second))


def _near(a: Seen, later: list[Seen]) -> Iterator[Pair]:
    for b in later:
        days = (b.event_date - a.event_date).days
        if days > max(WINDOW.values()):
            return
        window = max(WINDOW.get(a.date_precision, 2), WINDOW.get(b.date_precision, 2))
        if days > window or not a.kinds & b.kinds:
            continue
        reasons = {
            "place": 1.0 if a.commune and a.commune == b.commune else 0.5 if not (a.commune and b.commune) else 0.0,
            "date": 1 - days / (window + 1),
            "type": len(a.kinds & b.kinds) / len(a.kinds | b.kinds),
            "victims": _alike(a.victims, b.victims),
            "perpetrator": 1.0 if a.perpetrator == b.perpetrator else 0.5 if "INC" in (a.perpetrator, b.perpetrator) else 0.0,
        }  # fmt: skip
        weights = {"place": 0.3, "date": 0.2, "type": 0.2, "victims": 0.2, "perpetrator": 0.1}
        score = sum(weights[name] * value for name, value in reasons.items())
        if reasons["place"] and score >= PROPOSED_FROM:
            first, second = sorted((a.pk, b.pk))
            yield Pair(first, second, round(score, 3), {n: round(v, 2) for n, v in reasons.items()})


def _alike(a: int, b: int) -> float:
    """1 for the same number, falling with the share by which they differ."""
    return 1.0 if a == b else min(a, b) / max(a, b) if a and b else 0.5
