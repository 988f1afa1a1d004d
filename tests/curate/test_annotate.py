"""What comes back to the partner: its own workbook, coloured and commented, that can be sent again."""

import zipfile

import openpyxl
import pytest

from danbe.curate.models import Activity
from danbe.curate.queries.response import annotated
from tests.curate.workbooks import line, register_world, take_in, write


@pytest.fixture
def user(administrator):
    register_world()
    return administrator


def test_cells_are_coloured_and_commented_and_the_formatting_stays(user, tmp_path):
    batch = take_in(
        user, write(tmp_path / "a.xlsx", [line(), line(reached=40.5), line(target=10, admin2_name="Djenné")])
    )
    book = openpyxl.load_workbook(annotated(user, batch))
    assert book.sheetnames == ["Résumé Danbe", "Données"]
    sheet = book["Données"]
    column = next(c.column for c in sheet[1] if c.value == "Nouveaux bénéficiaires")
    bad, doubtful = sheet.cell(3, column), sheet.cell(4, column)
    assert bad.fill.fgColor.rgb.endswith("FFC7CE") and "nombre entier" in bad.comment.text
    assert doubtful.fill.fgColor.rgb.endswith("FFE699") and "cible" in doubtful.comment.text
    assert sheet["B1"].font.bold and sheet.column_dimensions["D"].width == pytest.approx(33, abs=1)
    last = [row[-1].value for row in sheet.iter_rows(min_row=1, max_row=4)]
    assert last[0] == "Danbe : contrôle" and last[1] is None and last[2].startswith("BLOQUÉE")
    words = " ".join(str(c.value) for row in book["Résumé Danbe"].iter_rows() for c in row if c.value)
    assert "Lignes bloquées" in words and "décimales" in words


def test_the_annotated_workbook_sent_back_changes_nothing(user, tmp_path):
    batch = take_in(user, write(tmp_path / "a.xlsx", [line(), line(target=10, admin2_name="Djenné")]))
    again = take_in(user, annotated(user, batch), "a.xlsx")
    assert [again.result[k] for k in ("added", "corrected", "withdrawn", "rows_unchanged")] == [0, 0, 0, 2]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_text_never_becomes_a_formula(kind, user, tmp_path):
    evil = "=cmd|'/c calc'!A0"
    row = line(comment=evil, organisation="=HYPERLINK(1)", target=10)
    path = write(tmp_path / "a.xlsx", [line(), row])
    if kind == "csv":
        import csv

        source = openpyxl.load_workbook(path)["Données"]
        path = tmp_path / "a.csv"
        with path.open("w", encoding="utf-8") as file:
            csv.writer(file, delimiter=";").writerows([c.value for c in r] for r in source.iter_rows())
    made = annotated(user, take_in(user, path))
    with zipfile.ZipFile(made) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)
    found = [
        c.value for row in openpyxl.load_workbook(made)["Données" if kind == "xlsx" else "a"].iter_rows() for c in row
    ]
    assert evil in found


def test_english_and_cached(user, tmp_path):
    batch = take_in(user, write(tmp_path / "a.xlsx", [line(reached=-1)]))
    path = annotated(user, batch, "en")
    assert openpyxl.load_workbook(path).sheetnames[0] == "Danbe summary"
    stamp = path.stat().st_mtime_ns
    assert annotated(user, batch, "en").stat().st_mtime_ns == stamp
    assert not Activity.objects.exists()
