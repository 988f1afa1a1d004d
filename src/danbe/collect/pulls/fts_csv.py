"""The CSV files that HDX publishes of FTS («Requirements and Funding Data», flows, HAPI), told apart by their headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace

from danbe.collect.pulls.fts import SHARED, UNSPECIFIED, Amount, Answer, Flow, Grouping, NotFunding, Sharing

_PLANS = {"countryCode", "id", "name", "year", "requirements", "funding"}
_FLOWS = {"amountUSD", "srcOrganization", "destOrganization", "boundary", "onBoundary", "status", "id"}
_HAPI = {"location_code", "appeal_code", "appeal_name", "requirements_usd", "funding_usd"}
_PUBLISHED = {
    "country", "year", "plan", "cluster", "required", "received", "people_in_need", "people_targeted", "as_of", "source",
}  # fmt: skip
# Global clusters are numbered below 100 or above 26,000; the clusters of a plan in between.
_GLOBAL = (100, 26_000)


def read_csv(text: str) -> Answer:
    """Raises ``NotFunding`` for a table with other columns, or with an amount that is no number."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    headers = set(reader.fieldnames or ())
    # HDX may write a row of HXL tags under the headers.
    rows = [r for r in reader if not str(next(iter(r.values()), "")).startswith("#")]
    try:
        if headers >= _FLOWS:
            flows = tuple(_flow(r) for r in rows)
            return Answer("csv-flows", flows=flows, as_of=max((f.as_of for f in flows), default=""))
        if headers >= _HAPI:
            return Answer("csv-hapi", tuple(_hapi(r) for r in rows))
        if headers >= _PUBLISHED:
            found = tuple(_published(r) for r in rows)
            return Answer("published", found, as_of=max((a.as_of for a in found), default=""))
        if headers >= _PLANS and "cluster" in headers:
            return Answer("csv-clusters", tuple(_clusters(rows)))
        if headers >= _PLANS:
            return Answer("csv-plans", tuple(a for r in rows for a in _plans(r)))
    except (ValueError, KeyError, TypeError) as error:
        raise NotFunding(
            f"Le tableau contient une valeur qui n’est pas un montant ({error}). Téléchargez-le à nouveau.",
            f"The table holds a value that is no amount ({error}). Download it again.",
        ) from None
    raise NotFunding(
        "Ce CSV n’a pas les colonnes d’un fichier de FTS (countryCode, id, name, year, requirements, funding…).",
        "This CSV does not have the columns of a file of FTS (countryCode, id, name, year, requirements, funding…).",
    )


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _plan(row: Mapping[str, str], grouping: Grouping) -> Amount:
    return Amount(
        grouping, row["id"], row["name"], "single" if row["id"] else "unspecified", int(row["year"]),
        row["countryCode"], row["id"], row.get("code") or "", row["name"] if row["id"] else "",
        required=_whole(row["requirements"]), received=_whole(row["funding"]),
    )  # fmt: skip


def _plans(row: Mapping[str, str]) -> list[Amount]:
    found = [_plan(row, "plan")]
    if row.get("covidFunding"):
        found.append(replace(found[0], emergency="COVID-19", required=None, received=int(row["covidFunding"])))
    return found


def _clusters(rows: list[dict[str, str]]) -> list[Amount]:
    """The lines of a plan's clusters; whether they are global ones is seen in the numbers of each plan."""
    low, high = _GLOBAL
    plans: dict[tuple[str, str], Grouping] = {}
    for row in rows:
        if row["clusterCode"]:
            number = int(row["clusterCode"])
            kind: Grouping = "cluster" if low < number < high else "globalcluster"
            plans.setdefault((row["countryCode"], row["id"]), kind)
    found = []
    for row in rows:
        kind = plans.get((row["countryCode"], row["id"]), "cluster")
        name = row["cluster"]
        sharing: Sharing = "shared" if name == SHARED else "unspecified" if name == UNSPECIFIED else "single"
        found.append(replace(_plan(row, kind), key=row["clusterCode"], name=name, sharing=sharing))
    return found


def _published(row: Mapping[str, str]) -> Amount:
    """A figure somebody published: ``cluster`` is a global cluster's number, '' for the whole plan."""
    if not row["source"]:
        raise ValueError("source ?")
    return Amount(
        "globalcluster" if row["cluster"] else "plan", row["cluster"], row["plan"], year=int(row["year"]),
        country=row["country"], plan_code=f"{row['country']}-{row['year']}", plan_name=row["plan"],
        required=_whole(row["required"]), received=_whole(row["received"]),
        people_in_need=_whole(row["people_in_need"]), people_targeted=_whole(row["people_targeted"]),
        as_of=row["as_of"], source=row["source"],
    )  # fmt: skip


def _hapi(row: Mapping[str, str]) -> Amount:
    plan = row["appeal_code"] != UNSPECIFIED
    return Amount(
        "plan", row["appeal_code"] if plan else "", row["appeal_name"], "single" if plan else "unspecified",
        int(row["reference_period_start"][:4]), row["location_code"], "", row["appeal_code"] if plan else "",
        row["appeal_name"] if plan else "", required=_whole(row["requirements_usd"]),
        received=_whole(row["funding_usd"]),
    )  # fmt: skip


def _flow(row: Mapping[str, str]) -> Flow:
    clusters = tuple(name for name in row.get("destGlobalClusters", "").split(",") if name)
    return Flow(
        row["id"], int(row["amountUSD"]), row["status"], row["boundary"], row["onBoundary"], row["srcOrganization"],
        row.get("srcOrganizationTypes", ""), row["destOrganization"], row.get("destOrganizationTypes", ""), clusters,
        row.get("destPlanId", ""), row.get("destPlan", ""), row.get("destLocations", ""),
        _whole(row.get("destUsageYearStart", "")) if row.get("destUsageYearStart") == row.get("destUsageYearEnd") else None,
        row.get("date", ""), row.get("updatedAt", ""),
    )  # fmt: skip
