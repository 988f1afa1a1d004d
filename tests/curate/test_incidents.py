"""Incidents: who may record, verify and read what; narratives under lock; likely duplicates decided by a person."""

from __future__ import annotations

import stat
from datetime import date, timedelta

import pytest
from django.utils import timezone

from danbe.curate.actions import duplicates, incidents
from danbe.curate.models import DuplicateProposal, Incident, Narrative
from danbe.curate.monitoring.drafts import DraftRefused, IncidentDraft, ResponseDraft, VictimDraft, ViolationDraft
from danbe.curate.monitoring.narratives import NarrativeLocked, key_path
from danbe.curate.queries import incidents as queries
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Organisation, Place, Role, User

DAY = date(2022, 6, 14)


@pytest.fixture
def field(db):
    """Two regions with a cercle each, two organisations, a person of each role."""
    country = Place.objects.create(place_id="c", version="2021", level=0, name="Pays", search_key="pays")
    made = {}
    for region, cercle in (("r1", "k1"), ("r2", "k2")):
        above = Place.objects.create(place_id=region, version="2021", level=1, name=region, search_key=region, parent=country)  # fmt: skip
        made[region] = above
        made[cercle] = Place.objects.create(place_id=cercle, version="2021", level=2, name=cercle, search_key=cercle, parent=above)  # fmt: skip
    for code, kind in (("alpha", "ONGN"), ("beta", "ONGI"), ("etat", "GOUV")):
        made[code] = Organisation.objects.create(code=code, name=code, search_key=code, organisation_type=kind)
    for name, role, home in (
        ("monitor", Role.MONITOR, "alpha"), ("colleague", Role.MONITOR, "alpha"), ("supervisor", Role.SUPERVISOR, "alpha"),
        ("stranger", Role.SUPERVISOR, "beta"), ("official", Role.SUPERVISOR, "etat"), ("partner", Role.PARTNER, "alpha"),
    ):  # fmt: skip
        made[name] = User.objects.create_user(f"{name}@exemple.org", role=role, organisation=made[home])
    for name, role in (("coordinator", Role.COORDINATOR), ("subcluster", Role.SUBCLUSTER), ("administrator", Role.ADMINISTRATOR)):  # fmt: skip
        made[name] = User.objects.create_user(f"{name}@exemple.org", role=role)
    made["regional"] = User.objects.create_user("regional@exemple.org", role=Role.REGIONAL, region=made["r1"])
    return made


def draft(place: str = "k1", day: date = DAY, *, victims: int = 3, category: str = "PROP", **more) -> IncidentDraft:
    groups = [VictimDraft(victims, "F", "18-59", "PDI")] if victims else []
    return IncidentDraft(day, day + timedelta(days=2), place, violations=[ViolationDraft(category, victims=groups)], **more)  # fmt: skip


def test_an_incident_keeps_its_violations_victims_and_response(field):
    said = draft(responses=[ResponseDraft("SAN", True, "ACC")])
    said.violations.append(ViolationDraft("VIE", "VIE.MEU", victims=[VictimDraft(2, killed=2, unknown=2)]))
    kept = queries.incident(field["monitor"], incidents.record(field["monitor"], said).pk)
    assert (kept.organisation.code, kept.monitor, kept.verification) == ("alpha", field["monitor"], "ENCOURS")
    assert [(v.category, v.risk, [g.victims for g in v.victims.all()]) for v in kept.violations.all()] == [
        ("PROP", "PAF-12", [3]),
        ("VIE", "PAF-02", [2]),
    ]
    assert [r.outcome for r in kept.responses.all()] == ["ACC"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (draft(category="VSLC"), "sous-cluster VBG"),
        (draft(category="XYZ"), "violation_category"),
        (draft(perpetrator="un groupe"), "perpetrator_category"),
        (draft(victims=-1), "négatif"),
        (IncidentDraft(DAY, DAY - timedelta(days=1), "k1", violations=[ViolationDraft("PROP")]), "après son rapport"),
        (draft(day=timezone.localdate() + timedelta(days=9)), "avenir"),
        (IncidentDraft(DAY, DAY, "k1"), "au moins une violation"),
        (IncidentDraft(DAY, DAY, "k1", violations=[ViolationDraft("VIE", victims=[VictimDraft(1, killed=2)])]), "parties"),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused_and_said_in_both_languages(field, wrong, told):
    with pytest.raises(DraftRefused) as refused:
        incidents.record(field["monitor"], wrong)
    assert any(told in p.text("fr") for p in refused.value.problems)
    assert all(p.text("en") != p.text("fr") for p in refused.value.problems)
    assert not Incident.objects.exists()


def test_each_role_sees_what_it_may(field):
    """Field brief §3: a monitor its own, a supervisor its organisation's, a region its rows, State members none."""
    incidents.record(field["monitor"], draft("k1"))
    incidents.record(field["colleague"], draft("k2"))
    expected = {
        "monitor": 1, "supervisor": 2, "stranger": 0, "official": 0, "partner": 0, "coordinator": 2, "subcluster": 0,
        "regional": 1, "administrator": 2,
    }  # fmt: skip
    assert {name: queries.incidents(field[name]).count() for name in expected} == expected


def test_a_supervisor_verifies_its_own_and_no_other(field):
    kept = incidents.record(field["monitor"], draft())
    with pytest.raises(NotAllowed):
        incidents.verify(field["stranger"], kept, "DOC")
    with pytest.raises(NotAllowed):
        incidents.verify(field["monitor"], kept, "DOC")
    done = incidents.verify(field["supervisor"], kept, "DOC")
    assert (done.verification, done.validated_by, done.validated_on) == (
        "DOC",
        field["supervisor"],
        timezone.localdate(),
    )
    with pytest.raises(DraftRefused, match="on ne passe pas"):
        incidents.verify(field["supervisor"], kept, "ALERTE")
    with pytest.raises(DraftRefused, match="pourquoi"):
        incidents.verify(field["supervisor"], kept, "REJ")
    graded = incidents.grade(field["supervisor"], kept, "B", "2")
    assert (graded.source_reliability, graded.information_credibility) == ("B", "2")
    with pytest.raises(DraftRefused):
        incidents.grade(field["supervisor"], kept, "Z", "2")


def test_a_narrative_is_unreadable_in_the_database_and_each_reading_is_logged(field, settings):
    kept = incidents.record(field["monitor"], draft())
    told = "Des hommes armés ont emporté le bétail du hameau."
    incidents.write_narrative(field["monitor"], kept, told)
    stored = bytes(Narrative.objects.get().ciphertext)
    assert b"hommes" not in stored and stored.startswith(b"age-encryption.org")
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    assert incidents.read_narrative(field["coordinator"], kept) == told
    line = ActionLog.objects.latest("pk")
    assert (line.verb, line.user, line.details) == ("incidents.read_narrative", field["coordinator"], {"incident": kept.pk, "there": True})  # fmt: skip
    assert "bétail" not in str(list(ActionLog.objects.values_list("details", flat=True)))
    for name in ("administrator", "regional", "stranger", "official", "partner", "colleague"):
        with pytest.raises(NotAllowed):
            incidents.read_narrative(field[name], kept)


def test_without_its_key_a_narrative_stays_shut(field):
    kept = incidents.record(field["monitor"], draft(narrative="Un troupeau emporté."))
    key = key_path().read_text()
    key_path().unlink()
    with pytest.raises(NarrativeLocked, match="manque"):
        incidents.read_narrative(field["coordinator"], kept)
    key_path().write_text(key)
    assert incidents.read_narrative(field["coordinator"], kept) == "Un troupeau emporté."


def test_a_name_in_a_narrative_is_warned_of_before_it_is_kept(field):
    kept = incidents.record(field["monitor"], draft())
    named = "Le nommé Amadou Traoré, joignable au 76 12 34 56, a été enlevé."
    with pytest.raises(incidents.PersonalData) as warned:
        incidents.write_narrative(field["monitor"], kept, named)
    assert {f.kind for f in warned.value.findings} == {"name", "phone"}
    assert not Narrative.objects.exists()
    incidents.write_narrative(field["monitor"], kept, named, sure=True)
    assert Narrative.objects.get().found == {"name": 1, "phone": 1}
    assert "Traor" not in str(list(ActionLog.objects.values_list("details", flat=True)))
    with pytest.raises(incidents.PersonalData):
        incidents.record(field["monitor"], draft(narrative=named))


def test_likely_duplicates_are_proposed_and_a_person_decides(field):
    first = incidents.record(field["monitor"], draft(victims=12))
    again = incidents.record(field["colleague"], draft(day=DAY + timedelta(days=1), victims=11))
    incidents.record(field["colleague"], draft(day=DAY + timedelta(days=20), victims=12))
    incidents.record(field["colleague"], draft("k2", victims=12))
    places = {"k1": "c1", "k2": "c2"}
    for cercle, code in places.items():
        Place.objects.create(place_id=code, version="2021", level=3, name=code, search_key=code, parent=field[cercle])
    Incident.objects.filter(pk__in=(first.pk, again.pk)).update(place=Place.objects.get(place_id="c1"))
    ActionLog.objects.create(verb="places.load_pack")

    assert duplicates.propose_duplicates(field["supervisor"]) == 1
    assert duplicates.propose_duplicates(field["supervisor"]) == 0, "a pair is proposed once"
    proposal = queries.proposals(field["supervisor"]).get()
    assert {proposal.first_id, proposal.second_id} == {first.pk, again.pk} and proposal.score > 0.8
    with pytest.raises(NotAllowed):
        duplicates.merge(field["stranger"], proposal, first)

    duplicates.merge(field["supervisor"], proposal, first)
    again.refresh_from_db()
    assert (again.verification, again.duplicate_of, Incident.objects.count()) == ("DBL", first, 4), "both are kept"
    with pytest.raises(duplicates.AlreadyDecided):
        duplicates.keep_both(field["supervisor"], proposal)
    duplicates.undo_merge(field["supervisor"], proposal)
    again.refresh_from_db()
    assert (again.verification, again.duplicate_of) == ("ENCOURS", None)
    duplicates.keep_both(field["supervisor"], proposal)
    assert DuplicateProposal.objects.get().state == "distinct"


def test_a_withdrawn_incident_stays_and_leaves_the_figures(field):
    kept = incidents.record(field["monitor"], draft())
    with pytest.raises(DraftRefused):
        incidents.withdraw(field["supervisor"], kept, " ")
    incidents.withdraw(field["supervisor"], kept, "hors du mandat")
    assert not queries.incidents(field["coordinator"]).exists()
    assert queries.incident(field["coordinator"], kept.pk).withdrawn_reason == "hors du mandat"
