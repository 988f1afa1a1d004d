"""The verifier: what falls out of public files, seen on textbook tables, on planted leaks and on tables made at random."""

import json
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.verify import audit
from danbe.protect.verify.report import lines
from tests.protect.planted import LEAKS, plant, plantable, publish, workbook, world


def plain(folder, tables: dict[str, tuple[list[str], list[tuple]]], dims: dict, k: int = 5):
    """A folder of plain tables; a hidden value is ''."""
    folder.mkdir(exist_ok=True)
    listed = []
    for name, (head, rows) in tables.items():
        text = "\n".join(",".join(map(str, r)) for r in [(*head, "value"), *rows])
        (folder / f"{name}.csv").write_text(text + "\n")
        listed.append({"file": f"{name}.csv", "dims": head, "measure": "incidents"})
    (folder / "tables.json").write_text(json.dumps({"k": k, "dims": dims, "tables": listed}))
    return folder


def test_a_lone_hidden_cell_is_its_total_less_the_others(tmp_path):
    rows = [("north", ""), ("south", 40), ("east", 17), ("TOTAL", 60)]
    found = audit([plain(tmp_path, {"t": (["place"], rows)}, {"place": {}})])
    (leak,) = found.leaks
    assert (leak.kind, leak.cell["place"], leak.low) == ("exact_small", "north", 3)
    assert "60" in leak.steps[0].text and "40" in leak.steps[0].text


def test_two_hidden_cells_of_one_sum_keep_each_other_safe(tmp_path):
    rows = [("north", ""), ("south", ""), ("east", 17), ("TOTAL", 60)]
    found = audit([plain(tmp_path, {"t": (["place"], rows)}, {"place": {}})])
    assert found.leaks == [] and found.facts["two_whole_tables"] == 2


def test_several_sums_together_tell_what_none_tells_alone(tmp_path):
    """Handbook on SDC, ch. 4: three hidden in a row and in a column of each, yet their alternating sum is one cell."""
    rows = [("a", "x", ""), ("a", "y", ""), ("a", "TOTAL", 9), ("b", "x", ""), ("b", "y", ""), ("b", "z", ""),
            ("b", "TOTAL", 30), ("TOTAL", "x", 13), ("TOTAL", "y", 15), ("TOTAL", "z", 11), ("TOTAL", "TOTAL", 39)]  # fmt: skip
    found = audit([plain(tmp_path, {"t": (["r", "c"], rows)}, {"r": {}, "c": {}})])
    assert {(f.cell["r"], f.cell["c"]): f.low for f in found.leaks} == {("b", "z"): 11}


def test_another_grouping_of_the_same_months_is_attacked_with_the_first(tmp_path):
    months = [("m1", ""), ("m2", 20), ("m3", ""), ("m4", 30), ("TOTAL", 60)]
    quarters = [("q1", 23), ("q2", 37)]
    dims = {
        "month": {
            "parents": [
                {"q1": "", "q2": ""},
                {"m1": "q1", "m2": "q1", "m3": "q2", "m4": "q2"},
                {"q1": "TOTAL", "q2": "TOTAL"},
            ]
        }
    }
    found = audit([plain(tmp_path, {"m": (["month"], months), "q": (["month"], quarters)}, dims)])
    assert {f.cell["month"]: f.low for f in found.leaks} == {"m1": 3, "m3": 7}


def test_an_insider_who_knows_what_is_small_derives_more(tmp_path):
    rows = [("north", ""), ("south", ""), ("TOTAL", 8)]
    folder = plain(tmp_path / "t", {"t": (["place"], rows)}, {"place": {}})
    report = tmp_path / "report.csv"
    report.write_text("place,measure,reason\nnorth,incidents,small_count\nsouth,incidents,small_count\n")
    assert audit([folder]).leaks == []
    found = audit([folder], gate_report=report)
    assert {f.low for f in found.leaks} == {4} and {f.attacker for f in found.leaks} == {"insider"}


def test_what_an_organisation_leaves_of_a_shown_count_is_a_small_count_of_others(tmp_path):
    release = tmp_path / "release"
    found = world(1)
    publish(found, release)
    cell = plantable(found, "own")[0]
    records = tmp_path / "mine.csv"
    records.write_text(f"period,place,aor,sex_age,reached\n2025-01/2025-12,{','.join(cell)},{found.cells[cell] - 2}\n")
    (leak,) = [
        f
        for f in audit([release], own_records=records).leaks
        if f.cell.get("sex_age") == cell[2] and f.cell["place"] == cell[0]
    ]
    assert (leak.kind, leak.low, leak.attacker) == ("others", 2, "organisation")
    records.write_text(f"period,place,aor,sex_age,reached\n2025-01/2025-12,nowhere,{cell[1]},{cell[2]},4\n")
    with pytest.raises(ValueError, match="ligne 2"):
        audit([release], own_records=records)


def test_a_small_difference_between_two_editions_is_a_small_count(tmp_path):
    found = world(1)
    publish(found, tmp_path / "now")
    key = next(k for k in sorted(found.cells) if k not in found.hidden and found.cells[k] > 20)
    found.cells[key] -= 3
    publish(found, tmp_path / "before")
    leaks = audit([tmp_path / "now"], [tmp_path / "before"]).leaks
    assert ("increment", 3) in {(f.kind, f.low) for f in leaks}
    assert audit([tmp_path / "now"]).leaks == []


def test_the_name_of_a_person_in_a_workbook_refuses_it_and_its_hidden_sheet_is_told(tmp_path):
    found = world(1)
    publish(found, tmp_path / "release")
    workbook(tmp_path / "release" / "site" / "t.xlsx", ("period", "place", "reached"), [], author="Jean Exemple")
    report = audit([tmp_path / "release"])
    assert {f.kind for f in report.leaks} == {"author"}
    assert "hidden_part" in report.counts


def test_a_protected_release_passes_and_says_so(tmp_path):
    publish(world(2), tmp_path / "release")
    found = audit([tmp_path / "release"])
    assert found.leaks == [] and found.facts["undecided"] == 0
    assert "Aucun effectif masqué ne se retrouve" in "\n".join(lines(found))
    assert "No hidden count" in "\n".join(lines(found, "en"))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_every_planted_leak_is_refused(tmp_path, seed):
    """The bench plants a thousand (bench/disclosure_leaks.py)."""
    found = world(seed)
    publish(found, tmp_path / "base")
    assert audit([tmp_path / "base"]).leaks == []
    for kind in LEAKS:
        for n, cell in enumerate(plantable(found, kind)[:3]):
            leak = plant(found, tmp_path / "base", tmp_path / f"{kind}{n}", kind, cell, n)
            assert audit([leak.folder], list(leak.previous), leak.own).leaks, (kind, cell, found.cells[cell])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.sets(st.integers(0, 10), max_size=8))
def test_brute_force_agrees_with_the_attack(tmp_path_factory, inner, gone):
    """All tables of 2 × 3 counts that fit what is shown: a cell is derived where, and only where, they agree on it."""
    cells = list(product("ab", "xyz"))
    names = list(product(("a", "b", "TOTAL"), ("x", "y", "z", "TOTAL")))
    sums = np.array([[r in (p, "TOTAL") and c in (q, "TOTAL") for p, q in cells] for r, c in names], int)
    true = sums @ np.array(inner)
    hidden = np.isin(np.arange(len(names)), sorted(gone))
    most = min(sum(inner), 7)
    tables = np.stack(np.meshgrid(*[np.arange(most + 1)] * 6, indexing="ij"), -1).reshape(-1, 6) @ sums.T
    fitting = tables[(tables[:, ~hidden] == true[~hidden]).all(1)]
    if sum(inner) > 7:
        return
    agreed = {names[i]: int(true[i]) for i in np.flatnonzero(hidden) if len(np.unique(fitting[:, i])) == 1}
    rows = [(*name, "" if gone else n) for name, n, gone in zip(names, true, hidden, strict=True)]
    folder = plain(tmp_path_factory.mktemp("cube"), {"t": (["r", "c"], rows)}, {"r": {}, "c": {}})
    found = {
        (f.cell.get("r", "TOTAL"), f.cell.get("c", "TOTAL")): f.low
        for f in audit([folder]).findings
        if f.kind.startswith("exact")
    }
    assert found == agreed


def test_rows_in_order_of_a_count_tell_what_lies_between_them(tmp_path):
    """A ranking of ten cercles: the hidden one stands between 4 and 4."""
    release = tmp_path / "release"
    found = world(1)
    publish(found, release)
    counts = [90, 80, 70, 60, 50, 40, 30, 4, None, 4]
    rows = "".join(
        f"<tr><th>2025-{i:02}</th><td>{'protégé' if n is None else n}</td></tr>" for i, n in enumerate(counts, 1)
    )
    page = f"<html lang='fr'><body><h1>Mali</h1><table><tr><th>Mois</th><th>Personnes exposées</th></tr>{rows}</table></body></html>"
    (release / "site" / "fr" / "rang.html").write_text(page, "utf-8")
    assert {(f.cell["measure"], f.cell["period"], f.low) for f in audit([release]).leaks} == {
        ("people_exposed", "2025-09", 4)
    }


@pytest.mark.parametrize(
    "harmless",
    [
        "3 zones ; à zéro : 0 ; sans donnée : 2.",
        "Personnes atteintes, classes : 3 – 40.",
        "Ventilation des personnes atteintes : 180 lignes, 12 ko.",
        "Personnes atteintes : voir les 4 tableaux.",
        "Dans la région de Gao, 4 organisations ; personnes atteintes : protégé.",
    ],
)
def test_a_number_that_counts_something_else_is_no_count_of_people(tmp_path, harmless):
    release = tmp_path / "release"
    publish(world(2), release)
    for place in ("gao", "kayes"):
        path = release / "site" / "fr" / f"{place}.html"
        path.write_text(path.read_text("utf-8").replace("<p></p>", f"<p>{harmless}</p>"), "utf-8")
    assert audit([release]).leaks == []


def test_the_command_says_no_with_its_reasons_and_yes_in_both_languages(tmp_path):
    from typer.testing import CliRunner

    from danbe.commands import app

    run = CliRunner().invoke
    safe = plain(tmp_path / "safe", {"t": (["place"], [("a", ""), ("b", ""), ("TOTAL", 60)])}, {"place": {}})
    told = plain(tmp_path / "told", {"t": (["place"], [("a", ""), ("b", 57), ("TOTAL", 60)])}, {"place": {}})
    result = run(app, ["release", "audit", str(safe), "--lang", "en"])
    assert result.exit_code == 0 and "No hidden count" in result.output
    result = run(app, ["release", "audit", str(told)])
    assert result.exit_code == 1 and "Petit effectif retrouvé exactement : 1" in result.output
    result = run(app, ["release", "audit", str(told), "--json"])
    assert result.exit_code == 1
    (leak,) = json.loads(result.output)["findings"]
    assert (leak["kind"], leak["low"], leak["cell"]) == ("exact_small", 3, {"measure": "incidents", "place": "a"})
    assert run(app, ["release", "audit", str(tmp_path / "none")]).exit_code == 2
    (tmp_path / "empty").mkdir()
    assert run(app, ["release", "audit", str(tmp_path / "empty")]).exit_code == 2


def test_what_earlier_editions_told_alone_is_a_remark_and_what_both_tell_is_not(tmp_path):
    found = world(3)
    publish(found, tmp_path / "now")
    needed, small = next(iter(found.needed.items()))
    publish(found, tmp_path / "before", {needed})
    report = audit([tmp_path / "now"], [tmp_path / "before"])
    place = {"place": small[0]}
    told = {(f.kind, f.cell.get("edition", "")) for f in report.findings if place.items() <= f.cell.items()}
    assert ("exact_small", "") in told
    assert ("earlier", "édition 1") in told


def test_tables_described_by_levels_are_the_same_tables(tmp_path):
    """As bench/disclosure.py writes them: numbers for codes, a column for each level."""
    (tmp_path / "t0.csv").write_text("value\n60\n")
    (tmp_path / "t1.csv").write_text("area.R,value\n0,23\n1,37\n")
    (tmp_path / "t2.csv").write_text("area.C,value\n0,\n1,20\n2,30\n3,\n")
    tables = [
        {"file": "t0.csv", "levels": {}},
        {"file": "t1.csv", "levels": {"area": "R"}},
        {"file": "t2.csv", "levels": {"area": "C"}},
    ]
    (tmp_path / "tables.json").write_text(
        json.dumps({"k": 5, "tables": tables, "parents": {"area": {"C→R": [0, 0, 1, 1]}}})
    )
    assert {(f.cell["area"], f.kind, f.low) for f in audit([tmp_path]).leaks} == {
        ("C:0", "exact_small", 3),
        ("C:3", "exact_hidden", 7),
    }


def test_own_records_narrow_plain_tables_too(tmp_path):
    folder = plain(tmp_path / "t", {"t": (["place"], [("a", ""), ("b", ""), ("c", 12), ("TOTAL", 30)])}, {"place": {}})
    mine = tmp_path / "mine.csv"
    mine.write_text("place,incidents\na,14\nb,4\nc,9\n")
    told = {(f.kind, f.cell.get("place"), f.low) for f in audit([folder], own_records=mine).leaks}
    assert told == {("exact_hidden", "a", 14), ("exact_small", "b", 4), ("others", "c", 3), ("others", None, 3)}
