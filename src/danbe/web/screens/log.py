"""The action log, read only: who did what, when."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from danbe.register.queries import users as queries
from danbe.web.screens.session import signed_in


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    verb = request.GET.get("verbe", "")
    page = Paginator(queries.action_log(user, verb=verb), 50).get_page(request.GET.get("page"))
    return render(request, "log/log.html", {"page": page, "verb": verb, "verbs": queries.verbs(user), "wide": True})
