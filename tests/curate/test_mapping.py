"""Any form becomes incidents by a declaration: read, reviewed, versioned; each submission once."""

from __future__ import annotations

from datetime import date

import pytest

from danbe.collect.models import Form, FormVersion, Submission
from danbe.curate.actions import mapping
from danbe.curate.models import FormMapping, Incident, MappedSubmission, Movement
from danbe.curate.monitoring.mapping import FormRules, MappingRefused
from danbe.curate.queries import mapping as queries
from danbe.packs.mli.forms import FORMS
from danbe.register.audit import NotAllowed
from danbe.register.models import Organisation, Place, Role, User

# A cluster's own Kobo form: other words, other shape, victims in columns.
KOBO = {
    "sources": [
        {
            "table": "incidents",
            "columns": {
                "event_date": {"path": "grp/date_incident"},
                "place": {"names": ["grp/reg", "grp/cer"]},
                "perpetrator": {"path": "auteur", "values": {"bandits": "CRIM"}, "default": "INC"},
                "narrative": {"path": "recit"},
            },
        },
        {"table": "violations", "repeat": "viol", "columns": {"category": {"path": "viol/type", "values": {"vol": "PROP", "meurtre": "VIE"}}}},
        {"table": "victims", "repeat": "viol", "columns": {"victims": {"path": "viol/f_adultes"}, "sex": {"value": "F"}, "age_group": {"value": "18-59"}}},
        {"table": "victims", "repeat": "viol", "columns": {"victims": {"path": "viol/h_18_59", "add": ["viol/h_60"]}, "sex": {"value": "M"}, "killed": {"path": "viol/morts"}}},
        {
            "table": "movements",
            "when": {"path": "deplacement", "is": ["oui"]},
            "columns": {"event_date": {"path": "grp/date_incident"}, "cause": {"value": "ATT"}, "households": {"path": "menages"}, "origin": {"names": ["grp/reg", "grp/cer"]}},
        },
    ]
}  # fmt: skip
ANSWERS = {
    "grp": {"date_incident": "2022-06-14T08:00:00.000+00:00", "reg": "Mopti", "cer": "Bankass"},
    "auteur": "bandits",
    "recit": "Le bétail a été emporté.",
    "viol": [{"type": "vol", "f_adultes": "2", "h_18_59": 3, "h_60": 1}, {"type": "meurtre", "h_18_59": 1, "morts": 1}],
    "deplacement": "oui",
    "menages": "7",
}


@pytest.fixture
def kobo(administrator):
    """A published form with one submission, places of the pack, a coordinator."""
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")
    home = Organisation.objects.create(code="alpha", name="Alpha", search_key="alpha")
    form = Form.objects.create(form_id="suivi", title="Suivi")
    version = FormVersion.objects.create(form=form, version="7", state="published", xform_sha256="", schema={"fields": [{"path": "viol/type", "type": "select_one"}, {"path": "oublie", "type": "string"}]})  # fmt: skip

    def send(name: str, answers: dict = ANSWERS, **more) -> Submission:
        from django.utils import timezone

        return Submission.objects.create(form=form, form_version=version, instance_id=name, raw_sha256=name, answers=answers, organisation=home, received_at=timezone.now(), **{"root_instance_id": name, "review_state": "validated", **more})  # fmt: skip

    coordinator = User.objects.create_user("coordination@exemple.org", role=Role.COORDINATOR)
    return type("Kobo", (), {"form": form, "send": staticmethod(send), "user": coordinator, "home": home})


def confirmed(user, rules=KOBO, form="suivi", version=""):
    return mapping.confirm(user, mapping.declare(user, form, version, rules))


def test_a_clusters_own_form_becomes_incidents_and_movements(kobo):
    kobo.send("uuid:1")
    confirmed(kobo.user)
    done = mapping.apply(kobo.user, "suivi")
    assert (done.read, done.incidents, done.movements, done.refused) == (1, 1, 1, 0), done.problems
    found = Incident.objects.get()
    assert (found.event_date, found.place.name, found.perpetrator, found.verification) == (date(2022, 6, 14), "Bankass", "CRIM", "DOC")  # fmt: skip
    told = {
        v.category: [(g.sex, g.victims, g.killed) for g in v.victims.order_by("pk")] for v in found.violations.all()
    }
    assert told == {"PROP": [("F", 2, 0), ("M", 4, 0)], "VIE": [("M", 1, 1)]}
    assert found.narrative is not None
    moved = Movement.objects.get()
    assert (moved.households, moved.status, moved.incident, moved.imputed) == (7, "CONF", found, False)


def test_a_submission_is_read_once_and_again_when_it_changed(kobo):
    first = kobo.send("uuid:1")
    confirmed(kobo.user)
    mapping.apply(kobo.user, "suivi")
    assert mapping.apply(kobo.user, "suivi").read == 0
    edited = kobo.send("uuid:2", {**ANSWERS, "auteur": "inconnu"}, root_instance_id="uuid:1", deprecated_id="uuid:1")
    first.superseded_by = edited
    first.save()
    done = mapping.apply(kobo.user, "suivi")
    assert (done.read, done.corrected) == (1, 1) or done.refused == 1
    in_force = Incident.objects.filter(withdrawn_at=None)
    assert in_force.count() + done.refused == 1
    assert MappedSubmission.objects.count() == 1


def test_a_review_moves_on_what_was_made(kobo):
    sent = kobo.send("uuid:1", review_state="received")
    confirmed(kobo.user)
    mapping.apply(kobo.user, "suivi")
    assert (Incident.objects.get().verification, Movement.objects.get().status) == ("ENCOURS", "ALERTE")
    sent.review_state = "triangulated"
    sent.save()
    assert mapping.apply(kobo.user, "suivi").moved_on == 1
    assert (Incident.objects.get().verification, Movement.objects.get().status) == ("TRI", "CONF")
    Incident.objects.update(verification="CLOS")
    sent.review_state = "rejected"
    sent.save()
    mapping.apply(kobo.user, "suivi")
    assert Incident.objects.get().verification == "CLOS", "what a person decided here stands"


def test_what_cannot_be_read_is_told_and_nothing_is_guessed(kobo):
    kobo.send("uuid:1", {**ANSWERS, "grp": {**ANSWERS["grp"], "cer": "Nulle part"}})
    kobo.send("uuid:2", {**ANSWERS, "viol": [{"type": "sorcellerie", "f_adultes": 1}]})
    kobo.send("uuid:3", {**ANSWERS, "grp": {**ANSWERS["grp"], "date_incident": "hier"}})
    version = confirmed(kobo.user)
    done = mapping.apply(kobo.user, "suivi")
    assert (done.refused, done.incidents) == (3, 0)
    told = " ".join(done.problems)
    assert "Nulle part" in told and "sorcellerie" in told and "hier" in told
    assert queries.problems(kobo.user, version).count() == 3


def test_versions_of_a_mapping_are_kept_and_one_is_in_force(kobo):
    first = confirmed(kobo.user)
    draft = mapping.declare(kobo.user, "suivi", "", KOBO)
    assert (draft.number, draft.state) == (2, "draft")
    assert mapping.declare(kobo.user, "suivi", "", KOBO).pk == draft.pk, "a draft takes new rules"
    with pytest.raises(MappingRefused):
        mapping.confirm(kobo.user, first)
    mapping.confirm(kobo.user, draft)
    assert [m.state for m in FormMapping.objects.order_by("number")] == ["retired", "confirmed"]
    own = confirmed(kobo.user, version="7")
    assert queries.in_force("suivi", "7") == own
    assert queries.in_force("suivi", "8") == draft


def test_only_coordination_declares_mappings(kobo):
    monitor = User.objects.create_user("m@exemple.org", role=Role.MONITOR, organisation=kobo.home)
    with pytest.raises(NotAllowed):
        mapping.declare(monitor, "suivi", "", KOBO)
    assert not queries.mappings(monitor).exists()


def test_the_review_screen_shows_what_would_be_made_and_what_is_left_out(kobo):
    kobo.send("uuid:1")
    seen = queries.preview(kobo.user, "suivi", KOBO)
    assert seen.rows == {"incidents": 1, "violations": 2, "victims": 4, "movements": 1}
    assert seen.unread == ["oublie"]
    assert "narrative" not in str(seen.sample)
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({}, "sources"),
        ({"sources": [{"table": "personnes", "columns": {}}]}, "table"),
        ({"sources": [{"table": "incidents", "columns": {"nom": {"path": "x"}, "event_date": {"path": "d"}}}]}, "nom"),
        ({"sources": [{"table": "incidents", "columns": {"perpetrator": {"path": "x"}}}]}, "event_date"),
        ({"sources": [{"table": "incidents", "columns": {"event_date": "d"}}]}, "path"),
        ({"sources": [{"table": "victims", "columns": {"victims": {"path": "n"}}}]}, "incidents"),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_the_reason(rules, told):
    with pytest.raises(MappingRefused, match=told):
        FormRules(rules)


def test_the_packs_own_mappings_are_sound():
    for form in FORMS.values():
        if form.rules:
            asked = {q.name for q in form.questions}
            assert {p.split("/")[-1] for p in FormRules(form.rules).paths()} <= asked, form.form_id


def test_a_place_is_looked_up_in_the_division_the_form_speaks(kobo):
    """ML0506 was Douentza in 2015 and is Mopti in 2021: the mapping says which division its codes are of."""
    rules = {"sources": [{"table": "incidents", "columns": {"event_date": {"path": "d"}, "record_type": {"value": "FLASH"}, "place": {"path": "k", "division": "2021"}}}]}  # fmt: skip
    kobo.send("uuid:1", {"d": "2022-01-01", "k": "ML0506"})
    confirmed(kobo.user, rules)
    mapping.apply(kobo.user, "suivi")
    found = Incident.objects.get()
    assert found.place == Place.objects.get(version="2021", code="ML0506")
    assert found.verification == "ENCOURS", "a validated flash alert is a true alert, not yet a documented incident"
