"""Funding kept, read again, in force, in a snapshot and in a release; FTS asked and out of reach."""

from __future__ import annotations

import json

import pytest

from danbe.collect.messages import FieldRefused
from danbe.collect.storage import upload_path
from danbe.curate.actions.funding import load_answer
from danbe.curate.actions.snapshots import make_snapshot
from danbe.curate.funding_pack import published
from danbe.curate.funding_pull import pull
from danbe.curate.models import FundingAmount, FundingAnswer, FundingFlow
from danbe.curate.queries.funding import PLAN, SHARED, UNSPECIFIED, flows, lines
from danbe.register.audit import NotAllowed
from danbe.register.models import Role, User
from tests.collect.test_fts import groups

PROGRESS = {
    "plans": [
        {
            "id": 1076, "name": "Mali 2022", "code": "HMLI22", "updatedAt": "2022-05-30T14:30:49Z",
            "countries": [{"iso3": "MLI"}], "usageYears": [{"year": "2022"}], "caseLoads": [],
            "requirements": {"origRequirements": 900, "revisedRequirements": 1000}, "funding": {"totalFunding": 250},
        }
    ]
}  # fmt: skip


def flow(number: int, **said) -> dict:
    return {
        "id": str(number), "amountUSD": 100, "status": "paid", "boundary": "incoming", "onBoundary": "single",
        "date": "2022-03-01", "updatedAt": "2022-03-02",
        "sourceObjects": [{"type": "Organization", "id": "1", "name": "Donateur A", "organizationTypes": ["Government"]}],
        "destinationObjects": [{"type": "GlobalCluster", "id": "10", "name": "Protection"}, {"type": "UsageYear", "name": "2022"}],
    } | said  # fmt: skip


CERF = [
    {"type": "Organization", "id": "2", "name": "Central Emergency Response Fund", "organizationTypes": ["Pooled fund"]}
]
FLOWS = {
    "incoming": {"fundingTotal": 300, "pledgeTotal": 100},
    "flows": [
        flow(1), flow(2, sourceObjects=CERF), flow(3, status="pledge"), flow(4, onBoundary="shared"),
        flow(5, boundary="internal"), flow(6, destinationObjects=[{"type": "UsageYear", "name": "2022"}]),
    ],
}  # fmt: skip
ADDRESSES = {
    "/2/fts/flow/plan/overview/progress/2022": json.dumps(PROGRESS).encode(),
    "/1/fts/flow/custom-search?planid=1076&groupby=globalcluster": groups({"10": 40, "13": 5, "": 7}, 3, {"10": 100}),
    "/1/fts/flow/custom-search?locationid=137&year=2022&limit=1000&page=1": json.dumps(FLOWS).encode(),
}


class FTS:
    """The three answers above; ``down`` is the address at which the line is cut."""

    def __init__(self, down: str = "") -> None:
        self.down = down

    def get(self, address: str):
        if address == self.down:
            raise FieldRefused("pull.server", server="https://api.hpc.tools", status="–", why="ConnectionError")
        return type("Answer", (), {"content": ADDRESSES[address]})


def test_a_pull_keeps_every_answer_and_says_what_stands(administrator):
    done = [d for _address, d in pull(administrator, 2022, "", FTS())]
    assert [d.answer.kind for d in done] == ["progress", "by-globalcluster", "flows"]
    assert upload_path(done[0].answer.sha256).read_bytes() == ADDRESSES["/2/fts/flow/plan/overview/progress/2022"]
    found = {line.part: line for line in lines(administrator)}
    assert (found[PLAN].required, found[PLAN].received, found[PLAN].gap, found[PLAN].coverage) == (1000, 250, 750, 0.25)
    assert found["CP"].coverage == 0.4
    # Nobody stated what GBV needs: neither a gap nor 0 %.
    assert (found["SCVBG"].required, found["SCVBG"].gap, found["SCVBG"].coverage) == (None, None, None)
    assert (found[UNSPECIFIED].received, found[SHARED].received) == (7, 3)
    assert {f.flow_id for f in flows(administrator)} == {"1", "2", "6"}
    assert FundingFlow.objects.get(flow_id="2").fund == "cerf"


def test_a_pull_cut_short_goes_on_and_what_was_kept_stands(administrator):
    cut = list(ADDRESSES)[2]
    with pytest.raises(FieldRefused):
        list(pull(administrator, 2022, "", FTS(cut)))
    assert FundingAnswer.objects.count() == 2 and lines(administrator)
    done = [d for _address, d in pull(administrator, 2022, "", FTS())]
    assert [d.known for d in done] == [True, True, False]
    assert FundingAmount.objects.filter(grouping="plan").count() == 1


def test_the_later_statement_stands_and_the_earlier_is_kept(administrator):
    load_answer(administrator, published("mli"), "publié.csv")
    load_answer(administrator, json.dumps(PROGRESS).encode(), "progress-2022.json")
    found = {(line.year, line.part): line for line in lines(administrator)}
    assert found[2022, PLAN].required == 1000 and str(found[2022, PLAN].as_of) == "2022-05-30"
    assert (found[2023, "CP"].required, found[2023, "CP"].received) == (102_320_000, 26_240_000)
    assert found[2021, "CP"].received is None and found[2023, "CP"].as_of is None
    assert "globalprotectioncluster" in found[2023, "CP"].source


def test_a_file_without_funding_is_kept_with_its_reason(administrator):
    done = load_answer(administrator, b'{"a": 1}', "autre.json")
    assert "pas une réponse" in done.answer.refused and not lines(administrator)


def test_only_the_coordination_loads_funding(db):
    monitor = User.objects.create_user("relais@exemple.org", role=Role.SUBCLUSTER, aor="SCVBG")
    with pytest.raises(NotAllowed):
        load_answer(monitor, b"{}", "a.json")


def test_funding_goes_into_the_snapshot(administrator):
    import pyarrow.parquet as pq

    from danbe.curate.queries.snapshots import folder
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")
    list(pull(administrator, 2022, "", FTS()))
    made = folder(make_snapshot(administrator))
    rows = {r["part"]: r for r in pq.read_table(made / "funding.parquet").to_pylist()}
    assert rows["SCVBG"]["required"] is None and rows["PLAN"]["received"] == 250
    sent = pq.read_table(made / "funding_flows.parquet").to_pylist()
    assert {(r["flow_id"], r["fund"], r["part"]) for r in sent} == {
        ("1", None, "CP"), ("2", "cerf", "CP"), ("6", None, UNSPECIFIED),
    }  # fmt: skip


@pytest.mark.real
def test_mali_2022_stands_after_loading_every_file(administrator, real_data):
    for path in sorted((real_data / "funding").rglob("*.*")):
        load_answer(administrator, path.read_bytes(), path.name)
    # Two of the 59 files are the same bytes.
    assert FundingAnswer.objects.count() == 58 and FundingAnswer.objects.exclude(refused="").count() == 3
    (mali,) = lines(administrator)
    assert (mali.required, mali.received, mali.people_in_need, mali.people_targeted) == (
        685_734_819, 75_976_890, 7_522_833, 5_264_731,
    )  # fmt: skip
    assert round(100 * mali.coverage, 2) == 11.08
