"""Monitoring and movements through the gate: what the public plan lets out of them, and the leaks it must stop."""

from __future__ import annotations

from dataclasses import replace

import pytest

from danbe.protect.book import Places
from danbe.protect.coarsen import applied
from danbe.protect.decide import Decision, decide
from danbe.protect.plan import PUBLIC
from danbe.protect.primary import shares_of
from danbe.reference.catalogue.figures import FIGURES, TOTAL

YEAR = "2022-01/2022-12"
PLACES = Places({"ML": 0, "R1": 1, "R2": 1, "C1": 2, "C2": 2}, {"ML": None, "R1": "ML", "R2": "ML", "C1": "R1", "C2": "R1"})  # fmt: skip
TABLE = PUBLIC.by_name["monitoring_violations"]


def violations(cells: dict[tuple[str, str], int], period: str = YEAR) -> list[dict]:
    """Rows of ``monitoring_violations`` from counts by finest place and category, with all their totals."""
    found: dict[tuple[str, str], int] = {}
    for (place, category), n in cells.items():
        above: str | None = place
        while above:
            for c in (category, TOTAL):
                found[above, c] = found.get((above, c), 0) + n
            above = PLACES.parents[above]
    return [
        {"period": period, "level": str(PLACES.levels[p]), "place": p, "category": c, "violations": n}
        for (p, c), n in found.items()
    ]


def brought(rows: list[dict], parts: dict[str, float]) -> dict:
    """What each organisation brought, the same part of each cell."""
    own = [
        {**r, "organisation_id": o, "violations": round(r["violations"] * p)} for r in rows for o, p in parts.items()
    ]
    table = replace(TABLE, name="monitoring_contributors")
    return shares_of(own, table, PUBLIC, PLACES)


TWO = {"org-a": 0.5, "org-b": 0.5}


def decided(rows: list[dict], parts: dict[str, float] = TWO) -> Decision:
    plan = replace(PUBLIC, tables=(TABLE,))
    return decide([(TABLE, rows)], plan, PLACES, brought(rows, parts))


def hidden(decision: Decision) -> dict[tuple[str, str], str]:
    rows = decision.tables[0][1]
    return {
        (rows[i]["place"], rows[i]["category"]): columns["violations"] for i, columns in decision.withheld[0].items()
    }


CELLS = {("C1", "PROP"): 40, ("C2", "PROP"): 3, ("C1", "VIE"): 30, ("C2", "VIE"): 26, ("R2", "PROP"): 50, ("R2", "VIE"): 22}  # fmt: skip


def test_a_small_count_is_withheld_and_never_left_to_a_subtraction():
    found = hidden(decided(violations(CELLS)))
    assert found["C2", "PROP"] == "small_count"
    # Its row and its column each hide another, or the total would tell it.
    assert any(k != ("C2", "PROP") and k[0] == "C2" for k in found)
    assert any(k != ("C2", "PROP") and k[1] == "PROP" for k in found)


def test_what_one_organisation_alone_reported_is_withheld():
    rows = violations(CELLS)
    assert ("C1", "PROP") not in hidden(decided(rows)) or hidden(decided(rows))["C1", "PROP"] == "complement"
    alone = hidden(decided(rows, {"org-a": 1.0}))
    assert alone["C1", "PROP"] == "contributor"
    assert alone["ML", TOTAL] == "contributor"


def test_a_risk_and_a_sex_are_judged_by_who_is_behind_their_place():
    from danbe.protect.book import read
    from danbe.protect.primary import primary

    table = PUBLIC.by_name["monitoring_risks"]
    rows = [{"period": YEAR, "level": "1", "place": "R1", "category": c, "violations": 20} for c in ("PAF-01", TOTAL)]
    behind = brought(violations({("C1", "PROP"): 20}), {"org-a": 1.0})
    book = read([(table, rows)], PUBLIC, PLACES)
    assert set(primary(book, PUBLIC, PLACES, behind).values()) == {"contributor"}


def test_months_of_a_cercle_stay_inside():
    rows = violations(CELLS) + violations(CELLS, "2022-06")
    left = applied(TABLE, rows, PUBLIC)
    assert {(r["level"], r["period"]) for r in left} == {("0", YEAR), ("1", YEAR), ("2", YEAR), ("0", "2022-06"), ("1", "2022-06")}  # fmt: skip


def test_unspecified_is_a_row_like_the_others_so_totals_close():
    decision = decided(violations({**CELLS, ("R2", "INC"): 8}))
    rows = {(r["place"], r["category"]): r["violations"] for r in decision.tables[0][1]}
    for place in ("ML", "R1", "R2"):
        assert rows[place, TOTAL] == sum(n for (p, c), n in rows.items() if p == place and c != TOTAL)


def test_people_who_arrived_are_those_who_left():
    """Arrivals of the country are its departures under another name: hiding one hides the other."""
    flows, net = PUBLIC.by_name["movement_flows"], PUBLIC.by_name["movement_net"]
    row = {"period": YEAR, "level": "0", "place": "ML"}
    tables = [
        (flows, [{**row, "category": c, "movements": 9, "households": 9, "displaced": 3, "imputed": 0} for c in ("ATT", TOTAL)]),
        (net, [{**row, "arrivals": 3, "returns": 40, "net": -37}]),
    ]  # fmt: skip
    decision = decide(tables, replace(PUBLIC, tables=(flows, net)), PLACES, {})
    assert set(decision.withheld[1][0]) == {"arrivals", "net"}


@pytest.mark.parametrize("name", [t.name for t in PUBLIC.tables if t.name.startswith("monitoring_")])
def test_a_table_of_monitoring_names_no_organisation_and_holds_one_unit(name):
    table = PUBLIC.by_name[name]
    assert "organisation_id" not in table.dimensions
    units = {FIGURES[name][m].unit for m in table.measures}
    assert len(units - {"alertes"}) == 1


def test_what_stays_inside():
    kept = {
        "gbv_cases", "child_protection_concerns", "monitoring_perpetrators", "monitoring_contributors", "monitoring_quality",
    }  # fmt: skip
    assert not kept & set(PUBLIC.by_name)
    for name in ("monitoring_victims", "monitoring_victims_status", "monitoring_risks", "grave_violations"):
        assert PUBLIC.by_name[name].finest == 1, "no victim below the region"
