"""Writes a form of the pack as an XLSForm (.xlsx) in French and English; the same form gives the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from danbe.packs.mli.forms.questions import ENGLISH, FRENCH, PackForm, Question
from danbe.reference.geography import Gazetteer

SURVEY = (
    "type", "name", f"label::{FRENCH}", f"label::{ENGLISH}", f"hint::{FRENCH}", f"hint::{ENGLISH}", "required",
    "relevant", "constraint", f"constraint_message::{FRENCH}", f"constraint_message::{ENGLISH}", "choice_filter",
    "appearance", "default", "calculation",
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{FRENCH}", f"label::{ENGLISH}", "above")
SETTINGS = ("form_title", "form_id", "version", "default_language", "style")


def survey_rows(form: PackForm) -> list[tuple[str, ...]]:
    """The rows of the survey sheet, in the order of ``SURVEY``."""
    return [_row(q) for q in form.questions]


def _row(q: Question) -> tuple[str, ...]:
    # A repeat or group ends without words; the day of today asks nothing.
    return (
        q.kind, q.name, q.fr, q.en, q.hint_fr, q.hint_en, "yes" if q.required else "", q.relevant, q.constraint,
        q.wrong_fr, q.wrong_en, q.choice_filter, q.appearance, q.default, q.calculation,
    )  # fmt: skip


def write_form(path: Path, form: PackForm, gazetteer: Gazetteer) -> Path:
    """The XLSForm of ``form``, its cascades from the current division of ``gazetteer``."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    # A fixed date: the file changes when the form does, and not otherwise.
    book.set_properties({"created": datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None), "title": form.fr})
    used = {q.kind.split()[1] for q in form.questions if q.kind.startswith("select_")}
    choices = [c for c in form.choices(gazetteer) if c.list_name in used]
    for name, heads, rows in (
        ("survey", SURVEY, survey_rows(form)),
        ("choices", CHOICES, [(c.list_name, c.name, c.fr, c.en, c.above) for c in choices]),
        ("settings", SETTINGS, [(f"{form.fr} / {form.en}", form.form_id, form.version, FRENCH, "pages")]),
    ):
        sheet = book.add_worksheet(name)
        for number, row in enumerate([heads, *rows]):
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(number, column, value)
    book.close()
    return path
