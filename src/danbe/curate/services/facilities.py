"""A list of health facilities as healthsites.io gives it from OpenStreetMap (ODbL), one facility a row.

Its columns: osm_id, osm_type, amenity, name, opening_hours, operator_type, wheelchair, emergency, lon, lat… A facility's point is
kept (it is on every map), and gives the commune it lies nearest to in the gazetteer. Nobody has verified any of it: none
is shown to the public before somebody has called.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from danbe.reference.geography import Gazetteer, Unit
from danbe.reference.geography.distance import kilometres
from danbe.reference.text import clean
from danbe.reference.words import translator

SOURCE = "OpenStreetMap (healthsites.io)"
COLUMNS = ("osm_id", "osm_type", "amenity", "name", "lon", "lat")
CARE = {"hospital": "Hôpital", "clinic": "Centre de santé", "doctors": "Cabinet médical", "health_post": "Poste de santé", "pharmacy": "Pharmacie",
        "dentist": "Cabinet dentaire", "laboratory": "Laboratoire"}  # fmt: skip
_ACCESS = {"yes": "OUI", "limited": "PARTIEL", "no": "NON"}
_FAR = 60.0
"""Beyond as many km from every known reference point a place is not guessed."""


def _(message: str) -> str:
    """Marks a French source string; it is translated when told."""
    return message


_SAID = {
    "no_name": _("Sans nom : nommé d’après son genre."),
    "no_point": _("Sans point : le lieu reste à donner."),
    "outside": _("Point hors du pays : le lieu reste à donner."),
    "no_kind": _("Genre inconnu : classé «santé», à vérifier."),
    "no_id": _("Ligne sans numéro : rien ne dira si elle est déjà là."),
    "repeated": _("Même numéro qu’à une ligne précédente."),
    "person": _("Le nom semble celui d’une personne : remplacé, gardé hors du public."),
}


class FacilitiesRefused(ValueError):
    """The file is not such a list; the message names the columns that are missing."""


@dataclass(frozen=True)
class Facility:
    """One row: its mark in the source, the fields of a service, the unit it lies in, what was noticed about it."""

    number: int
    ref: str
    said: dict[str, Any]
    place_id: str
    notices: tuple[str, ...] = ()


@dataclass
class FacilityList:
    """The rows read, and those told apart: ``reported`` are (row number, reason)."""

    rows: int = 0
    facilities: list[Facility] = field(default_factory=list)
    reported: list[tuple[int, str]] = field(default_factory=list)


def told(reason: str, language: str) -> str:
    return translator(language)(_SAID[reason])


def read_facilities(path: Path, gazetteer: Gazetteer) -> FacilityList:
    """Every row of the file, in order: a facility, or the reason why it is none. Raises ``FacilitiesRefused``."""
    found = FacilityList()
    nearest = Nearest(gazetteer)
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or [])]
        if missing:
            raise FacilitiesRefused(f"{path.name} : colonnes absentes : {', '.join(missing)}")
        for number, row in enumerate(reader, start=2):
            found.rows += 1
            ref = _ref(row)
            if ref in seen:
                found.reported.append((number, "repeated"))
                continue
            if not ref:
                found.reported.append((number, "no_id"))
                continue
            seen.add(ref)
            found.facilities.append(_facility(number, ref, row, nearest))
    return found


def _ref(row: dict[str, Any]) -> str:
    number = clean(row["osm_id"]).removesuffix(".0")
    return f"{clean(row['osm_type'])}/{number}" if number else ""


def _facility(number: int, ref: str, row: dict[str, Any], nearest: Nearest) -> Facility:
    notices = []
    amenity = clean(row["amenity"]) or clean(row.get("healthcare"))
    kind = CARE.get(amenity, "")
    if not kind:
        notices.append("no_kind")
    name = clean(row["name"])[:200]
    if not name:
        notices.append("no_name")
        name = f"{kind or 'Structure de santé'} (sans nom)"
    longitude, latitude = _degrees(row["lon"]), _degrees(row["lat"])
    unit = None
    if longitude is None or latitude is None:
        notices.append("no_point")
        longitude = latitude = None
    else:
        unit = nearest.unit(longitude, latitude)
        if unit is None:
            notices.append("outside")
    hours = clean(row.get("opening_hours"))[:60]
    said = {
        "name": name, "categories": "SAN", "longitude": longitude, "latitude": latitude, "hours": hours,
        "always_open": hours == "24/7", "disability_access": _ACCESS.get(clean(row.get("wheelchair")), ""),
        "source": SOURCE, "source_ref": ref, "groups": "TOUS",
    }  # fmt: skip
    return Facility(number, ref, said, unit.id if unit else "", tuple(notices))


def _degrees(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


class Nearest:
    """The unit a point lies in, as near as reference points can tell: that of the nearest commune, else cercle."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        current = [u for u in gazetteer.units() if gazetteer.is_current(u)]
        self.levels = [list(_located(current, level)) for level in (3, 2)]

    def unit(self, longitude: float, latitude: float) -> Unit | None:
        for units in self.levels:
            far, best = min(
                ((kilometres(longitude, latitude, *at), u) for u, at in units),
                key=lambda f: f[0],
                default=(_FAR + 1, None),
            )
            if far <= _FAR:
                return best
        return None


def _located(units: Sequence[Unit], level: int) -> Iterator[tuple[Unit, tuple[float, float]]]:
    for unit in units:
        if unit.level == level and unit.longitude is not None and unit.latitude is not None:
            yield unit, (unit.longitude, unit.latitude)
