"""Movements: their chain of states, what is worked out and flagged, rounds that replace themselves."""

from __future__ import annotations

from datetime import date

import pytest

from danbe.curate.actions import movements
from danbe.curate.models import DisplacementStock
from danbe.curate.monitoring.drafts import DraftRefused
from danbe.curate.movements.drafts import MovementDraft
from danbe.curate.queries import movements as queries
from danbe.register.audit import NotAllowed
from tests.curate.test_incidents import field  # noqa: F401  the people and places of the field

DAY = date(2022, 6, 14)


def draft(**more) -> MovementDraft:
    return MovementDraft(DAY, DAY, "ATT", **{"origin": "k1", "destination": "k2", "households": 10, **more})


def test_a_movement_goes_from_alert_to_registered_step_by_step(field):  # noqa: F811
    kept = movements.record(field["monitor"], draft(individuals=54))
    assert kept.status == "ALERTE"
    for status in ("EVAL", "CONF", "ENR"):
        movements.advance(field["supervisor"], kept, status, assessment="ERP 12" if status == "EVAL" else "")
    found = queries.movement(field["supervisor"], kept.pk)
    assert [s.status for s in found.steps.order_by("pk")] == ["ALERTE", "EVAL", "CONF", "ENR"]
    assert found.assessment == "ERP 12"
    with pytest.raises(DraftRefused, match="on ne passe pas"):
        movements.advance(field["supervisor"], kept, "ALERTE")
    with pytest.raises(NotAllowed):
        movements.advance(field["monitor"], kept, "INF")
    with pytest.raises(NotAllowed):
        movements.advance(field["stranger"], kept, "INF")


def test_people_nobody_counted_come_from_a_documented_size_and_say_so(field):  # noqa: F811
    worked_out = movements.record(field["monitor"], draft(household_size=5.4))
    assert (worked_out.individuals, worked_out.imputed) == (54, True)
    counted = movements.record(field["monitor"], draft(individuals=60, household_size=5.4))
    assert (counted.individuals, counted.imputed) == (60, False)
    unknown = movements.record(field["monitor"], draft())
    assert (unknown.individuals, unknown.imputed) == (None, False)
    movements.advance(field["supervisor"], unknown, "EVAL")
    with pytest.raises(DraftRefused, match="Avant de confirmer"):
        movements.advance(field["supervisor"], unknown, "CONF")
    movements.count(field["supervisor"], unknown, households=12, individuals=None, household_size=5)
    assert movements.advance(field["supervisor"], unknown, "CONF").imputed


@pytest.mark.parametrize(
    "wrong",
    [
        {"individuals": 3},
        {"households": None},
        {"origin": None, "destination": None},
        {"household_size": 90.0},
        {"cause": "PLUIE"},
    ],
)
def test_what_cannot_be_true_is_refused(field, wrong):  # noqa: F811
    with pytest.raises(DraftRefused) as refused:
        movements.record(field["monitor"], MovementDraft(**{**vars_of(draft()), **wrong}))
    assert all(p.text("en") != p.text("fr") for p in refused.value.problems)


def vars_of(said: MovementDraft) -> dict:
    return {name: getattr(said, name) for name in said.__slots__}


def test_a_round_takes_its_own_place_and_no_other(field):  # noqa: F811
    row = movements.StockRow
    movements.load_stock(field["coordinator"], DAY, "DTM", [row("k1", 500), row("k2", 40, 9)])
    movements.load_stock(field["coordinator"], date(2022, 9, 1), "DTM", [row("k1", 700)])
    movements.load_stock(field["coordinator"], DAY, "DTM", [row("k1", 510)])
    found = {(s.counted_on, s.place.place_id): s.individuals for s in DisplacementStock.objects.select_related("place")}
    assert found == {(DAY, "k1"): 510, (date(2022, 9, 1), "k1"): 700}
    with pytest.raises(DraftRefused, match="Lieu inconnu"):
        movements.load_stock(field["coordinator"], DAY, "DTM", [row("ailleurs", 1)])
    with pytest.raises(NotAllowed):
        movements.load_stock(field["regional"], DAY, "DTM", [])
