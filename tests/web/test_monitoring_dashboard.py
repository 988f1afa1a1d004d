"""The dashboards of monitoring inside: whose rows count for whom, units apart, one formula for change, files of charts."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from django.test import Client

from danbe.curate.models import Snapshot
from danbe.register.models import Place, Role, User
from danbe.web.queries import monitoring_dashboard as queries
from tests.analyse.monitoring_worlds import Story

HERE = "/suivi/tableau-de-bord/"
SHAPES = {"R1": (0, 0, 2, 1), "R2": (2, 0, 3, 1), "C1": (0, 0, 1, 1), "C2": (1, 0, 2, 1), "C3": (2, 0, 3, 1)}


def told() -> Story:
    """June 2021: 40 violations in C1. June 2022: 60 in C1 (of alpha, two monitors), 20 in C2 and 5 nowhere (of beta)."""
    story = Story()
    before = story.incident("2021-06", organisation_id="alpha")
    story.violation(before, "PROP", 40)
    for monitor in ("m1", "m2"):
        now = story.incident("2022-06", organisation_id="alpha", monitor=monitor)
        story.violation(now, "PROP", 29, [(2, {"sex_age": "F_18_59", "population_status": "PDI"})])
        story.violation(now, "VIE", 1, [(3, {})])
    there = story.incident("2022-06", "C2", organisation_id="beta", monitor="m3")
    story.violation(there, "INTEG", 20)
    nowhere = story.incident("2022-06", None, organisation_id="beta", monitor="m3")
    story.violation(nowhere, "AUTRE", 5)
    story.incident("2022-06", verification="ALERTE", organisation_id="alpha")
    story.movement("2022-06", 120, organisation_id="alpha")
    story.movement("2022-06", 30, "C3", "C1", organisation_id="beta")
    story.movement("2022-06", 7, "C2", None, organisation_id="beta")
    return story


@pytest.fixture
def seen(world: dict[str, Any], data_folder: Path) -> dict[str, Any]:
    """The snapshot of ``told``, and a browser for each role."""
    reader = told().snapshot()
    folder = data_folder / "snapshots" / "0123456789abcdef"
    folder.mkdir(parents=True)
    for name, table in reader.tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    outlines = [{"place_id": p, "kind": "schematic", "wkb": shapely.to_wkb(shapely.box(*b))} for p, b in SHAPES.items()]
    pq.write_table(pa.Table.from_pylist(outlines), folder / "outlines.parquet")
    stated = {**reader.manifest, "snapshot_id": folder.name, "outline_kind": "schematic"}
    (folder / "manifest.json").write_text(json.dumps(stated), "utf-8")
    Snapshot.objects.create(snapshot_id=folder.name)
    region = Place.objects.create(place_id="R1", version="2021", level=1, name="R1", code="R1", search_key="r1")
    people: dict[str, dict[str, Any]] = {
        "coordinator": {"role": Role.COORDINATOR},
        "regional": {"role": Role.REGIONAL, "region": region},
        "supervisor": {"role": Role.SUPERVISOR, "organisation": world["alpha"]},
        "monitor": {"role": Role.MONITOR, "organisation": world["alpha"]},
    }
    clients: dict[str, Any] = {}
    for name, is_ in people.items():
        user = User.objects.create_user(f"{name}@exemple.org", **is_)
        clients[name] = Client()
        clients[name].force_login(user)
        clients[f"{name}_user"] = user
    return {**world, **clients}


KPI = re.compile(
    r'<dt><span>(.+?)</span></dt>\s*<dd><span class="kpi-value">(.*?)</span>'
    r'(?: <span class="kpi-change">(.*?)</span>)?(?:<span class="kpi-note">(.*?)</span>)?</dd>'
)


def strip(client: Client, query: str = "?du=2022-06&au=2022-06") -> dict[str, dict[str, Any]]:
    """The key figures of the page: {label: {value, change, note}}."""
    found = KPI.findall(client.get(HERE + query).text)
    return {label: {"value": _number(value), "change": change, "note": note} for label, value, change, note in found}


def _number(text: str) -> float:
    return float(re.sub(r"[^\d,]", "", text).replace(",", "."))


def chart(client: Client, name: str, query: str = "?du=2022-06&au=2022-06") -> list[list[str]]:
    text = client.get(f"{HERE}{name}.csv{query}").content.decode("utf-8-sig")
    return list(csv.reader(text.splitlines()))[2:]


def test_each_key_figure_has_its_own_unit_and_none_is_a_sum_of_two(seen: dict[str, Any]) -> None:
    found = strip(seen["coordinator"])
    expected = {"Violations": 85, "Incidents": 4, "Victimes": 122, "Mouvements": 3, "Personnes déplacées": 157, "Moniteurs actifs": 3}  # fmt: skip
    assert {name: found[name]["value"] for name in expected} == expected
    assert found["Alertes rapides"]["value"] == 1
    assert "5 de catégorie non précisée" in found["Violations"]["note"]
    assert "6 de sexe ou d’âge non précisé" in found["Victimes"]["note"]


def test_a_change_is_said_against_its_base_and_hidden_under_thirty(seen: dict[str, Any]) -> None:
    violations = strip(seen["coordinator"], "?du=2022-06&au=2022-06")["Violations"]
    assert violations["change"] == "" and "moins de 30" in violations["note"], "May 2022 had none"
    span = strip(seen["supervisor"], "?du=2022-05&au=2022-06")["Violations"]
    assert span["change"] == "" and "rien n’est connu d’avant" in span["note"]
    asked = queries.Filters("2022-06", "2022-06"), queries.Filters("2021-06", "2021-06")
    with queries.opened(seen["coordinator_user"]) as whole:
        assert whole is not None and whole.dashboard.compared(*asked) == (40, 1.125, "")


def test_each_role_counts_its_own_rows_and_a_monitor_none(seen: dict[str, Any]) -> None:
    assert strip(seen["supervisor"])["Violations"]["value"] == 60, "its organisation's"
    regional = strip(seen["regional"], "?du=2022-06&au=2022-06&lieu=R2")
    assert regional["Violations"]["value"] == 80, "its region's, whatever the address says"
    assert regional["Personnes déplacées"]["value"] == 127
    for shut in (seen["monitor"], _client(seen["alpha_user"])):
        assert shut.get(HERE).status_code == 403
        assert shut.get(HERE + "carte.csv").status_code == 403
    assert _client(seen["administrator"]).get(HERE).status_code == 200
    assert HERE in seen["supervisor"].get("/suivi/incidents/").text
    assert HERE not in seen["monitor"].get("/suivi/incidents/").text


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_table_closes_on_the_strip(seen: dict[str, Any]) -> None:
    from danbe.web.screens.monitoring_figures import Board

    asked = [("", 0, "", ""), ("R1", 1, "", ""), ("C1", 2, "", ""), ("", 0, "PROP", "PDI"), ("", 0, "INC", "")]
    with queries.opened(seen["coordinator_user"]) as whole:
        assert whole is not None
        for place, level, category, group in asked:
            filters = queries.Filters("2022-06", "2022-06", place, level, category, group)
            board = Board(whole, filters, whole.dashboard.months())
            assert board.months().rows[-1][-1] == board.strip["violations"]
            heat = board.heat().rows
            assert heat[-1][0] == "Non précisé" and sum(sum(r[1:]) for r in heat) == board.strip["violations"]
            assert sum(r[1] for r in board.pyramid().rows) == board.strip["victims"]
            drawn = board.map()
            assert drawn is not None
            if level < 2:  # there the map shows the neighbours too
                assert sum(r[-1] for r in drawn.rows) == board.strip["violations"]


def test_the_effort_stands_beside_the_raw_trend(seen: dict[str, Any]) -> None:
    assert chart(seen["coordinator"], "effort")[-1][1:] == ["85", "3", "28.33"]


def test_flows_lead_from_and_to_the_place_and_unknown_ends_stay(seen: dict[str, Any]) -> None:
    whole = chart(seen["coordinator"], "flux")
    assert whole[0] == ["Lieu R1", "Lieu R2", "1", "120"] and ["Lieu R1", "Non précisé", "1", "7"] in whole
    cercle = chart(seen["coordinator"], "flux", "?lieu=C1&du=2022-06&au=2022-06")
    assert cercle[:2] == [["Lieu C1", "Lieu C3", "1", "120"], ["Lieu C3", "Lieu C1", "1", "30"]]


def test_the_classes_of_the_map_stay_when_the_filters_change(seen: dict[str, Any]) -> None:
    from danbe.web.screens.monitoring_figures import Board

    with queries.opened(seen["coordinator_user"]) as whole:
        assert whole is not None
        span = whole.dashboard.months()
        asked = [queries.Filters("2022-06", "2022-06"), queries.Filters("2021-06", "2021-06", "R1", 1, "VIE", "PDI")]
        first, second = (Board(whole, f, span).breaks() for f in asked)
    assert first == second and first


def test_every_chart_is_a_picture_a_drawing_and_its_data(seen: dict[str, Any]) -> None:
    client = seen["coordinator"]
    for name in ("mois", "effort", "carte", "categories", "pyramide", "deplaces", "flux"):
        svg = client.get(f"{HERE}{name}.svg").text
        assert svg.startswith("<svg") and "instantané 0123456789abcdef" in svg
        assert chart(client, name)
    picture = client.get(f"{HERE}flux.png")
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n" and picture["Content-Type"] == "image/png"
    assert client.get(HERE + "flux.xls").status_code == client.get(HERE + "autre.svg").status_code == 404


def test_an_address_that_cannot_be_read_opens_what_can_be(seen: dict[str, Any]) -> None:
    found = strip(seen["coordinator"], "?lieu=??&du=x&categorie=??&groupe=&au=2022-06")
    assert found["Violations"]["value"] == 85


def test_it_reads_in_english_and_leads_down_to_a_cercle(seen: dict[str, Any]) -> None:
    page = seen["coordinator"].get(HERE).text
    assert "?lieu=R1" in page.replace("&amp;", "&") and "Non précisé" in page
    seen["coordinator"].cookies["danbe_langue"] = "en"
    page = seen["coordinator"].get(HERE + "?lieu=C1").text
    assert "Monitoring dashboard" in page and "Active monitors" in page and "Violations by cercle" in page


def test_without_a_snapshot_the_page_says_what_to_do(world: dict[str, Any]) -> None:
    user = User.objects.create_user("c@exemple.org", role=Role.COORDINATOR)
    assert "il faut un instantané" in _client(user).get(HERE).text
    assert _client(user).get(HERE + "carte.png").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_it_reads_well_for_everyone(seen: dict[str, Any], live_server: Any, monkeypatch: Any, width: int) -> None:
    """The dashboard, its lists and what areas hand in: no breach of WCAG 2.2 AA, nothing wider than the window."""
    from playwright.sync_api import sync_playwright

    from tests.web.reads import breaches

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    session = seen["coordinator"].cookies["sessionid"].value
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = chromium.new_context(viewport={"width": width, "height": 740})
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        wrong: list[str] = []
        for path in (
            f"{HERE}?du=2022-06&au=2022-06", f"{HERE}?du=2022-06&au=2022-06&region=R1", "/suivi/modules/", "/suivi/incidents/",
            "/suivi/mouvements/", "/suivi/correspondances/", "/suivi/doublons/",
        ):  # fmt: skip
            wrong += breaches(page, live_server.url, path)
        chromium.close()
    assert not wrong, "\n".join(wrong)
