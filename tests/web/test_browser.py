"""A partner's whole journey in a real browser on a small phone, and every screen held to WCAG by axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.web.conftest import row, work, workbook
from tests.web.reads import breaches

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, where the tests also ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request: Any, browser: Browser) -> Page:
    """A phone of 360 by 740 points; its console must stay silent (the policy's refusals would show there)."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=request.param)
    found = context.new_page()
    found.set_default_timeout(15_000)
    found.on("console", lambda m: pytest.fail(f"console: {m.text}") if m.type == "error" else None)
    return found


def sign_in(page: Page, address: str, who: str) -> None:
    page.goto(address + "/compte/connexion/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", "phrase-de-passe-1")
    page.click("main button[type=submit]")
    page.wait_for_url(address + "/")


def settle(page: Page) -> None:
    """The worker does its part; the progress page then leads on: at once here, by itself for a person."""
    assert not work()
    page.goto(page.url)


def test_sign_in_upload_look_commit_undo(page: Page, live_server: Any, world: dict[str, Any], tmp_path: Path) -> None:
    from danbe.curate.models import Activity

    file = tmp_path / "rapport.xlsx"
    file.write_bytes(workbook(row(), row("Djenné", 20), row("Xyzville", 12)))
    sign_in(page, live_server.url, "alpha@exemple.org")
    page.click("text=Envoyer un classeur")
    page.set_input_files("[name=fichier]", str(file))
    page.click("main button:has-text('Envoyer')")
    assert "En attente" in page.inner_text("main")
    settle(page)

    assert "Ce que Danbe a compris" in page.inner_text("h1")
    page.click("text=Confirmer les colonnes")
    assert "Xyzville" in page.inner_text("main")
    page.click("text=Continuer")
    page.fill("input[name=o0]", "tst0502")
    page.click("text=Confirmer les noms")
    settle(page)
    page.click("text=Enregistrer 3 lignes")
    settle(page)
    assert "3 lignes sont entrées" in page.inner_text("main")
    assert Activity.objects.filter(withdrawn_by=None).count() == 3

    page.click("text=Annuler cet import")
    page.click("text=Annuler tout l’import")
    assert "a été annulé" in page.inner_text("main")
    assert not Activity.objects.filter(withdrawn_by=None).exists()


def test_the_progress_page_moves_on_by_itself(
    browser: Browser, live_server: Any, world: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "rapport.xlsx"
    file.write_bytes(workbook(row()))
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, live_server.url, "alpha@exemple.org")
    page.goto(live_server.url + "/imports/nouveau/")
    page.set_input_files("[name=fichier]", str(file))
    page.click("main button:has-text('Envoyer')")
    assert not work()
    page.wait_for_url("**/colonnes/", timeout=10_000)


def screens(batch: int, entered: int) -> dict[str, list[str]]:
    steps = [f"/imports/{batch}/{step}/" for step in ("colonnes", "remarques", "noms", "apercu")]
    return {
        "": ["/compte/connexion/", "/compte/ouvrir/"],
        "alpha@exemple.org": [
            "/", "/imports/", "/imports/nouveau/", *steps, f"/imports/{batch}/remarques/?regle=place_unknown",
            f"/imports/{entered}/", f"/imports/{entered}/recu/", "/tableau-de-bord/", "/compte/mot-de-passe/", "/compte/double-verification/", "/journal/", "/nulle-part/",
        ],
        "admin@exemple.org": [
            "/", "/organisations/", "/lieux/", "/publications/", "/journal/", "/imports/", "/imports/nouveau/",
            "/tableau-de-bord/", "/tableau-de-bord/?region=tst05",
        ],
    }  # fmt: skip


def figures_of_a_month(world: dict[str, Any]) -> int:
    """A batch entered, a snapshot of it, its figures: what fills the dashboard inside and a receipt."""
    from django.conf import settings

    from danbe.analyse.compute import compute
    from danbe.collect.actions import receive
    from danbe.curate.actions.response import ImportOptions, import_workbook
    from danbe.curate.actions.snapshots import make_snapshot
    from danbe.curate.queries.snapshots import folder

    content = workbook(row(reached=1_200_000, month="2025-12"), row("Djenné", 40, month="2025-12"))
    batch = import_workbook(
        world["alpha_user"], receive(world["alpha_user"], content, "decembre.xlsx"), ImportOptions()
    )
    compute(folder(make_snapshot(world["administrator"])), settings.DATA / "figures")
    return batch.pk


@pytest.mark.parametrize("width", [360, 1280])
def test_every_screen_reads_well_for_everyone(
    browser: Browser, live_server: Any, world: dict[str, Any], width: int, django_capture_on_commit_callbacks: Any
) -> None:
    """No serious or critical breach of WCAG 2.2 AA (axe), and no screen wider than the window."""
    from django.test import Client

    from danbe.curate.models import Batch

    client = Client()
    client.force_login(world["alpha_user"])
    from io import BytesIO

    file = BytesIO(workbook(row(), row("Djenné", -3), row("Xyzville", 12)))
    file.name = "rapport-au-nom-assez-long-pour-deborder-2026-01.xlsx"
    client.post("/imports/nouveau/", {"fichier": file})
    assert not work()
    draft = Batch.objects.get()
    entered = figures_of_a_month(world)
    wrong = []
    for who, paths in screens(draft.pk, entered).items():
        page = browser.new_context(viewport={"width": width, "height": 740}).new_page()
        if who:
            sign_in(page, live_server.url, who)
        for path in paths:
            wrong += breaches(page, live_server.url, path)
    assert not wrong, "\n".join(wrong)
