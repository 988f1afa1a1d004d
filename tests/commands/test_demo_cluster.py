"""The cluster of the demonstration, taken in through its actions: nobody is named, running again adds nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken_in(administrator):
    from danbe.commands import demo_year
    from danbe.commands.demo_cluster import take_in_cluster
    from danbe.packs.mli import framework_rows
    from danbe.packs.mli.demo import make_world
    from danbe.register.actions.geography import load_pack
    from danbe.register.queries.geography import gazetteer

    load_pack(administrator, "mli")
    places = gazetteer()
    world = make_world(places, framework_rows(), 2025, 8)
    registered = demo_year.register_organisations(administrator, world)
    return lambda: take_in_cluster(administrator, places, world.organisations, registered, 2025)


def test_the_cluster_is_taken_in_once(taken_in):
    from danbe.packs.mli.demo.cluster import BODIES, LEGAL, MEETINGS

    counted = taken_in()
    assert counted == {
        "members": 8, "bodies": len(BODIES), "contacts": 2 * len(BODIES) + 1, "meetings": len(MEETINGS),
        "legal_steps": len(LEGAL),
    }  # fmt: skip
    assert taken_in() == counted


def test_members_have_areas_addresses_reach_nobody_and_some_actions_are_overdue(taken_in, administrator):
    from danbe.register.models import Contact, Membership
    from danbe.register.queries.cluster import follow_ups

    taken_in()
    assert all(m.areas.exists() and "synthétique" in m.source for m in Membership.objects.all())
    assert all(c.email.endswith("@exemple.org") for c in Contact.objects.all())
    assert {f.overdue for f in follow_ups(administrator)} == {True, False}
