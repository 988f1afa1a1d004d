"""A movement as it comes in, and the chain of states it goes through: alert → assessment → confirmed → registered.

A movement may be refuted at any step. What nobody counted may be worked out of households, by a documented size only, and
says so (field brief §1.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from danbe.curate.monitoring.drafts import Problem
from danbe.reference.catalogue import MOVEMENTS
from danbe.reference.codelists import codelist

# Which state may follow which.
NEXT: dict[str, tuple[str, ...]] = {
    "ALERTE": ("EVAL", "CONF", "INF"),
    "EVAL": ("CONF", "INF"),
    "CONF": ("ENR", "INF"),
    "ENR": ("INF",),
    "INF": ("EVAL",),
}
LARGEST_HOUSEHOLD = 30.0


@dataclass(slots=True)
class MovementDraft:
    """One movement. ``household_size``: persons per household, where a source documents it."""

    event_date: date
    reported_on: date
    cause: str
    origin: str | None = None
    destination: str | None = None
    date_precision: str = "JOUR"
    population_status: str = "INC"
    households: int | None = None
    individuals: int | None = None
    household_size: float | None = None
    method: str = ""
    host_type: str = ""
    wave: int | None = None
    status: str = "ALERTE"
    assessment: str = ""


_UNKNOWN_CODE = "«%(value)s» n’est pas dans la liste %(list)s : choisissez un de ses codes."
_FEWER = "%(individuals)s personnes pour %(households)s ménages : un ménage compte au moins une personne."
_NOBODY = "Un mouvement dit combien de ménages ou de personnes se sont déplacés."
_NOWHERE = "Un mouvement dit d’où ou vers où : donnez au moins un lieu."
_SIZE = "La taille d’un ménage (%(value)s) doit être entre 1 et 30 personnes."
_AFTER = "Le mouvement (%(event)s) est daté après son alerte (%(report)s) : corrigez l’une des deux dates."
_NEGATIVE = "Un effectif n’est pas négatif (%(value)s)."


def problems(draft: MovementDraft) -> Iterator[Problem]:
    """Everything wrong with a draft."""
    for column in MOVEMENTS.columns:
        value = getattr(draft, column.name, "")
        if column.codelist and value and value not in codelist(column.codelist):
            yield Problem(column.name, _UNKNOWN_CODE, {"value": str(value), "list": column.codelist})
    if draft.event_date > draft.reported_on:
        said = {"event": draft.event_date.isoformat(), "report": draft.reported_on.isoformat()}
        yield Problem("event_date", _AFTER, said)
    if draft.households is None and draft.individuals is None:
        yield Problem("individuals", _NOBODY)
    if not draft.origin and not draft.destination:
        yield Problem("origin", _NOWHERE)
    for value in (draft.households, draft.individuals):
        if value is not None and value < 0:
            yield Problem("individuals", _NEGATIVE, {"value": str(value)})
            return
    if draft.households and draft.individuals is not None and draft.individuals < draft.households:
        said = {"individuals": str(draft.individuals), "households": str(draft.households)}
        yield Problem("individuals", _FEWER, said)
    if draft.household_size is not None and not 1 <= draft.household_size <= LARGEST_HOUSEHOLD:
        yield Problem("household_size", _SIZE, {"value": str(draft.household_size)})


def counted(draft: MovementDraft) -> tuple[int | None, bool]:
    """(individuals, imputed): as counted, or households × documented size; ``None`` where neither is known."""
    if draft.individuals is not None:
        return draft.individuals, False
    if draft.households is None or draft.household_size is None:
        return None, False
    return round(draft.households * draft.household_size), True
