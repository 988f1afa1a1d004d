"""The plan of the registers: which rows and columns of each leave, read from the pack and held against the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from danbe.protect.places import CERCLE, LEVEL_OF_COLUMN, RULES, PlaceRule, is_geometry, is_place
from danbe.protect.reasons import Reason, Refused
from danbe.protect.reasons_registers import RegisterReason
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.column import Dataset

FILE = "release_registers.toml"
DEFAULT_RULE = PlaceRule(CERCLE)
"""Of a register for which ``places.RULES`` says nothing: the cercle, and no point."""


@dataclass(frozen=True)
class Register:
    """What leaves of one dataset.

    ``columns``: in order. ``when``: column → the values a row must have one of. ``fresh``: the date column and the days
    after which a row is gone. ``lowest_level``: places finer than this are said as the unit they lie in. ``texts``:
    written by people, looked over for everything that could name or locate a person. ``contacts``: may hold the
    telephone or the address of a service or a function, never a name. ``places``: columns of place ids besides those
    whose name says it. ``never``: columns nobody may ever add to ``columns``.
    """

    name: str
    columns: tuple[str, ...]
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    fresh: tuple[str, int] | None = None
    lowest_level: int = CERCLE
    texts: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def rule(self) -> PlaceRule:
        return RULES.get(self.name, DEFAULT_RULE)

    @property
    def place_columns(self) -> tuple[str, ...]:
        return tuple(c for c in self.columns if c in self.places or is_place(c) or c in LEVEL_OF_COLUMN)


def registers_of(pack: str) -> tuple[Register, ...]:
    """The registers of a country pack; none where it has no such plan. Raises ``Refused`` for a faulty one."""
    path = resources.files("danbe.packs").joinpath(pack, FILE)
    return parse_registers(path.read_text("utf-8")) if path.is_file() else ()


def parse_registers(text: str, name: str = FILE) -> tuple[Register, ...]:
    """The registers written in ``text`` (TOML), checked. Raises ``Refused`` with every fault."""
    try:
        said = tomllib.loads(text)
    except ValueError as error:
        raise Refused([RegisterReason("registers.unreadable", {"file": name, "error": str(error)})]) from None
    found: list[Register] = []
    reasons: list[Reason] = []
    for dataset, body in said.items():
        try:
            register = _register(dataset, body)
        except _Wrong as wrong:
            reasons.append(RegisterReason("registers.shape", {"where": wrong.where, "value": str(wrong)}))
            continue
        reasons += list(_faults(register))
        found.append(register)
    if reasons:
        raise Refused(reasons)
    return tuple(found)


class _Wrong(ValueError):
    """A part of the file that is not what it should be."""

    def __init__(self, where: str, value: object) -> None:
        super().__init__(str(value)[:80])
        self.where = where


_LISTS = ("columns", "texts", "contacts", "places", "never")


def _register(name: str, body: Any) -> Register:
    if not isinstance(body, dict):
        raise _Wrong(name, body)
    for word in body:
        if word not in (*_LISTS, "when", "fresh", "lowest_level"):
            raise _Wrong(name, word)
    lists = {word: body.get(word, []) for word in _LISTS}
    for word, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise _Wrong(f"{name}.{word}", value)
    if not lists["columns"] or len(set(lists["columns"])) != len(lists["columns"]):
        raise _Wrong(f"{name}.columns", lists["columns"])
    level = body.get("lowest_level", CERCLE)
    if not isinstance(level, int) or isinstance(level, bool):
        raise _Wrong(f"{name}.lowest_level", level)
    return Register(
        name, when=_when(name, body.get("when", {})), fresh=_fresh(name, body.get("fresh")), lowest_level=level,
        **{word: tuple(value) for word, value in lists.items()},
    )  # fmt: skip


def _when(name: str, said: Any) -> dict[str, tuple[Any, ...]]:
    if not isinstance(said, dict):
        raise _Wrong(f"{name}.when", said)
    return {column: tuple(v) if isinstance(v, list) else (v,) for column, v in said.items()}


def _fresh(name: str, said: Any) -> tuple[str, int] | None:
    if said is None:
        return None
    if not isinstance(said, dict) or set(said) != {"column", "days"}:
        raise _Wrong(f"{name}.fresh", said)
    if not isinstance(said["column"], str) or type(said["days"]) is not int:
        raise _Wrong(f"{name}.fresh", said)
    return said["column"], said["days"]


def _faults(register: Register) -> Iterator[Reason]:
    """What the catalogue and the rules of places have to say against a register."""
    if register.name not in DATASETS:
        yield RegisterReason("registers.unknown_dataset", {"dataset": register.name})
        return
    dataset = DATASETS[register.name]
    at = {"dataset": register.name}
    cited = [*register.columns, *register.texts, *register.contacts, *register.places, *register.never, *register.when]
    cited += [register.fresh[0]] if register.fresh else []
    for column in dict.fromkeys(cited):
        if column not in dataset:
            yield RegisterReason("registers.unknown_column", at | {"column": column})
    known = [c for c in register.columns if c in dataset]
    for column in known:
        if column in register.never:
            yield RegisterReason("registers.never", at | {"column": column})
        elif sensitivity := dataset[column].sensitivity:
            yield RegisterReason("registers.confidential", at | {"column": column, "sensitivity": sensitivity})
        elif is_geometry(column) and register.rule.points == "never":
            yield RegisterReason("registers.geometry", at | {"column": column})
    for column in (*register.texts, *register.contacts):
        if column in dataset and (column not in register.columns or dataset[column].kind != "text"):
            yield RegisterReason("registers.not_a_text", at | {"column": column})
    yield from _freshness_faults(register, dataset)
    yield from _level_faults(register, known)


def _freshness_faults(register: Register, dataset: Dataset) -> Iterator[Reason]:
    if register.fresh is None:
        return
    column, days = register.fresh
    if column in dataset and dataset[column].kind != "date":
        yield RegisterReason("registers.not_a_date", {"dataset": register.name, "column": column})
    if days < 1:
        yield RegisterReason("registers.days", {"dataset": register.name, "value": days})


def _level_faults(register: Register, columns: list[str]) -> Iterator[Reason]:
    allowed = register.rule.lowest
    if register.lowest_level > allowed:
        yield RegisterReason(
            "registers.level",
            {"dataset": register.name, "column": "lowest_level", "level": register.lowest_level, "allowed": allowed},
        )
    for column in columns:
        level = LEVEL_OF_COLUMN.get(column)
        if level is not None and level > min(allowed, register.lowest_level):
            yield RegisterReason(
                "registers.level",
                {"dataset": register.name, "column": column, "level": level, "allowed": register.lowest_level},
            )
