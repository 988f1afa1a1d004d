"""The real server: eight phones at once, curl with Digest, and a hundred deaths that lose nothing acknowledged.

``DANBE_KILLS`` says how often the server is killed (8 here); ``bench/kills.py`` does it a hundred times on each database.
"""

from __future__ import annotations

import http.client
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.forms.conftest import filled, xlsform
from tests.forms.server import KEPT, Server, curl, environment_of, kill_again_and_again, migrate, multipart, prepare

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: Any) -> tuple[Path, dict[str, str]]:
    """A data folder with a database, a form and an access, made once: each test serves a copy of it."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "var").mkdir()
    migrate(environment_of(folder / "var"))
    (folder / "alerte.xlsx").write_bytes(xlsform())
    return folder / "var", prepare(environment_of(folder / "var"), folder / "alerte.xlsx")


@pytest.fixture
def server(tmp_path: Path, transactional_db: Any, request: Any) -> Iterator[Server]:
    from django.db import connection

    if connection.vendor == "postgresql":
        (tmp_path / "var").mkdir()
        (tmp_path / "alerte.xlsx").write_bytes(xlsform())
        environment = environment_of(tmp_path / "var", str(connection.settings_dict["NAME"]))
        access = prepare(environment, tmp_path / "alerte.xlsx")
    else:
        made, access = request.getfixturevalue("embedded")
        shutil.copytree(made, tmp_path / "var")
        environment = environment_of(tmp_path / "var")
    found = Server(environment, access)
    yield found.start()
    found.kill()


def test_eight_identical_posts_at_once_store_one_and_please_all(server: Server) -> None:
    for photo in ({}, {"photo.jpg": b"x" * 100_000}):
        xml = filled(body="<photo>photo.jpg</photo>" if photo else "")
        gate = threading.Barrier(8)

        def post(_n: int, xml: bytes = xml, photo: dict[str, bytes] = photo, gate: Any = gate) -> int:
            gate.wait()
            return server.post(xml, photo)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(post, range(8)))
        assert sorted(answers) == [201, *[202] * 7]
    kept = server.python(KEPT)
    assert len(kept["submissions"]) == 2 and kept["attachments"] == 1


def test_eight_different_posts_at_once_are_all_kept(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: server.post(filled(f"uuid:{n}")), range(24)))
    assert set(answers) == {201} and len(server.python(KEPT)["submissions"]) == 24


def test_curl_signs_in_by_digest(server: Server, tmp_path: Path) -> None:
    if not curl():
        pytest.skip("curl is not installed")
    who = f"{server.access['username']}:{server.access['secret']}"
    base = f"http://localhost:{server.port}/openrosa"

    def run(*arguments: str) -> str:
        command = [str(curl()), "--silent", "--show-error", "--max-time", "30", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "<formID>alerte</formID>" in run("--digest", "-u", who, f"{base}/formList?deviceID=a%3Ab")
    assert run("--digest", "-u", who, "-I", "-o", "/dev/null", "-w", "%{http_code}", f"{base}/submission") == "204"
    file = tmp_path / "submission.xml"
    file.write_bytes(filled("uuid:curl"))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"p" * 3_000_000)
    sent = ["-F", f"xml_submission_file=@{file};type=text/xml", "-F", f"photo.jpg=@{photo}", "-w", "%{http_code}"]
    assert run("--digest", "-u", who, *sent, f"{base}/submission").endswith("201")
    assert run("--digest", "-u", who, *sent, f"{base}/submission").endswith("202")
    assert run("--digest", "-u", f"{server.access['username']}:faux", *sent, f"{base}/submission").endswith("401")
    assert run("--basic", "-u", who, *sent, f"{base}/submission").endswith("401")


def test_a_refused_post_is_read_to_its_end_on_the_wire(server: Server) -> None:
    """The whole of a large body goes out and the answer comes back on one connection, which serves again."""
    body, kind = multipart(filled(), {"photo.jpg": b"p" * 8_000_000})
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    for _again in range(2):
        connection.request("POST", "/openrosa/submission", body, {"Content-Type": kind})
        answer = connection.getresponse()
        assert answer.status == 401 and "Digest" in str(answer.headers["WWW-Authenticate"])
        answer.read()
    connection.close()


def test_no_acknowledged_submission_is_lost_when_the_server_dies(server: Server) -> None:
    """Phones post without pause; the server is killed (-9) at moments drawn by lot, and started again."""
    told = kill_again_and_again(server, int(os.environ.get("DANBE_KILLS", "8")))
    assert told["whole"] and told["acknowledged"] >= told["kills"]
    assert not told["lost"], "acknowledged and lost"
    assert not told["twice"]
