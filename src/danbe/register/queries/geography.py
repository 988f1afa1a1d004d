"""Reads of places: the gazetteer as the register holds it, the matcher over it, and the outlines of its units."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock

from django.db import connection
from django.db.models import Count, Max

from danbe.reference.geography import UNVERIFIED, Alias, Gazetteer, Link, PlaceMatcher, Unit
from danbe.register.models import ActionLog, Place, PlaceAlias, PlaceLink

# Every write of places leaves a log line with one of these verbs; the latest line dates what is cached below.
VERBS = (
    "places.load_pack",
    "places.load_files",
    "places.remember_alias",
    "places.forget_alias",
    "places.register_unverified",
)

Stamp = tuple[object, ...]
_lock = Lock()
_cached: tuple[Stamp, Gazetteer, PlaceMatcher] | None = None


def stamp() -> Stamp:
    """What changes whenever places or aliases do, in whichever process: three cheap queries."""
    last = ActionLog.objects.filter(verb__in=VERBS).order_by("-pk").values_list("pk", "at").first()
    places = Place.objects.aggregate(n=Count("pk"), last=Max("pk"))
    aliases = PlaceAlias.objects.aggregate(n=Count("pk"), last=Max("pk"))
    name = str(connection.settings_dict["NAME"])
    return (name, last, places["n"], places["last"], aliases["n"], aliases["last"])


def gazetteer() -> Gazetteer:
    """All units, links and aliases of the register, kept in memory until they change."""
    return _current()[0]


def matcher() -> PlaceMatcher:
    """The matcher over ``gazetteer()``; it keeps what it has already answered until places change."""
    return _current()[1]


def _current() -> tuple[Gazetteer, PlaceMatcher]:
    global _cached
    now = stamp()
    held = _cached
    if held is None or held[0] != now:
        with _lock:
            held = _cached
            if held is None or held[0] != now:
                fresh = _read()
                held = _cached = (now, fresh, PlaceMatcher(fresh))
    return held[1], held[2]


def _read() -> Gazetteer:
    columns = ("pk", "place_id", "version", "level", "code", "name", "parent_id")
    more = ("longitude", "latitude", "population", "verified")
    rows = list(Place.objects.order_by("level", "pk").values_list(*columns, *more))
    ids: dict[int, str] = {row[0]: row[1] for row in rows}
    units = [
        Unit(place_id, version, level, code, name, ids[parent] if parent else None, lon, lat, population, verified)
        for _, place_id, version, level, code, name, parent, lon, lat, population, verified in rows
    ]
    links = [Link(ids[o], ids[n], w) for o, n, w in PlaceLink.objects.values_list("old_id", "new_id", "weight")]
    wanted = ("level", "parent_key", "key", "code", "place_id")
    aliases = [
        Alias(lv, parent, key, code, ids[p]) for lv, parent, key, code, p in PlaceAlias.objects.values_list(*wanted)
    ]
    return Gazetteer(units, links, aliases, current_version())


def current_version() -> str:
    """The latest division the register holds ('2021'); '' when it holds none yet."""
    found = Place.objects.exclude(version=UNVERIFIED).aggregate(latest=Max("version"))["latest"]
    return found or ""


def outlines(levels: Collection[int] = (0, 1, 2)) -> dict[str, tuple[bytes, str]]:
    """The outline of each current unit of ``levels`` that has one: place id → (WKB in EPSG:4326, kind).

    ``kind`` is 'schematic' or 'official'; a map with one schematic outline on it must say «limites schématiques».
    """
    found = Place.objects.filter(level__in=list(levels), version=current_version()).exclude(outline_kind="")
    rows = found.order_by("level", "place_id").values_list("place_id", "outline", "outline_kind")
    return {place_id: (bytes(wkb), kind) for place_id, wkb, kind in rows if wkb is not None}


def counts() -> dict[str, object]:
    """How many places of each division and level, how many outlines of each kind, how many aliases."""
    by_level: dict[str, dict[int, int]] = {}
    for version, level, n in (
        Place.objects.values_list("version", "level").annotate(n=Count("pk")).order_by("version", "level")
    ):
        by_level.setdefault(version, {})[level] = n
    kinds: dict[int, dict[str, int]] = {}
    drawn = Place.objects.filter(version=current_version()).exclude(outline_kind="")
    for level, kind, n in drawn.values_list("level", "outline_kind").annotate(n=Count("pk")).order_by("level"):
        kinds.setdefault(level, {})[kind] = n
    confirmed = PlaceAlias.objects.filter(confirmed_by__isnull=False).count()
    return {
        "current": current_version(),
        "places": by_level,
        "outlines": kinds,
        "aliases": PlaceAlias.objects.count(),
        "aliases_confirmed": confirmed,
        "unverified": Place.objects.filter(verified=False).count(),
    }
