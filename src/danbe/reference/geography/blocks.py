"""The units among which a name is looked up: those below one parent, at one level, by name, by sound, by likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.names import abbreviates, code_key, fold, numbers, place_key, plain_key
from danbe.reference.geography.units import Unit

EXACT = ("name", "spelling")


@dataclass(frozen=True, slots=True)
class Hit:
    """One unit found in a block: how sure (0–1) and why ('name', 'spelling', 'abbreviation', 'typo', 'part')."""

    unit: Unit
    confidence: float
    reason: str


class Block:
    """Units of one level below one parent; a unit may bear several names (its aliases)."""

    def __init__(self, named: Iterable[tuple[str, Unit]]) -> None:
        self._names: dict[str, list[Unit]] = defaultdict(list)
        self._plain: dict[str, list[Unit]] = defaultdict(list)
        self._folds: dict[str, list[Unit]] = defaultdict(list)
        self._words: list[tuple[str, Unit]] = []
        for key, unit in named:
            plain = plain_key(key)
            _put(self._names, key.replace(" ", ""), unit)
            _put(self._plain, plain.replace(" ", ""), unit)
            _put(self._folds, fold(plain), unit)
            self._words.append((plain, unit))
        self._spelt = list(self._plain)
        self._sounds = list(self._folds)

    def exact(self, key: str) -> list[Unit]:
        """The units of that very name, or of that name but for generic words («Kita», «Kita Commune»)."""
        word, plain = key.replace(" ", ""), plain_key(key).replace(" ", "")
        return self._names.get(word) or self._plain.get(plain) or self._names.get(plain) or []

    def find(self, key: str) -> list[Hit]:
        """What the name may mean here, best first. Several hits of equal confidence mean it is ambiguous."""
        units = self.exact(key)
        if units:
            return [Hit(u, 1.0, "name") for u in units]
        plain = plain_key(key)
        wanted = numbers(plain)
        units = [u for u in self._folds.get(fold(plain), ()) if self._numbers_of(u) == wanted]
        if units:
            # «H. Debaye» sounds like «Debaye», a silent h away; the initial says it is another.
            sure = 0.8 if _initials(plain) else 0.97
            return [Hit(u, sure, "spelling") for u in units]
        short = {u.id: u for words, u in self._words if abbreviates(plain, words)}
        if short:
            return [Hit(u, 0.95 if len(short) == 1 else 0.8, "abbreviation") for u in short.values()]
        return sorted([*self._alike(plain, wanted), *self._part(plain)], key=lambda h: -h.confidence)

    def _numbers_of(self, unit: Unit) -> tuple[str, ...]:
        return numbers(place_key(unit.name))

    def _part(self, plain: str) -> list[Hit]:
        """Units whose words contain all the words asked, or the reverse: a proposal, never more."""
        asked = set(plain.split())
        if len(plain) < 4:
            return []
        found = {u.id: u for words, u in self._words if (w := set(words.split())) and (asked < w or w < asked)}
        return [Hit(u, 0.75 if len(found) == 1 else 0.6, "part") for u in found.values()]

    def _alike(self, plain: str, wanted: tuple[str, ...]) -> list[Hit]:
        """Units within a few letters (optimal string alignment), by spelling or by sound, whichever is nearer."""
        best: dict[str, tuple[int, int, Unit]] = {}
        for asked, choices, owners in (
            (plain.replace(" ", ""), self._spelt, self._plain),
            (fold(plain), self._sounds, self._folds),
        ):
            limit = max(1, len(asked) // 3)
            near = process.extract(asked, choices, scorer=OSA.distance, score_cutoff=limit + 2, limit=8)
            for choice, distance, _ in near:
                for unit in owners[choice]:
                    known = best.get(unit.id)
                    if known is None or distance < known[0]:
                        best[unit.id] = (int(distance), max(len(asked), len(choice)), unit)
        ranked = sorted(best.values(), key=lambda b: (b[0], b[0] / b[1]))[:6]
        hits = []
        for place, (distance, length, unit) in enumerate(ranked):
            rivals = [d for i, (d, _, u) in enumerate(ranked) if i != place and u.id != unit.id]
            confidence = likeness(distance, length, min(rivals) - distance if rivals else 9)
            if self._numbers_of(unit) != wanted:
                # «Dougouténé 1» and «Dougouténé 2» differ by one letter, and by everything.
                confidence = min(confidence, 0.5)
            if _initials(plain):
                confidence = min(confidence, 0.8)
            if confidence > 0:
                hits.append(Hit(unit, confidence, "typo"))
        return hits


def likeness(distance: int, length: int, margin: int) -> float:
    """Confidence that a name ``distance`` letters off means this unit.

    ``length`` is that of the longer name, ``margin`` how many letters farther the next unit of the block is. The steps
    were set on Mali's settlements with injected typos: of what is accepted, 99 in 100 are right (bench/places.py).
    """
    share = distance / max(length, 1)
    if share > 0.5:
        return 0.0
    if margin < 1:
        return 0.6 if share <= 0.25 else 0.4
    if distance <= 1:
        return 0.95 if length >= 6 else 0.92 if length == 5 and margin >= 2 else 0.75 if length >= 4 else 0.4
    if distance == 2 and length >= 7 and margin >= 2:
        return 0.93 if length >= 9 else 0.91 if margin >= 3 else 0.8
    if distance == 3 and length >= 11 and margin >= 3:
        return 0.91
    return 0.7 if share <= 0.25 else 0.6 if share <= 0.34 else 0.45


def _initials(plain: str) -> list[str]:
    """Words of one letter, which stand for a word left out; not the N' and M' of Bambara names (N'Tillit)."""
    return [word for word in plain.split() if len(word) == 1 and word.isalpha() and word not in "nm"]


def _put(table: dict[str, list[Unit]], key: str, unit: Unit) -> None:
    # The names of one unit come one after the other: only the last put can be the same unit.
    if key and (not (units := table[key]) or units[-1] is not unit):
        units.append(unit)


class Index:
    """Blocks of a gazetteer, made when first asked for; codes of the current and of former divisions."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._blocks: dict[tuple[str | None, int, bool], Block] = {}
        self._spellings: dict[str, list[str]] = defaultdict(list)
        # Aliases bound to a parent or a code answer for that very cell; the others are further names of the unit.
        self.confirmed: dict[tuple[int, str, str, str], Unit] = {}
        for alias in gazetteer.aliases:
            if alias.parent_key or alias.code:
                self.confirmed[alias.level, alias.parent_key, alias.key, alias.code] = gazetteer.unit(alias.unit_id)
            else:
                self._spellings[alias.unit_id].append(alias.key)
        self.current_codes: dict[tuple[int, str], Unit] = {}
        self.former_codes: dict[tuple[int, str], list[Unit]] = defaultdict(list)
        self.any_level: dict[str, list[Unit]] = defaultdict(list)
        self.prefixes: set[str] = set()
        for unit in gazetteer.units():
            code = code_key(unit.code)
            if not code:
                continue
            self.prefixes.add(code[:2])
            if gazetteer.is_current(unit):
                self.current_codes[unit.level, code] = unit
                self.any_level[code].append(unit)
            else:
                self.former_codes[unit.level, code].append(unit)
        self.coded_levels = {level for level, _ in self.current_codes}

    def block(self, scope: Unit | None, level: int, former: bool = False) -> Block:
        """The units of ``level`` below ``scope`` (all of them for None), of the current or of former divisions."""
        key = (scope.id if scope else None, level, former)
        found = self._blocks.get(key)
        if found is None:
            units = self._below(scope, level) if scope else self.gazetteer.units(level)
            kept = [u for u in units if self.gazetteer.is_current(u) != former]
            named = [(k, u) for u in kept for k in (place_key(u.name), *self._spellings.get(u.id, ())) if k]
            found = self._blocks[key] = Block(named)
        return found

    def _below(self, scope: Unit, level: int) -> list[Unit]:
        found: list[Unit] = []
        for child in self.gazetteer.children(scope.id):
            if child.level == level:
                found.append(child)
            elif child.level < level:
                found += self._below(child, level)
        return found

    def is_within(self, unit: Unit, scope: Unit) -> bool:
        above = self.gazetteer.ancestors(unit.id).get(scope.level)
        return above is not None and above.id == scope.id

    def meanings(self, level: int, code: str) -> tuple[Unit | None, list[Unit]]:
        """What a code means: the current unit that bears it, and the current units former bearers became."""
        former = [
            unit for old in self.former_codes.get((level, code), ()) for unit, _ in self.gazetteer.to_current(old.id)
        ]
        return self.current_codes.get((level, code)), former
