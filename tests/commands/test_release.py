"""``danbe release``: from a snapshot to the public at a terminal, with exit codes and one JSON object for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from danbe.web.models import Draft, Release
from tests.web.releases_world import figures_are_there, light_site, snapshot


@pytest.fixture
def world(db: None, monkeypatch: Any, data_folder: Path) -> dict[str, Any]:
    from danbe.publish.site import build
    from danbe.register.models import Role, User

    figures_are_there(monkeypatch)
    monkeypatch.setattr(build, "build_site", light_site)
    make = User.objects.create_user
    return {
        "system": make("danbe", role=Role.ADMINISTRATOR),
        "im": make("im@exemple.org", password="un-secret-bien-long", role=Role.ADMINISTRATOR),
        "coord": make("coord@exemple.org", password="un-autre-secret", role=Role.COORDINATOR),
        "data": data_folder,
    }


def run(*arguments: str, code: int = 0, stdin: str = "") -> dict[str, Any]:
    """What the command prints as JSON, its exit code being ``code``."""
    from danbe.commands import app

    done = CliRunner().invoke(app, [*arguments, "--json"], input=stdin)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def approve(who: str, password: str, role: str, code: int = 0) -> dict[str, Any]:
    return run("release", "approve", "--as", role, "--user", f"{who}@exemple.org", code=code, stdin=password + "\n")


def test_from_a_snapshot_to_the_public(world: dict[str, Any]) -> None:
    assert "Aucun instantané" in run("release", "build", code=1)["error"]
    snapshot(world["data"], world["im"])
    built = run("release", "build")
    assert built["state"] == "preview" and built["tables"]["monthly"] > 0
    assert (world["data"] / "previews" / built["release"] / "fr" / "index.html").is_file()
    assert "2 personnes" in run("release", "publish", code=1)["error"]
    assert run("release", "verify", code=1)["whole"], "whole, but not signed yet"
    assert approve("im", "un-secret-bien-long", "IM")["approvals"] == 1
    second = approve("coord", "un-autre-secret", "Coordination du cluster")
    assert (second["approvals"], second["state"]) == (2, "signed")
    assert run("release", "publish")["release"] == built["release"]
    listed = run("release", "list")["releases"]
    assert [(r["release"], r["state"], r["approvals"]) for r in listed] == [
        (built["release"], "published", ["IM", "COORD"])
    ]
    verified = run("release", "verify", built["release"][:6])
    assert verified["signed"] and verified["whole"] and len(verified["approvals"]) == 2
    assert run("site", "build")["release"] == built["release"]
    assert "ne se retire pas" in run("release", "withdraw", code=1)["error"]


def test_an_approval_is_a_persons_and_asks_for_the_password(world: dict[str, Any]) -> None:
    snapshot(world["data"], world["im"])
    run("release", "build", "--no-preview")
    assert "mot de passe" in approve("im", "", "IM", code=1)["error"]
    assert "mot de passe" in approve("im", "un-autre-secret", "IM", code=1)["error"]
    assert "Aucun compte" in approve("personne", "x", "IM", code=1)["error"]
    assert "COORD, COCOORD" in approve("im", "un-secret-bien-long", "ROI", code=1)["error"]
    approve("im", "un-secret-bien-long", "IM")
    assert "une autre personne" in approve("im", "un-secret-bien-long", "COORD", code=1)["error"]
    run("release", "approve", "--user", "im@exemple.org", code=2)
    assert Release.objects.get().state == "preview"


def test_a_partner_cannot_approve(world: dict[str, Any]) -> None:
    from danbe.register.models import Organisation, Role, User

    home = Organisation.objects.create(code="a", name="A", search_key="a")
    User.objects.create_user("p@exemple.org", password="un-secret-de-plus", role=Role.PARTNER, organisation=home)
    snapshot(world["data"], world["im"])
    run("release", "build", "--no-preview")
    assert "ne peut pas" in approve("p", "un-secret-de-plus", "COORD", code=1)["error"]


def test_a_refusal_gives_its_reasons_and_leaves_the_previous(world: dict[str, Any]) -> None:
    snapshot(world["data"], world["im"], 1, presence={"aor": "Un nom"})
    refused = run("release", "build", code=1)
    assert "la précédente reste en place" in refused["error"]
    assert refused["reasons"][0]["rule"] == "figures.value" and "Un nom" in refused["reasons"][0]["en"]
    assert [d["state"] for d in run("release", "list")["drafts"]] == ["refused"]
    assert not Release.objects.exists() and Draft.objects.get().state == "refused"


def test_show_and_explain_say_what_is_hidden_and_why(world: dict[str, Any]) -> None:
    snapshot(world["data"], world["im"])
    built = run("release", "build", "--no-preview")
    shown = run("release", "show", built["release"])
    assert sum(sum(kinds.values()) for kinds in shown["hidden"].values()) == shown["costs"]["withheld_in_tables"] > 0
    assert 0 < shown["costs"]["exact"] < 1 and shown["proof"]["unproven"] == 0
    explained = run("release", "explain", "need_target_reached", "aor=SCVBG", "place=Bandiagara")
    assert {c["measure"] for c in explained["cells"]} >= {"reached", "services_delivered"}
    assert all(c["why"].startswith("Masqué : ") for c in explained["cells"])
    first = explained["cells"][0]
    assert run("release", "explain", str(first["n"]), "--lang", "en")["cells"][0]["why"].startswith("Hidden: ")
    run("release", "explain", "nulle_part.rien", code=2)
    run("release", "explain", "need_target_reached.reached", "humeur=bonne", code=2)
    assert "Aucune case" in run("release", "explain", "completeness.received", code=1)["error"]
    run("release", "explain", "99999", code=1)


def test_people_outside_verify_the_open_data_with_the_public_keys(world: dict[str, Any], tmp_path: Path) -> None:
    snapshot(world["data"], world["im"])
    run("release", "build", "--no-preview")
    approve("im", "un-secret-bien-long", "IM")
    approve("coord", "un-autre-secret", "COORD")
    run("release", "publish")
    data = world["data"] / "site" / "current" / "data"
    keys = tmp_path / "keys.json"
    keys.write_bytes((data / "public-keys.json").read_bytes())
    assert run("release", "verify", str(data), "--keys", str(keys))["whole"]
    (data / "monthly.csv").write_text("faux")
    assert "monthly.csv" in run("release", "verify", str(data), "--keys", str(keys), code=1)["error"]
    run("release", "rotate-key")
    assert run("release", "verify")["signed"], "what the old key signed stays verified"


def test_every_verb_answers_without_a_release(world: dict[str, Any]) -> None:
    for verb in ("show", "verify", "publish", "withdraw"):
        assert "Aucune publication" in run("release", verb, code=1)["error"]
        assert "danbe release list" in run("release", verb, "abc", code=1)["error"]
    assert run("release", "list") == {"releases": [], "drafts": []}
