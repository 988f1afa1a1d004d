"""From the answers of a submission to drafts, through a mapping: values typed by the catalogue, places looked up.

What cannot be read is a problem of the submission, told with the question's column; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from danbe.curate.monitoring import drafts as incident_drafts
from danbe.curate.monitoring.drafts import IncidentDraft, Problem, ResponseDraft, VictimDraft, ViolationDraft
from danbe.curate.monitoring.mapping import PLACES, TABLES, FormRules, Row
from danbe.curate.movements import drafts as movement_drafts
from danbe.curate.movements.drafts import MovementDraft
from danbe.reference.catalogue.column import Column
from danbe.reference.codelists import codelist
from danbe.reference.geography import PlaceMatcher
from danbe.reference.typology import CURRENT

_DATE = "«%(value)s» n’est pas une date (attendu : 2025-03-14)."
_NUMBER = "«%(value)s» n’est pas un nombre."
_CODE = "«%(value)s» n’est pas dans la liste %(list)s : complétez les correspondances du formulaire."
_PLACE = "Lieu non reconnu : «%(value)s» (division %(division)s)."
_UNSURE = "Lieu incertain : «%(value)s» ; donnez son P-code ou confirmez son orthographe."
_NOTHING = "Rien de ce formulaire ne devient un incident ni un mouvement."
_YES = {"yes", "oui", "1", "true", "o", "y"}


@dataclass
class Read:
    """What a submission became."""

    incidents: list[IncidentDraft] = field(default_factory=list)
    movements: list[tuple[MovementDraft, int | None]] = field(default_factory=list)
    """Each with the position of the incident it belongs to, if any."""
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Reader:
    """Reads submissions of one form. ``codes`` is {(division, P-code): place id}; ``today`` bounds dates."""

    rules: FormRules
    codes: Mapping[tuple[str, str], str]
    matcher: PlaceMatcher
    today: date

    def read(self, answers: Mapping[str, Any], reported_on: date) -> Read:
        """``reported_on`` stands where the form does not ask the day of the report."""
        read = Read()
        rows: dict[str, list[tuple[Row, dict[str, Any]]]] = {name: [] for name in TABLES}
        for row in self.rules.rows(answers):
            if (values := self._typed(row, read.problems)) is not None:
                rows[row.table].append((row, values))
        if not read.problems:
            self._assemble(rows, reported_on, read)
        return read

    def _assemble(self, rows: dict[str, list[tuple[Row, dict[str, Any]]]], reported_on: date, read: Read) -> None:
        where: list[Row] = []
        for row, values in rows["incidents"]:
            values.setdefault("typology", CURRENT)
            values.setdefault("reported_on", reported_on)
            draft = _made(IncidentDraft, values)
            violations = self._children(ViolationDraft, rows["violations"], row)
            for child, group in ((r, _made(VictimDraft, v)) for r, v in rows["victims"] if _within(r, row)):
                home = next((v for r, v in reversed(violations) if _within(child, r)), None)
                home = home or (violations[0][1] if violations else None)
                if home is not None:
                    home.victims.append(group)
            draft.violations = [v for _, v in violations]
            draft.responses = [r for _, r in self._children(ResponseDraft, rows["responses"], row)]
            read.incidents.append(draft)
            where.append(row)
        for row, values in rows["movements"]:
            values.setdefault("reported_on", reported_on)
            home_at = next((n for n, i in enumerate(where) if _within(row, i)), None)
            read.movements.append((_made(MovementDraft, values), home_at))
        moved = {n for _, n in read.movements}
        for n, draft in enumerate(read.incidents):
            read.problems += incident_drafts.problems(draft, self.today, moved=n in moved)
        for movement, _ in read.movements:
            read.problems += movement_drafts.problems(movement)
        if not read.incidents and not read.movements:
            read.problems.append(Problem("", _NOTHING))

    @staticmethod
    def _children(kind: Any, rows: list[tuple[Row, dict[str, Any]]], parent: Row) -> list[tuple[Row, Any]]:
        return [(r, _made(kind, v)) for r, v in rows if _within(r, parent)]

    def _typed(self, row: Row, problems: list[Problem]) -> dict[str, Any] | None:
        """The row's values by column; ``None`` for a row that says nothing (no category, nobody, no need)."""
        found: dict[str, Any] = {}
        for name, value in row.values.items():
            if value in (None, "", []):
                continue
            column = TABLES[row.table][name]
            if name in PLACES.get(row.table, ()):
                found[name] = self._place(name, value, problems)
            elif row.table == "violations" and name == "category":
                found[name] = str(value)
            else:
                found[name] = cast(column, value, problems)
        needed = {"violations": "category", "responses": "need", "movements": "cause"}.get(row.table)
        if needed and not found.get(needed):
            return None
        if row.table == "victims" and not found.get("victims"):
            return None
        if row.table == "movements" and found.get("households") is None and found.get("individuals") is None:
            return None
        return {k: v for k, v in found.items() if v is not None}

    def _place(self, name: str, value: Any, problems: list[Problem]) -> str | None:
        if isinstance(value, dict) and "names" in value:
            names = {level: str(n) for level, n in enumerate(value["names"], start=1) if n}
            if not names:
                return None
            match = self.matcher.match(names)
            if match.is_certain and match.is_complete and match.unit is not None:
                return match.unit.id
            problems.append(Problem(name, _UNSURE, {"value": ", ".join(names.values())}))
            return None
        code, division = (value["code"], value["division"]) if isinstance(value, dict) else (str(value), "")
        found = self.codes.get((division, code.upper()))
        if found is None:
            problems.append(Problem(name, _PLACE, {"value": code, "division": division}))
        return found


def _within(row: Row, parent: Row) -> bool:
    """Whether a row of a repeat lies in the row ``parent``; a row of another repeat lies in the whole submission's."""
    nested = row.repeat == parent.repeat or not parent.repeat or row.repeat.startswith(f"{parent.repeat}/")
    return nested and row.at[: len(parent.at)] == parent.at


def _made(kind: Any, values: dict[str, Any]) -> Any:
    known = {f.name for f in fields(kind)}
    return kind(**{k: v for k, v in values.items() if k in known})


def cast(column: Column, value: Any, problems: list[Problem]) -> Any:
    """A value as the catalogue types it; ``None`` and a problem when it is not of that type or list."""
    if isinstance(value, list):
        value = value[0] if value else None
    try:
        if column.kind == "date":
            return date.fromisoformat(str(value)[:10])
        if column.kind == "integer":
            return int(float(value))
        if column.kind == "decimal":
            return float(value)
    except (TypeError, ValueError):
        message = _DATE if column.kind == "date" else _NUMBER
        problems.append(Problem(column.name, message, {"value": str(value)[:60]}))
        return None
    if column.kind == "boolean":
        return value is True or str(value).strip().casefold() in _YES
    if column.codelist:
        code = str(value) if str(value) in codelist(column.codelist) else codelist(column.codelist).find(value)
        if code is None:
            problems.append(Problem(column.name, _CODE, {"value": str(value)[:60], "list": column.codelist}))
        return code
    return str(value)
