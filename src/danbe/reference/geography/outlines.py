"""Outlines worked out where no official one is loaded: Voronoi cells of the communes, dissolved upward.

A map made from them must say «limites schématiques»: they show who is beside whom, not where a boundary runs.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.units import COMMUNE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SCHEMATIC, OFFICIAL = "schematic", "official"
# One metre: far below what a map shows, enough to make shared edges meet exactly.
GRID = 1e-5
# About one kilometre: a Voronoi edge has no more truth in it than that.
TOLERANCE = 0.01


def cells(points: Mapping[str, tuple[float, float]], clip: BaseGeometry) -> dict[str, BaseGeometry]:
    """The part of ``clip`` nearest to each point: id → polygon in degrees, tiling ``clip`` without gap or overlap.

    Distances are measured on a plate carrée squeezed by the cosine of the middle latitude. Points that coincide share
    one cell, given to the first. Voronoi edges and outline are noded together on a grid before they are cut into
    faces, so that neighbours share their edges point for point (the coverage that ``coverage_simplify`` needs).
    """
    import shapely
    from shapely import affinity

    if not points:
        return {}
    squeeze = math.cos(math.radians((clip.bounds[1] + clip.bounds[3]) / 2))
    scaled = affinity.scale(clip, squeeze, 1, origin=(0, 0))
    names = list(points)
    sites = shapely.points([(points[n][0] * squeeze, points[n][1]) for n in names])
    if len(names) == 1:
        return {names[0]: clip}
    edges = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=scaled, only_edges=True)
    lines = shapely.union_all([edges, scaled.boundary], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.node(lines))))
    inside = shapely.point_on_surface(faces)
    kept = shapely.contains_properly(shapely.buffer(scaled, GRID), inside)
    faces, inside = faces[kept], inside[kept]
    nearest = shapely.STRtree(sites).nearest(inside)
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for face, site in zip(faces, nearest, strict=True):
        parts[names[int(site)]].append(face)
    return {n: affinity.scale(dissolve(f), 1 / squeeze, 1, origin=(0, 0)) for n, f in parts.items()}


def dissolve(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    """One geometry from parts that share edges; parts that do not quite fit are united the slow way."""
    import shapely

    parts = list(parts)
    united = shapely.coverage_union_all(parts)
    return united if united.is_valid else shapely.union_all(parts, grid_size=GRID)


def simplify(outlines: Mapping[str, BaseGeometry], tolerance: float = TOLERANCE) -> dict[str, BaseGeometry]:
    """The outlines with fewer points, neighbours still sharing their edges; none vanishes. Tolerance in degrees."""
    import shapely

    names = list(outlines)
    if not names:
        return {}
    simple = shapely.coverage_simplify([outlines[n] for n in names], tolerance)
    good = {}
    for name, geometry in zip(names, simple, strict=True):
        good[name] = outlines[name] if geometry.is_empty or not geometry.is_valid else geometry
    return good


def dissolve_upward(gazetteer: Gazetteer, base: Mapping[str, BaseGeometry], level: int) -> dict[str, BaseGeometry]:
    """The outlines of the units of ``level`` from those of units below them (ids of ``base``)."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for unit_id, outline in base.items():
        above = gazetteer.ancestors(unit_id).get(level)
        if above is not None:
            parts[above.id].append(outline)
    return {unit_id: dissolve(found) for unit_id, found in parts.items()}


def schematic(gazetteer: Gazetteer, country: BaseGeometry) -> dict[str, bytes]:
    """WKB (EPSG:4326) of each unit of the current division, levels 0–3, kind 'schematic'.

    Communes are the Voronoi cells of their reference points within ``country``; cercles are those dissolved and
    simplified as one coverage; regions and the country are the simplified cercles dissolved, so all levels fit.
    """
    import shapely

    points = {
        u.id: (u.longitude, u.latitude)
        for u in gazetteer.units(COMMUNE, gazetteer.current)
        if u.longitude is not None and u.latitude is not None
    }
    communes = cells(points, country)
    cercles = simplify(dissolve_upward(gazetteer, communes, 2))
    found: dict[str, BaseGeometry] = {**communes, **cercles}
    for level in (1, 0):
        found.update(dissolve_upward(gazetteer, cercles, level))
    return {unit_id: shapely.to_wkb(outline, output_dimension=2) for unit_id, outline in found.items()}
