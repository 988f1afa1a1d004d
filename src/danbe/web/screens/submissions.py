"""Submissions: the queue of those that wait for a review, one submission with its answers, its files and its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from danbe.collect.actions.submissions import review as decide
from danbe.collect.forms.telling import tell
from danbe.collect.messages import FieldRefused
from danbe.collect.models import Submission
from danbe.collect.queries import forms as queries
from danbe.collect.storage import upload_path
from danbe.web.language import _, current
from danbe.web.screens.session import download, signed_in

WAITING = "attente"


@require_GET
def submissions(request: HttpRequest) -> HttpResponse:
    """The queue: what waits for a review first, or any state and form asked for."""
    user = signed_in(request)
    state = request.GET.get("etat", WAITING)
    found = queries.submissions(user).defer("answers")
    known = list(queries.forms(user))
    form = next((f for f in known if str(f.pk) == request.GET.get("formulaire")), None)
    if form is not None:
        found = found.filter(form=form)
    if state == WAITING:
        found = found.filter(review_state__in=(Submission.Review.RECEIVED, Submission.Review.IN_REVIEW))
        found = found.order_by("received_at", "pk")
    elif state in Submission.Review.values:
        found = found.filter(review_state=state)
    page = Paginator(found, 30).get_page(request.GET.get("page"))
    query = f"etat={state}&" + (f"formulaire={form.pk}&" if form else "")
    context = {"page": page, "state": state, "form": form, "forms": known, "query": query}
    return render(request, "forms/submissions.html", context)


def _found(request: HttpRequest, pk: int) -> Submission:
    visible = queries.visible(signed_in(request)).select_related("form_version")
    return get_object_or_404(visible, pk=pk)


@require_GET
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Answers in the form's language; what replaced it, or what it replaced; who decided what about it."""
    user = signed_in(request)
    found = _found(request, pk)
    schema = queries.schema_of(user, found)
    files = {a.filename: a for a in queries.attachments(user, found)}
    context = {
        "submission": found,
        "lines": tell(found.answers, schema, current()),
        "files": files,
        "missing": [name for name in found.expected if name not in files],
        "versions": queries.versions_of(user, found),
        "reviews": found.reviews.select_related("user").order_by("-at", "-pk"),
        "may_review": queries.reviewable(user).filter(pk=pk).exists() and not found.superseded_by_id,
    }
    return render(request, "forms/submission.html", context)


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    try:
        decide(signed_in(request), found, request.POST.get("etat", ""), request.POST.get("motif", ""))
    except FieldRefused as refused:
        messages.error(request, refused.text(current()))
    else:
        messages.success(request, _("C’est noté."))
    return redirect("submission", pk=pk)


@require_GET
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """A file of a submission, to save."""
    found = _found(request, pk)
    file = next((a for a in queries.attachments(signed_in(request), found) if a.pk == attachment), None)
    if file is None:
        raise Http404
    return download(upload_path(file.sha256), file.filename, "application/octet-stream")


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submission as it came, byte by byte."""
    found = _found(request, pk)
    pulled = found.source in (Submission.Source.KOBO, Submission.Source.CENTRAL)
    name = f"{found.form.form_id}-{found.pk}.{'json' if pulled else 'xml'}"
    return download(upload_path(found.raw_sha256), name, "application/octet-stream")
