"""What a snapshot holds of monitoring, movements and AoR modules, column by column. Reads only.

Narratives are in no snapshot. A monitor is a number, not a name. Withdrawn rows are left out; duplicates and refuted
incidents stay, with their state, because rates of documentation count them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue import MONITORING
from danbe.reference.catalogue.aor_modules import MODULES
from danbe.reference.typology import in_current, risk

if TYPE_CHECKING:
    import pyarrow as pa

    from danbe.curate.snapshots import Locator

CHUNK = 5_000
_AGES = {"0-5": "0_17", "6-11": "0_17", "12-17": "0_17", "18-59": "18_59", "60+": "60"}


def sex_age(sex: str, age: str) -> str:
    """The code of ``sex_age`` for a sex and an age group; INC where the sex is not known, F_INC and M_INC by age."""
    return f"{sex}_{_AGES.get(age, 'INC')}" if sex in ("F", "M") else "INC"


class _Incidents:
    """Where and when each incident took place, and what its rows in every dataset share; read once."""

    def __init__(self, locate: Locator, organisations: dict[int, str]) -> None:
        from danbe.curate.models import Incident

        self.locate = locate
        rows = Incident.objects.filter(withdrawn_at=None).order_by("pk")
        fields = (
            "pk", "organisation_id", "event_date", "place__place_id", "verification", "typology", "perpetrator",
        )  # fmt: skip
        self.shared: dict[int, dict[str, Any]] = {}
        self.typology: dict[int, str] = {}
        self.perpetrator: dict[int, str] = {}
        for pk, organisation, day, place, verification, typology, perpetrator in rows.values_list(*fields).iterator(
            CHUNK
        ):
            where = locate(place)
            self.typology[pk], self.perpetrator[pk] = typology, perpetrator
            self.shared[pk] = {
                "organisation_id": organisations[organisation],
                "event_month": f"{day:%Y-%m}",
                "region": where.region,
                "cercle": where.cercle,
                "commune": where.commune,
                "verification": verification,
            }


def _incidents(known: _Incidents) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import Incident

    same = (
        "record_type", "event_date", "date_precision", "reported_on", "validated_on", "location_type", "perpetrator",
        "source_type", "source_reliability", "information_credibility", "consent", "typology",
    )  # fmt: skip
    rows = Incident.objects.filter(withdrawn_at=None).order_by("pk")
    for row in rows.values("pk", "monitor_id", *same).iterator(CHUNK):
        pk = row.pop("pk")
        monitor = row.pop("monitor_id")
        yield {**row, **known.shared[pk], "incident_id": str(pk), "monitor": f"m{monitor}" if monitor else None}


def _violations(known: _Incidents) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import Violation

    rows = Violation.objects.filter(incident__withdrawn_at=None).order_by("pk")
    for pk, incident, category, kind, said in rows.values_list(
        "pk", "incident_id", "category", "subtype", "risk"
    ).iterator(CHUNK):
        typology = known.typology[incident]
        current = in_current(category, typology, kind)
        yield {
            **known.shared[incident],
            "violation_id": str(pk),
            "incident_id": str(incident),
            "category": current,
            "subtype": kind or None,
            "risk": said or risk(current, kind) or None,
            "typology": typology,
            "perpetrator": known.perpetrator[incident],
        }


def _victims(known: _Incidents) -> Iterator[dict[str, Any]]:
    """Those of unknown sex and age have a row of their own; what was said of killed and injured stays with the known."""
    from danbe.curate.models import VictimGroup

    rows = VictimGroup.objects.filter(violation__incident__withdrawn_at=None).order_by("pk")
    fields = (
        "pk", "violation_id", "violation__incident_id", "violation__category", "violation__subtype", "sex",
        "age_group", "population_status", "directness", "victims", "unknown", "killed", "injured", "with_disability",
    )  # fmt: skip
    for (
        pk, violation, incident, category, kind, sex, age, status, direct, victims, unknown, killed, injured, disabled,
    ) in rows.values_list(*fields).iterator(CHUNK):  # fmt: skip
        shared = {
            **known.shared[incident],
            "violation_id": str(violation),
            "category": in_current(category, known.typology[incident], kind),
            "population_status": status,
            "directness": direct,
        }
        certain = victims - unknown
        dead = min(killed, certain)
        hurt = min(injured, certain - dead)
        whole = {"sex": sex, "age_group": age, "sex_age": sex_age(sex, age)}
        if certain or not unknown:
            yield {
                **shared, **whole, "group_id": str(pk), "victims": certain, "killed": dead, "injured": hurt,
                "with_disability": min(disabled, certain),
            }  # fmt: skip
        if unknown:
            yield {
                **shared, "sex": "INC", "age_group": "INC", "sex_age": "INC", "group_id": f"{pk}-inc", "victims": unknown,
                "killed": killed - dead, "injured": injured - hurt, "with_disability": disabled - min(disabled, certain),
            }  # fmt: skip


def _responses(known: _Incidents) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import Response

    same = ("need", "consented", "outcome", "service_id", "referred_on", "completed_on")
    rows = Response.objects.filter(incident__withdrawn_at=None).order_by("pk")
    for row in rows.values("pk", "incident_id", *same).iterator(CHUNK):
        incident = row.pop("incident_id")
        yield {**row, **known.shared[incident], "response_id": str(row.pop("pk")), "incident_id": str(incident)}


def _movements(locate: Locator, organisations: dict[int, str]) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import Movement

    same = (
        "event_date", "reported_on", "status", "cause", "population_status", "households", "individuals", "imputed",
        "method", "host_type", "wave",
    )  # fmt: skip
    rows = Movement.objects.filter(withdrawn_at=None).order_by("pk")
    ends = ("origin__place_id", "destination__place_id")
    for row in rows.values("pk", "incident_id", "organisation_id", *ends, *same).iterator(CHUNK):
        start, end = locate(row.pop(ends[0])), locate(row.pop(ends[1]))
        incident = row.pop("incident_id")
        yield {
            **row,
            "movement_id": str(row.pop("pk")),
            "incident_id": str(incident) if incident else None,
            "organisation_id": organisations[row["organisation_id"]],
            "event_month": f"{row['event_date']:%Y-%m}",
            "origin": start.place,
            "origin_region": start.region,
            "origin_cercle": start.cercle,
            "destination": end.place,
            "destination_region": end.region,
            "destination_cercle": end.cercle,
        }


def _stocks(locate: Locator) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import DisplacementStock

    same = ("counted_on", "population_status", "households", "individuals", "source")
    for row in DisplacementStock.objects.order_by("counted_on", "pk").values("place__place_id", *same):
        where = locate(row.pop("place__place_id"))
        month = f"{row['counted_on']:%Y-%m}"
        yield {**row, "month": month, "place": where.place, "region": where.region, "cercle": where.cercle}


def _module(name: str, locate: Locator) -> Iterator[dict[str, Any]]:
    from danbe.curate.models import ModuleRow

    columns = [c.name for c in MODULES[name].columns]
    rows = ModuleRow.objects.filter(dataset=name).order_by("month", "row_key")
    for place, month, values in rows.values_list("place__place_id", "month", "values").iterator(CHUNK):
        where = locate(place)
        derived = {
            "place": where.place,
            "region": where.region,
            "cercle": where.cercle,
            "event_month": month,
            "month": month,
        }
        yield {c: derived[c] if c in derived else values.get(c) for c in columns}


def read_monitoring(locate: Locator, organisations: dict[int, str], table: Callable[..., pa.Table]) -> dict[str, pa.Table]:  # fmt: skip
    """Every dataset of monitoring as it stands now; ``table`` makes an Arrow table of a dataset's rows."""
    known = _Incidents(locate, organisations)
    rows: dict[str, Iterator[dict[str, Any]]] = {
        "incidents": _incidents(known),
        "violations": _violations(known),
        "victims": _victims(known),
        "responses": _responses(known),
        "movements": _movements(locate, organisations),
        "stocks": _stocks(locate),
    }
    return {name: table(name, rows[name] if name in rows else _module(name, locate)) for name in MONITORING}
