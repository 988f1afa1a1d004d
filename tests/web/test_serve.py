"""``danbe serve``: everything starts together, answers, and stops together; the public site is plain files."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str) -> tuple[int, str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def danbe(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from danbe.cli import main; main()", *arguments]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An embedded installation of its own, whatever database the suite runs on."""
    return {**os.environ, "DANBE_DATA": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "danbe.settings.embedded"}


def test_serve_refuses_a_database_that_is_not_set_up(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    found = subprocess.run(
        danbe("serve", "--port", str(free_port()), "--site-port", "0"),
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert found.returncode == 1 and "danbe setup" in found.stderr


def test_serve_answers_and_stops_everything(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True, timeout=120)
    site = tmp_path / "var" / "site"
    (site / "one").mkdir(parents=True)
    (site / "one" / "index.html").write_text("<p>une</p>", "utf-8")
    (site / "current").symlink_to("one")
    port, site_port = free_port(), free_port()
    arguments = danbe("serve", "--port", str(port), "--site-port", str(site_port))
    running = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        for _attempt in range(150):
            try:
                status, body, _headers = get(f"http://127.0.0.1:{port}/sante/")
                if get(f"http://127.0.0.1:{site_port}/")[0] == 200:
                    break
            except OSError:
                time.sleep(0.2)
        assert status == 200 and '"ok"' in body
        status, body, _headers = get(f"http://127.0.0.1:{port}/")
        assert "Se connecter" in body
        style = body.split('rel="stylesheet" href="')[1].split('"')[0]
        status, _body, headers = get(f"http://127.0.0.1:{port}{style}")
        assert status == 200 and "immutable" in headers["Cache-Control"]

        status, body, headers = get(f"http://127.0.0.1:{site_port}/")
        assert body == "<p>une</p>" and "default-src 'self'" in headers["Content-Security-Policy"]
        assert get(f"http://127.0.0.1:{site_port}/../danbe.sqlite3")[0] == 404
        (site / "two").mkdir()
        (site / "two" / "index.html").write_text("<p>deux</p>", "utf-8")
        (site / "next").symlink_to("two")
        (site / "next").replace(site / "current")
        assert get(f"http://127.0.0.1:{site_port}/")[1] == "<p>deux</p>"
        taken = subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert taken.returncode == 1 and str(port) in taken.stderr
    finally:
        running.send_signal(signal.SIGINT)
        out = running.communicate(timeout=30)[0]
    assert running.returncode == 0 and "Arrêté" in out
    with pytest.raises(OSError):
        get(f"http://127.0.0.1:{port}/sante/")
