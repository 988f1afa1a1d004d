"""What a form of the pack is made of: questions in French and English, choices from the code lists and the gazetteer.

Declared once, in Python, so that no code is typed twice: an answer is a code of the catalogue, a place its P-code.
``workbook`` writes the XLSForm; ``rules`` of each form say which catalogue column an answer becomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from danbe.reference.codelists import codelist
from danbe.reference.geography import Gazetteer, Unit

FRENCH, ENGLISH = "Français (fr)", "English (en)"


@dataclass(frozen=True)
class Question:
    """One row of the survey sheet. ``kind`` is an XLSForm type; ``wrong`` is told when ``constraint`` does not hold."""

    kind: str
    name: str
    fr: str = ""
    en: str = ""
    hint_fr: str = ""
    hint_en: str = ""
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    wrong_fr: str = ""
    wrong_en: str = ""
    choice_filter: str = ""
    appearance: str = ""
    default: str = ""
    calculation: str = ""

    @property
    def asks(self) -> bool:
        """Whether the person has to answer something."""
        return self.kind.split()[0] in ("select_one", "select_multiple", "integer", "decimal", "date", "text")


@dataclass(frozen=True)
class Choice:
    """One row of the choices sheet; ``above`` is what a cascade filters by."""

    list_name: str
    name: str
    fr: str
    en: str
    above: str = ""


@dataclass(frozen=True)
class PackForm:
    """A form of the pack. ``choices`` are code lists by the name the form gives them: (list, codes left out).

    ``rules`` is its mapping to incidents and movements; {} for a form that feeds neither.
    """

    form_id: str
    fr: str
    en: str
    version: str
    questions: tuple[Question, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    rules: dict[str, Any] = field(default_factory=dict)
    communes: bool = True

    def choices(self, gazetteer: Gazetteer) -> list[Choice]:
        """Every choice of the form: code lists first, then region, cercle and commune of the current division."""
        found: list[Choice] = []
        for name, without in self.lists:
            items = codelist(name).items
            found += [Choice(name, i.code, i.fr, i.en, i.parent) for i in items if i.code not in without]
        found += [Choice("yes_no", "yes", "Oui", "Yes"), Choice("yes_no", "no", "Non", "No")]
        return found + places(gazetteer, 3 if self.communes else 2)


def places(gazetteer: Gazetteer, deepest: int) -> list[Choice]:
    """The administrative units of the current division by P-code, each with the P-code of the unit above it.

    A unit without a P-code of that division (Mali's communes of 2021) goes by its id.
    """
    names = {1: "region", 2: "cercle", 3: "commune"}
    found = []
    for level in range(1, deepest + 1):
        for unit in sorted(gazetteer.units(level, gazetteer.current), key=lambda u: (u.parent_id or "", u.name)):
            above = _code(gazetteer.unit(unit.parent_id)) if unit.parent_id and level > 1 else ""
            found.append(Choice(names[level], _code(unit), unit.name, unit.name, above))
    return found


def _code(unit: Unit) -> str:
    return unit.code or unit.id


def where(prefix: str = "", fr: str = "", en: str = "", *, required: bool = True) -> tuple[Question, ...]:
    """The cascade region → cercle → commune; the commune may stay unknown."""
    p = prefix
    return (
        Question("select_one region", f"{p}region", f"Région{fr}", f"Region{en}", required=required, appearance="minimal"),
        Question(
            "select_one cercle", f"{p}cercle", f"Cercle{fr}", f"Cercle{en}", required=required,
            choice_filter=f"above=${{{p}region}}", appearance="minimal", relevant=f"${{{p}region}} != ''",
        ),
        Question(
            "select_one commune", f"{p}commune", f"Commune{fr}", f"Commune{en}",
            hint_fr="Laissez vide si vous ne savez pas.", hint_en="Leave empty if you do not know.",
            choice_filter=f"above=${{{p}cercle}}", appearance="minimal", relevant=f"${{{p}cercle}} != ''",
        ),
    )  # fmt: skip


def select(name: str, codelist_name: str, fr: str, en: str, **more: Any) -> Question:
    return Question(f"select_one {codelist_name}", name, fr, en, **more)


def number(name: str, fr: str, en: str, constraint: str = ". >= 0", **more: Any) -> Question:
    said = {"wrong_fr": "Un nombre de 0 ou plus.", "wrong_en": "A number of 0 or more."}
    return Question("integer", name, fr, en, constraint=constraint, **{**said, **more})


def day(name: str, fr: str, en: str) -> Question:
    return Question(
        "date", name, fr, en, required=True, constraint=". <= today()",
        wrong_fr="Cette date est dans l’avenir.", wrong_en="This date is in the future.",
    )  # fmt: skip


def group(name: str, fr: str, en: str, inside: Sequence[Question], *, repeat: bool = False, **more: Any) -> tuple[Question, ...]:  # fmt: skip
    """Questions on one screen (a group), or asked again for each of several things (a repeat)."""
    kind = "repeat" if repeat else "group"
    look = {} if repeat else {"appearance": "field-list"}
    return (Question(f"begin_{kind}", name, fr, en, **{**look, **more}), *inside, Question(f"end_{kind}", name))


TODAY = Question("today", "reported_on")
NO_NAMES = Question(
    "note",
    "no_names",
    "N’écrivez et ne demandez aucun nom, numéro de téléphone ni coordonnée. Ce formulaire ne compte que des personnes.",
    "Write and ask for no name, phone number or coordinates. This form only counts people.",
)
REFERRAL = Question(
    "note",
    "referral_only",
    "Ne recherchez pas les violences basées sur le genre et n’en saisissez aucune ici. Si une personne se confie : "
    "écoutez, ne questionnez pas, ne notez rien, et donnez-lui l’information sur les services (fiche de référencement de "
    "votre zone). Les soins médicaux sont urgents dans les 72 heures. C’est la personne qui décide.",
    "Do not seek gender-based violence and record none here. If a person confides in you: listen, do not question, write "
    "nothing down, and give information on services (the referral sheet of your area). Medical care is urgent within 72 "
    "hours. The person decides.",
)
PLACE = {"path": ["where/commune", "where/cercle", "where/region"]}
