"""A release before it is public: its pages as they would be, its tables with hidden cells marked, why each is hidden."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from danbe.reference.catalogue.figures import FIGURES, dimensions
from danbe.web import inside, tasks
from danbe.web.language import _, current
from danbe.web.queries.releases_cells import KINDS, LABELS, cells, explain, met, rows
from danbe.web.screens.releases import asked_release
from danbe.web.screens.session import approver

PAGE = 50
# A page of the site opens scripts that are ours and the search index, as on the public server (web.site).
_SITE_POLICY = {"style-src": ["'self'", "'unsafe-inline'"], "script-src": ["'self'", "'wasm-unsafe-eval'"]}


@require_POST
def build(request: HttpRequest, release_id: str) -> HttpResponse:
    """Asks the worker for the pages."""
    user = approver(request)
    job = tasks.preview_release.enqueue(user.pk, asked_release(request, user, release_id).pk)
    return redirect("job", pk=job.id)


@require_GET
def page(request: HttpRequest, release_id: str, path: str) -> HttpResponseBase:
    """A file of the pages as they would be published; to those who approve only."""
    user = approver(request)
    root = inside.preview_folder(asked_release(request, user, release_id).release_id)
    file = root / PurePosixPath(path or "index.html")
    if ".." in PurePosixPath(path).parts or not file.resolve().is_relative_to(root.resolve()) or not file.is_file():
        raise Http404
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = FileResponse(
        file.open("rb"), content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    )
    response["Cache-Control"] = "no-store, private"
    # As ``csp.decorators.csp_replace`` does, whose types know views of one argument only.
    response._csp_replace = _SITE_POLICY  # type: ignore[attr-defined]
    return response


@require_GET
def tables(request: HttpRequest, release_id: str) -> HttpResponse:
    """Every table as it would be public, hidden cells marked with their kind; each leads to its explanation."""
    user = approver(request)
    found = asked_release(request, user, release_id)
    hidden = cells(user, found)
    names = [n for n in FIGURES if n in hidden.words.read.audit["tables"]]
    asked = request.GET.get("table", "")
    counts = hidden.counts()
    name = asked if asked in names else next((n for n in names if counts.get(n)), names[0])
    kind = request.GET.get("motif", "")
    everything = request.GET.get("lignes") == "toutes"
    if kind and kind not in KINDS:
        raise Http404
    listed = rows(hidden, name, current(), only_hidden=not everything, kind=kind)
    part = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    context = {
        "release": found,
        "names": names,
        "name": name,
        "kind": kind,
        "everything": everything,
        "kinds": met(hidden),
        "labels": {k: _(v) for k, v in LABELS.items()},
        "counts": counts,
        "columns": [
            (c.name, c.label(current()), c.unit) for c in FIGURES[name].columns if c.name not in FIGURES[name].key
        ],
        "part": part,
        "query": f"table={name}&motif={kind}&lignes={'toutes' if everything else ''}&",
    }
    return render(request, "releases/tables_part.html" if request.htmx else "releases/tables.html", context)  # type: ignore[attr-defined]


@require_GET
def cell(request: HttpRequest, release_id: str, n: int) -> HttpResponse:
    """Why one cell is hidden."""
    user = approver(request)
    found = asked_release(request, user, release_id)
    hidden = cells(user, found)
    if not 1 <= n <= len(hidden.hidden):
        raise Http404
    one = hidden.hidden[n - 1]
    context = {
        "release": found,
        # Not «cell», which writes a value.
        "cell_": one,
        "labels": {k: _(v) for k, v in LABELS.items()},
        "table": FIGURES[one.table].label(current()),
        "kind": _(LABELS[one.kind]),
        "why": explain(hidden, one, current()),
        "dims": [
            (FIGURES[one.table][d].label(current()), hidden.words.value(d, one.dims.get(d), current()))
            for d in dimensions(FIGURES[one.table])
            if d != "level"
        ],
        "words": hidden.words,
    }
    return render(request, "releases/cell.html", context)
