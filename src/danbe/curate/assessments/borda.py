"""Ranked needs, by Borda's count: of n needs a ballot's first gets n points, its second n − 1, its last one; zero for
those it does not name. ``n`` is how many needs any ballot names, so that a short ballot weighs no more at its top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """A need, its points over all ballots, and its place; needs of equal points share a place (1, 2, 2, 4)."""

    need: str
    points: int
    place: int


def borda(ballots: Sequence[Sequence[str]]) -> list[Ranked]:
    """The needs of ``ballots``, most pressing first. Raises ``ValueError`` for a ballot that names a need twice."""
    for ballot in ballots:
        if len(set(ballot)) != len(ballot):
            raise ValueError(f"a need twice in one ballot: {list(ballot)}")
    needs = {need for ballot in ballots for need in ballot}
    points = dict.fromkeys(needs, 0)
    for ballot in ballots:
        for before, need in enumerate(ballot):
            points[need] += len(needs) - before
    order = sorted(needs, key=lambda need: (-points[need], need))
    return [Ranked(n, points[n], 1 + sum(p > points[n] for p in points.values())) for n in order]
