"""What this room says to people: one French sentence per rule, its English in ``locale/en/collect.po``.

Each says what is wrong, where, and what to do. The rule's id never changes: programs and tests rely on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from danbe.reference.words import number, translator

RULES: dict[str, str] = {
    # The file itself
    "file.empty": "Le fichier « %(file)s » est vide (0 octet). Vérifiez l’envoi et déposez-le à nouveau.",
    "file.size": "Le fichier « %(file)s » pèse %(size)s Mo ; la limite est de %(limit)s Mo. Envoyez un fichier par mois ou retirez les images et les feuilles inutiles.",
    "file.kind": "Le fichier « %(file)s » n’est pas un classeur : c’est %(kind)s. Envoyez le classeur lui-même (.xlsx, .xls, .ods ou .csv).",
    "file.html": "Le fichier « %(file)s » porte un nom de classeur mais contient une page web (HTML). Ouvrez-le dans Excel ou LibreOffice, enregistrez-le au format .xlsx, puis envoyez-le à nouveau.",
    "file.xml": "Le fichier « %(file)s » est au format XML d’Excel 2003. Ouvrez-le dans Excel ou LibreOffice, enregistrez-le au format .xlsx, puis envoyez-le à nouveau.",
    "file.xlsb": "Le fichier « %(file)s » est un classeur binaire (.xlsb), que Danbe ne lit pas. Enregistrez-le au format .xlsx, puis envoyez-le à nouveau.",
    "file.password": "Le fichier « %(file)s » est protégé par un mot de passe à l’ouverture. Retirez le mot de passe (Fichier > Informations > Protéger le classeur), puis envoyez-le à nouveau.",
    "file.damaged": "Le fichier « %(file)s » est abîmé ou incomplet : il ne s’ouvre pas. Ouvrez l’original, enregistrez-le à nouveau en .xlsx, puis renvoyez-le ; l’envoi précédent a peut-être été coupé.",
    "file.bomb": "Le fichier « %(file)s » se déplie en %(size)s Mo, %(ratio)s fois sa taille : Danbe refuse de l’ouvrir. S’il s’agit d’un vrai classeur, copiez la feuille de données seule dans un classeur neuf et envoyez celui-ci.",
    "file.unknown": "Le contenu du fichier « %(file)s » n’est pas reconnu. Envoyez un classeur .xlsx, .xls, .ods ou .csv.",
    "file.memory": "Le fichier « %(file)s » demande trop de mémoire pour être lu. Copiez la feuille de données seule, en valeurs, dans un classeur neuf (ou envoyez un fichier par mois) et envoyez celui-ci.",
    "file.time": "La lecture du fichier « %(file)s » a dépassé %(limit)s secondes et a été arrêtée. Copiez la feuille de données seule, en valeurs, dans un classeur neuf et envoyez celui-ci.",
    # Its sheets
    "workbook.empty": "Le classeur « %(file)s » ne contient aucune donnée. Vérifiez que c’est le bon fichier.",
    "sheet.rows": "La feuille « %(sheet)s » a %(rows)s lignes ; la limite est de %(limit)s par feuille. Envoyez un fichier par mois ou par région.",
    "sheet.columns": "La feuille « %(sheet)s » a %(columns)s colonnes remplies ; la limite est de %(limit)s. Retirez les colonnes qui ne sont pas des données.",
    "sheet.cells": "La feuille « %(sheet)s » s’étend sur %(cells)s cellules ; la limite est de %(limit)s. Effacez ce qui est écrit loin sous le tableau ou à sa droite, ou envoyez un fichier par mois.",
    "sheet.missing": "Le classeur n’a pas de feuille « %(sheet)s ». Ses feuilles : %(sheets)s.",
    "sheet.none": "Aucune feuille du classeur « %(file)s » ne ressemble à un tableau 5W : Danbe cherche une ligne d’en-têtes (organisation, région, cercle, activité…) suivie de données. Feuilles vues : %(sheets)s. Indiquez la feuille, ou utilisez le modèle de Danbe.",
    # What the reader did
    "note.hidden_sheet": "Les données ont été lues dans la feuille masquée « %(sheet)s ».",
    "note.header_rows": "L’en-tête tient sur deux lignes (%(first)s et %(last)s) ; elles ont été réunies.",
    "note.title_rows": "Les %(count)s lignes au-dessus de l’en-tête (ligne %(row)s) ont été laissées de côté.",
    "note.hxl": "La ligne %(row)s porte des étiquettes HXL ; elle a servi à reconnaître les colonnes.",
    "note.totals": "La ligne %(row)s, qui porte un total, a été laissée de côté.",
    "note.other_sheets": "D’autres feuilles ressemblent à un tableau de données : %(sheets)s.",
    "note.encoding": "Fichier texte lu avec l’encodage %(encoding)s et le séparateur « %(separator)s ».",
    # A form
    "form.file": "Le formulaire ne s’ouvre pas. %(why)s",
    "form.kind": "Le fichier « %(file)s » n’est pas un XLSForm. Envoyez un classeur .xlsx ou .xls avec les feuilles « survey », « choices » et « settings », ou un XForm (.xml).",
    "form.size": "Le fichier « %(file)s » dépasse %(limit)s Mo. Retirez-en ce qui n’est pas le formulaire.",
    "form.time": "La conversion de « %(file)s » a dépassé %(limit)s secondes et a été arrêtée. Vérifiez qu’aucune feuille ne s’étend loin sous ses données.",
    "form.memory": "La conversion de « %(file)s » demande trop de mémoire. Vérifiez qu’aucune feuille ne s’étend loin sous ses données ou à leur droite.",
    "form.pyxform": "Le formulaire « %(file)s » ne se convertit pas. pyxform dit : %(why)s",
    "form.validate": "Le formulaire « %(file)s » ne s’ouvre pas. ODK Validate dit : %(why)s",
    "form.xform": "Le fichier « %(file)s » n’est pas un XForm que les téléphones ouvrent : %(why)s",
    "form.version": "Le formulaire « %(form)s » a déjà une version « %(version)s » au contenu différent. Changez « version » dans la feuille « settings », puis envoyez-le à nouveau.",
    "form.media": "Le fichier joint « %(file)s » dépasse %(limit)s Mo. Réduisez-le, puis envoyez-le à nouveau.",
    "form.name": "L’identifiant du formulaire a %(length)s caractères ; la limite est de %(limit)s. Raccourcissez « form_id » dans la feuille « settings ».",
    # A field access, a review, a pull
    "access.person": "Aucun compte actif « %(email)s ». Ouvrez-le d’abord (danbe users add), puis donnez-lui un accès.",
    "access.organisation": "Ce compte n’est pas de votre organisation : demandez l’accès à la coordination du cluster.",
    "review.reason": "Dites pourquoi la soumission est rejetée ou infondée : la personne qui l’a envoyée doit pouvoir corriger.",
    "review.superseded": "Cette version de la soumission a été remplacée par une correction : relisez la version courante.",
    "review.state": "« %(state)s » n’est pas un état de vérification. États : %(states)s.",
    "export.key": "La clé privée ne déchiffre pas ces soumissions : %(why)s. Donnez le fichier .pem qui va avec la clé publique du formulaire.",
    # A workbook exported from another server
    "export.twice": "L’identifiant %(id)s est déjà celui de la ligne %(first)s : gardez une seule ligne par soumission.",
    "export.orphan": "%(own)s vaut %(value)s : aucune ligne retenue de la feuille « %(parent)s » ne porte cette valeur dans %(theirs)s. Complétez la feuille ou corrigez le lien.",
    "export.ambiguous": "%(own)s vaut %(value)s : plusieurs lignes de la feuille « %(parent)s » portent cette valeur dans %(theirs)s. Reliez les feuilles par une colonne sans doublon.",
    "export.columns": "Le classeur n’a pas ce que la correspondance nomme : %(what)s. Déclarez une correspondance pour ce classeur.",
    "export.draft": "Cette correspondance n’est pas confirmée : relisez-la, puis confirmez-la.",
    "export.form": "Le formulaire « %(form)s » est un brouillon : publiez-le d’abord.",
    "pull.server": "Le serveur %(server)s a répondu %(status)s : %(why)s",
    "pull.form": "Le formulaire « %(form)s » n’existe pas sur %(server)s, ou ce compte ne le voit pas.",
    # Kinds of files that are no workbooks
    "kind.pdf": "un document PDF",
    "kind.image": "une image",
    "kind.archive": "une archive compressée",
    "kind.word": "un document de traitement de texte",
    "kind.slides": "une présentation",
    "kind.access": "une base de données",
    "kind.program": "un programme",
    "kind.other_office": "un autre document de bureautique",
}


def say(rule: str, language: str, **values: Any) -> str:
    """The sentence of ``rule`` in ``language``; numbers are written as that language writes them."""
    shown = {}
    for key, value in values.items():
        if isinstance(value, str) and value.startswith("kind."):
            shown[key] = translator(language)(RULES[value])
        else:
            shown[key] = number(value, language) if isinstance(value, int | float) else value
    return translator(language)(RULES[rule]) % shown


class _Said:
    """A rule and its values, told in either language."""

    rule: str
    values: dict[str, Any]

    @property
    def fr(self) -> str:
        return say(self.rule, "fr", **self.values)

    @property
    def en(self) -> str:
        return say(self.rule, "en", **self.values)

    def text(self, language: str) -> str:
        return say(self.rule, language, **self.values)


@dataclass(frozen=True)
class Note(_Said):
    """Something the reader did or saw that a person may want to know: a rule, and the sentence in both languages."""

    rule: str
    values: dict[str, Any] = field(default_factory=dict)


class Refused(_Said, Exception):
    """What Danbe does not do as asked. ``rule`` is the id; ``fr`` and ``en`` say what is wrong and what to do."""

    def __init__(self, rule: str, **values: Any) -> None:
        super().__init__(rule, values)
        self.rule = rule
        self.values = values

    def __str__(self) -> str:
        return self.fr


class WorkbookRefused(Refused):
    """A file that Danbe does not read."""


class FormRefused(Refused):
    """A form that phones could not open, with the message of the program that says so."""


class FieldRefused(Refused):
    """An access, a review, an export or a pull that cannot be done as asked."""
