"""Files that are broken, lie about themselves or mean harm: each ends in a clear refusal or a usable table."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from danbe.collect.messages import RULES, WorkbookRefused
from danbe.collect.workbooks.columns import mapping_of, propose
from danbe.collect.workbooks.isolated import MAX_ROWS
from danbe.collect.workbooks.reading import open_workbook
from danbe.collect.workbooks.sheets import read_table
from danbe.collect.workbooks.values import to_date, to_decimal, to_integer
from danbe.reference.catalogue import ACTIVITIES
from tests.collect.files import HEADER, ROW, SHEET_END, SHEET_START, cell, package, workbook


def refused(path: Path) -> WorkbookRefused:
    """The refusal that reading ``path`` ends in, checked to speak to a person in both languages."""
    with pytest.raises(WorkbookRefused) as caught, open_workbook(path, "rapport.xlsx") as book:
        read_table(book)
    refusal = caught.value
    assert refusal.rule in RULES
    assert "%(" not in refusal.fr + refusal.en
    assert refusal.en != refusal.fr
    assert refusal.text("en") == refusal.en
    return refusal


def ole2(path: Path, *streams: str) -> Path:
    """An OLE2 container as far as its kind can be told: signature and the names of its streams."""
    names = b"".join(s.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64 for s in streams)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names.ljust(4096, b"\0"))
    return path


def test_an_empty_file(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    assert refused(tmp_path / "a").rule == "file.empty"


def test_a_workbook_without_data(tmp_path):
    assert refused(workbook(tmp_path / "a", {"Feuil1": [], "Feuil2": []})).rule == "workbook.empty"


def test_a_web_page_named_xlsx(tmp_path):
    (tmp_path / "a").write_text("\n<html><body><table><tr><td>Organisation</td></tr></table></body></html>", "utf-8")
    assert refused(tmp_path / "a").rule == "file.html"


def test_excel_2003_xml(tmp_path):
    text = '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    (tmp_path / "a").write_text(text, "utf-8")
    assert refused(tmp_path / "a").rule == "file.xml"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"Rar!\x1a\x07", "archive"),
    ],
)
def test_another_kind_of_file_is_named(tmp_path, start, kind):
    (tmp_path / "a").write_bytes(start + b"\0\1\2" * 400)
    refusal = refused(tmp_path / "a")
    assert refusal.rule == "file.kind"
    assert kind in refusal.fr


def test_random_bytes(tmp_path):
    (tmp_path / "a").write_bytes(bytes(range(1, 256)) * 3 + b"\0\0\0")
    assert refused(tmp_path / "a").rule == "file.unknown"


def test_a_password_protected_xlsx(tmp_path):
    assert refused(ole2(tmp_path / "a", "EncryptionInfo", "EncryptedPackage")).rule == "file.password"


def test_a_damaged_xls(tmp_path):
    assert refused(ole2(tmp_path / "a", "Workbook")).rule == "file.damaged"


def test_a_word_document(tmp_path):
    assert refused(ole2(tmp_path / "a", "WordDocument")).rule == "file.kind"
    with zipfile.ZipFile(tmp_path / "b", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(tmp_path / "b").rule == "file.kind"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.98])
def test_a_truncated_xlsx(tmp_path, share):
    whole = workbook(tmp_path / "whole", {"Data": [HEADER] + [ROW] * 500}).read_bytes()
    (tmp_path / "a").write_bytes(whole[: int(len(whole) * share)])
    assert refused(tmp_path / "a").rule == "file.damaged"


def test_a_sheet_that_is_no_xml(tmp_path):
    assert refused(package(tmp_path / "a", [b"<worksheet><sheetData><row><c r="])).rule in (
        "file.damaged",
        "workbook.empty",
    )


def test_a_zip_bomb_is_not_unfolded(tmp_path):
    """300 MB of nothing in 300 kB: refused by the archive's own directory."""
    bomb = package(tmp_path / "a", (b"\0" * 1_000_000 for _ in range(300)))
    assert bomb.stat().st_size < 1_000_000
    refusal = refused(bomb)
    assert refusal.rule == "file.bomb"
    assert "286" in refusal.fr  # megabytes


def test_a_zip_bomb_that_lies_about_its_size(tmp_path):
    """The directory says 100 bytes; 400 MB of text follow in one cell. The reader's process may die of it."""
    pieces = [SHEET_START.encode(), b'<row><c r="A1" t="inlineStr"><is><t>', *[b"a" * 1_000_000] * 400]
    pieces += [b"</t></is></c></row>", SHEET_END.encode()]
    path = package(tmp_path / "a", pieces)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    while (at := data.find(struct.pack("<I", true))) >= 0:
        data[at : at + 4] = struct.pack("<I", 100)
    (tmp_path / "b").write_bytes(data)
    assert refused(tmp_path / "b").rule in ("file.memory", "file.damaged", "file.bomb", "sheet.none", "workbook.empty")


def test_entities_that_multiply(tmp_path):
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    sheet = SHEET_START.replace("?>", "?>" + bomb) + '<row r="1">' + cell("A1", "&c;&c;&c;") + "</row>" + SHEET_END
    assert refused(package(tmp_path / "a", [sheet.encode()])).rule in RULES


def test_one_value_in_the_last_cell_of_the_sheet(tmp_path):
    """A few hundred bytes that make a naive reader reserve 17 billion cells."""
    rows = f'<row r="1">{cell("A1", "Organisation")}</row><row r="1048576">{cell("XFD1048576", "x")}</row>'
    assert refused(package(tmp_path / "a", [(SHEET_START + rows + SHEET_END).encode()])).rule == "file.memory"


def test_a_million_styled_blank_rows_and_1024_columns_are_no_data(tmp_path):
    header = "".join(cell(f"{chr(65 + i)}1", h) for i, h in enumerate(HEADER))
    data = "".join(cell(f"{chr(65 + i)}2", str(v)) for i, v in enumerate(ROW))
    blanks = (f'<row r="{r}"><c r="A{r}" s="0"/><c r="AMJ{r}" s="0"/></row>'.encode() for r in range(3, 200_003))
    head = SHEET_START.replace("<sheetData>", '<dimension ref="A1:AMJ1048576"/><sheetData>')
    parts = [head.encode(), f'<row r="1">{header}</row><row r="2">{data}</row>'.encode(), *blanks, SHEET_END.encode()]
    with open_workbook(package(tmp_path / "a", parts)) as book:
        table = read_table(book)
    assert (len(table), len(table.columns)) == (1, len(HEADER))


def test_500_000_rows_are_refused_with_the_limit(tmp_path):
    def rows():
        yield SHEET_START.encode()
        yield ("<row>" + "".join(f'<c t="inlineStr"><is><t>{h}</t></is></c>' for h in HEADER) + "</row>").encode()
        start = '<row><c t="inlineStr"><is><t>2025-03</t></is></c><c t="inlineStr"><is><t>AMSS</t></is></c><c><v>'
        for thousand in range(500):
            numbers = (str((thousand * 1000 + i) * 7919 % 99_991) for i in range(1000))
            yield "".join(f"{start}{n}</v></c></row>" for n in numbers).encode()
        yield SHEET_END.encode()

    refusal = refused(package(tmp_path / "a", rows()))
    assert refusal.rule == "sheet.rows"
    assert "500\u202f00" in refusal.fr and f"{MAX_ROWS:,}" in refusal.en


def test_reading_at_the_limit_takes_bounded_memory(tmp_path):
    """A far-off value and many rows, read with the server's process held to 600 MB of address space."""
    text = "Organisation;Cercle;Mois\n" + "AMSS;Mopti;2025-03\n" * 290_000
    (tmp_path / "a.csv").write_text(text, "utf-8")
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from danbe.collect.workbooks.reading import open_workbook\n"
        "from danbe.collect.workbooks.sheets import read_table\n"
        "with open_workbook(Path(sys.argv[1])) as book: table = read_table(book)\n"
        "print(len(table), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.csv")], capture_output=True, text=True, check=True
    )
    rows, kilobytes = map(int, done.stdout.split())
    assert rows == 290_000
    assert kilobytes < 600_000


def test_formulas_are_read_as_the_text_they_are(tmp_path):
    evil = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")']
    rows = [HEADER] + [["2025-03", text, *ROW[2:]] for text in evil]
    with open_workbook(workbook(tmp_path / "a", {"Data": rows})) as book:
        assert read_table(book).columns[1] == evil
    (tmp_path / "a.csv").write_text("\n".join(";".join(map(str, r)) for r in rows), "utf-8")
    with open_workbook(tmp_path / "a.csv") as book:
        assert read_table(book).columns[1] == [e.strip('"') if e.startswith('"') else e for e in evil]


def test_dates_as_text_and_french_decimals(tmp_path):
    header = [*HEADER, "Date de début", "Montant en espèces"]
    rows = [
        header,
        [*ROW[:6], "12 000", "1 234", "31/12/2024", "1 234,5"],
        [*ROW[:6], "12\u202f000", 7, date(2025, 1, 2), 3.5],
    ]
    with open_workbook(workbook(tmp_path / "a", {"Data": rows})) as book:
        table = read_table(book)
    found = mapping_of(propose(table, ACTIVITIES))
    values = {c: table.columns[i] for c, i in found.items()}
    assert [to_integer(v) for v in values["target"]] == [12_000, 12_000]
    assert [to_integer(v) for v in values["reached"]] == [1234, 7]
    assert [to_date(v) for v in values["start_date"]] == [date(2024, 12, 31), date(2025, 1, 2)]
    assert [to_decimal(v) for v in values["cash_usd"]] == [1234.5, 3.5]


def test_merged_headers_are_joined(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a")
    sheet = book.add_worksheet("5W")
    sheet.write(0, 0, "Cluster Protection, rapport de mars")
    sheet.merge_range(2, 0, 3, 0, "Organisation")
    sheet.merge_range(2, 1, 3, 1, "Cercle")
    sheet.merge_range(2, 2, 2, 3, "Cible")
    sheet.merge_range(2, 4, 2, 7, "Atteints")
    for column, text in enumerate(["PDI", "Retournés", "Filles", "Garçons", "Femmes 18-59", "Hommes 18-59"], start=2):
        sheet.write(3, column, text)
    for row in range(4, 9):
        sheet.write_row(row, 0, ["AMSS", "Mopti", 10, 20, 1, 2, 3, 4])
    book.close()
    with open_workbook(tmp_path / "a") as opened:
        table = read_table(opened)
    assert (table.header_row, table.row_numbers) == (4, [5, 6, 7, 8, 9])
    assert mapping_of(propose(table, ACTIVITIES)) == {
        "organisation": 0,
        "admin2_name": 1,
        "target_pdi": 2,
        "target_pdir": 3,
        "reached_f_0_17": 4,
        "reached_m_0_17": 5,
        "reached_f_18_59": 6,
        "reached_m_18_59": 7,
    }
    assert {n.rule for n in table.notes} == {"note.title_rows", "note.header_rows"}
