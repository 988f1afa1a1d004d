"""The workbook an area of responsibility fills for its module: the columns of the catalogue, each with its list. Pure."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from danbe.collect.workbooks.template_style import FONT, TITLE, band_of
from danbe.curate.monitoring.modules import AGGREGATES, DERIVED
from danbe.reference.catalogue.aor_modules import TYPES
from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.codelists import codelist
from danbe.reference.words import translator

ROWS = 2000
_ABOUT = (
    "Une ligne par %(row)s. Les colonnes en gras sont nécessaires ; celles qui ont une liste n’acceptent qu’un de ses mots. "
    "Ni nom de personne, ni téléphone, ni récit."
)
_AGGREGATE = "effectif : région, période, type, sexe et âge, jamais un cas ; par région seulement"
_PLACES = (("Région", "Region", True), ("Cercle", "Cercle", True), ("Commune", "Commune", False))


def columns(dataset: Dataset) -> list[Column]:
    """What the table asks, beside the place."""
    return [c for c in dataset.columns if c.name not in DERIVED]


def template(dataset: Dataset, regions: list[str], language: str = "fr") -> bytes:
    """The workbook: headers on the third row, lists on a sheet of their own, room for ``ROWS`` rows."""
    import xlsxwriter

    say = translator(language)
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    data, lists = book.add_worksheet(say("Données")), book.add_worksheet(say("Listes"))
    title = book.add_format({"bold": True, "font_size": 14, "font_name": FONT, "font_color": TITLE})
    quiet = book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top"})
    data.write(0, 0, dataset.label(language), title)
    row = _AGGREGATE if dataset.name == AGGREGATES else columns(dataset)[0].fr
    data.merge_range(1, 0, 1, 7, say(_ABOUT) % {"row": say(row).lower()}, quiet)
    data.set_row(1, 48)
    at = 0
    for fr, en, needed in _PLACES[: 1 if dataset.name == AGGREGATES else 3]:
        _head(book, data, at, fr if language == "fr" else en, "#adm", needed=needed)
        if at == 0:
            _list(data, lists, at, regions, fr)
        at += 1
    for column in columns(dataset):
        _head(book, data, at, column.label(language), column.hxl, needed=column.required)
        words = _words(dataset, column, language)
        if words:
            _list(data, lists, at, words, column.label(language))
        elif column.kind == "integer":
            data.data_validation(3, at, ROWS, at, {"validate": "integer", "criteria": ">=", "value": 0})
        if help_ := column.help_fr if language == "fr" else column.help_en:
            data.write_comment(2, at, help_)
        at += 1
    data.freeze_panes(3, 0)
    book.close()
    return content.getvalue()


def _words(dataset: Dataset, column: Column, language: str) -> list[str]:
    if column.kind == "boolean":
        return ["oui", "non"] if language == "fr" else ["yes", "no"]
    if dataset.name == AGGREGATES and column.name == "type":
        # Codes: which list holds depends on the module of the row.
        return [f"{i.code}" for name in TYPES.values() for i in codelist(name).items]
    return [i.label(language) for i in codelist(column.codelist).items] if column.codelist else []


def _head(book: Any, data: Any, at: int, text: str, hxl: str, *, needed: bool) -> None:
    from danbe.collect.workbooks.template_style import BANDS

    strong, light = BANDS[band_of(hxl)]
    paper, ink = (strong, "#FFFFFF") if needed else (light, "#1B2A38")
    style = {"bold": needed, "bg_color": paper, "font_color": ink, "font_name": FONT, "text_wrap": True, "border": 1}
    data.write(2, at, text, book.add_format(style))
    data.set_column(at, at, 18)


def _list(data: Any, lists: Any, at: int, words: list[str], header: str) -> None:
    lists.write(0, at, header)
    lists.write_column(1, at, words)
    lists.set_column(at, at, 24)
    from xlsxwriter.utility import xl_col_to_name

    name = xl_col_to_name(at)
    source = f"='{lists.get_name()}'!${name}$2:${name}${len(words) + 1}"
    data.data_validation(3, at, ROWS, at, {"validate": "list", "source": source})
