"""ODK Central: OData with its repeats inside, what is new or edited told by two times of the server.

A submission keeps ``__id`` through its edits; ``__system/updatedAt`` moves, and ``__system/edits`` counts them. The
instance id of the current version is asked once for each edited one. Filters on a form's own fields answer 501, so none
is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

from danbe.collect.forms.answers import typed
from danbe.collect.forms.schema import read_xform
from danbe.collect.messages import FieldRefused
from danbe.collect.pulls.fetch import Remote
from danbe.collect.pulls.records import Known, Page, Record

PAGE = 250
REVIEWS = {"approved": "validated", "rejected": "rejected", "hasIssues": "in_review"}


class Central:
    """One form of a project. Signs in with an e-mail address and a password; only the session token travels after."""

    def __init__(
        self, server: str, project: str, form: str, email: str, password: str, page: int = PAGE, pause: float = 1.0
    ) -> None:
        self.remote = Remote(server, pause=pause)
        self.page = page
        self.base = f"/v1/projects/{quote(project, safe='')}/forms/{quote(form, safe='')}"
        self.name = form
        self._types: dict[str, str] | None = None
        token = self.remote.ask("POST", "/v1/sessions", json={"email": email, "password": password}).json()["token"]
        self.remote.session.headers["Authorization"] = f"Bearer {token}"

    def form(self) -> bytes:
        try:
            return self.remote.get(f"{self.base}.xml").content
        except FieldRefused as refused:
            if refused.values.get("status") == "404":
                raise FieldRefused("pull.form", form=self.name, server=self.remote.server) from None
            raise

    def version(self, version: str) -> bytes | None:
        try:
            # Central names the version that has no name «___».
            return self.remote.get(f"{self.base}/versions/{quote(version, safe='') or '___'}.xml").content
        except FieldRefused:
            return None

    def pages(self, cursor: dict[str, Any], known: Known) -> Iterator[Page]:
        """Edits of records already here come again, as do those of the very moment of the cursor; keeping is idempotent."""
        since = cursor.get("since")
        address: str | None = cursor.get("next") or self._first(since)
        latest = cursor.get("latest") or since or ""
        while address:
            told = self.remote.get(address).json()
            rows = told["value"]
            for row in rows:
                latest = max(latest, _changed(row))
            address = told.get("@odata.nextLink")
            done = {"since": latest} if not address else {"since": since, "next": address, "latest": latest}
            yield Page([self._record(row) for row in rows], done)

    def _first(self, since: str | None) -> str:
        address = f"{self.base}.svc/Submissions?%24top={self.page}&%24expand=*&%24count=true"
        if since:
            when = f"__system/submissionDate ge {since} or __system/updatedAt ge {since}"
            address += f"&%24filter={quote(when)}"
        return address

    def _known_types(self) -> dict[str, str]:
        if self._types is None:
            self._types = {f["path"]: f["type"] for f in read_xform(self.form()).schema["fields"]}
        return self._types

    def _record(self, row: dict[str, Any]) -> Record:
        system = row["__system"]
        root = str(row["__id"])
        instance = root
        if system.get("edits"):
            told = self.remote.get(f"{self.base}/submissions/{quote(root, safe='')}").json()
            instance = str((told.get("currentVersion") or {}).get("instanceId") or root)
        return Record(
            root_instance_id=root,
            instance_id=instance,
            version=str(system.get("formVersion") or ""),
            raw=json.dumps(row, ensure_ascii=False, sort_keys=True).encode(),
            answers=clean(row, self._known_types()),
            submitted_at=datetime.fromisoformat(str(system["submissionDate"]).replace("Z", "+00:00")),
            device_id=str(system.get("deviceId") or ""),
            review=REVIEWS.get(system.get("reviewState") or "", ""),
            attachments=self._files(root) if system.get("attachmentsPresent") else (),
        )

    def _files(self, root: str) -> tuple[tuple[str, str], ...]:
        where = f"{self.base}/submissions/{quote(root, safe='')}/attachments"
        listed = self.remote.get(where).json()
        return tuple((a["name"], f"{where}/{quote(a['name'], safe='')}") for a in listed if a.get("exists"))

    def attachment(self, address: str) -> bytes:
        return self.remote.get(address).content


def _changed(row: dict[str, Any]) -> str:
    system = row["__system"]
    return max(str(system.get("updatedAt") or ""), str(system["submissionDate"]))


def clean(row: dict[str, Any], types: dict[str, str], below: str = "") -> dict[str, Any]:
    """The answers without what OData adds: its links, Central's own columns, and nulls; choices as lists, as ours are."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if key.startswith("__") or "@odata" in key or value is None:
            continue
        here = f"{below}/{key}" if below else key
        if isinstance(value, dict):
            value = _point(value) if value.get("type") == "Point" else clean(value, types, here)
        elif isinstance(value, list):
            value = [clean(v, types, here) if isinstance(v, dict) else v for v in value]
        elif isinstance(value, str):
            value = typed(value, types.get(here, "string"))
        if value not in ({}, None):
            found[key] = value
    return found


def _point(value: dict[str, Any]) -> str:
    """GeoJSON back to ODK's «latitude longitude altitude accuracy»."""
    longitude, latitude, *rest = value["coordinates"]
    accuracy = (value.get("properties") or {}).get("accuracy") or 0
    return f"{latitude} {longitude} {rest[0] if rest and rest[0] is not None else 0} {accuracy}"
