"""An extract is k-anonymous, diverse, without special uniques and under the risk benchmark, or it is refused and says why."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.microdata import (
    ALL,
    Declaration,
    Hierarchy,
    Quasi,
    make_extract,
    measure_risk,
    place_hierarchy,
    suda,
    time_hierarchy,
)
from danbe.protect.microdata.classes import blank, failing
from danbe.protect.microdata.extract import holds
from danbe.protect.reasons import Refused
from danbe.reference.catalogue.column import Column, Dataset

PLACES = [
    {"place_id": "ML", "level": "0", "parent_id": None},
    *({"place_id": r, "level": "1", "parent_id": "ML"} for r in ("MOP", "GAO")),
    *(
        {"place_id": c, "level": "2", "parent_id": r}
        for c, r in (("Mopti", "MOP"), ("Bankass", "MOP"), ("Gao", "GAO"), ("Ansongo", "GAO"))
    ),
]
TYPES = Hierarchy(
    ("type", "group"),
    {"group": {"ENLEV": "LIBERTE", "ARREST": "LIBERTE", "MEURTRE": "VIE", "BLESS": "VIE", "PILLAGE": "BIENS"}},
    floor="group",
)
INCIDENTS = Dataset(
    "incidents",
    "Incidents",
    "Incidents",
    "",
    "",
    (
        Column("incident_id", "Identifiant", "Identifier", role="key", sensitivity=1),
        Column("cercle", "Cercle", "Cercle", role="dimension"),
        Column("month", "Mois", "Month", "month", role="dimension"),
        Column("type", "Type", "Type", "code", role="dimension", codelist="violation_subtype_v2018_2019"),
        Column("perpetrator", "Auteur", "Perpetrator", "code", codelist="perpetrator_category", sensitivity=2),
        Column("status", "Statut", "Status", "code", codelist="population_status"),
        Column("source", "Source", "Source", "code", codelist="source_reliability"),
        Column("aor", "Domaine", "Area", "code", codelist="aor"),
        Column("narrative", "Récit", "Narrative", sensitivity=1),
    ),
)


def records(n=4000, seed=3, **columns):
    r = np.random.default_rng(seed)
    months = [f"2025-{m:02d}" for m in range(1, 13)]
    table = {
        "cercle": r.choice(["Mopti", "Bankass", "Gao", "Ansongo"], n, p=[0.5, 0.3, 0.15, 0.05]).tolist(),
        "month": r.choice(months, n).tolist(),
        "type": r.choice(list(TYPES.groups["group"]), n, p=[0.3, 0.1, 0.1, 0.1, 0.4]).tolist(),
        "status": r.choice(["PDI", "HOTE", "REF"], n, p=[0.6, 0.35, 0.05]).tolist(),
        "source": r.choice(["A", "B", "C"], n).tolist(),
        "aor": ["CP"] * n,
        "narrative": ["…"] * n,
    }
    return pa.table(table | columns)


def declaration(table, **more):
    quasi = (
        Quasi("cercle", place_hierarchy(PLACES, "cercle")),
        Quasi("month", time_hierarchy(table.column("month").to_pylist()), weight=0.5),
        Quasi("type", TYPES),
    )
    return Declaration("incidents", **({"quasi": quasi, "sensitive": ("status", "source")} | more))


def test_an_extract_gives_region_quarter_and_group_and_nothing_finer():
    table = records()
    asked = declaration(table)
    extract = make_extract(table, asked, INCIDENTS)
    assert extract.table.column_names == ["cercle", "month", "type", "status", "source"]
    assert set(extract.table.column("cercle").to_pylist()) <= {"MOP", "GAO", "ML", None}
    assert all(q is None or "-T" in q or len(q) == 4 for q in extract.table.column("month").to_pylist())
    assert set(extract.table.column("type").to_pylist()) <= {"LIBERTE", "VIE", "BIENS", None}
    assert holds(extract, asked)
    assert extract.risk.share <= 0.03 and not extract.risk.above_benchmark
    assert extract.facts()["special_uniques"] == 0
    assert "narrative" not in extract.table.column_names


def test_grouping_comes_before_blanking():
    """Few records: quarters would cost too many blanks, so years are given."""
    table = records(240)
    extract = make_extract(table, declaration(table), INCIDENTS)
    assert extract.levels["month"] == "year"
    assert sum(extract.blanked.get(c, 0) for c in ("cercle", "month", "type")) <= 0.05 * 240 * 3
    assert make_extract(records(), declaration(records()), INCIDENTS).levels["month"] == "quarter"


def test_the_level_taken_loses_least():
    """Every other combination of levels within the thresholds loses at least as much."""
    table = records(500)
    best = make_extract(table, declaration(table), INCIDENTS)
    for cercle, month in (("region", "quarter"), ("country", "quarter"), ("region", "year"), ("country", "year")):
        places, months = place_hierarchy(PLACES, "cercle"), time_hierarchy(table.column("month").to_pylist())
        quasi = (
            Quasi("cercle", _only(places, cercle)),
            Quasi("month", _only(months, month), weight=0.5),
            Quasi("type", TYPES),
        )
        try:
            other = make_extract(table, declaration(table, quasi=quasi), INCIDENTS)
        except Refused:
            continue
        assert best.loss <= other.loss + 1e-9


def _only(hierarchy, level):
    """The hierarchy that offers one level alone."""
    kept = hierarchy.levels[: hierarchy.levels.index(level) + 1]
    return Hierarchy(kept, {x: hierarchy.groups[x] for x in kept[1:]}, floor=level)


rows = st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=1, max_size=80)


@given(rows, st.lists(st.integers(-1, 2), min_size=80, max_size=80), st.integers(2, 5), st.integers(1, 2))
@settings(max_examples=60, deadline=None)
def test_blanking_leaves_no_small_class_and_changes_nothing_else(codes, sensitive, k, l):  # noqa: E741
    before = np.array(codes)
    s = np.array(sensitive)[: len(before), None]
    after, kept = blank(before, s, np.ones(3), k, l)
    assert not failing(after[kept], s[kept], k, l).any()
    assert ((after == before) | (after == -1)).all()
    fine = ~failing(before, s, k, l)
    assert (after[fine] == before[fine]).all() and kept[fine].all()


def brute_msu(codes, largest):
    """Minimal sample uniques by definition."""
    from itertools import chain, combinations

    def alone(i, columns):
        return (
            all(codes[i, c] != -1 for c in columns)
            and sum(all(codes[j, c] == codes[i, c] for c in columns) for j in range(len(codes))) == 1
        )

    found = {}
    for i in range(len(codes)):
        subsets = chain.from_iterable(combinations(range(codes.shape[1]), s) for s in range(1, largest + 1))
        sets = [set(s) for s in subsets if alone(i, s)]
        found[i] = [s for s in sets if not any(o < s for o in sets)]
    return found


@given(st.lists(st.tuples(*[st.integers(-1, 2)] * 4), min_size=1, max_size=14))
@settings(max_examples=60, deadline=None)
def test_suda_finds_the_minimal_uniques_and_no_other(codes):
    codes = np.array(codes)
    found, truth = suda(codes, 3), brute_msu(codes, 3)
    sizes = [len(s) for sets in truth.values() for s in sets]
    assert found.by_size == {s: sizes.count(s) for s in (1, 2, 3)}
    assert list(found.smallest) == [min((len(s) for s in sets), default=0) for sets in truth.values()]


def test_suda_scores_are_those_of_the_literature():
    """sdcMicro's own example: three records, contributions of 50, 37.5 and 37.5 %."""
    found = suda(np.array([[2, 0, 0], [1, 3, 6], [1, 0, 0]]))
    assert list(found.scores) == [2, 4, 2]
    assert list(found.contribution) == [0.5, 0.375, 0.375]
    sampled = suda(np.array([[2, 0, 0], [1, 3, 6], [1, 0, 0], [5, 5, 5], [5, 5, 5]]), fraction=0.01)
    assert 0 < sampled.dis[0] < sampled.dis[1] < 1
    assert list(suda(np.array([[2, 0, 0], [1, 3, 6], [1, 0, 0]])).dis) == [1, 1, 1]


def test_a_class_where_all_share_one_status_does_not_tell_it():
    table = records(status=["PDI" if i % 4 else "HOTE" for i in range(4000)])
    rows = table.to_pylist()
    for row in rows:
        if row["cercle"] in ("Gao", "Ansongo"):
            row["status"] = "PDI"
    table = pa.Table.from_pylist(rows)
    extract = make_extract(table, declaration(table, sensitive=("status",)), INCIDENTS)
    by_region: dict = {}
    for row in extract.table.to_pylist():
        by_region.setdefault((row["cercle"], row["month"], row["type"]), set()).add(row["status"])
    assert all(len(values - {None}) != 1 for values in by_region.values())


def test_a_rare_value_is_blanked_where_it_would_single_someone_out():
    table = records()
    sources = table.column("source").to_pylist()
    sources[7] = "F"
    table = table.set_column(table.column_names.index("source"), "source", pa.array(sources))
    extract = make_extract(table, declaration(table), INCIDENTS)
    assert "F" not in extract.table.column("source").to_pylist()
    assert extract.blanked["source"] >= 1 and extract.after.uniques == 0


def test_margins_are_the_counts_a_reader_can_make_with_their_bounds():
    table = records()
    extract = make_extract(table, declaration(table), INCIDENTS)
    region = extract.margins[("cercle@region", "MOP"),]
    truth = sum(c in ("Mopti", "Bankass") for c in table.column("cercle").to_pylist())
    assert region.low <= truth <= region.high
    assert region.count == extract.table.column("cercle").to_pylist().count("MOP")
    for cell in extract.margins.values():
        assert cell.low == cell.count <= cell.high
    crossed = [c.count for k, c in extract.margins.items() if [d for d, _ in k] == ["cercle@region", "month@quarter"]]
    assert sum(crossed) <= extract.table.num_rows


def test_risk_is_what_a_prosecutor_expects():
    risk = measure_risk(np.array([[0]] * 5 + [[1]] * 20))
    assert (risk.expected, risk.share, risk.highest, risk.smallest) == (2.0, 0.08, 0.2, 5)
    sampled = measure_risk(np.array([[0]] * 5 + [[1]] * 20), np.full(25, 10.0))
    assert sampled.share < risk.share and measure_risk(np.zeros((0, 1))).share == 0
    assert measure_risk(np.array([[0], [1], [1]]), np.array([1.0, 10, 10])).highest == 1


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"sensitive": ("perpetrator",)}, "microdata.unknown_column"),
        ({"sensitive": ("narrative",)}, "microdata.free_text"),
        ({"sensitive": ("nowhere",)}, "microdata.unknown_column"),
        ({"k": 3}, "microdata.k_low"),
        ({"k": 4001}, "microdata.k_infeasible"),
        ({"max_risk": 0.0001}, "microdata.risk"),
        ({"quasi": (Quasi("month", Hierarchy(("month",))),)}, "microdata.too_fine"),
        ({"quasi": (Quasi("cercle", place_hierarchy(PLACES, "cercle", floor="cercle")),)}, "microdata.too_fine"),
        ({"quasi": (Quasi("narrative", Hierarchy(("narrative",))),)}, "microdata.free_text"),
        ({"quasi": (Quasi("type", Hierarchy(("type", "group"), {"group": {}}, "group")),)}, "microdata.no_group"),
    ],
)
def test_what_may_not_leave_is_refused_with_the_reason(more, rule):
    table = records()
    with pytest.raises(Refused) as error:
        make_extract(table, declaration(table, **more), INCIDENTS)
    assert rule in {r.rule for r in error.value.reasons}
    assert error.value.text("en") != error.value.text("fr")


def test_perpetrators_need_ten_and_are_confidential():
    table = records(perpetrator=["GANE"] * 4000)
    with pytest.raises(Refused) as error:
        make_extract(table, declaration(table, sensitive=("perpetrator",)), INCIDENTS)
    assert {r.rule for r in error.value.reasons} == {"microdata.sensitivity", "microdata.k_low"}


def test_nothing_of_gender_based_violence_or_child_protection():
    table = records(aor=["CP"] * 3999 + ["SCVBG"])
    with pytest.raises(Refused, match="SCVBG"):
        make_extract(table, declaration(table), INCIDENTS)
    column = Column("kind", "Type", "Type", "code", codelist="gbvims_type")
    with pytest.raises(Refused, match=r"microdata\.forbidden"):
        make_extract(records(), declaration(records()), Dataset("cases", "", "", "", "", (*INCIDENTS.columns, column)))
    with pytest.raises(Refused, match=r"microdata\.forbidden"):
        make_extract(records(), declaration(records()), Dataset("aor_aggregates", "", "", "", "", INCIDENTS.columns))


def test_a_column_may_be_left_out_whole_when_declared_so():
    table = records(60)
    quasi = [*declaration(table).quasi]
    with pytest.raises(Refused):
        make_extract(table, declaration(table), INCIDENTS)
    quasi[2] = Quasi("type", TYPES, droppable=True)
    extract = make_extract(table, declaration(table, quasi=tuple(quasi), max_suppressed=0.1), INCIDENTS)
    assert extract.levels["type"] == ALL and "type" not in extract.table.column_names


def test_dates_become_quarters_and_levels_must_nest():
    from datetime import date

    hierarchy = time_hierarchy([date(2025, 3, 14), date(2025, 4, 1), None])
    assert hierarchy.at("quarter", "2025-03-14") == "2025-T1" and hierarchy.at("year", None) is None
    with pytest.raises(ValueError, match="must nest"):
        Hierarchy(("a", "b", "c"), {"b": {1: "x", 2: "x"}, "c": {1: "p", 2: "q"}})


def test_violations_of_the_catalogue_leave_by_region_quarter_and_category():
    from danbe.reference.catalogue import VIOLATIONS

    r = np.random.default_rng(5)
    table = pa.table(
        {
            "cercle": r.choice(["Mopti", "Bankass", "Gao", "Ansongo"], 3000).tolist(),
            "event_month": [f"2025-{m:02d}" for m in r.integers(1, 13, 3000)],
            "category": r.choice(["PROP", "LIBSEC", "VIE"], 3000).tolist(),
            "commune": ["confidentiel"] * 3000,
        }
    )
    quasi = (
        Quasi("cercle", place_hierarchy(PLACES, "cercle")),
        Quasi("event_month", time_hierarchy(table.column("event_month").to_pylist())),
        Quasi("category", Hierarchy(("category",))),
    )
    extract = make_extract(table, Declaration("violations", quasi), VIOLATIONS)
    assert extract.levels == {"cercle": "region", "event_month": "quarter", "category": "category"}
    confidential = (*quasi, Quasi("commune", Hierarchy(("commune", "country"), {"country": {"confidentiel": "ML"}})))
    with pytest.raises(Refused, match=r"microdata\.sensitivity"):
        make_extract(table, Declaration("violations", confidential), VIOLATIONS)
