"""What the gate told about a release, for people inside: ``releases/<id>.inside.json``, readable by its owner only.

It holds true counts and which cells are complements of which; it never enters the release and is never published.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from danbe.protect.gate import GateReport


def folder(release_id: str) -> Path:
    """Where the files of a release lie."""
    return Path(settings.DATA) / "releases" / release_id


def preview_folder(release_id: str) -> Path:
    """Where the pages of a release lie before they are public."""
    return Path(settings.DATA) / "previews" / release_id


def _path(release_id: str) -> Path:
    return folder(release_id).with_name(f"{release_id}.inside.json")


def write(release_id: str, report: GateReport | None, **more: Any) -> None:
    """Keeps the gate's report and ``more`` (what changed against the standing release)."""
    told = {
        name: getattr(report, name)
        for name in ("cells", "costs", "coarsened", "proof", "suggestions", "unverified")
        if getattr(report, name, None)
    }
    _keep(release_id, {**told, **more})


def add(release_id: str, **more: Any) -> None:
    """Adds to what was kept, or replaces it."""
    _keep(release_id, {**read(release_id), **more})


def _keep(release_id: str, content: dict[str, Any]) -> None:
    path = _path(release_id)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, default=_plain)
    beside.replace(path)


def read(release_id: str) -> dict[str, Any]:
    """What was kept; empty for a release made before, or elsewhere."""
    path = _path(release_id)
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def _plain(value: Any) -> Any:
    """Numbers of numpy and dataclasses of the gate, as JSON has them."""
    if hasattr(value, "item"):
        return value.item()
    if hasattr(value, "__dict__"):
        return vars(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return str(value)
