"""What a pull hands over, whatever server it asked: forms as XForms, submissions as nested answers and verbatim bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from danbe.collect.forms.answers import typed


@dataclass(frozen=True)
class Record:
    """One submission of another server, in the version it stands in there."""

    root_instance_id: str
    instance_id: str
    version: str
    raw: bytes
    answers: dict[str, Any]
    submitted_at: datetime | None
    device_id: str = ""
    review: str = ""
    deprecated_id: str = ""
    attachments: tuple[tuple[str, str], ...] = field(default=())  # (name, address on the server)


@dataclass(frozen=True)
class Page:
    """Records to keep together, and where to go on from once they are kept."""

    records: list[Record]
    cursor: dict[str, Any]


# From instance ids to the review state of those that are here.
Known = Callable[[list[str]], dict[str, str]]


class Puller(Protocol):
    """What ``pulls.kobo`` and ``pulls.central`` are to the action that keeps what they bring."""

    def form(self) -> bytes:
        """The XForm as the server has it now."""

    def version(self, version: str) -> bytes | None:
        """The XForm of an earlier version; None where the server does not keep it."""

    def pages(self, cursor: dict[str, Any], known: Known) -> Iterator[Page]:
        """What is new or changed since ``cursor`` ({}: all)."""

    def attachment(self, address: str) -> bytes: ...


def nest(flat: dict[str, Any], types: dict[str, str], below: str = "") -> dict[str, Any]:
    """KoboToolbox's flat answers («group/question») as ours are nested; repeats are lists in both."""
    found: dict[str, Any] = {}
    for key, value in flat.items():
        relative = key[len(below) + 1 :] if below and key.startswith(below + "/") else key
        parts = relative.split("/")
        place = found
        for name in parts[:-1]:
            inner = place.setdefault(name, {})
            place = inner if isinstance(inner, dict) else {}
        if isinstance(value, list) and all(isinstance(v, dict) for v in value):
            place[parts[-1]] = [nest(item, types, key) for item in value]
        else:
            made = typed(value, types.get(key, "string")) if isinstance(value, str) else value
            if made is not None:
                place[parts[-1]] = made
    return found
