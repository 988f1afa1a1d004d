"""What a place met in a file is found to mean: the unit, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from danbe.reference.geography.units import Unit

# At or above CERTAIN a match is taken without asking; from DOUBTFUL up to it a person is asked; below, it is no match.
CERTAIN = 0.9
DOUBTFUL = 0.6

Candidates = tuple[tuple[Unit, float], ...]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a place met in a file means.

    ``unit``: a unit of the current division (or an unverified one), at the deepest level resolved; ``None`` if none.
    ``level_asked``: the deepest level the file named; when ``unit.level`` is less, the rest is unknown and
    ``candidates`` says what it may be. ``confidence`` (0–1) is that of ``unit``. ``reason`` and ``problems`` are ids
    whose sentences are in ``messages``. ``candidates``: other units it may be, best first, with their confidence.
    """

    unit: Unit | None
    level_asked: int
    confidence: float
    reason: str
    problems: tuple[str, ...] = ()
    candidates: Candidates = field(default=())

    @property
    def is_complete(self) -> bool:
        """Whether the deepest level the file named was resolved."""
        return self.unit is not None and self.unit.level == self.level_asked

    @property
    def is_certain(self) -> bool:
        """To be taken without asking a person."""
        return self.unit is not None and self.confidence >= CERTAIN

    @property
    def is_doubtful(self) -> bool:
        """To be confirmed by a person."""
        return self.unit is not None and DOUBTFUL <= self.confidence < CERTAIN
