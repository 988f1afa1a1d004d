"""Forms: the list, a form and its versions, the upload of an XLSForm, its preview, its publication, exports."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.collect.actions import forms as actions
from danbe.collect.actions import receive
from danbe.collect.actions.submissions import export as open_export
from danbe.collect.forms.convert import java_present
from danbe.collect.forms.telling import questions
from danbe.collect.forms.writing import KINDS
from danbe.collect.messages import Refused
from danbe.collect.models import Form, FormVersion, Submission
from danbe.collect.queries import forms as queries
from danbe.collect.storage import upload_path
from danbe.register.audit import NotAllowed, may
from danbe.register.models import User
from danbe.register.sealing import Locked
from danbe.web.language import _, current
from danbe.web.screens.session import XLSX, download, signed_in

ENDINGS = (".xlsx", ".xls", ".xml")


def maker(request: HttpRequest) -> User:
    """The person signed in, if one who makes forms."""
    user = signed_in(request)
    if not may(user, "forms.draft"):
        raise NotAllowed(f"{user.username}: forms")
    return user


@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    rows = []
    for form, count, last in queries.counted_forms(user):
        versions = list(form.versions.all())
        published = next((v for v in versions if v.state == FormVersion.State.PUBLISHED), None)
        draft = any(v.state == FormVersion.State.DRAFT for v in versions)
        rows.append({"form": form, "count": count, "last": last, "published": published, "draft": draft})
    return render(request, "forms/forms.html", {"rows": rows, **_rights(user)})


def _rights(user: User) -> dict[str, bool]:
    verbs = {"makes": "forms.draft", "gives": "accesses.give", "reviews": "submissions.review",
             "exports": "submissions.export", "fills": "submissions.receive", "imports": "exports.load"}  # fmt: skip
    return {name: may(user, verb) for name, verb in verbs.items()}


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Takes an XLSForm and its media; the version waits as a draft until someone has looked at it."""
    user = maker(request)
    context: dict[str, Any] = {
        "endings": ",".join(ENDINGS),
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "java": java_present(),
    }
    if request.method == "GET":
        return render(request, "forms/upload.html", context)
    file = request.FILES.get("fichier")
    if file is None or file.file is None or not (file.name or "").lower().endswith(ENDINGS):
        context["error"] = _("Choisissez un XLSForm (.xlsx, .xls) ou un XForm (.xml).")
        return render(request, "forms/upload.html", context, status=422)
    media = [(m.name or "", m.file) for m in request.FILES.getlist("medias") if m.file]
    try:
        received = receive(user, file.file, file.name or "")
        made = queries.converted(user, received)
        version = actions.draft_form(user, received, media, made)
    except Refused as refused:
        context["error"] = refused.text(current())
        return render(request, "forms/upload.html", context, status=422)
    return redirect("form_version", pk=version.form_id, version=version.pk)


def _form(user: User, pk: int) -> Form:
    return get_object_or_404(queries.forms(user), pk=pk)


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """A form: its versions, what came in, what may be done."""
    user = signed_in(request)
    found = _form(user, pk)
    state = request.GET.get("etat", "")
    rows = queries.submissions(user, found, state if state in Submission.Review.values else None).defer("answers")
    context = {
        "form": found,
        "versions": queries.form_versions(user, found).defer("schema"),
        "page": Paginator(rows, 25).get_page(request.GET.get("page")),
        "state": state,
        "kinds": KINDS,
        "opens": queries.may_read_texts(user),
        **_rights(user),
    }
    return render(request, "forms/form.html", context)


def found_version(user: User, pk: int, version: int) -> FormVersion:
    return get_object_or_404(queries.form_versions(user, _form(user, pk)).select_related("form"), pk=version)


@require_GET
def version(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """The preview: every question in the reader's language, what the checkers remarked, and the button to publish."""
    user = signed_in(request)
    found = found_version(user, pk, version)
    context = {
        "form": found.form, "version": found, "questions": questions(found.schema, current()),
        "media": found.media.order_by("filename"), **_rights(user),
    }  # fmt: skip
    return render(request, "forms/version.html", context)


@require_POST
def publish(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    user = maker(request)
    found = actions.publish_version(user, found_version(user, pk, version))
    messages.success(
        request,
        _("«%(title)s», version %(version)s, est proposée aux téléphones.", title=found.title, version=found.version),
    )
    return redirect("form", pk=pk)


@require_POST
def set_open(request: HttpRequest, pk: int) -> HttpResponse:
    user = maker(request)
    actions.set_open(user, _form(user, pk), request.POST.get("ouvert") == "1")
    return redirect("form", pk=pk)


@require_POST
def protect(request: HttpRequest, pk: int) -> HttpResponse:
    user = maker(request)
    actions.protect(user, _form(user, pk))
    messages.success(request, _("Ce qui sera envoyé avec ce formulaire sera gardé sous clé."))
    return redirect("form", pk=pk)


@require_GET
def workbook(request: HttpRequest, pk: int, version: int) -> HttpResponseBase:
    """The XLSForm as it was uploaded."""
    found = found_version(maker(request), pk, version)
    if found.upload is None:
        return xform(request, pk, version)
    return download(upload_path(found.upload.sha256), found.upload.filename, XLSX)


@require_GET
def xform(request: HttpRequest, pk: int, version: int) -> HttpResponseBase:
    """The XForm phones get."""
    found = found_version(signed_in(request), pk, version)
    return download(upload_path(found.xform_sha256), f"{found.form.form_id}.xml", "text/xml")


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One archive of the files asked for. The private key, if given, serves this answer and is kept nowhere."""
    user = signed_in(request)
    found = _form(user, pk)
    kind = request.POST.get("format", "csv")
    key = request.FILES.get("cle")
    plan = open_export(
        user, found, kind if kind in KINDS else "csv", all_versions=request.POST.get("versions") == "1",
        texts=request.POST.get("textes") == "1",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder) / "export"
        inside.mkdir()
        try:
            plan.write(
                inside,
                key.read(1 << 16) if key else b"",
                request.POST.get("phrase", ""),
                files=request.POST.get("fichiers") == "1",
            )
        except (Refused, Locked) as refused:
            messages.error(request, refused.text(current()) if isinstance(refused, Refused) else str(refused))
            return redirect("form", pk=pk)
        archive = Path(shutil.make_archive(str(Path(folder) / "archive"), "zip", inside))
        # Opened before the folder goes: the open file lives until it is sent.
        response = FileResponse(archive.open("rb"), as_attachment=True, filename=f"{found.form_id}-{kind}.zip")
    response["Cache-Control"] = "no-store, private"
    return response
