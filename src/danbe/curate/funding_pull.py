"""The questions asked of FTS, one after the other; each answer is kept before the next is asked.

Cut short, a pull asks again on the next run: answers already here by their hash change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.conf import settings

from danbe.collect.pulls.fetch import Remote
from danbe.curate.actions.funding import Loaded, load_answer
from danbe.curate.funding_pack import location
from danbe.curate.models_funding import FundingAmount
from danbe.register.models import User

PAGE = 1_000


def pull(user: User, year: int, server: str, remote: Remote | None = None) -> Iterator[tuple[str, Loaded]]:
    """Yields (address, what it brought). Raises ``FieldRefused`` with what the server said, or that it is out of reach."""
    remote = remote or Remote(server)
    progress = f"/2/fts/flow/plan/overview/progress/{year}"
    yield _keep(user, remote, progress)
    country = settings.COUNTRY_PACK.upper()
    plans = FundingAmount.objects.filter(grouping="plan", country=country, year=year, emergency="").exclude(plan_id="")
    # Published figures name plans by other numbers than those of FTS.
    known = plans.exclude(answer__kind="published").order_by("plan_id").values_list("plan_id", flat=True).distinct()
    for plan in (p for p in known if p.isdigit()):
        yield _keep(user, remote, f"/1/fts/flow/custom-search?planid={plan}&groupby=globalcluster")
    if where := location(settings.COUNTRY_PACK):
        following = f"/1/fts/flow/custom-search?locationid={where}&year={year}&limit={PAGE}&page=1"
        seen: set[str] = set()
        while following and following not in seen:
            seen.add(following)
            content = remote.get(following).content
            yield following, load_answer(user, content, following)
            following = (json.loads(content).get("meta") or {}).get("nextLink") or ""


def _keep(user: User, remote: Remote, address: str) -> tuple[str, Loaded]:
    return address, load_answer(user, remote.get(address).content, address)
