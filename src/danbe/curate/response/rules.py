"""The rules a 5W row is held to, each declared once: severity, sentence and remedy in French and English.

From this table come the messages, the comments in the annotated workbook, the screens and ``docs/rules.md``.
Source: field brief of the cluster, §1.4 (block and warn rules); OCHA 3W/5W practice.
"""

# ruff: noqa: E501 (a sentence stands on one line)
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Raised when a rule starts or stops blocking, or a threshold changes: snapshots keep it.
RULES_VERSION = "1"

Severity = Literal["block", "warn", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A row with a *block* does not enter; a *warn* enters and bears the rule's id; a *note* tells.

    ``fr`` and ``en`` say what is wrong, ``remedy_fr`` and ``remedy_en`` what to do; ``%(name)s`` stand for the
    parameters of the issue.
    """

    id: str
    severity: Severity
    fr: str
    en: str
    remedy_fr: str
    remedy_en: str

    def text(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def remedy(self, language: str) -> str:
        return self.remedy_fr if language == "fr" else self.remedy_en


_BLOCK = (
    (
        "required_missing",
        "«%(label)s» manque.",
        "'%(label)s' is missing.",
        "Remplissez la cellule.",
        "Fill in the cell.",
    ),
    (
        "month_missing",
        "Le mois de rapportage manque, et rien d’autre dans le fichier ne le donne.",
        "The reporting month is missing, and nothing else in the file gives it.",
        "Donnez le mois (AAAA-MM) dans la colonne ou au moment de l’import.",
        "Give the month (YYYY-MM) in the column or at import.",
    ),
    (
        "unreadable_month",
        "Mois illisible.",
        "Unreadable month.",
        "Écrivez le mois sous la forme AAAA-MM, par exemple 2025-03.",
        "Write the month as YYYY-MM, for example 2025-03.",
    ),
    (
        "unreadable_number",
        "Ce n’est pas un nombre.",
        "This is not a number.",
        "Écrivez un nombre entier, sans texte ni unité.",
        "Write a whole number, without text or unit.",
    ),
    (
        "negative",
        "Nombre négatif.",
        "Negative number.",
        "Écrivez un nombre de personnes égal ou supérieur à 0 ; une correction se fait en renvoyant le mois corrigé.",
        "Write a number of persons of 0 or more; to correct a month, send it again corrected.",
    ),
    (
        "decimal",
        "Nombre de personnes avec décimales.",
        "Number of persons with decimals.",
        "Écrivez le nombre entier de personnes réellement comptées, pas une estimation par pourcentage.",
        "Write the whole number of persons actually counted, not an estimate by percentage.",
    ),
    (
        "org_unknown",
        "Organisation inconnue.",
        "Unknown organisation.",
        "Choisissez l’organisation dans la liste, ou demandez au cluster de l’enregistrer.",
        "Choose the organisation from the list, or ask the cluster to register it.",
    ),
    (
        "partner_unknown",
        "Partenaire d’exécution inconnu.",
        "Unknown implementing partner.",
        "Choisissez le partenaire dans la liste, ou demandez au cluster de l’enregistrer.",
        "Choose the partner from the list, or ask the cluster to register it.",
    ),
    (
        "not_your_organisation",
        "Cette ligne est d’une autre organisation que %(organisation)s.",
        "This row is of another organisation than %(organisation)s.",
        "N’envoyez que les lignes de votre organisation ; les autres envoient les leurs.",
        "Send only the rows of your own organisation; the others send theirs.",
    ),
    (
        "indicator_unknown",
        "Indicateur inconnu du cadre de résultats.",
        "Indicator unknown to the results framework.",
        "Choisissez l’indicateur dans la liste du modèle.",
        "Choose the indicator from the list in the template.",
    ),
    (
        "place_unknown",
        "Lieu inconnu : %(place)s.",
        "Unknown place: %(place)s.",
        "Corrigez le nom ou le P-code, ou faites confirmer ce lieu par le cluster.",
        "Correct the name or the P-code, or have the cluster confirm this place.",
    ),
    (
        "commune_outside_cercle",
        "%(place)s : l’unité n’est pas dans celle qui est donnée au-dessus.",
        "%(place)s: the unit is not within the one given above it.",
        "Corrigez la commune ou le cercle.",
        "Correct the commune or the cercle.",
    ),
    (
        "future_period",
        "Le mois %(month)s n’a pas commencé.",
        "The month %(month)s has not started.",
        "Corrigez le mois de rapportage.",
        "Correct the reporting month.",
    ),
    (
        "disaggregation_mismatch",
        "%(label)s : la somme des parties est %(sum)s, le total est %(total)s.",
        "%(label)s: the parts add up to %(sum)s, the total is %(total)s.",
        "Corrigez le total ou les parties ; les personnes non précisées vont dans «âge non précisé».",
        "Correct the total or the parts; persons of unknown age go into 'age not specified'.",
    ),
    (
        "completed_without_end",
        "Activité terminée, sans date de fin.",
        "Completed activity without an end date.",
        "Donnez la date de fin, ou corrigez le statut.",
        "Give the end date, or correct the status.",
    ),
    (
        "gbv_at_site",
        "Activité VBG rapportée au niveau d’un site.",
        "GBV activity reported at the level of a site.",
        "Effacez le site ou le village : une activité VBG ne se rapporte jamais au-dessous de la commune.",
        "Remove the site or village: a GBV activity is never reported below the commune.",
    ),
)

_WARN = (
    (
        "aor_several",
        "La cellule nomme plusieurs domaines de responsabilité ; le premier est retenu.",
        "The cell names several areas of responsibility; the first is kept.",
        "Faites une ligne par domaine.",
        "Make one row per area.",
    ),
    (
        "indicator_doubtful",
        "%(value)s a été compris comme «%(matched)s».",
        "%(value)s was taken for '%(matched)s'.",
        "Choisissez l’indicateur dans la liste du modèle.",
        "Choose the indicator from the list in the template.",
    ),
    (
        "duplicate_row",
        "Ligne répétée : même organisation, partenaire, indicateur, lieu, site, mois et groupe que la ligne %(first)s.",
        "Repeated row: same organisation, partner, indicator, place, site, month and group as row %(first)s.",
        "Gardez une seule ligne, ou dites ce qui les distingue (site, groupe de population).",
        "Keep one row, or say what tells them apart (site, population group).",
    ),
    (
        "reported_elsewhere",
        "La même ligne a déjà été rapportée dans un autre fichier (lot %(batch)s).",
        "The same row was already reported in another file (batch %(batch)s).",
        "Vérifiez que les personnes ne sont pas comptées deux fois.",
        "Check that the persons are not counted twice.",
    ),
    (
        "lead_and_partner",
        "%(organisation)s et son partenaire %(partner)s rapportent tous deux cette activité.",
        "%(organisation)s and its partner %(partner)s both report this activity.",
        "Décidez qui la rapporte et retirez l’autre ligne.",
        "Decide who reports it and remove the other row.",
    ),
    (
        "households_as_persons",
        "Des ménages semblent écrits dans une colonne de personnes.",
        "Households seem to be written in a column of persons.",
        "Écrivez le nombre de personnes ; l’unité de l’indicateur est la personne.",
        "Write the number of persons; the unit of the indicator is the person.",
    ),
    (
        "over_target",
        "Atteints (%(reached)s) au-dessus de la cible (%(target)s).",
        "Reached (%(reached)s) above the target (%(target)s).",
        "Vérifiez les deux nombres.",
        "Check both numbers.",
    ),
    (
        "over_population",
        "Atteints (%(reached)s) au-dessus de la population de %(place)s (%(population)s).",
        "Reached (%(reached)s) above the population of %(place)s (%(population)s).",
        "Vérifiez le nombre et le lieu.",
        "Check the number and the place.",
    ),
    (
        "one_sex",
        "Toutes les personnes atteintes sont du même sexe.",
        "All persons reached are of one sex.",
        "Vérifiez que l’autre sexe n’a pas été oublié.",
        "Check that the other sex was not forgotten.",
    ),
    (
        "same_as_last_month",
        "Mêmes nombres que le mois précédent.",
        "Same numbers as the month before.",
        "Rapportez les seules personnes nouvelles du mois.",
        "Report only the persons new this month.",
    ),
    (
        "spike",
        "%(reached)s personnes : au moins trois fois la médiane des mois précédents (%(median)s).",
        "%(reached)s persons: at least three times the median of the months before (%(median)s).",
        "Vérifiez le nombre, ou expliquez-le en commentaire.",
        "Check the number, or explain it in a comment.",
    ),
    (
        "cumulative",
        "Les nombres ne font que monter depuis %(since)s : ils semblent cumulés.",
        "The numbers only rise since %(since)s: they seem cumulative.",
        "Rapportez les seules personnes nouvelles du mois, sans cumuler.",
        "Report only the persons new this month, not a running total.",
    ),
    (
        "missing_disability",
        "Le nombre de personnes en situation de handicap manque.",
        "The number of persons with disabilities is missing.",
        "Donnez-le, même s’il est 0.",
        "Give it, even if it is 0.",
    ),
    (
        "disability_over_total",
        "Plus de personnes en situation de handicap (%(part)s) que de personnes atteintes (%(reached)s).",
        "More persons with disabilities (%(part)s) than persons reached (%(reached)s).",
        "Corrigez l’un des deux nombres.",
        "Correct one of the two numbers.",
    ),
    (
        "end_before_start",
        "La date de fin précède la date de début.",
        "The end date is before the start date.",
        "Corrigez l’une des deux dates.",
        "Correct one of the two dates.",
    ),
    (
        "place_code_mismatch",
        "%(place)s : le P-code et le nom ne désignent pas le même lieu ; le nom a été retenu (%(matched)s).",
        "%(place)s: the P-code and the name do not mean the same place; the name was kept (%(matched)s).",
        "Corrigez le P-code : les codes ont changé entre les divisions et certains ont été réutilisés.",
        "Correct the P-code: codes changed between divisions and some were used again.",
    ),
    (
        "place_doubtful",
        "%(place)s a été compris comme %(matched)s.",
        "%(place)s was taken for %(matched)s.",
        "Confirmez ou corrigez ; la réponse est retenue.",
        "Confirm or correct; the answer is remembered.",
    ),
    (
        "place_unverified",
        "%(place)s n’est pas dans la géographie chargée : enregistré comme lieu non vérifié.",
        "%(place)s is not in the geography loaded: registered as an unverified place.",
        "Faites confirmer ce lieu par le cluster.",
        "Have the cluster confirm this place.",
    ),
    (
        "place_coarse",
        "Aucun cercle : la ligne ne compte qu’au niveau de la région.",
        "No cercle: the row counts at the level of the region only.",
        "Donnez le cercle.",
        "Give the cercle.",
    ),
    (
        "organisation_doubtful",
        "%(value)s a été compris comme %(matched)s.",
        "%(value)s was taken for %(matched)s.",
        "Confirmez ou corrigez ; la réponse est retenue.",
        "Confirm or correct; the answer is remembered.",
    ),
    (
        "organisation_unverified",
        "Organisation nouvelle, enregistrée comme non vérifiée.",
        "New organisation, registered as unverified.",
        "Faites vérifier l’organisation par le cluster, ou fusionnez-la avec la bonne.",
        "Have the cluster verify the organisation, or merge it with the right one.",
    ),
    (
        "indicator_unverified",
        "Indicateur nouveau, enregistré comme non vérifié.",
        "New indicator, registered as unverified.",
        "Faites rattacher l’indicateur au cadre de résultats.",
        "Have the indicator tied to the results framework.",
    ),
    (
        "indicator_missing",
        "Des personnes atteintes, sans indicateur.",
        "Persons reached, without an indicator.",
        "Choisissez l’indicateur dans la liste du modèle.",
        "Choose the indicator from the list in the template.",
    ),
    (
        "code_unknown",
        "Valeur hors de la liste «%(label)s».",
        "Value outside the list '%(label)s'.",
        "Choisissez une valeur de la liste ; la vôtre est gardée telle quelle, à part.",
        "Choose a value from the list; yours is kept as it is, apart.",
    ),
    (
        "unreadable_date",
        "Date illisible.",
        "Unreadable date.",
        "Écrivez la date sous la forme JJ/MM/AAAA ; la valeur est gardée telle quelle, à part.",
        "Write the date as DD/MM/YYYY; the value is kept as it is, apart.",
    ),
    (
        "unreadable_amount",
        "Montant illisible.",
        "Unreadable amount.",
        "Écrivez un nombre, sans devise ; la valeur est gardée telle quelle, à part.",
        "Write a number, without currency; the value is kept as it is, apart.",
    ),
    (
        "many_withdrawn",
        "Ce fichier retire %(withdrawn)s ligne(s) sur %(live)s déjà importées pour les mêmes organisations et mois.",
        "This file withdraws %(withdrawn)s of %(live)s rows imported before for the same organisations and months.",
        "S’il complète l’autre au lieu de le corriger, importez-le en mode «ajouter».",
        "If it completes the other file instead of correcting it, import it in mode 'add'.",
    ),
)

_NOTE = (
    (
        "personal_column",
        "La colonne «%(value)s» semble contenir des données personnelles : elle n’est pas gardée avec les lignes.", "The column '%(value)s' seems to hold personal data: it is not kept with the rows.",
        "Retirez-la du fichier.", "Remove it from the file.",
    ),
    ("month_from_option", "Le mois %(month)s a été donné au moment de l’import.", "The month %(month)s was given at import.", "", ""),
    ("month_from_filename", "Le mois %(month)s vient du nom du fichier.", "The month %(month)s comes from the name of the file.",
     "Vérifiez-le, ou donnez le mois au moment de l’import.", "Check it, or give the month at import."),
    ("month_from_dates", "Sans colonne de mois, le mois %(month)s du fichier vaut pour toutes les lignes.", "Without a column of months, the month %(month)s of the file holds for all rows.", "", ""),
    ("presence_only", "Le fichier dit qui est où, sans nombres de personnes.", "The file says who is where, without numbers of persons.", "", ""),
    ("presence_repeated", "%(rows)s ligne(s) répètent une présence déjà dite.", "%(rows)s row(s) repeat a presence already told.", "", ""),
    ("aor_from_sector", "Le domaine de responsabilité vient du secteur déclaré.", "The area of responsibility comes from the sector as reported.", "", ""),
    ("no_disability_column", "Le fichier n’a pas de colonne pour les personnes en situation de handicap.", "The file has no column for persons with disabilities.",
     "Ajoutez-la, ou prenez le modèle du cluster.", "Add it, or use the cluster's template."),
    ("unknown_columns", "%(count)s colonne(s) inconnue(s), gardée(s) telle(s) quelle(s) : %(columns)s.", "%(count)s unknown column(s), kept as they are: %(columns)s.", "", ""),
    ("total_computed", "Le total «%(label)s» manquait : c’est la somme des parties.", "The total '%(label)s' was missing: it is the sum of the parts.", "", ""),
    ("reader", "%(fr)s", "%(en)s", "", ""),
)  # fmt: skip

RULES: dict[str, Rule] = {
    rule_id: Rule(rule_id, severity, *texts)  # type: ignore[arg-type]
    for severity, rules in (("block", _BLOCK), ("warn", _WARN), ("note", _NOTE))
    for rule_id, *texts in rules
}

BLOCKING = frozenset(r.id for r in RULES.values() if r.severity == "block")


def rules_markdown() -> str:
    """The page ``docs/rules.md``: every rule with its severity, sentence and remedy in both languages."""
    titles = {"block": "Bloque / Blocks", "warn": "Avertit / Warns", "note": "Informe / Tells"}
    lines = ["# Règles du 5W / Rules of the 5W", "", f"Version {RULES_VERSION}.", ""]
    for severity, title in titles.items():
        lines += [f"## {title}", "", "| Id | Français | English |", "|---|---|---|"]
        lines += [
            f"| `{r.id}` | {r.fr} {r.remedy_fr} | {r.en} {r.remedy_en} |".replace("  ", " ")
            for r in RULES.values()
            if r.severity == severity
        ]
        lines.append("")
    return "\n".join(lines)
