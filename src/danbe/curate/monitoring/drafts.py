"""An incident as it comes in, before it is kept: plain values by catalogue name, and what is wrong with them.

No draft has a field for a name. Codes are those of the catalogue's lists; what a list does not know is refused with the
list's name, so that a mapping can be put right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from danbe.reference.catalogue import INCIDENTS, RESPONSES, VICTIMS, VIOLATIONS
from danbe.reference.catalogue.column import Dataset
from danbe.reference.codelists import codelist
from danbe.reference.typology import CURRENT, SEXUAL_VIOLENCE, categories
from danbe.reference.words import translator


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a draft: ``message`` is French source text, filled with ``values``; the same in English."""

    column: str
    message: str
    values: dict[str, str] = field(default_factory=dict)

    def text(self, language: str = "fr") -> str:
        return translator(language)(self.message) % self.values

    def to_json(self) -> dict[str, object]:
        return {"column": self.column, "message": self.message, "values": self.values}


class DraftRefused(ValueError):
    """A draft that cannot be kept; ``problems`` say what to put right."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(p.text() for p in problems))
        self.problems = problems


@dataclass(slots=True)
class VictimDraft:
    """A victim group; see ``VictimGroup``."""

    victims: int
    sex: str = "INC"
    age_group: str = "INC"
    population_status: str = "INC"
    directness: str = "DIR"
    unknown: int = 0
    killed: int = 0
    injured: int = 0
    with_disability: int = 0


@dataclass(slots=True)
class ViolationDraft:
    """A violation with its victim groups."""

    category: str
    subtype: str = ""
    risk: str = ""
    victims: list[VictimDraft] = field(default_factory=list)


@dataclass(slots=True)
class ResponseDraft:
    """A need and what was done."""

    need: str
    consented: bool = False
    outcome: str = ""
    service_id: str = ""
    referred_on: date | None = None
    completed_on: date | None = None


@dataclass(slots=True)
class IncidentDraft:
    """One incident. ``place`` is a place id of any division; ``narrative`` is kept apart, encrypted."""

    event_date: date
    reported_on: date
    place: str | None = None
    record_type: str = "DOC"
    date_precision: str = "JOUR"
    location_type: str = ""
    perpetrator: str = "INC"
    source_type: str = ""
    source_reliability: str = "F"
    information_credibility: str = "6"
    consent: str = ""
    typology: str = CURRENT
    narrative: str = ""
    violations: list[ViolationDraft] = field(default_factory=list)
    responses: list[ResponseDraft] = field(default_factory=list)


_UNKNOWN_CODE = "«%(value)s» n’est pas dans la liste %(list)s : choisissez un de ses codes."
_AFTER = "L’événement (%(event)s) est daté après son rapport (%(report)s) : corrigez l’une des deux dates."
_FUTURE = "La date %(value)s est dans l’avenir : corrigez-la."
_PARTS = "Parmi %(victims)s victimes, %(parts)s ne peuvent être %(what)s : les parties ne dépassent pas le tout."
_SEXUAL = (
    "Les violences sexuelles liées au conflit ne se saisissent pas ici : ne notez rien, orientez la personne vers les "
    "services (circuit du sous-cluster VBG). Seuls des agrégats en sont reçus."
)
_NO_VIOLATION = "Un incident documenté compte au moins une violation ou un mouvement."
_NEGATIVE = "Un effectif n’est pas négatif (%(value)s)."


def problems(draft: IncidentDraft, today: date, *, moved: bool = False) -> list[Problem]:
    """Everything wrong with a draft; an empty list when it may be kept. ``moved``: a movement comes with it."""
    found = list(_codes(INCIDENTS, draft))
    if draft.event_date > draft.reported_on:
        said = {"event": draft.event_date.isoformat(), "report": draft.reported_on.isoformat()}
        found.append(Problem("event_date", _AFTER, said))
    if draft.event_date > today:
        found.append(Problem("event_date", _FUTURE, {"value": draft.event_date.isoformat()}))
    if draft.record_type == "DOC" and not draft.violations and not moved:
        found.append(Problem("violations", _NO_VIOLATION))
    for violation in draft.violations:
        found += _violation(violation, draft.typology)
    for response in draft.responses:
        found += _codes(RESPONSES, response)
    return found


def _violation(draft: ViolationDraft, typology: str) -> Iterator[Problem]:
    if draft.category == SEXUAL_VIOLENCE:
        yield Problem("category", _SEXUAL)
        return
    try:
        listed = categories(typology)
    except KeyError:
        yield Problem("typology", _UNKNOWN_CODE, {"value": typology, "list": "violation_typology"})
        return
    if draft.category not in listed and draft.category != "INC":
        yield Problem("category", _UNKNOWN_CODE, {"value": draft.category, "list": f"violation_category ({typology})"})
    yield from _codes(VIOLATIONS, draft, skip=("category", "typology"))
    for group in draft.victims:
        yield from _codes(VICTIMS, group)
        counts = {n: getattr(group, n) for n in ("victims", "unknown", "killed", "injured", "with_disability")}
        for name, value in counts.items():
            if value < 0:
                yield Problem(name, _NEGATIVE, {"value": str(value)})
        for parts, what in (
            (group.killed + group.injured, "tuées ou blessées"),
            (group.unknown, "de sexe et d’âge inconnus"),
            (group.with_disability, "handicapées"),
        ):
            if parts > group.victims:
                yield Problem("victims", _PARTS, {"victims": str(group.victims), "parts": str(parts), "what": what})


def _codes(dataset: Dataset, draft: object, skip: tuple[str, ...] = ()) -> Iterator[Problem]:
    for column in dataset.columns:
        value = getattr(draft, column.name, "")
        if column.codelist and column.name not in skip and value and value not in codelist(column.codelist):
            yield Problem(column.name, _UNKNOWN_CODE, {"value": str(value), "list": column.codelist})
