"""Signing in and out, the lock after too many mistakes, the second factor, accounts by command."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

LOGIN = "/compte/connexion/"


def sign_in(client: Client, password: str, email: str = "alpha@exemple.org") -> Any:
    return client.post(LOGIN, {"login": email, "password": password})


def test_a_partner_signs_in_with_its_address_whatever_the_case(world: dict[str, Any]) -> None:
    client = Client()
    response = sign_in(client, "phrase-de-passe-1", "Alpha@Exemple.org ")
    assert response.status_code == 302 and response.headers["Location"] == "/"
    assert "ALPHA" in client.get("/").text


def test_a_wrong_password_says_what_to_do_in_french(world: dict[str, Any]) -> None:
    response = sign_in(Client(), "faux")
    assert response.status_code == 200
    assert "Vérifiez les deux" in response.text


def test_eight_mistakes_lock_the_account_even_for_the_right_password(world: dict[str, Any]) -> None:
    client = Client()
    for _attempt in range(8):
        response = sign_in(client, "faux")
    assert response.status_code == 403
    assert "bloquée pendant une heure" in response.text
    assert sign_in(client, "phrase-de-passe-1").status_code == 403
    assert client.get("/").status_code == 302


def test_behind_a_proxy_the_lock_goes_by_what_the_proxy_saw_not_by_what_the_client_says(settings: Any, rf: Any) -> None:
    from danbe.web.accounts import client_address

    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 41.73.98.5")
    assert client_address(request) == "10.0.0.1"
    settings.PROXIES = 1
    assert client_address(request) == "41.73.98.5"


def test_nobody_signs_up(world: dict[str, Any]) -> None:
    from danbe.register.models import User

    before = User.objects.count()
    data = {
        "username": "x@exemple.org",
        "email": "x@exemple.org",
        "password1": "phrase-longue-1",
        "password2": "phrase-longue-1",
    }
    response = Client().post("/compte/ouvrir/", data)
    assert "ouverts par le cluster" in response.text
    assert User.objects.count() == before


def test_a_closed_account_is_told_so_and_loses_its_session(world: dict[str, Any], alpha: Client) -> None:
    from danbe.register.actions.users import disable

    disable(world["administrator"], "alpha@exemple.org")
    assert alpha.get("/").status_code == 302
    response = sign_in(Client(), "phrase-de-passe-1")
    assert response.headers["Location"] == "/compte/ferme/"


def test_the_second_factor_is_asked_once_active_and_its_secret_is_not_readable_in_the_database(alpha: Client) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    assert alpha.post("/compte/confirmer/", {"password": "phrase-de-passe-1"}).status_code == 302
    page = alpha.get("/compte/double-verification/totp/activate/")
    secret = page.text.split('class="secret">')[1].split("<")[0]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert alpha.post("/compte/double-verification/totp/activate/", {"code": code}).status_code == 302
    assert secret not in json.dumps(Authenticator.objects.get(type="totp").data)
    response = sign_in(Client(), "phrase-de-passe-1")
    assert "authenticate" in response.headers["Location"]


def test_changing_the_password_asks_for_twelve_characters(alpha: Client) -> None:
    data = {"oldpassword": "phrase-de-passe-1", "password1": "court", "password2": "court"}
    assert "12" in alpha.post("/compte/mot-de-passe/", data).text
    long = "quatre mots sans rapport"
    alpha.post("/compte/mot-de-passe/", {"oldpassword": "phrase-de-passe-1", "password1": long, "password2": long})
    assert sign_in(Client(), long).status_code == 302


def run(*arguments: str, stdin: str = "") -> tuple[int, dict[str, Any]]:
    from danbe.commands import app

    result = CliRunner().invoke(app, [*arguments, "--json"], input=stdin)
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture
def system(world: dict[str, Any]) -> None:
    from danbe.register.models import Role, User

    User.objects.create_user("danbe", role=Role.ADMINISTRATOR)


def test_an_account_is_opened_by_command_and_its_password_shown_once(system: None) -> None:
    code, data = run("users", "add", "Nouveau@exemple.org", "--org", "alpha")
    assert code == 0 and data["email"] == "nouveau@exemple.org"
    assert sign_in(Client(), data["password"], "nouveau@exemple.org").status_code == 302
    code, listed = run("users", "list")
    assert [u["organisation"] for u in listed["users"] if u["email"] == "nouveau@exemple.org"] == ["alpha"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("pas-une-adresse",), "adresse"),
        (("alpha@exemple.org", "--org", "alpha"), "déjà"),
        (("x@exemple.org",), "--org"),
        (("x@exemple.org", "--org", "zorro"), "zorro"),
        (("x@exemple.org", "--role", "roi"), "administrator"),
    ],
)
def test_a_refused_account_says_why(system: None, arguments: tuple[str, ...], said: str) -> None:
    code, data = run("users", "add", *arguments)
    assert code == 1 and said in data["error"]


def test_an_account_is_closed_and_given_a_new_password_by_command(system: None) -> None:
    assert run("users", "disable", "alpha@exemple.org")[0] == 0
    assert run("users", "enable", "alpha@exemple.org")[0] == 0
    assert (
        run("users", "password", "alpha@exemple.org", "--password-stdin", stdin="une autre phrase de passe\n")[0] == 0
    )
    assert sign_in(Client(), "une autre phrase de passe").status_code == 302
