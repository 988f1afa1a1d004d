"""Signing in: what Danbe asks of django-allauth and django-axes. Accounts are opened by ``danbe users add``."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from danbe.web.language import _


class AccountAdapter(DefaultAccountAdapter):
    """No one signs up by themselves, and no message is added at each sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @property
    def error_messages(self) -> dict[str, Any]:
        wrong = _("Adresse ou mot de passe incorrect. Vérifiez les deux, puis réessayez.")
        return {**DefaultAccountAdapter.error_messages, "username_password_mismatch": wrong}

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template and message_template.endswith(("logged_in.txt", "logged_out.txt")):
            return
        super().add_message(request, level, message_template, *args, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted under the site's key, so that a copied database opens nothing."""

    def _cipher(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"danbe mfa " + settings.SECRET_KEY.encode()).digest()))

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()


class LoginForm(AllauthLoginForm):
    """Allauth's form, its user name being an e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Adresse électronique")
        self.fields["login"].widget = forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["password"].label = _("Mot de passe")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        return self.cleaned_data["login"].strip().lower()


def username_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose attempt it is, for django-axes: the form's field bears another name than the credential."""
    name = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()


def client_address(request: HttpRequest) -> str:
    """Where a sign-in comes from: the connection's address or, behind ``PROXIES`` trusted ones, what they saw.

    Only as many entries of X-Forwarded-For as there are proxies can be believed; they are the last.
    """
    seen = [a.strip() for a in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if a.strip()]
    if settings.PROXIES and len(seen) >= settings.PROXIES:
        return str(seen[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The page shown after too many failed sign-ins (django-axes)."""
    hours = settings.AXES_COOLOFF_TIME
    return render(
        request, "account/locked_out.html", {"hours": hours, "limit": settings.AXES_FAILURE_LIMIT}, status=403
    )
