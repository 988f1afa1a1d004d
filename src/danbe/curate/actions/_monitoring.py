"""The steps of keeping incidents and movements: many at once, in a few statements. No verb of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from danbe.curate.models import (
    Incident,
    MappedSubmission,
    Movement,
    MovementStatus,
    Narrative,
    Response,
    VictimGroup,
    Violation,
)
from danbe.curate.monitoring.drafts import IncidentDraft
from danbe.curate.monitoring.narratives import known_names, lock, look_over
from danbe.curate.movements.drafts import MovementDraft, counted
from danbe.reference.personal import count
from danbe.reference.typology import in_current, risk
from danbe.register.models import Place, User

BATCH = 500


@dataclass(slots=True)
class From:
    """Who and what a draft comes from."""

    organisation_id: int
    monitor_id: int | None = None
    submission: MappedSubmission | None = None
    verification: str = "ENCOURS"
    status: str = "ALERTE"
    validated_on: date | None = None
    validated_by_id: int | None = None


def place_keys(ids: Iterable[str | None]) -> dict[str, int]:
    """place id → primary key, of those that exist."""
    wanted = {i for i in ids if i}
    return dict(Place.objects.filter(place_id__in=wanted).values_list("place_id", "pk"))


def keep_incidents(user: User, drafts: Sequence[tuple[IncidentDraft, From]]) -> list[Incident]:
    """Checked drafts kept, with violations, victim groups, responses and narratives."""
    places = place_keys(d.place for d, _ in drafts)
    made = Incident.objects.bulk_create(
        [
            Incident(
                organisation_id=of.organisation_id, monitor_id=of.monitor_id, place_id=places.get(d.place or ""),
                record_type=d.record_type, event_date=d.event_date, date_precision=d.date_precision,
                reported_on=d.reported_on, location_type=d.location_type, perpetrator=d.perpetrator or "INC",
                source_type=d.source_type, source_reliability=d.source_reliability or "F",
                information_credibility=d.information_credibility or "6", verification=of.verification,
                consent=d.consent, typology=d.typology, validated_on=of.validated_on,
                validated_by_id=of.validated_by_id, submission=of.submission, created_by=user,
            )
            for d, of in drafts
        ],
        batch_size=BATCH,
    )  # fmt: skip
    parts = [(i, d, v) for i, (d, _) in zip(made, drafts, strict=True) for v in d.violations]
    violations = Violation.objects.bulk_create(
        [
            Violation(
                incident=i,
                category=v.category,
                subtype=v.subtype,
                risk=v.risk or risk(in_current(v.category, d.typology, v.subtype), v.subtype),
            )
            for i, d, v in parts
        ],
        batch_size=BATCH,
    )
    groups = [(kept, g) for kept, (_, _, v) in zip(violations, parts, strict=True) for g in v.victims]
    VictimGroup.objects.bulk_create(
        [
            VictimGroup(
                violation=kept, sex=g.sex or "INC", age_group=g.age_group or "INC",
                population_status=g.population_status or "INC", directness=g.directness or "DIR", victims=g.victims,
                unknown=g.unknown, killed=g.killed, injured=g.injured, with_disability=g.with_disability,
            )
            for kept, g in groups
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Response.objects.bulk_create(
        [
            Response(
                incident=i, need=r.need, consented=r.consented, outcome=r.outcome, service_id=r.service_id,
                referred_on=r.referred_on, completed_on=r.completed_on,
            )
            for i, (d, _) in zip(made, drafts, strict=True)
            for r in d.responses
        ],
        batch_size=BATCH,
    )  # fmt: skip
    told = [(i, d.narrative) for i, (d, _) in zip(made, drafts, strict=True) if d.narrative.strip()]
    known = known_names() if told else frozenset()
    Narrative.objects.bulk_create(
        [
            Narrative(incident=i, ciphertext=lock(text), found=count(look_over(text, known)), written_by=user)
            for i, text in told
        ],
        batch_size=BATCH,
    )
    return made


def keep_movements(
    user: User, drafts: Sequence[tuple[MovementDraft, From]], incidents: Sequence[Incident | None] | None = None
) -> list[Movement]:
    """Checked drafts kept, each with the first step of its chain."""
    places = place_keys(p for d, _ in drafts for p in (d.origin, d.destination))
    of_incident = incidents or [None] * len(drafts)
    rows: list[Any] = []
    for (d, of), incident in zip(drafts, of_incident, strict=True):
        individuals, imputed = counted(d)
        rows.append(
            Movement(
                organisation_id=of.organisation_id, monitor_id=of.monitor_id, incident=incident,
                origin_id=places.get(d.origin or ""), destination_id=places.get(d.destination or ""),
                event_date=d.event_date, date_precision=d.date_precision, reported_on=d.reported_on, cause=d.cause,
                population_status=d.population_status or "INC", households=d.households, individuals=individuals,
                imputed=imputed, household_size=d.household_size, method=d.method, host_type=d.host_type, wave=d.wave,
                status=of.status, assessment=d.assessment, submission=of.submission, created_by=user,
            )
        )  # fmt: skip
    made = Movement.objects.bulk_create(rows, batch_size=BATCH)
    MovementStatus.objects.bulk_create(
        [
            MovementStatus(movement=m, status=m.status, on=of.validated_on or m.reported_on, user=user)
            for m, (_, of) in zip(made, drafts, strict=True)
        ],
        batch_size=BATCH,
    )
    return made
