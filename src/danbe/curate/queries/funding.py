"""Reads of funding: what stands for the country, by year and area of responsibility, by donor; the answers received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, F, QuerySet

from danbe.collect.pulls.fts import AORS, FUNDED
from danbe.curate.models_funding import FundingAmount, FundingAnswer, FundingFlow
from danbe.register.models import User

PLAN, UNSPECIFIED, SHARED = "PLAN", "NON_PRECISE", "PARTAGE"
"""Parts that are no area of responsibility: the whole plan; funding of no stated cluster; of several at once."""


_OLDEST_FIRST = (F("as_of").asc(nulls_first=True), "pk")


@dataclass(frozen=True)
class Line:
    """Requirement and funding of one part of one plan, as of a date. ``None``: nobody stated it («n.d.»)."""

    year: int
    part: str
    plan_code: str
    plan_name: str
    required: int | None
    received: int | None
    people_in_need: int | None
    people_targeted: int | None
    as_of: date | None
    source: str

    @property
    def gap(self) -> int | None:
        return None if self.required is None or self.received is None else self.required - self.received

    @property
    def coverage(self) -> float | None:
        """Received over required; never said where no requirement is known."""
        return None if not self.required or self.received is None else self.received / self.required


def answers(user: User) -> QuerySet[FundingAnswer]:
    """The answers received, youngest first; nobody is kept from public figures."""
    return FundingAnswer.objects.annotate(lines=Count("amounts")).order_by("-at", "-pk")


def lines(user: User) -> list[Line]:
    """What stands for the country of the pack, by year and part."""
    return standing_lines()


def standing_lines() -> list[Line]:
    """As ``lines``, for the snapshot. Of two statements of the same part, the one as of the later date stands;
    a plan's clusters, which FTS gives without year and country, take those of their plan."""
    country = settings.COUNTRY_PACK.upper()
    plans = {
        a.plan_id: a
        for a in FundingAmount.objects.filter(grouping="plan", country=country, emergency="").order_by(*_OLDEST_FIRST)
        if a.plan_id
    }
    groupings = ("plan", "globalcluster")
    found: dict[tuple[int, str], FundingAmount] = {}
    for amount in FundingAmount.objects.filter(grouping__in=groupings, emergency="").order_by(*_OLDEST_FIRST):
        plan = plans.get(amount.plan_id)
        if plan and not amount.country:
            amount.country, amount.year = plan.country, plan.year
            amount.plan_code, amount.plan_name = plan.plan_code, plan.plan_name
        part = _part(amount)
        if amount.country == country and amount.year and part:
            found[(amount.year, part)] = amount
    return [
        Line(
            year, part, a.plan_code, a.plan_name, a.required, a.received, a.people_in_need, a.people_targeted, a.as_of,
            a.source or "OCHA, Financial Tracking Service (FTS)",
        )
        for (year, part), a in sorted(found.items())
    ]  # fmt: skip


def _part(amount: FundingAmount) -> str:
    if amount.grouping == "plan":
        return PLAN if amount.sharing == "single" else ""
    if amount.sharing == "single":
        return AORS.get(amount.key, "")
    return {"unspecified": UNSPECIFIED, "shared": SHARED}.get(amount.sharing, "")


def flows(user: User) -> list[FundingFlow]:
    """Flows into the country, paid or committed, wholly for it. Flows between organisations inside add nothing."""
    return standing_flows()


def standing_flows() -> list[FundingFlow]:
    """As ``flows``, for the snapshot."""
    from danbe.curate.funding_pack import location

    where = (settings.COUNTRY_PACK.upper(), location(settings.COUNTRY_PACK))
    return list(
        FundingFlow.objects.filter(
            country__in=where, status__in=FUNDED, boundary="incoming", on_boundary="single"
        ).order_by("year", "flow_id")
    )


def aor_of(clusters: Iterable[str]) -> str:
    """The part a flow belongs to: an area, another cluster («»), several at once, or none stated."""
    names = list(clusters)
    if not names:
        return UNSPECIFIED
    return SHARED if len(names) > 1 else _NAMES.get(names[0], "")


_NAMES = {
    "Protection": "CP", "Child Protection": "SCPE", "Gender Based Violence": "SCVBG",
    "Housing, Land and Property": "GT-LTPRN", "Mine Action": "GT-LAMH",
}  # fmt: skip
