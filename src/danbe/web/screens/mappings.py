"""How forms become incidents and movements: the declarations, what they would make, their confirmation, their use."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.collect.models import Form
from danbe.curate.actions import mapping as actions
from danbe.curate.models import FormMapping
from danbe.curate.monitoring.mapping import TABLES, MappingRefused
from danbe.curate.queries import mapping as queries
from danbe.register.audit import NotAllowed
from danbe.register.models import User
from danbe.web.language import _, current
from danbe.web.screens.session import signed_in


def _maps(request: HttpRequest) -> User:
    user = signed_in(request)
    if not queries.may_map(user):
        raise NotAllowed(f"{user.username}: mappings")
    return user


@never_cache
@require_GET
def mappings(request: HttpRequest) -> HttpResponse:
    user = _maps(request)
    context = {"mappings": queries.mappings(user), "unmapped": queries.unmapped_forms(user)}
    return render(request, "monitoring/mappings.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what each question becomes, what it would make of the submissions at hand, and new rules."""
    user = _maps(request)
    found = get_object_or_404(queries.mappings(user), pk=pk)
    if request.method == "POST":
        return _declare(request, user, found.form_id, found.form_version)
    return render(request, "monitoring/mapping.html", _context(user, found))


@never_cache
@require_http_methods(["GET", "POST"])
def new_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """The first mapping of a form that has none."""
    user = _maps(request)
    form = get_object_or_404(Form, pk=pk)
    if request.method == "POST":
        return _declare(request, user, form.form_id, "")
    return render(request, "monitoring/mapping.html", {"form": form, "rules": _example(form), "questions": _labels(form.form_id)})  # fmt: skip


def _declare(request: HttpRequest, user: User, form_id: str, version: str) -> HttpResponse:
    text = request.POST.get("regles", "")
    try:
        kept = actions.declare(user, form_id, version, json.loads(text))
    except json.JSONDecodeError as wrong:
        messages.error(request, _("Ligne %(line)s : ce n’est pas du JSON (%(why)s).", line=wrong.lineno, why=wrong.msg))
    except MappingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Brouillon n° %(number)s gardé. Vérifiez, puis confirmez.", number=kept.number))
        return redirect("mapping", pk=kept.pk)
    context = {"form": Form.objects.filter(form_id=form_id).first(), "rules": text, "questions": _labels(form_id)}
    return render(request, "monitoring/mapping.html", context, status=422)


def _context(user: User, found: FormMapping) -> dict[str, Any]:
    labels = _labels(found.form_id, found.form_version)
    return {
        "mapping": found,
        "form": Form.objects.filter(form_id=found.form_id).first(),
        "lines": _lines(found.rules, labels),
        "preview": queries.preview(user, found.form_id, found.rules, version=found.form_version),
        "problems": queries.problems(user, found)[:20],
        "rules": json.dumps(found.rules, ensure_ascii=False, indent=2),
        "questions": labels,
    }


def _labels(form_id: str, version: str = "") -> dict[str, str]:
    """Path of each question → its label in the person's language."""
    schema = queries.schema_of(form_id, version)
    wanted = "(fr)" if current() == "fr" else "(en)"
    found = {}
    for field in schema.get("fields", ()):
        if field.get("type") not in ("group", "note"):
            said = field.get("label") or {}
            found[field["path"]] = next(
                (t for lang, t in said.items() if wanted in lang), next(iter(said.values()), "")
            )
    return found


def _lines(rules: dict[str, Any], labels: dict[str, str]) -> list[dict[str, Any]]:
    """The rules as a person reads them: table, column, the question or constant it comes from, its values."""
    lines = []
    for source in rules.get("sources", ()):
        for name, rule in source["columns"].items():
            paths = rule.get("path") or rule.get("names") or []
            listed = [paths] if isinstance(paths, str) else list(paths)
            lines.append(
                {
                    "table": source["table"],
                    "column": TABLES[source["table"]][name].label(current()),
                    "constant": rule.get("value"),
                    "questions": [(p, labels.get(p, "")) for p in listed],
                    "values": rule.get("values") or {},
                    "default": rule.get("default"),
                }
            )
    return lines


def _example(form: Form) -> str:
    """Rules to begin with: one incident for each submission."""
    first = next((p for p in _labels(form.form_id) if "date" in p.lower()), "…")
    columns = {"event_date": {"path": first}, "record_type": {"value": "DOC"}}
    return json.dumps({"sources": [{"table": "incidents", "repeat": "", "columns": columns}]}, ensure_ascii=False, indent=2)  # fmt: skip


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    user = _maps(request)
    found = get_object_or_404(queries.mappings(user), pk=pk)
    try:
        actions.confirm(user, found)
    except MappingRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Correspondance en vigueur. Lisez maintenant les soumissions."))
    return redirect("mapping", pk=pk)


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Reads the submissions not read yet through the mappings in force."""
    user = _maps(request)
    found = get_object_or_404(queries.mappings(user), pk=pk)
    if found.state != FormMapping.State.CONFIRMED:
        raise Http404
    done = actions.apply(user, found.form_id)
    said = _(
        "%(read)s soumissions lues : %(incidents)s incidents, %(movements)s mouvements, %(refused)s refusées.",
        read=done.read, incidents=done.incidents, movements=done.movements, refused=done.refused,
    )  # fmt: skip
    messages.success(request, said)
    return redirect("mapping", pk=pk)
