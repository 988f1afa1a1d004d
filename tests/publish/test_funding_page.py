"""«Financement» on the public site: figures, n.d. where nobody stated one, donors, no persons, in both languages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from danbe.protect.registers import registers_of, write_registers
from danbe.publish.release import Release
from danbe.publish.site.build import build_site
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from tests.publish import world

DAY = dt.date(2022, 5, 30)


def line(year: int, part: str, required: int | None, received: int | None, **said: Any) -> dict[str, Any]:
    row = dict.fromkeys(c.name for c in DATASETS["funding"].columns)
    return row | {"funding_id": f"{year}-{part}", "year": year, "part": part, "plan_code": f"P{year}", "plan_name": f"Plan {year}",
                  "required": required, "received": received, "as_of": DAY, "source": "OCHA, FTS"} | said  # fmt: skip


FUNDING = [
    line(2021, "PLAN", 1000, None), line(2022, "PLAN", 685_734_819, 75_976_890), line(2022, "CP", 100, 40),
    line(2022, "SCVBG", None, 5), line(2022, "NON_PRECISE", None, 7), line(2022, "PARTAGE", None, 3),
]  # fmt: skip
FLOWS = [
    {"flow_id": str(n), "year": 2022, "donor": donor, "fund": fund, "recipient": "Bénéficiaire X", "part": "CP",
     "plan_name": "Plan 2022", "amount": amount, "status": "paid", "day": DAY, "as_of": DAY}
    for n, (donor, fund, amount) in enumerate([("Donateur A", None, 60), ("Donateur A", None, 40), ("Central Emergency Response Fund", "cerf", 25)])
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = world.make_release(tmp_path_factory.mktemp("release"))
    snapshot = world.make_snapshot(tmp_path_factory.mktemp("snapshots"))
    for name, rows in (("funding", FUNDING), ("funding_flows", FLOWS)):
        pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(DATASETS[name])), snapshot / f"{name}.parquet")
    plans = tuple(r for r in registers_of("mli") if r.name in ("funding", "funding_flows"))
    write_registers(snapshot, made / "registers", plans, DAY)
    return made


@pytest.fixture(scope="module")
def site(folder, tmp_path_factory) -> Path:
    return build_site(folder, tmp_path_factory.mktemp("site") / "out", search=False).folder


def test_who_received_a_contribution_does_not_leave(folder):
    assert "recipient" not in Release(folder).register("funding_flows")[0]


@pytest.mark.parametrize(("page", "unknown"), [("fr/financement.html", "n.d."), ("en/funding.html", "n/a")])
def test_the_page_tells_required_received_and_what_is_unknown(site, page, unknown):
    text = (site / page).read_text("utf-8").replace("\u202f", " ").replace("\u00a0", " ")
    assert "75 976 890" in text or "75,976,890" in text
    assert unknown in text and "Donateur A" in text and "OCHA, FTS" in text
    assert "<script" not in text.split("<main")[1].split("</main")[0]
    assert len(text.encode()) < 100_000


def test_an_unknown_requirement_has_no_gap_and_no_coverage(site):
    areas = (site / "data/figures/fr-financement-funding-areas.csv").read_text("utf-8").splitlines()
    assert "#value+funding+required+usd" in areas[1]
    gbv = next(row for row in areas if "genre" in row.lower())
    assert ",,5,,," in gbv
    assert [row.split(",")[0] for row in areas[-2:]] == ["Non précisé", "Partagé entre plusieurs clusters"]


def test_donors_are_added_up_and_funds_told_apart(site):
    donors = (site / "data/figures/fr-financement-donors.csv").read_text("utf-8")
    assert "2022,Donateur A,Donateur,100" in donors and "Central Emergency Response Fund,CERF,25" in donors
