"""«Trouver un service» in a real browser: without JavaScript, and without a network once it was opened."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.publish.test_services_site import release, site  # noqa: F401  the same small site

pytestmark = pytest.mark.browser
PAGE = "fr/services/soutien-psychosocial-mopti.html"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing to say."""


@pytest.fixture
def address(site: Path) -> Iterator[Any]:  # noqa: F811
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def test_a_person_without_javascript_finds_a_number_in_three_pages(address: Any, browser: Any) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640}).new_page()
    page.goto(f"http://127.0.0.1:{address.server_port}/fr/services/index.html")
    page.get_by_role("link", name="Soutien psychosocial").click()
    page.get_by_role("link", name="Mopti", exact=True).first.click()
    assert page.locator("a.call").first.get_attribute("href").startswith("tel:0000")


def test_what_was_opened_once_opens_without_a_network(address: Any, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.clock.set_fixed_time("2025-07-02T10:00:00")
    root = f"http://127.0.0.1:{address.server_port}"
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(root) else None)
    page.goto(f"{root}/{PAGE}")
    page.locator("#kept:not([hidden])").wait_for()
    address.shutdown()
    address.server_close()
    page.reload()
    assert page.locator("article.service").count() >= 1
    assert page.evaluate("getComputedStyle(document.querySelector('.service')).borderInlineStartWidth") != "0px"
    # Another need of the same region, and the choice of needs, were kept with it.
    page.goto(f"{root}/fr/services/besoin-d-un-lieu-sur-mopti.html")
    assert "Refuge des femmes" in page.content()
    page.goto(f"{root}/fr/services/index.html")
    assert page.locator(".needs a").count() == 12
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") and not foreign


def test_a_page_kept_too_long_hides_what_was_verified_too_long_ago(address: Any, browser: Any) -> None:
    page = browser.new_context().new_page()
    page.clock.set_fixed_time("2025-12-01T10:00:00")
    page.goto(f"http://127.0.0.1:{address.server_port}/{PAGE}")
    told = page.locator("[data-last-day]").all_inner_texts()
    assert any("n’a pas été vérifié" in t for t in told) and any("Centre d’écoute 1" in t for t in told)


def test_one_pans_and_zooms_over_our_own_outlines(address: Any, browser: Any) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    root = f"http://127.0.0.1:{address.server_port}"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{root}/fr/carte.html")
    page.locator(".cluster-services").first.wait_for()
    assert all(url.startswith((root, "data:")) for url in asked)
    assert page.locator(".cluster-mechanisms").count() == 0
    page.get_by_label("Mécanismes communautaires").check()
    page.locator(".cluster-mechanisms").first.wait_for()
    page.locator("#map-kind").select_option("SAN")
    assert page.locator(".cluster-services").count() == 1
