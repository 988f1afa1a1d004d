"""The dimensions that figure tables of several tools share, each declared once."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column

DIMENSIONS: dict[str, Column] = {
    c.name: c
    for c in (
        Column("indicator", "Indicateur", "Indicator", "text", "#indicator+code", "dimension", required=True),
        Column("indicator_id", "Indicateur du cadre", "Framework indicator", "text", "#indicator+code", "dimension", required=True),
        Column("period", "Période", "Period", "text", "#date+period", "dimension", required=True,
               help_fr="Un mois (2025-03) ou un intervalle de mois (2025-01/2025-12).", help_en="A month (2025-03) or a span of months (2025-01/2025-12)."),
        Column("level", "Niveau", "Level", "code", "#geo+level", "dimension", codelist="place_level", required=True),
        Column("place", "Lieu", "Place", "text", "#loc+id", "dimension", required=True),
        Column("aor", "Domaine de responsabilité", "Area of responsibility", "code", "#subsector+code", "dimension", codelist="aor", required=True,
               help_fr="TOTAL : tous les domaines.", help_en="TOTAL: all areas."),
        Column("population_status", "Statut de population", "Population status", "code", "#population+type+code", "dimension", codelist="population_status", required=True,
               help_fr="TOTAL : tous les statuts.", help_en="TOTAL: all groups."),
        Column("sex_age", "Sexe et âge", "Sex and age", "code", "#population+sex_age+code", "dimension", codelist="sex_age", required=True),
        Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "dimension", required=True),
    )
}  # fmt: skip
