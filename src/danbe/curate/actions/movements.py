"""Writes of movements: recorded, moved along their chain, withdrawn; and of stocks, which a round replaces whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from danbe.curate.actions._monitoring import From, keep_movements, place_keys
from danbe.curate.actions.incidents import _home
from danbe.curate.models import DisplacementStock, Incident, Movement, MovementStatus
from danbe.curate.monitoring.drafts import DraftRefused, Problem
from danbe.curate.movements.drafts import NEXT, MovementDraft, counted, problems
from danbe.curate.queries import incidents as incident_queries
from danbe.curate.queries import movements as queries
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Organisation, Role, User

_STEP = "De «%(old)s» on ne passe pas à «%(new)s»."
_REASON = "Dites pourquoi : la raison reste avec le mouvement."
_NOBODY = "Avant de confirmer, donnez le nombre de personnes, ou les ménages et la taille documentée d’un ménage."
_PLACE = "Lieu inconnu : «%(value)s»."


@dataclass(frozen=True, slots=True)
class StockRow:
    """One figure of a round: who was present in a place (a place id) on the day it was counted."""

    place: str
    individuals: int
    households: int | None = None
    population_status: str = "PDI"


@action("movements.record")
def record(
    user: User, draft: MovementDraft, organisation: Organisation | None = None, incident: Incident | None = None
) -> Movement:
    """Keeps a movement that a person entered here, as an alert. Raises ``DraftRefused`` with everything wrong."""
    wrong = list(problems(draft))
    if wrong:
        raise DraftRefused(wrong)
    if incident is not None and not incident_queries.incidents(user).filter(pk=incident.pk).exists():
        raise NotAllowed(f"{user.username}: incident {incident.pk}")
    home = _home(user, organisation)
    monitor = user.pk if user.role in (Role.MONITOR, Role.SUPERVISOR) else None
    (made,) = keep_movements(user, [(draft, From(home.pk, monitor))], [incident])
    note(organisation=home.code, imputed=made.imputed)
    return made


@action("movements.advance")
def advance(user: User, movement: Movement, status: str, on: date | None = None, assessment: str = "") -> Movement:
    """Moves a movement one step along its chain (alert → assessment → confirmed → registered, or refuted).

    Raises ``DraftRefused`` for a step the chain does not have, and for a confirmation of a movement of nobody.
    """
    found = _mine(user, movement)
    if status not in NEXT.get(found.status, ()):
        raise DraftRefused([Problem("status", _STEP, {"old": found.status, "new": status})])
    if status == "CONF" and found.individuals is None:
        raise DraftRefused([Problem("individuals", _NOBODY)])
    old, found.status = found.status, status
    if assessment.strip():
        found.assessment = assessment.strip()[:80]
    found.save(update_fields=["status", "assessment"])
    MovementStatus.objects.create(movement=found, status=status, on=on or timezone.localdate(), user=user)
    note(movement=found.pk, old=old, new=status)
    return found


@action("movements.count")
def count(user: User, movement: Movement, *, households: int | None, individuals: int | None, household_size: float | None = None) -> Movement:  # fmt: skip
    """Gives a movement the numbers an assessment found; without individuals they are worked out and flagged.

    Raises ``DraftRefused``.
    """
    found = _mine(user, movement)
    draft = MovementDraft(
        found.event_date, found.reported_on, found.cause, origin="-", households=households, individuals=individuals,
        household_size=household_size,
    )  # fmt: skip
    wrong = list(problems(draft))
    if wrong:
        raise DraftRefused(wrong)
    found.households, found.household_size = households, household_size
    found.individuals, found.imputed = counted(draft)
    found.save(update_fields=["households", "household_size", "individuals", "imputed"])
    note(movement=found.pk, imputed=found.imputed)
    return found


@action("movements.withdraw")
def withdraw(user: User, movement: Movement, reason: str) -> Movement:
    """Takes a movement out of all figures; it stays, with the reason. Raises ``DraftRefused``."""
    found = _mine(user, movement)
    if not reason.strip():
        raise DraftRefused([Problem("reason", _REASON)])
    found.withdrawn_at, found.withdrawn_reason = timezone.now(), reason.strip()[:120]
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    note(movement=found.pk)
    return found


@action("movements.load_stock")
def load_stock(user: User, counted_on: date, source: str, rows: Iterable[StockRow]) -> int:
    """Keeps a round's count of displaced people present, in place of what the same round said before.

    Returns how many figures. Raises ``DraftRefused`` for places that do not exist.
    """
    found = list(rows)
    places = place_keys(r.place for r in found)
    unknown = sorted({r.place for r in found} - set(places))
    if unknown:
        raise DraftRefused([Problem("place", _PLACE, {"value": p}) for p in unknown])
    DisplacementStock.objects.filter(counted_on=counted_on, source=source).delete()
    DisplacementStock.objects.bulk_create(
        [
            DisplacementStock(
                counted_on=counted_on, source=source[:200], place_id=places[r.place], individuals=r.individuals,
                households=r.households, population_status=r.population_status,
            )
            for r in found
        ],
        batch_size=500,
    )  # fmt: skip
    note(counted_on=counted_on.isoformat(), source=source, figures=len(found))
    return len(found)


def _mine(user: User, movement: Movement) -> Movement:
    found = queries.movements(user).order_by().filter(pk=movement.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(f"{user.username}: movement {movement.pk}")
    return found
