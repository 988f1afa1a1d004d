"""Signing in from a phone: Digest as RFC 7616 describes it, Basic over https alone, the body read before any refusal."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from danbe.collect.forms import digest
from tests.forms.conftest import Phone


def authorization(
    phone: Phone, nonce: str, method: str = "GET", uri: str = "/openrosa/formList", secret: str = "", qop: str = "auth"
) -> str:
    name = phone.access.username
    ha1 = digest.md5(f"{name}:Danbe:{secret or phone.secret}")
    ha2 = digest.md5(f"{method}:{uri}")
    response = digest.md5(f"{ha1}:{nonce}:00000001:c0ffee:auth:{ha2}" if qop else f"{ha1}:{nonce}:{ha2}")
    more = ', qop=auth, nc=00000001, cnonce="c0ffee"' if qop else ""
    return f'Digest username="{name}", realm="Danbe", nonce="{nonce}", uri="{uri}", response="{response}"{more}'


def test_the_example_of_the_rfc() -> None:
    """RFC 7616 §3.9.1, its MD5 column."""
    answer = digest.DigestAnswer(
        username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        uri="/dir/index.html", response="8ca523f5e9506fed4657c9700eebdbec", qop="auth", nc="00000001",
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", algorithm="MD5",
    )  # fmt: skip
    stored = digest.md5("Mufasa:http-auth@example.org:Circle of Life")
    assert answer.matches(stored, "GET") and not answer.matches(stored, "POST")


def test_without_a_name_the_phone_is_challenged(form: Any, people: Any) -> None:
    answer = Client().get("/openrosa/formList")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Digest realm="Danbe", qop="auth", nonce="')
    assert "Basic" not in answer["WWW-Authenticate"]
    assert "Basic" in Client().get("/openrosa/formList", secure=True)["WWW-Authenticate"]


@pytest.mark.parametrize("qop", ["auth", ""])
def test_digest_opens(form: Any, phone: Phone, qop: str) -> None:
    header = authorization(phone, digest.new_nonce(settings.SECRET_KEY), qop=qop)
    assert Client().get("/openrosa/formList", headers={"authorization": header}).status_code == 200


def test_digest_covers_the_query_a_phone_appends(form: Any, phone: Phone) -> None:
    uri = "/openrosa/formList?deviceID=a%3Ab"
    header = authorization(phone, digest.new_nonce(settings.SECRET_KEY), uri=uri)
    assert Client().get(uri, headers={"authorization": header}).status_code == 200


def test_digest_of_another_secret_method_address_or_nonce_is_refused(form: Any, phone: Phone) -> None:
    key = settings.SECRET_KEY
    for header in (
        authorization(phone, digest.new_nonce(key), secret="autre"),
        authorization(phone, digest.new_nonce(key), method="POST"),
        authorization(phone, digest.new_nonce(key), uri="/openrosa/submission"),
        authorization(phone, digest.new_nonce("une autre clé")),
        authorization(phone, "inventé"),
    ):
        assert Client().get("/openrosa/formList", headers={"authorization": header}).status_code == 401


def test_an_old_nonce_is_said_to_be_stale_so_that_the_phone_asks_no_password(form: Any, phone: Phone) -> None:
    old = digest.new_nonce(settings.SECRET_KEY, now=0)
    answer = Client().get("/openrosa/formList", headers={"authorization": authorization(phone, old)})
    assert answer.status_code == 401 and "stale=true" in answer["WWW-Authenticate"]
    wrong = authorization(phone, old, secret="autre")
    answer = Client().get("/openrosa/formList", headers={"authorization": wrong})
    assert "stale" not in answer["WWW-Authenticate"]


@pytest.mark.parametrize("qop", ["auth", ""])
def test_an_answer_overheard_serves_no_second_time(form: Any, phone: Phone, qop: str) -> None:
    header = authorization(phone, digest.new_nonce(settings.SECRET_KEY), qop=qop)
    assert Client().get("/openrosa/formList", headers={"authorization": header}).status_code == 200
    again = Client().get("/openrosa/formList", headers={"authorization": header})
    assert again.status_code == 401 and "stale=true" in again["WWW-Authenticate"]
    other = header.replace("nc=00000001", "nc=1")
    assert Client().get("/openrosa/formList", headers={"authorization": other}).status_code == 401


def test_counters_of_past_hours_are_cleared(form: Any, phone: Phone) -> None:
    from pathlib import Path

    from danbe.collect.forms.digest_once import first_use

    root = Path(settings.DATA) / "nonces"
    (root / "7").mkdir(parents=True)
    answer = digest.read_digest(authorization(phone, digest.new_nonce(settings.SECRET_KEY)))
    assert answer is not None and first_use(answer) and not first_use(answer)
    assert not (root / "7").exists()


def test_basic_opens_over_https_alone(form: Any, phone: Phone) -> None:
    pair = base64.b64encode(f"{phone.access.username}:{phone.secret}".encode()).decode()
    headers = {"authorization": f"Basic {pair}"}
    assert Client().get("/openrosa/formList", headers=headers).status_code == 401
    assert Client().get("/openrosa/formList", headers=headers, secure=True).status_code == 200
    wrong = base64.b64encode(f"{phone.access.username}:autre".encode()).decode()
    assert (
        Client().get("/openrosa/formList", headers={"authorization": f"Basic {wrong}"}, secure=True).status_code == 401
    )


def test_the_secret_is_kept_nowhere(form: Any, phone: Phone) -> None:
    from danbe.collect.models import FieldAccess
    from danbe.register.models import ActionLog

    kept = str(list(FieldAccess.objects.values())) + str(list(ActionLog.objects.values("target", "details")))
    assert phone.secret not in kept


def test_the_body_of_a_refused_post_is_read_to_its_end(form: Any, people: Any) -> None:
    from io import BytesIO

    from django.test import RequestFactory

    from danbe.web.screens.openrosa import submission

    line = BytesIO(b"x" * 300_000)
    request = RequestFactory().post("/openrosa/submission", CONTENT_LENGTH="300000", **{"wsgi.input": line})
    assert submission(request).status_code == 401
    assert line.read(1) == b""


@hypothesis_settings(deadline=None)
@given(st.text(max_size=200))
def test_no_header_breaks_the_reader(header: str) -> None:
    for scheme in ("Digest ", "Basic ", ""):
        digest.read_digest(scheme + header)
        digest.read_basic(scheme + header)
    assert digest.nonce_state(header, "clé") == "forged"
