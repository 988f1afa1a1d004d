"""The synthetic year of monitoring through the door of submissions: its totals are the published ones."""

from __future__ import annotations

import pytest

from danbe.commands.demo_monitoring import take_in_monitoring
from danbe.packs.mli.demo.monitoring import published, published_before
from danbe.register.models import Organisation, Role, User


@pytest.fixture
def june(administrator, monkeypatch):
    """June 2022 alone, sent, reviewed, mapped, and frozen."""
    from danbe.analyse.snapshot import open_snapshot
    from danbe.curate.actions.snapshots import make_snapshot
    from danbe.curate.queries.snapshots import folder
    from danbe.packs.mli.demo import monitoring
    from danbe.register.actions.geography import load_pack
    from danbe.register.queries.geography import gazetteer

    load_pack(administrator, "mli")
    homes = [Organisation.objects.create(code=c, name=c, search_key=c) for c in ("alpha", "beta")]
    only = [p for p in published() if p.month == "2022-06"]
    monkeypatch.setattr(monitoring, "published", lambda: only)
    done = take_in_monitoring(administrator, gazetteer(), homes, months=1)
    again = take_in_monitoring(administrator, gazetteer(), homes, months=1)
    return done, again, open_snapshot(folder(make_snapshot(administrator)))


def test_june_2022_goes_from_phones_to_figures(june):
    from danbe.analyse.compute import figure_tables

    done, again, snapshot = june
    assert done.submissions > 80 and done.refused == 0 and not done.problems
    assert (again.submissions, again.incidents, again.movements) == (0, 0, 0), "nothing is sent or read twice"
    assert done.duplicates > 0
    tables = figure_tables(snapshot, ["monitoring_violations", "movement_flows", "monitoring_incidents"])
    whole = {r["category"]: r["violations"] for r in tables["monitoring_violations"].to_pylist() if r["level"] == "0" and r["period"] == "2022-06"}  # fmt: skip
    assert whole == {"PROP": 334, "INTEG": 126, "VIE": 192, "LIBSEC": 97, "SERV": 12, "TOTAL": 761}
    (moved,) = [r for r in tables["movement_flows"].to_pylist() if r["level"] == "0" and r["period"] == "2022-06" and r["category"] == "TOTAL"]  # fmt: skip
    assert (moved["movements"], moved["displaced"]) == (23, 423)
    (counted,) = [
        r for r in tables["monitoring_incidents"].to_pylist() if r["level"] == "0" and r["period"] == "2022-06"
    ]
    assert counted["flash_alerts"] > 0 and counted["incidents_received"] > counted["incidents"]
    assert User.objects.filter(role=Role.MONITOR).count() == 8


def test_the_year_adds_up_to_what_was_published():
    """S1 2022: 4,689 as published, of which 648 are people displaced and 15 movements, and no violations."""
    months = {p.month: p for p in published()}
    assert len(months) == 12
    first_half = sum(sum(months[f"2022-{m:02d}"].violations.values()) for m in range(1, 7))
    assert first_half == 4689 - 423 - 225 - 15
    assert sum(sum(months[f"2022-{m:02d}"].violations.values()) for m in (7, 8, 9)) == 6852 - 4689
    before = {p.month: sum(p.violations.values()) for p in published_before()}
    assert len(before) == 12 and sum(before.values()) == 6412
    assert sum(before[f"2021-{m:02d}"] for m in range(1, 7)) == 3580
    assert [before[f"2021-{m:02d}"] for m in (2, 5, 10, 11, 12)] == [410, 560, 384, 531, 373]
    assert months["2022-04"].violations == {"PROP": 287, "INTEG": 164, "LIBSEC": 82, "VIE": 57, "SERV": 2}
    assert (months["2022-06"].movements, months["2022-06"].displaced) == (23, 423)
