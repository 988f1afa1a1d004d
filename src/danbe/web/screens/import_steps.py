"""The steps of an import: columns, remarks, names of places and organisations, preview, entry, undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from danbe.collect.actions import confirm_mapping
from danbe.collect.workbooks.reading import WorkbookRefused
from danbe.curate.actions import response as actions
from danbe.curate.actions.response import ImportOptions
from danbe.curate.models import Batch
from danbe.curate.queries import response as queries
from danbe.curate.response.issues import RULES, message, what
from danbe.reference.catalogue import ACTIVITIES
from danbe.register.models import User
from danbe.web import tasks
from danbe.web.language import _, current
from danbe.web.queries import columns as column_queries
from danbe.web.queries import names as name_queries
from danbe.web.queries.work import work_on
from danbe.web.screens.imports import find_batch

PAGE = 50


def _draft(request: HttpRequest, pk: int) -> tuple[User, Batch] | None:
    """The batch, if it is a draft that nobody is reading; ``None`` sends the person to the batch's own page."""
    user, found = find_batch(request, pk)
    return (user, found) if found.state == Batch.State.DRAFT and not work_on(found, current()).busy else None


def _read_again(user: User, batch: Batch, options: ImportOptions, then: str) -> HttpResponse:
    """Hands the reading to the worker with other options; its page shows the progress, then the step ``then``."""
    with transaction.atomic():
        transaction.on_commit(lambda: tasks.read_batch.enqueue(batch.pk, user.pk, options.to_json(), then))
    return redirect("batch", pk=batch.pk)


def _options(batch: Batch, **changes: Any) -> ImportOptions:
    return ImportOptions.from_json({**batch.options, **changes})


@never_cache
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sheet, and what each header means; confirmed once per organisation."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("batch", pk=pk)
    user, batch = draft
    if request.method == "POST" and "sheet" in request.POST:
        # Another sheet: whatever was said of the columns of the first no longer holds.
        return _read_again(user, batch, _options(batch, sheet=request.POST["sheet"], mapping=None), "columns")
    try:
        understood = column_queries.understood(batch)
    except WorkbookRefused as refused:
        messages.error(request, refused.en if current() == "en" else refused.fr)
        return redirect("imports")
    if request.method == "POST":
        mapping, twice = _mapping(request, understood)
        if not twice:
            said = {h.header: next((c for c, i in mapping.items() if i == h.index), "") for h in understood.headers}
            confirm_mapping(user, batch.organisation, said)
            if mapping == _current_mapping(understood):
                return redirect("issues", pk=pk)
            return _read_again(user, batch, _options(batch, sheet=understood.sheet, mapping=mapping), "issues")
        labels = ", ".join(f"«{ACTIVITIES[name].label(current())}»" for name in twice)
        messages.error(request, _("Deux colonnes du fichier ne peuvent pas être la même : %(labels)s.", labels=labels))
    context = {
        "batch": batch,
        "step": "columns",
        "understood": understood,
        "missing": [ACTIVITIES[name].label(current()) for name in understood.missing],
        "choices": [(c.name, c.label(current())) for c in ACTIVITIES.readable],
        "labels": {c.name: c.label(current()) for c in ACTIVITIES.readable},
    }
    return render(request, "imports/columns.html", context)


def _mapping(request: HttpRequest, understood: column_queries.Understood) -> tuple[dict[str, int], list[str]]:
    mapping: dict[str, int] = {}
    twice: list[str] = []
    known = {c.name for c in ACTIVITIES.readable}
    for header in understood.headers:
        name = request.POST.get(f"c{header.index}", header.column)
        if name and name not in known:
            raise Http404
        if name in mapping:
            twice.append(name)
        elif name:
            mapping[name] = header.index
    return mapping, twice


def _current_mapping(understood: column_queries.Understood) -> dict[str, int]:
    return {h.column: h.index for h in understood.headers if h.column}


@require_GET
def issues(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong with the file, grouped by rule; one rule at a time in full."""
    user, batch = find_batch(request, pk)
    if batch.state == Batch.State.READING:
        return redirect("batch", pk=pk)
    counts: dict[str, int] = dict(batch.result.get("issues") or {})
    rule = request.GET.get("regle", "")
    if rule and rule not in RULES:
        raise Http404
    first = queries.first_issues(user, batch, each=3)
    sheet = batch.result.get("sheet", "")
    groups = [
        {"rule": RULES[name], "count": count, "messages": [_told(i, sheet) for i in first.get(name, [])]}
        for name, count in counts.items()
        if rule in ("", name)
    ]
    context = {
        "batch": batch,
        "step": "issues",
        "groups": groups,
        "chosen": rule,
        "blocked": batch.result.get("rows_blocked", 0),
    }
    if rule:
        page = Paginator(range(counts.get(rule, 0)), PAGE).get_page(request.GET.get("page"))
        found = queries.issues(user, batch, rule=rule, offset=(page.number - 1) * PAGE, limit=PAGE)
        context |= {"page": page, "found": [(i, what(i, current())) for i in found.issues]}
    return render(request, "imports/issues.html", context)


def _told(issue: Any, sheet: str) -> str:
    return message(issue, sheet, current())


@never_cache
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest, pk: int) -> HttpResponse:
    """Organisations and places the file names and Danbe does not know for sure: choose, register, or leave out."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("batch", pk=pk)
    user, batch = draft
    doubts = name_queries.doubts(user, batch)
    if request.method == "POST":
        options = name_queries.decided(user, batch, doubts, request.POST)
        if options.to_json() == ImportOptions.from_json(batch.options).to_json():
            return redirect("preview", pk=pk)
        return _read_again(user, batch, options, "preview")
    context = {
        "batch": batch,
        "step": "names",
        "doubts": doubts,
        "indicators": name_queries.unknown_indicators(batch),
        "may_register": name_queries.may_register(user),
        "registering": batch.options.get("register", ()),
        "organisation_names": name_queries.organisation_names(user)
        if any(d.kind == "organisation" for d in doubts)
        else [],
    }
    return render(request, "imports/names.html", context)


@never_cache
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What entering the file would change: rows added, corrected, withdrawn, blocked."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("batch", pk=pk)
    user, batch = draft
    doubts = name_queries.doubts(user, batch)
    context = {"batch": batch, "step": "preview", "open_doubts": [d for d in doubts if not d.settled]}
    return render(request, "imports/preview.html", context)


@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands the entry of a draft to the worker."""
    draft = _draft(request, pk)
    if draft is None:
        return redirect("batch", pk=pk)
    user, batch = draft
    with transaction.atomic():
        transaction.on_commit(lambda: tasks.commit_batch.enqueue(batch.pk, user.pk))
    return redirect("batch", pk=pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a whole batch back."""
    user, batch = find_batch(request, pk)
    try:
        actions.undo(user, batch)
    except actions.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, _("Import annulé : ses lignes ont été retirées, celles qu’il remplaçait sont revenues.")
        )
    return redirect("batch", pk=pk)
