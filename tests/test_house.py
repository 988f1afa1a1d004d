"""The rules of the house that no linter holds."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(p for p in (ROOT / "src").rglob("*.py") if "migrations" not in p.parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src" / "danbe")))
def test_a_file_is_a_room_one_can_live_in(path):
    """Under about 300 lines, and opening with what room it is."""
    text = path.read_text("utf-8")
    assert text.count("\n") <= 330, "asking to be two rooms"
    if text.strip() and path.name != "apps.py":
        assert ast.get_docstring(ast.parse(text)), "opens without saying what room it is"


def test_models_need_no_new_migration(db):
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_generated_pages_are_up_to_date():
    from danbe.commands.docs import pages

    for name, text in pages().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, f"docs/{name}: run `make docs`"


def test_every_french_word_has_its_english():
    """Every string marked for translation, in Python and in templates, is in some room's ``.po``."""
    from babel.messages.extract import extract_from_dir

    from danbe.reference.words import english

    methods = [("**.py", "python"), ("**/templates/**.*", "jinja2.ext:babel_extract")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    known = english()._catalog
    missing = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        ROOT / "src" / "danbe", methods, keywords=keywords
    ):
        for text in [message] if isinstance(message, str) else message[:1]:
            if text and text not in known and (text, 0) not in known and (text, 1) not in known:
                missing.add(text)
    assert not missing


def test_documents_point_to_pages_that_exist():
    for page in [ROOT / "README.md", ROOT / "LISEZMOI.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_lock_holds_an_address():
    assert not re.search(r"https?://|index-url", (ROOT / "requirements.lock").read_text("utf-8"))


def test_everything_committed_is_small():
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
        .stdout.decode()
        .split("\0")
    )
    big = [p for p in listed if p and (ROOT / p).exists() and (ROOT / p).stat().st_size > 1_200_000]
    assert not big
