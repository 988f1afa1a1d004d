"""The response thread: an assessment from alert to closure, who may do what, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from danbe.curate.actions import assessments, incidents, movements
from danbe.curate.assessments.delays import Share
from danbe.curate.assessments.drafts import AssessmentDraft, FindingDraft
from danbe.curate.models import Activity, Assessment
from danbe.curate.monitoring.drafts import DraftRefused, IncidentDraft, ViolationDraft
from danbe.curate.movements.drafts import MovementDraft
from danbe.curate.queries import assessments as queries
from danbe.reference.codelists import codelist
from danbe.register.audit import NotAllowed
from tests.curate.test_incidents import field  # noqa: F401  the people and places of the field

DAY = date(2022, 6, 14)


def finding(**more) -> FindingDraft:
    said = {"risk": "PAF-15", "threat": "départs forcés après des menaces", "severity": 4}
    return FindingDraft(**{**said, "justification": "dit par sept groupes sur huit", **more})


def draft(**more) -> AssessmentDraft:
    said = {
        "fielded_on": DAY + timedelta(days=2), "place": "k1", "reported_on": DAY + timedelta(days=9),
        "informants_women": 4, "informants_men": 3, "people_affected": 540, "findings": [finding()],
        "recommendations": ["ouvrir un point d’eau près du site"],
    }  # fmt: skip
    return AssessmentDraft(**{**said, **more})


@pytest.fixture
def needs() -> list[str]:
    return [i.code for i in codelist("service_category").items][:2]


@pytest.fixture
def kept(field, needs):  # noqa: F811
    first, second = needs
    ballots = [("women", [first, second]), ("women", [second, first]), ("women", [second]), ("boys", [first])]
    return assessments.record(field["monitor"], draft(ballots=ballots))


@pytest.fixture
def validated(field, kept):  # noqa: F811
    moved = movements.record(field["monitor"], MovementDraft(DAY, DAY, "ATT", "k1", "k2", households=10))
    assessments.link(field["monitor"], kept, movement=moved)
    assessments.submit(field["monitor"], kept)
    return assessments.review(field["supervisor"], kept, "validated")


def test_a_thread_goes_from_alert_to_closure_with_its_delays(field, validated):  # noqa: F811
    """Alert on the 14th, in the field on the 16th (2 days), reported on the 23rd (9 days: later than seven)."""
    (recommended,) = validated.recommendations.all()
    limit = DAY + timedelta(days=40)
    made = assessments.act(field["supervisor"], recommended, field["alpha"], limit, agreed_on=DAY + timedelta(days=10))
    today = limit + timedelta(days=3)
    assert list(queries.overdue(field["partner"], today)) == [made]
    assert not queries.overdue(field["stranger"], today)
    with pytest.raises(DraftRefused, match="restent à faire"):
        assessments.close(field["supervisor"], validated, "Un point d’eau fonctionne.")
    assessments.do(field["partner"], made, limit)
    closed = assessments.close(field["supervisor"], validated, "Un point d’eau fonctionne.")
    with pytest.raises(DraftRefused, match="ne change plus"):
        assessments.link(field["supervisor"], closed)
    found = queries.delays_of(queries.assessment(field["monitor"], closed.pk))
    assert (found.alert_to_field, found.field_to_report, found.alert_to_report) == (2, 7, 9)
    assert found.alert_to_closure == (timezone.localdate() - DAY).days
    assert queries.figures(field["coordinator"], today) == {
        "fielded": Share(1, 1),
        "reported": Share(0, 1),
        "closed": Share(1, 1),
    }


def test_needs_are_ranked_by_group(field, kept, needs):  # noqa: F811
    """Women: the first need 2 + 1 + 0 = 3 points, the second 1 + 2 + 2 = 5. Boys: one need, one point."""
    first, second = needs
    found = queries.ranked(queries.assessment(field["monitor"], kept.pk))
    assert [(r.need, r.points) for r in found["women"]] == [(second, 5), (first, 3)]
    assert [(r.need, r.points) for r in found["boys"]] == [(first, 1)]
    assert found["girls"] == []


def test_alerts_without_assessment_are_proposed_by_place_and_date(field, kept):  # noqa: F811
    flash = incidents.record(
        field["monitor"], IncidentDraft(DAY, DAY, "k1", record_type="FLASH", violations=[ViolationDraft("PROP")])
    )
    movements.record(field["monitor"], MovementDraft(DAY, DAY, "ATT", "k2", None, households=3))
    alone, moved = queries.alerts_without(field["supervisor"])
    assert (list(alone), len(moved)) == ([flash], 1)
    near, none = queries.proposals(field["supervisor"], kept)
    assert (list(near), list(none)) == ([flash], [])
    assessments.link(field["monitor"], kept, incident=flash)
    assert not queries.alerts_without(field["supervisor"])[0]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"findings": [finding(severity=6)]}, "1 à 5"),
        ({"findings": [finding(justification=" ")]}, "Justifiez"),
        ({"findings": [finding(), finding()]}, "deux fois"),
        ({"findings": [finding(risk="PAF-99")]}, "paf_risk"),
        ({"findings": [finding(threat="appeler le 76 12 34 56")]}, "peut désigner"),
        ({"recommendations": ["écrire à quelqu.un@exemple.org"]}, "peut désigner"),
        ({"ballots": [("elders", [])]}, "Groupe inconnu"),
        ({"ballots": [("women", ["XXX"])]}, "service_category"),
        ({"informants_women": 0, "informants_men": 0}, "comment l’évaluation"),
        ({"reported_on": DAY}, "avant l’enquête"),
        ({"place": "k9"}, "Lieu inconnu"),
        ({"fielded_on": date(2100, 1, 1), "reported_on": None}, "à venir"),
    ],
)
def test_what_cannot_be_true_is_refused_in_both_languages(field, wrong, told):  # noqa: F811
    with pytest.raises(DraftRefused, match=told) as refused:
        assessments.record(field["monitor"], draft(**wrong))
    assert all(p.text("en") != p.text("fr") for p in refused.value.problems)
    assert not Assessment.objects.exists()


def test_each_does_what_is_theirs(field, kept):  # noqa: F811
    with pytest.raises(NotAllowed):
        assessments.record(field["partner"], draft())
    with pytest.raises(NotAllowed):
        assessments.submit(field["colleague"], kept)
    with pytest.raises(DraftRefused, match="on ne passe pas"):
        assessments.review(field["supervisor"], kept, "validated")
    assessments.submit(field["monitor"], kept)
    with pytest.raises(NotAllowed):
        assessments.review(field["monitor"], kept, "validated")
    with pytest.raises(NotAllowed):
        assessments.review(field["stranger"], kept, "validated")
    with pytest.raises(DraftRefused, match="rejetée"):
        assessments.review(field["regional"], kept, "rejected", " ")
    (recommended,) = kept.recommendations.all()
    with pytest.raises(DraftRefused, match="validée"):
        assessments.act(field["supervisor"], recommended, field["beta"], DAY)
    assert [len(queries.assessments(field[u])) for u in ("coordinator", "regional", "official", "partner")] == [
        1,
        1,
        0,
        0,
    ]


def test_an_action_ends_once_by_its_own_rows_and_not_in_the_future(field, validated):  # noqa: F811
    (recommended,) = validated.recommendations.all()
    with pytest.raises(DraftRefused, match="précède l’accord"):
        assessments.act(field["supervisor"], recommended, field["alpha"], DAY)
    made = assessments.act(field["supervisor"], recommended, field["alpha"], DAY, agreed_on=DAY)
    with pytest.raises(DraftRefused, match="avenir"):
        assessments.do(field["partner"], made, timezone.localdate() + timedelta(days=1))
    with pytest.raises(DraftRefused, match="autre organisation"):
        assessments.do(field["partner"], made, DAY, [Activity(pk=7, organisation=field["beta"])])
    with pytest.raises(NotAllowed):
        assessments.do(field["stranger"], made, DAY)
    assessments.do(field["partner"], made, DAY)
    with pytest.raises(DraftRefused, match="déjà terminée"):
        assessments.do(field["partner"], made, timezone.localdate())
