"""The public site and its open data: whole, light, in both languages, the same bytes for the same release."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from danbe.publish.release import Release
from danbe.publish.site.build import SiteError, build_site, publish_site
from danbe.publish.site.check import problems, read
from danbe.reference.words import english
from tests.publish.world import make_release

TEXTS = Path(__file__).parent.parent.parent / "src" / "danbe" / "packs" / "mli" / "texts"
FIRST_LOAD = 100_000


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), texts=TEXTS)


@pytest.fixture(scope="module")
def site(release, tmp_path_factory) -> Path:
    return build_site(
        release, tmp_path_factory.mktemp("site") / "out", base_url="https://example.org/x/", search=False
    ).folder


def pages(site: Path) -> list[Path]:
    return sorted(site.glob("*/**/*.html"))


def test_the_site_is_well_formed_and_no_link_is_dead(site):
    assert problems(site) == []
    assert len(pages(site)) == 2 * (11 + 10)


def test_a_dead_link_or_a_foreign_script_would_be_told(site, tmp_path):
    (tmp_path / "a.html").write_text('<p><a href="b.html">b</a><script src="https://cdn.example/x.js"></script></p>')
    assert len(problems(tmp_path)) == 2


def test_each_page_weighs_at_most_100_kb_on_first_load(site):
    for page in pages(site):
        files = {page}
        for tag, _name, address in read(page).links:
            if tag in ("link", "script", "img") and not address.endswith(".html"):
                files.add((page.parent / address).resolve())
        weight = sum(len(gzip.compress(f.read_bytes())) for f in files)
        assert weight <= FIRST_LOAD, f"{page.name}: {weight} bytes"


def test_every_page_says_what_it_stands_on(site, release):
    manifest = json.loads((release / "manifest.json").read_text())
    for page in pages(site):
        text = page.read_text()
        assert manifest["release_id"] in text and manifest["snapshot_id"] in text
        assert ("Données fictives" if "/fr/" in page.as_posix() else "Fictitious data") in text
        assert "Content-Security-Policy" in text


def test_maps_from_schematic_outlines_say_so(site):
    for page, words in (("fr/5w.html", "imites schématiques"), ("en/5w.html", "chematic")):
        assert words in (site / page).read_text()


def test_english_pages_hold_no_french_of_ours(site):
    french = [m for m in english()._catalog if isinstance(m, str) and len(m) > 24 and english().gettext(m) != m]
    assert len(french) > 100
    for page in sorted((site / "en").rglob("*.html")):
        text = page.read_text()
        assert [m for m in french if m in text] == []


def test_every_message_of_the_room_has_its_english():
    from babel.messages.extract import extract

    import danbe.publish as room

    root = Path(room.__file__).parent
    missing = []
    for path in [*root.glob("site/**/*.html"), *root.glob("site/*.py"), *root.glob("data/*.py"), *root.glob("*.py")]:
        method = "jinja2.ext:babel_extract" if path.suffix == ".html" else "python"
        with path.open("rb") as file:
            for _line, message, _c, _x in extract(method, file, options={"newstyle_gettext": "true"}):
                one = message if isinstance(message, str) else message[0]
                known = english()._catalog
                if one not in known and (one, 0) not in known:
                    missing.append((path.name, one))
    assert missing == []


def test_the_same_release_gives_the_same_site(site, release, tmp_path):
    again = build_site(release, tmp_path / "again", base_url="https://example.org/x/", search=False).folder

    def digest(folder: Path) -> dict[str, str]:
        return {
            p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in folder.rglob("*")
            if p.is_file()
        }

    assert digest(site) == digest(again)


def test_no_withheld_number_is_anywhere_on_the_site(release, site):
    """A page shows what the release holds: cells the gate emptied read «protégé», never a number."""
    import pyarrow.parquet as pq

    assert any(pq.read_table(release / "tables" / "need_target_reached.parquet").column("withheld").to_pylist())
    gbv = [
        line
        for line in (site / "data" / "need_target_reached.csv").read_text().splitlines()
        if ",2,2021:" in line and ",SCVBG," in line
    ]
    assert gbv and all("reached" in line.split(",")[-1] for line in gbv)
    assert "protégé" in (site / "fr" / "regions" / "gao.html").read_text()


def test_the_swap_keeps_the_previous_site_and_a_broken_one_is_not_published(release, tmp_path, monkeypatch):
    first = publish_site(release, tmp_path / "site", search=False)
    assert (tmp_path / "site" / "current").resolve() == first.folder.resolve()
    monkeypatch.setattr("danbe.publish.site.build.problems", lambda _: ["fr/index.html: dead link"])
    other = make_release(tmp_path / "other", cluster={"fr": "Groupe Protection", "en": "Protection Group"})
    with pytest.raises(SiteError):
        publish_site(other, tmp_path / "site", search=False)
    assert (tmp_path / "site" / "current").resolve() == first.folder.resolve()
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == sorted([first.folder.name, "current"])


def test_libhxl_reads_every_csv(site):
    import hxl

    for path in sorted((site / "data").glob("*.csv")):
        with hxl.data(str(path), hxl.InputOptions(allow_local=True)) as source:
            assert all(c.tag for c in source.columns), path.name
            assert sum(1 for _ in source) >= 1, path.name


def test_the_data_package_describes_the_files_as_they_are(site):
    package = json.loads((site / "data" / "datapackage.json").read_text())
    for resource in package["resources"]:
        path = site / "data" / resource["path"]
        assert resource["hash"] == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        assert [f["name"] for f in resource["schema"]["fields"]] == path.read_text().splitlines()[0].split(",")


def test_the_workbook_says_protected_and_runs_no_formula(site):
    import openpyxl

    book = openpyxl.load_workbook(site / "data" / "danbe-5w.xlsx")
    assert book.sheetnames[0] == "Lisez-moi"
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert any(c.value == "protégé" for c in cells) and not any(c.data_type == "f" for c in cells)


def test_a_rebuild_after_one_changed_figure_rewrites_only_the_pages_that_show_it(release, tmp_path):
    """The unchanged pages are the very files that stood; they say since which release they stand."""
    from tests.publish.world import figure_rows

    root = tmp_path / "site"
    first = publish_site(release, root, search=False)
    tables = figure_rows()
    tables["completeness"][2]["received"] = 4
    second = publish_site(make_release(tmp_path / "next", texts=TEXTS, tables=tables), root, search=False)
    pages = {n for n in second.changed if n.endswith(".html") and "/" in n}
    current = {f"{lang}/{n}.html" for lang, names in CURRENT.items() for n in names}
    assert pages == current | {"fr/5w.html", "en/5w.html"}
    kept = "fr/regions/gao.html"
    assert (second.folder / kept).stat().st_ino == (first.folder / kept).stat().st_ino
    assert Release(release).id in (second.folder / kept).read_text()


CURRENT = {"fr": ("index", "chiffres-cles", "donnees"), "en": ("index", "key-figures", "data")}
"""The pages that state the edition in force, and so change with each."""


def test_each_language_has_its_feed_and_each_section_its_card(site, release):
    from xml.etree import ElementTree

    for language in ("fr", "en"):
        feed = ElementTree.fromstring((site / language / "publications.xml").read_text())
        assert Release(release).id in feed.find("{*}entry/{*}id").text
        page = (site / language / "index.html").read_text()
        assert f"static/cards/home-{language}.png" in page
        assert (site / "static" / "cards" / f"home-{language}.png").read_bytes().startswith(b"\x89PNG")


def test_the_style_sheets_know_no_left_nor_right():
    from danbe.ui import STATIC

    own = Path(publish_site.__code__.co_filename).parent / "static" / "site.css"
    for sheet in (STATIC / "danbe.css", own):
        assert not re.search(r"(?:margin|padding|border|inset)?-?\b(?:left|right)\b\s*:", sheet.read_text()), sheet.name
