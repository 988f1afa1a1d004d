"""Tables of people in need and targets: good rows enter, each bad row is told with its cell and what to do."""

from __future__ import annotations

import pytest

from danbe.curate.actions.needs import load_needs, load_targets
from danbe.curate.models import PeopleInNeed, Target
from danbe.curate.needs import TableRefused, check_rows
from danbe.packs.mli.demo import need_rows, target_rows
from danbe.reference.catalogue import PEOPLE_IN_NEED
from danbe.reference.geography import PlaceMatcher
from danbe.reference.geography.pack import load_pack
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Organisation, Place, Role, User

GOOD = {
    "year": 2025, "aor": "SCPE", "admin1_name": "Mopti", "admin1_code": "ML05", "admin2_name": "Bankass",
    "admin2_code": "ML0502", "population_status": "PDI", "people_in_need": 1200,
}  # fmt: skip


@pytest.fixture(scope="module")
def matcher() -> PlaceMatcher:
    return PlaceMatcher(load_pack("mli").gazetteer())


def check(matcher, *rows):
    return check_rows(enumerate(rows, start=2), PEOPLE_IN_NEED, matcher)


def test_a_good_row_becomes_a_cell_of_the_current_division(matcher):
    cells, problems = check(matcher, GOOD)
    assert problems == []
    assert (cells[0].place_id, cells[0].value, cells[0].aor) == ("mli2021/ML0502", 1200, "SCPE")


def test_labels_accents_and_french_numbers_are_read(matcher):
    row = {**GOOD, "aor": "Protection de l’enfance", "population_status": "Communauté hôte", "people_in_need": "1 200",
           "admin1_name": "TOMBOUCTOU", "admin1_code": "", "admin2_name": "niafunke", "admin2_code": ""}  # fmt: skip
    cells, problems = check(matcher, row)
    assert problems == []
    assert (cells[0].population_status, cells[0].value) == ("HOTE", 1200)
    assert cells[0].place_id == "mli2021/ML0604"


@pytest.mark.parametrize(
    ("change", "column", "remedy"),
    [
        ({"people_in_need": -4}, "Personnes dans le besoin", "négatif"),
        ({"people_in_need": 12.5}, "Personnes dans le besoin", "entier"),
        ({"people_in_need": "beaucoup"}, "Personnes dans le besoin", "nombre"),
        ({"people_in_need": None}, "Personnes dans le besoin", "0 si c’est zéro"),
        ({"year": 25}, "Année", "par exemple 2025"),
        ({"aor": "Divers"}, "Domaine de responsabilité", "Valeurs possibles : CP, SCVBG"),
        ({"aor": "HORS"}, "Domaine de responsabilité", "Hors du cluster"),
        ({"population_status": ""}, "Statut de population", "choisissez"),
        ({"admin2_name": "Xyzzyville", "admin2_code": ""}, "Cercle", "introuvable"),
        ({"admin1_name": "", "admin2_name": ""}, "Lieu", "P-code seul"),
    ],
)
def test_a_bad_row_is_kept_out_and_told(matcher, change, column, remedy):
    cells, problems = check(matcher, GOOD, {**GOOD, "population_status": "HOTE", **change})
    assert len(cells) == 1, "the good row entered"
    assert (problems[0].row, problems[0].column) == (3, column)
    assert remedy in problems[0].fr
    assert problems[0].en != problems[0].fr, "told in English too"


def test_a_cell_given_twice_names_the_first_row(matcher):
    cells, problems = check(matcher, GOOD, {**GOOD, "people_in_need": 5})
    assert [c.value for c in cells] == [1200]
    assert "ligne 2" in problems[0].fr


def test_the_synthetic_needs_hold_what_the_rules_of_the_cluster_ask(matcher):
    gazetteer = matcher.gazetteer
    cells, problems = check(matcher, *need_rows(gazetteer))
    assert problems == []
    by = {(c.place_id, c.population_status, c.aor): c.value for c in cells}
    for (place, group, aor), value in by.items():
        assert value <= by[place, group, "CP"], f"{aor} above the general figure of {place} {group}"
    total = sum(v for (_, _, aor), v in by.items() if aor == "CP")
    assert 3_000_000 < total < 4_500_000
    need = {(r["admin2_code"], r["aor"], r["population_status"]): r["people_in_need"] for r in need_rows(gazetteer)}
    for row in target_rows(gazetteer):
        assert row["target"] <= need[row["admin2_code"], row["aor"], row["population_status"]]


@pytest.fixture
def mali(db, administrator):
    Place.objects.bulk_create(
        Place(place_id=u.id, version=u.version, level=u.level, code=u.code, name=u.name, search_key=u.name.lower())
        for u in load_pack("mli").gazetteer().units(version="2021")
        if u.level < 3
    )
    ids = {p.place_id: p for p in Place.objects.all()}
    for unit in load_pack("mli").gazetteer().units(version="2021"):
        if unit.level in (1, 2) and unit.parent_id:
            ids[unit.id].parent = ids[unit.parent_id]
    Place.objects.bulk_update(ids.values(), ["parent"])
    return administrator


def test_loading_again_changes_only_what_changed(mali):
    first = load_needs(mali, [GOOD, {**GOOD, "aor": "CP"}])
    assert (first.added, first.changed, first.unchanged) == (2, 0, 0)
    again = load_needs(mali, [{**GOOD, "people_in_need": 1300}, {**GOOD, "aor": "CP"}])
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    assert PeopleInNeed.objects.get(aor="SCPE").people_in_need == 1300
    assert ActionLog.objects.filter(verb="needs.load").last().details["changed"] == 1


def test_a_file_is_read_by_its_french_headers_and_the_rest_of_it_loaded(mali, tmp_path):
    path = tmp_path / "cibles.csv"
    path.write_text(
        "Année,Domaine de responsabilité,Région,P-code région,Cercle,P-code cercle,Statut de population,Cible\n"
        "2025,CP,Mopti,ML05,Bankass,ML0502,PDI,900\n"
        "2025,CP,Mopti,ML05,Bankass,ML0502,HOTE,moins de mille\n"
        "2025,CP,Gao,ML07,Ansongo,ML0701,PDI,450\n",
        "utf-8",
    )
    done = load_targets(mali, path)
    assert (done.added, len(done.problems)) == (2, 1)
    assert (done.problems[0].row, done.problems[0].value) == (3, "moins de mille")
    assert Target.objects.get(place__code="ML0701").source == "cibles.csv"


def test_a_file_without_the_column_of_figures_is_refused_by_name(mali, tmp_path):
    path = tmp_path / "cibles.csv"
    path.write_text(
        "Année,Domaine de responsabilité,Région,Cercle,Statut de population,Remarque\n2025,CP,Mopti,Bankass,PDI,x\n",
        "utf-8",
    )
    with pytest.raises(TableRefused, match="Cible"):
        load_targets(mali, path)


def test_a_partner_may_not_load_needs(mali):
    organisation = Organisation.objects.create(code="a", name="A (fictive)", search_key="a fictive")
    partner = User.objects.create_user("p@exemple.org", role=Role.PARTNER, organisation=organisation)
    with pytest.raises(NotAllowed):
        load_needs(partner, [GOOD])
