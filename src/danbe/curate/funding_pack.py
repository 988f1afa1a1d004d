"""What a country pack says of funding: the number FTS gives the country, and figures others published."""

from __future__ import annotations

import tomllib
from importlib import resources


def location(pack: str) -> str:
    """The location id of FTS; '' where the pack does not say."""
    path = resources.files("danbe.packs").joinpath(pack, "funding.toml")
    return str(tomllib.loads(path.read_text("utf-8"))["location"]) if path.is_file() else ""


def published(pack: str) -> bytes | None:
    """The table of published figures with their sources, if the pack has one."""
    path = resources.files("danbe.packs").joinpath(pack, "funding_published.csv")
    return path.read_bytes() if path.is_file() else None
