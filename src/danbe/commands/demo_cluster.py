"""The step of ``danbe demo`` for the cluster itself: structure, members, contacts by function, meetings, the law's way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danbe.packs.mli.demo.world import DemoOrganisation
    from danbe.reference.geography import Gazetteer
    from danbe.register.models import Body, Organisation, Place, User


def take_in_cluster(
    user: User, gazetteer: Gazetteer, made: Sequence[DemoOrganisation], organisations: Mapping[str, Organisation],
    seed: int,
) -> dict[str, int]:  # fmt: skip
    """Records what the registers do not hold yet; how many there are of each."""
    from danbe.packs.mli.demo.cluster import LEGAL, demo_members
    from danbe.register.actions.cluster import record_legal_step, record_member
    from danbe.register.models import Body, Contact, LegalStep, Meeting, Membership

    if not Body.objects.exists():
        regions = _regions(gazetteer)
        bodies = _bodies(user, regions)
        for one in made:
            said = demo_members([one], seed)[one.acronym]
            record_member(user, organisations[one.acronym], said, [regions[r] for r in one.regions if r in regions])
        _meetings(user, bodies, list(organisations.values()))
        for step in LEGAL:
            record_legal_step(user, {**step, "public": True})
    return {
        "members": Membership.objects.count(), "bodies": Body.objects.count(), "contacts": Contact.objects.count(),
        "meetings": Meeting.objects.count(), "legal_steps": LegalStep.objects.count(),
    }  # fmt: skip


def _regions(gazetteer: Gazetteer) -> dict[str, Place]:
    """Today's regions by name, with and without accents as the demonstration writes them."""
    from danbe.reference.text import search_key
    from danbe.register.models import Place

    kept = {p.place_id: p for p in Place.objects.filter(level=1)}
    named = {u.name: kept[u.id] for u in gazetteer.units(1) if gazetteer.is_current(u) and u.id in kept}
    return named | {search_key(name).capitalize(): place for name, place in named.items()}


def _bodies(user: User, regions: Mapping[str, Place]) -> dict[str, Body]:
    from danbe.packs.mli.demo.cluster import demo_bodies, demo_contacts
    from danbe.register.actions.cluster import record_body, record_contact

    found: dict[str, Body] = {}
    top: Body | None = None
    for said, region in demo_bodies():
        body = record_body(user, said, top, regions[region] if region else None)
        top = top or body
        found[body.code] = body
        for contact in demo_contacts(body.code):
            record_contact(user, body, contact)
    return found


def _meetings(user: User, bodies: Mapping[str, Body], organisations: Sequence[Organisation]) -> None:
    from django.utils import timezone

    from danbe.packs.mli.demo.cluster import MEETINGS
    from danbe.register.actions.cluster import close_follow_up, hold_meeting

    today = timezone.localdate()
    for days, code, title, agenda, actions in MEETINGS:
        decided = [
            {"what": what, "owner": owner, "deadline": today + timedelta(days=due)} for what, owner, due, _ in actions
        ]
        said = {"held_on": today + timedelta(days=days), "title": title, "agenda": agenda}
        meeting = hold_meeting(user, bodies[code], said, organisations[:5], decided)
        answers = {what: (answer, due) for what, _owner, due, answer in actions if answer}
        for follow_up in meeting.follow_ups.filter(what__in=answers):
            answer, due = answers[follow_up.what]
            close_follow_up(user, follow_up, answer, today + timedelta(days=due))
