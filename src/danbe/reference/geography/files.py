"""Geographic files as partners of OCHA publish them, read with suspicion: shapefile zips, GeoJSON, CSV of settlements.

Nothing is written to disk and nothing is trusted: sizes, ratios, projections and columns are checked first.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.reference.text import clean

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MEGABYTE = 1024 * 1024
MAX_FILE = 200 * MEGABYTE
MAX_UNPACKED = 500 * MEGABYTE
MAX_RATIO = 100
MAX_MEMBERS = 200
MAX_FEATURES = 200_000

_CODE = re.compile(r"^adm(?:in)?_?([0-4])_?(?:pcode?|pcod\d*|code)(?:_?\d{4})?$")
_NAME = re.compile(r"^adm(?:in)?_?([0-4])_?(name|nom|nm|fr|en|name_?fr|name_?en|name_?\d{4})$")
_POINT_COLUMNS = {
    "name": ("featurenam", "featurename", "name", "nom", "localite", "village", "site"),
    "code": ("pcode", "p_code", "code", "featurecode"),
    "longitude": ("longitude", "lon", "long", "lng", "x"),
    "latitude": ("latitude", "lat", "y"),
}
# Which column names a unit when several do: French first.
_PREFERRED = ("fr", "name_fr", "namefr", "nom", "name", "nm")


class Unreadable(ValueError):
    """The file cannot be taken. ``problem`` is an id of ``messages.FILE_PROBLEMS``; ``values`` fill its sentence."""

    def __init__(self, problem: str, **values: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.values = values


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a file: its number from 1, names and codes by level, and a shape or a point (degrees)."""

    row: int
    names: dict[int, str]
    codes: dict[int, str]
    shape: BaseGeometry | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class GeographicFile:
    """``kind`` 'outlines' (of the units of ``level``) or 'settlements' (level 4)."""

    name: str
    kind: str
    level: int
    features: tuple[Feature, ...] = field(repr=False)


def read(path: Path) -> GeographicFile:
    """Reads a file by what it holds; raises ``Unreadable`` saying what is wrong and what to do."""
    if not path.is_file():
        raise Unreadable("file_missing")
    if path.stat().st_size > MAX_FILE:
        raise Unreadable("file_too_big", limit=MAX_FILE // MEGABYTE)
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK"):
        return _read_zip(path)
    if start.startswith((b"{", b"[")):
        return _read_json(path)
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return _read_csv(path)
    raise Unreadable("file_unknown", suffix=path.suffix or "–")


# Shapefiles ----------------------------------------------------------------------------------------------------------


def _read_zip(path: Path) -> GeographicFile:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_shapefile(path.name, _members(archive))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("zip_broken") from error


def _members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The parts of the one shapefile in the archive, by suffix, within the limits that stop a zip bomb."""
    infos = [i for i in archive.infolist() if not i.is_dir()]
    if len(infos) > MAX_MEMBERS or sum(i.file_size for i in infos) > MAX_UNPACKED:
        raise Unreadable("zip_too_big", limit=MAX_UNPACKED // MEGABYTE)
    if any(i.file_size > MEGABYTE and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in infos):
        raise Unreadable("zip_bomb")
    if any(i.flag_bits & 0x1 for i in infos):
        raise Unreadable("zip_password")
    shapes = [i.filename for i in infos if i.filename.lower().endswith(".shp") and "__MACOSX" not in i.filename]
    if len(shapes) != 1:
        raise Unreadable("zip_shapefiles", count=len(shapes))
    stem = shapes[0][:-4].lower()
    parts: dict[str, bytes] = {}
    for info in infos:
        name = info.filename.lower()
        if name[:-4] == stem and name[-4:] in (".shp", ".dbf", ".shx", ".prj", ".cpg"):
            with archive.open(info) as member:
                # The size announced may lie: read no more than it, plus one byte to notice.
                parts[name[-4:]] = member.read(info.file_size + 1)
    if ".dbf" not in parts:
        raise Unreadable("zip_no_table")
    return parts


def _read_shapefile(name: str, parts: dict[str, bytes]) -> GeographicFile:
    import shapefile
    import shapely.geometry

    projection = parts.get(".prj", b"").decode("latin-1").strip()
    if projection.upper().startswith("PROJCS"):
        raise Unreadable("projection", projection=projection.split('"')[1] if '"' in projection else projection[:60])
    encoding = parts.get(".cpg", b"utf-8").decode("ascii", "ignore").strip() or "utf-8"
    try:
        "".encode(encoding)
    except LookupError:
        encoding = "utf-8"
    try:
        # What pyshp warns of on the console is harmless, or ends in a refusal here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            index = io.BytesIO(parts[".shx"]) if ".shx" in parts else None
            reader = shapefile.Reader(
                shp=io.BytesIO(parts[".shp"]), dbf=io.BytesIO(parts[".dbf"]), shx=index,
                encoding=encoding, encodingErrors="replace",
            )  # fmt: skip
            if len(reader) > MAX_FEATURES:
                raise Unreadable("too_many_features", limit=MAX_FEATURES)
            rows: list[tuple[dict[str, Any], BaseGeometry | None]] = []
            for item in reader.iterShapeRecords():
                drawn = None
                if item.shape is not None and item.shape.shapeType != shapefile.NULL and item.shape.points:
                    drawn = shapely.geometry.shape(item.shape.__geo_interface__)
                rows.append((item.record.as_dict(), drawn))
    except Unreadable:
        raise
    except Exception as error:  # pyshp lets struct.error, IndexError and others through on a damaged file
        raise Unreadable("shapefile_broken") from error
    return _outlines(name, rows)


# GeoJSON -------------------------------------------------------------------------------------------------------------


def _read_json(path: Path) -> GeographicFile:
    import shapely.geometry
    from shapely.errors import GEOSException

    try:
        body = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Unreadable("json_broken") from error
    kind = body.get("type") if isinstance(body, dict) else None
    if kind == "Topology":
        raise Unreadable("topojson")
    if kind != "FeatureCollection" or not isinstance(body.get("features"), list):
        raise Unreadable("not_geojson")
    crs = json.dumps(body.get("crs") or "")
    if body.get("crs") and not re.search(r"CRS84|4326", crs):
        raise Unreadable("projection", projection=crs[:80])
    if len(body["features"]) > MAX_FEATURES:
        raise Unreadable("too_many_features", limit=MAX_FEATURES)
    rows: list[tuple[dict[str, Any], BaseGeometry | None]] = []
    for item in body["features"]:
        drawn = None
        properties = item.get("properties") if isinstance(item, dict) else None
        if isinstance(item, dict) and item.get("geometry"):
            try:
                drawn = shapely.geometry.shape(item["geometry"])
            except (GEOSException, ValueError, TypeError, KeyError, AttributeError, IndexError):
                drawn = None
        rows.append((properties if isinstance(properties, dict) else {}, drawn))
    return _outlines(path.name, rows)


def _outlines(name: str, rows: list[tuple[dict[str, Any], BaseGeometry | None]]) -> GeographicFile:
    if not rows:
        raise Unreadable("empty")
    columns = list(dict.fromkeys(column for properties, _ in rows for column in properties))
    codes, names = _columns(columns)
    if not names and not codes:
        raise Unreadable("no_admin_columns", columns=", ".join(map(str, columns[:12])))
    level = max({*codes, *names})
    features = tuple(
        Feature(number, _values(properties, names), _values(properties, codes), drawn)
        for number, (properties, drawn) in enumerate(rows, 1)
    )
    return GeographicFile(name, "outlines", level, features)


def _columns(columns: list[str]) -> tuple[dict[int, str], dict[int, str]]:
    """The column of the code and of the name of each level: COD-AB's admin2Pcod, ADM2_PCODE, adm2_pcode_2015…"""
    codes: dict[int, str] = {}
    names: dict[int, tuple[int, str]] = {}
    for column in columns:
        plain = str(column).strip().lower()
        if found := _CODE.match(plain):
            codes.setdefault(int(found[1]), column)
        elif found := _NAME.match(plain):
            rank = _PREFERRED.index(found[2]) if found[2] in _PREFERRED else len(_PREFERRED)
            level = int(found[1])
            if level not in names or rank < names[level][0]:
                names[level] = (rank, column)
    return codes, {level: column for level, (_, column) in names.items()}


def _values(row: dict[str, Any], columns: dict[int, str]) -> dict[int, str]:
    return {level: text for level, column in columns.items() if (text := clean(row.get(column))) not in ("", "NA")}


# CSV -----------------------------------------------------------------------------------------------------------------


def _read_csv(path: Path) -> GeographicFile:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    first = text.split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        columns = [c for c in reader.fieldnames or [] if c]
        plain = {str(c).strip().lower(): c for c in columns}
        found = {what: next((plain[n] for n in names if n in plain), None) for what, names in _POINT_COLUMNS.items()}
        codes, names = _columns(columns)
        if len([c for c in plain if _CODE.match(c)]) > len(codes):
            raise Unreadable("crosswalk")
        if found["longitude"] is None or found["latitude"] is None or found["name"] is None:
            raise Unreadable("no_points", columns=", ".join(columns[:12]))
        if not names and not codes:
            raise Unreadable("points_without_commune", columns=", ".join(columns[:12]))
        codes.pop(4, None)
        names.pop(4, None)
        features = []
        for number, row in enumerate(reader, 1):
            if number > MAX_FEATURES:
                raise Unreadable("too_many_features", limit=MAX_FEATURES)
            at = {4: clean(row.get(found["name"]))}
            own = {4: clean(row.get(found["code"]))} if found["code"] else {}
            point = _point(row.get(found["longitude"]), row.get(found["latitude"]))
            features.append(Feature(number, _values(row, names) | at, _values(row, codes) | own, None, point))
    except csv.Error as error:
        raise Unreadable("csv_broken") from error
    if not features:
        raise Unreadable("empty")
    return GeographicFile(path.name, "settlements", 4, tuple(features))


def _point(longitude: object, latitude: object) -> tuple[float, float] | None:
    try:
        x, y = (float(clean(v).replace(",", ".")) for v in (longitude, latitude))
    except ValueError:
        return None
    return (x, y) if -180 <= x <= 180 and -90 <= y <= 90 else None
