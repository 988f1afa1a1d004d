"""An assessment as it comes in, and everything that can be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from danbe.curate.monitoring.drafts import Problem
from danbe.reference.codelists import codelist

GROUPS = ("women", "men", "girls", "boys")
NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("review",),
    "review": ("validated", "rejected", "draft"),
    "validated": (),
    "rejected": ("draft",),
}
"""Which state may follow which."""

_CODE = "«%(value)s» n’est pas dans la liste %(list)s : choisissez un de ses codes."
_SEVERITY = "La sévérité (%(value)s) va de 1 à 5."
_WHY = "Justifiez la sévérité du risque %(value)s : ce qui a été vu ou entendu, et combien de fois."
_TWICE = "«%(value)s» figure deux fois."
_GROUP = "Groupe inconnu : «%(value)s»."
_REPORT = "Le rapport (%(report)s) est daté avant l’enquête (%(field)s) : corrigez l’une des deux dates."
_FUTURE = "Une date à venir (%(value)s) : l’évaluation a déjà eu lieu."
_METHOD = "Dites comment l’évaluation fut faite : informateurs clés, groupes de discussion ou observations."
_THREAT = "Décrivez la menace du risque %(value)s."


@dataclass(slots=True)
class FindingDraft:
    """See ``Finding``."""

    risk: str
    threat: str
    severity: int
    justification: str
    vulnerability: str = ""
    capacity: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return self.threat, self.vulnerability, self.capacity, self.justification


@dataclass(slots=True)
class AssessmentDraft:
    """``ballots``: for each discussion, the group and its needs (codes), most pressing first."""

    fielded_on: date
    place: str
    reported_on: date | None = None
    informants_women: int = 0
    informants_men: int = 0
    focus_groups: int = 0
    observations: int = 0
    people_affected: int | None = None
    findings: list[FindingDraft] = field(default_factory=list)
    ballots: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    recommendations: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [t for f in self.findings for t in f.texts] + list(self.recommendations)


def problems(draft: AssessmentDraft, today: date) -> Iterator[Problem]:
    """Everything wrong with a draft, but its place and the personal data in its texts."""
    for name in ("fielded_on", "reported_on"):
        day = getattr(draft, name)
        if day is not None and day > today:
            yield Problem(name, _FUTURE, {"value": day.isoformat()})
    if draft.reported_on is not None and draft.reported_on < draft.fielded_on:
        values = {"report": draft.reported_on.isoformat(), "field": draft.fielded_on.isoformat()}
        yield Problem("reported_on", _REPORT, values)
    if not (draft.informants_women + draft.informants_men + draft.focus_groups + draft.observations):
        yield Problem("method", _METHOD)
    seen: set[str] = set()
    for found in draft.findings:
        yield from _finding(found)
        if found.risk in seen:
            yield Problem("risk", _TWICE, {"value": found.risk})
        seen.add(found.risk)
    for group, needs in draft.ballots:
        if group not in GROUPS:
            yield Problem("group", _GROUP, {"value": group})
        for position, need in enumerate(needs):
            if need not in codelist("service_category"):
                yield Problem("need", _CODE, {"value": need, "list": "service_category"})
            if need in needs[:position]:
                yield Problem("need", _TWICE, {"value": need})


def _finding(found: FindingDraft) -> Iterator[Problem]:
    if found.risk not in codelist("paf_risk"):
        yield Problem("risk", _CODE, {"value": found.risk, "list": "paf_risk"})
    if not 1 <= found.severity <= 5:
        yield Problem("severity", _SEVERITY, {"value": str(found.severity)})
    if not found.justification.strip():
        yield Problem("justification", _WHY, {"value": found.risk})
    if not found.threat.strip():
        yield Problem("threat", _THREAT, {"value": found.risk})
