"""The register of services on the screen: who writes, who asks, who decides; a request shows what changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from danbe.register.models import Role, Service, ServiceChange, User


@pytest.fixture
def service(world: dict[str, Any]) -> Service:
    from danbe.register.actions.services import record_service
    from danbe.register.models import Place

    said = {"name": "Centre d’écoute", "categories": "PSS GC", "hours": "8h-16h", "focal_phone": "00 00 11 22"}
    return record_service(world["administrator"], said, Place.objects.get(place_id="tst0501"), world["alpha"])


def form(service: Service, **said: Any) -> dict[str, Any]:
    from danbe.register.actions.services import ASKABLE

    held = {n: getattr(service, n) for n in ASKABLE}
    held = {n: "" if v is None else v for n, v in held.items()}
    return held | {"categories": service.categories.split(), "groups": [], "days": [], "languages": []} | said


def test_a_partner_asks_and_the_areas_coordination_decides(alpha: Client, beta: Client, service: Service) -> None:
    assert alpha.get(f"/services/{service.pk}/modifier/").status_code == 200
    assert beta.get(f"/services/{service.pk}/modifier/").status_code == 403
    asked = alpha.post(f"/services/{service.pk}/modifier/", form(service, hours="9h-12h"), follow=True)
    assert "8h-16h" in asked.text and "9h-12h" in asked.text
    service.refresh_from_db()
    assert service.hours == "8h-16h"
    change = ServiceChange.objects.get()
    assert (change.before, change.after) == ({"hours": "8h-16h"}, {"hours": "9h-12h"})
    assert "9h-12h" not in beta.get("/services/demandes/").text
    for aor, status, hours in (("SCPE", 404, "8h-16h"), ("SCVBG", 302, "9h-12h")):
        person = User.objects.create_user(f"{aor}@exemple.org", password="x", role=Role.SUBCLUSTER, aor=aor)
        client = Client()
        client.force_login(person)
        assert client.post(f"/services/demandes/{change.pk}/decider/", {"decision": "oui"}).status_code == status
        service.refresh_from_db()
        assert service.hours == hours


def test_a_point_of_a_safe_space_is_refused_at_each_door(
    world: dict[str, Any], alpha: Client, service: Service
) -> None:
    from django.db import IntegrityError, transaction

    client = Client()
    client.force_login(world["administrator"])
    sent = {
        "region": "Mopti",
        "cercle": "Mopti",
        "name": "Refuge",
        "categories": ["SEC"],
        "latitude": "14.49",
        "longitude": "-4.19",
    }
    refused = client.post("/services/nouveau/", sent)
    assert refused.status_code == 422 and "Un espace sûr n’a pas de coordonnées ici" in refused.text
    asked = alpha.post(
        f"/services/{service.pk}/modifier/", form(service, categories=["FEM"], address="Derrière la mairie")
    )
    assert asked.status_code == 422 and not ServiceChange.objects.exists()
    for fields in ({"longitude": -4.19, "latitude": 14.49}, {"address": "Derrière la mairie"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Service.objects.create(name="Refuge", categories="GC FEM", **fields)
    Service.objects.create(name="Refuge", categories="GC FEM")


def test_nobody_is_named(world: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world["administrator"])
    sent = {
        "region": "Mopti",
        "cercle": "Mopti",
        "name": "Écoute",
        "categories": ["PSS"],
        "conditions": "Demander Mme Aminata Traoré",
    }
    assert "semble nommer une personne" in client.post("/services/nouveau/", sent).text
    assert not Service.objects.exists()


def test_its_own_organisation_verifies_a_service(alpha: Client, beta: Client, service: Service) -> None:
    assert beta.post(f"/services/{service.pk}/verifier/").status_code == 403
    alpha.post(f"/services/{service.pk}/verifier/")
    service.refresh_from_db()
    assert service.verified_on is not None
    assert "00 00 11 22" in beta.get(f"/services/{service.pk}/").text


def test_a_mechanism_is_scored_by_what_it_did(world: dict[str, Any], alpha: Client) -> None:
    from danbe.register.models import Mechanism

    sent = {
        "region": "Mopti",
        "cercle": "Mopti",
        "mechanism_type": "RECOPE",
        "training": ["PE"],
        "alert_channel": "TEL",
        "members_women": "6",
    }
    alpha.post("/services/mecanismes/nouveau/", sent)
    made = Mechanism.objects.get()
    refused = alpha.post(
        f"/services/mecanismes/{made.pk}/trimestre/",
        {"trimestre": "2025-T3", "alerts_raised": "1", "alerts_acted": "2"},
        follow=True,
    )
    assert "Plus d’alertes suivies" in refused.text
    alpha.post(
        f"/services/mecanismes/{made.pk}/trimestre/",
        {"trimestre": "2025-T3", "meetings": "3", "alerts_raised": "4", "alerts_acted": "2"},
    )
    from danbe.register.queries.mechanisms import scored

    assert scored([made])[0].score == 5
    alpha.post(
        f"/services/mecanismes/{made.pk}/trimestre/",
        {"trimestre": "2025-T4", "meetings": "1", "alerts_raised": "4", "alerts_acted": "1"},
    )
    assert scored([made])[0].score == 3


def test_a_pathway_is_drawn_in_order(world: dict[str, Any]) -> None:
    from danbe.register.models import PathwayStep

    client = Client()
    client.force_login(world["administrator"])
    steps = "SAN | Aller au centre de santé | 72\nPSS | Écoute et soutien"
    page = client.post("/services/circuits/", {"besoin": "VIOL", "region": "Mopti", "etapes": steps}, follow=True).text
    assert "Aller au centre de santé" in page
    assert list(PathwayStep.objects.order_by("number").values_list("category", "delay_hours")) == [
        ("SAN", 72),
        ("PSS", None),
    ]
