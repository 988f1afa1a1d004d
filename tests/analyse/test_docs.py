"""The pages about figures say what the declarations say."""

from __future__ import annotations

import re
from pathlib import Path

from danbe.analyse.describe import declared_markdown
from danbe.analyse.diff import CAUSES
from danbe.analyse.indicator import INDICATORS
from danbe.reference.words import english

ROOT = Path(__file__).parent.parent.parent


def test_the_list_of_figures_is_current():
    page = (ROOT / "docs" / "figures-declared.md").read_text("utf-8")
    assert page.endswith(declared_markdown()), "run `make docs`"
    assert all(f"## `{i}`" in page for i in INDICATORS)


def test_every_french_string_has_its_english():
    """What labels, explanations and commands say through gettext, and the causes of a change."""
    known = english()._catalog
    found = set(CAUSES.values())
    for file in (ROOT / "src/danbe/analyse").glob("*.py"):
        found |= set(re.findall(r'\bsay\(\s*"([^"]+)"', file.read_text("utf-8")))
    assert len(found) > 20
    assert found - set(known) == set()
