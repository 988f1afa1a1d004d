"""Why a register, or a row of it, may not leave: French, English, where, what to do. What was found of a person is not in it."""

from __future__ import annotations

from dataclasses import dataclass

from danbe.protect.reasons import Reason
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


REGISTER_RULES: dict[str, str] = {
    "registers.unreadable": _("Le plan des registres %(file)s est illisible : %(error)s. Corriger le fichier."),
    "registers.shape": _("Le plan des registres est mal formé, à %(where)s : «%(value)s». Corriger le fichier."),
    "registers.unknown_dataset": _("Le plan des registres nomme un jeu que le catalogue ne déclare pas : «%(dataset)s». Le déclarer ou le retirer."),
    "registers.unknown_column": _("Le plan cite une colonne que le jeu «%(dataset)s» n’a pas : «%(column)s». Corriger le plan."),
    "registers.never": _("La colonne «%(column)s» du jeu «%(dataset)s» ne sort jamais (never), et le plan la laisse sortir. La retirer des colonnes."),
    "registers.confidential": _("Le plan laisse sortir «%(column)s» (jeu «%(dataset)s»), de sensibilité %(sensitivity)s dans le catalogue. Le public ne reçoit que la sensibilité 0 : retirer la colonne."),
    "registers.not_a_text": _("«%(column)s» (jeu «%(dataset)s») est citée parmi les textes ou les contacts sans être une colonne de texte qui sort. Corriger le plan."),
    "registers.not_a_date": _("«%(column)s» (jeu «%(dataset)s») n’est pas une date : la fraîcheur se compte depuis une date. Corriger le plan."),
    "registers.days": _("La fraîcheur du jeu «%(dataset)s» est de %(value)s jours ; il en faut au moins un. Corriger le plan."),
    "registers.level": _("Le plan laisse sortir «%(column)s» (jeu «%(dataset)s») au niveau %(level)s ; le plus fin permis est %(allowed)s. Corriger le plan."),
    "registers.geometry": _("La colonne «%(column)s» du jeu «%(dataset)s» porte des coordonnées : aucun point de ce jeu n’est public. La retirer des colonnes."),
    "registers.value": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : «%(value)s» n’est pas dans la liste «%(codelist)s». Corriger la valeur."),
    "registers.place": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : le lieu «%(value)s» est inconnu de la division en usage. Le corriger."),
    "registers.name": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : on dirait le nom d’une personne. Écrire la fonction, jamais le nom."),
    "registers.phone": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : un numéro de téléphone. Le retirer, ou le mettre dans la colonne prévue pour cela."),
    "registers.email": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : une adresse électronique. La retirer, ou la mettre dans la colonne prévue pour cela."),
    "registers.coordinates": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : des coordonnées. Les retirer ; écrire le cercle."),
    "registers.id_number": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : un numéro d’identité ou de dossier. Le retirer."),
    "registers.date_place": _("«%(dataset)s», ligne %(row)s, colonne «%(column)s» : une date au jour près et un lieu plus fin que le cercle désignent un événement. Écrire le mois, ou le cercle."),
}  # fmt: skip


@dataclass(frozen=True)
class RegisterReason(Reason):
    """A broken rule of this file; ``details`` hold ``dataset`` and, where it is a row's, its key in ``row``."""

    def text(self, language: str = "fr") -> str:
        return translator(language)(REGISTER_RULES[self.rule]) % self.details
