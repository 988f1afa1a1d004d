"""Likely duplicates: two incidents side by side, and a person who says whether they are one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from danbe.curate.actions import duplicates as actions
from danbe.curate.models import DuplicateProposal
from danbe.curate.queries import incidents as queries
from danbe.register.audit import NotAllowed, may
from danbe.register.models import User
from danbe.web.language import _, ngettext
from danbe.web.screens.monitoring import sees_rows

SHOWN = 15


def _decides(request: HttpRequest) -> User:
    user = sees_rows(request)
    if not may(user, "incidents.merge"):
        raise NotAllowed(f"{user.username}: duplicates")
    return user


@never_cache
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    user = _decides(request)
    parts = "first__violations__victims", "second__violations__victims"
    open_ = queries.proposals(user).prefetch_related(*parts)
    merged = queries.proposals(user, DuplicateProposal.State.MERGED).order_by("-decided_at")
    context = {"proposals": open_[:SHOWN], "waiting": open_.count(), "merged": merged[:SHOWN]}
    return render(request, "monitoring/duplicates.html", context)


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Looks for likely duplicates among all incidents the person sees."""
    found = actions.propose_duplicates(_decides(request))
    messages.success(request, ngettext("%(n)s nouvelle paire proposée.", "%(n)s nouvelles paires proposées.", found))
    return redirect("duplicates")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Merged with one of the two kept, or two distinct incidents, or a merge taken back."""
    user = _decides(request)
    proposal = get_object_or_404(queries.proposals(user, state=""), pk=pk)
    verb = request.POST.get("decision", "")
    try:
        if verb in ("first", "second"):
            actions.merge(user, proposal, proposal.first if verb == "first" else proposal.second)
            messages.success(request, _("Un seul incident compte désormais ; l’autre reste, marqué doublon."))
        elif verb == "distinct":
            actions.keep_both(user, proposal)
        elif verb == "undo":
            actions.undo_merge(user, proposal)
            messages.success(request, _("Fusion annulée : les deux incidents comptent de nouveau."))
    except actions.AlreadyDecided:
        messages.error(request, _("Cette paire a été décidée entre-temps. Voyez la liste à jour."))
    return redirect("duplicates")
