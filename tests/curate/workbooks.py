"""Small workbooks and registers for the tests of the import; no test of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from danbe.collect.actions import receive
from danbe.curate.actions.response import ImportOptions, import_workbook
from danbe.curate.models import Activity, Batch
from danbe.reference.text import search_key
from danbe.register.models import Indicator, Organisation, Place

HEADERS = {
    "report_month": "Mois de rapportage", "organisation": "Organisation", "implementing_partner": "Partenaire d’exécution",
    "aor": "Domaine de responsabilité", "activity": "Activité", "indicator": "Indicateur", "status": "Statut de l’activité",
    "start_date": "Date de début", "end_date": "Date de fin", "admin1_name": "Région", "admin2_name": "Cercle",
    "admin3_name": "Commune", "admin2_code": "P-code cercle", "site": "Site ou village",
    "population_status": "Statut de population", "target": "Cible", "reached": "Nouveaux bénéficiaires",
    "reached_f_0_17": "Filles 0-17", "reached_m_0_17": "Garçons 0-17", "reached_f_18_59": "Femmes 18-59",
    "reached_m_18_59": "Hommes 18-59", "persons_with_disabilities": "PSH", "unit": "Unité", "comment": "Commentaire",
}  # fmt: skip
LINE: dict[str, Any] = {
    "report_month": "2025-03", "organisation": "ASSO", "aor": "Protection générale", "activity": "Écoute",
    "indicator": "Personnes écoutées", "status": "En cours", "admin1_name": "Mopti", "admin2_name": "Mopti",
    "population_status": "PDI", "target": 100, "reached": 40, "reached_f_0_17": 10, "reached_m_0_17": 10,
    "reached_f_18_59": 12, "reached_m_18_59": 8, "persons_with_disabilities": 2,
}  # fmt: skip


def line(**changes: Any) -> dict[str, Any]:
    """A good row, with some cells changed."""
    return {**LINE, **changes}


def write(path: Path, rows: list[dict[str, Any]], more: tuple[str, ...] = ()) -> Path:
    """A workbook of these rows under French headers, on a sheet «Données»."""
    names = [*HEADERS, *more]
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Données")
        sheet.set_column(3, 3, 33)
        for column, name in enumerate(names):
            sheet.write_string(0, column, HEADERS.get(name, name), book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            for column, name in enumerate(names):
                if row.get(name) is not None:
                    sheet.write(number, column, row[name])
    return path


def register_world() -> None:
    """Two organisations, an indicator, and a corner of Mali."""
    for code, name in (("asso", "ASSO"), ("partenaire", "PARTENAIRE"), ("autre", "AUTRE")):
        Organisation.objects.create(code=code, acronym=name, name=name, search_key=search_key(name), verified=True)
    for code, name, unit in (("CP-1", "Personnes écoutées", "PERS"), ("CP-2", "Personnes orientées", "PERS")):
        Indicator.objects.create(code=code, aor="CP", name_fr=name, unit=unit, search_key=search_key(name))
    country = _place("ml", 0, "Mali", None, "ML")
    mopti = _place("r-mopti", 1, "Mopti", country, "ML05")
    gao = _place("r-gao", 1, "Gao", country, "ML07")
    c_mopti = _place("c-mopti", 2, "Mopti", mopti, "ML0506", population=5000)
    c_djenne = _place("c-djenne", 2, "Djenné", mopti, "ML0503", population=4000)
    _place("c-gao", 2, "Gao", gao, "ML0701", population=6000)
    _place("k-konna", 3, "Konna", c_mopti, "ML050601")
    _place("k-sofara", 3, "Sofara", c_djenne, "ML050301")


def _place(
    place_id: str, level: int, name: str, parent: Place | None, code: str, population: int | None = None
) -> Place:
    return Place.objects.create(
        place_id=place_id, version="2021", level=level, code=code, name=name, search_key=search_key(name),
        parent=parent, population=population,
    )  # fmt: skip


def take_in(user: Any, path: Path, filename: str = "", **options: Any) -> Batch:
    """Receives and imports a file."""
    return import_workbook(user, receive(user, path, filename or path.name), ImportOptions(**options))


def state() -> list[tuple[str, str, str]]:
    """What holds: sorted (row key, content) of the rows in force."""
    return sorted(Activity.objects.filter(withdrawn_by=None).values_list("row_key", "content_hash", "report_month"))
