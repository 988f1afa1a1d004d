"""All units of a country in all its divisions, and the way from any of them to the current division."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from danbe.reference.geography.units import UNVERIFIED, Alias, Link, Unit


class Gazetteer:
    """Units by id, by level and by parent; the crosswalk followed to the division ``current``.

    Raises ``ValueError`` naming the unit when an id is given twice, a parent is missing, or a chain of parents turns
    in a circle.
    """

    def __init__(
        self, units: Iterable[Unit], links: Iterable[Link] = (), aliases: Iterable[Alias] = (), current: str = "2021"
    ) -> None:
        self.current = current
        self.aliases = tuple(aliases)
        self.links = tuple(links)
        self._by_id: dict[str, Unit] = {}
        for unit in units:
            if unit.id in self._by_id:
                raise ValueError(f"unit {unit.id!r} is given twice")
            self._by_id[unit.id] = unit
        self._children: dict[str, list[Unit]] = defaultdict(list)
        self._by_level: dict[int, list[Unit]] = defaultdict(list)
        for unit in self._by_id.values():
            if unit.parent_id is not None:
                parent = self._by_id.get(unit.parent_id)
                if parent is None:
                    raise ValueError(f"unit {unit.id!r}: its parent {unit.parent_id!r} is not in the gazetteer")
                if parent.level >= unit.level:
                    raise ValueError(f"unit {unit.id!r}: its parent {parent.id!r} is not of a higher level")
                self._children[unit.parent_id].append(unit)
            self._by_level[unit.level].append(unit)
        self._forward: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            for end in (link.old_id, link.new_id):
                if end not in self._by_id:
                    raise ValueError(f"link {link.old_id!r} → {link.new_id!r}: {end!r} is not in the gazetteer")
            self._forward[link.old_id].append(link)

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._by_id

    def units(self, level: int | None = None, version: str | None = None) -> list[Unit]:
        """Units in the order given, of one level and one division if asked."""
        found = self._by_level.get(level, []) if level is not None else self._by_id.values()
        return [u for u in found if version is None or u.version == version]

    def unit(self, unit_id: str) -> Unit:
        """The unit; raises ``KeyError`` when there is none of that id."""
        return self._by_id[unit_id]

    def children(self, unit_id: str) -> list[Unit]:
        """The units one step below."""
        return list(self._children.get(unit_id, ()))

    def ancestors(self, unit_id: str) -> dict[int, Unit]:
        """The unit itself and all above it, by level."""
        found: dict[int, Unit] = {}
        unit: Unit | None = self._by_id[unit_id]
        while unit is not None:
            found[unit.level] = unit
            unit = self._by_id[unit.parent_id] if unit.parent_id is not None else None
        return found

    def is_current(self, unit: Unit) -> bool:
        """Whether the unit may stand in a figure as it is: of the current division, or unverified."""
        return unit.version in (self.current, UNVERIFIED)

    def to_current(self, unit_id: str) -> list[tuple[Unit, float]]:
        """The units of the current division the unit became, each with its share; heaviest first, shares sum to 1.

        A unit of the current division, or an unverified one, is itself; one with no link gives an empty list.
        """
        unit = self._by_id[unit_id]
        if self.is_current(unit):
            return [(unit, 1.0)]
        shares: dict[str, float] = defaultdict(float)
        for link in self._forward.get(unit_id, ()):
            for target, weight in self.to_current(link.new_id):
                shares[target.id] += link.weight * weight
        return sorted(((self._by_id[i], w) for i, w in shares.items()), key=lambda pair: -pair[1])
