"""Whether a page reads well for everyone, and a picture of it."""

from __future__ import annotations

import os
from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def breaches(page: Any, address: str, path: str) -> list[str]:
    """Serious or critical breaches of WCAG 2.2 AA (axe) on a page, and a page wider than its window.

    ``DANBE_SHOTS`` names the folder where its picture is kept.
    """
    from axe_playwright_python.sync_playwright import Axe

    width = page.viewport_size["width"]
    page.goto(address + path)
    found = [f"{path}: wider than {width}"] if page.evaluate("document.documentElement.scrollWidth") > width else []
    if folder := os.environ.get("DANBE_SHOTS"):
        page.screenshot(path=f"{folder}/{path.replace('/', '_').replace('?', '_')}{width}.png", full_page=True)
    return found + [
        f"{path}: {v['id']} ({v['impact']}) {v['nodes'][0]['html'][:160]}"
        for v in Axe().run(page, options={"runOnly": RULES}).response["violations"]
        if v["impact"] in ("serious", "critical")
    ]
