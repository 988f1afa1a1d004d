"""The population movement: from where, to where, why, how many, and how that is known."""

from __future__ import annotations

from danbe.packs.mli.forms.questions import NO_NAMES, TODAY, PackForm, Question, day, group, number, select, where

QUESTIONS = (
    TODAY,
    NO_NAMES,
    *group("when", "Quand et pourquoi", "When and why", (
        day("event_date", "Date du départ", "Date of departure"),
        select("date_precision", "date_precision", "Cette date est connue", "This date is known", required=True, default="JOUR"),
        select("cause", "movement_cause", "Cause", "Cause", required=True, appearance="minimal"),
    )),
    *group("origin", "Lieu de départ", "Place of departure", where("origin_", " de départ", " of departure")),
    *group("destination", "Lieu d’arrivée", "Place of arrival", where("destination_", " d’arrivée", " of arrival", required=False)),
    *group("who", "Combien", "How many", (
        select("population_status", "population_status", "Statut", "Status", required=True, appearance="minimal"),
        number("households", "Ménages", "Households", required=True),
        number("individuals", "Personnes, si elles ont été comptées", "People, if they were counted", constraint=". >= ${households}",
               hint_fr="Laissez vide si personne ne les a comptées : n’estimez pas vous-même.", hint_en="Leave empty if nobody counted them: do not estimate yourself.",
               wrong_fr="Un ménage compte au moins une personne.", wrong_en="A household has at least one person."),
        Question("decimal", "household_size", "Taille documentée d’un ménage", "Documented size of a household", relevant="${individuals} = ''", constraint=". >= 1 and . <= 30",
                 hint_fr="Seulement si une source l’établit pour ce lieu (DTM, ERP).", hint_en="Only if a source establishes it for this place (DTM, ERP).",
                 wrong_fr="Entre 1 et 30 personnes.", wrong_en="Between 1 and 30 people."),
        select("method", "movement_method", "Comment le sait-on", "How is it known", required=True),
        select("host_type", "host_type", "Où les personnes sont-elles accueillies", "Where are the people hosted", appearance="minimal"),
        number("wave", "Vague", "Wave", constraint=". >= 1", default="1", wrong_fr="1 pour la première vague.", wrong_en="1 for the first wave."),
    )),
)  # fmt: skip


def _place(end: str) -> dict[str, object]:
    return {"path": [f"{end}/{end}_{level}" for level in ("commune", "cercle", "region")], "division": "2021"}


MOVEMENT = PackForm(
    "danbe_mouvement",
    "Mouvement de population",
    "Population movement",
    "1",
    QUESTIONS,
    (
        ("date_precision", ()),
        ("movement_cause", ()),
        ("population_status", ()),
        ("movement_method", ()),
        ("host_type", ()),
    ),
    rules={
        "sources": [
            {
                "table": "movements",
                "repeat": "",
                "columns": {
                    "event_date": {"path": "when/event_date"},
                    "date_precision": {"path": "when/date_precision"},
                    "reported_on": {"path": "reported_on"},
                    "cause": {"path": "when/cause"},
                    "origin": _place("origin"),
                    "destination": _place("destination"),
                    **{
                        name: {"path": f"who/{name}"}
                        for name in (
                            "population_status", "households", "individuals", "household_size", "method", "host_type",
                            "wave",
                        )
                    },
                },
            }
        ]
    },
)  # fmt: skip
