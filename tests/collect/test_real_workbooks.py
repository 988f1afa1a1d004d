"""The three real 5W/3W workbooks beside the checkout: the right sheet and all columns, without help."""

from __future__ import annotations

from collections import Counter

import pytest

from danbe.collect.workbooks.columns import mapping_of, propose
from danbe.collect.workbooks.reading import open_workbook
from danbe.collect.workbooks.sheets import candidates, read_table
from danbe.reference.catalogue import ACTIVITIES

pytestmark = pytest.mark.real

CAMEROON = {
    "Programme Organization": "organisation",
    "Implementing Organization": "implementing_partner",
    "Implementing Org type": "organisation_type",
    "Admin1": "admin1_name",
    "Admin1_Pcode": "admin1_code",
    "Admin2": "admin2_name",
    "Admin2_Pcode": "admin2_code",
    "Admin3": "admin3_name",
    "Admin3_Pcode3": "admin3_code",
    "Sectors": "sector",
    "Project Title": "project_title",
    "G. Targeted": "target",
    "G. Reached": "reached",
    "Total male Reached": "reached_m",
    "Total female Reached": "reached_f",
    "Boys under 18 Reached": "reached_m_0_17",
    "Girls under 18 Reached": "reached_f_0_17",
    "Men 18-59 Reached": "reached_m_18_59",
    "Women 18-59 Reached": "reached_f_18_59",
    "Men >59 Reached": "reached_m_60",
    "Women > 59 Reached": "reached_f_60",
    "IDP_Target": "target_pdi",
    "IDP_Reached": "reached_pdi",
    "Returnees Targeted": "target_pdir",
    "Returnees Reached": "reached_pdir",
    "Other Targeted": "target_autre",
    "Other Reached": "reached_autre",
    "Status": "status",
    "Start Date": "start_date",
    "End Date": "end_date",
    "remarks": "comment",
    "Month": "report_month",
    "Assisted_PWD": "persons_with_disabilities",
    "Activities": "activity",
    "Indicators": "indicator",
    "Donor": "donor",
    "Cash_USD": "cash_usd",
}
CONGO = {
    "SECTEUR/DOMAINE": "sector",
    "CLUSTER": "aor",
    "MODALITE(S) CASH dans le projet": "modality",
    "NOM ACTIVITE / PROJET2": "activity",
    "DATE DEBUT": "start_date",
    "DATE FIN": "end_date",
    "NOMBRE BENEFICIAIRES DIRECTS": "reached",
    "TYPE DE BENEFICIAIRES": "population_status",
    "ETAT PROJET": "status",
    "BAILLEUR": "donor",
    "COMMENTAIRE": "comment",
    "ID_Projet": "project_code",
    "Province": "admin1_name",
    "Code Province": "admin1_code",
    "Territoire": "admin2_name",
    "Code Terrtoire": "admin2_code",
    "Zone de sante": "admin3_name",
    "Pcode ZS": "admin3_code",
    "Nom organization": "organisation",
    "Type organisation": "organisation_type",
}
MALI = {
    "Organisation Accronyme": "organisation",
    "admin1Pcod": "admin1_code",
    "Region": "admin1_name",
    "admin2Pcod": "admin2_code",
    "Cercle": "admin2_name",
}


def read(path):
    with open_workbook(path) as book:
        ranked = candidates(book, ACTIVITIES)
        table = read_table(book)
    matches = propose(table, ACTIVITIES)
    mapping = mapping_of(matches)
    named = {table.headers[i].split("\n")[0].strip(): column for column, i in mapping.items()}
    return ranked, table, named, mapping


def test_mali(real_data):
    ranked, table, named, mapping = read(real_data / "workbooks" / "mli_5w_2022-03.xlsx")
    assert (ranked[0].sheet, ranked[0].header_row, ranked[0].hxl_row) == ("ML_5W", 1, 2)
    assert (len(table), table.row_numbers[0], table.row_numbers[-1]) == (22_805, 3, 22_807)
    assert table.hxl == ["#org+name", "#adm1+code", "#adm1+name", "#adm2+code", "#adm2+name"]
    assert named == MALI
    spellings = {v.strip() for v in table.columns[mapping["organisation"]]}
    assert (len(spellings), len({s.casefold() for s in spellings})) == (159, 156)


def test_cameroon_finds_the_hidden_sheet(real_data):
    ranked, table, named, mapping = read(real_data / "workbooks" / "cmr_5w_2021-06.xlsx")
    assert table.sheet == "5Ws_NWSW (2)"
    assert len(ranked) == 5, "the other four sheets are offered too"
    assert (len(table), len(table.columns)) == (7050, 43)
    assert named == CAMEROON
    assert {"note.hidden_sheet", "note.other_sheets"} == {n.rule for n in table.notes}
    sectors = Counter(v.strip() for v in table.columns[mapping["sector"]])
    assert (sectors["GBV"], sectors["Protection"], sectors["Child Protection"]) == (1362, 680, 614)


def test_cameroon_keeps_what_it_does_not_know(real_data):
    _, table, named, _ = read(real_data / "workbooks" / "cmr_5w_2021-06.xlsx")
    left = [h for h in table.headers if h not in named]
    assert left == ["Implementing Full Org. Name", "Sectors - Copy", "HRP", "Icons", "Cash Amount", "Index"]


def test_cameroon_other_sheets_when_asked_for(real_data):
    with open_workbook(real_data / "workbooks" / "cmr_5w_2021-06.xlsx") as book:
        table = read_table(book, sheet="Data 5W Cleaned")
        found = {c: table.headers[i] for c, i in mapping_of(propose(table, ACTIVITIES)).items()}
    assert (len(table), len(table.columns)) == (11_681, 7)
    assert found["organisation"] == "Implementing Org  acronym", "the only organisation there is reports"
    assert (found["donor"], found["sector"]) == ("Donor", "Sectors cleaned")


def test_congo_reads_headers_with_line_breaks(real_data):
    _, table, named, mapping = read(real_data / "workbooks" / "cod_3w_2025-05.xlsx")
    assert (table.sheet, len(table), len(table.columns)) == ("Data", 4343, 39)
    assert named == CONGO
    sector, cluster = table.columns[mapping["sector"]], table.columns[mapping["aor"]]
    assert Counter(sector)["Protection"] == 1407
    protection = {k: n for k, n in Counter(cluster).items() if k and k.startswith("Protection")}
    assert protection == {
        "Protection: Protection de l'enfant": 1253,
        "Protection: Violences basées sur le genre": 280,
        "Protection générale": 107,
        "Protection: Logement, terre et propriété": 21,
        "Protection: Lutte anti-mines": 5,
    }
