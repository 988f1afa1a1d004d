"""The public site, served from the data folder: plain files, nothing computed, no database, no cookies."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

_HEADERS = (
    ("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
     "script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'self'; form-action 'self'; "
     "frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
)  # fmt: skip

_ABSENT = (
    "<!doctype html><html lang=fr><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Danbe</title><h1>Page introuvable</h1><p>"
    "Rien n’est publié à cette adresse. Si aucune publication n’a encore été faite, "
    "elle se prépare dans l’application, sous «Publications».</p></html>"
)


def _absent(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/html; charset=utf-8"), *_HEADERS])
    return [_ABSENT.encode()]


def site_application(folder: Path) -> WhiteNoise:
    """A WSGI application over ``folder`` (``site/current``), which may be swapped while it runs.

    Files are looked up at each request (``autorefresh``), so that a publication shows at once.
    """

    def headers_of(headers: Any, path: str, url: str) -> None:
        for name, value in _HEADERS:
            headers[name] = value

    class Site(WhiteNoise):
        def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
            if not folder.is_dir():
                return _absent(environ, start_response)
            return super().__call__(environ, start_response)

    folder.parent.mkdir(parents=True, exist_ok=True)
    return Site(
        _absent,
        root=str(folder),
        index_file=True,
        autorefresh=True,
        max_age=60,
        charset="utf-8",
        add_headers_function=headers_of,
    )


def application_from_environment() -> WhiteNoise:
    """What granian serves on the site's port."""
    return site_application(Path(os.environ.get("DANBE_DATA", "var")).resolve() / "site" / "current")


application = application_from_environment() if os.environ.get("DANBE_SERVE_SITE") else None
