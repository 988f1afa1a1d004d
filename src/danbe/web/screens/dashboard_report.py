"""A partner's own one-page report, to keep or to send on: PDF or DOCX, in the language of its screen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from danbe.web.language import current
from danbe.web.queries.home import current_year
from danbe.web.queries.partner_report import partner_report
from danbe.web.screens.session import own_organisation, signed_in

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_GET
def own_report(request: HttpRequest, form: str) -> HttpResponse:
    """The report of the organisation of whoever asks; nobody else's has an address."""
    user = signed_in(request)
    own = own_organisation(user)
    if own is None or form not in TYPES:
        raise Http404
    document = partner_report(user, own, current_year(), current())
    if form == "pdf":
        from danbe.publish.documents.pdf import write
    else:
        from danbe.publish.documents.docx import write
    with tempfile.TemporaryDirectory(prefix="danbe-report-") as folder:
        path = Path(folder) / f"rapport.{form}"
        write(document, path)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="danbe-{current_year()}.{form}"'
    return response
