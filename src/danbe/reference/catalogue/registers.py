"""The datasets beside the 5W row: organisations, places, indicators, targets, people in need, reports received."""

from __future__ import annotations

from dataclasses import replace

from danbe.reference.catalogue.column import Column, Dataset

_AOR = Column(
    "aor", "Domaine de responsabilité", "Area of responsibility", "code", "#subsector+code", "dimension", codelist="aor"
)

ORGANISATIONS = Dataset(
    "organisations",
    "Organisations",
    "Organisations",
    "Les organisations qui rapportent, sous un seul nom.",
    "The organisations that report, under one name each.",
    (
        Column("organisation_id", "Identifiant", "Identifier", "text", "#org+id", "key", required=True),
        Column(
            "acronym",
            "Sigle",
            "Acronym",
            "text",
            "#org+acronym",
            "attribute",
            synonyms=("acronym", "acronyme", "sigle"),
        ),
        Column(
            "name",
            "Nom",
            "Name",
            "text",
            "#org+name",
            "attribute",
            required=True,
            synonyms=("name", "nom", "canonical name"),
        ),
        Column(
            "organisation_type",
            "Type d’organisation",
            "Type of organisation",
            "code",
            "#org+type+code",
            "dimension",
            codelist="org_type",
            synonyms=("type", "type code"),
        ),
        Column("verified", "Vérifiée", "Verified", "boolean", "#org+verified", "attribute"),
    ),
    key=("organisation_id",),
)

PLACES = Dataset(
    "places",
    "Lieux",
    "Places",
    "Les unités administratives d’une division datée, et les lieux non vérifiés.",
    "The administrative units of a dated division, and places not yet verified.",
    (
        Column("place_id", "Identifiant", "Identifier", "text", "#loc+id", "key", required=True),
        Column("version", "Division", "Division", "text", "#geo+version", "attribute", required=True),
        Column("level", "Niveau", "Level", "code", "#geo+level", "dimension", codelist="place_level", required=True),
        Column("code", "P-code", "P-code", "text", "#loc+code", "attribute"),
        Column("name", "Nom", "Name", "text", "#loc+name", "attribute", required=True),
        Column("parent_id", "Unité supérieure", "Parent unit", "text", "#loc+parent", "dimension"),
        Column("longitude", "Longitude", "Longitude", "decimal", "#geo+lon", "attribute", "degrés"),
        Column("latitude", "Latitude", "Latitude", "decimal", "#geo+lat", "attribute", "degrés"),
        Column("population", "Population", "Population", "integer", "#population", "count", "personnes"),
        Column("verified", "Vérifié", "Verified", "boolean", "#loc+verified", "attribute"),
    ),
    key=("place_id",),
)

INDICATORS = Dataset(
    "indicators",
    "Cadre de résultats",
    "Results framework",
    "Objectif → activité → indicateur, avec l’unité et la règle d’agrégation.",
    "Objective → activity → indicator, with its unit and aggregation rule.",
    (
        Column(
            "indicator_id",
            "Code",
            "Code",
            "text",
            "#indicator+code",
            "key",
            required=True,
            synonyms=("code", "code indicateur"),
        ),
        _AOR,
        Column(
            "objective", "Objectif", "Objective", "code", "#activity+objective+code", "dimension", codelist="objective"
        ),
        Column("activity_fr", "Activité (français)", "Activity (French)", "text", "#activity+name+i_fr", "attribute"),
        Column("activity_en", "Activité (anglais)", "Activity (English)", "text", "#activity+name+i_en", "attribute"),
        Column(
            "name_fr",
            "Indicateur (français)",
            "Indicator (French)",
            "text",
            "#indicator+name+i_fr",
            "attribute",
            required=True,
        ),
        Column("name_en", "Indicateur (anglais)", "Indicator (English)", "text", "#indicator+name+i_en", "attribute"),
        Column("unit", "Unité", "Unit", "code", "#indicator+unit", "attribute", codelist="indicator_unit"),
        Column(
            "aggregation",
            "Agrégation",
            "Aggregation",
            "code",
            "#indicator+aggregation",
            "attribute",
            codelist="aggregation",
        ),
        Column(
            "disjoint_set",
            "Ensemble disjoint",
            "Disjoint set",
            "text",
            "#indicator+disjoint",
            "attribute",
            help_fr="Les indicateurs d’un même domaine dont les ensembles disjoints diffèrent ne partagent aucun bénéficiaire : on les additionne. Vide : recouvrement possible, on prend le maximum.",
            help_en="Indicators of one area whose disjoint sets differ share no beneficiary: they are added. Empty: they may overlap, the largest is taken.",
        ),
        Column(
            "mass_awareness",
            "Sensibilisation de masse",
            "Mass awareness",
            "boolean",
            "#indicator+mass",
            "attribute",
            help_fr="Compté à part, jamais dans les personnes atteintes.",
            help_en="Counted apart, never among people reached.",
        ),
        Column("verified", "Vérifié", "Verified", "boolean", "#indicator+verified", "attribute"),
    ),
    key=("indicator_id",),
)

_CELL = (
    Column("year", "Année", "Year", "integer", "#date+year", "dimension", required=True, synonyms=("year", "année")),
    replace(_AOR, required=True),
    Column("place", "Lieu", "Place", "text", "#loc+code", "dimension", required=True),
    Column(
        "population_status",
        "Statut de population",
        "Population status",
        "code",
        "#population+type+code",
        "dimension",
        codelist="population_status",
        required=True,
    ),
)

TARGETS = Dataset(
    "targets",
    "Cibles",
    "Targets",
    "Personnes que le cluster prévoit d’atteindre, par lieu, domaine et groupe.",
    "People the cluster plans to reach, by place, area and group.",
    (*_CELL, Column("target", "Cible", "Target", "integer", "#targeted", "count", "personnes", required=True)),
    key=("year", "aor", "place", "population_status"),
)

PEOPLE_IN_NEED = Dataset(
    "people_in_need",
    "Personnes dans le besoin",
    "People in need",
    "Personnes ayant besoin de protection, par lieu, domaine et groupe. Les domaines ne s’additionnent jamais.",
    "People in need of protection, by place, area and group. Areas are never added together.",
    (
        *_CELL,
        Column(
            "people_in_need",
            "Personnes dans le besoin",
            "People in need",
            "integer",
            "#inneed",
            "count",
            "personnes",
            required=True,
        ),
    ),
    key=("year", "aor", "place", "population_status"),
)

REPORTS = Dataset(
    "reports",
    "Rapports reçus",
    "Reports received",
    "Qui a rapporté pour quel mois, et quand ; «rien à signaler» est un rapport.",
    "Who reported for which month, and when; 'nothing to report' is a report.",
    (
        Column(
            "organisation_id",
            "Organisation",
            "Organisation",
            "text",
            "#org+id",
            "dimension",
            required=True,
            sensitivity=1,
        ),
        Column(
            "report_month",
            "Mois de rapportage",
            "Reporting month",
            "month",
            "#date+reported",
            "dimension",
            required=True,
        ),
        Column("received_on", "Reçu le", "Received on", "date", "#date+received", "attribute", sensitivity=1),
        Column(
            "nothing_to_report",
            "Rien à signaler",
            "Nothing to report",
            "boolean",
            "#meta+nil",
            "attribute",
            sensitivity=1,
        ),
    ),
    key=("organisation_id", "report_month"),
)
