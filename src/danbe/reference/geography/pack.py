"""The geography bundled with a country pack: units of every division, crosswalk, spellings, the country's outline."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.names import place_key
from danbe.reference.geography.units import Alias, Link, Unit

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


class UnknownPack(LookupError):
    """There is no geography for that country."""


@dataclass(frozen=True)
class Pack:
    """``country``: ISO 3166 alpha-3 in lower case. ``outline``: the country as GeoJSON geometry (EPSG:4326).

    ``stamp`` changes whenever the tables do.
    """

    country: str
    current: str
    units: tuple[Unit, ...]
    links: tuple[Link, ...]
    aliases: tuple[Alias, ...]
    outline: dict[str, object]
    stamp: str

    def gazetteer(self) -> Gazetteer:
        return Gazetteer(self.units, self.links, self.aliases, self.current)

    def country_outline(self) -> BaseGeometry:
        """The outline as a shapely geometry, longitude and latitude in degrees."""
        from shapely.geometry import shape

        return shape(self.outline)


def _number(text: str) -> float | None:
    return float(text) if text else None


@lru_cache
def load_pack(country: str = "mli") -> Pack:
    """The bundled geography of ``country`` ('mli'); raises ``UnknownPack`` naming what is missing."""
    from hashlib import sha256

    folder = files("danbe.packs").joinpath(country.lower(), "geography")
    if not country.isidentifier() or not folder.joinpath("units.csv").is_file():
        raise UnknownPack(f"packs/{country}/geography/units.csv")
    digest = sha256()

    def text(name: str) -> str:
        content = folder.joinpath(name).read_bytes()
        digest.update(content)
        return content.decode("utf-8")

    units = tuple(
        Unit(
            r["id"],
            r["version"],
            int(r["level"]),
            r["code"],
            r["name"],
            r["parent_id"] or None,
            _number(r["longitude"]),
            _number(r["latitude"]),
            int(r["population"]) if r["population"] else None,
        )
        for r in csv.DictReader(text("units.csv").splitlines())
    )
    links = tuple(
        Link(r["old_id"], r["new_id"], float(r["weight"])) for r in csv.DictReader(text("links.csv").splitlines())
    )
    aliases = tuple(
        Alias(int(r["level"]), place_key(r["parent"]), place_key(r["spelling"]), "", r["unit_id"])
        for r in csv.DictReader(text("aliases.csv").splitlines())
    )
    outline = json.loads(text("outline.geojson"))["geometry"]
    current = max(u.version for u in units)
    return Pack(country.lower(), current, units, links, aliases, outline, digest.hexdigest()[:16])
