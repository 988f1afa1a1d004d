"""Danbe's own forms for Mali: incident, flash alert, population movement, key informant; in French and English.

The .xlsx files beside this one are made from the declarations by ``tools/make_forms.py``; a test holds that they are
current. No form has a question for free text, so no name can be written in one.
"""

from __future__ import annotations

from pathlib import Path

from danbe.packs.mli.forms.flash import FLASH
from danbe.packs.mli.forms.incident import INCIDENT
from danbe.packs.mli.forms.informant import INFORMANT
from danbe.packs.mli.forms.movement import MOVEMENT
from danbe.packs.mli.forms.questions import PackForm

FOLDER = Path(__file__).parent
FORMS: dict[str, PackForm] = {f.form_id: f for f in (INCIDENT, FLASH, MOVEMENT, INFORMANT)}


def workbook_path(form_id: str) -> Path:
    """Where the XLSForm of a form lies."""
    return FOLDER / f"{form_id}.xlsx"


__all__ = ["FLASH", "FOLDER", "FORMS", "INCIDENT", "INFORMANT", "MOVEMENT", "PackForm", "workbook_path"]
