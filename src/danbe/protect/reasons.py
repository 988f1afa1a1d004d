"""Why the gate says no: each reason names the rule, the table and what to do, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


RULES: dict[str, str] = {
    "plan.unknown_table": _("Le plan de publication nomme une table que le catalogue ne déclare pas : «%(table)s». Corriger le plan."),
    "plan.unknown_column": _("Le plan laisse sortir de «%(table)s» une colonne que le catalogue ne déclare pas : «%(column)s». Corriger le plan."),
    "plan.confidential": _("Le plan laisse sortir «%(column)s» (table «%(table)s»), de sensibilité %(sensitivity)s dans le catalogue. Le public ne reçoit que la sensibilité 0 : retirer la colonne."),
    "plan.unreadable": _("Le plan de publication %(file)s est illisible : %(error)s. Corriger le fichier."),
    "plan.shape": _("Le plan de publication %(file)s est mal formé, à %(where)s : «%(value)s». Corriger le fichier."),
    "plan.unknown_measure": _("Le plan cite à «%(table)s» une mesure qu’il ne déclare pas : «%(measure)s». La déclarer sous [measures]."),
    "plan.unknown_dimension": _("Le plan cite à «%(where)s» une dimension inconnue : «%(dimension)s». Corriger le plan."),
    "plan.unknown_code": _("Le plan cite à «%(where)s» un code absent de la liste «%(dimension)s» : «%(value)s». Corriger le plan."),
    "plan.level": _("Le plan laisse sortir la table «%(table)s» au niveau %(value)s ; le plus fin permis est %(lowest)s. Corriger le plan."),
    "plan.threshold": _("Seuil impossible dans le plan, à «%(where)s» : %(value)s ; il faut au moins %(least)s. Corriger le plan."),
    "plan.repeated": _("Le plan déclare deux fois : %(what)s. En garder une."),
    "plan.overlap": _("Le plan se contredit à «%(where)s» : %(what)s. Corriger le plan."),
    "plan.cycle": _("Le plan tourne en rond (%(where)s) : %(what)s. Un total ne peut être sa propre partie : corriger le plan."),
    "plan.unsigned": _("Les seuils du plan doivent être signés par %(needed)s fonctions différentes ; ils le sont par : %(roles)s. Compléter signed_by."),
    "figures.not_closed": _("Des chiffres se contredisent : %(what)s. Recalculer les chiffres ; rien n’est publié."),
    "gate.unprotectable": _("%(n)s chiffres restent déductibles quoi qu’on cache, même dans des tables plus grossières ; par exemple %(cell)s. Retirer une table ou une dimension du plan."),
    "figures.snapshot": _("Les chiffres viennent de l’instantané %(found)s et non de %(expected)s. Recalculer les chiffres."),
    "figures.hash": _("Le fichier de la table «%(table)s» n’est plus celui qui a été calculé (empreinte différente). Recalculer les chiffres."),
    "figures.unknown_table": _("Table inconnue du catalogue : «%(table)s». La déclarer ou la retirer des chiffres."),
    "figures.confidential_column": _("La table «%(table)s» porte une colonne confidentielle : «%(column)s» (sensibilité %(sensitivity)s). La retirer des chiffres."),
    "figures.unlisted_column": _("La table «%(table)s» porte une colonne que le plan ne prévoit pas : «%(column)s». L’ajouter au plan ou la retirer."),
    "figures.missing_column": _("Il manque à la table «%(table)s» la colonne «%(column)s» que le plan prévoit."),
    "figures.type": _("La colonne «%(column)s» de la table «%(table)s» devrait être un nombre ; elle contient du texte."),
    "figures.level": _("La table «%(table)s» descend au niveau %(value)s, que le plan n’autorise pas : ni commune ni site ne sont publics."),
    "figures.place": _("La table «%(table)s» cite un lieu qui n’est pas public, ou pas de ce niveau : «%(value)s»."),
    "figures.value": _("La colonne «%(column)s» de la table «%(table)s» contient «%(value)s», hors de sa liste : un texte libre ne sort jamais."),
    "figures.repeated": _("La table «%(table)s» a deux lignes pour le même cas : %(value)s."),
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One broken rule. ``details`` fill the message; they never hold more than one offending value."""

    rule: str
    details: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str = "fr") -> str:
        return translator(language)(RULES[self.rule]) % self.details


class Refused(Exception):
    """The gate lets nothing out. The release that stands is left as it is."""

    def __init__(self, reasons: list[Reason]) -> None:
        self.reasons = reasons
        super().__init__(self.text())

    def text(self, language: str = "fr") -> str:
        return "\n".join(f"{r.rule} : {r.text(language)}" for r in self.reasons)
