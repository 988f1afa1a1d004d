"""Publications (administrator): snapshot, release through the gate, approval, publication, difference."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from danbe.curate.models import Snapshot
from danbe.web import tasks
from danbe.web.language import _
from danbe.web.models import Release
from danbe.web.queries import releases as queries
from danbe.web.screens.session import administrator


@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    user = administrator(request)
    context = {
        "releases": queries.releases(user),
        "standing": queries.standing(user),
        "snapshots": Snapshot.objects.select_related("user").order_by("-at", "-pk")[:20],
    }
    return render(request, "releases/releases.html", context)


@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    """Asks the worker for a snapshot."""
    user = administrator(request)
    job = tasks.make_snapshot.enqueue(user.pk, request.POST.get("note", "")[:250])
    return redirect("job", pk=job.id)


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Asks the worker to pass a snapshot through the gate."""
    user = administrator(request)
    role = request.POST.get("approve_as", "").strip()
    chosen = Snapshot.objects.filter(snapshot_id=request.POST.get("snapshot", "")).first()
    if chosen is None:
        raise Http404
    if not role:
        messages.error(
            request, _("Dites au titre de quelle fonction vous approuvez (par exemple «Coordination du cluster»).")
        )
        return redirect("releases")
    job = tasks.build_release.enqueue(user.pk, chosen.pk, role[:120])
    return redirect("job", pk=job.id)


def _release(request: HttpRequest, release_id: str) -> Release:
    try:
        return queries.release(administrator(request), release_id)
    except (Release.DoesNotExist, Release.MultipleObjectsReturned):
        raise Http404 from None


@require_GET
def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """One release: what it holds, what the gate checked and decided, and the button that publishes it."""
    user = administrator(request)
    found = _release(request, release_id)
    standing = queries.standing(user)
    context = {
        "release": found,
        "standing": standing,
        "audit": _audit(found),
        "others": queries.releases(user).exclude(pk=found.pk),
        "is_standing": standing is not None and standing.pk == found.pk,
    }
    return render(request, "releases/release.html", context)


def _audit(found: Release) -> dict[str, Any]:
    path = queries.folder(found) / "audit.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


@require_POST
def publish(request: HttpRequest, release_id: str) -> HttpResponse:
    """Asks the worker to build the site of this release and swap it in."""
    user = administrator(request)
    found = _release(request, release_id)
    if request.POST.get("approved") != "yes":
        messages.error(request, _("Cochez la case pour confirmer que vous avez lu le rapport du contrôle."))
        return redirect("release", release_id=found.release_id)
    job = tasks.publish_release.enqueue(user.pk, found.pk)
    return redirect("job", pk=job.id)


@require_GET
def diff(request: HttpRequest) -> HttpResponse:
    """«Pourquoi le chiffre a changé»: the figures that differ between two releases, with their causes."""
    user = administrator(request)
    old = _release(request, request.GET.get("de", "") or "-")
    new = _release(request, request.GET.get("a", "") or "-")
    context = {"old": old, "new": new, "difference": queries.difference(user, old, new)}
    return render(request, "releases/diff.html", context)
