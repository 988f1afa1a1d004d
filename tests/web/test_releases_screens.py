"""The screens of the release flow: two people at two browsers, hidden cells marked and explained, pages before they are public."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from danbe.web import inside
from danbe.web.models import Release
from tests.web.releases_world import drafted, figures_are_there, light_site, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def made_up(monkeypatch: Any) -> None:
    from danbe.publish.site import build

    figures_are_there(monkeypatch)
    monkeypatch.setattr(build, "build_site", light_site)


@pytest.fixture
def coordination(world: dict[str, Any]) -> Client:
    """A browser in which the cluster's coordinator is signed in."""
    from danbe.register.models import Role, User

    client = Client()
    client.force_login(User.objects.create_user("coord@exemple.org", role=Role.COORDINATOR))
    return client


@pytest.fixture
def ready(world: dict[str, Any], data_folder: Path) -> Release:
    return drafted(world["administrator"], snapshot(data_folder, world["administrator"]))


def test_two_people_at_two_browsers(
    send: Any, admin: Client, coordination: Client, world: dict[str, Any], data_folder: Path
) -> None:
    frozen = snapshot(data_folder, world["administrator"])
    job = send(admin, "/publications/preparer/", {"snapshot": frozen.snapshot_id}).headers["Location"]
    page = admin.get(job).headers["Location"]
    release = Release.objects.get()
    assert page == f"/publications/{release.release_id}/"
    assert release.release_id in coordination.get("/").text, "the coordinator's first page shows what waits"
    told = admin.get(page).text
    assert "à relire" in told and "0 sur 2" in told and "Mettre en ligne" not in told
    assert "Cochez la case" in admin.post(page + "approuver/", {"role": "IM"}, follow=True).text
    form = {"role": "IM", "read": "yes", "against": ""}
    assert "L’autre revient à une autre personne" in admin.post(page + "approuver/", form, follow=True).text
    assert "déjà approuvé" in admin.post(page + "approuver/", form, follow=True).text
    assert "ne change plus" in coordination.post(page + "approuver/", {**form, "role": "COORD"}, follow=True).text
    assert "signée" in admin.get(page).text and "Mettre en ligne" in admin.get(page).text
    job = send(coordination, page + "publier/").headers["Location"]
    assert coordination.get(job).headers["Location"] == page
    assert "en ligne" in admin.get("/publications/").text
    assert (data_folder / "site" / "current" / "data" / "approvals.json").is_file()
    assert "ne se retire pas" in admin.post(page + "retirer/", follow=True).text


def test_a_refusal_is_a_page_that_says_why(send: Any, admin: Client, world: dict[str, Any], data_folder: Path) -> None:
    bad = snapshot(data_folder, world["administrator"], 1, presence={"aor": "Un nom"})
    job = send(admin, "/publications/preparer/", {"snapshot": bad.snapshot_id}).headers["Location"]
    page = admin.get(job).headers["Location"]
    assert "/brouillons/" in page
    assert "hors de sa liste" in admin.get(page).text and "Un nom" in admin.get(page).text
    admin.post("/langue/", {"language": "en", "next": "/"})
    assert "Refused by the disclosure gate" in admin.get(page).text
    assert "refused" in admin.get("/publications/").text


def test_publishing_without_two_approvals_is_told(send: Any, admin: Client, ready: Release) -> None:
    job = send(admin, f"/publications/{ready.release_id}/publier/").headers["Location"]
    assert "2 personnes" in admin.get(job).text


def test_hidden_cells_are_marked_and_each_says_why(admin: Client, ready: Release) -> None:
    base = f"/publications/{ready.release_id}/"
    page = admin.get(base + "tables/?table=need_target_reached").text
    cells = re.findall(rf'class="mark mark-(\w+)" href="{base}cases/(\d+)/"', page)
    assert cells
    why = admin.get(f"{base}cases/{cells[0][1]}/").text
    assert "Masqué : " in why and "Un lecteur voit" in why
    admin.post("/langue/", {"language": "en", "next": "/"})
    assert "Hidden: " in admin.get(f"{base}cases/{cells[0][1]}/").text
    assert admin.get(base + "cases/0/").status_code == admin.get(base + "cases/99999/").status_code == 404
    assert admin.get(base + "tables/?motif=humeur").status_code == 404
    part = admin.get(base + "tables/?lignes=toutes", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="tableau"')


def test_a_complement_names_what_it_protects(admin: Client, ready: Release) -> None:
    """As the gate tells it: the cells whose subtraction the complement prevents, and the line they share."""
    from danbe.web.queries.releases_cells import cells, explain

    total = {"period": "2025-01/2025-06", "level": "2", "aor": "SCPE"}
    small = [
        {"table": "reach_sex_age", "dims": {**total, "place": place, "sex_age": age}, "measure": "reached",
         "value": 3, "reason": "small_count"}
        for place, age in (("2021:ML0502", "F_0_17"), ("2021:ML0502", "F_18_59"), ("2021:ML0502", "M_0_17"))
    ]  # fmt: skip
    complement = {**small[0], "dims": {**small[0]["dims"], "sex_age": "M_60"}, "value": 40, "reason": "complement"}
    path = inside._path(ready.release_id)
    path.write_text(json.dumps({"cells": [*small, {**complement, "complement_of": small, "protects": 3}]}))
    user = ready.proposed_by
    found = cells(user, ready)
    one = found.hidden[3]
    assert (one.kind, one.protects) == ("complement", (1, 2, 3))
    assert explain(found, one, "fr").sentence == (
        "Masqué : complète 3 petits effectifs de la ligne Bandiagara · SCPE (sinon retrouvables par soustraction)."
    )
    assert "complements 3 small counts of the line Bandiagara · SCPE" in explain(found, one, "en").sentence
    page = admin.get(f"/publications/{ready.release_id}/cases/4/").text
    assert "Ce qu’elle protège" in page and page.count("/cases/") >= 3
    assert "<strong>40</strong>" in page, "people inside may see the true count, on this page only"
    assert ">40<" not in admin.get(f"/publications/{ready.release_id}/tables/?table=reach_sex_age").text


def test_the_pages_before_they_are_public(send: Any, admin: Client, alpha: Client, ready: Release) -> None:
    base = f"/publications/{ready.release_id}/"
    assert admin.get(base + "pages/fr/index.html").status_code == 404
    send(admin, base + "apercu/")
    page = admin.get(base + "pages/fr/index.html")
    assert page.status_code == 200 and "no-store" in page.headers["Cache-Control"]
    assert "'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    for path in ("../../danbe.sqlite3", "fr/../../../keys/release.key", "fr"):
        assert admin.get(base + "pages/" + path).status_code == 404
    assert alpha.get(base + "pages/fr/index.html").status_code == 403
    assert Client().get(base + "pages/fr/index.html").status_code == 302


def test_a_release_made_elsewhere_or_before_still_shows_what_is_hidden(admin: Client, ready: Release) -> None:
    """Without what the gate told, each withheld cell is found in its table, of an unknown kind."""
    inside._path(ready.release_id).unlink()
    page = admin.get(f"/publications/{ready.release_id}/tables/?table=need_target_reached").text
    assert "mark-held" in page


def test_rows_that_came_late_are_told(admin: Client, ready: Release) -> None:
    """A month once published stands until enough of them have come; who approves sees what waits."""
    kept = inside.read(ready.release_id)
    kept["costs"]["held_back"] = [
        {"period": "2025-02", "place": "2021:ML0502", "rows": 3, "waits": True},
        {"period": "2025-01", "place": "2021:ML05", "rows": 1, "waits": False},
    ]
    inside.add(ready.release_id, **kept)
    page = admin.get(f"/publications/{ready.release_id}/").text
    assert "février 2025 · Bandiagara : 3 lignes attendent" in page
    assert "janvier 2025 · Mopti : 1 ligne tardive entre" in page
