"""Reads of places: the gazetteer as the register holds it, and the outlines of its units."""

from __future__ import annotations

from collections.abc import Collection

from danbe.reference.geography import Alias, Gazetteer, Link, Unit


def gazetteer() -> Gazetteer:
    """All units, links and aliases of the register."""
    from danbe.register.models import Place, PlaceAlias, PlaceLink

    ids = dict(Place.objects.values_list("pk", "place_id"))
    units = [
        Unit(p.place_id, p.version, p.level, p.code, p.name, ids.get(p.parent_id or 0), p.longitude, p.latitude, p.population, p.verified)
        for p in Place.objects.defer("outline").order_by("pk")
    ]
    links = [Link(ids[o], ids[n], w) for o, n, w in PlaceLink.objects.values_list("old_id", "new_id", "weight")]
    aliases = [
        Alias(level, parent, key, code, ids[place])
        for level, parent, key, code, place in PlaceAlias.objects.values_list(
            "level", "parent_key", "key", "code", "place_id"
        )
    ]
    return Gazetteer(units, links, aliases)


def outlines(levels: Collection[int] = (0, 1, 2)) -> dict[str, tuple[bytes, str]]:
    """The outline of each unit of the current division that has one: place id → (WKB in EPSG:4326, kind)."""
    from danbe.register.models import Place

    found = Place.objects.filter(level__in=list(levels), outline__isnull=False).exclude(outline_kind="")
    return {i: (bytes(wkb), kind) for i, wkb, kind in found.values_list("place_id", "outline", "outline_kind")}
