"""A form's data that come as a workbook: sent, its mapping looked at and confirmed, imported, the receipt."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from danbe.collect.actions import exports as actions
from danbe.collect.actions import receive
from danbe.collect.forms.exported import RulesRefused
from danbe.collect.forms.schema import words
from danbe.collect.messages import Refused
from danbe.collect.models import Form, FormVersion, Upload
from danbe.collect.queries import exports as queries
from danbe.collect.queries import forms as forms_known
from danbe.register.audit import NotAllowed
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.session import signed_in

ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")


def _imports(request: HttpRequest, pk: int) -> tuple[User, Form, FormVersion]:
    """The person, the form, and the version whose answers a workbook holds: ``?version=``, else the one offered."""
    user = signed_in(request)
    if not queries.may_import(user):
        raise NotAllowed(f"{user.username}: exported workbooks")
    form = get_object_or_404(forms_known.forms(user), pk=pk)
    standing = forms_known.form_versions(user, form).exclude(state=FormVersion.State.DRAFT)
    asked = request.GET.get("version", "")
    if asked.isdigit():
        return user, form, get_object_or_404(standing, pk=int(asked))
    first = standing.filter(state=FormVersion.State.PUBLISHED).first() or standing.first()
    return user, form, first or get_object_or_404(standing)


@never_cache
@require_http_methods(["GET", "POST"])
def exported(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a workbook; the imports so far."""
    user, form, version = _imports(request, pk)
    context: dict[str, Any] = {
        "form": form, "version": version, "versions": forms_known.form_versions(user, form).exclude(state="draft"),
        "imports": Paginator(queries.imports(user, form.pk), 20).get_page(request.GET.get("page")),
        "mappings": queries.mappings(user, version), "endings": ",".join(ENDINGS), "limit": settings.UPLOAD_LIMIT_BYTES,
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "forms/exported.html", context)
    file = request.FILES.get("classeur")
    if file is None or file.file is None or not (file.name or "").lower().endswith(ENDINGS):
        context["error"] = _("Choisissez un classeur .xlsx, .xls ou .ods.")
        return render(request, "forms/exported.html", context, status=422)
    try:
        upload = receive(user, file.file, file.name or "")
    except Refused as refused:
        context["error"] = refused.text(current())
        return render(request, "forms/exported.html", context, status=422)
    return redirect("exported_check", pk=pk, version=version.pk, upload=upload.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int, version: int, upload: int) -> HttpResponse:
    """What each sheet and column becomes and what importing would do; then confirming, then importing."""
    user, form, _default = _imports(request, pk)
    known = forms_known.form_versions(user, form).exclude(state=FormVersion.State.DRAFT)
    asked = get_object_or_404(known, pk=version)
    sent = queries.sent(user, upload)
    if sent is None:
        raise Http404
    try:
        read = queries.grids(sent)
        if request.method == "POST" and request.POST.get("geste") == "importer":
            return _import(request, user, asked, sent, read)
        if request.method == "POST":
            return _confirm(request, user, asked, sent)
        rules, mapping = queries.rules_for(user, asked, read)
    except Refused as refused:
        messages.error(request, refused.text(current()))
        return redirect("exported", pk=pk)
    return render(request, "forms/exported_check.html", _context(user, form, asked, sent, rules, mapping, read))


def _context(
    user: User, form: Form, version: FormVersion, upload: Upload, rules: Any, mapping: Any, read: Any, error: str = ""
) -> dict[str, Any]:
    report = queries.check(user, version, rules, read) if isinstance(rules, dict) else queries.Report(error=error)
    labels = {f["path"]: words(f["label"], version.schema, current()) for f in version.schema["fields"]}
    return {
        "form": form, "version": version, "upload": upload, "mapping": mapping, "report": report, "labels": labels,
        "rules": rules, "text": rules if isinstance(rules, str) else json.dumps(rules, ensure_ascii=False, indent=1),
        "error": error, "problems": told(report.problems[:50]), "organisations": queries.homes(user),
    }  # fmt: skip


def told(problems: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**p, "text": queries.sentence(p, current())} for p in problems]


def _confirm(request: HttpRequest, user: User, version: FormVersion, upload: Upload) -> HttpResponse:
    """Declares the rules shown (or written) and puts them in force: the person has them under their eyes."""
    text = request.POST.get("regles", "")
    try:
        actions.confirm(user, actions.declare(user, version, json.loads(text)))
    except json.JSONDecodeError as wrong:
        error = _("Ligne %(line)s : ce n’est pas du JSON (%(why)s).", line=wrong.lineno, why=wrong.msg)
    except RulesRefused as refused:
        error = str(refused)
    else:
        messages.success(request, _("Correspondance en vigueur. Vous pouvez importer."))
        return redirect("exported_check", pk=version.form_id, version=version.pk, upload=upload.pk)
    context = _context(user, version.form, version, upload, text, None, [], error)
    return render(request, "forms/exported_check.html", context, status=422)


def _import(request: HttpRequest, user: User, version: FormVersion, upload: Upload, read: Any) -> HttpResponse:
    _rules, mapping = queries.rules_for(user, version, read)
    if mapping is None:
        messages.error(request, _("Confirmez d’abord la correspondance."))
        return redirect("exported_check", pk=version.form_id, version=version.pk, upload=upload.pk)
    said = request.POST.get("organisation", "")
    home = queries.homes(user).filter(pk=int(said)).first() if said.isdigit() else None
    done = actions.load(user, mapping, upload, home)
    return redirect("exported_done", pk=version.form_id, done=done.pk)


@never_cache
@require_GET
def done(request: HttpRequest, pk: int, done: int) -> HttpResponse:
    """The receipt of an import: every sheet's rows, stored, here already, or told with the reason."""
    user, form, _version = _imports(request, pk)
    found = get_object_or_404(queries.imports(user, form.pk), pk=done)
    report = queries.Report(**found.report)
    context = {"form": form, "done": found, "report": report, "problems": told(report.problems)}
    return render(request, "forms/exported_done.html", context)
