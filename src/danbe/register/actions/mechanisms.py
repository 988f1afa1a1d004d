"""Writes of community mechanisms: recorded, what they did in a quarter, closed. Counts only; no member has a name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Mechanism, MechanismQuarter, Organisation, Place, Role, User
from danbe.register.queries.services import known_names, within
from danbe.register.services import FieldsRefused, Problem, checked

FIELDS = (
    "mechanism_type", "label", "started_year", "members_women", "members_men", "members_young", "members_disability",
    "members_displaced", "training", "trained_on", "alert_channel", "gaps", "public",
)  # fmt: skip
_LENGTHS = {f.name: f.max_length for f in Mechanism._meta.fields if f.max_length}
_QUARTER = re.compile(r"20\d\d-T[1-4]")


def _bound(user: User, place: Place, initiator: Organisation | None) -> None:
    """A partner writes the mechanisms its organisation set up, a regional coordinator those of its region."""
    if user.role in Role.of_an_organisation() and (initiator is None or initiator.pk != user.organisation_id):
        raise NotAllowed(f"{user.username}: mechanism of another organisation")
    if user.role == Role.REGIONAL and not (user.region_id and within(place, user.region_id)):
        raise NotAllowed(f"{user.username}: mechanism of another region")


@action("mechanisms.record")
def record_mechanism(
    user: User, said: Mapping[str, Any], place: Place | None, initiator: Organisation | None = None,
    mechanism: Mechanism | None = None,
) -> Mechanism:  # fmt: skip
    """A new mechanism, or ``mechanism`` with the fields ``said`` replaced. Raises ``FieldsRefused``."""
    where = place or (mechanism.place if mechanism else None)
    if where is None:
        raise FieldsRefused([Problem("place", "place")])
    _bound(user, where, initiator or (mechanism.initiator if mechanism else None))
    before = {f: getattr(mechanism, f) for f in FIELDS} if mechanism else {}
    kept = checked({**before, **{f: v for f, v in said.items() if f in FIELDS}}, _LENGTHS, known_names())
    if not kept.get("mechanism_type"):
        raise FieldsRefused([Problem("mechanism_type", "missing")])
    found = mechanism or Mechanism()
    for field, value in kept.items():
        setattr(found, field, value)
    found.place = where
    found.initiator = initiator or found.initiator
    found.save()
    note(fields=sorted(k for k, v in kept.items() if k not in before or before[k] != v))
    return found


@action("mechanisms.report")
def report_quarter(user: User, mechanism: Mechanism, quarter: str, said: Mapping[str, Any]) -> MechanismQuarter:
    """What a mechanism did in a quarter («2025-T3»): ``meetings``, ``alerts_raised``, ``alerts_acted``; the last word holds.

    Raises ``FieldsRefused``: no quarter, no number, more alerts acted on than raised.
    """
    _bound(user, mechanism.place, mechanism.initiator)
    if not _QUARTER.fullmatch(quarter):
        raise FieldsRefused([Problem("quarter", "quarter", (("value", quarter[:20]),))])
    kept = checked({k: said.get(k) for k in ("meetings", "alerts_raised", "alerts_acted")}, {}, frozenset())
    found, _ = MechanismQuarter.objects.update_or_create(mechanism=mechanism, quarter=quarter, defaults=kept)
    note(quarter=quarter)
    return found


@action("mechanisms.close")
def close_mechanism(user: User, mechanism: Mechanism, on: date | None = None) -> Mechanism:
    """The mechanism no longer exists."""
    _bound(user, mechanism.place, mechanism.initiator)
    mechanism.closed_on = on or timezone.localdate()
    mechanism.save()
    return mechanism
