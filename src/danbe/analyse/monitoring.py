# fmt: off
"""The figures of protection monitoring, each declared once with the expression that works it out (field brief §2).

Every function takes the Ibis relation named in its docstring (see ``monitoring_world``) and gives an Ibis value. Counted
are documented and corroborated incidents, by the month of the event; flash alerts stand apart. A figure has one unit.
"""

from __future__ import annotations

from typing import Any

from danbe.analyse.indicator import indicator
from danbe.reference.change import SMALLEST_BASE

_PLACE = ("period", "level", "place")
_CUT = (*_PLACE, "category")
_SOURCE = "Cluster Protection Mali, monitoring de protection"


def _sum(column: Any) -> Any:
    return column.sum().cast("int64")


@indicator(
    "incidents", "Incidents documentés", "Documented incidents",
    unit="incidents", numerator="distinct incident, verification in (DOC, TRI, CLOS)", period_logic="flow", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Incidents documentés ou corroborés, au mois de l’événement. Un incident peut compter plusieurs violations : les deux ne s’additionnent pas.",
    definition_en="Documented or corroborated incidents, in the month of the event. An incident may hold several violations: the two are never added.",
)
def incidents(received: Any) -> Any:
    """Over the incidents received."""
    return _sum(received.documented)


@indicator(
    "incidents_received", "Incidents reçus", "Incidents received",
    unit="incidents", numerator="incidents but duplicates", period_logic="flow", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Tous les incidents reçus, infirmés compris, sans les doublons.", definition_en="All incidents received, refuted ones included, without duplicates.",
)
def incidents_received(received: Any) -> Any:
    """Over the incidents received."""
    return received.count()


@indicator(
    "flash_alerts", "Alertes rapides non documentées", "Flash alerts not documented",
    unit="alertes", numerator="incidents, verification in (ALERTE, ENCOURS)", period_logic="flow", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Alertes reçues qui ne sont encore ni documentées ni infirmées ; jamais comptées en violations.", definition_en="Alerts received that are neither documented nor refuted yet; never counted as violations.",
)
def flash_alerts(received: Any) -> Any:
    """Over the incidents received."""
    return _sum(received.alert)


@indicator(
    "violations", "Violations", "Violations",
    unit="violations", numerator="distinct violation of a documented incident, category ≠ MVT, VSLC", period_logic="flow", dimensions=(*_CUT, "organisation_id"), source=_SOURCE,
    definition_fr="Violations des incidents documentés ou corroborés, au mois de l’événement. Les mouvements forcés ont leur unité (mouvements, personnes déplacées) et les violences sexuelles liées au conflit leur circuit : ni les uns ni les autres n’y entrent.",
    definition_en="Violations of documented or corroborated incidents, in the month of the event. Forced movements have their own units (movements, people displaced) and conflict-related sexual violence its own channel: neither is counted here.",
)
def violations(rows: Any) -> Any:
    """Over the violations."""
    return rows.count()


@indicator(
    "previous_violations", "Violations de la période précédente", "Violations of the previous period",
    unit="violations", numerator="violations(period − 1)", period_logic="flow", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Pour un mois, le mois d’avant ; pour un intervalle, les mêmes mois un an avant. Vide quand la typologie a changé entre les deux.",
    definition_en="For a month, the month before; for a span, the same months a year before. Empty where the typology changed between the two.",
)
def previous_violations(trend: Any) -> Any:
    """Over the trend."""
    return trend.previous_violations


@indicator(
    "year_before_violations", "Violations des mêmes mois un an avant", "Violations of the same months a year before",
    unit="violations", numerator="violations(period − 12 months)", period_logic="flow", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Les mêmes mois de l’année d’avant. Vide quand la typologie a changé entre les deux.", definition_en="The same months of the year before. Empty where the typology changed between the two.",
)
def year_before_violations(trend: Any) -> Any:
    """Over the trend."""
    return trend.year_before_violations


def _change(value: Any, base: Any) -> Any:
    """``reference.change.change`` as an expression: the one formula, and none under the smallest base."""
    import ibis

    return ibis.ifelse(base >= SMALLEST_BASE, (value - base) / base.nullif(0), ibis.null("float64"))


@indicator(
    "violations_change", "Variation des violations", "Change in violations",
    unit="ratio", numerator="violations − previous_violations", denominator="previous_violations", period_logic="ratio", dimensions=_PLACE, source=_SOURCE,
    definition_fr="(P − P₋₁) / P₋₁. Pas de pourcentage sur une base de moins de 30, ni d’une typologie à l’autre.", definition_en="(P − P₋₁) / P₋₁. No percentage on a base under 30, nor across a change of typology.",
)
def violations_change(trend: Any) -> Any:
    """Over the trend."""
    return _change(trend.violations, trend.previous_violations)


@indicator(
    "violations_year_change", "Variation des violations sur un an", "Change in violations over a year",
    unit="ratio", numerator="violations − year_before_violations", denominator="year_before_violations", period_logic="ratio", dimensions=_PLACE, source=_SOURCE,
    definition_fr="(P − P₋₁₂) / P₋₁₂, mêmes règles que la variation.", definition_en="(P − P₋₁₂) / P₋₁₂, by the same rules as the change.",
)
def violations_year_change(trend: Any) -> Any:
    """Over the trend."""
    return _change(trend.violations, trend.year_before_violations)


@indicator(
    "active_monitors", "Moniteurs actifs", "Active monitors",
    unit="moniteurs", numerator="distinct monitor with an incident received", period_logic="stock", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Moniteurs qui ont rapporté au moins un incident au lieu et dans la période.", definition_en="Monitors who reported at least one incident in the place and period.",
)
def active_monitors(received: Any) -> Any:
    """Over the incidents received."""
    return received.monitor.nunique()


@indicator(
    "violations_per_monitor", "Violations par moniteur actif", "Violations per active monitor",
    unit="violations par moniteur", numerator="violations", denominator="active_monitors", period_logic="ratio", dimensions=_PLACE, source=_SOURCE,
    definition_fr="La tendance à effort égal : là où les moniteurs sont plus nombreux, on voit davantage. À lire à côté du chiffre brut.",
    definition_en="The trend at equal effort: where there are more monitors, more is seen. To be read beside the raw figure.",
)
def violations_per_monitor(trend: Any) -> Any:
    """Over the trend."""
    return trend.violations / trend.active_monitors.nullif(0)


@indicator(
    "violation_incidence", "Incidence des violations", "Incidence of violations",
    unit="pour 100 000 habitants", numerator="violations × 100 000", denominator="population", period_logic="ratio", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Violations pour 100 000 habitants du lieu, sur la période ; «n.d.» où la population n’est pas connue.", definition_en="Violations per 100,000 inhabitants of the place over the period; 'n/a' where the population is not known.",
)
def violation_incidence(trend: Any) -> Any:
    """Over the trend."""
    return trend.violations * 100_000.0 / trend.population.nullif(0)


@indicator(
    "documentation_rate", "Taux de documentation", "Documentation rate",
    unit="ratio", numerator="incidents", denominator="incidents_received", period_logic="ratio", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Part des incidents reçus qui ont été documentés ou corroborés.", definition_en="Share of incidents received that were documented or corroborated.",
)
def documentation_rate(received: Any) -> Any:
    """Over the incidents received."""
    return received.documented.sum() / received.count()


@indicator(
    "report_delay", "Délai médian événement – rapport", "Median delay event – report",
    unit="jours", numerator="median(reported_on − event_date)", period_logic="stock", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Médiane des jours entre l’événement et son rapport.", definition_en="Median of the days between event and report.",
)
def report_delay(received: Any) -> Any:
    """Over the incidents received."""
    return received.report_days.median().cast("float64")


@indicator(
    "validation_delay", "Délai médian rapport – validation", "Median delay report – validation",
    unit="jours", numerator="median(validated_on − reported_on)", period_logic="stock", dimensions=_PLACE, source=_SOURCE,
    definition_fr="Médiane des jours entre le rapport et sa validation, pour les incidents validés.", definition_en="Median of the days between report and validation, for validated incidents.",
)
def validation_delay(received: Any) -> Any:
    """Over the incidents received."""
    return received.validation_days.median().cast("float64")


@indicator(
    "victims", "Victimes", "Victims",
    unit="personnes", numerator="Σ victims", period_logic="flow", dimensions=(*_CUT, "sex_age", "population_status", "organisation_id"), source=_SOURCE,
    definition_fr="Personnes qui ont subi une violation comptée. Une personne qui en a subi deux compte dans chacune. Les déplacés d’un mouvement forcé n’y sont pas.",
    definition_en="People who suffered a counted violation. A person who suffered two counts in each. People displaced by a forced movement are not among them.",
)
def victims(groups: Any) -> Any:
    """Over the victim groups."""
    return _sum(groups.victims)


@indicator(
    "victims_killed", "Personnes tuées", "People killed",
    unit="personnes", numerator="Σ killed", period_logic="flow", dimensions=(*_CUT, "sex_age"), source=_SOURCE,
    definition_fr="Victimes tuées.", definition_en="Victims killed.",
)
def victims_killed(groups: Any) -> Any:
    """Over the victim groups."""
    return _sum(groups.killed)


@indicator(
    "victims_injured", "Personnes blessées", "People injured",
    unit="personnes", numerator="Σ injured", period_logic="flow", dimensions=(*_CUT, "sex_age"), source=_SOURCE,
    definition_fr="Victimes blessées.", definition_en="Victims injured.",
)
def victims_injured(groups: Any) -> Any:
    """Over the victim groups."""
    return _sum(groups.injured)
