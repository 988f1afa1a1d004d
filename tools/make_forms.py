"""Writes the XLSForms of the Mali pack beside their declarations: ``.venv/bin/python tools/make_forms.py``."""

from __future__ import annotations

from danbe.packs.mli.forms import FORMS, workbook_path
from danbe.packs.mli.forms.workbook import write_form
from danbe.reference.geography.pack import load_pack


def main() -> None:
    gazetteer = load_pack("mli").gazetteer()
    for form in FORMS.values():
        path = write_form(workbook_path(form.form_id), form, gazetteer)
        print(f"{path.name}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
