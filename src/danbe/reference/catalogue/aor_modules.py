# fmt: off
"""What the areas of responsibility hand in beside the 5W (field brief §1.2): each a small table of its own.

GBV (GBVIMS), child protection (CPIMS+) and grave violations (MRM) come as aggregates by region only: no commune, no
agency, no case, no free text. GBV figures are reported cases, not prevalence.
"""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.incidents import CERCLE, EVENT_MONTH, REGION

_DATE = Column("event_date", "Date", "Date", "date", "#date+occurred", "attribute", sensitivity=2, required=True)
_PLACE = Column("place", "Lieu", "Place", "text", "#loc+code", "dimension", sensitivity=2)
_WHERE = (EVENT_MONTH, _PLACE, REGION, CERCLE)


def _key(name: str, fr: str, en: str) -> Column:
    return Column(name, fr, en, "text", "#meta+id", "key", sensitivity=2, required=True)


def _count(name: str, fr: str, en: str, unit: str = "personnes", hxl: str = "") -> Column:
    return Column(name, fr, en, "integer", hxl or f"#affected+{name}", "count", unit)


def _code(name: str, fr: str, en: str, codelist: str, hxl: str, *, required: bool = False) -> Column:
    return Column(name, fr, en, "code", hxl, "dimension", codelist=codelist, required=required)


AOR_AGGREGATES = Dataset(
    "aor_aggregates", "Agrégats des domaines (VBG, MRM, PE)", "Aggregates of the areas (GBV, MRM, CP)",
    "Effectifs par région, mois ou trimestre, type, sexe et âge ; jamais un cas. VBG : cas rapportés, pas la prévalence.",
    "Counts by region, month or quarter, type, sex and age; never a case. GBV: reported cases, not prevalence.",
    (
        Column("period", "Période", "Period", "text", "#date+period", "dimension", required=True,
               help_fr="Un mois (2025-03) ou un intervalle de mois (2025-01/2025-03).", help_en="A month (2025-03) or a span of months (2025-01/2025-03)."),
        Column("month", "Dernier mois", "Last month", "month", "#date+period+month", "dimension", derived=True),
        _code("module", "Module", "Module", "aor_module", "#subsector+module+code", required=True),
        REGION,
        Column("type", "Type", "Type", "text", "#event+type+code", "dimension", required=True,
               help_fr="VBG : gbvims_type ; MRM : mrm_violation ; PE : cp_concern.", help_en="GBV: gbvims_type; MRM: mrm_violation; CP: cp_concern."),
        _code("sex", "Sexe", "Sex", "sex", "#population+sex"),
        _code("age_band", "Âge", "Age", "age_band", "#population+age"),
        _count("cases", "Cas ou violations rapportés", "Cases or violations reported", "cas"),
        _count("served", "ayant reçu un service", "who received a service"),
        Column("providers", "Fournisseurs de données", "Data providers", "integer", "#org+num", "attribute", "organisations", sensitivity=1,
               help_fr="Une case d’un seul fournisseur n’est jamais publiée.", help_en="A cell of a single provider is never published."),
    ),
    key=("period", "module", "region", "type", "sex", "age_band"), source="GBVIMS ; CTFMR ; CPIMS+",
)

EXPLOSIVE_ACCIDENTS = Dataset(
    "explosive_accidents", "Accidents par engin explosif", "Explosive ordnance accidents",
    "Un accident par ligne (IMAS 05.10).", "One accident per row (IMAS 05.10).",
    (
        _key("accident_id", "Accident", "Accident"), _DATE, *_WHERE,
        _code("device", "Engin", "Device", "eo_device", "#event+device+code", required=True),
        _code("activation", "Déclenchement", "Activation", "eo_activation", "#event+activation+code"),
        _code("activity", "Activité des personnes", "Activity at the time", "eo_activity", "#event+activity+code"),
    ),
    key=("accident_id",), source="IMAS 05.10 ; GT-LAMH",
)

EXPLOSIVE_VICTIMS = Dataset(
    "explosive_victims", "Victimes d’engins explosifs", "Explosive ordnance victims",
    "Des effectifs par accident, statut, sexe, âge et issue ; jamais une personne.", "Counts by accident, status, sex, age and outcome; never a person.",
    (
        _key("group_id", "Groupe", "Group"),
        Column("accident_id", "Accident", "Accident", "text", "#event+id", "attribute", sensitivity=2, required=True),
        _DATE, *_WHERE,
        _code("device", "Engin", "Device", "eo_device", "#event+device+code", required=True),
        _code("casualty_status", "Civil ou militaire", "Civilian or military", "casualty_status", "#population+status+code"),
        _code("sex", "Sexe", "Sex", "sex", "#population+sex"),
        _code("age_group", "Groupe d’âge", "Age group", "age_group", "#population+age"),
        _code("outcome", "Issue", "Outcome", "casualty_outcome", "#affected+outcome+code", required=True),
        _code("injury", "Atteinte", "Injury", "casualty_injury", "#affected+injury+code"),
        _count("victims", "Victimes", "Victims"),
    ),
    key=("group_id",), source="IMAS 05.10 ; GT-LAMH",
)

HLP_DISPUTES = Dataset(
    "hlp_disputes", "Différends fonciers", "Housing, land and property disputes",
    "Un différend par ligne ; les parties par leur qualité, jamais par leur nom.", "One dispute per row; parties by what they are, never by name.",
    (
        _key("dispute_id", "Différend", "Dispute"), _DATE, *_WHERE,
        _code("dispute_type", "Type", "Type", "hlp_dispute", "#event+type+code", required=True),
        _code("party_one", "Première partie", "First party", "hlp_party", "#actor+one+code"),
        _code("party_two", "Seconde partie", "Second party", "hlp_party", "#actor+two+code"),
        _code("asset", "Bien", "Asset", "hlp_asset", "#item+type+code"),
        _code("area_type", "Milieu", "Area", "area_type", "#loc+type+code"),
        _code("forum", "Instance", "Forum", "hlp_forum", "#org+forum+code"),
        _code("stage", "Étape", "Stage", "hlp_stage", "#status+code", required=True),
        _count("households", "Ménages", "Households", "ménages", "#affected+hh"),
        _count("women_claimants", "Femmes requérantes", "Women claimants", hxl="#affected+f+claimants"),
    ),
    key=("dispute_id",), source="GT-LTPRN",
)

CIVIL_DOCUMENTS = Dataset(
    "civil_documents", "Documents d’état civil", "Civil documents",
    "Personnes par document, étape et audience foraine.", "People by document, stage and mobile court session.",
    (
        _key("record_id", "Ligne", "Row"), _DATE, *_WHERE,
        _code("document", "Document", "Document", "civil_doc", "#item+type+code", required=True),
        _code("stage", "Étape", "Stage", "doc_stage", "#status+code", required=True),
        Column("session_id", "Audience foraine", "Mobile court session", "text", "#event+session+id", "attribute", sensitivity=1),
        _code("sex", "Sexe", "Sex", "sex", "#population+sex"),
        _code("age_group", "Groupe d’âge", "Age group", "age_group", "#population+age"),
        _count("people", "Personnes", "People"),
    ),
    key=("record_id",), source="GT-DOC",
)

SOCIAL_COHESION = Dataset(
    "social_cohesion", "Cohésion sociale", "Social cohesion",
    "Dialogues et médiations, leur accord et son suivi.", "Dialogues and mediations, their agreement and its follow-up.",
    (
        _key("event_id", "Activité", "Event"), _DATE, *_WHERE,
        _code("kind", "Nature", "Kind", "cs_kind", "#activity+type+code", required=True),
        _count("communities", "Communautés", "Communities", "communautés", "#population+communities+num"),
        _count("participants", "Participants", "Participants"),
        _count("women", "dont femmes", "of whom women"),
        _count("youth", "dont jeunes", "of whom youth"),
        Column("agreement", "Accord conclu", "Agreement reached", "boolean", "#status+agreement", "attribute"),
        _code("followup_3", "Suivi à 3 mois", "Follow-up at 3 months", "cs_followup", "#status+followup3+code"),
        _code("followup_6", "Suivi à 6 mois", "Follow-up at 6 months", "cs_followup", "#status+followup6+code"),
        _code("tension", "Niveau de tension", "Level of tension", "tension_level", "#severity+tension+code"),
    ),
    key=("event_id",), source="GT-CS",
)

MODULES = {d.name: d for d in (AOR_AGGREGATES, EXPLOSIVE_ACCIDENTS, EXPLOSIVE_VICTIMS, HLP_DISPUTES, CIVIL_DOCUMENTS, SOCIAL_COHESION)}
AREA_OF = {"aor_aggregates": "", "explosive_accidents": "GT-LAMH", "explosive_victims": "GT-LAMH", "hlp_disputes": "GT-LTPRN",
           "civil_documents": "GT-DOC", "social_cohesion": "GT-CS"}
"""Which area of responsibility hands a module in; that of an aggregate is said by its module (VBG, MRM, PE)."""
AREA_OF_AGGREGATE = {"VBG": "SCVBG", "MRM": "SCPE", "PE": "SCPE"}
TYPES = {"VBG": "gbvims_type", "MRM": "mrm_violation", "PE": "cp_concern"}
"""The code list of an aggregate's ``type``, by module."""
