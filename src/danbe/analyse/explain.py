"""Any number of the figures, explained: its formula in words, the steps to it, and the rows behind it."""

from __future__ import annotations

from danbe.analyse.explain_counts import COUNTED, REPORTED, explain_exposed, explain_presence, explain_reports
from danbe.analyse.explain_monitoring import UnknownCell, explain_monitoring
from danbe.analyse.explain_needs import explain_need
from danbe.analyse.explain_reach import ReachExplainer
from danbe.analyse.explanation import Explanation, Row, Step
from danbe.analyse.indicator import INDICATORS
from danbe.analyse.labels import Labels
from danbe.analyse.monitoring_tables import MONITORING_MEASURES
from danbe.analyse.periods import Period, periods_of
from danbe.analyse.response_key import KEY_FIGURES
from danbe.analyse.response_tables import MEASURES, Tables
from danbe.analyse.response_world import World
from danbe.analyse.snapshot import SnapshotReader
from danbe.reference.catalogue.figures import FIGURES, TOTAL

# A key figure is a cell of another table (or, for the last two columns, is explained under its own name).
_KEY = {
    "operational_presence": ("presence", "organisations"),
    "places_covered": ("presence", "places_covered"),
    "activities": ("presence", "activities"),
    "people_exposed": ("mass_awareness", "people_exposed"),
    "reports_expected": ("completeness", "expected"),
    "reports_received": ("completeness", "received"),
    "reporting_rate": ("completeness", "rate"),
    **{i: ("need_target_reached", m) for m, i in MEASURES["need_target_reached"].items()},
}
_TERMS = {"gap": ("target", "reached"), "coverage": ("reached", "target"), "rate": ("received", "expected")}


class CannotExplain(ValueError):
    """There is no such table, measure, place or period; the message (in French) says which there are."""


def explain(
    snapshot: SnapshotReader, table: str, measure: str, filters: dict[str, str] | None = None, language: str = "fr"
) -> Explanation:
    """The explanation of one number: ``measure`` of ``table`` in the cell that ``filters`` (dimension → value) name.

    Dimensions left out stand for the whole: the last year's span (the last month where a table has months only), the
    country, TOTAL. Raises ``CannotExplain`` for what does not exist. A cell without rows has the value ``None``.
    """
    return Explainer(snapshot, language).explain(table, measure, filters)


class Explainer:
    """Explains number after number of one snapshot, working out each period once."""

    def __init__(self, snapshot: SnapshotReader, language: str = "fr") -> None:
        self.snapshot = snapshot
        self.labels = Labels(snapshot, language)
        self._tables: dict[str, Tables] = {}

    def explain(self, table: str, measure: str, filters: dict[str, str] | None = None) -> Explanation:
        """As the function ``explain``."""
        filters = dict(filters or {})
        if table in MONITORING_MEASURES:
            try:
                return explain_monitoring(self.snapshot, table, measure, filters, self.labels)
            except UnknownCell as unknown:
                raise CannotExplain(str(unknown)) from None
        if table == "key_figures":
            wanted = filters.pop("indicator", measure)
            if wanted not in KEY_FIGURES:
                raise CannotExplain(f"chiffre clé inconnu : «{wanted}» ; il y a : {', '.join(KEY_FIGURES)}")
            table, measure = _KEY[wanted]
        elif table not in MEASURES:
            raise CannotExplain(f"table inconnue : «{table}» ; il y a : {', '.join(MEASURES)}")
        elif measure not in MEASURES[table]:
            raise CannotExplain(f"mesure inconnue dans {table} : «{measure}» ; il y a : {', '.join(MEASURES[table])}")
        filters = _completed(self.snapshot, table, filters)
        return _explained(self._of(filters["period"]), table, measure, filters, self.labels)

    def _of(self, period: str) -> Tables:
        if period not in self._tables:
            self._tables[period] = Tables(World(self.snapshot, [_period(self.snapshot, period)]))
        return self._tables[period]


def _completed(snapshot: SnapshotReader, table: str, filters: dict[str, str]) -> dict[str, str]:
    """The filters with every dimension of the table named."""
    known = FIGURES[table].key
    strange = sorted(set(filters) - set(known) - {"level"})
    if strange:
        raise CannotExplain(f"la table {table} n’a pas la dimension {', '.join(strange)} ; elle a : {', '.join(known)}")
    found = {k: v for k, v in filters.items() if k != "level"}
    if "period" not in found:
        periods = [p for p in periods_of(*snapshot.period) if p.kind != "compare"]
        kind = "month" if table in ("monthly", "completeness", "completeness_by_organisation") else "span"
        found["period"] = next((p.name for p in reversed(periods) if p.kind == kind), "")
    if "place" in known:
        found.setdefault("place", snapshot.country)
        if (
            found["place"] not in snapshot.table("places")["place_id"].to_pylist()
            and found["place"] != snapshot.country
        ):
            raise CannotExplain(f"lieu inconnu de cet instantané : «{found['place']}»")
    if "aor" in known:
        found.setdefault("aor", TOTAL)
    if "population_status" in known:
        found.setdefault("population_status", TOTAL)
    missing = [k for k in known if k not in found and k != "level"]
    if missing:
        raise CannotExplain(f"préciser {', '.join(missing)} : la table {table} n’a pas de total sur cette dimension")
    return found


def _period(snapshot: SnapshotReader, name: str) -> Period:
    periods = periods_of(*snapshot.period)
    for period in periods:
        if period.name == name:
            return period
    names = ", ".join(p.name for p in periods if p.kind == "span")
    raise CannotExplain(f"période inconnue : «{name}» ; il y a les mois AAAA-MM et : {names or 'aucune'}")


def _explained(tables: Tables, table: str, measure: str, filters: dict[str, str], labels: Labels) -> Explanation:
    indicator = INDICATORS["places_covered" if measure == "places_covered" else MEASURES[table][measure]]
    parts: list[Explanation] = []
    steps: list[Step] = []
    rows: list[Row] = []
    if measure in _TERMS:
        parts = [_explained(tables, table, term, filters, labels) for term in _TERMS[measure]]
        value = _combined(measure, parts[0].value, parts[1].value)
        if measure == "gap" and value is not None:
            steps = [_term(parts[0], 1, labels), _term(parts[1], -1, labels)]
    else:
        steps, rows = _taken_apart(tables, table, measure, filters, labels)
        value = sum(s.contribution for s in steps) if steps else None
        if measure in REPORTED and not steps and tables.calendar.count().execute():
            value = 0  # a month without an expected report, among months that have some
        if measure == "places_covered" and not steps and tables.world.acts_in.count().execute():
            value = 0  # rows, but none of a known cercle
        if measure == "excess" and not steps:
            value = _known_excess(tables, filters, labels)
    shown = filters if table != "monthly" else {k: v for k, v in filters.items() if k != "population_status"}
    return Explanation(
        table, measure, shown, value, indicator.label(labels.language), indicator.unit, indicator.formula,
        indicator.definition(labels.language), steps, rows, parts,
    )  # fmt: skip


def _taken_apart(
    tables: Tables, table: str, measure: str, filters: dict[str, str], labels: Labels
) -> tuple[list[Step], list[Row]]:
    if measure in ("people_in_need", "target"):
        return explain_need(tables.world, measure, filters, labels)
    if measure in COUNTED:
        return explain_presence(tables, measure, filters, labels)
    if measure == "people_exposed":
        return explain_exposed(tables, filters, labels)
    if measure in REPORTED:
        return explain_reports(tables, measure, filters, labels)
    reach = ReachExplainer(tables, dict(filters), labels)
    ways = {"reached": reach.reached, "reached_lower": reach.lower, "excess": reach.excess}
    return ways.get(measure, reach.services)()


def _known_excess(tables: Tables, filters: dict[str, str], labels: Labels) -> float | None:
    """0 where a need is known and not exceeded, ``None`` where none is known."""
    return 0 if any(c["cap"] is not None for c in ReachExplainer(tables, dict(filters), labels)._cells()) else None


def _combined(measure: str, first: float | None, second: float | None) -> float | None:
    if first is None or second is None:
        return None
    if measure == "gap":
        return first - second
    return first / second if second else None


def _term(part: Explanation, sign: int, labels: Labels) -> Step:
    value = part.value or 0
    text = labels.say("%(label)s : %(value)s", label=part.label, value=labels.number(value))
    return Step("value", text, value, sign * value)
