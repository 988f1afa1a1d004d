"""Answers of FTS and HPC: what is read, what is kept apart, what is refused; the real files against their own CSVs."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.collect.pulls.fts import SHARED, NotFunding, asked, read


def groups(singles: dict[str, int], shared: int = 0, required: dict[str, int] | None = None) -> bytes:
    """An answer of custom-search by global cluster, as the API words it. '' is what names no cluster."""
    breakdown = [
        {"type": "GlobalCluster", **({"id": k} if k else {}), "name": k or "Not specified", "totalFunding": v}
        for k, v in singles.items()
    ]
    said = {
        "requirements": {
            "totalRevisedReqs": sum((required or {}).values()) or None,
            "objects": [
                {"id": int(k), "name": k, "objectType": "GlobalCluster", "revisedRequirements": v}
                for k, v in (required or {}).items()
            ],
        },
        "report3": {
            "fundingTotals": {
                "total": sum(singles.values()) + shared,
                "objects": [{"type": "GlobalCluster", "sharedFundingTotal": shared, "objectsBreakdown": breakdown}],
            },
            "pledgeTotals": {"total": 99},
        },
    }
    return json.dumps({"status": "ok", "data": said}).encode()


def test_a_requirement_nobody_stated_is_unknown_not_zero():
    answer = read(
        groups({"10": 40, "13": 5, "": 7}, 3, {"10": 100}), "custom-search-planid-1-groupby-globalcluster.json"
    )
    by = {a.key or a.sharing: a for a in answer.amounts}
    assert (by["10"].required, by["10"].received) == (100, 40)
    assert (by["13"].required, by["13"].received) == (None, 5)
    assert (by["unspecified"].received, by["shared"].received) == (7, 3)
    assert answer.pledges == 99 and by["total"].received == 55


amounts = st.integers(0, 10**10)


@given(st.dictionaries(st.sampled_from(["3", "7", "10", "12", "13", "14", "15", ""]), amounts), amounts)
def test_parts_close_on_the_total(singles, shared):
    found = read(groups(singles, shared), "custom-search?planid=5&groupby=globalcluster").amounts
    total = next(a for a in found if a.sharing == "total").received
    assert sum(a.received or 0 for a in found if a.sharing != "total") == total
    assert {a.plan_id for a in found} == {"5"}


def test_what_was_asked_is_read_from_the_address():
    assert asked("https://api.hpc.tools/1/fts/flow/custom-search?planid=1076&groupby=globalcluster") == {
        "planid": "1076", "groupby": "globalcluster",
    }  # fmt: skip
    assert asked("custom-search-locationid-137-year-2022-page-2.json") == {"locationid": "137", "year": "2022"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{\"status\": ", "incomplet"),
        (b"{\"a\": 1}", "pas une réponse"),
        (b"\xff\xfe\x00", "ni du JSON ni du CSV"),
        (b"a,b\n1,2\n", "colonnes"),
        (b"{\"plans\": [{}]}", "forme attendue"),
        (b"{\"plans\": 3}", "forme attendue"),
        (b"", "colonnes"),
    ],
)  # fmt: skip
def test_what_is_no_funding_is_refused_with_a_reason(content, told):
    with pytest.raises(NotFunding) as refused:
        read(content, "fichier.json")
    assert told in refused.value.fr and refused.value.en


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_bytes_end_in_a_traceback(content):
    try:
        read(content, "x.json")
    except NotFunding as refused:
        assert refused.fr


API = "funding/fts_api"


@pytest.mark.real
def test_mali_2022(real_data):
    answer = read((real_data / "funding/fts_progress-2022.json").read_bytes(), "fts_progress-2022.json")
    assert len(answer.amounts) == 42
    mali = next(a for a in answer.amounts if a.country == "MLI")
    assert (mali.required, mali.received, mali.year) == (685_734_819, 75_976_890, 2022)
    assert (mali.people_in_need, mali.people_targeted) == (7_522_833, 5_264_731)
    assert round(100 * mali.received / mali.required, 2) == 11.08
    assert mali.as_of == "2022-05-30"


@pytest.mark.real
def test_every_file_is_read_or_refused_with_a_reason(real_data):
    read_as, refused = {}, []
    for path in sorted((real_data / "funding").rglob("*.*")):
        try:
            read_as[path.name] = read(path.read_bytes(), path.name)
        except NotFunding as error:
            refused.append(path.name)
            assert error.fr and error.en
    assert all(name.startswith("dataset-fts-requirements") for name in refused) and len(refused) == 3
    assert len(read_as) == 56
    assert all(a.amounts or a.flows or a.places for a in read_as.values())


@pytest.mark.real
@pytest.mark.parametrize(("location", "iso"), [(1, "afg"), (114, "jor"), (171, "pse")])
def test_flows_equal_the_csv_beside_them(real_data, location, iso):
    names = [f"custom-search-locationid-{location}-year-2020{p}.json" for p in ("", "-page-2", "-page-3")]
    answers = [read((real_data / API / n).read_bytes(), n) for n in names]
    flows = [f for a in answers for f in a.flows]
    for boundary in ("incoming", "internal", "outgoing"):
        path = real_data / API / f"fts_{boundary}_funding_{iso}.csv"
        expected = {}
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            expected = {r["id"]: (int(r["amountUSD"]), r["status"], r["srcOrganization"]) for r in rows}
            assert len(expected) == len(rows) == len(read(path.read_bytes(), path.name).flows)
        got = {f.flow_id: (f.amount, f.status) for f in flows if f.boundary == boundary}
        assert got == {k: v[:2] for k, v in expected.items()}
    # What FTS itself calls the funding of the country: paid and committed, wholly for it.
    told = json.loads((real_data / API / f"2-country-{location}-summary-trends-2025.json").read_text())
    funding = sum(f.amount for f in flows if f.boundary == "incoming" and f.is_funding)
    assert funding == told["data"][0]["totalFunding"] == answers[0].amounts[0].received


@pytest.mark.real
@pytest.mark.parametrize("grouping", ["cluster", "globalcluster"])
@pytest.mark.parametrize(("plan", "iso"), [(929, "afg"), (1010, "jor"), (832, "pse")])
def test_clusters_equal_the_csv_beside_them(real_data, plan, iso, grouping):
    name = f"1-fts-flow-custom-search-planid-{plan}-groupby-{grouping}.json"
    answer = read((real_data / API / name).read_bytes(), name)
    path = real_data / API / f"fts_requirements_funding_{grouping}_{iso}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["id"] == str(plan)]
    expected = {r["clusterCode"] or r["cluster"]: (r["requirements"], r["funding"]) for r in rows}

    def told(value: int | None) -> str:
        return "" if value is None else str(value)

    got = {a.key or a.name: (told(a.required), told(a.received)) for a in answer.amounts if a.sharing != "total"}
    # FTS leaves out a cluster's requirement of nought; the CSV is empty where it is.
    assert {k: (r or "0" if k == SHARED else r, f) for k, (r, f) in got.items()} == {
        k: (r or "0" if k == SHARED else r, f) for k, (r, f) in expected.items()
    }
    from_csv = read(path.read_bytes(), path.name)
    assert {
        (a.key or a.name, a.required, a.received, a.sharing) for a in from_csv.amounts if a.plan_id == str(plan)
    } == {(a.key or a.name, a.required, a.received, a.sharing) for a in answer.amounts if a.sharing != "total"}
