"""The release screens in a real browser: axe finds no serious breach of WCAG, nothing is wider than a phone, htmx filters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.web.releases_world import drafted, figures_are_there, light_site, snapshot
from tests.web.test_browser import browser, sign_in  # noqa: F401  the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def release(world: dict[str, Any], data_folder: Path, monkeypatch: Any) -> Any:
    """A release to read, with one that stands to compare it with, and a refused draft."""
    from danbe.publish.site import build
    from danbe.register.models import Role, User
    from danbe.web.actions.releases import build_preview, pass_gate, start_draft
    from danbe.web.actions.releases_approve import approve_release, publish_release

    figures_are_there(monkeypatch)
    monkeypatch.setattr(build, "build_site", light_site)
    user = world["administrator"]
    other = User.objects.create_user("coord@exemple.org", password="phrase-de-passe-1", role=Role.COORDINATOR)
    first = drafted(user, snapshot(data_folder, user))
    for who, role in ((user, "IM"), (other, "COORD")):
        approve_release(who, first, role)
    publish_release(user, first)
    bad = snapshot(data_folder, user, 3, presence={"aor": "Un nom"})
    pass_gate(user, start_draft(user, bad))
    found = drafted(user, snapshot(data_folder, user, 2))
    return build_preview(user, approve_release(user, found, "IM"))


@pytest.mark.parametrize("width", [360, 1280])
def test_the_release_screens_read_well_for_everyone(
    browser: Browser,  # noqa: F811
    live_server: Any,
    release: Any,
    width: int,
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    from danbe.web.models import Draft

    base = f"/publications/{release.release_id}/"
    draft = Draft.objects.get(state="refused").pk
    paths = (
        "/", "/publications/", base, base + "tables/?table=need_target_reached", base + "cases/1/",
        f"/publications/brouillons/{draft}/",
        f"/publications/comparer/?de={release.against.release_id}&a={release.release_id}",
    )  # fmt: skip
    page = browser.new_context(viewport={"width": width, "height": 740}).new_page()
    wrong: list[str] = []
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
    sign_in(page, live_server.url, "coord@exemple.org")
    for path in paths:
        page.goto(live_server.url + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than {width}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        wrong += [
            f"{path}: {v['id']} ({v['impact']}) {v['nodes'][0]['html'][:160]}"
            for v in found.response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    assert not wrong, "\n".join(wrong)


def test_the_second_person_reads_and_approves_on_a_phone(browser: Browser, live_server: Any, release: Any) -> None:  # noqa: F811
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, live_server.url, "coord@exemple.org")
    page.click(f"text={release.release_id}")
    page.click("text=Les tables, cases masquées marquées")
    page.select_option("#table", "reach_sex_age")
    page.wait_for_selector("#tableau caption:has-text('sexe et âge')")
    page.locator(".preview a.mark").first.click()
    assert "Masqué : " in page.inner_text("main")
    page.goto(f"{live_server.url}/publications/{release.release_id}/")
    assert "1 sur 2" in page.inner_text("main") and "Chiffres qui changent" in page.inner_text("main")
    page.check("#read")
    page.click("main button:has-text('Approuver')")
    assert "ne change plus" in page.inner_text("main")
    release.refresh_from_db()
    assert release.state == "signed"
