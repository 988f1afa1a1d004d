"""Writes of likely duplicates: proposed by the machine, decided by a person. Both incidents stay, one counts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils import timezone

from danbe.curate.models import DuplicateProposal, Incident, Violation
from danbe.curate.monitoring.duplicates import Seen, pairs
from danbe.curate.queries import incidents as queries
from danbe.curate.snapshots import Locator
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import User
from danbe.register.queries.geography import gazetteer

DUPLICATE = "DBL"


class AlreadyDecided(ValueError):
    """The proposal, or one of its incidents, was decided meanwhile."""


@action("incidents.propose_duplicates")
def propose_duplicates(user: User, since: date | None = None) -> int:
    """Looks for likely duplicates among the incidents the person sees (from ``since`` on) and proposes the new ones.

    Returns how many. A pair once decided is not proposed again.
    """
    found = queries.incidents(user).exclude(verification__in=(DUPLICATE, "REJ"))
    if since:
        found = found.filter(event_date__gte=since)
    known = set(DuplicateProposal.objects.values_list("first_id", "second_id"))
    proposed = DuplicateProposal.objects.bulk_create(
        [
            DuplicateProposal(first_id=p.first, second_id=p.second, score=p.score, reasons=p.reasons)
            for p in pairs(_seen(found))
            if (p.first, p.second) not in known
        ],
        batch_size=500,
    )
    note(proposed=len(proposed))
    return len(proposed)


def _seen(found: QuerySet[Incident]) -> list[Seen]:
    """What duplicates are told by, of each incident; places brought to cercle and commune of the reference division."""
    rows = list(
        found.order_by("pk").values_list(
            "pk", "place__place_id", "event_date", "date_precision", "perpetrator", "organisation_id"
        )
    )
    wanted = {row[0] for row in rows}
    kinds: dict[int, set[str]] = defaultdict(set)
    people: dict[int, int] = defaultdict(int)
    parts = Violation.objects.annotate(n=Sum("victims__victims")).values_list("incident_id", "category", "n")
    for incident, category, n in parts.iterator(chunk_size=5000):
        if incident in wanted:
            kinds[incident].add(category)
            people[incident] += n or 0
    locate = Locator(gazetteer())
    return [
        Seen(
            pk,
            locate(place).cercle,
            locate(place).commune,
            day,
            precision,
            frozenset(kinds[pk]),
            people[pk],
            perpetrator,
            organisation,
        )
        for pk, place, day, precision, perpetrator, organisation in rows
    ]


@action("incidents.merge")
def merge(user: User, proposal: DuplicateProposal, kept: Incident) -> DuplicateProposal:
    """Says that both incidents are one: ``kept`` counts, the other stays as its duplicate. Raises ``AlreadyDecided``."""
    found = _open(user, proposal)
    if kept.pk not in (found.first_id, found.second_id):
        raise ValueError(f"incident {kept.pk} is not of this proposal")
    gone = found.second if kept.pk == found.first_id else found.first
    keeper = found.first if kept.pk == found.first_id else found.second
    if DUPLICATE in (gone.verification, keeper.verification):
        raise AlreadyDecided(f"incident {gone.pk}, {keeper.pk}")
    gone.verification_before, gone.verification, gone.duplicate_of = gone.verification, DUPLICATE, keeper
    gone.save(update_fields=["verification", "verification_before", "duplicate_of"])
    # What was a duplicate of the one that goes is one of the one that stays.
    Incident.objects.filter(duplicate_of=gone).update(duplicate_of=keeper)
    note(kept=keeper.pk, duplicate=gone.pk)
    return _decide(user, found, DuplicateProposal.State.MERGED)


@action("incidents.keep_both")
def keep_both(user: User, proposal: DuplicateProposal) -> DuplicateProposal:
    """Says that the two are distinct incidents. Raises ``AlreadyDecided``."""
    found = _open(user, proposal)
    note(first=found.first_id, second=found.second_id)
    return _decide(user, found, DuplicateProposal.State.DISTINCT)


@action("incidents.undo_merge")
def undo_merge(user: User, proposal: DuplicateProposal) -> DuplicateProposal:
    """Takes a merge back: the duplicate counts again, as it did before. Raises ``AlreadyDecided``."""
    found = _of(user, proposal, DuplicateProposal.State.MERGED)
    gone = found.first if found.first.verification == DUPLICATE else found.second
    if gone.verification != DUPLICATE:
        raise AlreadyDecided(f"incident {gone.pk}")
    gone.verification, gone.verification_before, gone.duplicate_of = gone.verification_before, "", None
    gone.save(update_fields=["verification", "verification_before", "duplicate_of"])
    note(restored=gone.pk)
    return _decide(user, found, DuplicateProposal.State.OPEN)


def _open(user: User, proposal: DuplicateProposal) -> DuplicateProposal:
    return _of(user, proposal, DuplicateProposal.State.OPEN)


def _of(user: User, proposal: DuplicateProposal, state: str) -> DuplicateProposal:
    found = queries.proposals(user, state="").order_by().filter(pk=proposal.pk).select_for_update(of=("self",)).first()
    if found is None:
        raise NotAllowed(f"{user.username}: proposal {proposal.pk}")
    if found.state != state:
        raise AlreadyDecided(f"proposal {found.pk}")
    return found


def _decide(user: User, proposal: DuplicateProposal, state: str) -> DuplicateProposal:
    proposal.state = state
    proposal.decided_by, proposal.decided_at = user, timezone.now()
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    return proposal
