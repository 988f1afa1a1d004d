"""The factsheet: two tagged pages, fonts inside, the same bytes for the same release, its figures those of the release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from danbe.publish.factsheet import FactsheetRefused, build_factsheet
from danbe.publish.factsheet.content import Content
from danbe.publish.release import Release
from danbe.reference.words import number
from tests.publish.world import COUNTRY, SPAN, make_release

LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    return make_release(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def sheets(release: Path, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sheets")
    return {language: build_factsheet(release, language, folder / f"{language}.pdf") for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_a4_pages_tagged_in_their_language_with_every_image_described(release, sheets, language):
    import pymupdf

    with pymupdf.open(sheets[language]) as pdf:
        assert pdf.page_count == 2
        assert all((round(p.rect.width), round(p.rect.height)) == (595, 842) for p in pdf)
        catalog = pdf.pdf_catalog()
        assert "true" in pdf.xref_get_key(catalog, "MarkInfo")[1]
        assert pdf.xref_get_key(catalog, "StructTreeRoot")[0] == "xref"
        assert language in pdf.xref_get_key(catalog, "Lang")[1]
        assert "pdfuaid:part" in pdf.get_xml_metadata()
        assert pdf.metadata["title"] == Content(Release(release), language).all()["title"]
        objects = [pdf.xref_object(i) for i in range(1, pdf.xref_length())]
        assert sum("/Alt" in o for o in objects) >= 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_font_is_inside(sheets, language):
    import pymupdf

    with pymupdf.open(sheets[language]) as pdf:
        fonts = {f[0]: f for page in pdf for f in page.get_fonts()}
        assert fonts
        for xref, font in fonts.items():
            assert "OpenSans" in font[3]
            assert len(pdf.extract_font(xref)[3]) > 1000


def test_the_same_release_gives_the_same_bytes(release, sheets, tmp_path):
    for language in LANGUAGES:
        again = build_factsheet(release, language, tmp_path / "again.pdf")
        assert again.read_bytes() == sheets[language].read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_are_those_of_the_release(release, sheets, language):
    import pymupdf

    read = Release(release)
    row = read.row("need_target_reached", period=SPAN, place=COUNTRY, aor="TOTAL", population_status="TOTAL")
    with pymupdf.open(sheets[language]) as pdf:
        text = " ".join(" ".join(page.get_text() for page in pdf).split())
    for measure in ("reached", "reached_lower", "reached_upper", "target", "people_in_need", "services_delivered"):
        assert number(row[measure], language).replace("\u202f", " ") in text, measure
    for told in (read.manifest["snapshot_id"], read.id, *read.approved_by(language).split(" · "), "exemple.org"):
        assert told in text
    assert ("fictives" if language == "fr" else "fictitious") in text


def test_a_changed_figure_changes_the_sheet(release):
    one = Content(Release(release), "fr").all()
    read = Release(release)
    row = read.row("need_target_reached", period=SPAN, place=COUNTRY, aor="TOTAL", population_status="TOTAL")
    row["reached"] = 12_345
    assert "12\u00a0345" in Content(read, "fr").all()["kpis"][0]["value"]
    assert one["kpis"][0]["value"] != "12\u00a0345"


def test_a_withheld_figure_is_a_word(release):
    read = Release(release)
    row = read.row("need_target_reached", period=SPAN, place=COUNTRY, aor="TOTAL", population_status="TOTAL")
    row["reached"], row["withheld"] = None, "reached"
    assert Content(read, "fr").all()["kpis"][0]["value"] == "protégé"
    assert Content(read, "en").all()["kpis"][0]["value"] == "withheld"


def test_no_french_is_left_in_the_english_sheet(release):
    told = json.dumps(
        {k: v for k, v in Content(Release(release), "en").all().items() if k != "source"}, ensure_ascii=False
    )
    for word in ("Personnes", "atteintes", "Région", "Méthode", "rapport ", "Cible", "cluster Protection"):
        assert word not in told, word


def test_long_names_still_make_two_pages(release, tmp_path, monkeypatch):
    import pymupdf

    from danbe.publish.factsheet import content

    monkeypatch.setattr(
        content,
        "aor_name",
        lambda code, language: f"{code} : domaine de responsabilité au nom très long, plus long que tous",
    )
    shown = Release.regions.func  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Release, "regions", property(lambda r: [{**p, "name": p["name"] + " et ses environs"} for p in shown(r)])
    )
    with pymupdf.open(build_factsheet(release, "fr", tmp_path / "long.pdf")) as pdf:
        assert pdf.page_count == 2


def test_a_folder_that_is_no_release_is_refused(tmp_path):
    with pytest.raises(FactsheetRefused, match=r"n’est pas une publication.*manifest\.json"):
        build_factsheet(tmp_path, "fr", tmp_path / "x.pdf")
    with pytest.raises(FactsheetRefused, match="langue inconnue"):
        build_factsheet(tmp_path, "xx", tmp_path / "x.pdf")


def test_the_command_writes_the_last_approved_release(release, data_folder, tmp_path):
    from typer.testing import CliRunner

    from danbe.commands import app

    run = CliRunner().invoke
    nothing = run(app, ["factsheet", "--json"])
    assert nothing.exit_code == 1 and "Aucune publication" in nothing.stdout
    (data_folder / "releases").mkdir()
    (data_folder / "releases" / release.name).symlink_to(release)
    draft = make_release(
        tmp_path / "draft", roles=(), made_at="2026-01-01T00:00:00+00:00", cluster={"fr": "B", "en": "B"}
    )
    (data_folder / "releases" / draft.name).symlink_to(draft)
    done = run(app, ["factsheet", "--lang", "en", "-o", str(tmp_path / "f.pdf"), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["release"] == release.name
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF")
    assert run(app, ["factsheet", "nulle-part"]).exit_code == 1
    assert run(app, ["factsheet", "--lang", "xx"]).exit_code == 2
