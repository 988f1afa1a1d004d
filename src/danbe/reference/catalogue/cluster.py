# fmt: off
"""The cluster itself as datasets: members, structure, contacts by function, the legal tracker. They leave as registers, row by row."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset

_PUBLIC = Column("public", "Peut être dit au public", "May be told to the public", "boolean", "#meta+public", "attribute", sensitivity=1)
_ORGANISATION = Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "key", required=True)
_FROM = Column("valid_from", "Depuis", "Since", "date", "#date+start", "attribute")
_SOURCE = Column("source", "Source", "Source", "text", "#meta+source", "attribute")

MEMBERS = Dataset(
    "members", "Membres et observateurs", "Members and observers",
    "Une organisation par ligne : son statut dans le cluster, ses domaines, ses zones d’intervention.",
    "One organisation per row: its status in the cluster, its areas of responsibility, where it works.",
    (
        _ORGANISATION,
        Column("organisation_type", "Type d’organisation", "Type of organisation", "code", "#org+type+code", "dimension", codelist="org_type"),
        Column("status", "Statut", "Status", "code", "#org+status", "dimension", codelist="member_status", required=True),
        Column("local", "Locale ou nationale", "Local or national", "boolean", "#org+local", "dimension"),
        Column("aors", "Domaines de responsabilité", "Areas of responsibility", "text", "#subsector+list", "dimension",
               help_fr="Codes de aor, séparés par un espace.", help_en="Codes of aor, parted by a space."),
        Column("areas", "Zones d’intervention", "Areas of operation", "text", "#loc+list", "dimension",
               help_fr="Identifiants de régions ou de cercles, séparés par un espace.", help_en="Ids of regions or cercles, parted by a space."),
        _FROM, _SOURCE, _PUBLIC,
    ),
    key=("organisation_id",), source="Field brief §1.6",
)

STRUCTURE = Dataset(
    "cluster_structure", "Structure du cluster", "Structure of the cluster",
    "Une instance par ligne, celles en vigueur au jour de l’instantané.", "One body per row, those in being on the snapshot's day.",
    (
        Column("body_id", "Instance", "Body", "text", "#org+body+id", "key", required=True),
        Column("name_fr", "Nom", "Name (French)", "text", "#org+body+name+i_fr", "attribute", required=True),
        Column("name_en", "Nom (anglais)", "Name", "text", "#org+body+name+i_en", "attribute"),
        Column("kind", "Nature", "Kind", "code", "#org+body+type", "dimension", codelist="body_kind", required=True),
        Column("parent_id", "Instance supérieure", "Parent body", "text", "#org+body+parent", "dimension"),
        Column("aor", "Domaine de responsabilité", "Area of responsibility", "code", "#subsector+code", "dimension", codelist="aor"),
        _FROM, _SOURCE,
    ),
    key=("body_id",), source="Présentation du Cluster Protection Mali, 2021",
)

CONTACTS = Dataset(
    "contacts", "Contacts par fonction", "Contacts by function",
    "Une fonction par ligne, jamais une personne. Seuls les contacts publics sortent.", "One function per row, never a person. Public contacts alone leave.",
    (
        Column("contact_id", "Contact", "Contact", "text", "#contact+id", "key", required=True),
        Column("body_id", "Instance", "Body", "text", "#org+body+id", "dimension", required=True),
        Column("function_fr", "Fonction", "Function (French)", "text", "#contact+title+i_fr", "attribute", required=True),
        Column("function_en", "Fonction (anglais)", "Function", "text", "#contact+title+i_en", "attribute"),
        Column("lead", "Rôle de direction", "Lead role", "code", "#contact+lead", "dimension", codelist="lead_kind"),
        Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "dimension"),
        Column("email", "Adresse fonctionnelle", "Functional address", "text", "#contact+email", "attribute"),
        Column("phone", "Téléphone de service", "Duty phone", "text", "#contact+phone", "attribute"),
        Column("visible_to", "Visible par", "Visible to", "code", "#meta+visibility", "dimension", codelist="visible_to", required=True, sensitivity=1),
    ),
    key=("contact_id",), source="Field brief §1.6",
)

LEGAL = Dataset(
    "legal_tracker", "Suivi juridique", "Legal tracker",
    "Une étape franchie par un instrument par ligne (Objectif 4), avec sa preuve.", "One stage an instrument reached per row (Objective 4), with its evidence.",
    (
        Column("instrument", "Instrument", "Instrument", "text", "#legal+id", "key", required=True),
        Column("name_fr", "Nom", "Name (French)", "text", "#legal+name+i_fr", "attribute", required=True),
        Column("name_en", "Nom (anglais)", "Name", "text", "#legal+name+i_en", "attribute"),
        Column("stage", "Étape", "Stage", "code", "#legal+stage", "key", codelist="legal_status", required=True),
        Column("reached_on", "Atteinte en", "Reached in", "text", "#legal+date", "attribute", required=True,
               help_fr="Année, mois ou jour : 2012, 2012-11, 2010-06-16.", help_en="Year, month or day: 2012, 2012-11, 2010-06-16."),
        Column("obstacle", "Obstacle", "Obstacle", "text", "#legal+obstacle", "attribute"),
        Column("next_step", "Prochaine étape", "Next step", "text", "#legal+next", "attribute"),
        Column("evidence", "Preuve", "Evidence", "text", "#legal+evidence", "attribute", required=True),
        _PUBLIC,
    ),
    key=("instrument", "stage"), source="Field brief §1.6",
)

CLUSTER_REGISTERS: dict[str, Dataset] = {d.name: d for d in (MEMBERS, STRUCTURE, CONTACTS, LEGAL)}
"""The registers of the cluster itself."""
