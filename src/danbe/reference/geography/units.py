"""What a place is: a unit of one dated division, a link between two divisions, an alias a person confirmed."""

from __future__ import annotations

from dataclasses import dataclass

# The division of places that a file named and nobody has confirmed yet.
UNVERIFIED = "unverified"

COUNTRY, REGION, CERCLE, COMMUNE, SITE = range(5)


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit of the division ``version`` ('2015', '2021', 'unverified').

    ``level``: 0 country, 1 region, 2 cercle, 3 commune, 4 site. ``code`` is the P-code in that division, '' when
    none is known. Longitude and latitude are degrees (EPSG:4326); ``population`` counts persons, ``None`` if unknown.
    """

    id: str
    version: str
    level: int
    code: str
    name: str
    parent_id: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    population: int | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """The share ``weight`` (0–1) of the unit ``old_id`` that became part of ``new_id`` in a later division."""

    old_id: str
    new_id: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Alias:
    """A spelling that means ``unit_id``: ``key`` is the search key of the name, ``parent_key`` that of its parent's
    name as the file wrote it ('' for any parent), ``code`` the code beside it ('' for any code)."""

    level: int
    parent_key: str
    key: str
    code: str
    unit_id: str
