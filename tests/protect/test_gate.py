"""The gate: what it refuses, what it withholds, and that a release is whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from danbe.protect.gate import pass_through
from danbe.protect.plan import PUBLIC, Outside, Plan, Table
from danbe.protect.reasons import RULES, Refused
from danbe.protect.release import Damaged, build_release, verify
from danbe.protect.suggest import taken_up
from tests.publish.world import (
    COUNTRY,
    DECLARATIONS,
    REGIONS,
    SPAN,
    figure_rows,
    make_figures,
    make_release,
    make_snapshot,
)


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


@pytest.fixture(scope="module")
def released(tmp_path_factory, snapshot):
    """The tables let out of the whole made-up half-year, and what the gate says it did."""
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("released")
    tables = figure_rows()
    row = next(r for r in tables["need_target_reached"] if r["aor"] == "CP" and r["level"] == "0")
    row["target"] = row["gap"] = row["coverage"] = None
    report = gate(folder, snapshot, tables)
    return {p.stem: pq.read_table(p).to_pylist() for p in (folder / "out").glob("*.parquet")}, report


def test_what_leaves_shows_no_small_count_and_no_gbv_below_the_region(released):
    tables, report = released
    assert not set(tables) & {"completeness_by_organisation", "contributors"}
    assert {"completeness_by_organisation", "contributors"} <= set(report.kept)
    withheld = 0
    for name, rows in tables.items():
        for row in rows:
            for measure in PUBLIC.persons(PUBLIC.by_name[name]):
                gbv = row.get("aor") == "SCVBG"
                # A zero of persons bears the same symbol: what is shown is k or more.
                assert row[measure] is None or row[measure] >= (10 if gbv else 5), (name, row)
                if gbv and row.get("level") == "2":
                    assert row[measure] is None
            for measure in (row["withheld"] or "").split():
                withheld += 1
                assert row[measure] is None
    assert withheld == len(report.cells) > 100
    assert report.proof["unproven"] == 0 < report.proof["small"]


def test_a_missing_figure_is_not_called_withheld(released):
    rows = released[0]["need_target_reached"]
    row = next(r for r in rows if r["aor"] == "CP" and r["level"] == "0" and r["target"] is None)
    assert "target" not in (row["withheld"] or "").split()


def test_a_total_does_not_give_back_the_cell_it_misses(released):
    """One hidden part under a shown total is a shown part: no such sum may be left along one dimension."""
    sums: dict[tuple, list[dict]] = {}
    for row in released[0]["need_target_reached"]:
        sums.setdefault((row["period"], row["place"], row["population_status"]), []).append(row)
    for members in sums.values():
        total = next(r for r in members if r["aor"] == "TOTAL")
        if total["services_delivered"] is not None:
            assert sum(r["services_delivered"] is None for r in members) != 1, members


def test_gap_and_coverage_go_with_a_withheld_reach(released):
    for row in released[0]["need_target_reached"]:
        if "reached" in (row["withheld"] or "").split():
            assert row["gap"] is None and row["coverage"] is None


def test_the_public_audit_tells_no_small_cell_from_a_complement(released):
    report = released[1]
    public = report.as_dict()
    assert "cells" not in public and "costs" not in public
    assert {r for t in public["tables"].values() for r in t["withheld"]} <= {"withheld"}
    inside = report.as_restricted()
    assert {"small_count", "complement", "sensitive_level"} <= {c["reason"] for c in inside["cells"]}
    complement = next(c for c in inside["cells"] if c["reason"] == "complement" and c["complement_of"])
    assert {"table", "dims", "measure"} == set(complement["complement_of"][0])
    assert 0 < inside["costs"]["exact"] < inside["costs"]["exact_outside_sensitive"] <= 1
    assert "suggestions" not in public and inside["suggestions"][0]["fewer"] > 0


def test_a_suggestion_taken_up_is_a_coarser_plan(released):
    for suggestion in released[1].suggestions:
        plan = taken_up(PUBLIC, suggestion["id"])
        assert plan != PUBLIC and suggestion["fr"] != suggestion["en"]
    assert taken_up(PUBLIC, "nothing:of-it") == PUBLIC


def test_what_a_row_leaves_unsaid_is_a_code_and_not_free_text(tmp_path, snapshot):
    """The raw 5W of Mali has rows without an area or an indicator: «non précisé», INC."""
    report = gate(tmp_path, snapshot, {**quiet(), "by_indicator": [{"period": SPAN, "indicator_id": "INC", "aor": "INC", "services_delivered": 80, "reached": 70, "organisations": 3}]})  # fmt: skip
    assert report.tables["by_indicator"]["rows"] == 1


def quiet() -> dict[str, list[dict]]:
    """Tables that count no person: enough to make a release of."""
    counted = {"need_target_reached", "reach_sex_age", "monthly", "by_indicator", "mass_awareness", "key_figures", "contributors"}  # fmt: skip
    return {name: [] if name in counted else rows for name, rows in figure_rows().items()}


def closed(services: int, parts: tuple[int, ...]) -> dict[str, list[dict]]:
    """A month of services in the country and in the regions."""

    def row(level: str, place: str, n: int) -> dict:
        return {"period": "2025-01", "level": level, "place": place, "aor": "TOTAL", "services_delivered": n, "reached": None, "organisations": 3, "activities": 4}  # fmt: skip

    rows = [row("0", COUNTRY, services)] + [row("1", f"2021:{r}", n) for r, n in zip(REGIONS, parts, strict=False)]
    return {**quiet(), "monthly": rows}


def test_figures_that_do_not_close_are_refused(tmp_path, snapshot):
    assert refused(tmp_path, snapshot, closed(100, (70, 40))) == {"figures.not_closed"}


def test_a_negative_count_is_refused(tmp_path, snapshot):
    assert refused(tmp_path, snapshot, closed(100, (120, -20))) == {"figures.not_closed"}


def known(value: int, **cell: str) -> Outside:
    """A figure that readers have from another publisher."""
    return Outside("services_delivered", tuple(sorted(cell.items())), value, "a factsheet of another agency")


def test_where_nothing_can_be_hidden_well_enough_the_table_comes_out_coarser(tmp_path, snapshot):
    """Readers know the country and all regions but one from elsewhere: that one follows, whatever is hidden."""
    figures = (known(53, period="2025-01"), known(50, period="2025-01", place="2021:ML01"))
    report = gate(tmp_path, snapshot, closed(53, (50, 3)), replace(PUBLIC, outside=figures))
    assert [c["table"] for c in report.coarsened] == ["monthly"] and "pays" in report.coarsened[0]["fr"]
    assert report.tables["monthly"]["rows"] == 1


def test_where_no_coarser_table_helps_the_release_is_refused(tmp_path, snapshot):
    tables = closed(53, ())
    tables["monthly"] += [{**tables["monthly"][0], "aor": a, "services_delivered": n} for a, n in (("CP", 50), ("SCPE", 3))]  # fmt: skip
    quarter = "2025-01/2025-03"
    figures = [known(n, period=p, **a) for p in ("2025-01", quarter) for n, a in ((53, {}), (50, {"aor": "CP"}))]
    assert refused(tmp_path, snapshot, tables, replace(PUBLIC, outside=tuple(figures))) == {"gate.unprotectable"}


def test_an_interruption_in_mid_proof_leaves_nothing_and_the_previous_release_stands(tmp_path, snapshot):
    good = build_release(make_figures(tmp_path / "f1", snapshot, quiet()), snapshot, tmp_path / "releases")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    figures = make_figures(tmp_path / "f2", snapshot, closed(100, (90, 3, 7)))
    with pytest.raises(KeyboardInterrupt):
        build_release(figures, snapshot, tmp_path / "releases", previous=good.release_id, progress=interrupt)
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [good.release_id]
    verify(good.folder)


def test_the_names_of_unverified_organisations_stay_inside(tmp_path):
    people = [{"organisation_id": o, "acronym": None, "name": "Saisi à la main", "organisation_type": None, "verified": o != "org-a"} for o in ("org-a", "org-b", "org-c", "org-d")]  # fmt: skip
    snapshot = make_snapshot(tmp_path / "snapshots", organisations=people)
    release = build_release(
        make_figures(tmp_path / "figures", snapshot, quiet()), snapshot, tmp_path / "releases"
    ).folder
    audit = json.loads((release / "audit.json").read_text())
    assert audit["unverified"]["presence_matrix"] > 0
    import pyarrow.parquet as pq

    assert "org-a" not in pq.read_table(release / "tables" / "organisations.parquet")["organisation_id"].to_pylist()


def test_a_release_is_named_by_its_content_and_tells_when_it_was_touched(tmp_path):
    release = make_release(tmp_path / "a", tables=quiet(), made_at="2025-01-01T00:00:00+00:00")
    again = make_release(tmp_path / "b", tables=quiet(), made_at="2026-01-01T00:00:00+00:00")
    other = make_release(tmp_path / "c", tables=quiet(), cluster={"fr": "Groupe Protection", "en": "Protection Group"})
    assert release.name == again.name != other.name
    assert verify(release)["release_id"] == release.name
    file = release / "tables" / "monthly.parquet"
    assert not file.stat().st_mode & 0o222
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Damaged, match=r"monthly\.parquet"):
        verify(release)


def test_a_refused_release_leaves_nothing_and_the_previous_one_stands(tmp_path, snapshot):
    good = build_release(make_figures(tmp_path / "f1", snapshot, quiet()), snapshot, tmp_path / "releases")
    bad = make_figures(tmp_path / "f2", snapshot, spoiled("presence", aor="Un nom"))
    with pytest.raises(Refused):
        build_release(bad, snapshot, tmp_path / "releases")
    assert [p.name for p in (tmp_path / "releases").iterdir()] == [good.release_id]
