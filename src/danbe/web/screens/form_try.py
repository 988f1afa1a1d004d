"""Trying a form in the browser before it is published: the engine of entry, nothing kept, nothing sent."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from danbe.collect.storage import upload_path
from danbe.web.screens.entry import RELAXED, scripts
from danbe.web.screens.forms import found_version, maker


@csp_update(RELAXED)  # type: ignore[arg-type]  # its types know no view with arguments
@never_cache
@require_GET
def form_try(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """The form of a version, a draft too, to fill as a monitor would."""
    found = found_version(maker(request), pk, version)
    media = {m.filename: reverse("form_try_media", args=[pk, version, m.filename]) for m in found.media.all()}
    context = {"form": found.form, "version": found, "media": media, "scripts": scripts()}
    return render(request, "forms/try.html", context)


@require_GET
def media(request: HttpRequest, pk: int, version: int, filename: str) -> HttpResponseBase:
    """A file that the form shows or looks values up in."""
    found = get_object_or_404(found_version(maker(request), pk, version).media, filename=filename)
    return FileResponse(upload_path(found.sha256).open("rb"), as_attachment=True, filename=filename)
