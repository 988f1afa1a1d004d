"""The documented incident: what happened, to how many, what was done. No free text: the narrative is written on the
screen of the incident, where it is encrypted and looked over for names."""

from __future__ import annotations

from danbe.packs.mli.forms.questions import (
    NO_NAMES,
    PLACE,
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

# Forced movements have their own form; sexual violence is never sought.
WITHOUT = ("MVT", "VSLC")
_KIND = "above=${category}"

_VICTIMS = (
    number("victims", "Combien de personnes", "How many people", constraint=". > 0", required=True, wrong_fr="Au moins une personne.", wrong_en="At least one person."),
    select("sex", "sex", "Sexe", "Sex", required=True),
    select("age_group", "age_group", "Âge", "Age", required=True),
    select("population_status", "population_status", "Statut", "Status", required=True, appearance="minimal"),
    number("unknown", "dont sexe et âge inconnus", "of whom sex and age unknown", constraint=". >= 0 and . <= ${victims}", default="0", wrong_fr="Pas plus que le total.", wrong_en="Not more than the total."),
    number("killed", "dont tuées", "of whom killed", constraint=". >= 0 and . <= ${victims}", default="0", wrong_fr="Pas plus que le total.", wrong_en="Not more than the total."),
    number("injured", "dont blessées", "of whom injured", constraint=". >= 0 and . + ${killed} <= ${victims}", default="0", wrong_fr="Tuées et blessées ne dépassent pas le total.", wrong_en="Killed and injured do not exceed the total."),
    number("with_disability", "dont personnes handicapées", "of whom people with disabilities", constraint=". >= 0 and . <= ${victims}", default="0",
           hint_fr="Beaucoup de difficultés, ou impossible, pour voir, entendre, marcher, se souvenir, se laver ou se faire comprendre.",
           hint_en="A lot of difficulty, or impossible, to see, hear, walk, remember, wash or be understood.",
           wrong_fr="Pas plus que le total.", wrong_en="Not more than the total."),
    select("directness", "directness", "Touchées directement ?", "Affected directly?", default="DIR"),
)  # fmt: skip

_VIOLATIONS = (
    select("category", "violation_category_v2020", "Catégorie de violation", "Category of violation", required=True),
    select("subtype", "violation_subtype_v2018_2019", "Plus précisément", "More precisely", choice_filter=_KIND, appearance="minimal"),
    *group("victim_group", "Groupe de victimes", "Group of victims", _VICTIMS, repeat=True),
)  # fmt: skip

_RESPONSES = (
    select("need", "service_category", "Besoin", "Need", required=True, appearance="minimal"),
    Question("select_one yes_no", "consented", "La personne accepte d’être orientée vers un service", "The person agrees to be referred to a service", required=True),
    select("outcome", "referral_outcome", "Suite du référencement", "Outcome of the referral", relevant="${consented} = 'yes'"),
)  # fmt: skip

QUESTIONS = (
    TODAY,
    NO_NAMES,
    REFERRAL,
    *group("when", "Quand", "When", (
        day("event_date", "Date de l’événement", "Date of the event"),
        select("date_precision", "date_precision", "Cette date est connue", "This date is known", required=True, default="JOUR"),
    )),
    *group("where", "Où", "Where", (*where(), select("location_type", "location_type", "Type de lieu", "Type of location", required=True, appearance="minimal"))),
    select("perpetrator", "perpetrator_category", "Auteur présumé (catégorie, jamais un nom de groupe)", "Alleged perpetrator (category, never the name of a group)", required=True, appearance="minimal"),
    *group("violations", "Violation", "Violation", _VIOLATIONS, repeat=True),
    *group("source", "Source", "Source", (
        select("source_type", "source_type", "De qui vient l’information (qualité, pas de nom)", "Who the information comes from (role, no name)", required=True, appearance="minimal"),
        select("source_reliability", "source_reliability", "Fiabilité de la source", "Reliability of the source", required=True, appearance="minimal"),
        select("information_credibility", "information_credibility", "Crédibilité de l’information", "Credibility of the information", required=True, appearance="minimal"),
        select("consent", "consent", "Consentement", "Consent", required=True, appearance="minimal"),
    )),
    *group("responses", "Besoin et réponse", "Need and response", _RESPONSES, repeat=True),
)  # fmt: skip

INCIDENT = PackForm(
    "danbe_incident",
    "Incident de protection (documenté)",
    "Protection incident (documented)",
    "1",
    QUESTIONS,
    (
        ("date_precision", ()),
        ("location_type", ()),
        # Aid workers are reported through the PSEA channel, outside this system.
        ("perpetrator_category", ("HUM",)),
        ("violation_category_v2020", WITHOUT),
        ("violation_subtype_v2018_2019", ()),
        ("sex", ()),
        ("age_group", ()),
        ("population_status", ()),
        ("directness", ()),
        ("source_type", ()),
        ("source_reliability", ()),
        ("information_credibility", ()),
        ("consent", ()),
        ("service_category", ()),
        ("referral_outcome", ()),
    ),
    rules={
        "sources": [
            {
                "table": "incidents",
                "repeat": "",
                "columns": {
                    "record_type": {"value": "DOC"},
                    "event_date": {"path": "when/event_date"},
                    "date_precision": {"path": "when/date_precision"},
                    "reported_on": {"path": "reported_on"},
                    "place": {**PLACE, "division": "2021"},
                    "location_type": {"path": "where/location_type"},
                    "perpetrator": {"path": "perpetrator"},
                    "source_type": {"path": "source/source_type"},
                    "source_reliability": {"path": "source/source_reliability"},
                    "information_credibility": {"path": "source/information_credibility"},
                    "consent": {"path": "source/consent"},
                    "typology": {"value": "2020"},
                },
            },
            {
                "table": "violations",
                "repeat": "violations",
                "columns": {
                    "category": {"path": "violations/category"},
                    "subtype": {"path": "violations/subtype"},
                },
            },
            {
                "table": "victims",
                "repeat": "violations/victim_group",
                "columns": {q.name: {"path": f"violations/victim_group/{q.name}"} for q in _VICTIMS},
            },
            {
                "table": "responses",
                "repeat": "responses",
                "columns": {
                    "need": {"path": "responses/need"},
                    "consented": {"path": "responses/consented"},
                    "outcome": {"path": "responses/outcome"},
                },
            },
        ]
    },
)
