"""``danbe forms``: what a person at a terminal, or a program, does with forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.forms.conftest import filled, xlsform


@pytest.fixture
def danbe(people: Any, publish: Any) -> Any:
    from danbe.commands import app
    from danbe.register.models import Role, User

    User.objects.create_user("danbe", role=Role.ADMINISTRATOR)
    return lambda *words: CliRunner().invoke(app, ["forms", *words])


def test_publish_list_submissions_export(danbe: Any, people: Any, tmp_path: Path) -> None:
    from danbe.collect.actions.submissions import receive

    (tmp_path / "alerte.xlsx").write_bytes(xlsform())
    (tmp_path / "g.jpg").write_bytes(b"image")
    done = danbe("publish", str(tmp_path / "alerte.xlsx"), "--media", str(tmp_path / "g.jpg"), "--json")
    assert json.loads(done.stdout)["state"] == "published"
    receive(people["monitor"], filled("uuid:1"))
    assert json.loads(danbe("list", "--json").stdout)["forms"][0]["submissions"] == 1
    assert "uuid:1" in danbe("submissions", "alerte").stdout
    counts = json.loads(danbe("export", "alerte", str(tmp_path / "out"), "--json").stdout)["files"]
    assert counts["alerte-person.csv"] == 2 and (tmp_path / "out" / "alerte-person.csv").exists()


def test_what_cannot_be_done_says_so_and_exits_with_one(danbe: Any, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsform(survey=[["type", "name", "label"], ["select_one absente", "q", "Q"]]))
    done = danbe("publish", str(tmp_path / "a.xlsx"), "--json")
    assert done.exit_code == 1 and json.loads(done.stdout)["rule"] == "form.pyxform"
    assert danbe("submissions", "inconnu").exit_code == 1
    assert danbe("pull", "kobo", "https://kobo.exemple.org", "aXYZ").exit_code == 2
