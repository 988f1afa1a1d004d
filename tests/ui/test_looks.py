"""Tokens, style sheet, icons and components."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from danbe.ui import PROTECTED, STATIC, environment, icon, install, tokens
from tests.ui import world

PAGE = """{% extends "base.html" %}{% import "components.html" as ui %}
{% block title %}Galerie{% endblock %}
{% block banner %}{{ ui.site_header('Cluster Protection', items=[{'href': '#a', 'label': 'Accueil', 'current': true},
  {'href': '#b', 'label': 'Méthode'}], languages=[{'code': 'fr', 'label': 'FR', 'current': true}, {'code': 'en', 'label': 'EN', 'href': '#en'}]) }}{% endblock %}
{% block content %}
{{ ui.breadcrumbs([{'href': '#', 'label': 'Accueil'}, {'label': 'Mopti'}]) }}
<h1>Galerie</h1>
<h2>Chiffres</h2>
{{ ui.kpi_strip([{'label': 'Atteintes', 'value': 1234567, 'note': 'note', 'symbol': 'people-reached'}, {'label': 'Cible', 'value': none}]) }}
{% for name, svg in drawings.items() %}
{{ ui.figure(name, svg, 'Cluster Protection', note='Une note.', wide=svgs[name], table={'columns': ['a', 'b'], 'rows': [['x', 3], ['y', PROTECTED]], 'numeric': [1]},
   downloads=[{'href': '#', 'label': name ~ '.csv', 'type': 'CSV', 'size': 12345}]) }}
{% endfor %}
{{ ui.data_table(['a', 'b'], [['x', 3], ['y', none]], 'Tableau', numeric=[1], total=true) }}
{{ ui.matrix([(1, 'Organisation A')], [(1, 'Gao'), (2, 'Kidal')], {(1, 1): 12}, 'Matrice', unit='mois', corner='Organisation') }}
{% for kind in ('info', 'good', 'warn', 'bad') %}{{ ui.alert(kind, kind, 'Texte', live=true) }}{{ ui.badge(kind, kind) }}{% endfor %}
{% call ui.alert('warn') %}<p>Corps</p>{% endcall %}
{{ ui.note('Note') }}
<form>
{{ ui.field('mail', 'Adresse', type='email', required=true, help='Aide') }}
{{ ui.field('mois', 'Mois', options=[('1', 'janvier')], error='Choisissez un mois.') }}
{{ ui.field('texte', 'Commentaire', type='textarea') }}
{{ ui.button('Envoyer', symbol='upload') }}{{ ui.button('Annuler', href='#', kind='plain') }}{{ ui.button('Retirer', kind='danger') }}
</form>
{{ ui.progress('Lecture', 3, 10, '3 sur 10') }}
{{ ui.downloads([{'href': '#x', 'label': 'Tout'}]) }}
{% endblock %}"""


def gallery(language: str = "fr") -> str:
    wide = world.drawings(language, 700)
    return environment(language).from_string(PAGE).render(drawings=world.drawings(language), svgs=wide)


@pytest.mark.parametrize(("text", "ground"), tokens.TEXT_PAIRS)
def test_text_stands_out_from_its_ground(text, ground):
    assert tokens.contrast(tokens.COLOURS[text], tokens.COLOURS[ground]) >= 4.5


def test_classes_grow_darker_and_series_stand_out_from_paper():
    light = [tokens.luminance(c) for c in tokens.SEQUENTIAL]
    assert light == sorted(light, reverse=True)
    assert all(a - b > 0.04 for a, b in itertools.pairwise(light))
    assert all(tokens.contrast(c, tokens.text_on(c)) >= 4.5 for c in tokens.SEQUENTIAL)
    assert all(tokens.contrast(c, tokens.COLOURS["paper"]) >= 3 for c in tokens.SERIES)


def test_every_area_of_responsibility_has_a_colour_and_an_icon():
    from danbe.reference.codelists import codelist
    from danbe.ui.icons import AOR

    codes = {item.code for item in codelist("aor").items}
    assert codes <= set(tokens.AOR) and codes <= set(AOR)
    assert all(str(icon(name)).startswith("<svg") for name in AOR.values())


def test_the_style_sheet_holds_the_tokens_and_is_small():
    css = (STATIC / "danbe.css").read_text("utf-8")
    assert tokens.css() in css, "run `python -m danbe.ui.tokens`"
    assert len(css.encode()) < 20_000
    assert "url(" not in css and "@import" not in css  # nothing to fetch
    used, known = set(re.findall(r"var\(--([\w-]+)\)", css)), set(re.findall(r"--([\w-]+):", css))
    assert used <= known
    assert not re.search(r"(margin|padding|border)-(left|right)|[^-](left|right)\s*:", css)


def test_icons_are_clean_and_hidden_from_screen_readers():
    svg = icon("protection")
    assert 'aria-hidden="true"' in svg and "id=" not in svg and "style=" not in svg
    assert 'aria-label="Protection"' in icon("protection", 24, "Protection")
    with pytest.raises(KeyError, match="no icon"):
        icon("../../../etc/passwd")


def test_pages_obey_the_content_policy_and_speak_their_language():
    french, english = gallery("fr"), gallery("en")
    for page in (french, english):
        assert " style=" not in page and "<script" not in page and "onclick" not in page
    assert '<html lang="fr" dir="ltr">' in french and "Voir les données" in french and "protégé" in french
    assert '<html lang="en" dir="ltr">' in english and "See the data" in english and "withheld" in english
    assert "1\u202f234\u202f567" in french and "1,234,567" in english


def test_a_missing_name_in_a_template_is_an_error():
    with pytest.raises(UndefinedError):
        environment("fr").from_string("{{ nothing }}").render()
    with pytest.raises(ValueError, match="unknown language"):
        environment("xx")


def test_text_is_escaped():
    page = environment("fr").from_string('{% import "components.html" as ui %}{{ ui.kpi("<b>", "<i>") }}').render()
    assert "&lt;b&gt;" in page and "<i>" not in page


def test_one_environment_may_serve_both_languages():
    now = ["fr"]
    env = install(Environment(autoescape=True), lambda: now[0])
    template = env.from_string("{{ number(1234.5, 1) }} {{ cell(none) }} {{ cell(PROTECTED) }} {{ '2025-03'|month }}")
    assert template.render() == '1\u202f234,5 n.d. <span class="protected">protégé</span> mars 2025'
    now[0] = "en"
    assert template.render() == '1,234.5 n/a <span class="protected">withheld</span> March 2025'
    assert repr(PROTECTED) == "PROTECTED"


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_gallery_passes_axe_and_fits_its_screen(tmp_path: Path, width: int):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    shutil.copytree(STATIC, tmp_path / "static")
    (tmp_path / "page.html").write_text(gallery(), "utf-8")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto((tmp_path / "page.html").as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "[...document.querySelectorAll('button,.button,summary,input,select,.languages a,.files a')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
        )
        assert small == []
        browser.close()
