"""Each rule of the 5W met by a row made for it, and not met by a good row."""

import pytest

from danbe.curate.queries.response import issues
from danbe.curate.response.areas import area_of
from danbe.curate.response.issues import RULES, Issue, message, what
from danbe.curate.response.reading import month_in
from danbe.curate.response.rules import rules_markdown
from tests.curate.workbooks import line, register_world, take_in, write

# A column of one unreadable cell would not be taken for what its header says.
GOOD = [line(report_month=f"2024-0{m}", start_date="2024-01-01", admin2_name="Djenné") for m in (1, 4, 8)]
CASES = {
    "required_missing": [line(organisation=None)],
    "unreadable_month": [*GOOD, line(report_month="bientôt")],
    "unreadable_number": [*GOOD, line(reached="beaucoup")],
    "negative": [line(reached=-4)],
    "decimal": [line(reached=40.5)],
    "org_unknown": [line(organisation="Inconnue du tout")],
    "partner_unknown": [line(implementing_partner="Personne d’ici")],
    "indicator_unknown": [line(indicator="Nombre de choses étranges")],
    "place_unknown": [line(admin2_name="Atlantide")],
    "commune_outside_cercle": [line(admin3_name="Sofara")],
    "future_period": [line(report_month="2099-01")],
    "disaggregation_mismatch": [line(reached=41)],
    "completed_without_end": [line(status="Terminée")],
    "gbv_at_site": [line(aor="VBG", indicator=None, site="Maison des femmes")],
    "duplicate_row": [line(), line(reached=10, reached_f_0_17=1, reached_m_0_17=1, reached_f_18_59=4, reached_m_18_59=4)],
    "lead_and_partner": [line(implementing_partner="PARTENAIRE"), line(organisation="PARTENAIRE")],
    "households_as_persons": [line(unit="Ménages")],
    "over_target": [line(target=39)],
    "over_population": [
        line(target=None, reached=5001, reached_f_0_17=2000, reached_m_0_17=1001, reached_f_18_59=1000, reached_m_18_59=1000)
    ],
    "one_sex": [line(reached=22, reached_m_0_17=0, reached_m_18_59=0)],
    "same_as_last_month": [line(), line(report_month="2025-04")],
    "spike": [
        *(line(report_month=f"2025-0{m}", reached=n, reached_f_0_17=None, reached_m_0_17=None, reached_f_18_59=None, reached_m_18_59=None, target=None)
          for m, n in ((1, 10), (2, 12), (3, 9), (4, 36)))
    ],
    "cumulative": [
        *(line(report_month=f"2025-0{m}", reached=4 * n, reached_f_0_17=n, reached_m_0_17=n, reached_f_18_59=n, reached_m_18_59=n)
          for m, n in ((1, 10), (2, 12), (3, 15)))
    ],
    "missing_disability": [line(persons_with_disabilities=None)],
    "disability_over_total": [line(persons_with_disabilities=41)],
    "end_before_start": [line(start_date="2025-03-20", end_date="2025-03-01")],
    "place_code_mismatch": [line(admin2_code="ML0503")],
    "place_coarse": [line(admin2_name=None)],
    "code_unknown": [line(population_status="Martiens")],
    "unreadable_date": [*GOOD, line(start_date="un beau jour")],
    "indicator_missing": [line(indicator=None)],
    "aor_several": [line(aor="Protection de l’Enfance; VBG", indicator=None)],
}  # fmt: skip


@pytest.fixture
def user(administrator):
    register_world()
    return administrator


@pytest.mark.parametrize("rule", CASES)
def test_a_row_made_for_a_rule_meets_it(rule, user, tmp_path):
    batch = take_in(user, write(tmp_path / "5w.xlsx", CASES[rule]))
    assert rule in batch.result["issues"], batch.result["issues"]
    if RULES[rule].severity == "block":
        assert batch.result["rows_blocked"] == 1
        assert batch.result["added"] == len(CASES[rule]) - 1
    else:
        assert batch.result["added"] == len(CASES[rule])


def test_a_good_row_meets_none(user, tmp_path):
    batch = take_in(user, write(tmp_path / "5w.xlsx", [line()]))
    assert {r for r in batch.result["issues"] if RULES[r].severity != "note"} == set()
    assert batch.result["added"] == 1


def test_blocked_rows_stay_out_and_the_others_enter(user, tmp_path):
    rows = [line(), line(reached=-1), line(admin2_name="Djenné")]
    result = take_in(user, write(tmp_path / "5w.xlsx", rows)).result
    assert (result["rows_read"], result["rows_blocked"], result["added"]) == (3, 1, 2)


def test_a_message_says_where_what_and_what_to_do(user, tmp_path):
    batch = take_in(user, write(tmp_path / "5w.xlsx", [line(), line(reached=40.5)]))
    (issue,) = issues(user, batch, rule="decimal").issues
    told = message(issue, "Données")
    for part in ("«Données»", "ligne 3", "«Nouveaux bénéficiaires»", "40.5", "nombre entier"):
        assert part in told
    assert "row 3" in message(issue, "Données", "en")


def test_a_gbv_site_is_not_repeated_in_the_message(user, tmp_path):
    batch = take_in(user, write(tmp_path / "5w.xlsx", CASES["gbv_at_site"]))
    (issue,) = issues(user, batch, rule="gbv_at_site").issues
    assert "Maison des femmes" not in message(issue, "Données") + issue.value


def test_zero_in_every_cell_is_not_disaggregated_rather_than_wrong(user, tmp_path):
    cells = dict.fromkeys(("reached_f_0_17", "reached_m_0_17", "reached_f_18_59", "reached_m_18_59"), 0)
    assert take_in(user, write(tmp_path / "5w.xlsx", [line(**cells)])).result["added"] == 1


def test_a_total_left_empty_is_the_sum_of_its_parts(user, tmp_path):
    from danbe.curate.models import Activity

    batch = take_in(user, write(tmp_path / "5w.xlsx", [line(reached=None)]))
    assert "total_computed" in batch.result["issues"]
    assert Activity.objects.get().values["reached"] == 40


def test_unknown_columns_stay_and_personal_ones_do_not(user, tmp_path):
    from danbe.curate.models import Activity

    row = line() | {"Durée": "3 mois", "Téléphone": "76 00 00 00"}
    batch = take_in(user, write(tmp_path / "5w.xlsx", [row], ("Durée", "Téléphone")))
    assert Activity.objects.get().extra == {"Durée": "3 mois", "Domaine de responsabilité": "Protection générale"}
    assert batch.result["unknown_columns"] == ["Durée"] and batch.result["personal_columns"] == ["Téléphone"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_told_in_both_languages(rule):
    params = dict.fromkeys(("place", "matched", "month", "sum", "total", "first", "batch", "organisation", "partner", "reached", "target", "population", "median", "since", "part", "rows", "count", "columns", "withdrawn", "live", "told"), 1)  # fmt: skip
    issue = Issue(rule, 2, "Colonne", "valeur", {**params, "of": "reached"})
    french, english = what(issue, "fr"), what(issue, "en")
    assert french and english and (french != english or rule == "reader")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_title_of_a_rule_speaks_of_no_row(language):
    titles = {r.id: r.title(language) for r in RULES.values()}
    assert not [t for t in titles.values() if "%" in t or "()" in t or (not t[0].isupper() and t[0] != "…")]
    if language == "fr":
        assert titles["over_target"] == "Atteints au-dessus de la cible."
        assert titles["place_unknown"] == "Lieu inconnu."


def test_a_place_written_in_several_ways_is_one(user, tmp_path):
    """It is told at its first row, once, and registered once."""
    rows = [line(admin2_name=name) for name in ("BAFOUSSAM 1st", "Bafoussam 1St", "Bafoussam  1st ")]
    batch = take_in(user, write(tmp_path / "5w.xlsx", rows), register={"places"})
    assert batch.result["issues"]["place_unverified"] == batch.result["registered"]["places"] == 1
    assert [(p["told"], p["rows"]) for p in batch.result["places"]] == [("BAFOUSSAM 1st, Mopti", 3)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Protection: Protection de l'enfant", "SCPE"),
        ("Protection: Violences basées sur le genre", "SCVBG"),
        ("Protection: Logement, terre et propriété", "GT-LTPRN"),
        ("Protection: Lutte anti-mines", "GT-LAMH"),
        ("Protection générale", "CP"),
        ("Child Protection", "SCPE"),
        ("Eau, Assainissement et Hygiène", "HORS"),
        ("", ""),
    ],
)
def test_the_area_of_a_cell(cell, code):
    assert area_of(cell).code == code


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("mli_5w_2022-03.xlsx", "2022-03"),
        ("5W mars 2024.xlsx", "2024-03"),
        ("rapport_04-2025.csv", "2025-04"),
        ("5w.xlsx", ""),
    ],
)
def test_the_month_a_filename_bears(name, month):
    assert month_in(name) == month


def test_the_page_of_rules_is_up_to_date():
    from pathlib import Path

    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text("utf-8") == rules_markdown(), "write rules_markdown() into docs/rules.md"
