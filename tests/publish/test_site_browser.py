"""Every page of both languages in a real browser: fits a phone, passes axe, reads without scripts, asks nobody else.

One browser, pages side by side; and an Arabic sample, since some country will need it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from danbe.publish.site.build import build_site
from danbe.ui import environment
from tests.publish.test_site import TEXTS
from tests.publish.world import make_release

pytestmark = pytest.mark.browser
AT_ONCE = 3
ARABIC = """
{% extends "base.html" %}{% import "components.html" as ui with context %}
{% block head %}<link rel="stylesheet" href="{{ asset('site.css') }}">{% endblock %}
{% block nav %}{{ ui.site_header("مجموعة الحماية · مالي", "#", [], [
  {"code": "ar", "label": "العربية", "href": "", "current": true}, {"code": "fr", "label": "Français", "href": "#", "current": false}]) }}{% endblock %}
{% block content %}<h1>الأرقام الرئيسية</h1><p class="lead">من يفعل ماذا وأين ومتى ولمن.</p>
{{ ui.kpi_strip([{"label": "الأشخاص المحتاجون", "value": 3544170}, {"label": "الأشخاص المستهدفون", "value": 2738790}]) }}
{{ ui.data_table(["المنطقة", "المنظمات", "الأشخاص"], [["غاو", 14, 106459], ["موبتي", 21, 357075]], "حسب المنطقة", [1, 2]) }}
<div class="prose"><blockquote>الحماية تشمل جميع الأنشطة الرامية إلى الاحترام الكامل لحقوق الفرد.</blockquote></div>{% endblock %}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    release = make_release(tmp_path_factory.mktemp("release"), texts=TEXTS)
    return build_site(release, tmp_path_factory.mktemp("site") / "out", search=False).folder


def in_browser(look: Callable[[Any], Awaitable[None]]) -> None:
    """Runs ``look(browser)`` in Chromium, or skips where it is not here."""
    api = pytest.importorskip("playwright.async_api")
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("chromium is not here")

    async def run() -> None:
        async with api.async_playwright() as p:
            browser = await p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            await look(browser)
            await browser.close()

    # Another test may have left a loop in this thread.
    import threading

    failed: list[BaseException] = []

    def work() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def test_every_page_fits_a_phone_and_passes_axe_and_asks_nobody_else(site):
    from axe_playwright_python.async_playwright import Axe

    faults: list[tuple[str, Any]] = []
    names = sorted(p.relative_to(site).as_posix() for p in site.glob("*/**/*.html"))
    assert len(names) > 40

    async def look(browser: Any) -> None:
        # axe is injected as a script, which the pages' own policy would refuse.
        context = await browser.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
        context.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else faults.append((r.url, "asked")),
        )
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(name: str) -> None:
            async with gate:
                page = await context.new_page()
                await page.goto(f"file://{site}/{name}")
                if (width := await page.evaluate("document.documentElement.scrollWidth")) > 360:
                    faults.append((name, width))
                for found in (await Axe().run(page)).response["violations"]:
                    if found["impact"] in ("serious", "critical"):
                        faults.append((name, (found["id"], found["nodes"][0]["html"][:200])))
                await page.close()

        await asyncio.gather(*map(one, names))

    in_browser(look)
    assert faults == []


def test_pages_read_and_are_walked_without_scripts(site):
    """The menu opens on a phone and on a wide screen, and the table under a drawing is there to read."""

    async def look(browser: Any) -> None:
        for width, nav in ((360, ".narrow-nav"), (1280, ".wide-nav")):
            context = await browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
            page = await context.new_page()
            await page.goto(f"file://{site}/fr/index.html")
            link = page.locator(nav).get_by_role("link", name="Concept de protection")
            assert not await link.is_visible()
            fold = "Menu" if width == 360 else "Le cluster"
            await page.locator(nav).locator("summary", has_text=fold).first.click()
            assert await link.is_visible()
            await link.click()
            assert "IASC" in await page.locator("main").inner_text()
            await context.close()

    in_browser(look)


def test_an_arabic_page_runs_from_right_to_left(site):
    env = environment("fr", [])
    env.globals.update(language=lambda: "ar", direction=lambda: "rtl")
    html = env.from_string(ARABIC).render(asset=lambda name: f"static/{name}")
    assert '<html lang="ar" dir="rtl">' in html
    (site / "arabic.html").write_text(html, "utf-8")

    async def look(browser: Any) -> None:
        for width in (360, 1280):
            page = await browser.new_page(viewport={"width": width, "height": 800})
            await page.goto(f"file://{site}/arabic.html")
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            box = {
                s: await page.locator(s).first.bounding_box()
                for s in (".brand", ".languages", "th[scope=row]", "td", "blockquote")
            }
            if width == 1280:
                assert box[".brand"]["x"] > box[".languages"]["x"], "the name stands at the start, on the right"
            assert box["th[scope=row]"]["x"] > box["td"]["x"], "row headers stand on the right"
            edge = await page.evaluate("getComputedStyle(document.querySelector('blockquote')).borderRightWidth")
            assert edge == "4px", "the rule of a quotation is on the right"

    try:
        in_browser(look)
    finally:
        (site / "arabic.html").unlink()


def test_direction_follows_the_language():
    from jinja2 import Environment, FileSystemLoader

    from danbe.ui import TEMPLATES, install

    for language, direction in (("fr", "ltr"), ("ar", "rtl")):
        env = install(Environment(loader=FileSystemLoader(str(TEMPLATES)), autoescape=True), lambda code=language: code)
        assert env.globals["direction"]() == direction
