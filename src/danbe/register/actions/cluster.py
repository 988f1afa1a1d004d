"""Writes of the cluster itself: bodies, members, contacts by function, meetings, actions to follow up, legal steps.

Nobody is named: every text is looked through for a person's name. Raises ``ClusterRefused`` with every fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from danbe.register.audit import NotAllowed, action, note
from danbe.register.cluster import ClusterRefused, checked
from danbe.register.models import (
    Body,
    Contact,
    FollowUp,
    LegalStep,
    Meeting,
    Membership,
    Organisation,
    Place,
    User,
)
from danbe.register.queries.cluster import may_write_body
from danbe.register.queries.services import known_names

BODY = ("code", "name_fr", "name_en", "kind", "aor", "valid_from", "valid_until", "source")
MEMBERSHIP = ("status", "local", "aors", "public", "valid_from", "valid_until", "source")
CONTACT = ("function_fr", "function_en", "lead", "email", "phone", "visible_to", "valid_from", "valid_until", "source")
MEETING = ("held_on", "title", "agenda", "minutes")
LEGAL = (
    "instrument", "name_fr", "name_en", "stage", "reached_on", "obstacle", "next_step", "evidence", "public",
)  # fmt: skip
FLAGS_KEPT = ("public",)
"""A flag left out is «yes» or «no», never unknown."""


def _checked(of: type[models.Model], said: Mapping[str, Any], fields: Iterable[str], required: Iterable[str]) -> dict[str, Any]:  # fmt: skip
    lengths = {f.name: f.max_length for f in of._meta.fields if f.max_length}
    kept = checked({f: v for f, v in said.items() if f in set(fields)}, required, lengths, known_names())
    return {f: bool(v) if f in FLAGS_KEPT else v for f, v in kept.items()}


def _bound(user: User, body: Body | None) -> None:
    if not may_write_body(user, body):
        raise NotAllowed(f"{user.username} ({user.role}): {body.code if body else 'body'}")


@action("cluster.record_body")
def record_body(user: User, said: Mapping[str, Any], parent: Body | None = None, region: Place | None = None) -> Body:
    """The cluster, or a part of it (``parent``); the body of the same code is replaced, its history kept."""
    kept = _checked(Body, said, BODY, ("code", "name_fr", "kind"))
    body, _new = Body.objects.update_or_create(
        code=kept.pop("code"), defaults={**kept, "parent": parent, "region": region}
    )
    at = body.parent
    while at is not None:
        if at.pk == body.pk:
            raise ClusterRefused([("code", "code", {"value": body.code, "known": "–"})])
        at = at.parent
    return body


@action("cluster.record_member")
def record_member(
    user: User, organisation: Organisation, said: Mapping[str, Any], areas: Sequence[Place] = ()
) -> Membership:
    """An organisation is a member or an observer; what stood of it is replaced, its history kept."""
    return _member(organisation, said, areas)


def _member(organisation: Organisation, said: Mapping[str, Any], areas: Sequence[Place]) -> Membership:
    kept = _checked(Membership, said, MEMBERSHIP, ("status",))
    found, _new = Membership.objects.update_or_create(organisation=organisation, defaults=kept)
    found.areas.set(areas)
    note(organisation=organisation.code)
    return found


@action("cluster.record_contact")
def record_contact(
    user: User, body: Body, said: Mapping[str, Any], organisation: Organisation | None = None,
    contact: Contact | None = None,
) -> Contact:  # fmt: skip
    """A function of a body, or ``contact`` with the fields ``said`` replaced. It can be written to or called."""
    _bound(user, body)
    if contact is not None:
        _bound(user, contact.body)
    before = {f: getattr(contact, f) for f in CONTACT} if contact else {"visible_to": "MEMBRES"}
    kept = _checked(Contact, {**before, **said}, CONTACT, ("function_fr", "visible_to"))
    if not kept.get("email") and not kept.get("phone"):
        raise ClusterRefused([("email", "unreachable", {})])
    found = contact or Contact()
    for field, value in {**kept, "body": body, "organisation": organisation}.items():
        setattr(found, field, value)
    found.save()
    return found


@action("cluster.hold_meeting")
def hold_meeting(
    user: User, body: Body, said: Mapping[str, Any], present: Sequence[Organisation] = (),
    decided: Sequence[Mapping[str, Any]] = (), meeting: Meeting | None = None,
) -> Meeting:  # fmt: skip
    """A meeting with who was present and the actions ``decided`` (``what``, ``owner``, ``deadline``), added to those that stand."""
    _bound(user, body)
    if meeting is not None:
        _bound(user, meeting.body)
    kept = _checked(Meeting, said, MEETING, ("held_on", "title"))
    asked = ("what", "owner", "deadline")
    actions = [_checked(FollowUp, d, asked, asked) for d in decided]
    found = meeting or Meeting()
    for field, value in {**kept, "body": body}.items():
        setattr(found, field, value)
    found.save()
    found.present.set(present)
    for one in actions:
        FollowUp.objects.create(meeting=found, **one)
    note(body=body.code, present=len(present), decided=len(actions))
    return found


@action("cluster.close_follow_up")
def close_follow_up(user: User, follow_up: FollowUp, answer: str, on: date | None = None) -> FollowUp:
    """What was decided is done; ``answer`` says how."""
    _bound(user, follow_up.meeting.body)
    kept = _checked(FollowUp, {"answer": answer, "closed_on": on or timezone.localdate()}, ("answer", "closed_on"), ("answer",))  # fmt: skip
    for field, value in kept.items():
        setattr(follow_up, field, value)
    follow_up.closed_by = user
    follow_up.save()
    return follow_up


@action("cluster.record_legal_step")
def record_legal_step(user: User, said: Mapping[str, Any]) -> LegalStep:
    """An instrument reached a stage, by what evidence; the same stage of it is replaced, its history kept."""
    kept = _checked(LegalStep, said, LEGAL, ("instrument", "name_fr", "stage", "reached_on", "evidence"))
    step, _new = LegalStep.objects.update_or_create(
        instrument=kept.pop("instrument"), stage=kept.pop("stage"), defaults=kept
    )
    return step
