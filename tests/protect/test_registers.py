"""Registers in a release: who is let out, what stays inside, and what refuses the whole release."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.protect.reasons import Refused
from danbe.protect.registers import parse_registers, write_registers
from danbe.publish.release import Release
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.column import Column, Dataset
from tests.publish.world import make_release, make_snapshot

DAY = date(2025, 7, 12)
PLACES = ("2021:ML07", "2021:ML0701", "2021:ML070101")
POINTS = Dataset(
    "points_focaux", "Permanences", "Help desks", "Exemple.", "Example.",
    (
        Column("desk_id", "Identifiant", "Identifier", "text", "#id", "key", required=True),
        Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "dimension"),
        Column("name", "Nom", "Name", "text", "#name"),
        Column("aor", "Domaine", "Area", "code", "#subsector", "dimension", codelist="aor"),
        Column("place", "Lieu", "Place", "text", "#loc", "dimension"),
        Column("hours", "Horaires", "Hours", "text", "#hours"),
        Column("phone", "Téléphone", "Telephone", "text", "#phone"),
        Column("about", "Description", "Description", "text", "#description"),
        Column("women", "Femmes", "Women", "integer", "#f", "count", "personnes"),
        Column("men", "Hommes", "Men", "integer", "#m", "count", "personnes"),
        Column("verified_on", "Vérifié le", "Verified on", "date", "#date"),
        Column("public", "Public", "Public", "boolean", "#public"),
        Column("keeper", "Responsable", "Keeper", "text", "#contact", sensitivity=1),
        Column("latitude", "Latitude", "Latitude", "decimal", "#lat"),
    ),
    key=("desk_id",),
)  # fmt: skip
PLAN = """
[points_focaux]
columns = ["desk_id", "organisation_id", "name", "aor", "place", "hours", "phone", "about", "women", "men", "verified_on"]
when = {public = true}
fresh = {column = "verified_on", days = 180}
texts = ["name", "hours", "about"]
contacts = ["phone"]
never = ["keeper"]
"""
DESK = {
    "desk_id": "d1", "organisation_id": "org-a", "name": "Permanence juridique", "aor": "CP", "place": PLACES[1],
    "hours": "lundi à vendredi", "phone": "+223 20 21 22 23", "about": "Conseil gratuit, sans rendez-vous.",
    "women": 12, "men": 7, "verified_on": DAY - timedelta(30), "public": True, "keeper": "A. Untel", "latitude": 16.27,
}  # fmt: skip


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setitem(DATASETS, POINTS.name, POINTS)


def release_of(tmp_path, *rows, plan=PLAN):
    """A release whose snapshot holds these desks."""
    import tests.publish.world as world

    made = make_snapshot
    world.make_snapshot = lambda root: made(root, points_focaux=list(rows))
    try:
        return Release(make_release(tmp_path, registers=parse_registers(plan)))
    finally:
        world.make_snapshot = made


def rules(refusal):
    return [r.rule for r in refusal.value.reasons]


def test_rows_that_are_public_and_fresh_leave_with_the_columns_of_the_plan(tmp_path):
    release = release_of(tmp_path, DESK, DESK | {"desk_id": "d2", "public": False})
    (row,) = release.register("points_focaux")
    assert row["phone"] == "+223 20 21 22 23" and row["women"] == 12
    assert not {"keeper", "public", "latitude"} & set(row)
    assert release.audit["registers"]["points_focaux"]["kept_inside"] == {"not_public": 1}
    assert "registers/points_focaux.parquet" in release.manifest["files"]
    assert release.organisations["org-a"]["acronym"] == "AAD", "whoever a register names is named"
    assert release.register("nothing_like_it") == []


def test_a_row_not_verified_for_181_days_is_gone(tmp_path):
    desks = [DESK | {"desk_id": f"d{n}", "verified_on": DAY - timedelta(n)} for n in (0, 179, 180, 181, 400)]
    release = release_of(tmp_path, *desks, DESK | {"desk_id": "never", "verified_on": None})
    assert [r["desk_id"] for r in release.register("points_focaux")] == ["d0", "d179", "d180"]
    assert release.audit["registers"]["points_focaux"]["kept_inside"] == {"stale": 2, "never_verified": 1}


def test_a_place_is_said_as_the_unit_the_plan_allows(tmp_path):
    release = release_of(tmp_path, DESK | {"place": PLACES[2]})
    assert [r["place"] for r in release.register("points_focaux")] == [PLACES[1]]
    assert set(release.register_places) >= {PLACES[1], PLACES[0], "2021:ML"}
    assert PLACES[2] not in release.register_places
    assert release.audit["registers"]["points_focaux"]["places_coarsened"] == 1


def test_an_organisation_nobody_verified_stays_inside(tmp_path):
    import tests.publish.world as world

    rows = [
        {"organisation_id": k, "acronym": a, "name": n, "organisation_type": t, "verified": k != "org-a"}
        for k, (a, n, t) in world.ORGANISATIONS.items()
    ]
    snapshot = make_snapshot(tmp_path, points_focaux=[DESK], organisations=rows)
    found = write_registers(snapshot, tmp_path / "out", parse_registers(PLAN), DAY)
    assert found["points_focaux"].kept == {"unverified_organisation": 1}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("about", "Demander Mme Aminata Coulibaly au guichet.", "registers.name"),
        ("phone", "Mme Aminata Coulibaly 20 21 22 23", "registers.name"),
        ("about", "Appeler le +223 76 12 34 56.", "registers.phone"),
        ("hours", "écrire à permanence@exemple.org", "registers.email"),
        ("about", "Au point 16.27165, -0.04472.", "registers.coordinates"),
        ("aor", "INVENTE", "registers.value"),
        ("place", "Gao ville", "registers.place"),
    ],
)
def test_what_could_name_or_locate_a_person_refuses_the_release(tmp_path, column, value, rule):
    with pytest.raises(Refused) as refusal:
        release_of(tmp_path, DESK | {"desk_id": "d9", column: value})
    assert rule in rules(refusal)
    said = refusal.value.text()
    assert "points_focaux" in said and "d9" in said, "where"
    assert "Coulibaly" not in said and "76 12" not in said, "what was found is not repeated"
    assert not list((tmp_path / "releases").iterdir()), "nothing is left behind"


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ("[points_focaux]", "[inconnu]", "registers.unknown_dataset"),
        ('"verified_on"]', '"verified_on", "keeper"]', "registers.never"),
        ('never = ["keeper"]', 'never = ["gardien"]', "registers.unknown_column"),
        ('"verified_on"]\nwhen', '"verified_on", "latitude"]\nwhen', "registers.geometry"),
        ("{public = true}", "{publik = true}", "registers.unknown_column"),
        ('column = "verified_on"', 'column = "name"', "registers.not_a_date"),
        ("days = 180", "days = 0", "registers.days"),
        ('contacts = ["phone"]', 'contacts = ["women"]', "registers.not_a_text"),
        ("when =", "lowest_level = 4\nwhen =", "registers.level"),
        ("when =", "quand =", "registers.shape"),
        ("columns = [", "columns = [[", "registers.unreadable"),
    ],
)
def test_a_faulty_plan_is_refused_with_its_place(was, becomes, rule):
    with pytest.raises(Refused) as refusal:
        parse_registers(PLAN.replace(was, becomes))
    assert rule in rules(refusal)
    assert all(r.text("fr") != r.text("en") for r in refusal.value.reasons)


def test_a_confidential_column_does_not_leave_even_where_nobody_thought_of_never():
    with pytest.raises(Refused) as refusal:
        parse_registers(PLAN.replace('never = ["keeper"]', "").replace('"verified_on"]', '"verified_on", "keeper"]'))
    assert rules(refusal) == ["registers.confidential"]


@given(st.integers(0, 30), st.integers(0, 30))
def test_small_counts_of_persons_go_with_what_would_tell_them(women, men):
    from danbe.protect.registers import _withhold

    (register,) = parse_registers(PLAN)
    row = dict.fromkeys(register.columns) | {"women": women, "men": men}
    _withhold(register, row, 5)
    small = any(0 < n < 5 for n in (women, men))
    assert (row["women"], row["men"]) == ((None, None) if small else (women, men))
    assert row["withheld"] == ("women men" if small else None)


def test_the_plan_of_the_pack_holds():
    from danbe.protect.registers import registers_of

    registers_of("mli")


def test_the_same_rows_are_the_same_release_another_day(tmp_path):
    one = release_of(tmp_path, DESK)
    assert json.loads((one.folder / "audit.json").read_text())["registers"]["points_focaux"]["rows_out"] == 1
