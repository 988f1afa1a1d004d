"""Entry in a browser, usable without network: the pages, what they fetch, and where their outbox is emptied.

The form engine (``@getodk/web-forms``) is built by ``make assets``; where it was not, the page says so and nothing else
is missing. Its needs (WebAssembly, styles it writes itself) relax the policy on these pages and nowhere else.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from danbe.collect.models import FormVersion, Submission
from danbe.collect.queries.forms import published_forms
from danbe.collect.storage import upload_path
from danbe.register.models import User
from danbe.web.screens.openrosa import take
from danbe.web.screens.session import signed_in

RELAXED = {
    "script-src": ["'wasm-unsafe-eval'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["blob:"],
    "connect-src": ["'self'", "blob:"],
    "worker-src": ["'self'", "blob:"],
}


def built() -> dict[str, str]:
    """{name: file under static/} of what ``make assets`` built; {} where it did not run."""
    found = finders.find("entry/built.json")
    return _read(found) if isinstance(found, str) else {}


@lru_cache(maxsize=4)
def _read(path: str) -> dict[str, str]:
    return dict(json.loads(Path(path).read_text("utf-8")))


@csp_update(RELAXED)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The forms to fill and the queue of what waits for the network. This page, too, opens without it."""
    user = signed_in(request)
    return render(request, "forms/outbox.html", {"versions": published_forms(user), **_context(user)})


@csp_update(RELAXED)  # type: ignore[arg-type]  # its types know no view with arguments
@require_GET
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """A form to fill. ``pk`` is that of the form, so that the address stays the same from version to version."""
    user = signed_in(request)
    version = _version(user, pk)
    media = {m.filename: reverse("entry_media", args=[pk, m.filename]) for m in version.media.all()}
    context = {"version": version, "media": media, "xform": reverse("entry_form", args=[pk]), **_context(user)}
    return render(request, "forms/entry.html", context)


def _context(user: User) -> dict[str, Any]:
    return {"scripts": scripts(), "who": user.pk}


def scripts() -> dict[str, str]:
    """{name: address} of what was built."""
    return {name: _address(file) for name, file in built().items()}


def _address(file: str) -> str:
    """A built file's own address: its name bears a hash already, and the scripts import one another by that name."""
    return f"{settings.STATIC_URL}entry/{file}"


def _version(user: User, pk: int) -> FormVersion:
    return get_object_or_404(published_forms(user), form_id=pk)


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The XForm, for the page and for the service worker that keeps it. Its version is part of what it says."""
    version = _version(signed_in(request), pk)
    return FileResponse(upload_path(version.xform_sha256).open("rb"), content_type="text/xml; charset=utf-8")


@require_GET
def media(request: HttpRequest, pk: int, filename: str) -> HttpResponseBase:
    found = get_object_or_404(_version(signed_in(request), pk).media, filename=filename)
    return FileResponse(upload_path(found.sha256).open("rb"), as_attachment=True, filename=filename)


@never_cache
@login_not_required
@require_GET
def state(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token a post must carry: asked before the outbox is emptied, as either may have changed.

    What one person queued on a shared computer is never sent in the name of another.
    """
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        return JsonResponse({"who": None})
    return JsonResponse({"who": user.pk, "token": get_token(request)})


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Takes one submission of the outbox: 201 or 202, or the refusal the queue will show."""
    return take(request, signed_in(request), Submission.Source.WEB)


@never_cache
@login_not_required
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from its scope. It changes when what it must keep changes, and so renews itself."""
    files = built()
    if "worker" not in files:
        raise Http404
    keep = [_address(file) for name, file in files.items() if name != "worker"]
    keep += [static(name) for name in ("danbe.css", "web/screens.css", "web/forms.css", "danbe.svg")]
    found = finders.find(f"entry/{files['worker']}")
    code = Path(str(found)).read_text("utf-8")
    head = f"self.DANBE_KEEP = {json.dumps(keep)};\n"
    return HttpResponse(head + code, content_type="text/javascript; charset=utf-8")
