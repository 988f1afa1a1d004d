"""The key informant form of a rapid protection assessment (ERP): what a place says of itself, by someone's role.

It asks for perceptions of risks, not for incidents; risks of gender-based violence are assessed by its sub-cluster.
"""

from __future__ import annotations

from danbe.packs.mli.forms.questions import (
    NO_NAMES,
    REFERRAL,
    TODAY,
    PackForm,
    Question,
    day,
    group,
    number,
    select,
    where,
)

_DIFFERENT = "Choisissez un besoin différent des précédents.", "Choose a need other than the ones before."
_RISKS = (
    select("risk", "paf_risk", "Risque", "Risk", required=True, appearance="minimal"),
    select("severity", "severity_5", "Gravité ici", "Severity here", required=True),
)

QUESTIONS = (
    TODAY,
    NO_NAMES,
    day("assessed_on", "Date de l’entretien", "Date of the interview"),
    *group("where", "Où", "Where", where()),
    *group("informant", "Informateur clé (qualité, pas de nom)", "Key informant (role, no name)", (
        select("profile", "informant_profile", "Qualité", "Role", required=True, appearance="minimal"),
        select("informant_sex", "sex", "Sexe", "Sex", required=True),
        Question("select_one yes_no", "agrees", "La personne accepte de répondre", "The person agrees to answer", required=True),
    )),
    *group("people", "Population", "Population", (
        number("present_households", "Ménages présents, à peu près", "Households present, roughly", required=True),
        number("displaced_households", "dont ménages déplacés", "of whom displaced households", constraint=". >= 0 and . <= ${present_households}", required=True,
               wrong_fr="Pas plus que les ménages présents.", wrong_en="Not more than the households present."),
        select("displacement_cause", "movement_cause", "Cause du déplacement", "Cause of displacement", relevant="${displaced_households} > 0", appearance="minimal"),
    ), relevant="${agrees} = 'yes'"),
    *group("risks", "Risque de protection", "Protection risk", _RISKS, repeat=True, relevant="${agrees} = 'yes'"),
    *group("needs", "Besoins, du plus au moins urgent", "Needs, from the most to the least urgent", (
        select("need_1", "service_category", "Premier besoin", "First need", required=True, appearance="minimal"),
        select("need_2", "service_category", "Deuxième besoin", "Second need", appearance="minimal", constraint=". != ${need_1}", wrong_fr=_DIFFERENT[0], wrong_en=_DIFFERENT[1]),
        select("need_3", "service_category", "Troisième besoin", "Third need", appearance="minimal", constraint=". != ${need_1} and . != ${need_2}", wrong_fr=_DIFFERENT[0], wrong_en=_DIFFERENT[1]),
    ), relevant="${agrees} = 'yes'"),
    *group("capacities", "Capacités et accès", "Capacities and access", (
        Question("select_multiple cb_mechanism", "mechanisms", "Mécanismes communautaires actifs", "Active community mechanisms"),
        Question("select_multiple service_category", "services", "Services que l’on atteint d’ici", "Services that can be reached from here"),
        select("access", "access_level", "Accès pour les humanitaires", "Access for humanitarians", required=True),
        Question("select_multiple service_category", "recommended", "Réponses recommandées", "Recommended responses"),
    ), relevant="${agrees} = 'yes'"),
    REFERRAL,
)  # fmt: skip

INFORMANT = PackForm(
    "danbe_erp_informateur",
    "Évaluation rapide de protection : informateur clé",
    "Rapid protection assessment: key informant",
    "1",
    QUESTIONS,
    (
        ("informant_profile", ()),
        ("sex", ()),
        ("movement_cause", ()),
        ("paf_risk", ("PAF-04", "PAF-08")),
        ("severity_5", ()),
        ("service_category", ()),
        ("cb_mechanism", ()),
        ("access_level", ()),
    ),
)
