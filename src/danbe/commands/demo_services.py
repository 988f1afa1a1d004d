"""The steps of ``danbe demo`` for services, pathways and community mechanisms, through the doors of the screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danbe.reference.geography import Gazetteer
    from danbe.register.models import Organisation, User


def take_in_services(user: User, gazetteer: Gazetteer, organisations: Mapping[str, Organisation], seed: int, year: int) -> dict[str, int]:  # fmt: skip
    """Records what the register does not hold yet; how many there are of each."""
    from danbe.packs.mli.demo.services import demo_mechanisms, demo_services
    from danbe.register.models import Mechanism, Place, ReferralPathway, Service

    if not Service.objects.exists():
        places = {p.place_id: p for p in Place.objects.filter(level__in=(1, 2, 3))}
        _services(user, list(demo_services(gazetteer, sorted(organisations), seed)), places, organisations)
        _pathways(user, gazetteer, places)
        _mechanisms(user, list(demo_mechanisms(gazetteer, sorted(organisations), seed, year)), places, organisations)
    return {
        "services": Service.objects.count(), "referral_pathways": ReferralPathway.objects.count(),
        "mechanisms": Mechanism.objects.count(),
    }  # fmt: skip


def _services(user: User, made: Any, places: Any, organisations: Mapping[str, Organisation]) -> None:
    from django.utils import timezone

    from danbe.register.actions.services import record_service, verify_service

    today = timezone.localdate()
    for item in made:
        service = record_service(user, item.said, places[item.place.id], organisations[item.acronym])
        if item.age is not None:
            verify_service(user, service, today - timedelta(days=item.age))


def _pathways(user: User, gazetteer: Gazetteer, places: Any) -> None:
    from danbe.packs.mli.demo.services import PATHWAYS
    from danbe.register.actions.services import draw_pathway
    from danbe.register.models import Service

    for region in ("Mopti", "Gao"):
        zone = next(u for u in gazetteer.units(1) if u.name == region and gazetteer.is_current(u))
        near = list(Service.objects.exclude(verified_on=None).select_related("place__parent__parent"))
        near = [
            s
            for s in near
            if s.place and places[zone.id].pk in (s.place.parent_id, getattr(s.place.parent, "parent_id", None))
        ]
        for need, steps in PATHWAYS.items():
            drawn = [
                {"category": code, "what_fr": fr, "what_en": en, "delay_hours": hours,
                 "service": next((s for s in near if code in s.categories.split()), None)}
                for code, fr, en, hours in steps
            ]  # fmt: skip
            draw_pathway(user, need, places[zone.id], drawn)


def _mechanisms(user: User, made: Any, places: Any, organisations: Mapping[str, Organisation]) -> None:
    from danbe.register.actions.mechanisms import record_mechanism, report_quarter

    for item in made:
        mechanism = record_mechanism(user, item.said, places[item.place.id], organisations[item.acronym])
        for quarter, (meetings, raised, acted) in item.quarters.items():
            report_quarter(
                user, mechanism, quarter, {"meetings": meetings, "alerts_raised": raised, "alerts_acted": acted}
            )
