"""KoboToolbox, API v2: new records by their number, edits by comparing what each record says of itself.

Records come in order of ``_id``, which only grows. An edit changes ``_uuid`` and keeps ``_id`` and ``meta/rootUuid``;
no time tells of it, so a sweep of a few small fields over all records finds those that changed since we saw them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from danbe.collect.forms.schema import read_xform
from danbe.collect.messages import FieldRefused
from danbe.collect.pulls.fetch import Remote
from danbe.collect.pulls.records import Known, Page, Record, nest

PAGE = 500
SWEEP = 1000
_SMALL = ["_id", "_uuid", "meta/rootUuid", "_validation_status"]
# KoboToolbox's validation status, as our review state.
REVIEWS = {
    "validation_status_approved": "validated",
    "validation_status_not_approved": "rejected",
    "validation_status_on_hold": "in_review",
}


class Kobo:
    """One asset. ``token`` is the API token of an account that sees it."""

    def __init__(self, server: str, asset: str, token: str, page: int = PAGE, pause: float = 1.0) -> None:
        self.asset, self.size = asset, page
        self.remote = Remote(server, {"Authorization": f"Token {token}"} if token else None, pause)
        self._types: dict[str, str] | None = None

    def form(self) -> bytes:
        try:
            return self.remote.get(f"/api/v2/assets/{self.asset}.xml").content
        except FieldRefused as refused:
            if refused.values.get("status") == "404":
                raise FieldRefused("pull.form", form=self.asset, server=self.remote.server) from None
            raise

    def version(self, version: str) -> bytes | None:
        """KoboToolbox gives the current definition only."""
        return None

    def pages(self, cursor: dict[str, Any], known: Known) -> Iterator[Page]:
        last = before = int(cursor.get("last", 0))
        while rows := self._ask({"_id": {"$gt": last}}, self.size):
            last = max(int(r["_id"]) for r in rows)
            yield Page([self._record(r) for r in rows], {"last": last})
        changed = list(self._changed(before, known))
        for start in range(0, len(changed), self.size):
            rows = self._ask({"_id": {"$in": changed[start : start + self.size]}}, self.size)
            yield Page([self._record(r) for r in rows], {"last": last})

    def _ask(self, query: dict[str, Any], limit: int, **more: Any) -> list[dict[str, Any]]:
        answer = self.remote.get(
            f"/api/v2/assets/{self.asset}/data/", query=json.dumps(query), sort='{"_id":1}', start=0, limit=limit,
            format="json", **more,
        )  # fmt: skip
        return list(answer.json()["results"])

    def _changed(self, upto: int, known: Known) -> Iterator[int]:
        """The numbers of earlier records whose version, or whose review, is not here yet."""
        at = 0
        while at < upto:
            rows = self._ask({"_id": {"$gt": at, "$lte": upto}}, SWEEP, fields=json.dumps(_SMALL))
            if not rows:
                return
            here = known([_uuid(r.get("_uuid")) for r in rows])
            for row in rows:
                state = here.get(_uuid(row.get("_uuid")))
                if state is None or (state == "received" and _review(row)):
                    yield int(row["_id"])
            at = max(int(r["_id"]) for r in rows)

    def _record(self, row: dict[str, Any]) -> Record:
        if self._types is None:
            self._types = {f["path"]: f["type"] for f in read_xform(self.form()).schema["fields"]}
        instance = _uuid(row.get("_uuid") or row.get("meta/instanceID"))
        answers = {k: v for k, v in row.items() if not k.startswith(("_", "formhub/", "meta/"))}
        files = tuple(
            (str(a.get("media_file_basename") or a["filename"]).rsplit("/", 1)[-1], str(a["download_url"]))
            for a in row.get("_attachments") or []
            if not a.get("is_deleted")
        )
        return Record(
            root_instance_id=_uuid(row.get("meta/rootUuid")) or instance,
            instance_id=instance,
            version=str(row.get("__version__") or ""),
            raw=json.dumps(row, ensure_ascii=False, sort_keys=True).encode(),
            answers=nest(answers, self._types),
            submitted_at=_moment(row.get("_submission_time")),
            device_id=str(row.get("deviceid") or ""),
            review=_review(row),
            deprecated_id=_uuid(row.get("meta/deprecatedID")),
            attachments=files,
        )

    def attachment(self, address: str) -> bytes:
        return self.remote.get(address).content


def _review(row: dict[str, Any]) -> str:
    return REVIEWS.get((row.get("_validation_status") or {}).get("uid", ""), "")


def _uuid(value: Any) -> str:
    """KoboToolbox writes some identifiers with «uuid:» and some without."""
    text = str(value or "")
    return text if not text or text.startswith("uuid:") else f"uuid:{text}"


def _moment(value: Any) -> datetime | None:
    if not value:
        return None
    found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
