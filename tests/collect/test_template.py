"""The partner's workbook: what it asks follows from the catalogue, its lists narrow, and it reads back as written."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from danbe.collect.workbooks.template import IndicatorLine, TemplateContext, read_marks, write_template
from danbe.collect.workbooks.template_entry import FIRST_ROW, HEADER_ROW, TAG_ROW
from danbe.collect.workbooks.template_lists import months_back
from danbe.packs.mli import framework_rows
from danbe.reference.catalogue import ACTIVITIES, Column
from danbe.reference.codelists import codelist
from danbe.reference.geography.pack import load_pack

ROW = {
    "donor": "Bailleur fictif 1",
    "project_code": "hors HRP",
    "aor": "Protection de l’enfance",
    "objective": "Objectif 3 : réponse coordonnée, qualité et couverture des services",
    "activity": "Soutien psychosocial aux enfants",
    "indicator": "Nombre d’enfants ayant bénéficié d’un soutien psychosocial",
    "status": "En cours",
    "start_date": "2025-01-15",
    "admin1_name": "Mopti",
    "admin2_name": "Bankass",
    "admin3_name": "Bankass",
    "population_status": "Communauté hôte",
    "reached": 120,
    "reached_f_0_5": 20,
    "reached_f_6_11": 40,
    "reached_m_6_11": 60,
    "cash_usd": 12.5,
    "comment": "=cmd|'/c calc'!A0",
}


@pytest.fixture(scope="module")
def gazetteer():
    return load_pack("mli").gazetteer()


@pytest.fixture(scope="module")
def context(gazetteer) -> TemplateContext:
    return TemplateContext(
        organisation="FIC-IBIS",
        organisation_name="Association Ibis (fictive)",
        month="2025-03",
        indicators=tuple(
            IndicatorLine(r["indicator_id"], r["aor"], r["objective"], r["activity_fr"], r["name_fr"], r["unit"])
            for r in framework_rows()
        ),
        places=tuple(u for level in (1, 2, 3) for u in gazetteer.units(level, gazetteer.current)),
        rows=(ROW,),
        empty_rows=20,
    )


@pytest.fixture(scope="module")
def written(context, tmp_path_factory) -> Path:
    return write_template(tmp_path_factory.mktemp("template") / "5w.xlsx", context)


@lru_cache(maxsize=32)
def sheet_rows(path: Path, name: str = "Saisie") -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_headers_are_the_labels_of_the_catalogue_with_their_tags_below(written):
    rows = sheet_rows(written)
    asked = ACTIVITIES.asked
    assert rows[HEADER_ROW][: len(asked)] == [c.fr for c in asked]
    assert rows[TAG_ROW][: len(asked)] == [c.hxl for c in asked]


def test_the_english_template_has_english_headers(context, tmp_path):
    path = write_template(tmp_path / "5w.xlsx", replace(context, language="en", rows=()))
    assert sheet_rows(path, "Entry")[HEADER_ROW][: len(ACTIVITIES.asked)] == [c.en for c in ACTIVITIES.asked]


def test_a_column_added_to_the_declaration_is_asked_with_its_list_and_its_check(context, tmp_path):
    added = (
        Column("distance", "Distance au service", "Distance", "integer", "#meta+km", "count", asked=True),
        Column("consent", "Forme du don", "Kind of gift", "code", "#meta+kind", codelist="modality", asked=True),
    )
    dataset = replace(ACTIVITIES, columns=(*ACTIVITIES.columns, *added))
    path = write_template(tmp_path / "5w.xlsx", replace(context, dataset=dataset, rows=({**ROW, "distance": 7},)))
    rows = sheet_rows(path)
    assert rows[HEADER_ROW][len(ACTIVITIES.asked) : len(dataset.asked)] == ["Distance au service", "Forme du don"]
    assert rows[FIRST_ROW][len(ACTIVITIES.asked)] == 7
    rules = validations(path)
    assert rules["Distance au service"].type == "whole"
    assert choices(path, rules["Forme du don"].formula1, {}) == [i.fr for i in codelist("modality").items]
    assert read_marks(path).catalogue != read_marks(write_template(tmp_path / "b.xlsx", context)).catalogue


def test_the_same_context_gives_the_same_bytes(context, written, tmp_path):
    assert write_template(tmp_path / "again.xlsx", context).read_bytes() == written.read_bytes()


def test_what_a_partner_types_is_never_a_formula(written):
    from openpyxl import load_workbook

    sheet = load_workbook(written)["Saisie"]
    comment = sheet.cell(FIRST_ROW + 1, [c.name for c in ACTIVITIES.asked].index("comment") + 1)
    assert comment.value == ROW["comment"]
    assert comment.data_type == "s"


def test_headers_are_locked_and_entry_cells_are_not(written):
    from openpyxl import load_workbook

    sheet = load_workbook(written)["Saisie"]
    assert sheet.protection.sheet
    assert sheet.cell(HEADER_ROW + 1, 1).protection.locked
    assert not sheet.cell(FIRST_ROW + 1, 5).protection.locked
    # Rows beyond those drawn can be filled too: the columns themselves are unlocked.
    fifth = next(d for d in sheet.column_dimensions.values() if d.min <= 5 <= d.max)
    assert not fifth.protection.locked
    assert sheet.freeze_panes == "C6"


def test_the_template_says_what_it_is_and_whether_there_is_nothing_to_report(context, written, tmp_path):
    marks = read_marks(written)
    assert (marks.organisation, marks.month, marks.nothing_to_report) == ("FIC-IBIS", "2025-03", False)
    nil = write_template(tmp_path / "nil.xlsx", replace(context, rows=(), nothing_to_report=True))
    assert read_marks(nil).nothing_to_report
    (tmp_path / "not.xlsx").write_bytes(b"not a workbook")
    assert read_marks(tmp_path / "not.xlsx") is None


def test_the_reader_of_workbooks_takes_it_with_no_help_and_finds_the_values_written(written):
    from danbe.collect.workbooks.columns import mapping_of, propose
    from danbe.collect.workbooks.reading import open_workbook
    from danbe.collect.workbooks.sheets import candidates, read_table
    from danbe.collect.workbooks.values import to_date

    workbook = open_workbook(written)
    table = read_table(workbook, candidates(workbook, ACTIVITIES)[0])
    mapping = mapping_of(propose(table, ACTIVITIES))
    assert (table.sheet, len(table)) == ("Saisie", 1)
    assert set(mapping) == {c.name for c in ACTIVITIES.asked}
    assert len(table.headers) == len(ACTIVITIES.asked), "the check column is no column of the data"
    found = {name: table.columns[index][0] for name, index in mapping.items()}
    assert to_date(found.pop("start_date")).isoformat() == ROW["start_date"]
    assert {n: v for n, v in found.items() if v is not None} == {
        "report_month": "2025-03", "organisation": "FIC-IBIS",
        **{n: v for n, v in ROW.items() if n != "start_date"},
    }  # fmt: skip


def test_numbers_are_whole_and_never_negative(written):
    rules = validations(written)
    for column in ACTIVITIES.asked:
        if column.kind == "integer":
            rule = rules[column.fr]
            assert (rule.type, rule.operator, rule.formula1, rule.errorStyle) == (
                "whole",
                "greaterThanOrEqual",
                "0",
                None,
            ), column.fr


def test_each_region_offers_exactly_its_cercles_and_each_cercle_its_communes(written, gazetteer):
    rules = validations(written)
    for region in gazetteer.units(1, gazetteer.current):
        cercles = gazetteer.children(region.id)
        got = choices(written, rules["Cercle"].formula1, {"Région": region.name})
        assert sorted(got) == sorted(c.name for c in cercles), region.name
        for cercle in cercles:
            got = choices(written, rules["Commune"].formula1, {"Région": region.name, "Cercle": cercle.name})
            communes = [u.name for u in gazetteer.children(cercle.id) if u.level == 3]
            assert sorted(got) == sorted(set(communes)), cercle.name


def test_objective_activity_and_indicator_narrow_in_turn(written, context):
    rules = validations(written)
    aors, objectives = codelist("aor"), codelist("objective")
    for line in context.indicators:
        cells = {"Domaine de responsabilité": aors.label(line.aor, "fr")}
        assert objectives.label(line.objective, "fr") in choices(written, rules["Objectif"].formula1, cells)
        cells["Objectif"] = objectives.label(line.objective, "fr")
        assert line.activity in choices(written, rules["Activité"].formula1, cells)
        cells["Activité"] = line.activity
        offered = choices(written, rules["Indicateur"].formula1, cells)
        same = [
            i
            for i in context.indicators
            if (i.aor, i.objective, i.activity) == (line.aor, line.objective, line.activity)
        ]
        assert sorted(offered) == sorted(i.name for i in same)


def test_no_formula_of_a_list_is_longer_than_excel_allows(written):
    assert all(len(rule.formula1 or "") <= 255 for rule in validations(written).values())


def test_months_run_back_over_the_year():
    assert months_back("2025-02", 4) == ["2025-02", "2025-01", "2024-12", "2024-11"]


def test_a_label_too_long_to_look_up_is_named(context):
    long = IndicatorLine("X", "CP", "OS1", "a" * 250, "Nombre")
    with pytest.raises(ValueError, match=r"indicator: .*255 characters"):
        write_template(Path("never.xlsx"), replace(context, indicators=(long,)))


def test_nothing_to_choose_from_is_refused(context, tmp_path):
    with pytest.raises(ValueError, match="at least one indicator"):
        write_template(tmp_path / "5w.xlsx", replace(context, indicators=()))


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("libreoffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_computes_lists_and_checks(written, gazetteer, tmp_path):
    """The formulas of the drop-downs, put into cells, counted by LibreOffice: first and last choice and how many."""
    from openpyxl import load_workbook

    rules = validations(written)
    book = load_workbook(written)
    entry, probe = book["Saisie"], book.create_sheet("Essai", 0)
    labels = [c.fr for c in ACTIVITIES.asked]
    regions, expected = gazetteer.units(1, gazetteer.current), []
    for n, region in enumerate(regions):
        row = FIRST_ROW + 2 + n
        cercle = gazetteer.children(region.id)[0]
        for name, value in (("Région", region.name), ("Cercle", cercle.name), ("Nouveaux bénéficiaires", 5)):
            entry.cell(row, labels.index(name) + 1, value)
        for column, label in ((1, "Cercle"), (2, "Commune")):
            # The references to the row itself, which alone have no $ before the number.
            source = re.sub(rf"\$([A-Z]+){FIRST_ROW + 1}\b", rf"Saisie!$\g<1>{row}", rules[label].formula1)
            probe.cell(n + 1, column, f"=COUNTA({source})")
        probe.cell(n + 1, 3, f"=Saisie!A{row}")
        probe.cell(n + 1, 4, f"=Saisie!{column_letter(len(labels))}{row}")
        communes = {u.name for u in gazetteer.children(cercle.id) if u.level == 3}
        expected.append(
            [str(len(gazetteer.children(region.id))), str(len(communes)), "2025-03", "sexe et âge à préciser"]
        )
    book.active = 0
    book.save(tmp_path / "probe.xlsx")
    subprocess.run(
        # 44 comma, 34 quote, 76 UTF-8, whatever the locale of the machine.
        ["libreoffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76", "probe.xlsx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with (tmp_path / "probe.csv").open(encoding="utf-8") as file:
        assert list(csv.reader(file)) == expected


# What Excel does with a list formula, done here.


@lru_cache(maxsize=32)
def validations(path: Path) -> dict[str, object]:
    """Label of the column → its validation."""
    from openpyxl import load_workbook

    sheet = load_workbook(path)["Saisie"]
    found = {}
    for rule in sheet.data_validations.dataValidation:
        column = next(iter(rule.sqref.ranges)).min_col
        found[sheet.cell(HEADER_ROW + 1, column).value] = rule
    return found


def choices(path: Path, formula: str, cells: dict[str, str]) -> list[str]:
    """The values a list formula offers when the row's ``cells`` (by label) are filled so."""
    labels = [c.fr for c in ACTIVITIES.asked]
    listed = sheet_rows(path, "Listes")

    def column(letters: str) -> list[str]:
        index = 0
        for letter in letters:
            index = index * 26 + ord(letter) - 64
        return [str(row[index - 1]) for row in listed]

    plain = re.fullmatch(r"'Listes'!\$([A-Z]+)\$2:\$\1\$(\d+)", formula)
    if plain:
        return [v for v in column(plain[1])[1 : int(plain[2])] if v]
    found = re.fullmatch(
        r"OFFSET\('Listes'!\$([A-Z]+)\$1,MATCH\((.+),'Listes'!\$([A-Z]+)\$2:\$\3\$(\d+),0\),0,COUNTIF\(.+\),1\)",
        formula,
    )
    assert found, formula
    key = "|".join(cells[labels[number(ref)]] for ref in re.findall(r"\$([A-Z]+)6", found[2]))
    keys = column(found[3])[1 : int(found[4])]
    start, count = keys.index(key) + 1, keys.count(key)
    assert keys[start - 1 : start - 1 + count] == [key] * count, "the choices of one parent lie together"
    return column(found[1])[start : start + count]


def number(letters: str) -> int:
    from openpyxl.utils import column_index_from_string

    return column_index_from_string(letters) - 1


def column_letter(index: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(index + 1)
