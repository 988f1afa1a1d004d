"""Monitoring's figures: the four traps of publications made of real data, and what must hold of any."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.analyse.compute import figure_tables
from danbe.analyse.monitoring_sentences import sentences
from danbe.analyse.monitoring_tables import MONITORING_MEASURES
from danbe.analyse.periods import Period, months_between
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.change import change
from tests.analyse.monitoring_worlds import Story

JUNE = {"PROP": 334, "INTEG": 126, "VIE": 192, "LIBSEC": 97, "SERV": 12}


def june_2022() -> Story:
    """The monthly report n° 6 of June 2022, as it should have been counted."""
    story = Story()
    story.violations("2022-06", **JUNE)
    for number in range(23):
        story.movement("2022-06", 19 if number else 423 - 22 * 19)
    return story


def test_june_2022_has_761_violations_and_nothing_shows_1184():
    """The published total added 761 violations to the 423 people of 23 movements."""
    story = june_2022()
    assert story.one("monitoring_violations", period="2022-06", category="TOTAL")["violations"] == 761
    moved = story.one("movement_flows", period="2022-06", category="TOTAL")
    assert (moved["movements"], moved["displaced"]) == (23, 423)
    for name, table in figure_tables(story.snapshot(), list(MONITORING_MEASURES)).items():
        for row in table.to_pylist():
            assert not {1184, 784, 761 + 423} & {v for v in row.values() if isinstance(v, int)}, (name, row)


def test_no_table_holds_two_counting_units():
    units = {"incidents", "violations", "victims", "movements", "displaced", "incidents_received", "cases"}
    together = ({"incidents", "incidents_received"}, {"movements", "displaced"})
    for name in MONITORING_MEASURES:
        held = units & {c.name for c in FIGURES[name].columns}
        # The gate's own table says what each organisation brought to either; nobody reads a total there.
        if name != "monitoring_contributors":
            assert len(held) < 2 or held in together, f"{name}: {held}"


@pytest.mark.parametrize(("now", "before", "expected"), [(8312, 4004, 1.076), (8698, 2064, 3.214)])
def test_quarters_change_by_the_one_formula(now, before, expected):
    """T3 2024 was published as +70 % (a symmetric difference); T1 2024 as +321 %, which is right."""
    story = Story()
    story.violations("2024-08", PROP=now)
    story.violations("2023-08", PROP=before)
    earlier = Period("2023-07/2023-09", "compare", months_between("2023-07", "2023-09"))
    quarter = Period("2024-07/2024-09", "span", months_between("2024-07", "2024-09"), earlier.name)
    # The months on either side were monitored too, so that the quarters are covered in full.
    for month in ("2023-07", "2023-09", "2024-07", "2024-09"):
        story.incident(month, verification="REJ")
    found = story.one("monitoring_trend", [quarter, earlier], period=quarter.name)
    assert (found["violations"], found["previous_violations"]) == (now, before)
    assert found["change"] == pytest.approx(expected, abs=0.001)


def test_kidal_rose_by_1361_per_cent_and_a_small_base_shows_none():
    story = Story()
    for month, count, small in (("2023-08", 46, 29), ("2024-08", 672, 60)):
        story.violations(month, "C1", PROP=count)
        story.violations(month, "C3", PROP=small)
    found = {r["place"]: r for r in story.table("monitoring_trend", period="2024-08", level="2")}
    assert found["C1"]["year_change"] == pytest.approx(13.61, abs=0.01), "published once as +174 %"
    assert found["C3"]["year_before_violations"] == 29
    assert found["C3"]["year_change"] is None, "no percentage on a base under 30"


def test_2021_shows_its_eight_not_specified():
    """UNHCR factsheet December 2021: 6,412 violations, of which sex and age of 6,404 were said."""
    story = Story()
    incident = story.incident("2021-06")
    said = {"M_18_59": 4537, "F_18_59": 1152, "F_0_17": 376, "M_0_17": 339}
    for sex_age, count in said.items():
        story.violation(incident, "PROP", 1, [(count, {"sex_age": sex_age})])
    story.violation(incident, "PROP", 1, [(8, {"sex_age": "INC"})])
    rows = story.table("monitoring_victims", period="2021-06", place="ML", category="TOTAL")
    shown = {r["sex_age"]: r["victims"] for r in rows}
    assert shown == {**said, "INC": 8, "TOTAL": 6412}


def test_a_sentence_is_a_query():
    """November 2021: the text gave 42 % to life; it is property, 225 of 531."""
    story = Story()
    story.violations("2021-11", PROP=225, LIBSEC=103, INTEG=150, VIE=50, SERV=3)
    (first, *_) = sentences(story.snapshot(), "2021-11")
    assert first.text == (
        "Novembre 2021 : 531 violations documentées. La première catégorie est «Atteintes au droit à la propriété» : "
        "225 violations (42\u202f%)."
    )
    assert [c.value for c in first.cells] == [531, 225]
    story.violations("2021-11", VIE=400)
    (first, *_) = sentences(story.snapshot(), "2021-11", language="en")
    assert "'Violations of the right to life'" in first.text and "450" in first.text


def test_flash_alerts_stand_apart_and_refuted_ones_nowhere():
    story = Story()
    for verification in ("ALERTE", "ENCOURS", "DOC", "TRI", "CLOS", "REJ", "DBL"):
        story.violation(story.incident("2022-01", verification=verification), "PROP", victims=[(1, {})])
    found = story.one("monitoring_incidents", period="2022-01")
    assert (found["incidents"], found["flash_alerts"], found["incidents_received"]) == (3, 2, 6)
    assert story.one("monitoring_violations", period="2022-01", category="TOTAL")["violations"] == 3
    assert story.one("monitoring_quality", period="2022-01")["documentation_rate"] == 0.5


def test_sexual_violence_and_forced_movements_are_never_violations():
    story = Story()
    incident = story.incident("2022-01")
    for category in ("VSLC", "MVT", "PROP"):
        story.violation(incident, category, 5, [(2, {})])
    assert story.one("monitoring_violations", period="2022-01", category="TOTAL")["violations"] == 5
    assert story.one("monitoring_victims", period="2022-01", category="TOTAL", sex_age="TOTAL")["victims"] == 10


def test_nothing_is_compared_across_a_change_of_typology():
    story = Story()
    for month, typology in (("2019-01", "2018"), ("2020-01", "2020"), ("2021-01", "2020")):
        story.violation(story.incident(month, typology=typology), "PROP", 50)
    assert story.one("monitoring_trend", period="2020-01")["year_before_violations"] is None
    assert story.one("monitoring_trend", period="2020-01")["year_change"] is None
    assert story.one("monitoring_trend", period="2021-01")["year_change"] == 0


def test_more_monitors_see_more_and_the_trend_says_so():
    story = Story()
    for monitor in ("m1", "m2"):
        story.violations("2022-01", monitor=monitor, PROP=30)
    for monitor in ("m1", "m2", "m3", "m4"):
        story.violations("2022-02", monitor=monitor, PROP=30)
    january, february = (story.one("monitoring_trend", period=f"2022-0{m}") for m in (1, 2))
    assert february["change"] == 1.0, "twice as many"
    assert january["violations_per_monitor"] == february["violations_per_monitor"] == 30


def test_delays_are_medians_of_dates_known_to_the_day():
    story = Story()
    for days in (1, 3, 20):
        row = story.incident("2022-01")
        row["reported_on"] = row["event_date"] + timedelta(days=days)
        row["validated_on"] = row["reported_on"] + timedelta(days=2 * days)
    story.incident("2022-01", date_precision="MOIS", reported_on=date(2022, 4, 1))
    found = story.one("monitoring_quality", period="2022-01")
    assert (found["report_delay"], found["validation_delay"]) == (3, 6)


def test_referrals_are_counted_with_consent_only():
    story = Story()
    incident = story.incident("2022-01")
    for outcome in ("ACC", "FAIT", "FAIT", "SANS"):
        story.response(incident, "SAN", outcome)
    story.response(incident, "SAN", "ACC", consented=False)
    found = story.one("monitoring_referrals", period="2022-01", category="SAN")
    assert (found["needs"], found["accepted"], found["completed"], found["no_service"]) == (4, 3, 2, 1)
    assert (found["acceptance_rate"], found["no_service_share"]) == (0.75, 0.25)
    assert found["completion_rate"] == pytest.approx(2 / 3)


events = st.lists(
    st.tuples(
        st.sampled_from(["2021-11", "2021-12", "2022-01"]), st.sampled_from(["C1", "C2", "C3", "R1", None]),
        st.sampled_from(["PROP", "INTEG", "VIE", "MVT", "VSLC", "INC"]), st.sampled_from(["DOC", "TRI", "ALERTE", "REJ", "DBL"]),
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["F_0_17", "M_18_59", "INC", None]), st.sampled_from(["PDI", "INC", None])), max_size=3),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(events)
def test_totals_close_whatever_was_reported(reported):
    """TOTAL is the sum of the codes; the country is its regions and what has none; a year is its months."""
    story = Story()
    for month, where, category, verification, groups in reported:
        known = [(n, {"sex_age": s, "population_status": p}) for n, s, p in groups]
        story.violation(story.incident(month, where, verification), category, victims=known)
    snapshot = story.snapshot()
    counted = [r for r in reported if r[3] in ("DOC", "TRI") and r[2] not in ("MVT", "VSLC")]
    tables = {n: t.to_pylist() for n, t in figure_tables(snapshot, ["monitoring_violations", "monitoring_victims", "monitoring_victims_status", "monitoring_trend"]).items()}  # fmt: skip
    for name, measure, cut in (
        ("monitoring_violations", "violations", "category"), ("monitoring_victims", "victims", "sex_age"),
        ("monitoring_victims_status", "victims", "population_status"), ("monitoring_victims", "victims", "category"),
    ):  # fmt: skip
        sums: dict[tuple, int] = {}
        totals: dict[tuple, int] = {}
        for row in tables[name]:
            key = tuple(v for k, v in row.items() if k in FIGURES[name].key and k != cut)
            into = totals if row[cut] == "TOTAL" else sums
            into[key] = into.get(key, 0) + row[measure]
        assert sums == totals, (name, cut)
    whole = [r for r in tables["monitoring_violations"] if r["level"] == "0" and r["category"] == "TOTAL"]
    months = sum(r["violations"] for r in whole if "/" not in r["period"])
    spans = sum(r["violations"] for r in whole if "/" in r["period"])
    assert months == spans == len(counted)
    people = [r for r in tables["monitoring_victims"] if r["level"] == "0" and r["category"] == r["sex_age"] == "TOTAL"]
    assert sum(r["victims"] for r in people if "/" not in r["period"]) == sum(n for r in counted for n, *_ in r[4])
    for row in tables["monitoring_trend"]:
        assert row["change"] == change(row["violations"], row["previous_violations"])


def test_dashboards_ask_the_same_figures(tmp_path: Path):
    """What a filter shows is what the figure table says."""
    import pyarrow.parquet as pq

    from danbe.analyse.monitoring_queries import Dashboard, Filters
    from danbe.reference.catalogue import MONITORING

    story = june_2022()
    story.violation(
        story.incident("2022-05", "C3"), "VIE", 40, [(2, {"sex_age": "F_0_17", "population_status": "PDI"})]
    )
    snapshot = story.snapshot()
    for name in MONITORING:
        pq.write_table(snapshot.table(name), tmp_path / f"{name}.parquet")
    dashboard = Dashboard(tmp_path)
    strip = dashboard.strip(Filters("2022-06", "2022-06"), Filters("2022-05", "2022-05"))
    assert (strip["violations"], strip["movements"], strip["displaced"]) == (761, 23, 423)
    assert strip["violations_change"] == change(761, 40)
    assert 1184 not in strip.values()
    assert {r["category"]: r["violations"] for r in dashboard.by_month(Filters("2022-06"))} == JUNE
    assert dashboard.by_place(Filters(), 2) == [{"place": "C1", "violations": 761}, {"place": "C3", "violations": 40}]
    assert dashboard.pyramid(Filters(place="R2", level=1)) == [{"sex_age": "F_0_17", "victims": 80}]
    assert dashboard.strip(Filters(population_status="PDI"))["violations"] == 40
    assert dashboard.arcs(Filters()) == [{"origin": "R1", "place": "R2", "movements": 23, "displaced": 423}]
    with pytest.raises(Exception, match=r"file system operations|Cannot access"):
        dashboard._connection.con.execute("SELECT * FROM read_csv('/etc/hostname')")


def test_a_figure_is_explained_by_the_places_it_is_the_sum_of():
    from danbe.analyse.explain import CannotExplain, explain

    story = Story()
    story.violations("2022-01", "C1", PROP=5, VIE=2)
    story.violations("2022-01", "C2", PROP=3)
    story.violations("2022-01", "C3", PROP=4)
    story.violations("2022-01", None, PROP=1)
    snapshot = story.snapshot()
    whole = explain(snapshot, "monitoring_violations", "violations", {"period": "2022-01"})
    assert whole.value == 15 and {s.text: s.contribution for s in whole.steps} == {"Lieu R1 : 10": 10, "Lieu R2 : 4": 4, "lieu non précisé à ce niveau : 1": 1}  # fmt: skip
    cercle = explain(snapshot, "monitoring_violations", "violations", {"period": "2022-01", "place": "C1"})
    assert [s.contribution for s in cercle.steps] == [5, 2] and sum(
        s.contribution for s in cercle.steps
    ) == cercle.value
    rate = explain(snapshot, "monitoring_trend", "violations_per_monitor", {"period": "2022-01"}, "en")
    assert (rate.value, [p.value for p in rate.parts]) == (15, [15, 1])
    for table, measure, said, told in (
        ("monitoring_violations", "victims", {}, "mesure"),
        ("monitoring_violations", "violations", {"period": "1999"}, "période"),
        ("monitoring_violations", "violations", {"aor": "CP"}, "dimension"),
    ):
        with pytest.raises(CannotExplain, match=told):
            explain(snapshot, table, measure, said)
