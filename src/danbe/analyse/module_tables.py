"""The figure tables of the AoR modules, assembled from the declared indicators."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from danbe.analyse import modules
from danbe.analyse.monitoring_world import rolled, with_totals

if TYPE_CHECKING:
    from danbe.analyse.monitoring_world import MonitoringWorld

_CASES = {"cases": "reported_cases", "served": "served_cases", "providers": "case_providers"}
MODULE_MEASURES: dict[str, dict[str, str]] = {
    "explosive_ordnance": {
        "accidents": "explosive_accidents",
        "killed": "explosive_killed",
        "injured": "explosive_injured",
        "civilians": "explosive_civilians",
        "civilian_share": "explosive_civilian_share",
    },
    "gbv_cases": _CASES,
    "child_protection_concerns": _CASES,
    "grave_violations": {"grave_violations": "grave_violations"},
    "land_disputes": {
        "disputes": "land_disputes",
        "resolved": "land_disputes_resolved",
        "households": "land_dispute_households",
    },
    "civil_documentation": {
        "informed": "documents_informed",
        "files": "documents_files",
        "judgments": "documents_judgments",
        "issued": "documents_issued",
    },
    "cohesion": {
        "events": "cohesion_events",
        "agreements": "cohesion_agreements",
        "holding": "cohesion_holding",
        "participants": "cohesion_participants",
    },
}
_WHERE = ("event_month", "region", "cercle")


class ModuleTables:
    """One table for each module, by place and category."""

    world: MonitoringWorld

    def _module(self, name: str, rows: Any, **measures: Any) -> Any:
        rows = self.world.in_periods(name, rows)
        rows = with_totals(rows.filter(rows.kind != "compare"), "category")
        return rolled(self.world.country, rows, ["period", "category"], **measures)

    @cached_property
    def explosive_ordnance(self) -> Any:
        found = self.world.of("explosive_accidents")
        hurt = self.world.of("explosive_victims")
        counted = {"killed": hurt.outcome == "TUE", "injured": hurt.outcome == "BLESSE", "civilians": hurt.casualty_status.fill_null("INC") == "CIV"}  # fmt: skip
        hurt = hurt.select(
            *_WHERE, category=hurt.device, accidents=hurt.victims * 0,
            **{name: chosen.ifelse(hurt.victims, 0) for name, chosen in counted.items()},
        )  # fmt: skip
        none = found.accident_id.length().cast("int64") * 0
        found = found.select(*_WHERE, category=found.device, accidents=none + 1, killed=none, injured=none, civilians=none)  # fmt: skip
        table = self._module(
            "eo", found.union(hurt), accidents=modules.accidents, killed=modules.eo_killed, injured=modules.eo_injured,
            civilians=modules.civilians,
        )  # fmt: skip
        return table.mutate(civilian_share=modules.civilian_share(table))

    def _aggregates(self, module: str) -> Any:
        """A module's aggregates in each period that holds theirs in full: a quarter is in no month."""
        rows = self.world.of("aor_aggregates")
        rows = rows.filter(rows.module == module)
        first, last = rows.period.substr(0, 7), rows.month
        rows = rows.select("region", "cases", "served", "providers", first=first, last=last, category=rows.type)
        months = self.world.months.filter(self.world.months.kind != "compare")
        spans = months.group_by("period").agg(start=months.report_month.min(), end=months.report_month.max())
        held = rows.cross_join(spans)
        held = held.filter((held.start <= held.first) & (held.last <= held.end))
        return with_totals(
            held.select("period", "region", "category", "cases", "served", "providers", cercle=held.region), "category"
        )

    def _cases(self, module: str) -> Any:
        return rolled(
            self.world.country,
            self._aggregates(module),
            ["period", "category"],
            levels="10",
            cases=modules.reported_cases,
            served=modules.served_cases,
            providers=modules.case_providers,
        )

    @cached_property
    def gbv_cases(self) -> Any:
        return self._cases("VBG")

    @cached_property
    def child_protection_concerns(self) -> Any:
        return self._cases("PE")

    @cached_property
    def grave_violations(self) -> Any:
        rows = self._aggregates("MRM")
        measures = {"grave_violations": modules.grave_violations}
        return rolled(self.world.country, rows, ["period", "category"], levels="10", **measures)

    @cached_property
    def land_disputes(self) -> Any:
        rows = self.world.of("hlp_disputes")
        rows = rows.select(
            *_WHERE, category=rows.dispute_type, disputes=rows.dispute_id.length().cast("int64") * 0 + 1,
            resolved=(rows.stage == "RESOLU").cast("int64"), households=rows.households,
        )  # fmt: skip
        return self._module(
            "disputes",
            rows,
            disputes=modules.disputes,
            resolved=modules.resolved,
            households=modules.dispute_households,
        )

    @cached_property
    def civil_documentation(self) -> Any:
        rows = self.world.of("civil_documents")
        stages = {"informed": "SENS", "files": "DOSS", "judgments": "JUGT", "issued": "DELIV"}
        counts = {name: (rows.stage == code).ifelse(rows.people, 0) for name, code in stages.items()}
        rows = rows.select(*_WHERE, category=rows.document, **counts)
        measures = {name: getattr(modules, name) for name in stages}
        return self._module("documents", rows, **measures)

    @cached_property
    def cohesion(self) -> Any:
        rows = self.world.of("social_cohesion")
        agreed = rows.agreement.fill_null(False).cast("int64")
        rows = rows.select(
            *_WHERE, category=rows.kind, events=agreed * 0 + 1, agreements=agreed,
            holding=(rows.followup_6.fill_null("") == "TIENT").cast("int64"), participants=rows.participants,
        )  # fmt: skip
        measures = {n: getattr(modules, n) for n in ("events", "agreements", "holding", "participants")}
        return self._module("cohesion", rows, **measures)
