"""Writes of funding: an answer of FTS or HPC kept verbatim, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.utils import timezone

from danbe.collect.pulls.fts import Answer, Flow, NotFunding, read
from danbe.collect.storage import TooLarge, store
from danbe.curate.models_funding import FundingAmount, FundingAnswer, FundingFlow
from danbe.register.audit import action, note
from danbe.register.models import User


@dataclass(frozen=True)
class Loaded:
    """What a file brought; ``known``: the same bytes were here before, and nothing changed."""

    answer: FundingAnswer
    known: bool = False
    amounts: int = 0
    flows: int = 0

    @property
    def pk(self) -> int:
        return self.answer.pk


@action("funding.load")
def load_answer(user: User, content: bytes, filename: str) -> Loaded:
    """Keeps the file by its hash and the amounts and flows in it. ``filename`` may be the address it was asked at.

    A file that gives no funding is kept too, with the reason. Raises ``NotFunding`` for an empty or oversized one.
    """
    name = filename if "?" in filename else PurePosixPath(filename.replace("\\", "/")).name
    try:
        sha256, size = store(content, settings.UPLOAD_LIMIT_BYTES)
    except TooLarge:
        raise NotFunding("Le fichier est trop gros.", "The file is too large.") from None
    if not size:
        raise NotFunding("Le fichier est vide : enregistrez la réponse à nouveau.", "The file is empty: save it again.")
    known = FundingAnswer.objects.filter(sha256=sha256).first()
    if known:
        note(sha256=sha256, known=True)
        return Loaded(known, True)
    today = timezone.localdate().isoformat()
    try:
        said, refused = read(content, name), ""
    except NotFunding as error:
        said, refused = Answer(""), error.fr
    answer = FundingAnswer.objects.create(
        sha256=sha256, filename=name[-250:], kind=said.kind, refused=refused, as_of=said.as_of or today,
        pledges=said.pledges, user=user,
    )  # fmt: skip
    # What is asked of FTS stands as of the day it was asked; a figure published without a date has none.
    undated = None if said.kind == "published" else said.as_of or today
    FundingAmount.objects.bulk_create(
        FundingAmount(answer=answer, **{f: getattr(a, f) for f in _SAME}, as_of=a.as_of or undated)
        for a in said.amounts
    )
    flows = _keep_flows(answer, said.flows, today)
    note(sha256=sha256, kind=said.kind, amounts=len(said.amounts), flows=flows)
    return Loaded(answer, False, len(said.amounts), flows)


_SAME = (
    "grouping", "key", "name", "sharing", "year", "country", "plan_id", "plan_code", "plan_name", "emergency", "required",
    "required_at_first", "received", "people_in_need", "people_targeted", "source",
)  # fmt: skip


def _keep_flows(answer: FundingAnswer, flows: tuple[Flow, ...], today: str) -> int:
    """Keeps flows not known yet, and those stated anew since."""
    youngest = {f.flow_id: f for f in sorted(flows, key=lambda f: f.as_of)}
    standing = {
        key: day.isoformat()
        for key, day in FundingFlow.objects.filter(flow_id__in=youngest).values_list("flow_id", "as_of")
    }
    fresh = [f for key, f in youngest.items() if key not in standing or (f.as_of or today) > standing[key]]
    FundingFlow.objects.filter(flow_id__in=[f.flow_id for f in fresh]).delete()
    FundingFlow.objects.bulk_create(
        FundingFlow(
            answer=answer, flow_id=f.flow_id, amount=f.amount, status=f.status, boundary=f.boundary,
            on_boundary=f.on_boundary, donor=f.donor, fund=f.fund, recipient=f.recipient, clusters=list(f.clusters),
            plan_id=f.plan_id, plan_name=f.plan_name, country=f.country, year=f.year, day=f.day or None,
            as_of=f.as_of or today,
        )
        for f in fresh
    )  # fmt: skip
    return len(fresh)
