"""Why people reached are what they are: each candidate, which one won and why, the cap, and the rows behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from danbe.analyse.explanation import Row, Step
from danbe.analyse.labels import Labels
from danbe.analyse.response_tables import Tables
from danbe.reference.catalogue.figures import TOTAL

Steps = tuple[list[Step], list[Row]]
_CELL = ("aor", "spot", "population_status", "indicator_id")


class ReachExplainer:
    """The steps and rows of services delivered, people reached, their lower bound and the excess.

    ``filters`` holds place, aor, population_status and, where the table has them, sex_age and indicator_id. The world
    of ``tables`` has one period.
    """

    def __init__(self, tables: Tables, filters: dict[str, str], labels: Labels) -> None:
        self.tables, self.filters, self.labels = tables, filters, labels
        self.scope = filters.get("aor", TOTAL)

    def _here(self, relation: Any, *, area: str | None = None) -> list[dict[str, Any]]:
        """The rows of a relation that the filters ask for; ``area`` names its column of area or scope."""
        hierarchy = self.tables.world.hierarchy
        place = self.filters.get("place", hierarchy.country)
        column = {1: "region", 2: "cercle"}.get(hierarchy.levels.get(place, 0))
        if column:
            relation = relation.filter(relation[column] == place)
        elif place != hierarchy.country:
            return []
        for name in ("population_status", "sex_age", "indicator_id"):
            wanted = self.filters.get(name, TOTAL)
            if wanted != TOTAL and name in relation.columns:
                relation = relation.filter(relation[name] == wanted)
        if area == "scope" or (area and self.scope != TOTAL):
            relation = relation.filter(relation[area] == self.scope)
        return relation.to_pyarrow().to_pylist()

    def _candidates(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """A(i, c, g) by cell, only its part of the sex and age asked for."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for line in self._here(self.tables.world.new, area="aor"):
            key = tuple(line[k] for k in _CELL)
            cell = found.setdefault(key, {**line, "amount": 0})
            cell["amount"] += line["reached"]
        return found

    def _rows(self, wins: dict[tuple[Any, ...], Any] | set[tuple[Any, ...]]) -> list[Row]:
        """The rows behind the candidates, one per row and group; those of winning cells contribute."""
        sums: dict[tuple[str, tuple[Any, ...]], int] = defaultdict(int)
        about: dict[tuple[str, tuple[Any, ...]], dict[str, Any]] = {}
        for line in self._here(self.tables.world.new, area="aor"):
            key = (line["activity_id"], tuple(line[k] for k in _CELL))
            sums[key] += line["reached"]
            about[key] = line
        return [
            row_of(about[key], self.labels, value, value if key[1] in wins else 0)
            for key, value in sorted(sums.items(), key=lambda item: (item[0][1] not in wins, _order(item[0][0])))
        ]

    def services(self) -> Steps:
        """Everything counts: one step per indicator."""
        candidates = self._candidates()
        sums: dict[str, int] = defaultdict(int)
        for key, cell in candidates.items():
            sums[key[3]] += cell["amount"]
        return _by_indicator(sums, self.labels), self._rows(set(candidates))

    def reached(self) -> Steps:
        """Every candidate of every spot and group, the winners, and what the cap takes away."""
        if "indicator_id" in self.filters:
            return self._one_indicator()
        candidates = self._candidates()
        winners = self._winners()
        steps = [self._candidate(key, cell, winners) for key, cell in candidates.items()]
        steps.sort(key=lambda s: (s.place, s.population_status, not s.kept, -(s.value or 0), s.aor, s.indicator_id))
        return steps + self._caps(), self._rows({k for k in candidates if k in winners})

    def _winners(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        sex_age = self.filters.pop("sex_age", None)
        try:
            return {tuple(w[k] for k in _CELL): w for w in self._here(self.tables.reach.kept, area="scope")}
        finally:
            if sex_age is not None:
                self.filters["sex_age"] = sex_age

    def _candidate(self, key: tuple[Any, ...], cell: dict[str, Any], winners: dict[tuple[Any, ...], Any]) -> Step:
        kept = key in winners
        rivals = [w for w in winners if w[1:3] == key[1:3]]
        if kept:
            reason = self.labels.say("retenu")
        elif rivals and rivals[0][0] != key[0]:
            reason = self.labels.say(
                "non retenu, le domaine «%(aor)s» est plus grand", aor=self.labels.code("aor", rivals[0][0])
            )
        else:
            reason = self.labels.say(
                "non retenu, recouvert par «%(indicator)s»", indicator=self.labels.indicator(rivals[0][3])
            )
        text = self.labels.say(
            "%(place)s, %(group)s, %(indicator)s : %(value)s (%(reason)s)",
            place=self.labels.place(key[1]),
            group=self.labels.code("population_status", key[2]),
            indicator=self.labels.indicator(key[3]),
            value=self.labels.number(cell["amount"]),
            reason=reason,
        )
        gives = cell["amount"] if kept else 0
        return Step("value", text, cell["amount"], gives, kept, key[1], key[2], key[0], key[3])

    def _caps(self) -> list[Step]:
        """What people in need take away, per cercle and group (and, for one sex and age, its share of that)."""
        if "sex_age" in self.filters:
            cells = self._here(self.tables.reach.by_sex_age, area="scope")
            return [self._cap(c, c["capped"] - c["won"], None) for c in cells if c["capped"] != c["won"]]
        return [self._cap(c, c["capped"] - c["raw"], c["cap"]) for c in self._cells() if c["capped"] != c["raw"]]

    def _cells(self) -> list[dict[str, Any]]:
        cells = self._here(self.tables.reach.cells, area="scope")
        return sorted(cells, key=lambda c: (c["unit"], c["population_status"]))

    def _cap(self, cell: dict[str, Any], gives: float, cap: float | None) -> Step:
        text = self.labels.say(
            "%(place)s, %(group)s : plafonné aux personnes dans le besoin (%(change)s)",
            place=self.labels.place(cell["unit"]),
            group=self.labels.code("population_status", cell["population_status"]),
            change=self.labels.number(gives),
        )
        return Step("cap", text, cap, gives, True, cell["unit"], cell["population_status"], self.scope)

    def _one_indicator(self) -> Steps:
        """One indicator is its own winner; only the cap takes away."""
        steps, rows = self.services()
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for key, cell in self._candidates().items():
            sums[(cell["year"], key[0], cell["cercle"], cell["unit"], key[2])] += cell["amount"]
        caps = {
            (c["year"], c["scope"], c["place"], c["population_status"]): c["cap"]
            for c in self.tables.reach.caps.to_pyarrow().to_pylist()
        }
        for (year, aor, cercle, unit, group), amount in sorted(sums.items(), key=str):
            cap = caps.get((year, aor, cercle, group))
            if cap is not None and amount > cap:
                steps.append(self._cap({"unit": unit, "population_status": group}, cap - amount, cap))
        return steps, rows

    def lower(self) -> Steps:
        """The largest single candidate of each cercle."""
        candidates = self._candidates()
        best: dict[str, dict[str, Any]] = {}
        for cell in self._cells():
            if cell["unit"] not in best or cell["lowest"] > best[cell["unit"]]["lowest"]:
                best[cell["unit"]] = cell
        steps: list[Step] = []
        wins: set[tuple[Any, ...]] = set()
        for unit, cell in sorted(best.items()):
            same = {k: c for k, c in candidates.items() if (c["unit"], k[2]) == (unit, cell["population_status"])}
            key = max(sorted(same), key=lambda k: same[k]["amount"])
            wins.add(key)
            steps.append(self._candidate(key, same[key], {key: same[key]}))
            if cell["lowest"] < cell["largest"]:
                steps.append(self._cap(cell, cell["lowest"] - cell["largest"], cell["cap"]))
        return steps, self._rows(wins)

    def excess(self) -> Steps:
        """What the winners of each cercle and group amount to beyond its people in need."""
        over = {(c["unit"], c["population_status"]): c for c in self._cells() if c["excess"]}
        candidates, winners = self._candidates(), self._winners()
        wins = {k for k, c in candidates.items() if k in winners and (c["unit"], k[2]) in over}
        steps = [self._candidate(k, candidates[k], winners) for k in sorted(wins)]
        steps += [self._cap(c, -c["cap"], c["cap"]) for c in over.values()]
        return steps, self._rows(wins)


def _by_indicator(sums: dict[str, int], labels: Labels) -> list[Step]:
    """One step for each indicator, the largest first; all count."""
    steps = []
    for i, value in sorted(sums.items(), key=lambda item: (-item[1], item[0])):
        text = labels.say("%(indicator)s : %(value)s", indicator=labels.indicator(i), value=labels.number(value))
        steps.append(Step("value", text, value, value, indicator_id=i))
    return steps


def _order(activity_id: str) -> tuple[int, str]:
    return (len(activity_id), activity_id)


def row_of(act: dict[str, Any], labels: Labels, value: float | None, contribution: float) -> Row:
    """An activity row as an explanation shows it."""
    return Row(
        act["activity_id"],
        labels.organisation(act["organisation_id"]),
        act["report_month"],
        labels.place(act["spot"]),
        labels.indicator(act["indicator_id"]),
        labels.code("population_status", act["population_status"]) if act.get("population_status") else "",
        value,
        contribution,
    )


def exposed_rows(acts: Iterable[dict[str, Any]], labels: Labels) -> Steps:
    """Mass awareness: everything counts, one step per indicator."""
    sums: dict[str, int] = defaultdict(int)
    rows = []
    for act in sorted(acts, key=lambda a: _order(a["activity_id"])):
        sums[act["indicator_id"]] += act["reached"]
        rows.append(row_of(act, labels, act["reached"], act["reached"]))
    return _by_indicator(sums, labels), rows
