"""The files of partners who keep their own old workbook: other headers and codes, title rows, typing errors."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from danbe.packs.mli.demo.reports import DemoReport
from danbe.reference.geography import Gazetteer
from danbe.reference.text import search_key

Row = Mapping[str, Any]


@lru_cache
def layouts() -> dict[str, list[tuple[str, str]]]:
    """Format → its columns: the header as the partner writes it, and what it holds.

    That is a catalogue column, a row number (``#``), a P-code (``code1``) or children of one sex (``f_child``).
    """
    found: dict[str, list[tuple[str, str]]] = {}
    with (Path(__file__).parent / "legacy_headers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["format"], []).append((row["header"], row["holds"]))
    return found


def write_legacy(path: Path, report: DemoReport, gazetteer: Gazetteer, notice: str) -> Path:
    """Writes ``report`` in the old workbook of its organisation. The same report gives the same bytes.

    Places are misspelt as partners misspell them (accents dropped, capitals, a hyphen or a space for the other, a
    stray blank), codes come as ``MLI05``; no figure is changed, so what must be kept out is what the report says.
    """
    import xlsxwriter

    layout = layouts()[report.organisation.format]
    codes = {search_key(u.name): u.code for level in (1, 2) for u in gazetteer.units(level, gazetteer.current)}
    rng = Random(f"{report.organisation.acronym}/{report.month}/legacy")  # noqa: S311 - synthetic data
    year, month = (int(part) for part in report.month.split("-"))
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(
        str(path),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True},
    ) as book:
        book.set_properties({"author": "", "comments": notice, "created": datetime(year, month, 1)})  # noqa: DTZ001
        bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#F4C542", "border": 1})
        old = book.add_worksheet("TCD")
        old.write_string(0, 0, "Tableau croisé du mois passé")
        old.hide()
        sheet = book.add_worksheet("Données 5W")
        sheet.write_string(0, 0, f"{report.organisation.name} – matrice 5W – {report.month}")
        sheet.write_string(1, 0, notice)
        sheet.set_column(0, len(layout), 16)
        for n, (header, _) in enumerate(layout):
            sheet.write_string(3, n, header, bold)
        for number, row in enumerate(report.rows, start=1):
            for n, (_, name) in enumerate(layout):
                value = _value(name, row, number, codes, rng)
                if isinstance(value, int | float):
                    sheet.write_number(3 + number, n, value)
                elif value:
                    sheet.write_string(3 + number, n, str(value))
        book.add_worksheet("Listes").write_string(0, 0, "Ne pas modifier")
        sheet.activate()
    return path


def _value(name: str, row: Row, number: int, codes: Mapping[str, str], rng: Random) -> Any:
    if name == "#":
        return number
    if name in ("f_child", "m_child"):
        parts = [row.get(f"reached_{name[0]}_{age}") for age in ("0_5", "6_11", "12_17")]
        return sum(p for p in parts if p) if any(parts) else None
    if name in ("code1", "code2"):
        code = codes.get(search_key(row.get(f"admin{name[-1]}_name", "")), "")
        return code.replace("ML", "MLI", 1) if code and rng.random() < 0.5 else code
    if name == "comment":
        return "données synthétiques"
    value = row.get(name)
    if name in ("admin1_name", "admin2_name", "admin3_name") and value:
        return misspelt(str(value), rng)
    return value


def misspelt(name: str, rng: Random) -> str:
    """A name as it comes in partners' files; a person reads it without doubt."""
    chance = rng.random()
    if chance < 0.55:
        return name
    if chance < 0.70:
        return name.upper()
    if chance < 0.82:
        return search_key(name).title()
    if chance < 0.90:
        return f" {name}  "
    return name.replace("-", " ") if "-" in name else name.replace("é", "e").replace("ï", "i")
