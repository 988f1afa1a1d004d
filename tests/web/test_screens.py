"""What the screens show: a partner's months, both languages, organisations, dashboard, publications, log."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.test import Client

from tests.web.conftest import row, upload, workbook

WEB = Path(__file__).parent.parent.parent / "src" / "danbe" / "web"


def test_months_are_received_late_due_or_to_come(world: dict[str, Any]) -> None:
    from danbe.curate.models import Report
    from danbe.web.queries.home import month_states

    for month, received, nothing in (("2026-01", date(2026, 2, 4), False), ("2026-02", date(2026, 3, 9), True)):
        Report.objects.create(
            organisation=world["alpha"], report_month=month, received_on=received, nothing_to_report=nothing
        )
    states = month_states(world["alpha"], 2026, today=date(2026, 5, 5))
    assert [s.state for s in states[:6]] == ["received", "nothing", "late", "due", "due", "future"]
    assert states[0].on_time and not states[1].on_time
    december = month_states(world["alpha"], 2025, today=date(2026, 1, 5))[-1]
    assert december.state == "due"


def test_a_partner_says_that_there_is_nothing_to_report(send: Any, alpha: Client) -> None:
    page = alpha.post("/rien-a-signaler/", {"mois": "2026-01"}, follow=True).text
    assert "rien à signaler pour janvier 2026" in page
    assert alpha.post("/rien-a-signaler/", {"mois": "2099-01"}).status_code == 404
    assert alpha.post("/rien-a-signaler/", {"mois": "janvier"}).status_code == 404


def test_nothing_to_report_where_rows_are_is_refused_in_words(send: Any, alpha: Client) -> None:
    from danbe.curate.models import Batch

    upload(send, alpha, workbook(row()))
    send(alpha, f"/imports/{Batch.objects.get().pk}/valider/")
    page = alpha.post("/rien-a-signaler/", {"mois": "2026-01"}, follow=True).text
    assert "a déjà rapporté" in page


def test_the_months_template_is_a_workbook_of_ones_own(alpha: Client, world: dict[str, Any]) -> None:
    from io import BytesIO

    import openpyxl

    response = alpha.get("/modele/?mois=2026-02")
    assert response.status_code == 200, response.headers
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert len(book.sheetnames) > 1


def test_the_language_chosen_is_kept_and_the_browsers_is_not_asked(alpha: Client) -> None:
    assert "Envoyer un classeur" in alpha.get("/", HTTP_ACCEPT_LANGUAGE="en").text
    alpha.post("/langue/", {"language": "en", "next": "/"})
    english = alpha.get("/")
    assert "Send a workbook" in english.text and '<html lang="en"' in english.text
    assert alpha.cookies["danbe_langue"]["max-age"] > 300 * 24 * 3600
    assert "Sign in" in Client(headers={"cookie": "danbe_langue=en"}).get("/compte/connexion/").text


def test_every_french_sentence_of_the_screens_has_its_english() -> None:
    from babel.messages.extract import extract_from_dir

    from danbe.reference.words import english

    methods = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "silent": "false"}}
    found = extract_from_dir(WEB, methods, options, keywords={"_": None, "ngettext": (1, 2)})
    known = english()._catalog  # type: ignore[attr-defined]
    missing = {
        f"{name}: {text}"
        for name, _line, text, _comments, _context in found
        if ((text[0], 0) if isinstance(text, tuple | list) else text) not in known
    }
    assert not missing


def test_likely_twins_are_proposed_merged_and_parted_again(send: Any, admin: Client, world: dict[str, Any]) -> None:
    from danbe.register.models import Organisation, OrganisationMerge

    twin = Organisation.objects.create(code="alpha-2", name="Organisation-Alpha", search_key="organisation alpha")
    assert "Organisation-Alpha" in admin.get("/organisations/").text
    send(admin, "/organisations/fusionner/", {"gone": twin.pk, "kept": world["alpha"].pk})
    twin.refresh_from_db()
    assert twin.merged_into == world["alpha"]
    send(admin, f"/organisations/fusions/{OrganisationMerge.objects.get().pk}/annuler/")
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_organisations_are_searched_without_accents_or_case(admin: Client, world: dict[str, Any]) -> None:
    found = admin.get("/organisations/?q=ÀLPHA").text
    assert "ALPHA" in found and "BETA" not in found
    part = admin.get("/organisations/?q=beta", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "BETA" in part


def test_an_administrator_sees_the_live_dashboard_and_what_is_behind_a_number(
    send: Any, alpha: Client, admin: Client
) -> None:
    from danbe.curate.models import Batch

    assert "faites un instantané" in admin.get("/tableau-de-bord/").text
    upload(send, alpha, workbook(row(reached=10), row("Djenné", 21)))
    send(alpha, f"/imports/{Batch.objects.get().pk}/valider/")
    response = send(admin, "/publications/instantane/", {"note": "essai"})
    assert admin.get(response.headers["Location"]).headers["Location"] == "/publications/"
    page = admin.get("/tableau-de-bord/").text
    assert ">31<" in page and "Mopti" in page and "<svg" in page
    assert admin.get("/tableau-de-bord/?region=tst05&aor=CP").status_code == 200
    assert admin.get("/tableau-de-bord/?aor=XX").status_code == 404
    part = admin.get("/tableau-de-bord/?region=tst05", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="chiffres"')
    explained = admin.get("/tableau-de-bord/expliquer/?mesure=services_delivered&lieu=tst").text
    assert "Formule" in explained and "ALPHA" in explained and "21" in explained
    assert admin.get("/tableau-de-bord/expliquer/?mesure=coverage_x&lieu=tst").status_code == 404
    assert "Les chiffres de tout le cluster" in alpha.get("/tableau-de-bord/").text


def test_the_log_shows_who_did_what_and_filters(send: Any, admin: Client, alpha: Client) -> None:
    alpha.post("/rien-a-signaler/", {"mois": "2026-01"})
    page = admin.get("/journal/?verbe=response.nil_report").text
    assert "alpha@exemple.org" in page and "framework.load</code>" not in page
