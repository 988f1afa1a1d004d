"""The Mali pack, the crosswalk, the outlines drawn from it, and what the geographic readers refuse."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.reference.geography import Gazetteer, Link, Unit
from danbe.reference.geography import messages as words
from danbe.reference.geography.attach import Attacher, attach_outlines, attach_settlements, draw
from danbe.reference.geography.files import Unreadable, read
from danbe.reference.geography.outlines import cells, schematic
from danbe.reference.geography.pack import UnknownPack, load_pack
from danbe.reference.words import translator


@pytest.fixture(scope="module")
def mali() -> Gazetteer:
    return load_pack("mli").gazetteer()


@pytest.fixture(scope="module")
def outlines(mali):
    return {i: shapely.from_wkb(w) for i, w in schematic(mali, load_pack("mli").country_outline()).items()}


def test_the_pack_holds_both_divisions(mali):
    count = {v: [len(mali.units(level, v)) for level in range(4)] for v in ("2015", "2021")}
    assert count == {"2021": [1, 10, 53, 701], "2015": [1, 9, 50, 701]}
    assert mali.current == "2021"
    assert mali.unit("mli2021/ML0506").name == "Mopti"
    assert mali.unit("mli2015/ML0506").name == "Douentza"
    assert {"Ségou", "Ménaka"} < {u.name for u in mali.units(1, "2021")}
    assert {"Kéniéba", "Gourma-Rharous", "Abeïbara", "Tidermène"} < {u.name for u in mali.units(2, "2021")}


def test_only_three_cercles_have_no_population(mali):
    bare = {u.name for u in mali.units(2, "2021") if u.population is None}
    assert bare == {"Andéramboukane", "Inékar", "Tidermène"}


def test_what_a_former_unit_became(mali):
    assert [(u.name, w) for u, w in mali.to_current("mli2015/ML0506")] == [("Douentza", 1.0)]
    assert {u.code: w for u, w in mali.to_current("mli2015/ML0704")} == dict.fromkeys(
        ("ML1001", "ML1002", "ML1003", "ML1004"), 0.25
    )
    assert mali.ancestors("mli2021/ML1003")[1].name == "Ménaka"
    for unit in mali.units(version="2015"):
        assert sum(w for _, w in mali.to_current(unit.id)) == pytest.approx(1, abs=1e-5), unit


def test_a_gazetteer_refuses_orphans_twins_and_upside_down_parents():
    country = Unit("c", "1", 0, "", "C")
    for units, said in (
        ([Unit("r", "1", 1, "", "R", "c")], "its parent 'c' is not"),
        ([country, country], "given twice"),
        ([Unit("a", "1", 2, "", "A", "b"), Unit("b", "1", 3, "", "B")], "not of a higher level"),
    ):
        with pytest.raises(ValueError, match=said):
            Gazetteer(units)
    with pytest.raises(ValueError, match="not in the gazetteer"):
        Gazetteer([country], [Link("c", "gone")])


def test_there_is_no_pack_for_other_countries():
    for country in ("cod", "../mli", ""):
        with pytest.raises(UnknownPack):
            load_pack(country)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_outlines_tile_the_country(mali, outlines, level):
    units = mali.units(level, "2021")
    shapes = [outlines[u.id] for u in units]
    whole = load_pack("mli").country_outline()
    assert all(s.is_valid and not s.is_empty for s in shapes)
    assert sum(s.area for s in shapes) == pytest.approx(whole.area, rel=1e-3)
    assert shapely.coverage_is_valid(shapes), "neighbours overlap, or do not share their edges"


def test_a_commune_lies_in_its_own_cell(mali, outlines):
    for unit in mali.units(3, "2021"):
        # Reference points of border communes may lie a little outside the 1:50m outline of the country.
        assert outlines[unit.id].distance(shapely.Point(unit.longitude, unit.latitude)) < 0.15, unit


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-100, 100), st.integers(-100, 100)), min_size=1, max_size=25, unique=True))
def test_cells_share_any_area_out_without_loss_or_overlap(points):
    clip = shapely.Polygon([(-12, 10), (4, 10), (5, 25), (-4, 20), (-12, 16)])
    found = cells({str(i): (x / 10, 15 + y / 10) for i, (x, y) in enumerate(points)}, clip)
    assert sum(c.area for c in found.values()) == pytest.approx(clip.area, rel=1e-3)
    assert shapely.coverage_is_valid(list(found.values()))


# Files --------------------------------------------------------------------------------------------------------------


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def geojson(tmp_path, *features, name="bornes.geojson", **more):
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **more}))
    return path


def square(x, y, size=1.0):
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_file_is_attached_by_codes_and_names_never_by_codes_alone(mali, tmp_path):
    """ML0506 drawn as Douentza is the Douentza of 2015, and its outline goes to the Douentza of today."""
    path = geojson(
        tmp_path,
        feature(square(-3, 15), admin1Name="Mopti", admin1Pcod="ML05", admin2Name="Douentza", admin2Pcod="ML0506"),
        feature(square(-5, 14), admin1Name="Mopti", admin1Pcod="ML05", admin2Name="Mopti", admin2Pcod="ML0501"),
    )
    report, drawn = attach_outlines(Attacher(mali), read(path))
    assert report.division == "2015" and report.agreement == {"2021": 0, "2015": 2}
    outlines = draw(mali, drawn)
    assert outlines["mli2021/ML0504"][0].equals(shapely.box(-3, 15, -2, 16))
    assert outlines["mli2021/ML0506"][1] == "official"


def test_a_split_unit_is_shared_among_its_heirs(mali, tmp_path):
    whole = square(0.5, 14.5, 4.5)
    path = geojson(
        tmp_path, feature(whole, adm1_name="Gao", adm1_pcode="ML07", adm2_name="Ménaka", adm2_pcode="ML0704")
    )
    _, drawn = attach_outlines(Attacher(mali), read(path))
    outlines = draw(mali, drawn)
    assert {kind for _, kind in outlines.values()} == {"schematic"} and len(outlines) == 4
    assert sum(shape.area for shape, _ in outlines.values()) == pytest.approx(4.5**2, rel=1e-3)


def test_what_is_wrong_with_rows_is_said_and_the_others_are_taken(mali, tmp_path):
    bow = {"type": "Polygon", "coordinates": [[[0, 16], [1, 17], [1, 16], [0, 17], [0, 16]]]}
    path = geojson(
        tmp_path,
        feature(bow, adm1_name="Gao", adm1_pcode="ML07", adm2_name="Bourem", adm2_pcode="ML0702"),
        feature(square(1, 15), adm1_name="Gao", adm1_pcode="ML07", adm2_name="Ansongo"),
        feature(None, adm1_name="Gao", adm1_pcode="ML07", adm2_name="Gao", adm2_pcode="ML0703"),
        feature(square(2, 15), adm1_name="Nord-Kivu", adm1_pcode="CD61", adm2_name="Rutshuru", adm2_pcode="CD6105"),
        feature({"type": "Point", "coordinates": [0, 16]}, adm1_name="Gao", adm2_name="Gao", adm2_pcode="ML0703"),
        feature(square(500000, 1600000), adm1_name="Gao", adm2_name="Gao", adm2_pcode="ML0799"),
    )
    report, drawn = attach_outlines(Attacher(mali), read(path))
    assert set(drawn) == {"mli2021/ML0702", "mli2021/ML0701"} and drawn["mli2021/ML0702"].is_valid
    assert {problem: count for problem, (count, _) in report.findings.items()} == {
        "shape_repaired": 1, "code_missing": 1, "shape_missing": 1, "orphan_parent": 1, "code_twice": 1,
        "shape_not_area": 1, "shape_not_degrees": 1,
    }  # fmt: skip
    assert "4: Nord-Kivu / Rutshuru (CD6105)" in report.findings["orphan_parent"][1]
    for problem in report.findings:
        assert words.sentence("finding", problem) and words.sentence("finding", problem, "en")


def test_settlements_go_below_their_commune(mali, tmp_path):
    path = tmp_path / "localites.csv"
    path.write_text(
        "nom;pcode;admin1Name;admin2Name;admin2Pcod;admin3Name;admin3Pcod;longitude;latitude\n"
        "Hombori-Tondo;ML050612001;Mopti;Douentza;ML0506;Hombori;ML050609;-1,70;15,28\n"
        "HOMBORI TONDO;ML050612000;Mopti;Douentza;ML0506;Hombori;ML050609;-1.701;15.281\n"
        "Ailleurs;ML050612002;Mopti;Douentza;ML0506;Hombori;ML050609;5;15\n"
        "Perdu;X1;Mopti;Douentza;ML0506;Nulle Part;ML999999;-1.7;15.2\n"
    )
    hombori = next(u for u in mali.units(3, "2021") if u.name == "Hombori")
    official = {hombori.id: shapely.box(-3, 14, -1, 16)}
    report, units = attach_settlements(Attacher(mali), read(path), official)
    assert [(u.name, u.parent_id, u.level) for u in units] == [
        ("Hombori-Tondo", hombori.id, 4), ("Ailleurs", hombori.id, 4),
    ]  # fmt: skip
    assert units[0].longitude == -1.7
    assert {k: n for k, (n, _) in report.findings.items()} == {"place_twice": 1, "point_outside": 1, "orphan_parent": 1}


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 20_000_000)
        archive.writestr("a.dbf", b"\0")


def half(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"\x00\x00\x27\x0a" + b"\0" * 200)
        archive.writestr("a.dbf", b"\x03nonsense")


def utm(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("a.dbf", b"")
        archive.writestr("a.prj", 'PROJCS["WGS_1984_UTM_Zone_30N",GEOGCS[…]]')


def no_table(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("bombe.zip", bomb, "zip_bomb"),
        ("tronque.zip", half, "shapefile_broken"),
        ("utm.zip", utm, "projection"),
        ("sans-table.zip", no_table, "zip_no_table"),
        ("faux.zip", b"PK\x03\x04 not a zip", "zip_broken"),
        ("monde.topojson", b'{"type": "Topology", "arcs": []}', "topojson"),
        ("coupe.geojson", b'{"type": "FeatureCollection", "feat', "json_broken"),
        ("liste.json", b"[1, 2]", "not_geojson"),
        ("vide.geojson", b'{"type": "FeatureCollection", "features": []}', "empty"),
        ("autre.geojson", b'{"type": "FeatureCollection", "features": [{"properties": {"a": 1}}]}', "no_admin_columns"),
        ("passage.csv", b"adm2_pcode_2015,adm2_pcode_2021\nML0501,ML0506\n", "crosswalk"),
        ("codes.csv", b"Name,P-Code\nMopti,ML05\n", "no_points"),
        ("points.csv", b"name,lon,lat\nMopti,-4,14\n", "points_without_commune"),
        ("carte.pdf", b"%PDF-1.7", "file_unknown"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_words(tmp_path, name, content, problem):
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read(path)
    assert refused.value.problem == problem
    for language in ("fr", "en"):
        assert "%(" not in words.sentence("file", problem, language, refused.value.values)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="file_missing"):
        read(tmp_path / "nulle-part.zip")


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_inside_a_shapefile_end_in_a_traceback(content):
    import tempfile
    from pathlib import Path

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.shp", content)
        archive.writestr("a.dbf", content[::-1])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(packed.getvalue())
        with pytest.raises(Unreadable):
            read(path)


def test_every_message_is_translated():
    english = translator("en")
    for table in (words.REASONS, words.PROBLEMS, words.FILE_PROBLEMS, words.FINDINGS):
        for french in table.values():
            assert english(french) != french, f"no English for «{french}» in locale/en/geography.po"
