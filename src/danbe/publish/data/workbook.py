"""The open data as one workbook: a sheet for each table, labels in the reader's language, a «Lisez-moi» sheet first."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from danbe.publish.data.columns import public_dataset, tables, values
from danbe.publish.release import Release
from danbe.reference.catalogue.column import Column
from danbe.reference.words import month_name, translator

_COLOUR = "#0F4C5C"


def workbook(release: Release, language: str) -> bytes:
    """An .xlsx file. No text is ever run as a formula; withheld and missing cells say which they are."""
    import xlsxwriter

    _ = translator(language)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    )
    # The file is as old as the release: the same release gives the same bytes, and no person is its author.
    book.set_properties(
        {
            "title": _("Présence opérationnelle et réponse (5W)"),
            "author": release.manifest["cluster"][language],
            "created": datetime.fromisoformat(release.manifest["made_at"]).replace(tzinfo=None),
        }
    )
    head = book.add_format(
        {"bold": True, "font_color": "white", "bg_color": _COLOUR, "text_wrap": True, "valign": "top"}
    )
    whole, ratio = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0%"})
    quiet = book.add_format({"font_color": "#6B7280", "italic": True, "align": "right"})
    _read_me(release, language, book)
    for name in tables(release):
        dataset = public_dataset(release, name)
        shown = [(i, c) for i, c in enumerate(dataset.columns) if c.name != "withheld"]
        sheet = book.add_worksheet(dataset.label(language)[:31].replace("/", "-"))
        sheet.freeze_panes(1, 0)
        rows = release.table(name)
        for at, (_i, column) in enumerate(shown):
            sheet.write_string(0, at, column.label(language), head)
            sheet.set_column(
                at, at, _width(column), ratio if column.unit == "ratio" else whole if column.is_number else None
            )
        for n, row in enumerate(rows, 1):
            cells = values(release, dataset, row, language)
            hidden = (row.get("withheld") or "").split()
            for at, (i, column) in enumerate(shown):
                _cell(sheet, n, at, cells[i], column, column.name in hidden, quiet, _)
        if rows:
            sheet.autofilter(0, 0, len(rows), len(shown) - 1)
    book.close()
    return buffer.getvalue()


def _cell(sheet: Any, row: int, at: int, value: Any, column: Column, withheld: bool, quiet: Any, _: Any) -> None:
    if withheld:
        sheet.write_string(row, at, _("protégé"), quiet)
    elif value is None:
        if column.is_number:
            sheet.write_string(row, at, _("n.d."), quiet)
    elif isinstance(value, bool):
        sheet.write_string(row, at, _("oui") if value else _("non"))
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)
    else:
        sheet.write_string(row, at, str(value))


def _width(column: Column) -> int:
    return 14 if column.is_number else 34 if "name" in column.name or column.name == "organisation" else 20


def _read_me(release: Release, language: str, book: Any) -> None:
    _ = translator(language)
    manifest = release.manifest
    sheet = book.add_worksheet(_("Lisez-moi"))
    sheet.hide_gridlines(2)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": _COLOUR})
    strong, wrap = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, _("Présence opérationnelle et réponse (5W)"), title)
    facts = [
        (_("Pays"), release.country["name"]),
        (_("Période"), month_name(release.span, language)),
        (_("Publication"), release.id),
        (_("Instantané"), manifest["snapshot_id"]),
        (_("Date"), manifest["made_at"][:10]),
        (_("Approuvé par"), release.approved_by(language) or _("pas encore approuvé")),
        (_("Licence"), "CC BY 4.0"),
        (_("«n.d.»"), _("Non disponible : personne ne l’a rapporté. Ce n’est pas zéro.")),
        (
            _("«protégé»"),
            _("Retiré pour protéger des personnes : effectif trop petit, ou lieu trop précis pour le sujet."),
        ),
        (_("«TOTAL»"), _("Toutes les valeurs de la colonne. Ne pas additionner les lignes TOTAL avec les autres.")),
    ]
    if manifest["synthetic"]:
        facts.insert(0, (_("Attention"), _("Données fictives, produites pour la démonstration.")))
    for n, (label, text) in enumerate(facts, 2):
        sheet.write_string(n, 0, label, strong)
        sheet.write_string(n, 1, text, wrap)
    n += 2
    for name in tables(release):
        dataset = public_dataset(release, name)
        sheet.write_string(n, 0, dataset.label(language), strong)
        sheet.write_string(n, 1, dataset.about(language), wrap)
        n += 1
