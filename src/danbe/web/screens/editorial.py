"""The site's texts and key figures, for those who approve releases. What is saved here goes out with the next release."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.reference.words import LANGUAGES
from danbe.web.actions import editorial as actions
from danbe.web.language import _, current
from danbe.web.queries import editorial as queries
from danbe.web.screens.session import approver


@require_GET
def editorial(request: HttpRequest) -> HttpResponse:
    user = approver(request)
    order = {name: number for number, name in enumerate(queries.chosen(), 1)}
    found = sorted(queries.candidates(user), key=lambda d: order.get(d["id"], 99))
    context = {
        "texts": queries.texts(user),
        "candidates": [{"id": d["id"], "label": d[current()], "order": order.get(d["id"], "")} for d in found],
    }
    return render(request, "releases/editorial.html", context)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, name: str, language: str) -> HttpResponse:
    """One text in one language: as it stands, to write, and the versions before it."""
    user = approver(request)
    if name not in queries.names(user) or language not in LANGUAGES:
        raise Http404
    body, reasons = queries.body(user, name, language), []
    if request.method == "POST":
        body = request.POST.get("body", "")
        try:
            actions.save_text(user, name, language, body)
        except actions.NotPublishable as refusal:
            reasons = [r.text(current()) for r in refusal.reasons]
        else:
            messages.success(request, _("Texte enregistré. Il paraîtra avec la prochaine publication."))
            return redirect("editorial_text", name=name, language=language)
    context = {
        "name": name, "language_of_text": language, "body": body, "reasons": reasons,
        "versions": queries.versions(user, name, language)[:20],
    }  # fmt: skip
    return render(request, "releases/editorial_text.html", context, status=422 if reasons else 200)


@require_POST
def figures(request: HttpRequest) -> HttpResponse:
    """Keeps the key figures that were given a number, in the order of the numbers."""
    user = approver(request)
    given = [
        (int(n), d["id"]) for d in queries.candidates(user) if (n := request.POST.get(f"order-{d['id']}", "")).isdigit()
    ]
    actions.choose_key_figures(user, [indicator for _number, indicator in sorted(given)])
    messages.success(request, _("Choix enregistré. Il paraîtra avec la prochaine publication."))
    return redirect("editorial")
