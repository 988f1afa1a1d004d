"""The map of services and mechanisms: Leaflet where one pans and zooms, over our own outlines; an SVG and a table without JavaScript.

A point is the reference point of the commune or cercle a row is said to lie in, never that of a building. No tile of any host.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from danbe.publish.release import Release, Row
from danbe.publish.site import drawings
from danbe.publish.site.figures import PLACE, REGION, Figure, Scope, measure, value
from danbe.reference.catalogue.column import Column
from danbe.reference.codelists import codelist
from danbe.reference.services import codes
from danbe.reference.words import LANGUAGES
from danbe.ui.tokens import FONT, FONTS

_SERVICES = Column("services", "Services vérifiés", "Verified services", "integer", "#service+num", "count")
_MECHANISMS = Column("mechanisms", "Mécanismes", "Mechanisms", "integer", "#mechanism+num", "count")
FOLDER = "data/map"
_SHEET = """#set document(title: {title})
#set page(paper: "a3", flipped: true, margin: 12mm)
#set text(font: {font}, size: 11pt)
#text(size: 20pt, weight: "bold", {title})
#v(2mm)
#align(center, image("map.svg", height: 225mm, fit: "contain", alt: {title}))
#v(1fr)
#text(size: 8pt, {foot})
"""


def has_map(release: Release) -> bool:
    return bool(release.register("services") or release.register("mechanisms"))


def page(scope: Scope) -> dict[str, Any]:
    """``maps``: services by cercle, with the table of all layers; what the script needs to draw its own."""
    _, release = scope._, scope.release
    services = Counter(r["cercle"] for r in release.register("services"))
    mechanisms = Counter(r["cercle"] for r in release.register("mechanisms"))
    cercles = release.cercles()
    regions = {r["place_id"]: r["name"] for r in release.regions}
    title = _("Services vérifiés par cercle")
    cells: dict[str, Any] = {c["place_id"]: services[c["place_id"]] for c in cercles}
    svg, wide = drawings.choropleth(scope, cells, title, _SERVICES.label(scope.language))
    rows = [
        [c["name"], regions[c["parent_id"]], services[c["place_id"]], mechanisms[c["place_id"]],
         value(scope.presence(c["place_id"]), "organisations")]
        for c in cercles
    ]  # fmt: skip
    columns = (PLACE, REGION, _SERVICES, _MECHANISMS, measure("presence", "organisations"))
    source = _("%(cluster)s, registres des services et des mécanismes ; instantané %(snapshot)s.") % scope.cited
    words = {
        "services": _("Services"), "mechanisms": _("Mécanismes communautaires"), "presence": _("Organisations présentes"),
        "none": _("protégé ou non disponible"), "attribution": _("Limites schématiques, sans valeur officielle."),
    }  # fmt: skip
    used = {c for r in release.register("services") for c in codes(r["categories"])}
    return {
        "maps": [Figure("map-services", title, columns, rows, source, svg, wide)],
        "words": words,
        "categories": [(i.code, i.label(scope.language)) for i in codelist("service_category").items if i.code in used],
        "files": [f"map/{n}.geojson" for n in ("services", "mechanisms") if release.register(n)],
        "sheets": [f"map/{FILES[scope.language]}.{kind}" for kind in ("pdf", "png")] if svg else [],
        "leaflet": {kind: f"static/{leaflet_name(kind)}" for kind in ("js", "css")},
    }


FILES = {"fr": "carte-des-services", "en": "map-of-services"}


def _leaflet(kind: str) -> Path:
    spec = importlib.util.find_spec("leaflet")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("leaflet : installez les dépendances (django-leaflet), puis refaites le site")
    return Path(spec.origin).parent / "static" / "leaflet" / f"leaflet.{kind}"


def leaflet_name(kind: str) -> str:
    """The file's name with the hash of its content, so that a reader's browser may keep it for good."""
    return f"leaflet.{hashlib.sha256(_leaflet(kind).read_bytes()).hexdigest()[:10]}.{kind}"


def points(release: Release, name: str) -> dict[str, Any]:
    """A register as GeoJSON; rows of one place share its reference point."""
    features = []
    for row in release.register(name):
        place = release.register_places.get(row["place"])
        if not place or place.get("longitude") is None or place.get("latitude") is None:
            continue
        features.append(
            {
                "type": "Feature",
                "geometry": {
                    "type": "Point",
                    "coordinates": [round(place["longitude"], 3), round(place["latitude"], 3)],
                },
                "properties": _properties(name, row, place),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _properties(name: str, row: Row, place: Row) -> dict[str, Any]:
    if name == "services":
        told = {k: row[k] for k in ("service_id", "name", "categories", "public_phone")}
        return {**told, "place": place["name"], "verified_on": row["verified_on"].isoformat()}
    return {"mechanism_id": row["mechanism_id"], "name": codelist("cb_mechanism").label(row["mechanism_type"], "fr"),
            "type": row["mechanism_type"], "score": row["score"], "place": place["name"]}  # fmt: skip


def write_map(out: Path, release: Release) -> None:
    """The files of the map: points, Leaflet, and the sheet as A3 PDF and PNG in both languages."""
    if not has_map(release):
        return
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for kind in ("js", "css"):
        shutil.copyfile(_leaflet(kind), out / "static" / leaflet_name(kind))
    for name in ("services", "mechanisms"):
        if release.register(name):
            text = json.dumps(points(release, name), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            (out / FOLDER / f"{name}.geojson").write_text(text + "\n", "utf-8")
    for language in LANGUAGES:
        scope = Scope(release, release.country, language)
        figure = page(scope)["maps"][0]
        if figure.svg:
            foot = f"{figure.source} {release.id}" + (
                f" {scope._('Données fictives.')}" if release.manifest["synthetic"] else ""
            )
            for kind, content in _sheet(figure.title, figure.wide, foot).items():
                (out / FOLDER / f"{FILES[language]}.{kind}").write_bytes(content)


def _sheet(title: str, svg: str, foot: str) -> dict[str, bytes]:
    import typst

    with tempfile.TemporaryDirectory(prefix="danbe-map-") as name:
        folder = Path(name)
        (folder / "map.svg").write_text(svg, "utf-8")
        told = {
            "title": json.dumps(title, ensure_ascii=False),
            "font": json.dumps(FONT),
            "foot": json.dumps(foot, ensure_ascii=False),
        }
        (folder / "map.typ").write_text(_SHEET.format(**told), "utf-8")
        common: dict[str, Any] = {"root": str(folder), "font_paths": [str(FONTS)], "ignore_system_fonts": True}
        path = str(folder / "map.typ")
        return {
            "pdf": typst.compile(path, format="pdf", timestamp=0, **common),
            "png": typst.compile(path, format="png", ppi=110.0, **common),
        }
