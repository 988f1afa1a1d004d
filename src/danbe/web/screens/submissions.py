"""Submissions: the queue of those that wait for a review, one submission with its answers, its files and its history."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.collect.actions.submissions import open_file, open_texts
from danbe.collect.actions.submissions import review as decide
from danbe.collect.forms.telling import tell
from danbe.collect.messages import FieldRefused
from danbe.collect.models import Attachment, Submission
from danbe.collect.queries import forms as queries
from danbe.collect.storage import upload_path
from danbe.register.sealing import Locked
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
    found = _found(request, pk)
    return _page(request, found, found.answers)


@never_cache
@require_POST
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page with what lies under lock, for this once: each reading is a line in the log."""
    found = _found(request, pk)
    try:
        answers = open_texts(signed_in(request), found)
    except Locked as locked:
        messages.error(request, str(locked))
        return redirect("submission", pk=pk)
    return _page(request, found, answers, shown=True)


def _page(request: HttpRequest, found: Submission, answers: dict[str, Any], shown: bool = False) -> HttpResponse:
    user, pk = signed_in(request), found.pk
    schema = queries.schema_of(user, found)
    files = {a.filename: a for a in queries.attachments(user, found)}
    context = {
        "submission": found,
        "lines": tell(answers, schema, current()),
        "locked": found.sealed and not shown,
        "may_open": queries.may_read_texts(user),
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


@require_http_methods(["GET", "POST"])
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """A file of a submission, to save; one under lock is asked for by POST, and the log says so."""
    found = _found(request, pk)
    file = next((a for a in queries.attachments(signed_in(request), found) if a.pk == attachment), None)
    if file is None:
        raise Http404
    if found.sealed:
        return _unlocked(request, found, file.filename, file)
    return download(upload_path(file.sha256), file.filename, "application/octet-stream")


def _unlocked(
    request: HttpRequest, found: Submission, filename: str, attachment: Attachment | None = None
) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        content = open_file(signed_in(request), found, attachment)
    except Locked as locked:
        messages.error(request, str(locked))
        return redirect("submission", pk=found.pk)
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    response["Cache-Control"] = "no-store, private"
    return response


@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The submission as it came, byte by byte."""
    found = _found(request, pk)
    pulled = found.source not in (Submission.Source.OPENROSA, Submission.Source.WEB)
    name = f"{found.form.form_id}-{found.pk}.{'json' if pulled else 'xml'}"
    if found.sealed:
        return _unlocked(request, found, name)
    return download(upload_path(found.raw_sha256), name, "application/octet-stream")
