"""Tables of the areas of responsibility: aggregates by region only, good rows kept, the others told."""

from __future__ import annotations

import pytest

from danbe.curate.actions import modules
from danbe.curate.actions.snapshots import make_snapshot
from danbe.curate.models import ModuleRow
from danbe.register.audit import NotAllowed
from danbe.register.models import Role, User

CASES = {"period": "2022-01", "module": "VBG", "admin1_name": "Mopti", "type": "3", "sex": "F", "age_band": "18+", "cases": 40, "served": 31, "providers": 3}  # fmt: skip


@pytest.fixture
def places(administrator):
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")


def test_gbv_comes_by_region_and_never_below(places, administrator):
    done = modules.load(administrator, "aor_aggregates", [CASES, {**CASES, "type": "1", "admin2_name": "Bankass"}])
    assert (done.added, len(done.problems)) == (1, 1)
    assert "par région" in done.problems[0].problem.text("fr")
    assert done.problems[0].problem.text("en").startswith("Aggregates")


def test_a_table_handed_in_again_takes_the_place_of_its_rows(places, administrator):
    modules.load(administrator, "aor_aggregates", [CASES])
    again = modules.load(administrator, "aor_aggregates", [{**CASES, "cases": 44}])
    assert (again.added, again.changed, ModuleRow.objects.get().values["cases"]) == (0, 1, 44)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"type": "9"}, "gbvims_type"),
        ({"period": "janvier"}, "période"),
        ({"served": 50}, "dépasse"),
        ({"module": "ZZZ"}, "aor_module"),
        ({"cases": "beaucoup"}, "nombre"),
        ({"admin1_name": "Atlantide"}, "Lieu"),
        ({"period": ""}, "vide"),
    ],
)
def test_rows_that_cannot_be_true_are_kept_out_and_told(places, administrator, wrong, told):
    done = modules.load(administrator, "aor_aggregates", [{**CASES, **wrong}])
    assert done.added == 0 and any(told in p.problem.text("fr") for p in done.problems)


def test_a_sub_cluster_hands_in_its_own_area_only(places, administrator):
    gbv = User.objects.create_user("vbg@exemple.org", role=Role.SUBCLUSTER, aor="SCVBG")
    assert modules.load(gbv, "aor_aggregates", [CASES]).added == 1
    with pytest.raises(NotAllowed):
        modules.load(gbv, "aor_aggregates", [{**CASES, "module": "MRM", "type": "1"}])
    with pytest.raises(NotAllowed):
        modules.load(gbv, "hlp_disputes", [])


def test_a_module_comes_from_a_file_too(places, administrator, tmp_path):
    path = tmp_path / "ltp.csv"
    path.write_text(
        "Différend;Date;Région;Cercle;Type;Étape;Ménages\nd1;2022-03-04;Mopti;Bankass;OCC;Résolu;4\n", "utf-8"
    )
    done = modules.load(administrator, "hlp_disputes", path)
    assert done.added == 1, [p.problem.text() for p in done.problems]


def test_the_snapshot_and_the_figures_hold_them(places, administrator, settings):
    from danbe.analyse.compute import figure_tables
    from danbe.analyse.snapshot import open_snapshot

    modules.load(administrator, "aor_aggregates", [CASES, {**CASES, "period": "2022-01/2022-03", "module": "MRM", "type": "2", "cases": 7, "served": 0}])  # fmt: skip
    hurt = {
        "accident_id": "a1",
        "event_date": "2022-02-03",
        "admin1_name": "Mopti",
        "admin2_name": "Koro",
        "device": "MIMP",
    }
    modules.load(administrator, "explosive_accidents", [hurt])
    modules.load(administrator, "explosive_victims", [{**hurt, "group_id": "g1", "outcome": "TUE", "casualty_status": "CIV", "victims": 3}])  # fmt: skip
    snapshot = open_snapshot(settings.DATA / "snapshots" / make_snapshot(administrator).snapshot_id)
    tables = figure_tables(snapshot, ["gbv_cases", "grave_violations", "explosive_ordnance"])
    gbv = {(r["period"], r["level"], r["category"]): r["cases"] for r in tables["gbv_cases"].to_pylist()}
    assert gbv[("2022-01", "1", "3")] == gbv[("2022-01", "0", "TOTAL")] == 40
    assert {level for _, level, _ in gbv} == {"0", "1"}, "no GBV below the region"
    grave = {r["period"] for r in tables["grave_violations"].to_pylist()}
    assert grave == {"2022-01/2022-03"}, "a quarter is in no month"
    (accident,) = [r for r in tables["explosive_ordnance"].to_pylist() if r["level"] == "2" and r["category"] == "MIMP" and r["period"] == "2022-02"]  # fmt: skip
    assert (accident["accidents"], accident["killed"], accident["civilian_share"]) == (1, 3, 1.0)
