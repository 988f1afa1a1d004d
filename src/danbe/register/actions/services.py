"""Writes of services: recorded, verified, closed; changes asked by partners and decided; referral pathways drawn up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from danbe.reference.codelists import codelist
from danbe.reference.services import GENERAL, areas_of
from danbe.reference.text import search_key
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import (
    Organisation,
    PathwayStep,
    Place,
    ReferralPathway,
    Role,
    Service,
    ServiceChange,
    User,
)
from danbe.register.queries.services import known_names, may_write, within
from danbe.register.services import FieldsRefused, Problem, checked

ASKABLE = (
    "name", "categories", "address", "groups", "age_min", "age_max", "days", "hours", "always_open", "capacity_month",
    "staff_women", "staff_men", "cost", "languages", "disability_access", "conditions", "rape_care_72h", "confidentiality",
    "public_phone", "focal_function", "focal_phone", "backup_function", "backup_phone", "sop_signed", "valid_until",
)  # fmt: skip
"""What a partner may ask to change. Place, organisation and point are settled by the coordination."""
FIELDS = (*ASKABLE, "longitude", "latitude", "public", "closed_on", "source", "source_ref", "remarks")
_LENGTHS = {f.name: f.max_length for f in Service._meta.fields if f.max_length}


@action("services.record")
def record_service(
    user: User, said: Mapping[str, Any], place: Place | None, organisation: Organisation | None = None,
    service: Service | None = None,
) -> Service:  # fmt: skip
    """A new service, or ``service`` with the fields ``said`` replaced. Raises ``FieldsRefused``."""
    return _keep(user, said, place, organisation, service)


def _keep(
    user: User, said: Mapping[str, Any], place: Place | None, organisation: Organisation | None,
    service: Service | None, names: frozenset[str] | None = None,
) -> Service:  # fmt: skip
    before = {f: getattr(service, f) for f in FIELDS} if service else {}
    kept = checked(
        {**before, **{f: v for f, v in said.items() if f in FIELDS}},
        _LENGTHS,
        known_names() if names is None else names,
    )
    missing = [Problem(f, "missing") for f in ("name", "categories") if not kept.get(f)]
    if missing:
        raise FieldsRefused(missing)
    if place is None and service is None and not kept.get("source_ref"):
        raise FieldsRefused([Problem("place", "place")])
    kept["search_key"] = search_key(kept["name"])[:200]
    found = service or Service()
    for field, value in kept.items():
        setattr(found, field, value)
    found.place = place or found.place
    found.organisation = organisation or found.organisation
    _bound(user, found)
    found.save()
    note(fields=sorted(k for k, v in kept.items() if k not in before or before[k] != v))
    return found


def _bound(user: User, service: Service) -> None:
    """A coordinator of a sub-cluster writes services of its area, a regional one those of its region, and so on."""
    if not may_write(user, service):
        raise NotAllowed(f"{user.username} ({user.role}): service {service.pk}")


@action("services.verify")
def verify_service(user: User, service: Service, on: date | None = None) -> Service:
    """The service was found as the register says it, on that day. Its own organisation may say so, or who looks after it.

    Raises ``FieldsRefused`` for a day to come, or earlier than the last verification.
    """
    own = user.organisation_id is not None and user.organisation_id == service.organisation_id
    if not own:
        _bound(user, service)
    return _verified(user, service, on or timezone.localdate())


def _verified(user: User, service: Service, said: Any) -> Service:
    day = checked({"verified_on": said}, {}, frozenset())["verified_on"]
    service.verified_on = max(day, service.verified_on) if service.verified_on else day
    service.verified_by = user
    service.save()
    return service


@action("services.close")
def close_service(user: User, service: Service, on: date | None = None) -> Service:
    """The service is no longer given: nobody is sent there any more."""
    _bound(user, service)
    service.closed_on = on or timezone.localdate()
    service.save()
    return service


@action("services.ask_change")
def ask_change(
    user: User, service: Service | None, said: Mapping[str, Any], place: Place | None = None
) -> ServiceChange:
    """Asks to change a service of one's own organisation, or to add one (``service`` None, ``place`` given).

    The request is checked as the service would be: coordinates and names are refused here already. Raises
    ``FieldsRefused``, also when nothing differs.
    """
    if user.organisation_id is None or (service and service.organisation_id != user.organisation_id):
        raise NotAllowed(f"{user.username}: change of a service of another organisation")
    if service is None and place is None:
        raise FieldsRefused([Problem("place", "place")])
    before = {f: getattr(service, f) for f in ASKABLE} if service else {}
    kept = checked({**before, **{f: v for f, v in said.items() if f in ASKABLE}}, _LENGTHS, known_names())
    differs = {f: v for f, v in kept.items() if f not in before or before[f] != v}
    if service is None:
        differs = {f: v for f, v in differs.items() if v not in (None, "")}
        missing = [Problem(f, "missing") for f in ("name", "categories") if not differs.get(f)]
        if missing:
            raise FieldsRefused(missing)
    if not differs:
        raise FieldsRefused([Problem("name", "missing")])
    after = {f: _plain(v) for f, v in differs.items()}
    if service is None and place is not None:
        after["place"] = place.place_id
    note(fields=sorted(differs))
    return ServiceChange.objects.create(
        service=service, organisation_id=user.organisation_id, asked_by=user,
        before={f: _plain(before[f]) for f in differs if f in before}, after=after,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@action("services.decide_change")
def decide_change(user: User, change: ServiceChange, approve: bool, reason: str = "") -> ServiceChange:
    """Approves or refuses a request; the area's coordination decides. An approved one is the service's state at once.

    A refusal gives its reason. Raises ``FieldsRefused``, ``NotAllowed``.
    """
    said = dict(change.after)
    place = Place.objects.filter(place_id=said.pop("place", "")).first()
    if place is None and change.service is not None:
        place = change.service.place
    probe = change.service or Service(categories=said.get("categories", ""), place=place)
    _bound(user, probe)
    if change.state != ServiceChange.State.ASKED:
        raise FieldsRefused([Problem("state", "missing")])
    if not approve and not reason.strip():
        raise FieldsRefused([Problem("reason", "missing")])
    if approve:
        change.service = _keep(user, said, place, change.organisation, change.service)
    change.state = ServiceChange.State.APPROVED if approve else ServiceChange.State.REFUSED
    change.reason = reason.strip()[:300]
    change.decided_by, change.decided_at = user, timezone.now()
    change.save()
    return change


@action("services.draw_pathway")
def draw_pathway(
    user: User, need: str, zone: Place, steps: Sequence[Mapping[str, Any]], verified_on: date | None = None,
    public: bool = True,
) -> ReferralPathway:  # fmt: skip
    """The pathway of a need in a zone, its steps in order (``what_fr``, ``what_en``, ``category``, ``delay_hours``,
    ``service``); it replaces the one that stood. Raises ``FieldsRefused``."""
    if need not in codelist("protection_need"):
        raise FieldsRefused([Problem("need", "code", (("value", need), ("known", "protection_need")))])
    if not steps:
        raise FieldsRefused([Problem("steps", "missing")])
    if user.role == Role.SUBCLUSTER and not any(
        user.aor in areas_of(s.get("category") or "") | {GENERAL} for s in steps
    ):
        raise NotAllowed(f"{user.username}: pathway of another area")
    if user.role == Role.REGIONAL and not (user.region_id and within(zone, user.region_id)):
        raise NotAllowed(f"{user.username}: pathway of another region")
    lengths, names = {"what_fr": 300, "what_en": 300}, known_names()
    made = [(checked({k: s.get(k) for k in ("what_fr", "what_en", "delay_hours")}, lengths, names), s) for s in steps]
    if any(not kept["what_fr"] for kept, _ in made):
        raise FieldsRefused([Problem("what_fr", "missing")])
    day = verified_on or timezone.localdate()
    pathway, _new = ReferralPathway.objects.update_or_create(
        need=need, zone=zone, defaults={"verified_on": day, "verified_by": user, "public": public}
    )
    pathway.steps.all().delete()
    for number, (kept, step) in enumerate(made, start=1):
        PathwayStep.objects.create(
            pathway=pathway, number=number, category=step.get("category") or "", service=step.get("service"), **kept
        )
    note(need=need, zone=zone.place_id, steps=len(made))
    return pathway
