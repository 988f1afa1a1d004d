"""Services brought in by a workbook or a list of health facilities: every row stored, or told why not."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

REAL_LIST = "services/mali_healthsites_osm_2020_2021.csv"


@pytest.fixture
def mali(db, administrator):
    from danbe.register.actions.geography import load_pack
    from danbe.register.actions.organisations import OrganisationRequest, register_organisations

    load_pack(administrator, "mli")
    register_organisations(administrator, [OrganisationRequest("Organisation Exemple", "OEX")], True)
    return administrator


def book(path: Path, *rows: dict[str, object]) -> Path:
    """A workbook filled in from the template's own headers."""
    import io

    import openpyxl

    from danbe.curate.services.workbook import template

    filled = openpyxl.load_workbook(io.BytesIO(template("fr")))
    sheet = filled.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, start=2):
        for header, value in row.items():
            sheet.cell(number, headers[header], value)
    filled.save(path)
    return path


ROW = {
    "Organisation": "OEX", "Région": "Mopti", "Cercle": "Mopti", "Commune": "Mopti", "Nom du service": "Centre d’écoute",
    "Catégories": "PSS; GC", "Numéro à appeler": "00 00 12 34", "Prix": "Gratuit", "Vérifié le": "2025-03-02",
}  # fmt: skip


def test_each_row_is_stored_or_told(mali, tmp_path):
    from danbe.curate.actions.services import import_workbook
    from danbe.register.models import Service

    path = book(
        tmp_path / "services.xlsx",
        ROW,
        {**ROW, "Nom du service": "Refuge", "Catégories": "SEC", "Latitude": 14.49, "Longitude": -4.19},
        {**ROW, "Nom du service": "Refuge", "Catégories": "FEM", "Comment s’y rendre": "Derrière le marché"},
        {**ROW, "Nom du service": "Sans lieu", "Commune": "Nulle part"},
        {**ROW, "Nom du service": "Inconnue", "Organisation": "QQQ"},
        {**ROW, "Nom du service": "Mauvais code", "Catégories": "XYZ"},
    )
    done = import_workbook(mali, path)
    assert (done.rows, done.added, len({p.row for p in done.problems})) == (6, 1, 5)
    told = {p.row: p.fr for p in done.problems}
    assert "espace sûr" in told[3] and "espace sûr" in told[4]
    assert "14.49" not in "".join(p.value for p in done.problems)
    service = Service.objects.get()
    assert (service.categories, service.cost, str(service.verified_on)) == ("PSS GC", "GRATUIT", "2025-03-02")
    again = import_workbook(mali, book(tmp_path / "encore.xlsx", ROW))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)


@pytest.mark.real
def test_every_facility_of_the_real_list_is_stored_or_reported(mali, real_data):
    import csv

    from danbe.curate.actions.services import import_facilities
    from danbe.register.models import Service

    path = real_data / REAL_LIST
    with path.open(encoding="utf-8") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    done = import_facilities(mali, path)
    reported = sum(1 for _, why in done.notices if why in ("repeated", "no_id"))
    assert done.rows == rows == done.added + reported
    assert Service.objects.count() == done.added
    placed = Service.objects.exclude(place=None).count()
    print(done.rows, done.added, placed, Counter(why for _, why in done.notices))
    assert placed > 0.9 * done.added
    assert not Service.objects.exclude(verified_on=None).exists()
    assert import_facilities(mali, path).added == 0
