"""The real server (granian) over a real database, started, killed and started again; on the suite's own database."""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.forms.conftest import filled

PREPARE = """
import json, sys
import django
django.setup()
from pathlib import Path
from danbe.collect.actions import receive
from danbe.collect.actions.accesses import give
from danbe.collect.actions.forms import publish_form
from danbe.collect.forms import convert
from danbe.register.models import Organisation, Role, User
convert.java_present = lambda: False
administrator = User.objects.create_user("admin@exemple.org", password="phrase-de-passe-1", role=Role.ADMINISTRATOR)
home = Organisation.objects.create(code="alpha", name="Alpha", search_key="alpha")
monitor = User.objects.create_user("monitor@exemple.org", password="phrase-de-passe-1", role=Role.MONITOR, organisation=home)
publish_form(administrator, receive(administrator, Path(sys.argv[1]), "alerte.xlsx"))
given = give(administrator, monitor, "essai")
print(json.dumps({"username": given.access.username, "secret": given.secret}))
"""

KEPT = """
import json
import django
django.setup()
from danbe.collect.models import Attachment, Submission
from danbe.collect.storage import upload_path
import hashlib
whole = lambda sha: hashlib.sha256(upload_path(sha).read_bytes()).hexdigest() == sha
print(json.dumps({
    "submissions": [s.instance_id for s in Submission.objects.all()],
    "whole": all(whole(s.raw_sha256) for s in Submission.objects.all()) and all(whole(a.sha256) for a in Attachment.objects.all()),
    "attachments": Attachment.objects.count(),
}))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def multipart(xml: bytes, files: dict[str, bytes] | None = None) -> tuple[bytes, str]:
    """The body of a phone's post, and its content type."""
    edge = "----danbe-test-boundary"
    parts = [("xml_submission_file", "submission.xml", "text/xml", xml)]
    parts += [(name, name, "image/jpeg", content) for name, content in (files or {}).items()]
    body = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, filename, kind, content in parts
    )
    return body + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


class Server:
    """One server process on a port of its own. ``environment`` says which database and data folder."""

    def __init__(self, environment: dict[str, str], access: dict[str, str], workers: int = 1, threads: int = 4) -> None:
        self.environment, self.access, self.port = environment, access, free_port()
        self.command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "critical",
            "danbe.web.wsgi:application",
        ]  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        # A group of its own: kill -9 must reach the workers, not only the one who started them.
        self.process = subprocess.Popen(
            self.command, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _attempt in range(300):
            try:
                if self.ask("GET", "/sante/")[0] == 200:
                    return self
            except OSError:
                pass
            except http.client.HTTPException:
                pass
            time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, xml: bytes, files: dict[str, bytes] | None = None) -> int:
        body, kind = multipart(xml, files)
        path = f"/key/{self.access['secret']}/submission"
        return self.ask("POST", path, body, {"Content-Type": kind, "Host": "localhost"})[0]

    def kill(self) -> None:
        """As a power cut would: no signal handler, no goodbye."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def python(self, code: str, *arguments: str) -> Any:
        """Runs code against the same database; what it prints as JSON."""
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def environment_of(folder: Path, database: str = "") -> dict[str, str]:
    """SQLite in ``folder``, or the PostgreSQL database of that name on the suite's server."""
    settings = "danbe.settings.production" if database else "danbe.settings.embedded"
    more = {"DANBE_DB_NAME": database, "DANBE_HTTPS": "0"} if database else {}
    return {
        **os.environ, "DANBE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": settings,
        "DANBE_HOSTS": "localhost 127.0.0.1 testserver", **more,
    }  # fmt: skip


def migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, timeout=180)


def prepare(environment: dict[str, str], form: Path) -> dict[str, str]:
    """An administrator, a monitor, a published form, an access: its user name and secret."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARE, str(form)], env=environment, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def curl() -> str | None:
    return shutil.which("curl")


def kill_again_and_again(server: Server, kills: int, seed: int = 20) -> dict[str, Any]:
    """Four phones post without pause while the server is killed (-9) at moments drawn by lot and started again.

    Told: ``kills``, posts ``tried`` and ``acknowledged``, those ``lost`` (acknowledged, not in the database), those there
    ``twice``, and whether every stored file is ``whole``.
    """
    acknowledged: set[str] = set()
    tried = 0
    lock, over = threading.Lock(), threading.Event()

    def phone() -> None:
        nonlocal tried
        while not over.is_set():
            name = f"uuid:{uuid4()}"
            try:
                status = server.post(filled(name), {f"{name[-12:]}.jpg": os.urandom(20_000)})
            except (OSError, http.client.HTTPException):
                status = 0
                over.wait(0.02)
            with lock:
                tried += 1
                if status in (201, 202):
                    acknowledged.add(name)

    phones = [threading.Thread(target=phone) for _n in range(4)]
    for thread in phones:
        thread.start()
    dice = random.Random(seed)
    try:
        for _kill in range(kills):
            over.wait(dice.uniform(0.0, 0.4))
            server.kill()
            server.start()
    finally:
        over.set()
        for thread in phones:
            thread.join()
    kept = server.python(KEPT)
    names: list[str] = kept["submissions"]
    return {
        "kills": kills, "tried": tried, "acknowledged": len(acknowledged), "lost": sorted(acknowledged - set(names)),
        "twice": len(names) - len(set(names)), "stored": len(names), "whole": kept["whole"],
    }  # fmt: skip
