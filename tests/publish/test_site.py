"""The public site and its open data: whole, light, in both languages, the same bytes for the same release."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

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


@pytest.mark.browser
def test_pages_fit_a_phone_and_pass_axe(site):
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("chromium is not here")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        # axe is injected as a script, which the pages' own policy would refuse.
        context = browser.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
        page = context.new_page()
        for name in ("fr/index", "fr/5w", "fr/regions/gao", "fr/methode", "fr/donnees", "en/notices"):
            page.goto(f"file://{site}/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
            bad = [v for v in axe.run(page).response["violations"] if v["impact"] in ("serious", "critical")]
            assert bad == [], (name, [(v["id"], v["nodes"][0]["html"][:200]) for v in bad])
        browser.close()
