"""What is wrong with the rows of a workbook: kept column by column while checking, told in French or English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from danbe.collect.messages import say
from danbe.curate.response.rules import BLOCKING, RULES, RULES_VERSION, Rule
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.words import translator

__all__ = ["BLOCKING", "RULES", "RULES_VERSION", "Issue", "IssueList", "Rule", "message", "what"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One breach of a rule. ``row`` is the sheet's row from 1, ``None`` for the file as a whole; ``column`` the text
    of the header, ``column_number`` its column from 1 (0 for none); ``value`` the cell as text."""

    rule: str
    row: int | None = None
    column: str = ""
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    column_number: int = 0

    @property
    def severity(self) -> str:
        return RULES[self.rule].severity


class IssueList:
    """The issues of one table, by position (data row from 0) and catalogue column; cheap to add to by the thousand."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.positions: list[int] = []
        self.columns: list[str] = []
        self.values: list[Any] = []
        self.params: list[Mapping[str, Any]] = []

    def __len__(self) -> int:
        return len(self.rules)

    def add(self, rule: str, position: int = -1, column: str = "", value: Any = "", **params: Any) -> None:
        """One issue; ``position`` -1 is the whole file."""
        if rule not in RULES:
            raise KeyError(f"no rule {rule!r}")
        self.rules.append(rule)
        self.positions.append(position)
        self.columns.append(column)
        self.values.append(value)
        self.params.append(params)

    def add_many(
        self, rule: str, positions: Iterable[int], column: str = "", values: Iterable[Any] | None = None, **params: Any
    ) -> None:
        """The same rule and parameters at many rows; ``values`` go with ``positions``."""
        found = list(positions)
        if not found:
            return
        if rule not in RULES:
            raise KeyError(f"no rule {rule!r}")
        self.rules += [rule] * len(found)
        self.positions += found
        self.columns += [column] * len(found)
        self.values += [""] * len(found) if values is None else list(values)
        self.params += [params] * len(found)

    def at(self, rules: frozenset[str]) -> set[int]:
        """The positions of rows that breach one of ``rules``."""
        return {p for r, p in zip(self.rules, self.positions, strict=True) if r in rules and p >= 0}

    def blocked(self) -> set[int]:
        """The positions of rows that may not enter."""
        return self.at(BLOCKING)

    def warnings(self) -> dict[int, list[str]]:
        """Position → ids of the warnings the row bears, each once, in the order found."""
        found: dict[int, list[str]] = {}
        for rule, position in zip(self.rules, self.positions, strict=True):
            if position >= 0 and RULES[rule].severity == "warn":
                ids = found.setdefault(position, [])
                if rule not in ids:
                    ids.append(rule)
        return found

    def counts(self) -> dict[str, int]:
        """Rule → how many issues, most severe and most frequent first."""
        order = {"block": 0, "warn": 1, "note": 2}
        counted = Counter(self.rules)
        return dict(sorted(counted.items(), key=lambda item: (order[RULES[item[0]].severity], -item[1], item[0])))

    def rows_by_rule(self) -> dict[str, int]:
        """Rule → how many rows bear it."""
        return dict(Counter(r for r, p in set(zip(self.rules, self.positions, strict=True)) if p >= 0))

    def __iter__(self) -> Iterator[tuple[str, int, str, Any, Mapping[str, Any]]]:
        return zip(self.rules, self.positions, self.columns, self.values, self.params, strict=True)


def message(issue: Issue, sheet: str, language: str = "fr") -> str:
    """Where (sheet, row, column), what (with the value as it stands) and what to do, in one or two sentences."""
    _ = translator(language)
    rule = RULES[issue.rule]
    where = [_("feuille «%(sheet)s»") % {"sheet": sheet}]
    if issue.row is not None:
        where.append(_("ligne %(row)s") % {"row": issue.row})
    if issue.column:
        where.append(_("colonne «%(column)s»") % {"column": " ".join(issue.column.split())})
    place = ", ".join(where)
    told = what(issue, language)
    parts = [f"{place[0].upper()}{place[1:]}{_(' : ')}{told}", rule.remedy(language)]
    return " ".join(p for p in parts if p)


def what(issue: Issue, language: str = "fr") -> str:
    """What is wrong, with the value of the cell where the sentence does not already give it.

    A parameter ``of`` is a column of the catalogue: the sentence shows its label in ``language``."""
    _ = translator(language)
    rule = RULES[issue.rule]
    params = {"value": issue.value, **issue.params}
    if "of" in params:
        params["label"] = ACTIVITIES[params["of"]].label(language)
    if "note" in params:  # what the reader of workbooks says, in its own words
        params["told"] = say(params["note"], language, **params["values"])
    told = rule.text(language) % params
    if issue.value and issue.value not in told:
        told = f"{told.rstrip('.')} ({_('valeur : «%(value)s»') % {'value': short(issue.value)}})."
    return told


def short(value: str, limit: int = 120) -> str:
    """A value short enough for a message."""
    return value if len(value) <= limit else value[: limit - 1] + "…"
