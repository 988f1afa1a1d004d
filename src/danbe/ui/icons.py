"""OCHA's humanitarian icons, read from the wheel that ships them, cleaned, and set inline. Credit: OCHA (CREDIT)."""

from __future__ import annotations

import importlib.util
import re
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

CREDIT = "Icônes : OCHA"
"""Said in the footer of every page that shows them (OCHA Humanitarian Icons)."""

# The area of responsibility → the icon that the field uses for it.
AOR = {
    "TOTAL": "protection",
    "CP": "protection",
    "SCVBG": "gender-based-violence",
    "SCPE": "child-protection",
    "GT-LAMH": "mine",
    "GT-LTPRN": "house",
    "GT-DOC": "registration",
    "GT-CS": "community-engagement",
    "CMP": "internally-displaced",
    "HORS": "multi-cluster-sector",
}

_NOISE = re.compile(
    r"<\?xml[^>]*\?>|<!--.*?-->|<title>.*?</title>|\s(?:id|data-name|class|style|xmlns)=\"[^\"]*\"", re.S
)
_BODY = re.compile(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.S)


@lru_cache
def folder() -> Path:
    """Where the wheel keeps its icons; found without importing it, because importing it asks for Wagtail."""
    spec = importlib.util.find_spec("wagtailhumanitarianicons")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the wheel wagtail-humanitarian-icons is not installed: run `make demo` or `make test`")
    return Path(next(iter(spec.submodule_search_locations))) / "templates" / "wagtailhumanitarianicons" / "icons"


@lru_cache
def drawing(name: str) -> tuple[str, str]:
    """(viewBox, inner SVG) of an icon; raises ``KeyError`` naming the folder to look in."""
    path = folder() / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise KeyError(f"no icon {name!r} in {folder()}")
    found = _BODY.search(_NOISE.sub("", path.read_text("utf-8")))
    if not found:
        raise ValueError(f"{path.name} is not an SVG with a viewBox")
    return found[1], " ".join(found[2].split())


@lru_cache(maxsize=512)
def icon(name: str, size: int = 24, label: str = "") -> Markup:
    """The icon as inline SVG in the colour of the text. Hidden from screen readers unless it has a ``label``."""
    box, inner = drawing(name)
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    return Markup(  # noqa: S704  the wheel's own drawings
        f'<svg class="icon" width="{size}" height="{size}" viewBox="{box}" fill="currentColor" {named}>{inner}</svg>'
    )


def aor_icon(code: str, size: int = 24) -> Markup:
    """The icon of an area of responsibility."""
    return icon(AOR.get(code, "protection"), size)
