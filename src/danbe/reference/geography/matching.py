"""Places met in files, matched to units: name and code together, blocked by parent, with a confidence and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.units import Unit
from danbe.reference.text import search_key

# At or above CERTAIN a match is taken without asking; from DOUBTFUL up to it a person is asked; below, it is no match.
CERTAIN = 0.9
DOUBTFUL = 0.6


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a place met in a file means.

    ``unit``: a unit of the current division (or an unverified one), at the deepest level resolved; ``None`` if none.
    ``level_asked``: the deepest level the file named. ``confidence`` 0–1. ``reason`` and ``problems`` are ids whose
    sentences are in ``messages``. ``candidates``: what else it may be, best first, with their confidence.
    """

    unit: Unit | None
    level_asked: int
    confidence: float
    reason: str
    problems: tuple[str, ...] = ()
    candidates: tuple[tuple[Unit, float], ...] = field(default=())

    @property
    def is_certain(self) -> bool:
        return self.unit is not None and self.confidence >= CERTAIN

    @property
    def is_doubtful(self) -> bool:
        return self.unit is not None and DOUBTFUL <= self.confidence < CERTAIN


class PlaceMatcher:
    """Matches places to the units of a gazetteer. Answers are remembered per distinct (names, codes, site)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._memory: dict[tuple[object, ...], PlaceMatch] = {}

    def match(self, names: Mapping[int, str], codes: Mapping[int, str] | None = None, site: str = "") -> PlaceMatch:
        """``names`` and ``codes`` by level (1 region, 2 cercle, 3 commune, 4 site), as the file wrote them."""
        codes = codes or {}
        memory_key = (tuple(sorted(names.items())), tuple(sorted(codes.items())), site)
        known = self._memory.get(memory_key)
        if known is None:
            known = self._memory[memory_key] = self._match(names, codes, site)
        return known

    def _match(self, names: Mapping[int, str], codes: Mapping[int, str], site: str) -> PlaceMatch:
        unit: Unit | None = None
        asked = max((level for level, name in names.items() if search_key(name)), default=0)
        for level in sorted(names):
            key = search_key(names[level])
            for candidate in self.gazetteer.units(level):
                if not self.gazetteer.is_current(candidate) or search_key(candidate.name) != key:
                    continue
                if unit is None or self.gazetteer.ancestors(candidate.id).get(unit.level) == unit:
                    unit = candidate
                    break
        return PlaceMatch(unit, asked, 1.0 if unit else 0.0, "exact" if unit else "not_found")
