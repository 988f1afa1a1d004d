"""The first sheet of the template: what to do, by when, and the «rien à signaler» box."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from danbe.collect.workbooks.template_context import TEMPLATE_VERSION, TemplateContext, catalogue_hash
from danbe.collect.workbooks.template_entry import band_labels
from danbe.collect.workbooks.template_style import (
    ALERT,
    ALERT_PAPER,
    BANDS,
    INK,
    LINE,
    MUTED,
    NOTE_PAPER,
    PAPER,
    TITLE,
    Formats,
)
from danbe.reference.words import month_name, translator

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

# Where the box is; ``template.read_marks`` looks there, so a change of place is a change of TEMPLATE_VERSION.
NIL_ROW, NIL_COLUMN = 6, 3


@dataclass(frozen=True, slots=True)
class Step:
    """One date of the monthly cycle: the day it falls on, its usual name (J+5), what happens."""

    name: str
    day: date
    what: str


def cycle(month: str, language: str) -> list[Step]:
    """The monthly cycle of ``month`` ('YYYY-MM'). J is the last day of the month (field brief §1.4, «Cycle»)."""
    _ = translator(language)
    year, number = (int(part) for part in month.split("-"))
    end = date(year, number, monthrange(year, number)[1])
    return [
        Step(_("J-5"), end - timedelta(5), _("Rappel du cluster aux organisations.")),
        Step(_("J+5"), end + timedelta(5), _("Dernier jour pour envoyer ce classeur.")),
        Step(
            _("J+8"),
            end + timedelta(8),
            _("Retour du cluster : votre classeur annoté, cellules à corriger en couleur."),
        ),
        Step(_("J+10"), end + timedelta(10), _("Dernier jour pour renvoyer le classeur corrigé.")),
        Step(
            _("J+12"),
            end + timedelta(12),
            _("Les chiffres du mois sont arrêtés ; ce qui arrive après compte au mois suivant."),
        ),
    ]


def _steps(language: str, entry: str) -> list[str]:
    _ = translator(language)
    return [
        _(
            "Ouvrez la feuille «%(sheet)s». Les projets du mois précédent y sont déjà : gardez, modifiez "
            "ou effacez ces lignes."
        )
        % {"sheet": entry},
        _("Une ligne = une activité, dans une commune, pour un groupe de population. Deux groupes : deux lignes."),
        _(
            "Choisissez de gauche à droite : domaine, objectif, activité, indicateur ; puis région, "
            "cercle, commune. Chaque choix réduit la liste suivante."
        ),
        _(
            "Comptez les nouveaux bénéficiaires du mois seulement, jamais le cumul. Les personnes déjà "
            "comptées vont dans «Bénéficiaires récurrents»."
        ),
        _(
            "Répartissez le total par sexe et par âge. Âge inconnu : utilisez «âge non précisé». La "
            "colonne «Contrôle» doit montrer ✓."
        ),
        _("Activités VBG : laissez toujours «Site ou village» vide. N’écrivez nulle part le nom d’une personne."),
        _(
            "Ne changez ni les titres ni l’ordre des colonnes. Vous pouvez coller des lignes (collage "
            "spécial : valeurs)."
        ),
        _("Rien ce mois-ci ? Choisissez «Oui» ci-dessus et renvoyez le classeur : c’est un rapport."),
    ]


def write_instructions(sheet: Worksheet, context: TemplateContext, formats: Formats, entry: str) -> None:
    """Fills the instructions sheet, everything on it locked but the box."""
    _ = translator(context.language)
    plain, strong = formats(text_wrap=True), formats(bold=True, text_wrap=True)
    sheet.hide_gridlines(2)
    for column, width in ((0, 2.5), (1, 12), (2, 40), (3, 22), (4, 44)):
        sheet.set_column(column, column, width)
    for n in range(5):
        sheet.write_blank(0, n, None, formats.title())
    sheet.write_string(
        0,
        1,
        _("Suivi de la réponse de protection (5W)"),
        formats(font_size=18, bold=True, font_color=PAPER, bg_color=TITLE),
    )
    sheet.set_row(0, 36)
    name = context.organisation
    if context.organisation_name and context.organisation_name != name:
        name = f"{name} – {context.organisation_name}"
    sheet.write_string(2, 1, name, formats(font_size=14, bold=True))
    sheet.write_string(
        3, 1, month_name(context.month, context.language), formats(font_size=14, font_color=BANDS["who"][0], bold=True)
    )
    if context.notice:
        for n in range(1, 5):
            sheet.write_blank(4, n, None, formats(bg_color=ALERT_PAPER))
        sheet.write_string(4, 1, context.notice, formats(bold=True, font_color=ALERT, bg_color=ALERT_PAPER))
    _nil_box(sheet, context, formats)
    row = 8
    row = _heading(sheet, row, _("Comment remplir"), formats)
    for number, text in enumerate(_steps(context.language, entry), start=1):
        sheet.write_number(
            row, 1, number, formats(bold=True, align="center", font_size=12, font_color=PAPER, bg_color=BANDS["who"][0])
        )
        sheet.merge_range(row, 2, row, 4, text, formats(text_wrap=True, bottom=1, bottom_color=LINE, indent=1))
        sheet.set_row(row, 32)
        row += 1
    row = _heading(sheet, row + 1, _("Le calendrier du mois"), formats)
    for step in cycle(context.month, context.language):
        looks = strong if step.name == _("J+5") else plain
        sheet.write_string(row, 1, step.name, formats(bold=True, font_color=BANDS["who"][0], align="center"))
        sheet.merge_range(row, 2, row, 3, step.what, looks)
        sheet.write_string(row, 4, _long_date(step.day, context.language), looks)
        sheet.set_row(row, 30)
        row += 1
    row = _heading(sheet, row + 1, _("Les cinq questions"), formats)
    for band, label in band_labels(context.language).items():
        labels = _asked(context, band)
        sheet.write_string(row, 1, label, formats.band(band))
        sheet.merge_range(row, 2, row, 4, labels, formats(text_wrap=True, indent=1, bottom=1, bottom_color=LINE))
        sheet.set_row(row, 15 * (1 + len(labels) // 105) + 6)
        row += 1
    told = _("Modèle %(version)s · catalogue %(catalogue)s · %(organisation)s · %(month)s") % {
        "version": TEMPLATE_VERSION,
        "catalogue": catalogue_hash(context.dataset),
        "organisation": context.organisation,
        "month": context.month,
    }
    sheet.write_string(row + 1, 1, told, formats(font_color=MUTED, font_size=9))
    sheet.set_portrait()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 1)
    sheet.protect("")


def _heading(sheet: Worksheet, row: int, text: str, formats: Formats) -> int:
    for n in range(1, 5):
        sheet.write_blank(row, n, None, formats(bottom=2, bottom_color=TITLE))
    sheet.write_string(row, 1, text, formats(bold=True, font_size=13, font_color=TITLE, bottom=2, bottom_color=TITLE))
    sheet.set_row(row, 24)
    return row + 1


def _nil_box(sheet: Worksheet, context: TemplateContext, formats: Formats) -> None:
    _ = translator(context.language)
    yes = _("Oui")
    for n in range(1, 5):
        sheet.write_blank(NIL_ROW, n, None, formats(bg_color=NOTE_PAPER, top=1, bottom=1, border_color=LINE))
    sheet.write_string(
        NIL_ROW,
        1,
        _("Rien à signaler ce mois-ci ?"),
        formats(bold=True, font_size=12, bg_color=NOTE_PAPER, top=1, bottom=1, border_color=LINE),
    )
    box = formats(locked=False, bold=True, align="center", font_size=12, border=2, border_color=INK, bg_color=PAPER)
    if context.nothing_to_report:
        sheet.write_string(NIL_ROW, NIL_COLUMN, yes, box)
    else:
        sheet.write_blank(NIL_ROW, NIL_COLUMN, None, box)
    sheet.write_string(
        NIL_ROW,
        4,
        _("  Choisir «Oui», puis renvoyer le classeur sans lignes."),
        formats(font_color=MUTED, bg_color=NOTE_PAPER, top=1, bottom=1, border_color=LINE),
    )
    sheet.set_row(NIL_ROW, 30)
    sheet.data_validation(
        NIL_ROW,
        NIL_COLUMN,
        NIL_ROW,
        NIL_COLUMN,
        {
            "validate": "list",
            "source": [yes],
            "input_title": _("Rien à signaler"),
            "input_message": _("«Oui» si l’organisation n’a rien réalisé ce mois-ci."),
            "error_title": _("Rien à signaler"),
            "error_message": _("«Oui», ou laisser vide."),
        },
    )


def _asked(context: TemplateContext, band: str) -> str:
    from danbe.collect.workbooks.template_style import band_of

    labels = [c.label(context.language) for c in context.dataset.asked if band_of(c.hxl) == band]
    return ", ".join(labels)


def _long_date(day: date, language: str) -> str:
    return f"{day.day} {month_name(day.isoformat()[:7], language)}"
