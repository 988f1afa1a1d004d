"""The workbook of services: its template, and its rows read back. Columns are those of the catalogue, places come by names.

Every row is stored or told with what is wrong with it: row, column, value, remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from danbe.curate.needs import TableProblem, read_rows
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.catalogue.column import Column
from danbe.reference.catalogue.services import SERVICES
from danbe.reference.codelists import codelist
from danbe.reference.geography import PlaceMatcher
from danbe.reference.text import clean
from danbe.reference.words import translator
from danbe.register.services import LISTS


def _(message: str) -> str:
    """Marks a French source string; it is translated when told."""
    return message


_NOWHERE = _("Lieu non reconnu : donnez les noms de la région, du cercle et de la commune.")
_DOUBTFUL = _("Lieu douteux : serait-ce %(name)s (%(code)s) ? Écrivez son nom et son P-code.")
_NO_ORGANISATION = _("Organisation inconnue : écrivez son sigle tel qu’il est dans le registre.")
_EMPTY = _("À remplir.")
SHEET = _("Services")
_HELP = _("Une ligne par service. Les colonnes en gras sont nécessaires. Plusieurs codes se séparent par « ; ».")
_SAFE = _(
    "Espace sûr (hébergement, femmes et filles, accueil d’enfants) : ni adresse ni coordonnées, seulement le cercle."
)
_NAMES = _("Aucun nom de personne : une fonction, un téléphone de service.")
_LISTS_SHEET = _("Listes")
ORGANISATION = Column(
    "organisation", "Organisation", "Organisation", hxl="#org+name", required=True, synonyms=("ong", "acteur", "structure porteuse")
)  # fmt: skip
VERIFIED = replace(SERVICES["verified_on"], asked=True)


def columns() -> tuple[Column, ...]:
    """The columns of the template after organisation and place."""
    return (*(c for c in SERVICES.columns if c.asked), VERIFIED)


def places() -> tuple[Column, ...]:
    return tuple(c for c in ACTIVITIES.columns if c.hxl.startswith("#adm") and not c.derived)


def template(language: str) -> bytes:
    """The empty workbook: a sheet of headers with what each wants, and the code lists."""
    import xlsxwriter

    gettext = translator(language)
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": gettext(SHEET), "author": "Danbe"})
    strong, plain = (
        book.add_format({"bold": b, "text_wrap": True, "valign": "top", "bg_color": "#e6f1f0"}) for b in (True, False)
    )
    sheet, lists = book.add_worksheet(gettext(SHEET)), book.add_worksheet(gettext(_LISTS_SHEET))
    asked = [ORGANISATION, *places(), *columns()]
    needed = {"organisation", "admin1_name", "admin2_name", "name", "categories"}
    for index, column in enumerate(asked):
        sheet.write_string(0, index, column.label(language), strong if column.name in needed else plain)
        if column.help(language):
            sheet.write_comment(0, index, column.help(language))
        sheet.set_column(index, index, 18)
    sheet.freeze_panes(1, 0)
    for number, line in enumerate((_HELP, _SAFE, _NAMES)):
        lists.write_string(number, 0, gettext(line))
    at = 4
    for column in asked:
        name = LISTS.get(column.name, ("", False))[0]
        if not name:
            continue
        lists.write_string(at, 0, column.label(language), strong)
        for item in codelist(name).items:
            at += 1
            lists.write_row(at, 0, [item.code, item.label(language)])
        if not LISTS[column.name][1]:
            index = asked.index(column)
            sheet.data_validation(
                1, index, 2000, index, {"validate": "list", "source": [i.code for i in codelist(name).items]}
            )
        at += 2
    lists.set_column(0, 0, 24)
    book.close()
    return content.getvalue()


@dataclass(frozen=True)
class Row:
    """A row as it was read: ``said`` by field of the service; ``place_id`` of the current division; what was written
    as organisation."""

    number: int
    said: dict[str, Any]
    place_id: str
    organisation: str


def problem(row: int, column: str, value: object, message: str, **values: str) -> TableProblem:
    fr, en = (translator(language)(message) % values for language in ("fr", "en"))
    return TableProblem(row, column, clean(value)[:80], fr, en)


def read(path: Path, matcher: PlaceMatcher, filename: str = "") -> tuple[list[Row], list[TableProblem]]:
    """The rows of a file whose place is known, and a problem for each other one.

    Raises ``WorkbookRefused`` or ``TableRefused`` when nothing of it can be read.
    """
    rows: list[Row] = []
    problems: list[TableProblem] = []
    for number, written in read_rows(path, SERVICES, filename):
        if not any(clean(v) for v in written.values()):
            continue
        found = _place(number, written, matcher)
        if isinstance(found, TableProblem):
            problems.append(found)
            continue
        said = {c.name: written.get(c.name) for c in columns() if c.name in written}
        rows.append(Row(number, said, found, clean(written.get("organisation_id"))))
    return rows, problems


def _place(number: int, written: Mapping[str, object], matcher: PlaceMatcher) -> str | TableProblem:
    levels = {1: "region", 2: "cercle", 3: "commune"}
    names = {
        n: text for n, level in levels.items() if (text := clean(written.get(f"admin{n}_name") or written.get(level)))
    }
    codes = {n: text for n in (1, 2, 3) if (text := clean(written.get(f"admin{n}_code")))}
    told = " / ".join(names.values())
    label = ACTIVITIES[f"admin{max(names, default=1)}_name"].fr
    if not names:
        return problem(number, label, "", _NOWHERE)
    match = matcher.match(names, codes)
    if match.unit is None or match.unit.level < max(names):
        return problem(number, label, told, _NOWHERE)
    if not match.is_certain:
        return problem(number, label, told, _DOUBTFUL, name=match.unit.name, code=match.unit.code or match.unit.id)
    return match.unit.id


def no_organisation(row: Row) -> TableProblem:
    return problem(row.number, ORGANISATION.fr, row.organisation, _NO_ORGANISATION if row.organisation else _EMPTY)
