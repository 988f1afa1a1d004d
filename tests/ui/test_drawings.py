"""Charts and maps: said in words, in the language, light, the same twice, never a missing value drawn as zero."""

from __future__ import annotations

import gzip
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.reference.geography.outlines import schematic
from danbe.reference.geography.pack import load_pack
from danbe.ui import PROTECTED, charts, maps
from danbe.ui.charts.svg import text_width, ticks, wrap
from danbe.ui.maps.breaks import class_of
from danbe.ui.maps.choropleth import class_labels
from tests.ui import world

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("monthly", "bullets", "bars", "pyramid", "sparkline", "map")


@pytest.mark.parametrize("kind", KINDS)
def test_each_drawing_is_an_image_with_title_and_description_and_no_style_attribute(kind):
    svg = world.drawings()[kind]
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    named = {e.get("id"): e.text for e in root.iter() if e.tag in (SVG + "title", SVG + "desc") and e.get("id")}
    assert all(named[i] for i in root.get("aria-labelledby").split())
    assert " style=" not in svg and "<style" not in svg and "<script" not in svg
    assert len(re.findall(r' id="([^"]+)"', svg)) == len(set(re.findall(r' id="([^"]+)"', svg)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_light_and_the_same_twice(kind):
    one, two = world.drawings()[kind], world.drawings()[kind]
    assert one == two
    assert len(gzip.compress(one.encode())) < 8_000


@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_inside_the_drawing_and_large_enough_to_read(kind):
    root = ElementTree.fromstring(world.drawings(width=320)[kind])
    width = float(root.get("viewBox").split()[2])
    for text in root.iter(SVG + "text"):
        size = float(text.get("font-size") or root.get("font-size"))
        assert size >= 11
        if text.get("transform"):
            continue
        long, x = text_width(text.text, size, text.get("font-weight") == "700"), float(text.get("x"))
        start = {"end": x - long, "middle": x - long / 2}.get(text.get("text-anchor"), x)
        assert start >= -3 and start + long <= width + 3, text.text


def test_two_drawings_on_one_page_share_no_id():
    ids = [i for svg in world.drawings().values() for i in re.findall(r' id="([^"]+)"', svg)]
    assert len(ids) == len(set(ids))


def test_missing_and_withheld_are_words_not_bars():
    french, english = world.drawings("fr"), world.drawings("en")
    for kind in ("monthly", "bars", "bullets", "map"):
        assert "n.d." in french[kind] and "protégé" in french[kind], kind
        assert "n/a" in english[kind] and "withheld" in english[kind], kind
    svg = charts.bars([{"label": "a", "value": PROTECTED}, {"label": "b", "value": None}], "t")
    assert "<rect" not in svg
    assert "<rect" in charts.bars([{"label": "a", "value": 0}], "t")


def test_a_withheld_reach_hides_its_bounds():
    row = {"label": "x", "people_in_need": 10, "target": 8, "reached": 4, "reached_lower": 3, "reached_upper": 5}
    assert charts.bullets([row], "t").count('stroke-width="1.3"') == 2  # the bracket, and its legend
    assert charts.bullets([{**row, "reached": PROTECTED}], "t").count('stroke-width="1.3"') <= 1


def test_numbers_are_written_in_the_language():
    assert "12\u00a0345" in world.drawings("fr")["bars"]
    assert "12,345" in world.drawings("en")["bars"]
    assert "Limites schématiques" in world.drawings("fr")["map"]
    assert "Schematic limits" in world.drawings("en")["map"]


def test_official_outlines_bear_no_schematic_line():
    cells = world.shapes(2)
    svg = maps.choropleth(cells, {}, {}, [], title="t", outline_kind="official")
    assert "schématiques" not in svg


def test_labels_are_escaped():
    assert "Cercle &lt;p00&gt; &amp; Cie" in world.drawings()["map"]


def test_the_map_of_the_mali_pack_is_light_and_complete():
    pack = load_pack("mli")
    outlines = schematic(pack.gazetteer(), pack.country_outline())
    cercles = {u.id: u.name for u in pack.units if u.level == 2 and u.id in outlines}
    regions = {u.id: u.name for u in pack.units if u.level == 1 and u.id in outlines}
    values = {c: float(i % 14) for i, c in enumerate(cercles)}
    svg = maps.choropleth({c: outlines[c] for c in cercles}, values, cercles, maps.class_breaks(values.values()), title="t",
                          outlines={r: outlines[r] for r in regions}, outline_labels=regions)  # fmt: skip
    assert len(cercles) == 53
    assert all(name.replace("'", "&#x27;") in svg or name in svg for name in cercles.values())
    assert len(gzip.compress(svg.encode())) < 15_000


@given(st.lists(st.one_of(st.none(), st.integers(0, 100_000)), max_size=80), st.integers(2, 7))
def test_class_breaks_ascend_and_no_class_is_out_of_reach(values, n):
    breaks = maps.class_breaks(values, n)
    known = [v for v in values if v]
    assert len(breaks) < n
    assert breaks == sorted(set(breaks))
    assert all(b == int(b) for b in breaks)
    if known and breaks:
        assert class_of(min(known), breaks) == 0
        assert class_of(max(known), breaks) == len(breaks)


@given(
    st.lists(st.integers(1, 5_000), min_size=1, max_size=60),
    st.integers(2, 7),
    st.data(),
    st.sampled_from(["fr", "en"]),
)
def test_every_class_of_a_region_s_legend_is_told_once_and_holds_its_values(country, n, data, language):
    """A region is drawn in the classes of the country, whatever few values it has."""
    breaks = maps.class_breaks(country, n)
    region = data.draw(st.lists(st.sampled_from(country), min_size=1))
    labels = class_labels(breaks, region, language)
    assert len(labels) == len(breaks) + 1
    assert len(set(labels)) == len(labels), labels
    for value in region:
        numbers = [int(re.sub(r"[^0-9]", "", part)) for part in labels[class_of(value, breaks)].split("–")]
        assert numbers[0] <= value
        assert value <= numbers[-1]


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=60), st.integers(2, 7), st.data())
def test_classes_of_shares_are_told_apart_too(country, n, data):
    region = data.draw(st.lists(st.sampled_from(country), min_size=1))
    labels = class_labels(maps.class_breaks(country, n), region, "fr", decimals=1)
    assert len(set(labels)) == len(labels), labels


def test_the_legend_of_a_region_without_small_values():
    assert class_labels([2, 3, 5], [2, 2, 4], "fr") == ["1", "2", "3 – 4", "5 et plus"]
    assert class_labels([2, 3, 5], [1, 9], "en") == ["1", "2", "3 – 4", "5 – 9"]


def test_class_breaks_of_few_distinct_counts_are_those_counts():
    assert maps.class_breaks([1, 1, 2, 3, 3]) == [2, 3]
    assert maps.class_breaks([]) == []


@given(st.floats(0, 1e9, allow_nan=False))
def test_axis_marks_reach_the_top(top):
    marks = ticks(top)
    assert marks[0] == 0 and marks[-1] >= top * 0.999 and len(marks) <= 8


@given(st.text("abcdé ", max_size=200), st.integers(40, 300))
def test_wrapped_lines_fit(text, width):
    assert all(text_width(line, 12) <= width for line in wrap(text, width, 12, 2))


def test_a_drawing_becomes_a_png():
    assert charts.png(world.drawings()["bars"]).startswith(b"\x89PNG")
