"""Finding the table and naming its columns, in workbooks as partners shape them."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.collect.messages import RULES, WorkbookRefused, say
from danbe.collect.workbooks.assign import assign
from danbe.collect.workbooks.columns import mapping_of, not_ours, propose
from danbe.collect.workbooks.reading import open_workbook
from danbe.collect.workbooks.sheets import candidates, read_table
from danbe.collect.workbooks.table import Table, column_letters
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.text import search_key
from tests.collect.files import HEADER, ROW, workbook

MAPPED = {
    "report_month": 0,
    "organisation": 1,
    "admin1_name": 2,
    "admin2_name": 3,
    "activity": 4,
    "indicator": 5,
    "target": 6,
    "reached": 7,
}


def table_of(path, **options) -> Table:
    with open_workbook(path) as book:
        return read_table(book, **options)


def headed(*headers: str, values: tuple[object, ...] = ()) -> Table:
    rows = [[v] for v in values] or [[] for _ in headers]
    return Table("s", 1, list(headers), rows, [2] if values else [], [""] * len(headers))


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [*itertools.product(";,\t", ["utf-8", "utf-8-sig", "cp1252", "utf-16"]), (";", "utf-16-le")],
)
def test_text_files(tmp_path, separator, encoding):
    text = "\r\n".join(separator.join(map(str, r)) for r in [HEADER, ROW, [], ROW])
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    table = table_of(tmp_path / "a.csv")
    assert table.headers == HEADER
    assert table.row_numbers == [2, 4]
    assert mapping_of(propose(table, ACTIVITIES)) == MAPPED
    assert "note.encoding" in {n.rule for n in table.notes}


def test_text_with_quotes_and_line_breaks_in_cells(tmp_path):
    text = 'Organisation;Cercle;Commentaire\nAMSS;Mopti;"deux lignes ;\nune cellule"\n'
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert table_of(tmp_path / "a.csv").columns[2] == ["deux lignes ;\nune cellule"]


@pytest.mark.office
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats(tmp_path, kind):
    """The same table, saved by LibreOffice in its own format and in Excel's old one."""
    source = workbook(tmp_path / "a.xlsx", {"Lisez-moi": [["Bonjour"]], "Data": [["Rapport"], [], HEADER, ROW, ROW]})
    command = [
        shutil.which("soffice"),
        f"-env:UserInstallation=file://{tmp_path}/lo",
        "--headless",
        "--convert-to",
        kind,
    ]
    subprocess.run([*command, "--outdir", str(tmp_path), str(source)], check=True, capture_output=True, timeout=120)
    table = table_of(tmp_path / f"a.{kind}")
    assert (table.sheet, table.header_row, table.row_numbers) == ("Data", 3, [4, 5])
    assert mapping_of(propose(table, ACTIVITIES)) == MAPPED


def test_the_data_sheet_among_pivots_lists_and_instructions(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Instructions": [
                ["Comment remplir ce fichier"],
                ["Organisation : le sigle"],
                ["Région, Cercle : voir listes"],
            ],
            "TCD": [["Région", "Organisation"], ["Mopti", 4], ["Gao", 2]],
            "Listes": [["Région", "Cercle"], *[["Mopti", f"Cercle {i}"] for i in range(90)]],
            "Saisie": [["Cluster Protection"], ["Mars 2025"], [], HEADER, *[ROW] * 30],
        },
        hidden=["Listes"],
    )
    table = table_of(path)
    assert (table.sheet, table.header_row, len(table)) == ("Saisie", 4, 30)
    with open_workbook(path) as book:
        assert candidates(book, ACTIVITIES)[0].sheet == "Saisie"


def test_a_table_that_starts_far_from_the_corner(tmp_path):
    shifted = [[None] * 3 + list(r) for r in [HEADER, ROW]]
    table = table_of(workbook(tmp_path / "a.xlsx", {"Data": [[], [], *shifted]}))
    assert table.column_numbers == list(range(4, 12))
    assert table.cell(0, 0) == "D4"
    assert mapping_of(propose(table, ACTIVITIES)) == MAPPED


def test_hxl_alone_names_columns(tmp_path):
    header, tags = ["Qui", "Où", "Combien"], ["#org +lead", "#adm2+name", "#reached"]
    table = table_of(workbook(tmp_path / "a.xlsx", {"Data": [header, tags, ["AMSS", "Mopti", 4]]}))
    assert table.hxl == tags
    assert mapping_of(propose(table, ACTIVITIES)) == {"organisation": 0, "admin2_name": 1, "reached": 2}


def test_totals_and_repeated_headers_are_left_out_and_said(tmp_path):
    rows = [HEADER, ROW, HEADER, ROW, ["TOTAL", *[None] * 5, 200, 160]]
    table = table_of(workbook(tmp_path / "a.xlsx", {"Data": rows}))
    assert table.row_numbers == [2, 4]
    assert [n.values["row"] for n in table.notes if n.rule == "note.totals"] == [5]


def test_a_column_without_header_is_kept(tmp_path):
    table = table_of(workbook(tmp_path / "a.xlsx", {"Data": [HEADER, [*ROW, None, "oubli"]]}))
    assert (table.headers[-1], table.columns[-1], table.column_numbers[-1]) == ("", ["oubli"], 10)
    assert [m.index for m in not_ours(propose(table, ACTIVITIES))] == [8]


def test_a_workbook_without_such_a_table(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"Notes": [["Chers collègues"], ["Merci de votre envoi", "bien reçu"]]})
    with pytest.raises(WorkbookRefused) as caught:
        table_of(path)
    assert caught.value.rule == "sheet.none" and "Notes" in caught.value.fr


def test_a_sheet_named_by_the_person(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", {"Data": [HEADER, ROW], "Autre": [["Chose", "Truc", "Machin"], ["a", "b", "c"]]}
    )
    assert table_of(path, sheet="autre ").headers == ["Chose", "Truc", "Machin"]
    with pytest.raises(WorkbookRefused) as caught:
        table_of(path, sheet="Feuil9")
    assert caught.value.rule == "sheet.missing" and "Autre" in caught.value.en


def test_every_column_is_recognised_by_its_label_in_both_languages():
    for language in ("fr", "en"):
        columns = ACTIVITIES.readable
        found = propose(headed(*(c.label(language) for c in columns)), ACTIVITIES)
        assert {m.column for m in found} == {c.name for c in columns}
        assert [m.header for m in found if ACTIVITIES[m.column].label(language) != m.header] == []


def test_what_a_person_confirmed_comes_first():
    headers = ("Structure", "Cercle", "Région")
    remembered = {search_key("Structure"): "organisation", search_key("Région"): ""}
    found = propose(headed(*headers), ACTIVITIES, remembered)
    assert [(m.column, m.reason) for m in found] == [
        ("organisation", "remembered"),
        ("admin2_name", "label"),
        (None, "remembered"),
    ]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Organnisation", "organisation"),
        ("Date de debut *", "start_date"),
        ("Nouveaux beneficiares", "reached"),
        ("Cible / Garçons", None),
        ("Total male Targeted", None),
        ("Girls under 18 Targeted", None),
        ("Atteints / Filles (0-17 ans)", "reached_f_0_17"),
        ("Couleur du dossier", None),
    ],
)
def test_spellings_of_headers(header, column):
    (match,) = propose(headed(header), ACTIVITIES)
    assert (match.column if match.confidence >= 0.7 else None) == column


def test_values_that_contradict_a_header_are_not_believed():
    (match,) = propose(headed("Cible", values=("les femmes déplacées",)), ACTIVITIES)
    assert match.confidence < 0.7


def test_values_may_propose_but_not_settle():
    table = Table("s", 1, ["X1"], [["ONG internationale", "Agence ONU", "ONG nationale"]], [2, 3, 4], [""])
    (match,) = propose(table, ACTIVITIES)
    assert (match.column, match.reason) == ("organisation_type", "values")
    assert mapping_of([match]) == {}


GAINS = st.lists(st.dictionaries(st.sampled_from("abcd"), st.floats(0.01, 3), max_size=4), max_size=4)


@settings(max_examples=150)
@given(GAINS)
def test_the_assignment_is_the_best_there_is(gains):
    def worth(choice):
        return sum(g[o] for g, o in zip(gains, choice, strict=True) if o)

    found = assign(gains)
    assert all(o is None or o in g for g, o in zip(gains, found, strict=True))
    given_out = [o for o in found if o]
    assert len(given_out) == len(set(given_out))
    every = itertools.product(*([None, *g] for g in gains))
    best = max(worth(c) for c in every if len([o for o in c if o]) == len({o for o in c if o}))
    assert worth(found) == pytest.approx(best)


def test_letters_of_columns():
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 1024)] == ["A", "Z", "AA", "ZZ", "AAA", "AMJ"]


def test_every_message_is_in_english_too():
    named = {name for sentence in RULES.values() for name in re.findall(r"%\((\w+)\)s", sentence)}
    values = dict.fromkeys(named, "x")
    for rule in RULES:
        assert say(rule, "en", **values) != say(rule, "fr", **values), rule
