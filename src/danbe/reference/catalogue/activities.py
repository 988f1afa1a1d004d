"""The 5W row: who does what, where, when and for whom (field brief §1.4; OCHA 3W/5W practice)."""

from __future__ import annotations

from danbe.reference.catalogue.activity_people import PEOPLE
from danbe.reference.catalogue.activity_places import place_columns
from danbe.reference.catalogue.activity_work import WORK
from danbe.reference.catalogue.column import Column, Dataset

DERIVED: tuple[Column, ...] = (
    Column(
        "activity_id",
        "Identifiant de la ligne",
        "Row identifier",
        "text",
        "#meta+id",
        "key",
        derived=True,
        sensitivity=1,
    ),
    Column(
        "organisation_id",
        "Organisation résolue",
        "Resolved organisation",
        "text",
        "#org+lead+code",
        "dimension",
        derived=True,
    ),
    Column(
        "implementing_partner_id",
        "Partenaire résolu",
        "Resolved implementing partner",
        "text",
        "#org+impl+code",
        "dimension",
        derived=True,
    ),
    Column(
        "indicator_id", "Indicateur résolu", "Resolved indicator", "text", "#indicator+code", "dimension", derived=True
    ),
    Column("place", "Lieu résolu", "Resolved place", "text", "#loc+code", "dimension", derived=True, sensitivity=1),
    Column("region", "Région résolue", "Resolved region", "text", "#adm1+id", "dimension", derived=True),
    Column("cercle", "Cercle résolu", "Resolved cercle", "text", "#adm2+id", "dimension", derived=True),
    Column(
        "commune", "Commune résolue", "Resolved commune", "text", "#adm3+id", "dimension", derived=True, sensitivity=1
    ),
    Column("batch", "Lot d’import", "Import batch", "text", "#meta+batch", "attribute", derived=True, sensitivity=1),
    Column(
        "source_row",
        "Ligne du fichier",
        "Row of the file",
        "integer",
        "#meta+row",
        "attribute",
        derived=True,
        sensitivity=1,
    ),
    Column(
        "warnings",
        "Avertissements",
        "Warnings",
        "text",
        "#meta+warnings",
        "attribute",
        derived=True,
        sensitivity=1,
        help_fr="Identifiants des règles d’avertissement, séparés par une espace.",
        help_en="Identifiers of warning rules, separated by a space.",
    ),
)

COLUMNS: tuple[Column, ...] = (*WORK, *place_columns(), *PEOPLE, *DERIVED)

ACTIVITIES = Dataset(
    "activities",
    "Activités (5W)",
    "Activities (5W)",
    "Une ligne par organisation, activité, lieu, mois et groupe de population.",
    "One row per organisation, activity, place, month and population group.",
    COLUMNS,
    key=("activity_id",),
    source="Cluster Protection, 5W ; OCHA 3W/5W",
)
