# fmt: off
"""Protection monitoring: incidents, their violations, their victim groups, the responses given (field brief §1.1).

The counting units are four datasets: an incident is not a violation, a violation is not a victim, and a forced movement
is counted as a movement (``movements``) and nowhere else. Rows are confidential; what may leave is the gate's to say.
Each row repeats where and when, so that figures need no join. The narrative is in no dataset.
"""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset

_SOURCE = "Cluster Protection, monitoring de protection"

INCIDENT_ID = Column("incident_id", "Incident", "Incident", "text", "#event+id", "key", sensitivity=2, required=True)
EVENT_MONTH = Column("event_month", "Mois de l’événement", "Month of the event", "month", "#date+occurred+month", "dimension", required=True,
                     help_fr="Les chiffres vont au mois où l’événement a eu lieu, jamais à celui du rapport.", help_en="Figures go to the month of the event, never to that of the report.")
REGION = Column("region", "Région", "Region", "text", "#adm1+id", "dimension")
CERCLE = Column("cercle", "Cercle", "Cercle", "text", "#adm2+id", "dimension")
COMMUNE = Column("commune", "Commune", "Commune", "text", "#adm3+id", "dimension", sensitivity=2)
VERIFICATION = Column("verification", "Vérification", "Verification", "code", "#event+verification+code", "dimension", codelist="verification_status", sensitivity=1, required=True)
CATEGORY = Column("category", "Catégorie de violation", "Category of violation", "code", "#event+type+code", "dimension", codelist="violation_category_v2020", required=True,
                  help_fr="Dans la typologie de 2020 ; INC là où une typologie plus ancienne ne permet pas de le dire.", help_en="In the typology of 2020; INC where an older typology does not tell.")
TYPOLOGY = Column("typology", "Typologie", "Typology", "code", "#event+type+vocabulary", "dimension", codelist="violation_typology", required=True)
PERPETRATOR = Column("perpetrator", "Catégorie d’auteur", "Category of perpetrator", "code", "#actor+type+code", "dimension", codelist="perpetrator_category", sensitivity=2,
                     help_fr="Une catégorie ; jamais le nom d’un groupe.", help_en="A category; never the name of a group.")
ORGANISATION = Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "dimension", sensitivity=1)
WHERE_WHEN = (ORGANISATION, EVENT_MONTH, REGION, CERCLE, COMMUNE, VERIFICATION)

INCIDENTS = Dataset(
    "incidents", "Incidents", "Incidents",
    "Un événement par ligne, sans nom, ni récit, ni coordonnées.", "One event per row, without name, narrative or coordinates.",
    (
        INCIDENT_ID,
        Column("record_type", "Alerte ou incident documenté", "Alert or documented incident", "code", "#event+record+code", "dimension", codelist="record_type", required=True),
        Column("monitor", "Moniteur (pseudonyme)", "Monitor (pseudonym)", "text", "#contact+pseudonym", "dimension", sensitivity=2),
        Column("event_date", "Date de l’événement", "Date of the event", "date", "#date+occurred", "attribute", sensitivity=2, required=True),
        *WHERE_WHEN,
        Column("date_precision", "Précision de la date", "Precision of the date", "code", "#date+precision", "attribute", codelist="date_precision", sensitivity=1),
        Column("reported_on", "Date du rapport", "Date of the report", "date", "#date+reported", "attribute", sensitivity=2),
        Column("validated_on", "Date de validation", "Date of validation", "date", "#date+validated", "attribute", sensitivity=2),
        Column("location_type", "Type de lieu", "Type of location", "code", "#loc+type+code", "dimension", codelist="location_type", sensitivity=1),
        PERPETRATOR,
        Column("source_type", "Type de source", "Type of source", "code", "#meta+source+type", "attribute", codelist="source_type", sensitivity=2),
        Column("source_reliability", "Fiabilité de la source", "Reliability of the source", "code", "#meta+source+reliability", "attribute", codelist="source_reliability", sensitivity=2),
        Column("information_credibility", "Crédibilité de l’information", "Credibility of the information", "code", "#meta+credibility", "attribute", codelist="information_credibility", sensitivity=2),
        Column("consent", "Consentement", "Consent", "code", "#meta+consent", "attribute", codelist="consent", sensitivity=2),
        TYPOLOGY,
    ),
    key=("incident_id",), source=_SOURCE,
)

VIOLATIONS = Dataset(
    "violations", "Violations", "Violations",
    "Une violation par ligne : un incident en compte une ou plusieurs.", "One violation per row: an incident has one or more.",
    (
        Column("violation_id", "Violation", "Violation", "text", "#event+violation+id", "key", sensitivity=2, required=True),
        INCIDENT_ID,
        *WHERE_WHEN,
        CATEGORY,
        Column("subtype", "Type de violation", "Kind of violation", "code", "#event+subtype+code", "dimension", codelist="violation_subtype_v2018_2019", sensitivity=1),
        Column("risk", "Risque du PAF", "PAF risk", "code", "#event+risk+code", "dimension", codelist="paf_risk"),
        TYPOLOGY,
        PERPETRATOR,
    ),
    key=("violation_id",), source=_SOURCE,
)

_GROUP = (
    Column("sex", "Sexe", "Sex", "code", "#population+sex", "dimension", codelist="sex"),
    Column("age_group", "Groupe d’âge", "Age group", "code", "#population+age", "dimension", codelist="age_group"),
    Column("sex_age", "Sexe et âge", "Sex and age", "code", "#population+sex_age+code", "dimension", codelist="sex_age", derived=True),
    Column("population_status", "Statut de population", "Population status", "code", "#population+type+code", "dimension", codelist="population_status"),
    Column("directness", "Touchées directement ou non", "Affected directly or not", "code", "#population+directness", "dimension", codelist="directness"),
)

VICTIMS = Dataset(
    "victims", "Victimes", "Victims",
    "Des effectifs par violation, sexe, âge et statut ; jamais une personne. Les victimes sans sexe ni âge ont leur ligne.",
    "Counts by violation, sex, age and status; never a person. Victims of unknown sex and age have a row of their own.",
    (
        Column("group_id", "Groupe", "Group", "text", "#population+group+id", "key", sensitivity=2, required=True),
        Column("violation_id", "Violation", "Violation", "text", "#event+violation+id", "attribute", sensitivity=2, required=True),
        *WHERE_WHEN,
        CATEGORY,
        *_GROUP,
        Column("victims", "Victimes", "Victims", "integer", "#affected+victims", "count", "personnes", required=True),
        Column("killed", "dont tuées", "of whom killed", "integer", "#affected+killed", "count", "personnes"),
        Column("injured", "dont blessées", "of whom injured", "integer", "#affected+injured", "count", "personnes"),
        Column("with_disability", "dont personnes handicapées", "of whom people with disabilities", "integer", "#affected+disabled", "count", "personnes",
               help_fr="WG-SS : au moins un domaine à «beaucoup de difficultés» ou «ne peut pas du tout».", help_en="WG-SS: at least one domain at 'a lot of difficulty' or 'cannot do at all'."),
    ),
    key=("group_id",), source=_SOURCE,
)

RESPONSES = Dataset(
    "responses", "Réponses et référencements", "Responses and referrals",
    "Un besoin par ligne, et ce que le référencement est devenu ; il se fait hors de ce système.", "One need per row, and what became of the referral; it takes place off this system.",
    (
        Column("response_id", "Réponse", "Response", "text", "#activity+response+id", "key", sensitivity=2, required=True),
        INCIDENT_ID,
        *WHERE_WHEN,
        Column("need", "Besoin", "Need", "code", "#sector+need+code", "dimension", codelist="service_category", required=True),
        Column("consented", "Accord de la personne", "The person agreed", "boolean", "#meta+consent+referral", "attribute", sensitivity=2),
        Column("outcome", "Suite", "Outcome", "code", "#activity+outcome+code", "dimension", codelist="referral_outcome", sensitivity=1),
        Column("service_id", "Service", "Service", "text", "#service+id", "attribute", sensitivity=2),
        Column("referred_on", "Référencé le", "Referred on", "date", "#date+referred", "attribute", sensitivity=2),
        Column("completed_on", "Service rendu le", "Service provided on", "date", "#date+completed", "attribute", sensitivity=2),
    ),
    key=("response_id",), source=_SOURCE,
)
