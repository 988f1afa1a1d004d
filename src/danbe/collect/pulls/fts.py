"""Answers of the Financial Tracking Service and of HPC read: requirements and funding of plans, by cluster or place, and flows.

Bytes in, figures out; nothing is stored here. Only paid contributions and commitments are funding: pledges are set
apart (FTS, «Data standards»). A requirement nobody stated is ``None``, never 0. What goes to several clusters at once
is «shared», what names none is «unspecified»: neither is divided among clusters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Grouping = Literal["plan", "cluster", "globalcluster", "location", "country"]
Sharing = Literal["single", "shared", "unspecified", "overlap", "total"]

AORS = {"10": "CP", "12": "SCPE", "13": "SCVBG", "14": "GT-LTPRN", "15": "GT-LAMH"}
"""Global clusters of FTS that are areas of responsibility of Protection (hdx-scraper-fts; 15: Mine Action)."""
CERF = "Central Emergency Response Fund"
FUNDED = ("paid", "commitment")
UNSPECIFIED = "Not specified"
SHARED = "Multiple clusters/sectors (shared)"


class NotFunding(ValueError):
    """A file that gives no funding: ``fr`` and ``en`` say why and what to do."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr)
        self.fr, self.en = fr, en


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of requirement and funding, in US dollars.

    ``key`` is the id of the cluster, place or plan the line is for, '' where it has none. ``emergency`` is set where
    only what goes to that emergency is counted. ``people_in_need`` and ``people_targeted`` come with a plan's total.
    """

    grouping: Grouping
    key: str
    name: str
    sharing: Sharing = "single"
    year: int | None = None
    country: str = ""
    plan_id: str = ""
    plan_code: str = ""
    plan_name: str = ""
    emergency: str = ""
    required: int | None = None
    required_at_first: int | None = None
    received: int | None = None
    people_in_need: int | None = None
    people_targeted: int | None = None
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow as FTS reports it. ``fund`` is «cerf», «pooled» or '' after who gives; a pledge is no funding."""

    flow_id: str
    amount: int
    status: str
    boundary: str
    on_boundary: str
    donor: str
    donor_type: str
    recipient: str
    recipient_type: str
    clusters: tuple[str, ...] = ()
    plan_id: str = ""
    plan_name: str = ""
    country: str = ""
    year: int | None = None
    day: str = ""
    as_of: str = ""

    @property
    def is_funding(self) -> bool:
        """Paid or committed, and wholly for the place asked about."""
        return self.status in FUNDED and self.on_boundary == "single"

    @property
    def fund(self) -> str:
        return "cerf" if CERF in self.donor else "pooled" if "Pooled fund" in self.donor_type else ""

    @property
    def sharing(self) -> Sharing:
        return "single" if len(self.clusters) == 1 else "shared" if self.clusters else "unspecified"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a file says. ``kind`` names it; ``as_of`` is the youngest date in it, '' where it states none."""

    kind: str
    amounts: tuple[Amount, ...] = ()
    flows: tuple[Flow, ...] = ()
    places: tuple[tuple[str, str, str], ...] = ()
    as_of: str = ""
    pledges: int = 0


def read(content: bytes, filename: str) -> Answer:
    """Reads an answer of the API, or a CSV made of one. Raises ``NotFunding``.

    The API does not repeat in its answer what was asked (plan, country, year): that is read from ``filename``, which is
    the address asked or a name made of it.
    """
    text = _text(content)
    if text.lstrip()[:1] in ("{", "["):
        return _read_json(text, asked(filename))
    from danbe.collect.pulls.fts_csv import read_csv

    return read_csv(text)


def asked(name: str) -> dict[str, str]:
    """What an address, or a file name made of one, asks for: planid, locationid, emergencyid, year, groupby."""
    found = dict(re.findall(r"(planid|locationid|emergencyid|year|groupby)[-=]([0-9a-z]+)", name.lower()))
    if match := re.search(r"progress[-/](\d{4})", name.lower()):
        found["year"] = match[1]
    if match := re.search(r"country[-/](\d+)", name.lower()):
        found["locationid"] = match[1]
    return found


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotFunding(
            "Ce n’est ni du JSON ni du CSV. Envoyez la réponse de FTS telle qu’elle a été enregistrée.",
            "This is neither JSON nor CSV. Send the answer of FTS as it was saved.",
        ) from None


def _read_json(text: str, what: Mapping[str, str]) -> Answer:
    try:
        said = json.loads(text)
    except ValueError as error:
        raise NotFunding(
            f"Le JSON est incomplet ou abîmé ({error}). Enregistrez la réponse à nouveau.",
            f"The JSON is cut short or damaged ({error}). Save the answer again.",
        ) from None
    data = said.get("data", said) if isinstance(said, dict) else said
    try:
        if isinstance(data, dict) and "plans" in data:
            return _progress(data)
        if isinstance(data, dict) and "flows" in data:
            return _flows(data, what)
        if isinstance(data, dict) and "report3" in data:
            return _groups(data, what)
        if isinstance(data, list) and data and "iso3" in data[0]:
            return Answer("locations", places=tuple((str(p["id"]), p["iso3"], p["name"]) for p in data))
        if isinstance(data, list) and data and "totalFunding" in data[0]:
            return _trends(data, what)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotFunding(
            f"La réponse n’a pas la forme attendue de FTS ({type(error).__name__} : {error}). Demandez-la à nouveau.",
            f"The answer does not have the shape expected of FTS ({type(error).__name__}: {error}). Ask for it again.",
        ) from None
    if isinstance(data, dict) and "resources" in data and "dataset_source" in data:
        raise NotFunding(
            "C’est la fiche d’un jeu de données de HDX, sans aucun montant. Envoyez les fichiers qu’elle annonce.",
            "This is the description of an HDX data set, without any amount. Send the files it lists.",
        )
    raise NotFunding(
        "Ce JSON n’est pas une réponse de FTS ou de HPC que Danbe connaît (avancement des plans, financement par "
        "cluster ou lieu, flux, tendance, lieux).",
        "This JSON is no answer of FTS or HPC that Danbe knows (progress of plans, funding by cluster or place, flows, "
        "trend, places).",
    )


def _whole(value: Any) -> int | None:
    """A number of persons or dollars; ``None`` for what is not stated ('' in HPC)."""
    return None if value is None or value == "" else int(value)


def _day(value: Any) -> str:
    return str(value or "")[:10]


def _progress(data: Mapping[str, Any]) -> Answer:
    found = []
    for plan in data["plans"]:
        need, money = plan.get("requirements") or {}, plan.get("funding") or {}
        people: dict[str, int | None] = {}
        for load in (plan.get("caseLoads") or [])[:1]:
            for total in load.get("totals") or []:
                people.setdefault(str(total.get("type", "")).lower(), _whole(total.get("value")))
        years = plan.get("usageYears") or []
        countries = {c["iso3"] for c in plan.get("countries") or [] if c.get("iso3")}
        found.append(
            Amount(
                "plan", str(plan["id"]), plan["name"], year=int(years[0]["year"]) if len(years) == 1 else None,
                country=countries.pop() if len(countries) == 1 else "", plan_id=str(plan["id"]),
                plan_code=plan.get("code") or "", plan_name=plan["name"],
                required=_whole(need.get("revisedRequirements")), required_at_first=_whole(need.get("origRequirements")),
                received=_whole(money.get("totalFunding")), people_in_need=people.get("inneed"),
                people_targeted=people.get("target"), as_of=_day(plan.get("updatedAt")),
            )
        )  # fmt: skip
    return Answer("progress", tuple(found), as_of=max((a.as_of for a in found), default=""))


def _trends(data: list[dict[str, Any]], what: Mapping[str, str]) -> Answer:
    key = what.get("locationid", "")
    rows = (Amount("country", key, "", "total", year=int(r["year"]), received=_whole(r["totalFunding"])) for r in data)
    return Answer("trends", tuple(rows))


_GROUPS: dict[str, Grouping] = {
    "Cluster": "cluster", "GlobalCluster": "globalcluster", "Location": "location", "Plan": "plan",
}  # fmt: skip


def _groups(data: Mapping[str, Any], what: Mapping[str, str]) -> Answer:
    """Requirements and funding of a plan by group. Singles, overlap and what is shared add up to the total."""
    totals = data["report3"]["fundingTotals"]
    objects, need = totals.get("objects") or [], data.get("requirements") or {}
    kinds = [o.get("type") for o in objects] + [o.get("objectType") for o in need.get("objects") or []]
    grouping = _GROUPS.get(next((k for k in kinds if k), ""), _named(what.get("groupby", "")))
    plan = what.get("planid", "") if grouping != "plan" else ""
    base = Amount(grouping, "", "", plan_id=plan, emergency=what.get("emergencyid", ""))
    rows: dict[str, Amount] = {}
    for o in need.get("objects") or []:
        key, name = str(o.get("id") or ""), o["name"]
        rows[key or name] = replace(
            base, key=key, name=name, sharing=_sharing(key, name), required=_whole(o.get("revisedRequirements")),
            required_at_first=_whole(o.get("origRequirements")),
        )  # fmt: skip
    shared = overlap = 0
    for group in objects:
        shared += group.get("sharedFundingTotal") or 0
        for o in group.get("objectsBreakdown") or []:
            key, name = str(o.get("id") or ""), o["name"]
            known = rows.get(key or name) or replace(base, key=key, name=name, sharing=_sharing(key, name))
            rows[key or name] = replace(known, received=int(o["totalFunding"]))
        overlap += (group.get("totalBreakdown") or {}).get("overlapCorrection") or 0
    found = list(rows.values())
    if grouping in ("cluster", "globalcluster"):
        found.append(replace(base, name=SHARED, sharing="shared", received=shared))
    found.append(
        replace(
            base, sharing="total", required=_whole(need.get("totalRevisedReqs")),
            required_at_first=_whole(need.get("totalOrigReqs")), received=int(totals["total"]),
        )
    )  # fmt: skip
    if overlap:
        found.append(replace(base, sharing="overlap", received=-overlap))
    pledges = (data["report3"].get("pledgeTotals") or {}).get("total") or 0
    return Answer(f"by-{grouping}", tuple(found), pledges=int(pledges))


def _named(groupby: str) -> Grouping:
    return next((g for g in _GROUPS.values() if g == groupby), "plan")


def _sharing(key: str, name: str) -> Sharing:
    return "shared" if name == SHARED else "unspecified" if not key and name == UNSPECIFIED else "single"


def _flows(data: Mapping[str, Any], what: Mapping[str, str]) -> Answer:
    found = tuple(_flow(f, what) for f in data["flows"])
    pledges = (data.get("incoming") or {}).get("pledgeTotal") or 0
    received = (data.get("incoming") or {}).get("fundingTotal")
    year = int(what["year"]) if what.get("year") else None
    total = Amount("country", what.get("locationid", ""), "", "total", year=year, received=_whole(received))
    return Answer(
        "flows", (total,) if received is not None and "locationid" in what else (), found,
        as_of=max((f.as_of for f in found), default=""), pledges=int(pledges),
    )  # fmt: skip


def _flow(flow: Mapping[str, Any], what: Mapping[str, str]) -> Flow:
    source, to = list(flow.get("sourceObjects") or ()), list(flow.get("destinationObjects") or ())
    donors, recipients = list(_of(source, "Organization")), list(_of(to, "Organization"))
    plans, years = list(_of(to, "Plan")), list(_of(to, "UsageYear"))
    return Flow(
        str(flow["id"]), int(flow["amountUSD"]), flow["status"], flow["boundary"], flow["onBoundary"],
        donor=", ".join(o["name"] for o in donors), donor_type=_types(donors),
        recipient=", ".join(o["name"] for o in recipients), recipient_type=_types(recipients),
        clusters=tuple(o["name"] for o in _of(to, "GlobalCluster")),
        plan_id=str(plans[0]["id"]) if plans else "", plan_name=plans[0]["name"] if plans else "",
        country=what.get("locationid", ""), year=int(years[0]["name"]) if len(years) == 1 else None,
        day=_day(flow.get("date")), as_of=_day(flow.get("updatedAt")),
    )  # fmt: skip


def _of(objects: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (o for o in objects if o["type"] == kind)


def _types(organisations: list[dict[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(t for o in organisations for t in o.get("organizationTypes") or ()))
