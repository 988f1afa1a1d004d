"""How the answers of a form become rows: a declaration, not code. Pure; the writes are in ``actions/mapping``.

``{"sources": [{"table": "violations", "repeat": "violations", "columns": {"category": {"path":
"violations/category", "values": {"pillage": "PROP"}}}}]}``. A source makes one row for each row of its repeat ('' is the
submission itself). A column's rule has a ``path`` (or several: the first answered stands), or a constant ``value``;
``values`` turns the form's answers into codes, ``default`` fills what is empty, ``add`` sums further paths. A place is
given by P-codes of a ``division`` (``path`` from the finest up), or by ``names`` (paths of region, cercle, commune).
``when`` (``path``, ``is``) keeps only rows that answered so. ``keep_zero`` keeps a victim group of nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from danbe.reference.catalogue import INCIDENTS, MOVEMENTS, RESPONSES, VICTIMS, VIOLATIONS
from danbe.reference.catalogue.column import Column, Dataset

Rules = Mapping[str, Any]
Answers = Mapping[str, Any]


def _extra(name: str, fr: str, en: str, kind: Any = "text") -> Column:
    return Column(name, fr, en, kind, f"#{name}")


_PLACE = _extra("place", "Lieu", "Place")
# What a source may fill, by table: the catalogue's columns but those Danbe works out, and the few kept elsewhere.
_LEFT_OUT = {
    "incident_id", "violation_id", "group_id", "response_id", "movement_id", "organisation_id", "monitor", "event_month",
    "region", "cercle", "commune", "validated_on", "sex_age", "origin_region", "origin_cercle", "destination_region",
    "destination_cercle", "imputed", "verification",
}  # fmt: skip


def _fillable(dataset: Dataset, without: tuple[str, ...] = (), extra: tuple[Column, ...] = ()) -> dict[str, Column]:
    kept = [c for c in dataset.columns if c.name not in _LEFT_OUT and c.name not in without]
    return {c.name: c for c in (*kept, *extra)}


TABLES: dict[str, dict[str, Column]] = {
    "incidents": _fillable(INCIDENTS, extra=(_PLACE, _extra("narrative", "Récit", "Narrative"))),
    "violations": _fillable(VIOLATIONS, without=("typology", "perpetrator")),
    "victims": _fillable(
        VICTIMS, without=("category",), extra=(Column("unknown", "dont sexe et âge inconnus", "of whom unknown", "integer", "#unknown"),)
    ),
    "responses": _fillable(RESPONSES),
    "movements": _fillable(
        MOVEMENTS,
        extra=(
            _extra("household_size", "Taille documentée d’un ménage", "Documented household size", "decimal"),
            _extra("date_precision", "Précision de la date", "Precision of the date"),
            _extra("assessment", "Évaluation (ERP)", "Assessment"),
        ),
    ),
}  # fmt: skip
PLACES = {"incidents": ("place",), "movements": ("origin", "destination")}
NEEDED = {"incidents": ("event_date",), "violations": ("category",), "victims": ("victims",), "responses": ("need",),
          "movements": ("event_date", "cause")}  # fmt: skip


class MappingRefused(ValueError):
    """Rules that cannot be read; the message names the source and column, and what is allowed."""


@dataclass(frozen=True)
class Row:
    """What a source made of one row of its repeat. ``at`` is where: the positions in the repeats that lead to it."""

    table: str
    at: tuple[int, ...]
    repeat: str
    values: dict[str, Any]


@dataclass(frozen=True)
class FormRules:
    """Rules checked against the catalogue; raises ``MappingRefused`` for what a table does not have."""

    rules: Rules
    sources: tuple[dict[str, Any], ...] = field(init=False)

    def __post_init__(self) -> None:
        sources = self.rules.get("sources")
        if not isinstance(sources, list) or not sources:
            raise MappingRefused("«sources» : une liste d’au moins une table à remplir")
        for number, source in enumerate(sources, start=1):
            _check(number, source)
        if not any(s["table"] in ("incidents", "movements") for s in sources):
            raise MappingRefused("aucune source ne remplit «incidents» ni «movements» : rien n’en serait gardé")
        object.__setattr__(self, "sources", tuple(sources))

    def rows(self, answers: Answers) -> Iterator[Row]:
        """Every row the rules make of a submission's answers, tables in the order of the rules."""
        for source in self.sources:
            for at, chain in _walk(answers, source.get("repeat", "")):
                if _holds(source.get("when"), chain):
                    values = {name: _value(rule, chain) for name, rule in source["columns"].items()}
                    yield Row(source["table"], at, source.get("repeat", ""), values)

    def paths(self) -> set[str]:
        """Every question the rules read."""
        found: set[str] = set()
        for source in self.sources:
            for rule in (*source["columns"].values(), source.get("when") or {}):
                found |= {*_paths(rule.get("path")), *_paths(rule.get("names")), *_paths(rule.get("add"))}
        return found


def _check(number: int, source: Any) -> None:
    where = f"source {number}"
    if not isinstance(source, dict) or source.get("table") not in TABLES:
        raise MappingRefused(f"{where} : «table» doit être une de {', '.join(TABLES)}")
    table, columns = source["table"], source.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise MappingRefused(f"{where} ({table}) : «columns» est vide")
    strange = sorted(set(columns) - set(TABLES[table]))
    if strange:
        raise MappingRefused(f"{where} : {table} n’a pas {', '.join(strange)} ; elle a {', '.join(TABLES[table])}")
    missing = [c for c in NEEDED[table] if c not in columns]
    if missing:
        raise MappingRefused(f"{where} ({table}) : il manque {', '.join(missing)}")
    for name, rule in columns.items():
        if not isinstance(rule, dict) or not {"path", "value", "names"} & set(rule):
            raise MappingRefused(f"{where} ({table}), {name} : donnez «path», «names» ou «value»")


def _paths(said: Any) -> tuple[str, ...]:
    return () if not said else (said,) if isinstance(said, str) else tuple(said)


Chain = tuple[tuple[str, Answers], ...]


def _walk(answers: Answers, repeat: str) -> Iterator[tuple[tuple[int, ...], Chain]]:
    """Each row of a repeat, with the rows it lies in, innermost first."""
    level: list[tuple[tuple[int, ...], Chain]] = [((), (("", answers),))]
    if not repeat:
        yield from level
        return
    steps = repeat.split("/")
    for depth in range(1, len(steps) + 1):
        path = "/".join(steps[:depth])
        deeper: list[tuple[tuple[int, ...], Chain]] = []
        for at, chain in level:
            found = _look(path, chain)
            if isinstance(found, list):
                deeper += [((*at, n), ((path, row), *chain)) for n, row in enumerate(found) if isinstance(row, Mapping)]
            elif isinstance(found, Mapping):
                # A group on the way is no repeat: its questions are reached through the row above; a repeat that
                # some clients send as one object is one row.
                deeper.append((at, chain) if depth < len(steps) else ((*at, 0), ((path, found), *chain)))
        level = deeper
    yield from level


def _look(path: str, chain: Chain) -> Any:
    """The answer at ``path`` (from the submission's root), seen from a row within repeats."""
    for prefix, row in chain:
        if prefix and not path.startswith(f"{prefix}/"):
            continue
        found: Any = row
        for step in path[len(prefix) + 1 if prefix else 0 :].split("/"):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found
    return None


def _holds(when: Mapping[str, Any] | None, chain: Chain) -> bool:
    if not when:
        return True
    answer = _look(when["path"], chain)
    said = answer if isinstance(answer, list) else [answer]
    return any(str(a) in {str(w) for w in when["is"]} for a in said if a is not None)


def _value(rule: Mapping[str, Any], chain: Chain) -> Any:
    if "value" in rule:
        return rule["value"]
    if "names" in rule:
        return {"names": [_look(p, chain) for p in rule["names"]]}
    found = next((a for a in (_look(p, chain) for p in _paths(rule.get("path"))) if a not in (None, "", [])), None)
    if "division" in rule and found is not None:
        return {"code": str(found), "division": rule["division"]}
    if rule.get("add"):
        parts = [found, *(_look(p, chain) for p in _paths(rule["add"]))]
        numbers = [int(p) for p in parts if p not in (None, "")]
        return sum(numbers) if numbers else None
    if found is None:
        return rule.get("default")
    values = rule.get("values")
    if values is None:
        return found
    first = found[0] if isinstance(found, list) else found
    return values.get(str(first), rule.get("default", str(first)))
