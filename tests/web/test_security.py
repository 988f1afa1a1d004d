"""What the screens hold against: other organisations' eyes, forged forms, old pages in caches, strangers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.conftest import row, upload, workbook

OPEN = {"account_login", "account_logout", "account_signup", "account_inactive", "health", "set_language",
        "mfa_authenticate", "entry_state", "entry_worker"}  # fmt: skip
# The door signs phones in by itself: tests/forms.
DOOR = {f"{way}_{name}" for way in ("openrosa", "key") for name in ("list", "submission", "form", "manifest", "media")}
# Who may see what of them: tests/forms/test_screens.py.
FORMS = {
    "forms", "form_upload", "accesses", "access_revoke", "form", "form_open", "form_export", "form_version",
    "form_publish", "form_workbook", "form_xform", "submissions", "submission", "submission_review",
    "submission_attachment", "submission_document", "outbox", "entry", "entry_send", "entry_form", "entry_media",
    "exported", "exported_check", "exported_done", "form_protect", "submission_texts", "form_try", "form_try_media",
}  # fmt: skip
# Rows of monitoring: never a partner's (tests/web/test_monitoring.py).
MONITORING = {
    "incidents", "incident", "incident_verify", "incident_grade", "incident_withdraw", "narrative_read",
    "narrative_write", "duplicates", "duplicates_propose", "duplicates_decide", "movements", "movement",
    "movement_advance", "movement_count", "mappings", "mapping", "mapping_new", "mapping_confirm", "mapping_apply",
    "monitoring_dashboard", "monitoring_chart", "assessments", "assessment", "assessment_link", "modules", "module_workbook", "module_send", "module_check", "module_receipt",
}  # fmt: skip
# The register of services and mechanisms: every member sees it; what each may write is bound by the actions.
SERVICES = {
    "services", "service", "service_new", "service_edit", "service_verify", "service_close", "services_import",
    "services_template", "service_changes", "service_decide", "pathways", "mechanisms", "mechanism", "mechanism_new",
    "mechanism_quarter",
}  # fmt: skip
APPROVERS = {
    "releases", "snapshot", "build_release", "draft", "release", "release_diff", "approve", "publish", "withdraw",
    "build_preview", "editorial", "editorial_figures", "editorial_text", "suggest_release", "release_page", "release_tables", "release_cell", "job",
}  # fmt: skip
ADMINISTRATORS = (
    APPROVERS | MONITORING | {"organisations", "organisation", "merge", "undo_merge", "places", "log", "explain"}
)


def addresses(batch: int = 1, organisation: int = 1) -> dict[str, str]:
    """{name of the view: an address of it}, for every view there is."""
    found: dict[str, str] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern):
                path = re.sub(r"<uuid:\w+>", "0f8fad5b-d9cb-469f-a165-70867728950e", route)
                path = re.sub(r"<slug:\w+>", "abcdef0123456789", path)
                path = re.sub(r"<path:\w+>", "fr/index.html", path)
                path = re.sub(r"<str:\w+>", "guide.jpg", path)
                number = organisation if route.startswith("organisations") else batch
                found[pattern.name or route] = "/" + re.sub(r"<int:\w+>", str(number), path)

    walk(get_resolver().url_patterns, "")
    return found


def test_every_screen_but_the_few_that_open_a_session_asks_for_one(db: None) -> None:
    for name, address in addresses().items():
        for response in (Client().get(address), Client().post(address)):
            if name in OPEN:
                assert response.status_code < 500
            elif name in DOOR:
                assert response.status_code in (401, 403, 405), f"{name} answers strangers: {response.status_code}"
            else:
                assert response.status_code == 302, f"{name} answers strangers: {response.status_code}"
                assert response.headers["Location"].startswith("/compte/connexion/"), name


def test_an_address_of_every_kind_is_known_to_these_tests(db: None) -> None:
    known = OPEN | DOOR | FORMS | SERVICES | ADMINISTRATORS | {
        "home", "monitoring", "own_report", "template", "nil_report", "imports", "upload", "batch", "progress", "columns", "issues", "names",
        "preview", "commit", "undo", "annotated", "receipt", "dashboard",
    }  # fmt: skip
    others = {n for n in addresses() if not n.startswith(("account_", "mfa_"))} - known
    assert not others, "say in this file who may see these screens"


def test_another_partner_finds_nothing_of_a_batch(send: Any, alpha: Client, beta: Client, imported: Any) -> None:
    send(alpha, f"/imports/{imported.pk}/valider/")
    for name, address in addresses(batch=imported.pk).items():
        if not address.startswith(f"/imports/{imported.pk}/"):
            continue
        for response in (beta.get(address), beta.post(address)):
            assert response.status_code in (404, 405), f"{name}: {response.status_code}"
    imported.refresh_from_db()
    assert imported.state == "committed"


def test_no_screen_of_another_partner_names_the_file_or_its_rows(
    send: Any, alpha: Client, beta: Client, world: dict[str, Any]
) -> None:
    from danbe.curate.models import Batch

    upload(send, alpha, workbook(row(reached=48317)), "secret-de-alpha.xlsx")
    send(alpha, f"/imports/{Batch.objects.get().pk}/valider/")
    assert "secret-de-alpha" in alpha.get("/").text
    for name, address in addresses(Batch.objects.get().pk, world["alpha"].pk).items():
        if name == "account_logout":
            continue
        response = beta.get(address)
        text = "" if response.streaming else response.content.decode(errors="replace")
        for leak in ("secret-de-alpha", "48317", "48\u202f317"):
            assert leak not in text, f"{name} shows {leak}"


def test_the_administrators_screens_are_closed_to_partners(alpha: Client, world: dict[str, Any]) -> None:
    from danbe.register.models import ActionLog

    before = ActionLog.objects.count()
    for name, address in addresses(organisation=world["beta"].pk).items():
        if name in ADMINISTRATORS:
            for response in (
                alpha.get(address),
                alpha.post(address, {"gone": world["beta"].pk, "kept": world["alpha"].pk}),
            ):
                assert response.status_code in (403, 404, 405), f"{name}: {response.status_code}"
    assert ActionLog.objects.count() == before


def test_a_partner_asks_for_its_own_template_and_nil_report_whatever_the_form_says(
    send: Any, alpha: Client, world: dict[str, Any]
) -> None:
    from danbe.curate.models import Report

    send(alpha, "/rien-a-signaler/", {"mois": "2026-01", "organisation": "beta"})
    assert Report.objects.get().organisation == world["alpha"]
    response = alpha.get("/modele/?mois=2026-01&organisation=beta")
    assert "alpha" in response.headers["Content-Disposition"]


def test_a_forged_form_is_refused_in_words(world: dict[str, Any]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world["alpha_user"])
    response = strict.post("/rien-a-signaler/", {"mois": "2026-01"})
    assert response.status_code == 403 and "La page a expiré" in response.text


def test_every_answer_carries_the_policy_and_forbids_frames_and_guessing(alpha: Client, world: dict[str, Any]) -> None:
    for address in (
        "/",
        "/sante/",
        "/nulle-part/",
        "/journal/",
        "/imports/",
        "/compte/connexion/",
        "/static/danbe.css",
    ):
        response = alpha.get(address)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy, address
        assert response.headers["X-Content-Type-Options"] == "nosniff", address
        if not address.startswith("/static"):
            assert response.headers["X-Frame-Options"] == "DENY", address


def test_no_screen_holds_script_or_style_of_its_own(alpha: Client, admin: Client, imported: Any) -> None:
    """The policy forbids them, so one that crept in would be a dead button."""
    for client in (alpha, admin):
        for name, address in addresses(imported.pk).items():
            if name in ("account_logout", "template", "annotated", "services_template"):
                continue
            text = client.get(address).content.decode()
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|<style|javascript:", text), name
            assert not re.search(r"<[^>]+\sstyle=\"", text.split("<svg")[0]), name


def test_cookies_are_closed_to_scripts_and_to_other_sites(world: dict[str, Any]) -> None:
    response = Client().post("/compte/connexion/", {"login": "alpha@exemple.org", "password": "phrase-de-passe-1"})
    session = response.cookies["sessionid"]
    assert session["httponly"] and session["samesite"] == "Lax"
    assert not session["max-age"], "a session ends with the browser"


def test_in_production_cookies_travel_by_https_only(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    for name, value in (("DANBE_SECRET_KEY", "k"), ("DANBE_HOSTS", "danbe.exemple.org")):
        monkeypatch.setenv(name, value)
    production = importlib.reload(importlib.import_module("danbe.settings.production"))
    assert production.SESSION_COOKIE_SECURE and production.CSRF_COOKIE_SECURE and production.SECURE_SSL_REDIRECT
    assert production.SECURE_HSTS_SECONDS > 0 and not production.DEBUG


def test_errors_are_pages_in_french_that_say_what_to_do(alpha: Client, world: dict[str, Any], monkeypatch: Any) -> None:
    from danbe.web.queries import home

    assert "repartez de l’accueil" in alpha.get("/nulle-part/").text
    assert "réservée à d’autres comptes" in alpha.get("/journal/").text
    monkeypatch.setattr(home, "years", lambda user: 1 / 0)
    alpha.raise_request_exception = False
    broken = alpha.get("/")
    assert broken.status_code == 500
    assert "Rien de ce qui était enregistré n’est perdu" in broken.text and "ZeroDivision" not in broken.text


def test_the_health_address_tells_strangers_nothing_but_health(db: None) -> None:
    response = Client().get("/sante/")
    assert response.json().keys() == {"state", "version"}
    assert "no-store" in response.headers["Cache-Control"]
