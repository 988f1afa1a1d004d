"""Writes of places: the country pack, official files, spellings a person confirmed, places not yet verified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from danbe.reference.geography import UNVERIFIED, Gazetteer, PlaceMatcher, Unit, files
from danbe.reference.geography import pack as packs
from danbe.reference.geography.attach import Attacher, FileReport, attach_outlines, attach_settlements, draw
from danbe.reference.geography.names import code_key, place_key
from danbe.reference.text import clean, search_key, slug
from danbe.register.audit import action, note
from danbe.register.models import Place, PlaceAlias, PlaceLink, User
from danbe.register.queries.geography import gazetteer, matcher


@dataclass(frozen=True)
class PackReport:
    """What loading a pack changed: counts of places, links and aliases; ``outlines`` computed this time."""

    country: str
    places: int
    added: int
    changed: int
    links: int
    aliases: int
    outlines: int


_FIELDS = ("version", "level", "code", "name", "longitude", "latitude", "population", "verified")


@action("places.load_pack")
def load_pack(user: User, country: str) -> PackReport:
    """Brings the register to the bundled geography of ``country`` ('mli'); safe and cheap to run again.

    Outlines are computed where a unit of the current division has none; official ones stay. Raises ``UnknownPack``.
    """
    pack = packs.load_pack(country)
    existing = {p.place_id: p for p in Place.objects.defer("outline")}
    gaz = pack.gazetteer()
    added = _add(gaz, existing)
    changed = []
    for unit in pack.units:
        place = existing[unit.id]
        if unit.id not in added and any(getattr(place, f) != getattr(unit, f) for f in _FIELDS):
            for name in _FIELDS:
                setattr(place, name, getattr(unit, name))
            place.search_key = search_key(unit.name)
            changed.append(place)
    Place.objects.bulk_update(changed, [*_FIELDS, "search_key"], batch_size=200)
    drawn = _draw_missing(pack, gaz)

    pk = {i: p.pk for i, p in existing.items()}
    links = [PlaceLink(old_id=pk[k.old_id], new_id=pk[k.new_id], weight=k.weight) for k in pack.links]
    PlaceLink.objects.bulk_create(
        links, update_conflicts=True, unique_fields=["old", "new"], update_fields=["weight"], batch_size=500
    )
    aliases = [
        PlaceAlias(place_id=pk[a.unit_id], level=a.level, parent_key=a.parent_key, key=a.key, code=a.code)
        for a in pack.aliases
    ]
    PlaceAlias.objects.bulk_create(aliases, ignore_conflicts=True)
    report = PackReport(country, len(pack.units), len(added), len(changed), len(links), len(aliases), drawn)
    note(country=country, stamp=pack.stamp, added=len(added), changed=len(changed), outlines=drawn)
    return report


def _add(gaz: Gazetteer, existing: dict[str, Place]) -> set[str]:
    """Creates the units that are missing, parents first; adds them to ``existing``."""
    added: set[str] = set()
    for level in range(5):
        new = []
        for unit in gaz.units(level):
            if unit.id not in existing:
                values = {name: getattr(unit, name) for name in _FIELDS}
                parent = existing[unit.parent_id] if unit.parent_id else None
                new.append(Place(place_id=unit.id, search_key=search_key(unit.name), parent=parent, **values))
        for place in Place.objects.bulk_create(new, batch_size=500):
            existing[place.place_id] = place
            added.add(place.place_id)
    return added


def _draw_missing(pack: packs.Pack, gaz: Gazetteer) -> int:
    """Schematic outlines for the current units that have none."""
    bare = list(Place.objects.filter(version=pack.current, level__lte=3, outline_kind=""))
    if not bare:
        return 0
    from danbe.reference.geography import outlines

    drawn = outlines.schematic(gaz, pack.country_outline())
    for place in bare:
        place.outline = drawn.get(place.place_id)
        place.outline_kind = outlines.SCHEMATIC if place.outline else ""
    Place.objects.bulk_update(bare, ["outline", "outline_kind"], batch_size=100)
    return sum(1 for place in bare if place.outline_kind)


@action("places.remember_alias")
def remember_alias(user: User, level: int, parent_key: str, key: str, code: str, place: Place | str) -> PlaceAlias:
    """Remembers that a name as a file wrote it, within its parent's name and beside its code, means ``place``.

    Names and code are normalised here; '' for no parent or no code. Confirming again moves the alias to the new
    place. Raises ``Place.DoesNotExist`` for an unknown place id, ``ValueError`` when there is no name to remember.
    """
    found = place if isinstance(place, Place) else Place.objects.get(place_id=place)
    name = place_key(key)
    if not name:
        raise ValueError(f"«{key}» is not a name that can be remembered")
    alias, _ = PlaceAlias.objects.update_or_create(
        level=level,
        parent_key=place_key(parent_key),
        key=name,
        code=code_key(code),
        defaults={"place": found, "confirmed_by": user},
    )
    note(place=found.place_id, level=level)
    return alias


@action("places.forget_alias")
def forget_alias(user: User, alias: PlaceAlias | int) -> None:
    """Forgets a remembered spelling; rows already imported keep the place they were given."""
    found = alias if isinstance(alias, PlaceAlias) else PlaceAlias.objects.get(pk=alias)
    note(place=found.place.place_id, level=found.level)
    found.delete()


@action("places.register_unverified")
def register_unverified(user: User, requests: Iterable[Mapping[int, str]]) -> list[Place]:
    """Registers places that a file names and the geography does not know, so that its rows can be used at once.

    Each request gives the names by level (1 region, 2 cercle, 3 commune, 4 site) as the file wrote them; level 0 may
    name the country. Levels already known keep their unit; the others are made with version 'unverified' and an id
    such as ``x/cameroon-mezam``. Returns the deepest place of each request, in order. Raises ``ValueError`` for a
    request without a name.
    """
    known = matcher()
    gaz = gazetteer()
    existing = {p.place_id: p for p in Place.objects.filter(version=UNVERIFIED).defer("outline")}
    made = 0
    found: list[Place] = []
    for request in requests:
        names = {level: clean(name) for level, name in sorted(request.items()) if place_key(name)}
        if not names:
            raise ValueError("a place without a name cannot be registered")
        parent: Place | None = None
        path: list[str] = []
        for level, name in names.items():
            path.append(slug(name))
            place_id = "x/" + "-".join(path)
            if len(place_id) > 80:
                place_id = f"x/{'-'.join(path)[:60]}-{_short_hash(path)}"
            place = existing.get(place_id)
            if place is None and (parent is None or parent.verified):
                place = _known_place(known, gaz, {k: v for k, v in names.items() if k <= level}, level)
            if place is None:
                place = existing[place_id] = Place.objects.create(
                    place_id=place_id,
                    version=UNVERIFIED,
                    level=level,
                    name=name[:200],
                    search_key=search_key(name)[:200],
                    parent=parent,
                    verified=False,
                )
                made += 1
            parent = place
        if parent is not None:
            found.append(parent)
    note(requests=len(found), made=made)
    return found


def _known_place(known: PlaceMatcher, gaz: Gazetteer, names: Mapping[int, str], level: int) -> Place | None:
    """The register's place for names that match it with certainty at ``level``."""
    if level == 0:
        unit: Unit | None = next(
            (u for u in gaz.units(0, gaz.current) if place_key(u.name) == place_key(names[0])), None
        )
        return Place.objects.get(place_id=unit.id) if unit else None
    match = known.match({k: v for k, v in names.items() if k > 0})
    if match.unit is None or not match.is_certain or match.unit.level != level:
        return None
    return Place.objects.get(place_id=match.unit.id)


def _short_hash(path: list[str]) -> str:
    from hashlib import sha256

    return sha256("/".join(path).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class LoadReport:
    """What ``load_files`` took from each file, and how many outlines and settlements the register gained."""

    files: tuple[FileReport, ...]
    outlines: dict[int, dict[str, int]]
    settlements: int

    @property
    def refused(self) -> tuple[FileReport, ...]:
        return tuple(f for f in self.files if f.refused)


@action("places.load_files")
def load_files(user: User, paths: Iterable[Path]) -> LoadReport:
    """Takes official boundaries and gazetteers of settlements, outlines first whatever the order given.

    A file that cannot be read is refused in the report, the others are taken; nothing raises for what a file holds.
    Outlines found replace the schematic ones; settlements become places of level 4.
    """
    import shapely

    gaz = gazetteer()
    attacher = Attacher(gaz)
    reports: dict[str, FileReport] = {}
    outlines_drawn: dict[str, object] = {}
    settlements = []
    paths = [Path(p) for p in paths]
    for path in paths:
        try:
            file = files.read(path)
        except files.Unreadable as error:
            refused = FileReport(path.name, refused=error.problem, refused_values=dict(error.values))
            reports[str(path)] = refused
            continue
        if file.kind == "settlements":
            settlements.append((path, file))
            continue
        reports[str(path)], drawn = attach_outlines(attacher, file)
        for unit_id, shape in drawn.items():
            outlines_drawn[unit_id] = shape
        heirs = {u.id for i in drawn for u, _ in gaz.to_current(i)}
        reports[str(path)].outlines = len(heirs)
    kinds = _store_outlines(draw(gaz, outlines_drawn)) if outlines_drawn else {}
    official = Place.objects.filter(version=gaz.current, level=3, outline_kind="official")
    communes = {}
    if settlements:
        rows = official.values_list("place_id", "outline")
        communes = {place_id: shapely.from_wkb(bytes(wkb)) for place_id, wkb in rows if wkb is not None}
    added = 0
    for path, file in settlements:
        reports[str(path)], units = attach_settlements(attacher, file, communes)
        added += _store_settlements(units)
    note(
        files=[{"name": r.name, "refused": r.refused, "attached": r.attached} for r in reports.values()],
        outlines={str(k): v for k, v in kinds.items()},
        settlements=added,
    )
    return LoadReport(tuple(reports[str(p)] for p in paths), kinds, added)


def _store_outlines(drawn: Mapping[str, tuple[object, str]]) -> dict[int, dict[str, int]]:
    """Writes outlines (counts by level and kind); an official outline is not replaced by a schematic one."""
    import shapely

    kinds: dict[int, dict[str, int]] = {}
    changed = []
    for place in Place.objects.filter(place_id__in=list(drawn)).defer("outline"):
        shape, kind = drawn[place.place_id]
        if place.outline_kind == "official" and kind != "official":
            continue
        place.outline, place.outline_kind = shapely.to_wkb(shape, output_dimension=2), kind
        changed.append(place)
        of_level = kinds.setdefault(place.level, {})
        of_level[kind] = of_level.get(kind, 0) + 1
    Place.objects.bulk_update(changed, ["outline", "outline_kind"], batch_size=100)
    return dict(sorted(kinds.items()))


def _store_settlements(units: list[Unit]) -> int:
    """Adds settlements the register lacks and corrects those it has; returns how many were added."""
    communes = dict(Place.objects.filter(level=3).values_list("place_id", "pk"))
    known = {p.place_id: p for p in Place.objects.filter(level=4).defer("outline")}
    new, changed = [], []
    for unit in units:
        values = {name: getattr(unit, name) for name in _FIELDS}
        values["search_key"], values["parent_id"] = search_key(unit.name), communes[unit.parent_id or ""]
        place = known.get(unit.id)
        if place is None:
            new.append(Place(place_id=unit.id, **values))
        elif any(getattr(place, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(place, name, value)
            changed.append(place)
    Place.objects.bulk_create(new, batch_size=1000)
    Place.objects.bulk_update(changed, [*_FIELDS, "search_key", "parent"], batch_size=200)
    return len(new)
