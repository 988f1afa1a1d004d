"""Why a text may not leave, or should not be kept as it is: French, English, where, what to do.

No message repeats what it found of a person: messages are logged and mailed.
"""

from __future__ import annotations

from dataclasses import dataclass

from danbe.protect.reasons import Reason
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


TEXT_RULES: dict[str, str] = {
    "text.name": _("Ligne %(line)s, caractère %(column)s : on dirait le nom d’une personne. Écrire sa qualité («une femme déplacée»), jamais son nom."),
    "text.phone": _("Ligne %(line)s, caractère %(column)s : un numéro de téléphone. Le retirer ; le contact passe par le point focal."),
    "text.email": _("Ligne %(line)s, caractère %(column)s : une adresse électronique. La retirer."),
    "text.coordinates": _("Ligne %(line)s, caractère %(column)s : des coordonnées. Les retirer ; écrire le cercle."),
    "text.id_number": _("Ligne %(line)s, caractère %(column)s : un numéro d’identité ou de dossier. Le retirer."),
    "text.date_place": _("Ligne %(line)s, caractère %(column)s : une date au jour près et un lieu plus fin que le cercle désignent l’événement. Écrire le mois, ou le cercle."),
    "text.number": _("Ligne %(line)s, caractère %(column)s : le nombre «%(value)s» est écrit à la main. Un chiffre vient d’une case publiée : {figure:table.mesure[dimension=code]}."),
    "text.number_word": _("Ligne %(line)s, caractère %(column)s : «%(value)s» dit un chiffre en toutes lettres. Le remplacer par {figure:…} ou ne pas le dire."),
    "text.placeholder": _("Ligne %(line)s, caractère %(column)s : «%(value)s» n’est pas un appel de chiffre. Écrire {figure:table.mesure[dimension=code]}, {share:A / B} ou {change:A / B}."),
    "text.unknown_table": _("Ligne %(line)s, caractère %(column)s : la publication n’a pas de table «%(value)s»."),
    "text.unknown_measure": _("Ligne %(line)s, caractère %(column)s : la table «%(table)s» n’a pas de mesure «%(value)s»."),
    "text.unknown_dimension": _("Ligne %(line)s, caractère %(column)s : la table «%(table)s» n’a pas de dimension «%(value)s»."),
    "text.missing_dimension": _("Ligne %(line)s, caractère %(column)s : préciser «%(value)s» pour la table «%(table)s»."),
    "text.no_cell": _("Ligne %(line)s, caractère %(column)s : la table «%(table)s» n’a pas de case %(value)s."),
    "text.tells": _("Ligne %(line)s, caractère %(column)s : ce calcul dirait une case protégée de «%(table)s». Citer d’autres cases, ou retirer la phrase."),
    "text.unlike": _("Ligne %(line)s, caractère %(column)s : «%(value)s» rapporte deux unités différentes. Une part ou une évolution se calcule dans une même unité."),
}  # fmt: skip

PROTECTED = _("protégé")
"""What stands in a sentence for a withheld cell."""


@dataclass(frozen=True)
class TextReason(Reason):
    """A broken rule of this file; ``details`` hold ``line`` and ``column``, counted from 1, and ``file`` where known."""

    def text(self, language: str = "fr") -> str:
        said = translator(language)(TEXT_RULES[self.rule]) % self.details
        return f"{self.details['file']}, {said}" if "file" in self.details else said


def position(text: str, offset: int) -> dict[str, int]:
    """The line and column of a character, counted from 1."""
    return {"line": text.count("\n", 0, offset) + 1, "column": offset - (text.rfind("\n", 0, offset) + 1) + 1}
