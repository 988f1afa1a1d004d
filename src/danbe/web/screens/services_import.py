"""Services from a workbook: the template to fill in, the file sent back, what was stored and what was not."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from danbe.collect.messages import WorkbookRefused
from danbe.curate.actions.services import import_workbook
from danbe.curate.needs import TableRefused
from danbe.curate.services.workbook import template as template_of
from danbe.register.audit import NotAllowed, may
from danbe.web.language import _, current
from danbe.web.screens.session import XLSX, signed_in

BIGGEST = 16 * 2**20


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not may(user, "services.import_workbook"):
        raise NotAllowed(f"{user.username}: services.import_workbook")
    done, sent = None, request.FILES.get("fichier")
    if request.method == "POST":
        if sent is None or (sent.size or 0) > BIGGEST:
            messages.error(request, _("Choisissez un classeur de 16 Mo au plus."))
        else:
            with tempfile.TemporaryDirectory(prefix="danbe-services-") as folder:
                path = Path(folder) / ("classeur" + Path(sent.name or "").suffix.lower()[:6])
                path.write_bytes(sent.read())
                try:
                    done = import_workbook(user, path, sent.name or path.name)
                except (WorkbookRefused, TableRefused) as refused:
                    messages.error(request, getattr(refused, current(), str(refused)))
    problems = [(p.row, p.column, p.value, p.text(current())) for p in done.problems] if done else []
    return render(request, "services/import.html", {"done": done, "problems": problems})


@require_GET
def template(request: HttpRequest) -> FileResponse:
    signed_in(request)
    response = FileResponse(
        BytesIO(template_of(current())), as_attachment=True, filename="danbe-services.xlsx", content_type=XLSX
    )
    response["Cache-Control"] = "no-store, private"
    return response
