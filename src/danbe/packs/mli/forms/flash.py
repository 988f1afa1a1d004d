"""The flash alert: twelve questions at most, most of them one touch, so that it is sent in under two minutes."""

from __future__ import annotations

from danbe.packs.mli.forms.questions import (
    NO_NAMES,
    PLACE,
    REFERRAL,
    TODAY,
    PackForm,
    day,
    group,
    number,
    select,
    where,
)

_MOVED = "${category} = 'MVT'"
_NOT_MOVED = "${category} != 'MVT'"

QUESTIONS = (
    TODAY,
    NO_NAMES,
    day("event_date", "Quand", "When"),
    *group("where", "Où", "Where", where()),
    select("category", "violation_category_v2020", "Que s’est-il passé", "What happened", required=True),
    number("victims", "Combien de personnes touchées, à peu près", "How many people affected, roughly", required=True, relevant=_NOT_MOVED),
    number("killed", "dont tuées", "of whom killed", constraint=". >= 0 and . <= ${victims}", relevant=_NOT_MOVED,
           wrong_fr="Pas plus que les personnes touchées.", wrong_en="Not more than the people affected."),
    select("cause", "movement_cause", "Pourquoi les gens sont-ils partis", "Why did people leave", required=True, relevant=_MOVED, appearance="minimal"),
    number("households", "Combien de ménages sont partis, à peu près", "How many households left, roughly", required=True, relevant=_MOVED),
    select("perpetrator", "perpetrator_category", "Auteur présumé (catégorie)", "Alleged perpetrator (category)", appearance="minimal"),
    select("need", "service_category", "Besoin le plus urgent", "Most urgent need", appearance="minimal"),
    select("source_type", "source_type", "De qui le tenez-vous (qualité, pas de nom)", "Who told you (role, no name)", appearance="minimal"),
    REFERRAL,
)  # fmt: skip

_WHEN = {"path": "category", "is": ["PROP", "INTEG", "LIBSEC", "VIE", "SERV"]}

FLASH = PackForm(
    "danbe_alerte",
    "Alerte rapide",
    "Flash alert",
    "1",
    QUESTIONS,
    (
        ("violation_category_v2020", ("VSLC",)),
        ("movement_cause", ("RET", "SECND")),
        ("perpetrator_category", ("HUM",)),
        ("service_category", ()),
        ("source_type", ()),
    ),
    rules={
        "sources": [
            {
                "table": "incidents",
                "repeat": "",
                "when": _WHEN,
                "columns": {
                    "record_type": {"value": "FLASH"},
                    "event_date": {"path": "event_date"},
                    "reported_on": {"path": "reported_on"},
                    "place": {**PLACE, "division": "2021"},
                    "perpetrator": {"path": "perpetrator", "default": "INC"},
                    "source_type": {"path": "source_type"},
                    "typology": {"value": "2020"},
                },
            },
            {"table": "violations", "repeat": "", "when": _WHEN, "columns": {"category": {"path": "category"}}},
            {
                "table": "victims",
                "repeat": "",
                "when": _WHEN,
                "columns": {
                    "victims": {"path": "victims"},
                    "unknown": {"path": "victims"},
                    "killed": {"path": "killed", "default": 0},
                },
            },
            {
                "table": "responses",
                "repeat": "",
                "when": _WHEN,
                "columns": {"need": {"path": "need"}, "consented": {"value": False}},
            },
            {
                "table": "movements",
                "repeat": "",
                "when": {"path": "category", "is": ["MVT"]},
                "columns": {
                    "event_date": {"path": "event_date"},
                    "reported_on": {"path": "reported_on"},
                    "origin": {**PLACE, "division": "2021"},
                    "cause": {"path": "cause"},
                    "households": {"path": "households"},
                    "method": {"value": "ESTIM"},
                },
            },
        ]
    },
)
