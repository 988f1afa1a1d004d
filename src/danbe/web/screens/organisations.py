"""Organisations (administrator): the list, what looks like the same one twice, merging and undoing it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from danbe.reference.text import search_key
from danbe.register.actions import organisations as actions
from danbe.register.models import Organisation
from danbe.register.queries import organisations as queries
from danbe.web.language import _
from danbe.web.screens.session import administrator


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    asked = request.GET.get("q", "").strip()
    found = queries.organisations(user).filter(merged_into=None).order_by("acronym", "name")
    if asked:
        found = found.filter(search_key__contains=search_key(asked))
    unverified = request.GET.get("etat") == "a-confirmer"
    if unverified:
        found = found.filter(verified=False)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "unverified": unverified,
        "twins": queries.suggest_merges(user)[:20] if not asked and page.number == 1 else [],
        "merges": queries.merges(user)
        .filter(undone_at=None)
        .select_related("gone", "kept", "user")
        .order_by("-at")[:20],
    }
    part = "organisations/list.html" if request.htmx else "organisations/organisations.html"  # type: ignore[attr-defined]
    return render(request, part, context)


@require_GET
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: its spellings, and the choice of another to merge it into."""
    user = administrator(request)
    found = get_object_or_404(queries.organisations(user), pk=pk)
    others = queries.organisations(user).filter(merged_into=None).exclude(pk=pk).order_by("acronym", "name")
    context = {"organisation": found, "aliases": found.aliases.order_by("spelling"), "others": others}
    return render(request, "organisations/organisation.html", context)


@require_POST
def merge(request: HttpRequest) -> HttpResponse:
    """Merges one into the other; the audit row and the reverse are in the action."""
    user = administrator(request)
    known = queries.organisations(user).filter(merged_into=None)
    gone = get_object_or_404(known, pk=_number(request, "gone"))
    kept = get_object_or_404(known, pk=_number(request, "kept"))
    try:
        actions.merge_organisations(user, gone, kept)
    except ValueError as refused:
        messages.error(request, str(refused))
    else:
        said = _(
            "«%(gone)s» est maintenant «%(kept)s». Cette fusion s’annule plus bas.", gone=gone.name, kept=kept.name
        )
        messages.success(request, said)
    return redirect("organisations")


@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    user = administrator(request)
    found = get_object_or_404(queries.merges(user), pk=pk)
    try:
        actions.undo_merge(user, found)
    except ValueError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Fusion annulée : «%(gone)s» est de nouveau à part.", gone=found.gone.name))
    return redirect("organisations")


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdigit() else 0


def organisation_choices(user: object) -> list[Organisation]:
    """Every organisation that stands, for the lists of the other screens."""
    return list(queries.organisations(user).filter(merged_into=None).order_by("acronym", "name"))  # type: ignore[arg-type]
