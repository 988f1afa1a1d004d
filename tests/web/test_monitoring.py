"""The monitoring screens: what each role sees and may do, narratives asked for by POST, mappings reviewed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from danbe.curate.actions import duplicates, incidents, movements
from danbe.curate.models import DuplicateProposal, FormMapping, Incident, Movement
from danbe.curate.monitoring.drafts import IncidentDraft, VictimDraft, ViolationDraft
from danbe.curate.movements.drafts import MovementDraft
from danbe.register.models import ActionLog, Role, User

DAY = date(2022, 6, 14)


def person(name: str, role: str, organisation: Any = None) -> tuple[User, Client]:
    user = User.objects.create_user(f"{name}@exemple.org", role=role, organisation=organisation)
    client = Client()
    client.force_login(user)
    return user, client


@pytest.fixture
def field(world: dict[str, Any]) -> dict[str, Any]:
    """A monitor and a supervisor of ALPHA, a coordinator; two incidents alike and a movement."""
    monitor, as_monitor = person("moniteur", Role.MONITOR, world["alpha"])
    supervisor, as_supervisor = person("superviseur", Role.SUPERVISOR, world["alpha"])
    _coordinator, as_coordinator = person("coordination", Role.COORDINATOR)
    made = []
    for victims in (12, 11):
        violation = ViolationDraft("PROP", "PROP.BET", victims=[VictimDraft(victims, "F", "18-59", "PDI")])
        made.append(incidents.record(monitor, IncidentDraft(DAY, DAY, "tst0501", violations=[violation])))
    moved = movements.record(monitor, MovementDraft(DAY, DAY, "ATT", "tst0501", "tst0502", households=10))
    return {
        **world, "monitor": as_monitor, "supervisor": as_supervisor, "coordinator": as_coordinator, "incidents": made,
        "movement": moved, "boss": supervisor,
    }  # fmt: skip


def test_the_list_shows_units_apart_and_filters(field: dict[str, Any]) -> None:
    page = field["coordinator"].get("/suivi/incidents/").text
    assert "2 incidents" in page and "Atteintes au droit à la propriété" in page and "14 juin 2022" in page
    assert "1 mouvement" in field["coordinator"].get("/suivi/mouvements/?mois=2022-06").text
    assert "0 incident" in field["coordinator"].get("/suivi/incidents/?etat=DOC").text
    assert "2 incidents" in field["coordinator"].get("/suivi/incidents/?mois=n-importe&etat=??").text
    field["coordinator"].cookies["danbe_langue"] = "en"
    assert "Protection incidents" in field["coordinator"].get("/suivi/incidents/").text


@pytest.mark.parametrize("who", ["alpha_user", "administrator"])
def test_partners_are_kept_out_and_administrators_see_no_narrative(field: dict[str, Any], who: str) -> None:
    client = Client()
    client.force_login(field[who])
    first = field["incidents"][0]
    expected = 403 if who == "alpha_user" else 200
    for address in ("/suivi/incidents/", "/suivi/mouvements/", f"/suivi/incidents/{first.pk}/"):
        assert client.get(address).status_code == expected
    assert client.post(f"/suivi/incidents/{first.pk}/recit/lire/").status_code == 403


def test_a_supervisor_takes_an_incident_to_documented(field: dict[str, Any]) -> None:
    address = f"/suivi/incidents/{field['incidents'][0].pk}/"
    assert "Passer à" not in field["monitor"].get(address).text
    assert field["monitor"].post(address + "verifier/", {"etat": "DOC"}).status_code == 403
    page = field["supervisor"].post(address + "verifier/", {"etat": "REJ"}, follow=True).text
    assert "Dites pourquoi" in page
    field["supervisor"].post(address + "coter/", {"fiabilite": "B", "credibilite": "2"})
    page = field["supervisor"].post(address + "verifier/", {"etat": "DOC"}, follow=True).text
    assert "Documenté" in page and "B2" in page


def test_a_narrative_is_warned_of_kept_and_read_with_a_line_in_the_log(field: dict[str, Any]) -> None:
    address = f"/suivi/incidents/{field['incidents'][0].pk}/recit/"
    warned = field["monitor"].post(address, {"recit": "Le nommé Amadou Traoré a perdu son bétail."})
    assert warned.status_code == 422 and "Amadou Traoré" in warned.text and "no-store" in warned["Cache-Control"]
    field["monitor"].post(address, {"recit": "Un éleveur a perdu son bétail."})
    before = ActionLog.objects.count()
    shown = field["coordinator"].post(address + "lire/")
    assert "Un éleveur a perdu son bétail." in shown.text and "no-store" in shown["Cache-Control"]
    assert ActionLog.objects.count() == before + 1
    assert "éleveur" not in field["coordinator"].get(address.replace("recit/", "")).text, "never without asking"
    assert field["coordinator"].get(address + "lire/").status_code == 405


def test_a_person_decides_on_likely_duplicates(field: dict[str, Any]) -> None:
    first, second = field["incidents"]
    pair = DuplicateProposal.objects.create(first=first, second=second, score=0.93)
    page = field["supervisor"].get("/suivi/doublons/").text
    assert "93 %" in page and "garder le premier" in page
    field["supervisor"].post(f"/suivi/doublons/{pair.pk}/", {"decision": "first"})
    assert Incident.objects.get(pk=second.pk).duplicate_of_id == first.pk
    page = field["supervisor"].post(f"/suivi/doublons/{pair.pk}/", {"decision": "distinct"}, follow=True).text
    assert "décidée entre-temps" in page
    field["supervisor"].post(f"/suivi/doublons/{pair.pk}/", {"decision": "undo"})
    assert Incident.objects.get(pk=second.pk).duplicate_of_id is None
    assert field["monitor"].get("/suivi/doublons/").status_code == 403
    assert duplicates.propose_duplicates(field["boss"]) == 0


def test_a_movement_is_counted_then_confirmed(field: dict[str, Any]) -> None:
    address = f"/suivi/mouvements/{field['movement'].pk}/"
    page = field["supervisor"].post(address + "etape/", {"etat": "CONF"}, follow=True).text
    assert "donnez le nombre de personnes" in page
    assert (
        "Écrivez des nombres" in field["supervisor"].post(address + "effectif/", {"menages": "dix"}, follow=True).text
    )
    field["supervisor"].post(address + "effectif/", {"menages": "10", "personnes": "", "taille": "5,4"})
    page = field["supervisor"].post(address + "etape/", {"etat": "CONF"}, follow=True).text
    assert "Confirmé" in page and "estimées : 5,4 par ménage" in page
    assert Movement.objects.get().individuals == 54


def test_a_mapping_is_declared_reviewed_and_confirmed_on_its_screen(field: dict[str, Any]) -> None:
    from django.utils import timezone

    from danbe.collect.models import Form, FormVersion, Submission

    form = Form.objects.create(form_id="suivi", title="Suivi Kobo")
    schema = {"fields": [{"path": "date_inc", "type": "date", "label": {"": "Quand ?"}}, {"path": "oublie", "type": "string", "label": {}}]}  # fmt: skip
    version = FormVersion.objects.create(form=form, version="1", state="published", xform_sha256="", schema=schema)
    Submission.objects.create(form=form, form_version=version, instance_id="u1", root_instance_id="u1", raw_sha256="", answers={"date_inc": "2022-06-14"}, organisation=field["alpha"], received_at=timezone.now())  # fmt: skip
    client = field["coordinator"]
    assert "Suivi Kobo" in client.get("/suivi/correspondances/").text
    new = f"/suivi/correspondances/formulaire/{form.pk}/"
    assert "Quand ?" in client.get(new).text
    wrong = client.post(new, {"regles": "{"})
    assert wrong.status_code == 422 and "JSON" in wrong.text
    wrong = client.post(new, {"regles": json.dumps({"sources": [{"table": "incidents", "columns": {"nom": {"path": "x"}}}]})})  # fmt: skip
    assert wrong.status_code == 422 and "nom" in wrong.text
    rules = {"sources": [{"table": "incidents", "columns": {"event_date": {"path": "date_inc"}, "record_type": {"value": "FLASH"}}}]}  # fmt: skip
    page = client.post(new, {"regles": json.dumps(rules)}, follow=True).text
    assert "Brouillon n° 1" in page and "Quand ?" in page and "1 incidents" in page and "oublie" in page
    kept = FormMapping.objects.get()
    client.post(f"/suivi/correspondances/{kept.pk}/confirmer/")
    page = client.post(f"/suivi/correspondances/{kept.pk}/lire/", follow=True).text
    assert "1 soumissions lues : 1 incidents" in page
    assert Incident.objects.count() == 3
    assert field["supervisor"].get("/suivi/correspondances/").status_code == 403


def test_the_menu_leads_monitors_there_and_not_partners(field: dict[str, Any], alpha: Client) -> None:
    assert "/suivi/" in field["monitor"].get("/").text
    assert "/suivi/" not in alpha.get("/").text
