"""Where things may be said to be: a level for each dataset, no points but of reviewed services, none of safe places."""

import pyarrow as pa
import pytest

from danbe.protect.places import RULES, check_places
from danbe.reference.catalogue import DATASETS
from danbe.reference.personal import country_box, find_coordinates

LEVELS = {"ML": 0, "ML05": 1, "ML0501": 2, "ML050101": 3}


def rules(decision):
    return sorted({r.rule for rs in decision.refused.values() for r in rs} | {r.rule for r in decision.reasons})


def test_incidents_are_public_down_to_the_cercle():
    rows = [{"cercle": "ML0501", "commune": None, "n": 12}, {"cercle": "ML0501", "commune": "ML050101", "n": 7}]
    decision = check_places("incidents", pa.Table.from_pylist(rows), LEVELS)
    assert [r["n"] for r in decision.allowed] == [12]
    assert rules(decision) == ["places.too_fine"]
    assert "level 3" in decision.refused[1][0].text("en")
    assert not check_places("incidents", [{"cercle": "ML050101"}], LEVELS).clean, "a commune in the column of cercles"


@pytest.mark.parametrize(
    ("dataset", "place", "fine"),
    [
        ("aor_aggregates", "ML05", True),
        ("aor_aggregates", "ML0501", False),
        ("movements", "ML0501", True),
        ("movements", "ML050101", False),
        ("mechanisms", "ML050101", True),
        ("places", "ML0501", True),
    ],
)
def test_each_dataset_has_its_finest_level(dataset, place, fine):
    assert check_places(dataset, [{"place": place}], LEVELS).clean is fine


def test_a_plan_can_be_stricter_never_looser():
    assert not check_places("incidents", [{"place": "ML0501"}], LEVELS, {"incidents": 1}).clean
    assert not check_places("incidents", [{"place": "ML050101"}], LEVELS, {"incidents": 4}).clean


def test_origin_and_destination_are_places_too():
    row = {"origin_cercle": "ML0501", "destination": "ML050101"}
    assert rules(check_places("movements", [row], LEVELS)) == ["places.too_fine"]


def test_an_unknown_place_or_dataset_lets_nothing_out():
    assert rules(check_places("incidents", [{"place": "Mopti quelque part"}], LEVELS)) == ["places.unknown_place"]
    assert rules(check_places("carnet", [{"place": "ML"}], LEVELS)) == ["places.unknown_dataset"]


@pytest.mark.parametrize("column", ["latitude", "gps_lon", "geom", "Point", "incident_wkb", "x", "coordonnees"])
def test_no_geometry_of_an_incident(column):
    decision = check_places("incidents", [{"place": "ML05", column: 14.5}], LEVELS)
    assert not decision.allowed and rules(decision) == ["places.geometry"]


@pytest.mark.parametrize("value", [b"\x01\x01", "POINT (-4.18 14.48)", '{"type":"Point","coordinates":[-4.18,14.48]}'])
def test_geometry_is_known_by_what_it_holds(value):
    assert rules(check_places("incidents", [{"note": value}], LEVELS)) == ["places.geometry"]


def test_coordinates_under_another_name_are_found():
    rows = [{"a": 14.4843 + i / 1000, "b": -4.1821 + i / 1000, "n": i} for i in range(5)]
    assert rules(check_places("victims", rows, LEVELS)) == ["places.geometry"]
    text = [{"a": "14,48437", "b": "-4,18214"}]
    assert rules(check_places("victims", text, LEVELS)) == ["places.geometry"]
    assert rules(check_places("victims", [{"remark": "près de 14.4843, -4.1821"}], LEVELS)) == ["places.coordinates"]


def test_rates_are_not_coordinates():
    rows = [{"period": "2025-03", "level": "1", "place": "ML05", "coverage": 0.83333, "reached": 12}] * 3
    assert check_places("need_target_reached", rows, LEVELS).clean


def service(**more):
    return {
        "name": "Centre de santé",
        "place": "ML050101",
        "category": "SAN",
        "latitude": 14.48,
        "longitude": -4.18,
    } | more


def test_services_show_coordinates_once_reviewed_one_by_one():
    decision = check_places("services", [service(reviewed=True), service(reviewed=False), service()], LEVELS)
    assert len(decision.allowed) == 1 and rules(decision) == ["places.not_reviewed"]
    assert check_places("services", [service(latitude=None, longitude=None)], LEVELS).clean


@pytest.mark.parametrize("category", ["SEC", "FEM", ["SAN", "ALT"], "PSS FEM"])
def test_safe_places_have_no_coordinates_ever(category):
    decision = check_places("services", [service(reviewed=True, category=category, place="ML0501")], LEVELS)
    assert not decision.allowed and rules(decision) == ["places.safe_house"]
    bare = service(category=category, latitude=None, longitude=None)
    assert rules(check_places("services", [bare], LEVELS)) == ["places.too_fine"], "nor a commune"
    assert check_places("services", [bare | {"place": "ML0501"}], LEVELS).clean


def test_every_dataset_with_a_place_has_a_rule():
    """A new dataset of the catalogue that is located somewhere must say how finely it may be shown."""
    places = {"place", "region", "cercle", "commune", "origin", "destination"}
    assert {name for name, d in DATASETS.items() if places & set(d.by_name)} <= set(RULES)


@pytest.mark.parametrize(
    "text",
    [
        "14.4843, -4.1821",
        "14,4843 ; -4,1821",
        "-4.1821 14.4843",
        "lat 14.48 lon -4.18",
        "14.48 N, 4.18 W",
        "14°29'03\"N 4°10'56\"W",
        "14° 29′ nord",
        "14.4843°N",
        "8C22F5HX+2Q",
        "FRV9+3X Mopti",
        "30PWV 12345 67890",
        "30P 512345 1603456",
        "https://maps.app.goo.gl/abc123",
        "https://www.openstreetmap.org/#map=15/14.48/-4.18",
        "geo:14.48,-4.18",
        "///mot.autre.encore",
    ],
)
def test_coordinates_in_every_dress(text):
    assert list(find_coordinates(f"Point : {text} .", country_box()))


@pytest.mark.parametrize(
    "text",
    [
        "12,5 et 13,5 %",
        "de 10.250 à 12.300 FCFA",
        "45.1234, 12.5678",
        "version 1.2.3",
        "2025-03-14",
        "il fait 40 °C",
        "6+1",
    ],
)
def test_other_numbers_are_not_coordinates(text):
    assert not list(find_coordinates(text, country_box()))
