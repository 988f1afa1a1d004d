"""Publications: snapshot, gate, approval by two people, publication, difference. For those who approve."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from danbe.protect.release import Damaged
from danbe.protect.signature import NEEDED, SignatureError
from danbe.reference.codelists import codelist
from danbe.register.models import User
from danbe.web import inside, tasks
from danbe.web.actions import releases_approve as actions
from danbe.web.actions.releases import ReleaseError
from danbe.web.language import _, current
from danbe.web.models import Draft, Release
from danbe.web.queries import releases as queries
from danbe.web.queries.releases_cells import LABELS, cells, met
from danbe.web.queries.releases_changes import told
from danbe.web.queries.releases_costs import costs, exactly
from danbe.web.queries.releases_words import Words, words_of
from danbe.web.screens.session import approver

SHOWN = 15
"""Figures that changed, shown on the page of a release; the others stand one link away."""


@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    user = approver(request)
    context = {
        "releases": queries.releases(user),
        "drafts": queries.drafts(user),
        "standing": queries.standing(user),
        "snapshots": queries.snapshots(user)[:20],
    }
    return render(request, "releases/releases.html", context)


@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    """Asks the worker for a snapshot."""
    user = approver(request)
    job = tasks.make_snapshot.enqueue(user.pk, request.POST.get("note", "")[:250])
    return redirect("job", pk=job.id)


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Asks the worker to pass a snapshot through the gate, with a suggestion of the gate taken up if one is named."""
    user = approver(request)
    chosen = queries.snapshots(user).filter(snapshot_id=request.POST.get("snapshot", "")).first()
    if chosen is None:
        raise Http404
    suggestions = [name[:120] for name in request.POST.getlist("suggestion") if name][:12]
    job = tasks.build_release.enqueue(user.pk, chosen.pk, {"suggestions": suggestions} if suggestions else {})
    return redirect("job", pk=job.id)


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft that was refused or stopped: why, and what to do."""
    user = approver(request)
    try:
        found = queries.draft(user, pk)
    except Draft.DoesNotExist:
        raise Http404 from None
    if found.release:
        return redirect("release", release_id=found.release.release_id)
    reasons = [r[current()] for r in found.reasons]
    return render(
        request, "releases/draft.html", {"draft": found, "reasons": reasons, "standing": queries.standing(user)}
    )


def asked_release(request: HttpRequest, user: User, release_id: str) -> Release:
    try:
        return queries.release(user, release_id)
    except (Release.DoesNotExist, Release.MultipleObjectsReturned):
        raise Http404 from None


@require_GET
def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """One release: what is hidden and what that costs, what changes, who approved, and the next step."""
    user = approver(request)
    found = asked_release(request, user, release_id)
    hidden = cells(user, found)
    given = list(queries.approvals(user, found))
    changes = queries.told(user, found).get("difference") or {"figures": [], "more": 0}
    mine = next((a for a in given if a.user_id == user.pk), None)
    now = queries.standing(user)
    spent = costs(user, found, hidden)
    context = {
        "release": found,
        "late": spent.late_lines(hidden.words, current()),
        "standing": now,
        "audit": hidden.words.read.audit,
        "kinds": met(hidden),
        "labels": {k: _(v) for k, v in LABELS.items()},
        "counts": hidden.counts(),
        "costs": spent,
        "exactly": exactly,
        "approvals": given,
        "needed": NEEDED,
        "mine": mine,
        "titles": [(i.code, i.label(current())) for i in codelist("approver").items],
        "changes": [
            changed(words_of(inside.folder(found.release_id).resolve()), f) for f in changes["figures"][:SHOWN]
        ],
        "more_changes": changes["more"] + max(0, len(changes["figures"]) - SHOWN),
        "taken_up": queries.taken_up(user, found),
        "suggested": bool(queries.told(user, found).get("suggested")),
        "others": queries.releases(user).exclude(pk=found.pk),
        "previewed": (inside.preview_folder(found.release_id) / "index.html").is_file(),
        "stale": found.state in ("preview", "approved", "signed") and found.against != now,
    }
    return render(request, "releases/release.html", context)


def changed(words: Words, figure: dict[str, Any]) -> dict[str, Any]:
    """A figure that changed, told in the words of the language."""
    return {"table": figure["table"], **asdict(told(words, figure, current()))}


@require_POST
def approve(request: HttpRequest, release_id: str) -> HttpResponse:
    """One person's approval, once they say that they have read what is hidden and what changes."""
    user = approver(request)
    found = asked_release(request, user, release_id)
    if request.POST.get("read") != "yes":
        messages.error(request, _("Cochez la case pour confirmer que vous avez relu l’aperçu et ce qui change."))
        return redirect("release", release_id=found.release_id)
    try:
        found = actions.approve_release(user, found, request.POST.get("role", ""), request.POST.get("against", ""))
    except (ReleaseError, SignatureError) as refused:
        messages.error(request, refused.text(current()))
    except Damaged as damage:
        messages.error(request, str(damage))
    else:
        said = _("Votre approbation est enregistrée. L’autre revient à une autre personne.")
        if found.state in ("approved", "signed"):
            said = _("Deux personnes ont approuvé : la publication ne change plus. Elle peut être mise en ligne.")
        messages.success(request, said)
    return redirect("release", release_id=found.release_id)


@require_POST
def withdraw(request: HttpRequest, release_id: str) -> HttpResponse:
    user = approver(request)
    found = asked_release(request, user, release_id)
    try:
        actions.withdraw_release(user, found)
    except ReleaseError as refused:
        messages.error(request, refused.text(current()))
        return redirect("release", release_id=found.release_id)
    messages.success(
        request, _("La publication %(id)s est retirée : elle ne sera pas mise en ligne.", id=found.release_id)
    )
    return redirect("releases")


@require_POST
def suggest(request: HttpRequest, release_id: str) -> HttpResponse:
    """Asks the worker for plans that would hide less."""
    user = approver(request)
    job = tasks.suggest_release.enqueue(user.pk, asked_release(request, user, release_id).pk)
    return redirect("job", pk=job.id)


@require_POST
def publish(request: HttpRequest, release_id: str) -> HttpResponse:
    """Asks the worker to build the site of this release and swap it in."""
    user = approver(request)
    job = tasks.publish_release.enqueue(user.pk, asked_release(request, user, release_id).pk)
    return redirect("job", pk=job.id)


@require_GET
def diff(request: HttpRequest) -> HttpResponse:
    """«Pourquoi le chiffre a changé»: the figures that differ between two releases, with their causes."""
    user = approver(request)
    old = asked_release(request, user, request.GET.get("de", "") or "-")
    new = asked_release(request, user, request.GET.get("a", "") or "-")
    found = queries.difference(user, old, new)
    words = words_of(inside.folder(new.release_id).resolve())
    figures = [changed(words, f) for f in found["figures"]]
    return render(request, "releases/diff.html", {"old": old, "new": new, "figures": figures, "more": found["more"]})
