"""Places in the register: the pack loaded, aliases remembered, unverified places, official files."""

from __future__ import annotations

import json

import pytest
import shapely

from danbe.reference.geography import PlaceMatcher
from danbe.register.actions import geography as actions
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Organisation, Place, PlaceAlias, Role, User
from danbe.register.queries.geography import counts, gazetteer, matcher, outlines

pytestmark = pytest.mark.django_db


@pytest.fixture
def mali(administrator):
    actions.load_pack(administrator, "mli")
    return administrator


def test_the_pack_loads_once_and_again_changes_nothing(administrator):
    first = actions.load_pack(administrator, "mli")
    assert (first.added, first.outlines) == (1526, 765)
    again = actions.load_pack(administrator, "mli")
    assert (again.added, again.changed, again.outlines) == (0, 0, 0)
    assert counts()["places"] == {"2015": {0: 1, 1: 9, 2: 50, 3: 701}, "2021": {0: 1, 1: 10, 2: 53, 3: 701}}
    held = outlines((1, 2))
    assert len(held) == 63 and {kind for _, kind in held.values()} == {"schematic"}
    assert shapely.from_wkb(held["mli2021/ML0506"][0]).is_valid


def test_a_changed_fact_is_brought_back(mali):
    Place.objects.filter(place_id="mli2021/ML0406").update(name="Segou", population=1)
    assert actions.load_pack(mali, "mli").changed == 1
    place = Place.objects.get(place_id="mli2021/ML0406")
    assert (place.name, place.population) == ("Ségou", 1_039_588)


def test_the_register_gives_back_the_pack(mali):
    from danbe.reference.geography.pack import load_pack

    pack = load_pack("mli")
    held = gazetteer()
    assert {u.id: u for u in held.units()} == {u.id: u for u in pack.units}
    assert set(held.links) == set(pack.links) and held.current == "2021"


def test_the_gazetteer_is_kept_until_places_change(mali):
    kept = gazetteer()
    assert gazetteer() is kept and matcher() is matcher()
    actions.remember_alias(mali, 2, "Gao", "Ménaka-Est", "", "mli2021/ML1002")
    assert gazetteer() is not kept


def test_an_alias_is_asked_once_and_forgotten_on_demand(mali):
    asked = {1: "Mopti", 2: "Zone de Korientzé"}
    assert not matcher().match(asked).is_complete
    alias = actions.remember_alias(mali, 2, "MOPTI", "zone de  Korientze", "", "mli2021/ML0506")
    known = matcher().match(asked)
    assert known.unit.id == "mli2021/ML0506" and known.reason == "alias" and known.is_certain
    assert not matcher().match({1: "Gao", 2: "Zone de Korientzé"}).is_complete, "only below the parent it was said of"
    actions.remember_alias(mali, 2, "Mopti", "Zone de Korientzé", "", "mli2021/ML0504")
    assert matcher().match(asked).unit.id == "mli2021/ML0504"
    actions.forget_alias(mali, alias)
    assert not matcher().match(asked).is_complete
    with pytest.raises(ValueError, match="not a name"):
        actions.remember_alias(mali, 2, "Mopti", "N/A", "", "mli2021/ML0504")


def test_unverified_places_keep_their_chain_and_are_found_next_time(mali):
    asked = {1: "North-West", 2: "Mezam", 3: "Bamenda I"}
    assert matcher().match(asked).unit is None
    made = actions.register_unverified(mali, [asked, {1: "North-West", 2: "Mezam", 3: "Tubah"}, {1: "South-West"}])
    assert [p.place_id for p in made] == ["x/north-west-mezam-bamenda-i", "x/north-west-mezam-tubah", "x/south-west"]
    assert [p.place_id for p in (made[0].parent, made[0].parent.parent)] == ["x/north-west-mezam", "x/north-west"]
    assert not made[0].verified and made[0].version == "unverified"
    match = matcher().match(asked, {2: "CM0703"})
    assert match.unit.id == made[0].place_id and match.is_certain
    before = Place.objects.count()
    assert actions.register_unverified(mali, [asked])[0] == made[0] and Place.objects.count() == before
    assert gazetteer().current == "2021"


def test_an_unknown_commune_is_registered_below_the_known_cercle(mali):
    [place] = actions.register_unverified(mali, [{1: "Gao", 2: "Bourem", 3: "Almoustarat Nord"}])
    assert place.parent.place_id == "mli2021/ML0702"
    match = matcher().match({1: "Gao", 2: "Bourem", 3: "Almoustarat Nord"})
    assert match.unit.id == place.place_id and gazetteer().ancestors(place.place_id)[1].name == "Gao"


def test_loading_official_outlines_and_settlements(mali, tmp_path):
    ring = [[-3, 15], [-2, 15], [-2, 16], [-3, 16], [-3, 15]]
    cercle = {
        "type": "Feature",
        "properties": {"admin1Name": "Mopti", "admin1Pcod": "ML05", "admin2Name": "Douentza", "admin2Pcod": "ML0506"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (tmp_path / "adm2.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [cercle]}))
    (tmp_path / "villages.csv").write_text(
        "nom,pcode,admin1Name,admin2Name,admin3Name,admin3Pcod,longitude,latitude\n"
        "Daari,ML050609007,Mopti,Douentza,Hombori,ML050609,-1.7,15.3\n"
    )
    (tmp_path / "monde.topojson").write_text('{"type": "Topology"}')
    report = actions.load_files(mali, [tmp_path / n for n in ("villages.csv", "monde.topojson", "adm2.geojson")])
    assert [f.refused for f in report.files] == ["", "topojson", ""]
    assert report.outlines == {2: {"official": 1}} and report.settlements == 1
    drawn, kind = outlines((2,))["mli2021/ML0504"]
    assert kind == "official" and shapely.from_wkb(drawn).equals(shapely.box(-3, 15, -2, 16))
    assert outlines((2,))["mli2021/ML0506"][1] == "schematic", "the code's other cercle keeps its own"
    found = matcher().match({1: "Mopti", 2: "Douentza", 3: "Hombori"}, site="DAARI")
    assert found.unit.level == 4 and found.unit.name == "Daari"
    assert actions.load_files(mali, [tmp_path / "villages.csv"]).settlements == 0
    actions.load_pack(mali, "mli")
    assert outlines((2,))["mli2021/ML0504"][1] == "official", "setup run again keeps what was loaded"


def test_every_write_is_logged_and_partners_may_not(mali):
    assert ActionLog.objects.filter(verb="places.load_pack").count() == 1
    ngo = Organisation.objects.create(code="onga", name="ONG A", search_key="ong a")
    partner = User.objects.create_user("partenaire", role=Role.PARTNER, organisation=ngo)
    for write, arguments in (
        (actions.load_pack, ("mli",)),
        (actions.load_files, ([],)),
        (actions.remember_alias, (2, "", "x", "", "mli2021/ML0506")),
        (actions.forget_alias, (1,)),
        (actions.register_unverified, ([{1: "X Y"}],)),
    ):
        with pytest.raises(NotAllowed):
            write(partner, *arguments)
    assert not PlaceAlias.objects.filter(key="x").exists()


@pytest.mark.real
def test_all_the_real_files(mali, real_data):
    folder = real_data / "geography"
    files = [*sorted((folder / "mli").iterdir()), folder / "naturalearth_world-atlas_countries-50m.topojson"]
    report = actions.load_files(mali, files)
    assert {f.name: f.refused for f in report.files if f.refused} == {
        "gazetteer_points.csv": "points_without_commune",
        "mli_crosswalk_codab2015_to_2021_adm2.csv": "crosswalk",
        "mli_crosswalk_codab2015_to_2021_adm3.csv": "crosswalk",
        "mli_pcodes_adm1_adm2_hdx_global_20211220.csv": "no_points",
        "population_cadre_harmonise_adm2_2018_2024.csv": "no_points",
        "naturalearth_world-atlas_countries-50m.topojson": "topojson",
    }
    divisions = {f.name: (f.division, f.attached) for f in report.files if f.kind == "outlines"}
    assert divisions["mli_admbnda_adm2_gov_ocha_itos.zip"] == ("2015", 50)
    assert divisions["mli_adm2_derived.geojson"] == ("2021", 53)
    assert report.outlines == {0: {"official": 1}, 1: {"official": 10}, 2: {"official": 53}, 3: {"official": 701}}
    assert report.settlements > 18_000
    held = {i: shapely.from_wkb(w) for i, (w, _) in outlines((0, 2)).items()}
    whole = held.pop("mli2021/ML")
    assert sum(s.area for s in held.values()) == pytest.approx(whole.area, rel=1e-3)
    assert isinstance(matcher(), PlaceMatcher)
