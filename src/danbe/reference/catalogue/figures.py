"""The figure tables: what ``analyse`` writes, ``protect`` lets out and ``publish`` exports, declared like any dataset.

Dimensions come first, measures after. A measure that is missing is null («n.d.»), never 0. ``TOTAL`` stands for all
values of a dimension that has a code list. ``place`` holds a place id of the reference division.
"""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.figures_dimensions import DIMENSIONS
from danbe.reference.catalogue.figures_monitoring import MONITORING_FIGURES

TOTAL = "TOTAL"
"""The value that stands for all codes of ``aor`` or ``population_status``."""

_D = DIMENSIONS
_M = {
    c.name: c
    for c in (
        Column("value", "Valeur", "Value", "decimal", "#indicator+value+num", "amount"),
        Column("previous_value", "Valeur de la période précédente", "Value of the previous period", "decimal", "#indicator+value+previous+num", "amount"),
        Column("organisations", "Organisations présentes", "Organisations present", "integer", "#org+num", "count", "organisations"),
        Column("activities", "Activités", "Activities", "integer", "#activity+num", "count", "activités"),
        Column("months_active", "Mois d’activité", "Months active", "integer", "#activity+months+num", "count", "mois"),
        Column("people_in_need", "Personnes dans le besoin", "People in need", "integer", "#inneed", "count", "personnes"),
        Column("target", "Cible", "Target", "integer", "#targeted", "count", "personnes"),
        Column("services_delivered", "Services rendus", "Services delivered", "integer", "#reached+services", "count", "services",
               help_fr="Somme de tous les bénéficiaires rapportés : une personne servie deux fois compte deux fois.",
               help_en="Sum of all beneficiaries reported: a person served twice counts twice."),
        Column("reached", "Personnes atteintes", "People reached", "integer", "#reached", "count", "personnes",
               help_fr="Sans double compte : maximum des indicateurs qui se recouvrent, somme des indicateurs disjoints.",
               help_en="Without double counting: largest of overlapping indicators, sum of disjoint ones."),
        Column("reached_lower", "Personnes atteintes, borne basse", "People reached, lower bound", "integer", "#reached+lower", "count", "personnes"),
        Column("reached_upper", "Personnes atteintes, borne haute", "People reached, upper bound", "integer", "#reached+upper", "count", "personnes"),
        Column("excess", "Excédent au-delà du besoin", "Excess over need", "integer", "#reached+excess", "amount", "personnes",
               help_fr="Ce qui dépasse les personnes dans le besoin, retiré du total et montré ici.", help_en="What exceeds people in need, taken out of the total and shown here."),
        Column("gap", "Écart à la cible", "Gap to target", "integer", "#targeted+gap", "amount", "personnes"),
        Column("coverage", "Couverture de la cible", "Coverage of target", "decimal", "#reached+pct", "amount", "ratio"),
        Column("people_exposed", "Personnes exposées à la sensibilisation de masse", "People exposed to mass awareness", "integer", "#reached+awareness", "count", "personnes"),
        Column("expected", "Rapports attendus", "Reports expected", "integer", "#meta+reports+expected", "count", "rapports"),
        Column("received", "Rapports reçus", "Reports received", "integer", "#meta+reports+received", "count", "rapports"),
        Column("on_time", "Reçus à temps", "Received on time", "integer", "#meta+reports+on_time", "count", "rapports"),
        Column("nothing_to_report", "«Rien à signaler»", "'Nothing to report'", "integer", "#meta+reports+nil", "count", "rapports"),
        Column("rate", "Taux de rapportage", "Reporting rate", "decimal", "#meta+reports+pct", "amount", "ratio"),
    )
}  # fmt: skip


def _table(name: str, fr: str, en: str, about_fr: str, about_en: str, dimensions: str, measures: str, *, restricted: bool = False) -> Dataset:  # fmt: skip
    keys = tuple(dimensions.split())
    columns = [_D[d] for d in keys] + [_M[m] for m in measures.split()]
    if restricted:
        from dataclasses import replace

        columns = [c if c.name == "period" else replace(c, sensitivity=1) for c in columns]
    return Dataset(name, fr, en, about_fr, about_en, tuple(columns), key=keys, source="Cluster Protection, 5W")


FIGURES: dict[str, Dataset] = {
    d.name: d
    for d in (
        _table("key_figures", "Chiffres clés", "Key figures", "Un chiffre par indicateur et par période, pour tout le pays.", "One figure per indicator and period, for the whole country.",
               "indicator period", "value previous_value"),
        _table("presence", "Présence opérationnelle", "Operational presence", "Organisations distinctes et activités par lieu et domaine.", "Distinct organisations and activities by place and area of responsibility.",
               "period level place aor", "organisations activities"),
        _table("presence_matrix", "Matrice de présence", "Presence matrix", "Quelle organisation travaille dans quel cercle et dans quel domaine.", "Which organisation works in which cercle and area of responsibility.",
               "period organisation_id place aor", "activities months_active"),
        _table("need_target_reached", "Besoin, cible, atteints", "Need, target, reached", "Personnes dans le besoin, ciblées et atteintes sans double compte, par lieu, domaine et statut.", "People in need, targeted and reached without double counting, by place, area and population group.",
               "period level place aor population_status", "people_in_need target services_delivered reached reached_lower reached_upper excess gap coverage"),
        _table("reach_sex_age", "Personnes atteintes par sexe et âge", "People reached by sex and age", "Ventilation des personnes atteintes ; «non précisé» est toujours montré.", "Breakdown of people reached; 'not specified' is always shown.",
               "period level place aor sex_age", "services_delivered reached"),
        _table("monthly", "Évolution mensuelle", "Month by month", "Services, personnes atteintes, organisations et activités, mois par mois.", "Services, people reached, organisations and activities, month by month.",
               "period level place aor", "services_delivered reached organisations activities"),
        _table("by_indicator", "Par indicateur du cadre", "By framework indicator", "Services rendus et personnes atteintes par indicateur.", "Services delivered and people reached by indicator.",
               "period indicator_id aor", "services_delivered reached organisations"),
        _table("mass_awareness", "Sensibilisation de masse", "Mass awareness", "Comptée à part, jamais dans les personnes atteintes.", "Counted apart, never among people reached.",
               "period level place aor", "people_exposed"),
        _table("completeness", "Complétude du rapportage", "Reporting completeness", "Rapports attendus et reçus, mois par mois ; pas de rapport n’est pas zéro.", "Reports expected and received, month by month; no report is not zero.",
               "period", "expected received on_time nothing_to_report rate"),
        _table("completeness_by_organisation", "Complétude par organisation", "Completeness by organisation", "Réservée au cluster.", "For the cluster only.",
               "period organisation_id", "expected received on_time", restricted=True),
        _table("contributors", "Part de chaque organisation", "Share of each organisation", "Ce que chaque organisation a apporté à chaque compte de personnes ; pour le contrôle avant publication, réservé au cluster.",
               "What each organisation brought to each count of persons; for the disclosure gate, for the cluster only.",
               "period organisation_id level place aor population_status sex_age indicator_id", "services_delivered reached people_exposed", restricted=True),
    )
} | MONITORING_FIGURES  # fmt: skip

# What an export adds beside an identifier so that a reader need not join tables.
LABELS: dict[str, tuple[Column, ...]] = {
    "place": (
        Column("place_code", "P-code", "P-code", "text", "#loc+code"),
        Column("place_name", "Nom du lieu", "Name of place", "text", "#loc+name"),
    ),
    "organisation_id": (Column("organisation", "Nom de l’organisation", "Name of organisation", "text", "#org+name"),),
    "aor": (Column("aor_name", "Nom du domaine", "Name of area", "text", "#subsector+name"),),
    "indicator_id": (
        Column("indicator_name", "Libellé de l’indicateur", "Name of indicator", "text", "#indicator+name"),
    ),
    "indicator": (Column("indicator_name", "Libellé de l’indicateur", "Name of indicator", "text", "#indicator+name"),),
}


def dimensions(table: Dataset) -> tuple[str, ...]:
    """The names of a figure table's dimensions, in order."""
    return table.key


def measures(table: Dataset) -> tuple[str, ...]:
    """The names of a figure table's measures, in order."""
    return tuple(c.name for c in table.columns if c.name not in table.key)
