"""The synthetic year: the same for a seed, fictitious throughout, wrong on purpose, and taken in through the door."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.packs.mli import framework_rows
from danbe.packs.mli.demo import KINDS, NOTICE, demo_organisations, make_reports, make_world
from danbe.reference.codelists import codelist
from danbe.reference.geography.pack import load_pack

PARTS = tuple(f"reached_{sex}_{age}" for sex in "fm" for age in ("0_5", "6_11", "12_17", "18_59", "60", "inc"))


@pytest.fixture(scope="module")
def gazetteer():
    return load_pack("mli").gazetteer()


@pytest.fixture(scope="module")
def year(gazetteer):
    return make_reports(make_world(gazetteer, framework_rows()))


def test_the_same_seed_makes_the_same_year_and_another_seed_another(gazetteer):
    def made(seed):
        return make_reports(make_world(gazetteer, framework_rows(), seed, organisations=5), months=3)

    assert made(7) == made(7)
    assert made(7) != made(8)


def test_an_organisation_and_its_name_are_plainly_fictitious():
    organisations = demo_organisations()
    assert len(organisations) == 40
    assert len({o.acronym for o in organisations}) == 40
    for o in organisations:
        assert o.acronym.startswith("FIC-")
        assert "(ficti" in o.name
        assert o.organisation_type in codelist("org_type")
        assert all(area in codelist("aor") for area in o.areas)
        assert not o.partner or o.partner in {p.acronym for p in organisations}


def test_every_kind_of_mistake_is_in_the_year(year):
    kinds = Counter(m.kind for report in year for m in report.mistakes)
    assert set(kinds) == set(KINDS)


def test_the_habits_of_partners_are_in_the_year(year):
    assert any(r.nothing_to_report for r in year)
    assert any(r.correction for r in year)
    assert {r.organisation.format for r in year if r.rows} == {"template", "ancien_fr", "ancien_en"}
    on_time = [r.received_on.day <= 5 for r in year if not r.correction]
    assert 0.7 < sum(on_time) / len(on_time) < 0.95
    expected = 40 * 12
    assert len({(r.organisation.acronym, r.month) for r in year}) < expected, "some are silent some months"


def test_the_response_lies_where_the_crisis_lies(year):
    rows = Counter(row["admin1_name"] for report in year for row in report.rows)
    assert rows["Mopti"] == max(rows.values())
    calm = sum(rows[r] for r in ("Kayes", "Koulikoro", "Sikasso", "Bamako"))
    assert calm < 0.2 * rows.total()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_only_the_rows_with_a_mistake_break_a_rule(seed):
    gazetteer = load_pack("mli").gazetteer()
    gbv = codelist("aor").label("SCVBG", "fr")
    for report in make_reports(make_world(gazetteer, framework_rows(), seed, organisations=3), months=2):
        wrong = {m.row for m in report.mistakes}
        for number, row in enumerate(report.rows):
            if number in wrong:
                continue
            parts = [row[p] for p in PARTS if p in row]
            assert not parts or sum(parts) == row["reached"]
            assert row["reached"] > 0
            assert row.get("persons_with_disabilities", 0) <= row["reached"]
            assert not (row["aor"] == gbv and row.get("site")), "GBV never names a site"


@pytest.mark.parametrize("form", ["template", "ancien_fr", "ancien_en"])
def test_workbooks_are_the_same_bytes_and_say_they_are_synthetic(year, gazetteer, tmp_path, form):
    from python_calamine import CalamineWorkbook

    from danbe.commands.demo_year import indicator_lines, write_report

    report = next(r for r in year if r.organisation.format == form and r.rows)
    lines = indicator_lines(framework_rows())
    paths = [write_report(tmp_path / name / "5w.xlsx", report, gazetteer, lines) for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    book = CalamineWorkbook.from_path(str(paths[0]))
    sheet = book.get_sheet_by_name("Saisie" if form == "template" else "Données 5W")
    assert any(NOTICE in str(cell) for row in sheet.to_python()[:3] for cell in row)


@pytest.fixture
def prepared(db, data_folder):
    from danbe.commands.setup import prepare
    from danbe.register.audit import system_user

    prepare()
    return system_user()


def test_a_small_year_goes_through_the_door_and_again_adds_nothing(prepared, data_folder, gazetteer):
    from danbe.commands import demo_year
    from danbe.curate.models import Activity, Batch, Report

    demo_year.mark_synthetic(data_folder, NOTICE)
    world = make_world(gazetteer, framework_rows(), organisations=3)
    organisations = demo_year.register_organisations(prepared, world)
    done = demo_year.take_in_year(prepared, world, gazetteer, organisations, data_folder / "demo", months=2)
    assert done.surprises == []
    assert done.blocked == done.expected_blocked > 0
    assert done.accepted == Activity.objects.count()
    assert Report.objects.values("organisation", "report_month").distinct().count() == done.workbooks
    assert set(Report.objects.values_list("received_on__year", flat=True)) == {2025}
    rows, batches = Activity.objects.count(), Batch.objects.count()
    again = demo_year.take_in_year(prepared, world, gazetteer, organisations, data_folder / "demo", months=2)
    assert (again.workbooks, again.already_there) == (0, done.workbooks)
    assert (Activity.objects.count(), Batch.objects.count()) == (rows, batches)

    # Next month's template takes up the projects, without their counts.
    from danbe.curate.queries.template import template_context
    from danbe.reference.catalogue import ACTIVITIES

    context = template_context(prepared, organisations["FIC-ALPHA"], "2025-03")
    assert context.rows
    counts = {c.name for c in ACTIVITIES.columns if c.role in ("count", "amount")}
    assert not any(counts & set(row) for row in context.rows)
    assert {i.aor for i in context.indicators} <= {"CP", "SCVBG", "SCPE"}
    assert all(row["admin3_name"] and row["indicator"] for row in context.rows)


def test_made_up_rows_are_never_mixed_with_real_ones(prepared, data_folder):
    from danbe.collect.models import Upload
    from danbe.commands.demo_year import RealDataHere, mark_synthetic

    Upload.objects.create(sha256="0" * 64, filename="5w.xlsx", size=1, user=prepared)
    with pytest.raises(RealDataHere):
        mark_synthetic(data_folder, NOTICE)
    assert not (data_folder / "synthetic").exists()


def test_the_accounts_are_made_once_and_kept_for_the_owner_only(prepared, data_folder):
    from danbe.commands.demo_year import ADMINISTRATOR, PARTNER, open_accounts, register_organisations
    from danbe.register.models import User

    world = make_world(load_pack("mli").gazetteer(), framework_rows(), organisations=1)
    organisation = register_organisations(prepared, world)["FIC-BAOBAB"]
    first = open_accounts(prepared, data_folder, organisation)
    assert open_accounts(prepared, data_folder, organisation) == first
    assert (data_folder / "demo-users.txt").stat().st_mode & 0o777 == 0o600
    assert User.objects.get(username=PARTNER).check_password(first[PARTNER])
    assert User.objects.get(username=ADMINISTRATOR).role == "administrator"
    assert len(first) == 6, "two who approve what is published, a supervisor and a monitor besides"
