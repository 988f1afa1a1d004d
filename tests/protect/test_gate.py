"""The gate: what it refuses, what it withholds, and that a release is whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from danbe.protect.gate import pass_through
from danbe.protect.plan import PUBLIC, Plan, Table
from danbe.protect.reasons import RULES, Refused
from danbe.protect.release import Damaged, build_release, verify
from danbe.protect.withhold import withhold
from tests.publish.world import DECLARATIONS, SPAN, figure_rows, make_figures, make_release, make_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory) -> Path:
    return make_snapshot(tmp_path_factory.mktemp("world") / "snapshots")


def gate(tmp_path: Path, snapshot: Path, tables: dict, plan: Plan = PUBLIC):
    figures = make_figures(tmp_path / "figures", snapshot, tables)
    return pass_through(figures, snapshot, tmp_path / "out", plan, DECLARATIONS)


def refused(tmp_path: Path, snapshot: Path, tables: dict, plan: Plan = PUBLIC) -> set[str]:
    with pytest.raises(Refused) as refusal:
        gate(tmp_path, snapshot, tables, plan)
    assert not (tmp_path / "out").exists()
    for reason in refusal.value.reasons:
        assert reason.text("fr") and reason.text("en") and reason.text("fr") != reason.text("en")
    return {r.rule for r in refusal.value.reasons}


def spoiled(name: str, **changes) -> dict:
    tables = figure_rows()
    tables[name] = [{**row, **changes} for row in tables[name][:1]] + tables[name][1:]
    return tables


@pytest.mark.parametrize(
    ("column", "rule"),
    [("comment", "figures.confidential_column"), ("commune", "figures.confidential_column"), ("donor", "figures.confidential_column"), ("handedness", "figures.unlisted_column")],
)  # fmt: skip
def test_a_column_that_is_confidential_or_not_in_the_plan_is_refused(tmp_path, snapshot, column, rule):
    tables = figure_rows()
    tables["monthly"] = [{**row, column: "x"} for row in tables["monthly"]]
    assert rule in refused(tmp_path, snapshot, tables)


def test_a_commune_never_leaves(tmp_path, snapshot):
    rules = refused(tmp_path, snapshot, spoiled("presence", level="3", place="2021:ML070101"))
    assert {"figures.level", "figures.place"} <= rules


def test_a_place_of_another_level_than_stated_is_refused(tmp_path, snapshot):
    assert "figures.place" in refused(tmp_path, snapshot, spoiled("presence", level="1", place="2021:ML0701"))


@pytest.mark.parametrize("value", ["Un témoin à Gao", "", "cp"])
def test_free_text_in_a_dimension_is_refused(tmp_path, snapshot, value):
    assert "figures.value" in refused(tmp_path, snapshot, spoiled("presence", aor=value))


def test_an_unknown_table_is_refused(tmp_path, snapshot):
    assert "figures.unknown_table" in refused(tmp_path, snapshot, {**figure_rows(), "incidents": [{"period": SPAN}]})


def test_a_plan_that_lets_out_a_restricted_table_is_refused(tmp_path, snapshot):
    plan = Plan("bad", (Table("completeness_by_organisation", ("period", "organisation_id"), ("expected",)),))
    assert "plan.confidential" in refused(tmp_path, snapshot, figure_rows(), plan)


def test_figures_changed_after_they_were_worked_out_are_refused(tmp_path, snapshot):
    figures = make_figures(tmp_path / "figures", snapshot)
    (figures / "presence.parquet").write_bytes((figures / "completeness.parquet").read_bytes())
    with pytest.raises(Refused, match=r"figures\.hash"):
        pass_through(figures, snapshot, tmp_path / "out", PUBLIC, DECLARATIONS)


def test_every_rule_has_its_english():
    from danbe.reference.words import english

    assert [r for r, text in RULES.items() if english().gettext(text) == text] == []


def released(tmp_path: Path, snapshot: Path) -> tuple[dict[str, list[dict]], object]:
    import pyarrow.parquet as pq

    report = gate(tmp_path, snapshot, figure_rows())
    return {p.stem: pq.read_table(p).to_pylist() for p in (tmp_path / "out").glob("*.parquet")}, report


def test_what_leaves_shows_no_small_count_and_no_gbv_below_the_region(tmp_path, snapshot):
    tables, report = released(tmp_path, snapshot)
    assert "completeness_by_organisation" not in tables and report.kept == ["completeness_by_organisation"]
    withheld = 0
    for name, rows in tables.items():
        for row in rows:
            for measure in set(PUBLIC.by_name[name].persons):
                gbv = row.get("aor") == "SCVBG"
                assert row[measure] is None or row[measure] == 0 or row[measure] >= (10 if gbv else 5)
                if gbv and row.get("level") == "2":
                    assert row[measure] is None
            for measure in (row["withheld"] or "").split():
                withheld += 1
                assert row[measure] is None
    assert withheld == sum(len(c["measures"]) for c in report.cells) > 100


def test_a_missing_figure_is_not_called_withheld(tmp_path, snapshot):
    tables = figure_rows()
    row = next(r for r in tables["need_target_reached"] if r["aor"] == "CP" and r["level"] == "0")
    row["target"] = row["gap"] = row["coverage"] = None
    gate(tmp_path, snapshot, tables)
    import pyarrow.parquet as pq

    found = [
        r
        for r in pq.read_table(tmp_path / "out" / "need_target_reached.parquet").to_pylist()
        if all(r[k] == row[k] for k in ("place", "aor", "population_status"))
    ]
    assert found[0]["target"] is None and "target" not in (found[0]["withheld"] or "").split()


def test_a_total_does_not_give_back_the_cell_it_misses(tmp_path, snapshot):
    """One hidden part under a shown total is a shown part: no such sum may be left along one dimension."""
    tables, _ = released(tmp_path, snapshot)
    rows = tables["need_target_reached"]
    sums: dict[tuple, list[dict]] = {}
    for row in rows:
        sums.setdefault((row["period"], row["place"], row["population_status"]), []).append(row)
    for members in sums.values():
        total = next(r for r in members if r["aor"] == "TOTAL")
        if total["services_delivered"] is not None:
            assert sum(r["services_delivered"] is None for r in members) != 1, members


def test_gap_does_not_tell_a_withheld_reach():
    table = PUBLIC.by_name["need_target_reached"]
    row = {"period": SPAN, "level": "2", "place": "p", "aor": "CP", "population_status": "TOTAL", "people_in_need": 100, "target": 80,
           "services_delivered": 4, "reached": 4, "reached_lower": 4, "reached_upper": 4, "excess": 0, "gap": 76, "coverage": 0.05}  # fmt: skip
    cells = withhold(table, [row], PUBLIC)[0]
    assert set(cells) == {
        "services_delivered",
        "reached",
        "reached_lower",
        "reached_upper",
        "excess",
        "gap",
        "coverage",
    }


def test_the_names_of_unverified_organisations_stay_inside(tmp_path):
    people = [{"organisation_id": o, "acronym": None, "name": "Saisi à la main", "organisation_type": None, "verified": o != "org-a"} for o in ("org-a", "org-b", "org-c", "org-d")]  # fmt: skip
    snapshot = make_snapshot(tmp_path / "snapshots", organisations=people)
    release = build_release(make_figures(tmp_path / "figures", snapshot), snapshot, tmp_path / "releases").folder
    audit = json.loads((release / "audit.json").read_text())
    assert audit["unverified"]["presence_matrix"] > 0
    import pyarrow.parquet as pq

    assert "org-a" not in pq.read_table(release / "tables" / "organisations.parquet")["organisation_id"].to_pylist()


def test_a_release_is_named_by_its_content_and_tells_when_it_was_touched(tmp_path):
    release = make_release(tmp_path / "a", made_at="2025-01-01T00:00:00+00:00")
    again = make_release(tmp_path / "b", made_at="2026-01-01T00:00:00+00:00")
    other = make_release(tmp_path / "c", cluster={"fr": "Groupe Protection", "en": "Protection Group"})
    assert release.name == again.name != other.name
    assert verify(release)["release_id"] == release.name
    file = release / "tables" / "monthly.parquet"
    assert not file.stat().st_mode & 0o222
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Damaged, match=r"monthly\.parquet"):
        verify(release)


def test_a_refused_release_leaves_nothing_and_the_previous_one_stands(tmp_path, snapshot):
    good = build_release(make_figures(tmp_path / "f1", snapshot), snapshot, tmp_path / "releases")
    bad = make_figures(tmp_path / "f2", snapshot, spoiled("presence", aor="Un nom"))
    with pytest.raises(Refused):
        build_release(bad, snapshot, tmp_path / "releases")
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [good.release_id]
