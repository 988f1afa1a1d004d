# fmt: off
"""Services, referral pathways and community mechanisms as datasets (field brief §1.5). They leave as registers, row by row.

Sensitivity 1: focal points, staff, what is for members. No column for a person's name exists.
"""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.incidents import CERCLE, REGION

_PLACE = Column("place", "Lieu", "Place", "text", "#loc+code", "dimension")
_COMMUNE = Column("commune", "Commune", "Commune", "text", "#adm3+code", "dimension", derived=True)
_PUBLIC = Column("public", "Peut être dit au public", "May be told to the public", "boolean", "#meta+public", "attribute", sensitivity=1)
_VERIFIED = Column("verified_on", "Vérifié le", "Verified on", "date", "#date+verified", "attribute")
_ORGANISATION = Column("organisation_id", "Organisation", "Organisation", "text", "#org+id", "dimension", synonyms=("ong", "acteur", "structure porteuse"))

SERVICES = Dataset(
    "services", "Services de protection", "Protection services",
    "Un service par ligne : où, pour qui, quand, à quel prix, qui appeler. Vérifié depuis 180 jours au plus.",
    "One service per row: where, for whom, when, at what cost, whom to call. Verified within the last 180 days.",
    (
        Column("service_id", "Service", "Service", "text", "#service+id", "key", derived=True),
        Column("name", "Nom du service", "Name of the service", "text", "#service+name", "attribute", required=True, asked=True, synonyms=("service", "structure", "nom de la structure")),
        _ORGANISATION,
        Column("categories", "Catégories", "Categories", "text", "#service+category+list", "dimension", required=True, asked=True, synonyms=("type de service", "categorie", "service offert"),
               help_fr="Codes de service_category, séparés par un espace.", help_en="Codes of service_category, parted by a space."),
        _PLACE, REGION, CERCLE, _COMMUNE,
        Column("address", "Comment s’y rendre", "How to get there", "text", "#loc+address", "attribute", asked=True, synonyms=("adresse", "quartier"),
               help_fr="Vide pour un espace sûr.", help_en="Empty for a safe space."),
        Column("longitude", "Longitude", "Longitude", "decimal", "#geo+lon", "attribute", sensitivity=1, asked=True, help_fr="Jamais pour un espace sûr.", help_en="Never for a safe space."),
        Column("latitude", "Latitude", "Latitude", "decimal", "#geo+lat", "attribute", sensitivity=1, asked=True, help_fr="Jamais pour un espace sûr.", help_en="Never for a safe space."),
        Column("groups", "Pour qui", "For whom", "text", "#population+list", "dimension", asked=True, synonyms=("groupes", "beneficiaires")),
        Column("age_min", "Âge minimal", "Youngest age", "integer", "#age+min", "attribute", "ans", asked=True),
        Column("age_max", "Âge maximal", "Oldest age", "integer", "#age+max", "attribute", "ans", asked=True),
        Column("days", "Jours", "Days", "text", "#date+weekdays", "attribute", asked=True),
        Column("hours", "Heures", "Hours", "text", "#date+hours", "attribute", asked=True, synonyms=("horaires",)),
        Column("always_open", "Ouvert jour et nuit", "Open day and night", "boolean", "#date+always", "attribute", asked=True, synonyms=("24/7", "24h/24")),
        Column("cost", "Prix", "Cost", "code", "#service+cost", "dimension", codelist="service_cost", asked=True, synonyms=("cout", "tarif")),
        Column("languages", "Langues parlées", "Languages spoken", "text", "#language+list", "attribute", asked=True, synonyms=("langues",)),
        Column("disability_access", "Accès des personnes handicapées", "Access for persons with disabilities", "code", "#service+access", "attribute", codelist="service_access", asked=True, synonyms=("accessibilite",)),
        Column("conditions", "Conditions", "Conditions", "text", "#service+conditions", "attribute", asked=True, synonyms=("conditions d’acces", "criteres")),
        Column("rape_care_72h", "Soins après un viol, dans les 72 heures", "Post-rape care within 72 hours", "boolean", "#service+cmr", "attribute", asked=True, synonyms=("kit cmr", "cmr", "kit pep")),
        Column("public_phone", "Numéro à appeler", "Number to call", "text", "#contact+phone", "attribute", asked=True, synonyms=("telephone", "contact")),
        _VERIFIED,
        Column("capacity_month", "Capacité par mois", "Capacity per month", "integer", "#capacity+month", "attribute", "personnes", sensitivity=1, asked=True, synonyms=("capacite",)),
        Column("staff_women", "Personnel : femmes", "Staff: women", "integer", "#staff+f", "attribute", "agents", sensitivity=1, asked=True),
        Column("staff_men", "Personnel : hommes", "Staff: men", "integer", "#staff+m", "attribute", "agents", sensitivity=1, asked=True),
        Column("confidentiality", "Mesures de confidentialité", "Confidentiality measures", "text", "#service+confidentiality", "attribute", sensitivity=1, asked=True),
        Column("focal_function", "Point focal : fonction", "Focal point: function", "text", "#contact+focal+title", "attribute", sensitivity=1, asked=True),
        Column("focal_phone", "Point focal : téléphone de service", "Focal point: duty phone", "text", "#contact+focal+phone", "attribute", sensitivity=1, asked=True),
        Column("backup_function", "Suppléance : fonction", "Backup: function", "text", "#contact+backup+title", "attribute", sensitivity=1, asked=True),
        Column("backup_phone", "Suppléance : téléphone de service", "Backup: duty phone", "text", "#contact+backup+phone", "attribute", sensitivity=1, asked=True),
        Column("sop_signed", "Procédures signées", "SOP signed", "boolean", "#service+sop", "attribute", sensitivity=1, asked=True),
        Column("valid_until", "Valable jusqu’au", "Valid until", "date", "#date+end", "attribute", sensitivity=1, asked=True),
        Column("source", "Source", "Source", "text", "#meta+source", "attribute"),
        _PUBLIC,
    ),
    key=("service_id",), source="Field brief §1.5",
)

PATHWAYS = Dataset(
    "referral_pathways", "Circuits de référencement", "Referral pathways",
    "Une étape par ligne : pour un besoin et une zone, où aller d’abord, puis ensuite.", "One step per row: for a need and a zone, where to go first, then next.",
    (
        Column("pathway_id", "Circuit", "Pathway", "text", "#pathway+id", "key", required=True),
        Column("step", "Étape", "Step", "integer", "#pathway+step", "key", required=True),
        Column("need", "Besoin", "Need", "code", "#need+code", "dimension", codelist="protection_need", required=True),
        _PLACE, REGION, CERCLE,
        Column("what_fr", "Que faire", "What to do (French)", "text", "#pathway+what+fr", "attribute", required=True),
        Column("what_en", "Que faire (anglais)", "What to do", "text", "#pathway+what+en", "attribute"),
        Column("category", "Catégorie de service", "Service category", "code", "#service+category", "dimension", codelist="service_category"),
        Column("delay_hours", "Délai", "Delay", "integer", "#pathway+delay", "attribute", "heures"),
        Column("service_id", "Service", "Service", "text", "#service+id", "attribute"),
        _VERIFIED, _PUBLIC,
    ),
    key=("pathway_id", "step"), source="Field brief §1.5",
)

MECHANISMS = Dataset(
    "mechanisms", "Mécanismes communautaires", "Community mechanisms",
    "Un mécanisme par ligne : quel genre, où (commune ou cercle), depuis quand, formé à quoi, fonctionnel ou non. Aucun nom de membre.",
    "One mechanism per row: of what kind, where (commune or cercle), since when, trained in what, functional or not. No member's name.",
    (
        Column("mechanism_id", "Mécanisme", "Mechanism", "text", "#mechanism+id", "key", required=True),
        Column("mechanism_type", "Type", "Type", "code", "#mechanism+type", "dimension", codelist="cb_mechanism", required=True),
        _ORGANISATION,
        _PLACE, REGION, CERCLE, _COMMUNE,
        Column("started_year", "Année de création", "Year it began", "integer", "#date+start+year", "attribute"),
        Column("members_women", "Membres : femmes", "Members: women", "integer", "#population+f", "count", "personnes", sensitivity=1),
        Column("members_men", "Membres : hommes", "Members: men", "integer", "#population+m", "count", "personnes", sensitivity=1),
        Column("members_young", "Membres : jeunes", "Members: young people", "integer", "#population+young", "count", "personnes", sensitivity=1),
        Column("members_disability", "Membres handicapés", "Members with a disability", "integer", "#population+disability", "count", "personnes", sensitivity=1),
        Column("members_displaced", "Membres déplacés", "Displaced members", "integer", "#population+displaced", "count", "personnes", sensitivity=1),
        Column("training", "Formé à", "Trained in", "text", "#mechanism+training+list", "attribute"),
        Column("trained_on", "Formé le", "Trained on", "date", "#date+trained", "attribute", sensitivity=1),
        Column("alert_channel", "Comment l’alerte remonte", "How alerts are passed on", "code", "#mechanism+channel", "attribute", codelist="alert_channel"),
        Column("quarter", "Dernier trimestre rapporté", "Latest quarter reported", "text", "#date+quarter", "attribute"),
        Column("meetings", "Réunions du trimestre", "Meetings in the quarter", "integer", "#mechanism+meetings", "attribute"),
        Column("alerts_raised", "Alertes remontées", "Alerts raised", "integer", "#alert+raised", "attribute", sensitivity=1),
        Column("alerts_acted", "Alertes suivies d’effet", "Alerts acted on", "integer", "#alert+acted", "attribute", sensitivity=1),
        Column("score", "Fonctionnalité (0 à 5)", "Functionality (0 to 5)", "integer", "#mechanism+score", "attribute"),
        Column("gaps", "Ce qui manque", "What is lacking", "text", "#mechanism+gaps", "attribute", sensitivity=1),
        _PUBLIC,
    ),
    key=("mechanism_id",), source="Field brief §1.5",
)

SERVICE_REGISTERS: dict[str, Dataset] = {d.name: d for d in (SERVICES, PATHWAYS, MECHANISMS)}
"""A snapshot made before they existed has none of them."""
