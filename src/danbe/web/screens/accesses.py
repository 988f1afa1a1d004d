"""Phones: who has an access, a new one with its QR code (shown once), one taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from danbe.collect.actions import accesses as actions
from danbe.collect.forms.qr import app_settings, picture
from danbe.collect.messages import FieldRefused
from danbe.collect.queries import forms as queries
from danbe.register.audit import NotAllowed, may
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.session import signed_in


def _giver(request: HttpRequest) -> User:
    user = signed_in(request)
    if not may(user, "accesses.give"):
        raise NotAllowed(f"{user.username}: accesses")
    return user


@never_cache
@require_http_methods(["GET", "POST"])
def accesses(request: HttpRequest) -> HttpResponse:
    """The list; a POST gives a new access and shows its code, which cannot be shown again."""
    user = _giver(request)
    context: dict[str, object] = {"accesses": queries.accesses(user)[:200], "people": queries.access_holders(user)}
    if request.method == "GET":
        return render(request, "forms/accesses.html", context)
    name = request.POST.get("personne", "").strip().lower()
    person = queries.access_holders(user).filter(username=name).first()
    try:
        if person is None:
            raise FieldRefused("access.person", email=name)
        given = actions.give(user, person, request.POST.get("appareil", ""))
    except FieldRefused as refused:
        context |= {"error": refused.text(current()), "asked": name}
        return render(request, "forms/accesses.html", context, status=422)
    address = request.build_absolute_uri(reverse("key_list", args=[given.secret])).removesuffix("/formList")
    code = picture(app_settings(address, "Danbe"))
    server = request.build_absolute_uri(reverse("openrosa_list")).removesuffix("/formList")
    return render(request, "forms/access.html", {"given": given, "address": address, "code": code, "server": server})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    user = _giver(request)
    access = actions.revoke(user, get_object_or_404(queries.accesses(user), pk=pk))
    messages.success(request, _("L’accès «%(label)s» est retiré.", label=access.label))
    return redirect("accesses")
