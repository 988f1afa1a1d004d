"""What is wrong with a release plan, before any figure is looked at: each fault named, with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from danbe.protect.plan import Plan, Table
from danbe.protect.reasons import Reason
from danbe.reference.catalogue.figures import FIGURES, dimensions
from danbe.reference.codelists import codelist

SIGNATURES = 2
"""Roles that sign the thresholds of a plan."""
SMALLEST = 2
"""A threshold of 1 protects nothing: counts 1 … k-1 are withheld."""


def plan_reasons(plan: Plan) -> Iterator[Reason]:
    """Every fault of the plan, against the catalogue and against itself."""
    for name, n in Counter(t.name for t in plan.tables).items():
        if n > 1:
            yield Reason("plan.repeated", {"what": f"table {name}"})
    for table in plan.tables:
        yield from _table_reasons(table, plan)
    yield from _threshold_reasons(plan)
    yield from _measure_reasons(plan)
    yield from _grouping_reasons(plan)
    yield from _outside_reasons(plan)


def _table_reasons(table: Table, plan: Plan) -> Iterator[Reason]:
    dataset = FIGURES.get(table.name)
    if dataset is None:
        yield Reason("plan.unknown_table", {"table": table.name})
        return
    for name in (*table.dimensions, *table.measures):
        if name not in dataset:
            yield Reason("plan.unknown_column", {"table": table.name, "column": name})
        elif dataset[name].sensitivity > plan.max_sensitivity:
            yield Reason(
                "plan.confidential", {"table": table.name, "column": name, "sensitivity": dataset[name].sensitivity}
            )
    for name in table.measures:
        if name not in plan.measure:
            yield Reason("plan.unknown_measure", {"table": table.name, "measure": name})
    for name in table.grid:
        if name not in table.dimensions:
            yield Reason("plan.unknown_dimension", {"where": f"{table.name}.grid", "dimension": name})
    finer = [x for x in table.levels if x > plan.lowest_level or x < 0]
    if finer or not table.levels:
        yield Reason(
            "plan.level", {"table": table.name, "value": finer[0] if finer else "–", "lowest": plan.lowest_level}
        )


def _threshold_reasons(plan: Plan) -> Iterator[Reason]:
    def wrong(where: str, value: int, least: int) -> Reason:
        return Reason("plan.threshold", {"where": where, "value": value, "least": least})

    if plan.small < SMALLEST:
        yield wrong("thresholds.small", plan.small, SMALLEST)
    for i, category in enumerate(plan.categories, 1):
        where = f"categories[{i}]"
        if category.small < max(plan.small, SMALLEST):
            yield wrong(f"{where}.small", category.small, max(plan.small, SMALLEST))
        if category.minimum_contributors < plan.minimum_contributors:
            yield wrong(f"{where}.minimum_contributors", category.minimum_contributors, plan.minimum_contributors)
        if category.dimension not in _dimensions():
            yield Reason("plan.unknown_dimension", {"where": where, "dimension": category.dimension})
        else:
            yield from _codes(where, category.dimension, category.values)
    for measure in plan.measures:
        if measure.small and measure.small < max(plan.small, SMALLEST):
            yield wrong(f"measures.{measure.name}.small", measure.small, max(plan.small, SMALLEST))
    for table in plan.tables:
        if table.small and table.small < max(plan.small, SMALLEST):
            yield wrong(f"tables.{table.name}.small", table.small, max(plan.small, SMALLEST))
    if plan.minimum_contributors < 1:
        yield wrong("contributors.minimum", plan.minimum_contributors, 1)
    roles = sorted({r for r in plan.signed_by if r in codelist("approver")})
    if len(roles) < SIGNATURES:
        yield Reason("plan.unsigned", {"roles": ", ".join(plan.signed_by) or "–", "needed": SIGNATURES})


def _measure_reasons(plan: Plan) -> Iterator[Reason]:
    for measure in plan.measures:
        where = f"measures.{measure.name}"
        for name in (*measure.adds_over, *measure.largest_over, *measure.loose):
            if name not in _dimensions():
                yield Reason("plan.unknown_dimension", {"where": where, "dimension": name})
        both = sorted(set(measure.adds_over) & set(measure.largest_over))
        if both or not set(measure.loose) <= set(measure.adds_over):
            yield Reason("plan.overlap", {"where": where, "what": ", ".join(both or measure.loose)})
        for other in _others(measure):
            if other not in plan.measure:
                yield Reason("plan.unknown_measure", {"table": where, "measure": other})
    for indicator, name in plan.figures:
        if name not in plan.measure:
            yield Reason("plan.unknown_measure", {"table": f"key_figures.{indicator}", "measure": name})
    for circle in _circles({m.name: _others(m) for m in plan.measures}):
        yield Reason("plan.cycle", {"where": "measures", "what": " → ".join(circle)})


def _others(measure: object) -> tuple[str, ...]:
    names: list[str] = []
    for field in ("at_most", "caps", "derived_from"):
        names += getattr(measure, field)
    same = getattr(measure, "same_as", "")
    return (*names, *([same] if same else []))


def _grouping_reasons(plan: Plan) -> Iterator[Reason]:
    for (dimension, total), n in Counter((g.dimension, g.total) for g in plan.groupings).items():
        if n > 1:
            yield Reason("plan.repeated", {"what": f"groupings {dimension} {total}"})
    below: dict[str, dict[str, tuple[str, ...]]] = {}
    for grouping in plan.groupings:
        where = f"groupings.{grouping.total}"
        if grouping.dimension not in _dimensions():
            yield Reason("plan.unknown_dimension", {"where": where, "dimension": grouping.dimension})
        twice = [p for p, n in Counter(grouping.parts).items() if n > 1]
        if twice or not grouping.parts:
            yield Reason("plan.overlap", {"where": where, "what": ", ".join(twice) or "–"})
        below.setdefault(grouping.dimension, {})[grouping.total] = grouping.parts
    for dimension, parts in below.items():
        for circle in _circles(parts):
            yield Reason("plan.cycle", {"where": f"groupings, {dimension}", "what": " → ".join(circle)})


def _outside_reasons(plan: Plan) -> Iterator[Reason]:
    for i, figure in enumerate(plan.outside, 1):
        where = f"outside[{i}]"
        if figure.measure not in plan.measure:
            yield Reason("plan.unknown_measure", {"table": where, "measure": figure.measure})
        for dimension, _ in figure.cell:
            if dimension not in _dimensions():
                yield Reason("plan.unknown_dimension", {"where": where, "dimension": dimension})
        if figure.value < 0:
            yield Reason("plan.threshold", {"where": where, "value": figure.value, "least": 0})


def _codes(where: str, dimension: str, values: Iterable[str]) -> Iterator[Reason]:
    lists = {d[dimension].codelist for d in FIGURES.values() if dimension in d} - {""}
    for value in sorted(values):
        if lists and not any(value in codelist(name) for name in lists):
            yield Reason("plan.unknown_code", {"where": where, "dimension": dimension, "value": value})


def _dimensions() -> set[str]:
    told = {d for dataset in FIGURES.values() for d in dimensions(dataset)}
    return told | {FIGURES[n][d].codelist for n in FIGURES for d in dimensions(FIGURES[n]) if d == "category"}


def _circles(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """The circles of a graph (node → nodes it points to), each once, as the nodes passed through."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []

        def enter(node: str, path: list[str] = path, stack: list[tuple[str, Iterator[str]]] = stack) -> None:
            path.append(node)
            stack.append((node, iter(graph.get(node, ()))))

        if start not in done:
            enter(start)
        while stack:
            node, rest = stack[-1]
            below = next(rest, None)
            if below is None:
                stack.pop()
                path.pop()
                done.add(node)
            elif below in path:
                yield [*path[path.index(below) :], below]
            elif below not in done and below in graph:
                enter(below)
