"""Why a rounded cube, an extract of records or a place may not leave: French, English, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from danbe.protect.reasons import Reason
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


RECORD_RULES: dict[str, str] = {
    "rounding.beside_exact": _("«%(where)s» publie déjà la valeur exacte d’une case du cube arrondi de «%(measure)s» : %(cell)s. La soustraction rendrait les petits nombres : retirer l’une des deux."),
    "rounding.beside_table": _("«%(where)s» prévoit la table exacte «%(table)s», que le cube arrondi de «%(measure)s» couvre. Choisir : la table exacte ou le cube arrondi, jamais les deux."),
    "microdata.forbidden": _("Aucune microdonnée ne sort pour «%(what)s» : violences basées sur le genre et protection de l’enfance n’existent qu’en agrégats. Publier une table."),
    "microdata.unknown_column": _("La déclaration de l’extrait nomme la colonne «%(column)s», que le jeu «%(dataset)s» n’a pas. Corriger la déclaration."),
    "microdata.sensitivity": _("La colonne «%(column)s» est de sensibilité %(sensitivity)s dans le catalogue ; un extrait n’en admet pas au-dessus de %(limit)s. La retirer."),
    "microdata.free_text": _("La colonne «%(column)s» est un texte libre : jamais dans un extrait. La retirer ou la remplacer par un code."),
    "microdata.too_fine": _("«%(column)s» sortirait au niveau «%(level)s», plus fin que ce qui est permis («%(allowed)s»). Regrouper."),
    "microdata.no_group": _("«%(value)s» (colonne «%(column)s») n’a pas de groupe au niveau «%(level)s». Compléter la hiérarchie."),
    "microdata.k_low": _("k = %(k)s est trop petit : au moins %(least)s pour cet extrait. Relever k."),
    "microdata.k_infeasible": _("k = %(k)s ne peut être atteint sur %(rows)s lignes, même au regroupement le plus grossier. Retirer un quasi-identifiant, ou ne pas publier d’extrait."),
    "microdata.risk": _("Le risque global le plus bas atteint est de %(risk)s, au-dessus de %(limit)s (repère HDX). Retirer un quasi-identifiant, ou ne pas publier d’extrait."),
    "places.unknown_dataset": _("Aucune règle de lieu pour le jeu «%(dataset)s» : rien n’en sort. Déclarer sa règle."),
    "places.too_fine": _("Le jeu «%(dataset)s» donne un lieu de niveau %(level)s («%(value)s») ; il n’est public que jusqu’au niveau %(allowed)s. Regrouper au niveau permis."),
    "places.unknown_place": _("Le jeu «%(dataset)s» cite un lieu inconnu : «%(value)s». Corriger, ou l’ajouter à la géographie."),
    "places.geometry": _("La colonne «%(column)s» du jeu «%(dataset)s» porte une géométrie ou des coordonnées : aucun point de ce jeu n’est public. Retirer la colonne."),
    "places.coordinates": _("La colonne «%(column)s» du jeu «%(dataset)s» contient ce qui ressemble à des coordonnées (ligne %(row)s). Retirer la valeur."),
    "places.not_reviewed": _("Le service «%(value)s» n’a pas été revu : ses coordonnées ne sortent pas. Le revoir, ou retirer ses coordonnées."),
    "places.safe_house": _("Le service «%(value)s» est un lieu sûr (%(category)s) : il n’a de coordonnées nulle part, revu ou non. Les effacer."),
}  # fmt: skip


@dataclass(frozen=True)
class RecordReason(Reason):
    """A broken rule of this file; shown and carried like any other reason of the gate."""

    def text(self, language: str = "fr") -> str:
        return translator(language)(RECORD_RULES[self.rule]) % self.details
