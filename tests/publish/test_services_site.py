"""«Trouver un service» and community mechanisms on the public site: fresh only, light, readable offline, no safe space located."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from danbe.protect.registers import registers_of, write_registers
from danbe.publish.site.build import build_site
from danbe.publish.site.check import problems, read
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from tests.publish import world

DAY = date(2025, 7, 1)
MOPTI = "2021:ML0501"


def service(number: int, days: int = 10, **said: Any) -> dict[str, Any]:
    row = dict.fromkeys(c.name for c in DATASETS["services"].columns)
    return row | {
        "service_id": f"s{number}", "name": f"Centre d’écoute {number}", "organisation_id": "org-a", "categories": "PSS GC",
        "place": MOPTI, "region": "2021:ML05", "cercle": MOPTI, "cost": "GRATUIT", "hours": "8h-16h", "days": "LU MA ME",
        "public_phone": "00 00 00 0" + str(number % 10), "verified_on": DAY - timedelta(days=days), "always_open": False, "public": True,
        "focal_phone": "00 00 99 99", "longitude": -4.19, "latitude": 14.49,
    } | said  # fmt: skip


def rows() -> dict[str, list[dict[str, Any]]]:
    step = dict.fromkeys(c.name for c in DATASETS["referral_pathways"].columns)
    mechanism = dict.fromkeys(c.name for c in DATASETS["mechanisms"].columns)
    return {
        "services": [
            service(1), service(2, 180, name="Juste à temps"), service(3, 181, name="Trop ancien"),
            service(4, name="Jamais vérifié", verified_on=None), service(5, name="Gardé pour les membres", public=False),
            service(6, name="Refuge des femmes", categories="SEC FEM", longitude=None, latitude=None),
            service(7, name="Soins de Douentza", categories="SAN", place="2021:ML0503", cercle="2021:ML0503"),
        ],
        "referral_pathways": [
            step | {"pathway_id": "VIOL-x", "step": n, "need": "VIOL", "place": MOPTI, "region": "2021:ML05", "cercle": MOPTI,
                    "what_fr": what, "category": "SAN", "delay_hours": 72 if n == 1 else None, "service_id": ref, "verified_on": DAY, "public": True}
            for n, what, ref in ((1, "Aller au centre de santé", "s7"), (2, "Écoute", "s3"))
        ],
        "mechanisms": [
            mechanism | {"mechanism_id": f"m{n}", "mechanism_type": "CP", "place": MOPTI, "region": "2021:ML05", "cercle": MOPTI, "score": n % 6,
                         "training": "PROT VBG", "alert_channel": "TEL", "members_women": 3, "public": True}
            for n in range(6)
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = world.make_release(tmp_path_factory.mktemp("release"))
    snapshot = tmp_path_factory.mktemp("snapshot")
    for name, held in rows().items():
        pq.write_table(pa.Table.from_pylist(held, schema=arrow_schema(DATASETS[name])), snapshot / f"{name}.parquet")
    for name in ("places", "organisations"):
        (snapshot / f"{name}.parquet").write_bytes((folder / "tables" / f"{name}.parquet").read_bytes())
    organisations = pq.read_table(snapshot / "organisations.parquet")
    if "verified" not in organisations.column_names:
        organisations = organisations.append_column("verified", pa.array([True] * organisations.num_rows))
        pq.write_table(organisations, snapshot / "organisations.parquet")
    places = pq.read_table(snapshot / "places.parquet").to_pylist()
    full = [dict.fromkeys(c.name for c in DATASETS["places"].columns) | p for p in places]
    pq.write_table(pa.Table.from_pylist(full, schema=arrow_schema(DATASETS["places"])), snapshot / "places.parquet")
    write_registers(snapshot, folder / "registers", registers_of("mli"), DAY)
    return folder


@pytest.fixture(scope="module")
def site(release, tmp_path_factory) -> Path:
    return build_site(release, tmp_path_factory.mktemp("site") / "out", search=False).folder


def test_a_service_not_verified_for_181_days_is_gone_everywhere(site):
    """From the pages, the printable sheets' text, and every file of the open data; one of 180 days is there."""
    import io

    import pyarrow.parquet as pq

    seen = ""
    for path in site.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".geojson", ".js"):
            seen += path.read_text("utf-8")
        elif path.suffix == ".parquet":
            seen += str(pq.read_table(io.BytesIO(path.read_bytes())).to_pylist())
    assert "Juste à temps" in seen and "Centre d’écoute 1" in seen
    assert (site / "data" / "services.csv").read_text("utf-8").count("\n") == 2 + 4
    for gone in ("Trop ancien", "Jamais vérifié", "Gardé pour les membres", "00 00 99 99", "14.49"):
        assert gone not in seen


def test_every_page_of_services_is_whole_light_and_in_both_languages(site):
    assert problems(site) == []
    for language in ("fr", "en"):
        pages = sorted((site / language / "services").glob("*.html"))
        assert len(pages) == 1 + 12 + 12 * 10
        for page in pages:
            files = {page}
            for tag, _name, address in read(page).links:
                if tag in ("link", "script", "img") and address.endswith((".css", ".js", ".svg", ".png")):
                    files.add((page.parent / address).resolve())
            assert sum(len(gzip.compress(f.read_bytes())) for f in files) <= 100_000


def test_what_is_near_comes_after_what_is_here(site):
    page = (site / "fr" / "services" / "soins-de-sante-mopti.html").read_text("utf-8")
    mopti, douentza = page.index('id="mopti"'), page.index('id="douentza"')
    away = page.index("Soins de Douentza", mopti)
    assert "environ" in page[mopti:] and away > mopti
    assert ('href="tel:00000007"' in page and page.index('<article class="service"') > douentza) or away


def test_a_safe_space_is_said_by_its_cercle_and_a_number(site):
    page = (site / "fr" / "services" / "besoin-d-un-lieu-sur-mopti.html").read_text("utf-8")
    assert "Refuge des femmes" in page and "Le lieu exact n’est dit qu’au téléphone." in page


@pytest.mark.pdf
def test_a_pathway_is_one_a5_page_and_names_no_hidden_service(site):
    found = sorted((site / "fr" / "services").glob("circuit-*.pdf"))
    assert len(found) == 1
    told = subprocess.run(["pdfinfo", found[0]], capture_output=True, check=True).stdout.decode()
    assert re.search(r"Pages:\s+1\n", told) and "419.5" in told and "595.2" in told
    text = subprocess.run(["pdftotext", found[0], "-"], capture_output=True, check=True).stdout.decode()
    assert "Soins de Douentza" in text and "72" in text and "Trop ancien" not in text


def test_mechanisms_are_counted_by_cercle_and_say_nothing_of_members(site):
    page = (site / "fr" / "mecanismes.html").read_text("utf-8")
    assert "Mécanismes communautaires par cercle" in page and "Comité de protection" in page
    assert "Téléphone ou message" not in page


def test_the_service_worker_keeps_the_choices_of_this_release(site, release):
    agent = (site / "fr" / "services" / "agent.js").read_text("utf-8")
    first = json.loads(agent.split("FIRST = ")[1].split(";\n")[0])
    assert "index.html" in first and len([p for p in first if p.endswith(".html")]) == 13
    assert all((site / "fr" / "services" / p).resolve().is_file() for p in first)
    assert json.loads((release / "manifest.json").read_text("utf-8"))["release_id"] in agent


def test_the_map_has_points_of_units_only_and_asks_no_host(site):
    """The points are the reference points of communes and cercles; a safe space has that of its cercle."""
    units = {(round(p["longitude"], 3), round(p["latitude"], 3)) for p in world.places()}
    for name, rows in (("services", 4), ("mechanisms", 6)):
        features = json.loads((site / "data" / "map" / f"{name}.geojson").read_text("utf-8"))["features"]
        assert len(features) == rows and {tuple(f["geometry"]["coordinates"]) for f in features} <= units
    assert not re.search(r"https?://", (site / "static" / "map.js").read_text("utf-8"))
    assert (site / "data" / "map" / "carte-des-services.pdf").read_bytes()[:5] == b"%PDF-"
    assert (site / "data" / "map" / "map-of-services.png").read_bytes()[1:4] == b"PNG"
    page = (site / "fr" / "carte.html").read_text("utf-8")
    assert "Limites schématiques" in page and "<table" in page
