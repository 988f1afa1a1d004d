# fmt: off
"""The figures of the 5W, each declared once with the expression that works it out.

Every function takes the Ibis relation named in its docstring (see ``response_world`` and ``response_reach``) and gives
an Ibis value. Definitions follow the cluster's field brief §1.4 and §2.
"""

from __future__ import annotations

from typing import Any

from danbe.analyse.indicator import indicator

_PLACE = ("period", "level", "place", "aor")
_GROUP = (*_PLACE, "population_status")
_5W = "OCHA 3W/5W ; Cluster Protection Mali"


@indicator(
    "operational_presence", "Organisations présentes", "Organisations present",
    unit="organisations", numerator="distinct organisation_id", period_logic="stock", dimensions=_PLACE, source=_5W,
    definition_fr="Nombre d’organisations distinctes qui ont rapporté au moins une activité au lieu, dans le domaine et au mois considérés, ni annulée ni seulement prévue. Une organisation fusionnée compte sous le nom gardé.",
    definition_en="Number of distinct organisations that reported at least one activity in the place, area and period, neither cancelled nor merely planned. A merged organisation counts under the name kept.",
)
def operational_presence(acts: Any) -> Any:
    """Over the activity rows."""
    return acts.organisation_id.nunique(where=acts.present)


@indicator(
    "activities", "Activités", "Activities",
    unit="activités", numerator="rows of the 5W", period_logic="flow", dimensions=_PLACE, source=_5W,
    definition_fr="Nombre de lignes du 5W en vigueur, sans les activités annulées ou seulement prévues.",
    definition_en="Number of current rows of the 5W, without activities that are cancelled or merely planned.",
)
def activities(acts: Any) -> Any:
    """Over the activity rows."""
    return acts.activity_id.count(where=acts.present)


@indicator(
    "months_active", "Mois d’activité", "Months active",
    unit="mois", numerator="distinct report_month", period_logic="stock", dimensions=("period", "organisation_id", "place", "aor"), source=_5W,
    definition_fr="Nombre de mois pour lesquels l’organisation a rapporté au moins une activité dans le cercle.",
    definition_en="Number of months for which the organisation reported at least one activity in the cercle.",
)
def months_active(acts: Any) -> Any:
    """Over the activity rows."""
    return acts.report_month.nunique(where=acts.present)


@indicator(
    "places_covered", "Cercles couverts", "Cercles covered",
    unit="cercles", numerator="distinct cercle", period_logic="stock", dimensions=("period",), source=_5W,
    definition_fr="Nombre de cercles où au moins une organisation a rapporté une activité.",
    definition_en="Number of cercles where at least one organisation reported an activity.",
)
def places_covered(acts: Any) -> Any:
    """Over the activity rows."""
    return acts.cercle.nunique(where=acts.present)


@indicator(
    "services_delivered", "Services rendus", "Services delivered",
    unit="services", numerator="Σ reached", period_logic="flow", dimensions=(*_GROUP, "sex_age", "indicator_id"),
    definition_fr="Somme des nouveaux bénéficiaires directs de tous les indicateurs comptés en personnes. Une personne servie deux fois compte deux fois. Sans la sensibilisation de masse, les ménages ni les bénéficiaires récurrents ou indirects.",
    definition_en="Sum of the new direct beneficiaries of all indicators counted in persons. A person served twice counts twice. Without mass awareness, households, recurrent or indirect beneficiaries.",
    source="Cluster Protection Mali, déduplication du 5W",
)
def services_delivered(cells: Any) -> Any:
    """Over the cells (cercle × group), or the lines by sex and age."""
    return cells.services.sum()


@indicator(
    "people_reached", "Personnes atteintes", "People reached",
    unit="personnes", numerator="Σ min(max_aor max_i A(i, c, g), people_in_need)", period_logic="cumulative", dimensions=(*_GROUP, "sex_age", "indicator_id"),
    definition_fr="Personnes atteintes sans double compte : dans chaque commune et groupe, le plus grand des indicateurs qui se recouvrent (la somme de ceux déclarés disjoints), puis le plus grand des domaines ; plafonné aux personnes dans le besoin du cercle et du groupe, l’excédent étant montré à part.",
    definition_en="People reached without double counting: in each commune and group, the largest of overlapping indicators (the sum of those declared disjoint), then the largest of the areas; capped at the people in need of the cercle and group, the excess being shown apart.",
    source="HRP Mali 2019 («somme des plus grandes cibles par cercles») ; Cluster Protection Mali, déduplication du 5W",
)
def people_reached(cells: Any) -> Any:
    """Over the cells (cercle × group), or the cells by sex and age."""
    return cells.capped.sum()


@indicator(
    "people_reached_lower", "Personnes atteintes, borne basse", "People reached, lower bound",
    unit="personnes", numerator="Σ_cercle max_i,c,g min(A(i, c, g), people_in_need)", period_logic="cumulative", dimensions=_GROUP,
    definition_fr="Le plus grand effectif d’un seul indicateur, dans une seule commune et un seul groupe, de chaque cercle : ce qui resterait si toutes les autres lignes du cercle avaient servi les mêmes personnes.",
    definition_en="The largest count of a single indicator, in a single commune and group, of each cercle: what would remain had all other rows of the cercle served the same people.",
    source="Danbe, docs/figures.md",
)
def people_reached_lower(cells: Any) -> Any:
    """Over the cells (cercle × group)."""
    return cells.lowest.sum()


@indicator(
    "people_reached_upper", "Personnes atteintes, borne haute", "People reached, upper bound",
    unit="personnes", numerator="Σ reached", period_logic="cumulative", dimensions=_GROUP,
    definition_fr="Les services rendus : ce que serait le chiffre si personne n’avait été servi deux fois.",
    definition_en="Services delivered: what the figure would be had nobody been served twice.",
    source="Danbe, docs/figures.md",
)
def people_reached_upper(cells: Any) -> Any:
    """Over the cells (cercle × group)."""
    return cells.services.sum()


@indicator(
    "excess", "Excédent au-delà du besoin", "Excess over need",
    unit="personnes", numerator="Σ max(0, reached before cap − people_in_need)", period_logic="cumulative", dimensions=_GROUP,
    definition_fr="Personnes atteintes au-delà des personnes dans le besoin du cercle et du groupe ; retirées du total. Un excédent signale une estimation du besoin à revoir ou un double compte.",
    definition_en="People reached beyond the people in need of the cercle and group; taken out of the total. An excess points to an estimate of need to revise, or to double counting.",
)
def excess(cells: Any) -> Any:
    """Over the cells (cercle × group)."""
    return cells.excess.sum()


@indicator(
    "people_in_need", "Personnes dans le besoin", "People in need",
    unit="personnes", numerator="max_aor people_in_need", period_logic="stock", dimensions=_GROUP,
    definition_fr="Personnes ayant besoin de protection selon l’aperçu des besoins de l’année. Les domaines ne s’additionnent jamais : le total est le plus grand des domaines, par cercle et groupe.",
    definition_en="People in need of protection according to the year’s needs overview. Areas are never added: the total is the largest of the areas, by cercle and group.",
    source="GPC, méthode PiN ; JIAF",
)
def people_in_need(needs: Any) -> Any:
    """Over the needs (place × group), one row each."""
    return needs.people_in_need.max()


@indicator(
    "target", "Cible", "Target",
    unit="personnes", numerator="max_aor target", period_logic="stock", dimensions=_GROUP,
    definition_fr="Personnes que le cluster prévoit d’atteindre dans l’année ; le total est la somme des plus grandes cibles par cercle et groupe.",
    definition_en="People the cluster plans to reach in the year; the total is the sum of the largest targets by cercle and group.",
    source="HRP Mali 2019",
)
def target(needs: Any) -> Any:
    """Over the targets (place × group), one row each."""
    return needs.target.max()


@indicator(
    "gap", "Écart à la cible", "Gap to target",
    unit="personnes", numerator="target − reached", period_logic="cumulative", dimensions=_GROUP,
    definition_fr="Cible moins personnes atteintes ; négatif quand la cible est dépassée, absent quand l’une des deux manque.",
    definition_en="Target minus people reached; negative when the target is exceeded, missing when either is.",
)
def gap(table: Any) -> Any:
    """Over the table need_target_reached."""
    return table.target - table.reached


@indicator(
    "coverage", "Couverture de la cible", "Coverage of target",
    unit="ratio", numerator="reached", denominator="target", period_logic="ratio", dimensions=_GROUP,
    definition_fr="Personnes atteintes rapportées à la cible ; recalculée à chaque niveau, jamais moyennée.",
    definition_en="People reached over target; recomputed at each level, never averaged.",
)
def coverage(table: Any) -> Any:
    """Over the table need_target_reached."""
    return table.reached.cast("float64") / table.target.nullif(0)


@indicator(
    "people_exposed", "Personnes exposées à la sensibilisation de masse", "People exposed to mass awareness",
    unit="personnes", numerator="Σ reached of mass awareness", period_logic="flow", dimensions=_PLACE,
    definition_fr="Somme des personnes exposées rapportées (radio, affichage, caravane) ; comptée à part, jamais dans les personnes atteintes.",
    definition_en="Sum of the people reported as exposed (radio, posters, roadshows); counted apart, never among people reached.",
)
def people_exposed(exposed: Any) -> Any:
    """Over the lines of mass awareness."""
    return exposed.reached.sum()


@indicator(
    "reports_expected", "Rapports attendus", "Reports expected",
    unit="rapports", numerator="organisations expected", period_logic="flow", dimensions=("period", "organisation_id"),
    definition_fr="Organisations dont un projet est en cours ce mois-là ou, faute de dates de projet, qui ont rapporté le mois d’avant ou d’après ; et celles qui ont rapporté.",
    definition_en="Organisations with a project under way that month or, where project dates are missing, that reported the month before or after; and those that reported.",
)
def reports_expected(calendar: Any) -> Any:
    """Over the calendar (organisation × month), 0 or 1 each."""
    return calendar.expected.sum()


@indicator(
    "reports_received", "Rapports reçus", "Reports received",
    unit="rapports", numerator="organisations that reported", period_logic="flow", dimensions=("period", "organisation_id"),
    definition_fr="Organisations qui ont rapporté pour le mois, «rien à signaler» compris. Pas de rapport n’est pas zéro.",
    definition_en="Organisations that reported for the month, 'nothing to report' included. No report is not zero.",
)
def reports_received(calendar: Any) -> Any:
    """Over the calendar (organisation × month), 0 or 1 each."""
    return calendar.received.sum()


@indicator(
    "reports_on_time", "Rapports reçus à temps", "Reports received on time",
    unit="rapports", numerator="organisations that reported by J+5", period_logic="flow", dimensions=("period", "organisation_id"),
    definition_fr="Rapports reçus au plus tard cinq jours après la fin du mois (J+5).",
    definition_en="Reports received no later than five days after the end of the month (J+5).",
)
def reports_on_time(calendar: Any) -> Any:
    """Over the calendar (organisation × month), 0 or 1 each."""
    return calendar.on_time.sum()


@indicator(
    "nothing_to_report", "«Rien à signaler»", "'Nothing to report'",
    unit="rapports", numerator="reports 'nothing to report'", period_logic="flow", dimensions=("period",),
    definition_fr="Rapports «rien à signaler» d’organisations sans activité ce mois-là.",
    definition_en="'Nothing to report' reports of organisations without an activity that month.",
)
def nothing_to_report(calendar: Any) -> Any:
    """Over the calendar (organisation × month), 0 or 1 each."""
    return calendar.nothing_to_report.sum()


@indicator(
    "reporting_rate", "Taux de rapportage", "Reporting rate",
    unit="ratio", numerator="received", denominator="expected", period_logic="ratio", dimensions=("period",),
    definition_fr="Rapports reçus rapportés aux rapports attendus.", definition_en="Reports received over reports expected.",
)
def reporting_rate(table: Any) -> Any:
    """Over the table completeness."""
    return table.received.cast("float64") / table.expected.nullif(0)
