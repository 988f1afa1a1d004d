"""What a snapshot holds of services, pathways and community mechanisms. Reads only.

A safe space is placed at its cercle, whatever is known of it; services closed before the snapshot are not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue.services import SERVICE_REGISTERS, SERVICES
from danbe.reference.services import is_safe

if TYPE_CHECKING:
    import pyarrow as pa

    from danbe.curate.snapshots import Located, Locator


def _services(locate: Locator, organisations: dict[int, str]) -> Iterator[dict[str, Any]]:
    from danbe.register.models import Service

    same = [c.name for c in SERVICES.columns if c.name not in (
        "service_id", "organisation_id", "place", "region", "cercle", "commune")]  # fmt: skip
    rows = Service.objects.filter(closed_on=None).order_by("uuid")
    for row in rows.values("uuid", "organisation_id", "place__place_id", *same):
        where = locate(row.pop("place__place_id"))
        yield {
            **row,
            "service_id": str(row.pop("uuid")),
            "organisation_id": organisations[row["organisation_id"]] if row["organisation_id"] else None,
            **_place(where, is_safe(row["categories"])),
            # Who has no place yet cannot be sent to anybody.
            "public": bool(row["public"] and where.place),
        }


def _place(where: Located, coarse: bool) -> dict[str, str | None]:
    """The columns of place; ``coarse``: no finer than the cercle."""
    if coarse:
        return {"place": where.cercle or where.region, "region": where.region, "cercle": where.cercle, "commune": None}
    return {"place": where.place, "region": where.region, "cercle": where.cercle, "commune": where.commune}


def _pathways(locate: Locator, _: dict[int, str]) -> Iterator[dict[str, Any]]:
    from danbe.register.models import PathwayStep

    steps = PathwayStep.objects.select_related("pathway", "pathway__zone", "service")
    for step in steps.order_by("pathway__need", "pathway__zone__place_id", "number"):
        path, where = step.pathway, locate(step.pathway.zone.place_id)
        yield {
            "pathway_id": f"{path.need}-{where.place}", "step": step.number, "need": path.need, "place": where.place,
            "region": where.region, "cercle": where.cercle, "what_fr": step.what_fr, "what_en": step.what_en,
            "category": step.category, "delay_hours": step.delay_hours,
            "service_id": str(step.service.uuid) if step.service and step.service.closed_on is None else None,
            "verified_on": path.verified_on, "public": path.public,
        }  # fmt: skip


def _mechanisms(locate: Locator, organisations: dict[int, str]) -> Iterator[dict[str, Any]]:
    from danbe.register.models import Mechanism
    from danbe.register.queries.mechanisms import scored

    same = (
        "mechanism_type", "started_year", "members_women", "members_men", "members_young", "members_disability",
        "members_displaced", "training", "trained_on", "alert_channel", "gaps", "public",
    )  # fmt: skip
    found = list(Mechanism.objects.filter(closed_on=None).select_related("place").order_by("uuid"))
    for item in scored(found):
        m, latest = item.mechanism, item.latest
        yield {
            **{name: getattr(m, name) for name in same},
            **_place(locate(m.place.place_id), False),
            "mechanism_id": str(m.uuid),
            "organisation_id": organisations[m.initiator_id] if m.initiator_id else None,
            "quarter": latest.quarter if latest else None,
            "meetings": latest.meetings if latest else None,
            "alerts_raised": latest.alerts_raised if latest else None,
            "alerts_acted": latest.alerts_acted if latest else None,
            "score": item.score,
        }


def read_services(locate: Locator, organisations: dict[int, str], table: Callable[..., pa.Table]) -> dict[str, pa.Table]:  # fmt: skip
    """Services, pathways and mechanisms as they stand now; ``table`` makes an Arrow table of a dataset's rows."""
    readers = {"services": _services, "referral_pathways": _pathways, "mechanisms": _mechanisms}
    return {name: table(name, readers[name](locate, organisations)) for name in SERVICE_REGISTERS}
