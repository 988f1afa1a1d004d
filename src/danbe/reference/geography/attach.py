"""From a geographic file to the units of the gazetteer: its division, the unit of each row, what is wrong with it.

A file's division is recognised by codes and names that agree, never by codes alone: the codes of 2015 exist in 2021
too, for other cercles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from danbe.reference.geography import outlines
from danbe.reference.geography.files import Feature, GeographicFile
from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.matching import PlaceMatcher
from danbe.reference.geography.names import code_key, fold, place_key, plain_key
from danbe.reference.geography.units import COMMUNE, SITE, UNVERIFIED, Unit

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Two settlements of one name in one commune, nearer than this (degrees, about 2 km), are one: COD-PP lists the chief
# town of a commune twice.
SAME_PLACE = 0.02
# How far outside its commune's outline (degrees, about 1 km) a point may lie: outlines are simplified.
TOLERANCE = 0.01
EXAMPLES = 5


@dataclass
class FileReport:
    """What a file gave. ``findings``: id of what is wrong (``messages.FINDINGS``) → (count, first examples)."""

    name: str
    kind: str = ""
    level: int = -1
    rows: int = 0
    division: str = ""
    agreement: dict[str, int] = field(default_factory=dict)
    attached: int = 0
    outlines: int = 0
    settlements: int = 0
    refused: str = ""
    refused_values: dict[str, object] = field(default_factory=dict)
    findings: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def find(self, problem: str, example: str) -> None:
        count, examples = self.findings.get(problem, (0, []))
        if len(examples) < EXAMPLES:
            examples = [*examples, example]
        self.findings[problem] = (count + 1, examples)


def _same_name(one: str, other: str) -> bool:
    return fold(plain_key(place_key(one))) == fold(plain_key(place_key(other)))


def _label(feature: Feature) -> str:
    path = [feature.names[level] for level in sorted(feature.names) if level > 0 or len(feature.names) == 1]
    code = feature.codes.get(max(feature.codes)) if feature.codes else ""
    return f"{feature.row}: {' / '.join(path)}" + (f" ({code})" if code else "")


class Attacher:
    """Finds the unit of each row of a file."""

    def __init__(self, gazetteer: Gazetteer, matcher: PlaceMatcher | None = None) -> None:
        self.gazetteer = gazetteer
        self.matcher = matcher or PlaceMatcher(gazetteer)
        self._by_code: dict[tuple[str, int, str], Unit] = {
            (u.version, u.level, code_key(u.code)): u for u in gazetteer.units() if u.code
        }
        self._communes: dict[tuple[object, ...], Unit | None] = {}

    def agreement(self, features: Iterable[Feature], level: int) -> dict[str, int]:
        """Per division, how many rows bear the code and the name of one same unit of ``level``."""
        versions = {u.version for u in self.gazetteer.units()} - {UNVERIFIED}
        agree = dict.fromkeys(sorted(versions, reverse=True), 0)
        for feature in features:
            for version in agree:
                unit = self._by_code.get((version, level, code_key(feature.codes.get(level, ""))))
                agree[version] += unit is not None and _same_name(unit.name, feature.names.get(level, ""))
        return agree

    def unit(self, feature: Feature, level: int, division: str, report: FileReport) -> Unit | None:
        """The unit of any division a row speaks of; ``None``, and a finding, when it cannot be told."""
        name, code = feature.names.get(level, ""), code_key(feature.codes.get(level, ""))
        coded = self._by_code.get((division, level, code))
        if coded is not None and _same_name(coded.name, name):
            return coded
        if level == 0:
            whole = self.gazetteer.units(0, self.gazetteer.current)
            return next((u for u in whole if _same_name(u.name, name) or code_key(u.code) == code), None)
        names = {lv: n for lv, n in feature.names.items() if lv <= level}
        codes = {lv: c for lv, c in feature.codes.items() if lv <= level}
        match = self.matcher.match(names, codes)
        if match.unit is not None and match.is_certain and match.unit.level == level:
            if "code_of_other_place" in match.problems:
                report.find("code_of_other_place", _label(feature))
            return match.unit
        above = {lv: n for lv, n in names.items() if lv < level}
        upper = self.matcher.match(above, {lv: c for lv, c in codes.items() if lv < level}) if above else None
        orphan = level > 1 and (upper is None or upper.unit is None or upper.unit.level < level - 1)
        report.find("orphan_parent" if orphan else "unit_unknown", _label(feature))
        return None

    def commune(self, feature: Feature, division: str, report: FileReport) -> Unit | None:
        """The current commune of a settlement (remembered: thousands of settlements share a few hundred communes)."""
        names = {level: name for level, name in feature.names.items() if level < SITE}
        codes = {level: code for level, code in feature.codes.items() if level < SITE}
        key = (tuple(names.items()), tuple(codes.items()))
        if key not in self._communes:
            found = self.unit(Feature(feature.row, names, codes), COMMUNE, division, FileReport(""))
            became = self.gazetteer.to_current(found.id) if found else []
            self._communes[key] = became[0][0] if len(became) == 1 else None
        if self._communes[key] is None:
            report.find("orphan_parent", _label(feature))
        return self._communes[key]


def _divisions(attacher: Attacher, features: Iterable[Feature], level: int, report: FileReport) -> str:
    report.agreement = attacher.agreement(features, level)
    # In a tie the latest division wins: Gao, Kayes or Mali bear one code in both.
    report.division = max(report.agreement, key=lambda v: (report.agreement[v], v), default="")
    return report.division


def attach_outlines(attacher: Attacher, file: GeographicFile) -> tuple[FileReport, dict[str, BaseGeometry]]:
    """The outline of each unit (of whichever division) a boundary file draws, in degrees, repaired where needed."""
    import shapely

    report = FileReport(file.name, file.kind, file.level, len(file.features))
    division = _divisions(attacher, file.features, file.level, report)
    drawn: dict[str, BaseGeometry] = {}
    seen: dict[str, int] = {}
    for feature in file.features:
        code = feature.codes.get(file.level, "")
        if not code:
            report.find("code_missing", _label(feature))
        elif code in seen:
            report.find("code_twice", f"{_label(feature)} = {seen[code]}")
        seen.setdefault(code, feature.row)
        shape = _sound(feature, report)
        if shape is None:
            continue
        unit = attacher.unit(feature, file.level, division, report)
        if unit is None:
            continue
        if unit.id in drawn:
            report.find("unit_twice", _label(feature))
            shape = shapely.union_all([drawn[unit.id], shape])
        drawn[unit.id] = shape
    report.attached = len(drawn)
    return report, drawn


def _sound(feature: Feature, report: FileReport) -> BaseGeometry | None:
    """The shape as valid polygons; repaired (and said) when it crosses itself, ``None`` when nothing can be drawn."""
    import shapely

    shape = feature.shape
    if shape is None or shape.is_empty:
        report.find("shape_missing", _label(feature))
        return None
    if not shape.is_valid:
        report.find("shape_repaired", f"{_label(feature)}: {shapely.is_valid_reason(shape)}")
        shape = shapely.make_valid(shape)
    areas = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon") and p.area > 0]
    if not areas:
        report.find("shape_not_area", f"{_label(feature)}: {shape.geom_type}")
        return None
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        report.find("shape_not_degrees", _label(feature))
        return None
    return shapely.force_2d(shapely.union_all(areas) if len(areas) > 1 else areas[0])


def draw(gazetteer: Gazetteer, drawn: Mapping[str, BaseGeometry]) -> dict[str, tuple[BaseGeometry, str]]:
    """Outlines of current units from official ones of any division: unit id → (outline, kind).

    A former unit that became one current unit gives it its outline. One that was split is divided among its heirs by
    the cells of their communes, and those stay 'schematic'. A level whose units all have an outline draws those above
    it, so that regions, cercles and communes share their edges. Each level is simplified as one coverage.
    """
    found: dict[str, tuple[BaseGeometry, str]] = {}
    pieces: dict[str, set[str]] = {}
    for unit_id, shape in drawn.items():
        heirs = gazetteer.to_current(unit_id)
        if len(heirs) == 1:
            found[heirs[0][0].id] = (shape, outlines.OFFICIAL)
        elif heirs:
            for heir, piece in _divide(gazetteer, unit_id, [u.id for u, _ in heirs], shape).items():
                if found.get(heir, (None, ""))[1] != outlines.OFFICIAL:
                    found[heir] = (piece, outlines.SCHEMATIC)
                    pieces[heir] = {u.id for u, _ in heirs}
    for base in (3, 2, 1):
        units = gazetteer.units(base, gazetteer.current)
        if units and all(u.id in found for u in units):
            level = {u.id: found[u.id][0] for u in units}
            simple = outlines.simplify(level, 0.004)
            for u in units:
                found[u.id] = (simple[u.id], found[u.id][1])
            for upper in range(base - 1, -1, -1):
                for unit_id, shape in outlines.dissolve_upward(gazetteer, simple, upper).items():
                    below = [u.id for u in units if gazetteer.ancestors(u.id)[upper].id == unit_id]
                    whole = all(found[i][1] == outlines.OFFICIAL or pieces[i] <= set(below) for i in below)
                    found[unit_id] = (shape, outlines.OFFICIAL if whole else outlines.SCHEMATIC)
            break
    return found


def _divide(gazetteer: Gazetteer, old_id: str, heirs: list[str], shape: BaseGeometry) -> dict[str, BaseGeometry]:
    level = gazetteer.unit(old_id).level
    points = {}
    for commune in gazetteer.units(COMMUNE, gazetteer.current):
        above = gazetteer.ancestors(commune.id).get(level)
        if above is not None and above.id in heirs and commune.longitude is not None and commune.latitude is not None:
            points[commune.id] = (commune.longitude, commune.latitude)
    return outlines.dissolve_upward(gazetteer, outlines.cells(points, shape), level)


def attach_settlements(
    attacher: Attacher, file: GeographicFile, official: Mapping[str, BaseGeometry]
) -> tuple[FileReport, list[Unit]]:
    """The settlements of a file as level-4 units below their current commune.

    ``official`` holds the communes' official outlines, against which points are checked. One of two settlements of the
    same name nearer than 2 km in one commune is left out, and counted.
    """
    import shapely

    report = FileReport(file.name, file.kind, file.level, len(file.features))
    division = _divisions(attacher, (Feature(f.row, f.names, f.codes) for f in file.features), COMMUNE, report)
    gaz = attacher.gazetteer
    allowed = {unit_id: shapely.buffer(shape, TOLERANCE) for unit_id, shape in official.items()}
    for shape in allowed.values():
        shapely.prepare(shape)
    ids: set[str] = set()
    near: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    units: list[Unit] = []
    country = gaz.units(0, gaz.current)
    prefix = country[0].id.split("/")[0] if country else gaz.current
    for feature in file.features:
        name = feature.names.get(SITE, "")
        if not place_key(name):
            report.find("name_missing", _label(feature))
            continue
        if feature.point is None:
            report.find("point_missing", _label(feature))
        commune = attacher.commune(feature, division, report)
        if commune is None:
            continue
        if feature.point is not None:
            x, y = feature.point
            twins = near[commune.id, place_key(name)]
            if any(abs(x - a) < SAME_PLACE and abs(y - b) < SAME_PLACE for a, b in twins):
                report.find("place_twice", _label(feature))
                continue
            twins.append((x, y))
            if commune.id in allowed and not shapely.contains_xy(allowed[commune.id], x, y):
                report.find("point_outside", _label(feature))
        code = code_key(feature.codes.get(SITE, ""))
        if not code:
            report.find("code_missing", _label(feature))
        unit_id = f"{prefix}/site-{code}" if code else f"{commune.id}-{place_key(name).replace(' ', '-')}"[:80]
        if unit_id in ids:
            report.find("code_twice", _label(feature))
            continue
        ids.add(unit_id)
        lon, lat = feature.point or (None, None)
        units.append(Unit(unit_id, gaz.current, SITE, code, name, commune.id, lon, lat))
    report.attached = report.settlements = len(units)
    return report, units
