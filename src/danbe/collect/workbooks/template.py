"""The partner's 5W workbook, written from the catalogue: instructions, entry sheet, lists behind its drop-downs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from danbe.collect.workbooks.template_context import (
    TEMPLATE_VERSION,
    IndicatorLine,
    TemplateContext,
    TemplateMarks,
    catalogue_hash,
)
from danbe.reference.text import clean, search_key
from danbe.reference.words import LANGUAGES, translator

__all__ = [
    "TEMPLATE_VERSION",
    "IndicatorLine",
    "TemplateContext",
    "TemplateMarks",
    "catalogue_hash",
    "read_marks",
    "sheet_names",
    "write_template",
]

_PROPERTIES = "docProps/custom.xml"
# The real file is about 1 kB; anything larger was not written here.
_PROPERTIES_LIMIT = 64 * 1024


def sheet_names(language: str) -> tuple[str, str, str]:
    """The names of the three sheets: instructions, entry, lists."""
    _ = translator(language)
    return _("Instructions"), _("Saisie"), _("Listes")


def write_template(path: Path, context: TemplateContext) -> Path:
    """Writes the workbook and returns its path. The same context gives the same bytes.

    Raises ``ValueError`` when there is no indicator or no place to choose from, or a label cannot be looked up.
    """
    import xlsxwriter

    from danbe.collect.workbooks.template_entry import EntrySheet
    from danbe.collect.workbooks.template_instructions import write_instructions
    from danbe.collect.workbooks.template_lists import build_lists
    from danbe.collect.workbooks.template_style import Formats

    if not context.indicators or not context.places:
        raise ValueError("a template needs at least one indicator and one place to offer")
    instructions, entry, lists_name = sheet_names(context.language)
    lists = build_lists(context, lists_name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
    ) as book:
        formats = Formats(book)
        first, second, third = (book.add_worksheet(name) for name in (instructions, entry, lists_name))
        write_instructions(first, context, formats, entry)
        EntrySheet(second, context, lists, formats).write()
        for n, column in enumerate(lists.columns):
            third.write_string(0, n, column.title, formats(bold=True))
            for row, value in enumerate(column.values, start=1):
                third.write_string(row, n, value)
        third.protect("")
        third.hide()
        first.set_tab_color("#14405F")
        second.set_tab_color("#9A4A2F")
        (second if context.rows else first).activate()
        _mark(book, context)
    return path


def _mark(book: object, context: TemplateContext) -> None:
    year, month = (int(part) for part in context.month.split("-"))
    _ = translator(context.language)
    book.set_properties(  # type: ignore[attr-defined]
        {
            "title": _("5W %(organisation)s %(month)s")
            % {"organisation": context.organisation, "month": context.month},
            "author": "Danbe",
            "comments": context.notice,
            # A fixed date: the same template is the same file.
            "created": datetime(year, month, 1),  # noqa: DTZ001 - a workbook's dates have no zone
        }
    )
    for name, value in (
        ("danbe_template", TEMPLATE_VERSION),
        ("danbe_catalogue", catalogue_hash(context.dataset)),
        ("danbe_organisation", context.organisation),
        ("danbe_month", context.month),
        ("danbe_language", context.language),
    ):
        book.set_custom_property(name, value, "text")  # type: ignore[attr-defined]


def read_marks(path: Path) -> TemplateMarks | None:
    """What the template says of itself (its custom properties and the «rien à signaler» box); ``None`` if it is none.

    Reads two small parts of the file. What the rows say is for the importer: a partner may paste another month.
    """
    properties = _custom_properties(path)
    if "danbe_template" not in properties:
        return None
    return TemplateMarks(
        properties["danbe_template"],
        properties.get("danbe_catalogue", ""),
        properties.get("danbe_organisation", ""),
        properties.get("danbe_month", ""),
        _nil_box_ticked(path, properties.get("danbe_language", "fr")),
    )


def _custom_properties(path: Path) -> dict[str, str]:
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        with ZipFile(path) as archive:
            if archive.getinfo(_PROPERTIES).file_size > _PROPERTIES_LIMIT:
                return {}
            root = fromstring(archive.read(_PROPERTIES))
    except (BadZipFile, KeyError, OSError, ParseError, ValueError):
        return {}
    return {p.get("name", ""): clean("".join(p.itertext())) for p in root}


def _nil_box_ticked(path: Path, language: str) -> bool:
    from python_calamine import CalamineError, CalamineWorkbook

    from danbe.collect.workbooks.template_instructions import NIL_COLUMN, NIL_ROW

    name = sheet_names(language if language in LANGUAGES else "fr")[0]
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError):
        return False
    if len(rows) <= NIL_ROW or len(rows[NIL_ROW]) <= NIL_COLUMN:
        return False
    return search_key(rows[NIL_ROW][NIL_COLUMN]) in {"oui", "yes", "x", "1", "true"}
