"""The page of work under way (snapshot, release, publication): it waits, then leads to what was made."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.http.response import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_tasks_db.models import DBTaskResult

from danbe.web.language import _, current
from danbe.web.screens.session import approver

_TITLES = {
    "make_snapshot": "Instantané en cours",
    "build_release": "Publication en préparation",
    "preview_release": "Aperçu en construction",
    "suggest_release": "Recherche de ce qui coûterait moins",
    "publish_release": "Site en construction",
}


def title_of(name: str) -> str:
    return _(_TITLES.get(name, "Travail en cours"))


@never_cache
@require_GET
def job(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Polled by htmx, or reloaded every few seconds without it. Only the jobs of the person who asked."""
    user = approver(request)
    result = DBTaskResult.objects.filter(pk=pk).first()
    if result is None or result.args_kwargs["args"][:1] != [user.pk]:
        raise Http404
    outcome = result.return_value or {}
    if result.status == "SUCCESSFUL" and "error" not in outcome:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": outcome.get("next", "/")})
        return redirect(outcome.get("next", "/"))
    told = str((current() == "en" and outcome.get("error_en")) or outcome.get("error", ""))
    context = {
        "title": title_of(result.task_path.rsplit(".", 1)[-1]),
        "result": result,
        "errors": told.splitlines(),
        "failed": result.status == "FAILED",
    }
    page = "releases/job_part.html" if request.htmx else "releases/job.html"  # type: ignore[attr-defined]
    return render(request, page, context)
