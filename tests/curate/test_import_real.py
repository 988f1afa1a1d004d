"""The import on the real workbooks: counts known from elsewhere, worked out again here in plain Python."""

from collections import Counter, defaultdict

import pytest

from danbe.analyse.compute import figure_tables
from danbe.analyse.snapshot import open_snapshot
from danbe.curate.actions.snapshots import make_snapshot
from danbe.curate.models import Activity
from danbe.curate.queries.response import first_issues
from danbe.curate.queries.snapshots import folder
from danbe.reference.text import search_key
from tests.curate.workbooks import take_in

ALL = {"organisations", "places", "indicators"}


@pytest.fixture
def user(administrator, real_data):
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")
    return administrator


def plain_rows(path, sheet):
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


@pytest.mark.real
def test_mali_presence_is_that_of_plain_python(user, real_data):
    from danbe.curate.actions.response import undo

    path = real_data / "workbooks" / "mli_5w_2022-03.xlsx"
    batch = take_in(user, path, register={"organisations"})
    result = batch.result
    assert (result["rows_read"], result["added"], result["rows_blocked"]) == (22805, 22805, 0)
    assert result["months"] == {"2022-03": 22805}
    assert len(result["organisations"]) == 159 and result["registered"]["organisations"] == 156

    expected = defaultdict(set)
    codes = defaultdict(Counter)
    for organisation, _code1, _region, code2, cercle in plain_rows(path, "ML_5W")[2:]:
        expected[search_key(cercle)].add(organisation.strip().casefold())
        codes[search_key(cercle)][code2] += 1
    found = defaultdict(set)
    spelt = defaultdict(set)
    for values, code, place in Activity.objects.values_list("values", "organisation__code", "place__place_id"):
        found[place].add(code)
        spelt[place].add(search_key(values["admin2_name"]))
    counts = Counter()
    for place, keys in spelt.items():
        merged = set().union(*(expected[k] for k in keys))
        counts["equal" if len(found[place]) == len(merged) else "different"] += 1
    assert counts["different"] == 0 and counts["equal"] >= 50

    # Within a cercle's name, a code other than the usual one is wrong: each such row bears a remark.
    odd = sum(sum(c.values()) - c.most_common(1)[0][1] for c in codes.values())
    assert result["issue_rows"]["place_code_mismatch"] >= odd > 0

    again = take_in(user, path, register={"organisations"})
    assert (again.result["added"], again.result["rows_unchanged"], again.result["same_as"]) == (0, 22805, batch.pk)
    undo(user, again)
    undo(user, batch)
    assert not Activity.objects.filter(withdrawn_by=None).exists()


@pytest.mark.real
def test_cameroon_sheet_columns_and_sectors(user, real_data):
    batch = take_in(user, real_data / "workbooks" / "cmr_5w_2021-06.xlsx", register=ALL)
    result = batch.result
    assert result["sheet"] == "5Ws_NWSW (2)" and result["rows_read"] == 7050
    assert {k: result["aor"][k] for k in ("SCVBG", "CP", "SCPE")} == {"SCVBG": 1362, "CP": 680, "SCPE": 614}
    assert len({p["key"] for p in result["places"]}) == len(result["places"])
    matched = {m["column"] for m in result["matches"]}
    assert {"reached", "reached_f_0_17", "reached_m_60", "target_pdi", "reached_autre"} <= matched
    assert result["added"] + result["rows_blocked"] == 7050
    # What entered closes: no row whose parts contradict its total.
    for values in Activity.objects.values_list("values", flat=True):
        parts = [values.get(f"reached_{s}_{a}") for s in "fm" for a in ("0_17", "18_59", "60")]
        given = [p for p in parts if p is not None]
        if sum(given):
            assert sum(given) == values["reached"]
    # A place that the geography does not hold is told once, at its first row, however many rows name it.
    told = first_issues(user, batch, each=2000)["place_unverified"]
    assert len(told) == len({search_key(i.params["place"]) for i in told}) >= result["registered"]["places"] > 100
    the_figures_hold(user)


def the_figures_hold(user):
    """Services and reach are both given, within their bounds, and close by sex and age at every place."""
    tables = figure_tables(open_snapshot(folder(make_snapshot(user))), ["need_target_reached", "reach_sex_age"])
    reach = [r for r in tables["need_target_reached"].to_pylist() if r["population_status"] == "TOTAL"]
    by_age = defaultdict(Counter)
    for row in tables["reach_sex_age"].to_pylist():
        key = (row["period"], row["level"], row["place"], row["aor"])
        by_age[key] += Counter(services=row["services_delivered"], reached=row["reached"])
    assert {r["aor"] for r in reach} >= {"TOTAL", "SCVBG", "CP", "SCPE"}
    for row in reach:
        assert 0 <= row["reached_lower"] <= row["reached"] <= row["reached_upper"] <= row["services_delivered"]
        closed = by_age[row["period"], row["level"], row["place"], row["aor"]]
        assert (closed["services"], closed["reached"]) == (row["services_delivered"], row["reached"])
    (whole,) = [r for r in reach if r["level"] == "0" and r["aor"] == "TOTAL"]
    assert 0 < whole["reached"] < whole["services_delivered"], "the same people were served more than once"
    # Σ of new direct beneficiaries counted in persons, worked out from the rows alone.
    persons = Activity.objects.exclude(aor="HORS").filter(indicator__mass_awareness=False) | Activity.objects.exclude(
        aor="HORS"
    ).filter(indicator=None)
    plain = sum(
        v.get("reached") or 0
        for v, unit in persons.values_list("values", "indicator__unit")
        if (unit or "PERS") == "PERS" and (v.get("unit") or "PERS") == "PERS" and v.get("directness", "DIR") != "IND"
    )
    assert whole["services_delivered"] == plain


@pytest.mark.real
def test_congo_counts_by_sector_and_by_cluster(user, real_data):
    result = take_in(user, real_data / "workbooks" / "cod_3w_2025-05.xlsx", register=ALL).result
    assert result["rows_read"] == 4343 and len(result["matches"]) == 39
    assert result["sectors"]["Protection"] == 1407
    assert {k: result["aor"][k] for k in ("SCPE", "SCVBG", "CP", "GT-LTPRN")} == {
        "SCPE": 1253, "SCVBG": 280, "CP": 107, "GT-LTPRN": 21,
    }  # fmt: skip
    assert result["clusters"]["Protection: Protection de l'enfant"] == 1253
