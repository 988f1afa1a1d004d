"""Entry in a browser, in Chromium on a small phone: filled without network, kept through a reload, sent once.

The scripts are built by ``make assets``; where they were not, this is said and skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.forms.conftest import filled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SURVEY = [
    ["type", "name", "label::Français (fr)", "label::English (en)", "required"],
    ["text", "remark", "Remarque", "Remark", "yes"],
    ["integer", "households", "Ménages", "Households", ""],
    ["select_one region", "admin1", "Région", "Region", ""],
]


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    from danbe.web.screens import entry

    if not entry.built():
        pytest.skip("the entry in a browser was not built (make assets needs Node)")
    # Playwright's loop runs in this thread, where the tests also ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser.new_context(viewport={"width": 360, "height": 740})
        browser.close()


def opened(context: BrowserContext, address: str, who: str = "monitor@exemple.org") -> Page:
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(address + "/compte/connexion/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", "phrase-de-passe-1")
    page.click("main button[type=submit]")
    page.wait_for_url(address + "/", timeout=90_000)
    return page


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("DANBE_SHOTS"):
        page.screenshot(path=f"{folder}/entry-{name}.png", full_page=True)


def fill(page: Page, remark: str, households: int) -> None:
    page.wait_for_selector("#danbe-entry[data-ready]")
    page.get_by_label("Remarque").fill(remark)
    page.locator(".question-container", has_text="Ménages").locator("input").fill(str(households))
    page.get_by_role("button", name="Envoyer", exact=True).click()


def test_three_filled_without_network_arrive_three(context: BrowserContext, live_server: Any, publish: Any) -> None:
    from danbe.collect.models import Submission

    form = publish(survey=SURVEY)
    page = opened(context, live_server.url)
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox[data-ready]", state="attached")
    shot(page, "liste")

    context.set_offline(True)
    page.goto(f"{live_server.url}/saisie/{form.form_id}/")
    for number in range(1, 4):
        fill(page, f"sans réseau {number}", number)
        page.wait_for_selector(f"#danbe-outbox[data-count='{number}']")
    shot(page, "hors-ligne")
    page.reload()
    page.wait_for_selector("#danbe-outbox[data-count='3']")
    assert "Sans réseau" in page.inner_text("#danbe-outbox") and not Submission.objects.exists()
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox[data-count='3']")
    shot(page, "file")

    context.set_offline(False)
    other = context.new_page()  # a second tab wakes up too: one flusher sends
    other.goto(live_server.url + "/saisie/")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#danbe-outbox[data-count='0']", state="attached")
    other.wait_for_selector("#danbe-outbox[data-count='0']", state="attached")
    kept = Submission.objects.order_by("answers__households")
    assert [s.answers["remark"] for s in kept] == [f"sans réseau {n}" for n in (1, 2, 3)]
    assert {s.source for s in kept} == {"web"} and {s.user.username for s in kept} == {"monitor@exemple.org"}
    page.reload()
    assert "Rien n’attend" in page.inner_text("#danbe-outbox")


def test_what_one_person_queued_is_not_sent_by_another(context: BrowserContext, live_server: Any, publish: Any) -> None:
    from danbe.collect.models import Submission

    form = publish(survey=SURVEY)
    page = opened(context, live_server.url)
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox[data-ready]", state="attached")
    page.goto(f"{live_server.url}/saisie/{form.form_id}/")
    page.wait_for_selector("#danbe-entry[data-ready]")
    context.set_offline(True)
    fill(page, "celle du moniteur", 1)
    page.wait_for_selector("#danbe-outbox[data-count='1']")
    context.clear_cookies()
    context.set_offline(False)
    page.close()
    page = opened(context, live_server.url, "other@exemple.org")
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox:has-text('Une autre personne')")
    assert not Submission.objects.exists()
    context.clear_cookies()
    page = opened(context, live_server.url)
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox:has-text('Rien n’attend')")
    assert Submission.objects.get().user.username == "monitor@exemple.org"


def test_what_the_server_refuses_stays_with_its_reason(context: BrowserContext, live_server: Any, publish: Any) -> None:
    from danbe.collect.models import FormVersion, Submission

    form = publish(survey=SURVEY)
    page = opened(context, live_server.url)
    page.goto(f"{live_server.url}/saisie/{form.form_id}/")
    page.wait_for_selector("#danbe-entry[data-ready]")
    FormVersion.objects.update(state="draft")
    fill(page, "trop tard", 1)
    page.wait_for_selector("#danbe-outbox:has-text('Formulaire inconnu')")
    shot(page, "refusee")
    FormVersion.objects.update(state="published")
    page.get_by_role("button", name="Réessayer").click()
    page.wait_for_selector("#danbe-outbox[data-count='0']", state="attached")
    assert Submission.objects.count() == 1


def test_a_required_question_is_told_in_french(context: BrowserContext, live_server: Any, publish: Any) -> None:
    form = publish(survey=SURVEY)
    page = opened(context, live_server.url)
    page.goto(f"{live_server.url}/saisie/{form.form_id}/")
    page.wait_for_selector("#danbe-entry[data-ready]")
    shot(page, "formulaire")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    page.wait_for_selector("text=1 question à corriger.")
    shot(page, "a-corriger")


def test_a_draft_is_tried_and_nothing_of_it_is_kept(
    context: BrowserContext, live_server: Any, publish: Any, people: Any
) -> None:
    """Before it is published, in the engine that monitors will fill it with."""
    from danbe.collect.models import FormVersion, Submission

    form = publish(survey=SURVEY)
    FormVersion.objects.update(state="draft", published_at=None)
    page = opened(context, live_server.url, "coordinator@exemple.org")
    page.goto(f"{live_server.url}/formulaires/{form.form_id}/versions/{form.pk}/")
    page.get_by_role("link", name="Essayer dans le navigateur").click()
    page.wait_for_selector("#danbe-entry[data-ready]")
    fill(page, "un essai", 1)
    page.wait_for_selector("text=rien n’est gardé ni envoyé")
    shot(page, "essai")
    page.goto(live_server.url + "/saisie/")
    page.wait_for_selector("#danbe-outbox:has-text('Rien n’attend')")
    assert not Submission.objects.exists()


@pytest.mark.real
def test_the_reach_msna_renders(context: BrowserContext, live_server: Any, publish: Any, real_data: Any) -> None:
    path = real_data / "forms" / "reach_msna_2024.xlsx"
    form = publish(path.read_bytes(), path.name)
    page = opened(context, live_server.url)
    page.goto(f"{live_server.url}/saisie/{form.form_id}/")
    page.wait_for_selector("#danbe-entry[data-ready]", timeout=60_000)
    page.wait_for_selector("text=Modalités de l'entretien", timeout=60_000)
    shot(page, "msna")


@pytest.mark.parametrize("width", [360, 1280])
def test_every_screen_reads_well_for_everyone(
    context: BrowserContext, live_server: Any, publish: Any, people: Any, width: int
) -> None:
    """No serious or critical breach of WCAG 2.2 AA (axe), and no screen wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    from danbe.collect.actions.accesses import give
    from danbe.collect.actions.submissions import receive, review

    form = publish()
    photo = ("photo.jpg", b"image", "image/jpeg")
    sent = receive(people["monitor"], filled("uuid:1", body=BODY), [photo]).submission
    review(
        people["supervisor"], sent, "rejected", "le cercle manque, et un motif assez long pour tenir sur deux lignes"
    )
    receive(people["monitor"], filled("uuid:2", deprecated="uuid:1"))
    give(people["coordinator"], people["monitor"], "un téléphone au nom assez long pour déborder")
    page = opened(context, live_server.url, "coordinator@exemple.org")
    page.set_viewport_size({"width": width, "height": 740})
    wrong = []
    version = f"/formulaires/{form.form_id}/versions/{form.pk}/"
    for path in (
        "/formulaires/", "/formulaires/nouveau/", "/formulaires/acces/", f"/formulaires/{form.form_id}/", version,
        "/soumissions/", "/soumissions/?etat=toutes", f"/soumissions/{sent.pk}/", f"/soumissions/{sent.pk + 1}/", "/saisie/",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than {width}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        wrong += [
            f"{path}: {v['id']} ({v['impact']}) {v['nodes'][0]['html'][:160]}"
            for v in found.response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        shot(page, f"{path.replace('/', '_').replace('?', '_')}{width}")
    assert not wrong, "\n".join(wrong)


BODY = (
    "<admin1>tst05</admin1><remark>Deux familles</remark><photo>photo.jpg</photo><needs>eau abri</needs>"
    "<person><age>34</age><document><kind>carte</kind></document></person>"
)
