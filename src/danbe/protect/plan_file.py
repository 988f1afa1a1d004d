"""Reads a release plan from TOML or JSON. What it says is judged by ``plan_check``; here only its shape is."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from danbe.protect.plan import Category, Grouping, Measure, Outside, Plan, Table
from danbe.protect.reasons import Reason, Refused
from danbe.reference.catalogue.figures import FIGURES, dimensions, measures

FILE = "release_plan.toml"


@lru_cache
def plan_of(pack: str) -> Plan:
    """The release plan of a country pack. Raises ``Refused`` when the file is no plan."""
    return parse(resources.files("danbe.packs").joinpath(pack, FILE).read_text("utf-8"), FILE)


def read_plan(path: Path) -> Plan:
    """The plan in a ``.toml`` or ``.json`` file. Raises ``Refused`` naming what cannot be read."""
    return parse(path.read_text("utf-8"), path.name)


def parse(text: str, name: str = FILE) -> Plan:
    """The plan written in ``text``; ``name`` tells TOML from JSON and stands in messages."""
    try:
        said: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    except ValueError as error:
        raise Refused([Reason("plan.unreadable", {"file": name, "error": str(error)})]) from None
    try:
        return _plan(said)
    except _Wrong as wrong:
        raise Refused([Reason("plan.shape", {"file": name, "where": wrong.where, "value": str(wrong)})]) from None


class _Wrong(ValueError):
    """A part of the file that is not what it should be."""

    def __init__(self, where: str, value: object) -> None:
        super().__init__(str(value)[:80])
        self.where = where


def _plan(said: dict[str, Any]) -> Plan:
    limits = _dict("thresholds", said.get("thresholds", {}))
    contributors = _dict("contributors", said.get("contributors", {}))
    return Plan(
        version=_text("version", said.get("version", "")),
        tables=tuple(_each("tables", said.get("tables", []), _table)),
        measures=tuple(
            _built(Measure, f"measures.{name}", {"name": name, **_dict(f"measures.{name}", body)})
            for name, body in _dict("measures", said.get("measures", {})).items()
        ),
        small=_whole("thresholds.small", limits.get("small", 5)),
        zeros_hidden=_text("thresholds.zeros", limits.get("zeros", "hidden")) != "shown",
        lowest_level=_whole("thresholds.lowest_level", limits.get("lowest_level", 2)),
        categories=tuple(_each("categories", said.get("categories", []), lambda w, b: _built(Category, w, b))),
        minimum_contributors=_whole("contributors.minimum", contributors.get("minimum", 1)),
        remainder=bool(contributors.get("remainder", True)),
        groupings=tuple(_each("groupings", said.get("groupings", []), lambda w, b: _built(Grouping, w, b))),
        outside=tuple(_each("outside", said.get("outside", []), _outside)),
        figures=tuple(_dict("key_figures", said.get("key_figures", {})).items()),
        signed_by=tuple(said.get("signed_by", ())),
    )


def _table(where: str, body: dict[str, Any]) -> Table:
    """A table; dimensions and measures are those of the catalogue unless the plan names fewer."""
    name = str(body.get("name", ""))
    if name in FIGURES:
        shown = [m for m in measures(FIGURES[name]) if m not in body.get("inside", ())]
        body = {"dimensions": list(dimensions(FIGURES[name])), "measures": shown, **body}
    return _built(Table, where, {"dimensions": [], "measures": [], **body})


def _outside(where: str, body: dict[str, Any]) -> Outside:
    cell = _dict(f"{where}.cell", body.get("cell", {}))
    return _built(Outside, where, {**body, "cell": sorted((str(k), str(v)) for k, v in cell.items())})


def _built(kind: type, where: str, body: dict[str, Any]) -> Any:
    """A declaration from its table in the file: lists become tuples, unknown or missing words are refused."""
    known = {f.name: f for f in fields(kind) if f.init}
    for word in body:
        if word not in known:
            raise _Wrong(where, word)
    values: dict[str, Any] = {}
    for word, value in body.items():
        wanted = str(known[word].type)
        if isinstance(value, list):
            values[word] = frozenset(value) if wanted.startswith("frozenset") else tuple(value)
        elif wanted.startswith(("tuple", "frozenset")) or (
            wanted == "int" and (not isinstance(value, int) or isinstance(value, bool))
        ):
            raise _Wrong(f"{where}.{word}", value)
        else:
            values[word] = value
    try:
        return kind(**values)
    except TypeError:
        missing = sorted(set(known) - set(values))
        raise _Wrong(where, ", ".join(missing)) from None


def _each(where: str, said: Any, make: Callable[[str, dict[str, Any]], Any]) -> list[Any]:
    if not isinstance(said, list):
        raise _Wrong(where, said)
    return [make(f"{where}[{i}]", _dict(f"{where}[{i}]", body)) for i, body in enumerate(said, 1)]


def _dict(where: str, said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise _Wrong(where, said)
    return said


def _whole(where: str, said: Any) -> int:
    if not isinstance(said, int) or isinstance(said, bool):
        raise _Wrong(where, said)
    return said


def _text(where: str, said: Any) -> str:
    if not isinstance(said, str):
        raise _Wrong(where, said)
    return said
