"""Pulling from KoboToolbox v2 and ODK Central, answered here by small servers that speak as they do."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest


class Far:
    """Another server: what it holds, how often it was asked, and when it fails."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.xform = b""
        self.versions: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        self.current: dict[str, str] = {}
        self.asked: list[str] = []
        self.fail_after: int | None = None
        self.page = 1000

    def fails(self) -> bool:
        if self.fail_after is None:
            return False
        self.fail_after -= 1
        return self.fail_after < 0


class Handler(BaseHTTPRequestHandler):
    far: Far

    def log_message(self, *_arguments: Any) -> None:
        pass

    def reply(self, content: Any, status: int = 200) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.far.asked.append(self.path)
        if self.far.fails():
            return self.reply({"detail": "panne"}, 500)
        self.answer(urlsplit(self.path).path, {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()})

    def answer(self, path: str, query: dict[str, str]) -> None:
        raise NotImplementedError


class KoboHandler(Handler):
    def answer(self, path: str, query: dict[str, str]) -> None:
        if self.headers["Authorization"] != "Token jeton":
            return self.reply({"detail": "Informations d'authentification non fournies."}, 401)
        if path == "/api/v2/assets/aXYZ.xml":
            return self.reply(self.far.xform)
        if path.startswith("/files/"):
            return self.reply(self.far.files[path])
        if path != "/api/v2/assets/aXYZ/data/":
            return self.reply({"detail": "Pas trouvé."}, 404)
        rows = [r for r in self.far.rows if self.matches(r["_id"], json.loads(query["query"])["_id"])]
        rows = sorted(rows, key=lambda r: r["_id"])[: min(int(query["limit"]), 1000)]
        if "fields" in query:
            rows = [{k: r[k] for k in json.loads(query["fields"]) if k in r} for r in rows]
        self.reply({"count": len(rows), "next": None, "previous": None, "results": rows})

    @staticmethod
    def matches(pk: int, asked: dict[str, Any]) -> bool:
        return asked.get("$gt", 0) < pk <= asked.get("$lte", 10**9) and pk in asked.get("$in", [pk])


class CentralHandler(Handler):
    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        good = self.path == "/v1/sessions" and told == {"email": "a@exemple.org", "password": "mot"}
        self.reply(
            {"token": "t0"} if good else {"code": 401.2, "message": "Could not authenticate."}, 200 if good else 401
        )

    def answer(self, path: str, query: dict[str, str]) -> None:
        base = "/v1/projects/3/forms/alerte"
        if self.headers["Authorization"] != "Bearer t0":
            return self.reply({"message": "no"}, 401)
        if path == f"{base}.xml":
            return self.reply(self.far.xform)
        if match := re.fullmatch(rf"{base}/versions/(.+)\.xml", path):
            found = self.far.versions.get(unquote(match[1]))
            return self.reply(found or {"message": "Could not find"}, 200 if found else 404)
        if match := re.fullmatch(rf"{base}/submissions/([^/]+)", path):
            return self.reply({"currentVersion": {"instanceId": self.far.current[unquote(match[1])]}})
        if match := re.fullmatch(rf"{base}/submissions/([^/]+)/attachments", path):
            return self.reply([{"name": "p.jpg", "exists": True}, {"name": "absent.jpg", "exists": False}])
        if path.endswith("/attachments/p.jpg"):
            return self.reply(b"image")
        rows = list(self.far.rows)
        if "$filter" in query:
            assert re.fullmatch(r"__system/submissionDate ge (\S+) or __system/updatedAt ge \1", query["$filter"]), (
                "501"
            )
            since = query["$filter"].split()[2]
            rows = [r for r in rows if max(r["__system"]["updatedAt"] or "", r["__system"]["submissionDate"]) >= since]
        start, top = int(query.get("$skiptoken", 0)), min(int(query["$top"]), self.far.page)
        told: dict[str, Any] = {"value": rows[start : start + top], "@odata.count": len(rows)}
        if start + top < len(rows):
            more = f"&%24filter={query['$filter'].replace(' ', '%20')}" if "$filter" in query else ""
            # As behind a proxy: the address names another host.
            told["@odata.nextLink"] = (
                f"https://interne.exemple.org{base}.svc/Submissions?%24top={top}&%24expand=*&%24skiptoken={start + top}{more}"
            )
        self.reply(told)


@pytest.fixture
def serve() -> Iterator[Any]:
    running: list[ThreadingHTTPServer] = []

    def start(kind: type[Handler], far: Far) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (kind,), {"far": far}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def far(publish: Any, people: Any) -> Far:
    """A far server that holds our own form «alerte», unknown here."""
    from danbe.collect.models import Form, FormVersion
    from danbe.collect.storage import upload_path

    version = publish()
    made = Far()
    made.xform = upload_path(version.xform_sha256).read_bytes()
    FormVersion.objects.all().delete()
    Form.objects.all().delete()
    return made


def kobo_row(pk: int, **more: Any) -> dict[str, Any]:
    return {
        "_id": pk, "_uuid": f"u{pk}", "meta/instanceID": f"uuid:u{pk}", "meta/rootUuid": f"uuid:u{pk}", "__version__": "v7",
        "_submission_time": f"2026-03-{1 + pk % 28:02}T10:00:00", "_attachments": [], "_validation_status": {},
        "formhub/uuid": "f", "_geolocation": [None, None], "admin1": "tst05", "households": "3", "needs": "eau abri",
        "place/site": "École",
        "person": [{"person/age": "34", "person/document": [{"person/document/kind": "acte"}]}, {"person/age": "7"}],
        **more,
    }  # fmt: skip


def pull_kobo(user: Any, address: str, page: int = 3) -> Any:
    from danbe.collect.pulls.kobo import Kobo
    from danbe.collect.pulls.run import pull

    return pull(user, Kobo(address, "aXYZ", "jeton", page=page, pause=0), "kobo", address, "aXYZ")


def test_kobo_records_arrive_nested_and_typed_once(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Submission
    from danbe.collect.storage import upload_path

    far.rows = [kobo_row(n) for n in range(1, 8)]
    address = serve(KoboHandler, far)
    done = pull_kobo(people["coordinator"], address)
    assert (done.created, done.edited, done.form.form_id) == (7, 0, "alerte")
    kept = Submission.objects.get(instance_id="uuid:u1")
    assert kept.answers == {
        "admin1": "tst05", "households": 3, "needs": ["eau", "abri"], "place": {"site": "École"},
        "person": [{"age": 34, "document": [{"kind": "acte"}]}, {"age": 7}],
    }  # fmt: skip
    assert kept.region == people["tst05"] and kept.form_version.version == "v7"
    assert json.loads(upload_path(kept.raw_sha256).read_bytes()) == far.rows[0]
    again = pull_kobo(people["coordinator"], address)
    assert (again.created, again.edited) == (0, 0) and Submission.objects.count() == 7


def test_kobo_edits_are_found_by_the_sweep_and_reviews_taken_over(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Submission
    from danbe.collect.queries import submissions

    far.rows = [kobo_row(n) for n in range(1, 6)]
    address = serve(KoboHandler, far)
    pull_kobo(people["coordinator"], address)
    far.rows[1] |= {
        "_uuid": "u2bis",
        "meta/instanceID": "uuid:u2bis",
        "meta/deprecatedID": "uuid:u2",
        "households": "9",
    }
    far.rows[2]["_validation_status"] = {"uid": "validation_status_approved"}
    far.rows.append(kobo_row(6))
    done = pull_kobo(people["coordinator"], address)
    assert (done.created, done.edited, done.reviewed) == (1, 1, 1)
    edited = submissions(people["coordinator"], done.form).get(root_instance_id="uuid:u2")
    assert (edited.answers["households"], edited.deprecated_id) == (9, "uuid:u2")
    assert Submission.objects.get(instance_id="uuid:u3").review_state == "validated"
    assert pull_kobo(people["coordinator"], address).edited == 0


def test_a_pull_cut_short_goes_on_where_it_stopped(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.messages import FieldRefused
    from danbe.collect.models import Submission

    far.rows = [kobo_row(n) for n in range(1, 11)]
    address = serve(KoboHandler, far)
    far.fail_after = 4  # the form, its reading, two pages: then nothing but errors
    with pytest.raises(FieldRefused, match="500"):
        pull_kobo(people["coordinator"], address)
    kept = Submission.objects.count()
    assert 0 < kept < 10
    far.fail_after, far.asked = None, []
    assert pull_kobo(people["coordinator"], address).created == 10 - kept
    assert not any("%22%24gt%22%3A+0" in a and "fields" not in a for a in far.asked), (
        "what was here is not fetched again"
    )


def test_kobo_attachments_come_with_their_record(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Attachment
    from danbe.collect.storage import upload_path

    address = serve(KoboHandler, far)
    far.files["/files/p.jpg"] = b"image"
    files = [
        {"filename": "x/attachments/p.jpg", "media_file_basename": "p.jpg", "download_url": f"{address}/files/p.jpg"}
    ]
    far.rows = [kobo_row(1, photo="p.jpg", _attachments=files)]
    pull_kobo(people["coordinator"], address)
    kept = Attachment.objects.get()
    assert (kept.filename, upload_path(kept.sha256).read_bytes()) == ("p.jpg", b"image")


def test_a_wrong_token_is_told_in_the_servers_words(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.messages import FieldRefused
    from danbe.collect.pulls.kobo import Kobo
    from danbe.collect.pulls.run import pull

    address = serve(KoboHandler, far)
    with pytest.raises(FieldRefused, match=r"401.*authentification"):
        pull(people["coordinator"], Kobo(address, "aXYZ", "faux", pause=0), "kobo", address, "aXYZ")


def central_row(n: int, **system: Any) -> dict[str, Any]:
    told = {
        "submissionDate": f"2026-03-{n:02}T10:00:00.000Z", "updatedAt": None, "submitterId": "1", "edits": 0,
        "attachmentsPresent": 0, "reviewState": None, "deviceId": "collect:x", "formVersion": "1", **system,
    }  # fmt: skip
    return {
        "__id": f"uuid:c{n}", "__system": told, "admin1": "tst05", "households": 3, "remark": None,
        "place": {"site": "École"}, "needs": "eau abri",
        "person": [{"__id": "x", "age": 34, "document@odata.navigationLink": "…", "document": [{"__id": "y", "kind": "acte"}]}],
        "person@odata.navigationLink": "…",
    }  # fmt: skip


def pull_central(user: Any, address: str) -> Any:
    from danbe.collect.pulls.central import Central
    from danbe.collect.pulls.run import pull

    puller = Central(address, "3", "alerte", "a@exemple.org", "mot", page=4, pause=0)
    return pull(user, puller, "central", address, "alerte", "3")


def test_central_pages_are_followed_whatever_host_they_name(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Submission

    far.rows = [central_row(n) for n in range(1, 11)]
    address = serve(CentralHandler, far)
    assert pull_central(people["coordinator"], address).created == 10
    kept = Submission.objects.get(instance_id="uuid:c1")
    assert kept.answers["person"] == [{"age": 34, "document": [{"kind": "acte"}]}]
    assert kept.answers["place"] == {"site": "École"} and "remark" not in kept.answers
    assert kept.answers["needs"] == ["eau", "abri"]
    again = pull_central(people["coordinator"], address)
    assert (again.created, again.edited) == (0, 0)


def test_central_edits_come_as_new_versions_of_the_same_submission(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Submission
    from danbe.collect.queries import submissions

    far.rows = [central_row(n) for n in range(1, 4)]
    address = serve(CentralHandler, far)
    pull_central(people["coordinator"], address)
    far.rows[0] = central_row(1, updatedAt="2026-04-02T08:00:00.000Z", edits=1, reviewState="edited") | {
        "households": 8
    }
    far.rows[1] = central_row(2, updatedAt="2026-04-03T08:00:00.000Z", reviewState="approved")
    far.current["uuid:c1"] = "uuid:c1bis"
    done = pull_central(people["coordinator"], address)
    assert (done.created, done.edited, done.reviewed) == (0, 1, 1)
    edited = submissions(people["coordinator"], done.form).get(root_instance_id="uuid:c1")
    assert (edited.instance_id, edited.deprecated_id, edited.answers["households"]) == ("uuid:c1bis", "uuid:c1", 8)
    assert Submission.objects.get(instance_id="uuid:c2").review_state == "validated"
    assert Submission.objects.count() == 4
    assert pull_central(people["coordinator"], address).edited == 0


def test_central_earlier_versions_and_attachments(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.models import Attachment, Submission

    far.versions["0"] = far.xform.replace(b'version="1"', b'version="0"').replace(b"Remarque", b"Observation")
    far.rows = [central_row(1, formVersion="0", attachmentsPresent=1)]
    pull_central(people["coordinator"], serve(CentralHandler, far))
    kept = Submission.objects.get()
    labels = [f["label"].get("Français (fr)") for f in kept.form_version.schema["fields"]]
    assert kept.form_version.version == "0" and "Observation" in labels
    assert Attachment.objects.get().filename == "p.jpg"


def test_pulled_forms_are_not_offered_to_phones(far: Far, serve: Any, people: Any) -> None:
    from danbe.collect.queries import published_forms

    far.rows = [central_row(1)]
    pull_central(people["coordinator"], serve(CentralHandler, far))
    assert not published_forms(people["monitor"]).exists()
