"""Asking another server: patient, bounded, and clear about what it answered. Secrets live in the session alone."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from danbe.collect.messages import FieldRefused

TRIES = 4
SECONDS = 60
# A page of a thousand records of a long form is some tens of megabytes.
MAX_BYTES = 256 * 1024 * 1024


class Remote:
    """One server and one account on it. ``headers`` or ``basic`` carry the secret, which is never stored or logged."""

    def __init__(self, server: str, headers: dict[str, str] | None = None, pause: float = 1.0) -> None:
        self.server, self.pause = server.rstrip("/"), pause
        self.session = requests.Session()
        self.session.headers.update({"Accept": "application/json", **(headers or {})})
        # A proxy's password or a .netrc of this machine is not meant for that server.
        self.session.trust_env = False

    def get(self, path: str, **parameters: Any) -> requests.Response:
        """Raises ``FieldRefused`` with what the server said. What is passing (429, 5xx, a cut line) is tried again."""
        return self.ask("GET", path, params=parameters or None)

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Only this server is asked, whatever address a page gives for the next one."""
        # Servers behind a proxy give addresses of their inner host: path and query are followed, the host is ours.
        parts = urlsplit(path)
        address = urljoin(self.server + "/", parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else ""))
        if parts.netloc and parts.path.startswith(urlsplit(self.server).path + "/"):
            address = (
                self.server + parts.path[len(urlsplit(self.server).path) :] + (f"?{parts.query}" if parts.query else "")
            )
        last: tuple[Any, str] = (0, "")
        for attempt in range(TRIES):
            if attempt:
                time.sleep(self.pause * 2 ** (attempt - 1))
            try:
                answer = self.session.request(method, address, timeout=SECONDS, allow_redirects=False, **options)
            except requests.RequestException as error:
                last = ("–", type(error).__name__)
                continue
            if answer.status_code < 400:
                return answer
            last = (answer.status_code, _said(answer))
            if answer.status_code not in (408, 429, 500, 502, 503, 504):
                break
        raise FieldRefused("pull.server", server=self.server, status=str(last[0]), why=last[1])


def _said(answer: requests.Response) -> str:
    try:
        told = answer.json()
        text = str(told.get("message") or told.get("detail") or told) if isinstance(told, dict) else str(told)
    except ValueError:
        text = answer.text
    return " ".join(text.split())[:300] or answer.reason
