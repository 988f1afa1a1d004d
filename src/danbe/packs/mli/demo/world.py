"""The fictitious organisations and their projects: what each would report every month if nothing went wrong."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from danbe.packs.mli.demo.profiles import groups_of, region_weight, scale_of
from danbe.reference.geography import Gazetteer, Unit
from danbe.reference.text import search_key

YEAR = 2025
Indicator = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """A fictitious organisation. ``format``: template, ancien_fr or ancien_en, the file it sends."""

    acronym: str
    name: str
    organisation_type: str
    areas: tuple[str, ...]
    regions: tuple[str, ...]
    format: str
    partner: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a project does in one commune for one group. ``scale``: new beneficiaries of an ordinary month."""

    indicator: Indicator
    commune: Unit
    cercle: Unit
    region: Unit
    population_status: str
    scale: float
    site: str


@dataclass(frozen=True, slots=True)
class Project:
    """One project: months from ``first`` to ``last`` (1–12) of the year."""

    organisation: DemoOrganisation
    code: str
    donor: str
    partner: str
    aor: str
    first: int
    last: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class DemoWorld:
    """All that ``make_reports`` needs."""

    seed: int
    year: int
    organisations: tuple[DemoOrganisation, ...]
    projects: tuple[Project, ...]
    communes: tuple[Unit, ...]

    def projects_of(self, organisation: DemoOrganisation, month: int | None = None) -> list[Project]:
        """The projects of an organisation, those running in ``month`` (1–12) if given."""
        mine = [p for p in self.projects if p.organisation is organisation]
        return mine if month is None else [p for p in mine if p.first <= month <= p.last]


def demo_organisations() -> list[DemoOrganisation]:
    """The fictitious organisations of the pack, in the order in which a smaller demonstration takes them."""
    with (Path(__file__).parent / "organisations.csv").open(encoding="utf-8", newline="") as file:
        return [
            DemoOrganisation(
                r["acronym"], r["name"], r["organisation_type"], tuple(r["areas"].split()), tuple(r["regions"].split()),
                r["format"], r["partner"],
            )
            for r in csv.DictReader(file)
        ]  # fmt: skip


def make_world(
    gazetteer: Gazetteer,
    framework: Sequence[Indicator],
    seed: int = 2025,
    organisations: int | None = None,
    year: int = YEAR,
) -> DemoWorld:
    """The world of ``seed``: the first ``organisations`` of the list (all by default) and their projects.

    The same arguments give the same world, and an organisation's projects do not depend on how many others there are.
    """
    chosen = tuple(demo_organisations()[:organisations])
    places = _Places(gazetteer)
    present = {o.acronym for o in chosen}
    projects = [
        project for organisation in chosen for project in _projects(organisation, places, framework, seed, present)
    ]
    return DemoWorld(seed, year, chosen, tuple(projects), places.communes)


class _Places:
    """The current cercles by region and communes by cercle, as the demonstration draws them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.regions = gazetteer.units(1, gazetteer.current)
        self.communes = tuple(gazetteer.units(3, gazetteer.current))

    def cercles(self, names: Sequence[str], rng: Random, count: int) -> list[tuple[Unit, Unit]]:
        """``count`` distinct (region, cercle) of the regions named, larger ones more often."""
        wanted = {search_key(n) for n in names}
        pool = [
            (region, cercle)
            for region in self.regions
            if search_key(region.name) in wanted
            for cercle in self.gazetteer.children(region.id)
            if self.in_cercle(cercle)
        ]
        found: list[tuple[Unit, Unit]] = []
        while pool and len(found) < count:
            weights = [region_weight(r.name) * math.sqrt(c.population or 20_000) for r, c in pool]
            pair = rng.choices(pool, weights)[0]
            pool.remove(pair)
            found.append(pair)
        return found

    def in_cercle(self, cercle: Unit) -> list[Unit]:
        return [u for u in self.gazetteer.children(cercle.id) if u.level == 3 and u.version == self.gazetteer.current]


def _projects(
    organisation: DemoOrganisation, places: _Places, framework: Sequence[Indicator], seed: int, present: set[str]
) -> list[Project]:
    rng = Random(f"{seed}/{organisation.acronym}")  # noqa: S311 - synthetic data, to be made again alike
    projects: list[Project] = []
    for area in organisation.areas:
        for _ in range(1 + (rng.random() < 0.35)):
            first = 1 if rng.random() < 0.72 else rng.randint(2, 5)
            last = 12 if rng.random() < 0.74 else rng.randint(max(7, first + 3), 11)
            number = len(projects) + 1
            partner = organisation.partner if organisation.partner in present and rng.random() < 0.6 else ""
            projects.append(
                Project(
                    organisation,
                    f"{organisation.acronym}-{number:02d}" if rng.random() < 0.8 else "hors HRP",
                    f"Bailleur fictif {rng.randint(1, 9)}",
                    partner,
                    area,
                    first,
                    last,
                    tuple(_lines(organisation, area, places, framework, rng)),
                )
            )
    return projects


def _lines(
    organisation: DemoOrganisation, area: str, places: _Places, framework: Sequence[Indicator], rng: Random
) -> list[Line]:
    pool = [i for i in framework if i["aor"] == area]
    persons = [i for i in pool if i["unit"] == "PERS" and not i["mass_awareness"]]
    others = [i for i in pool if i not in persons]
    indicators = rng.sample(persons, min(len(persons), rng.randint(2, 3))) + rng.sample(others, min(len(others), 1))
    lines = []
    for region, cercle in places.cercles(organisation.regions, rng, rng.randint(2, 4)):
        communes = places.in_cercle(cercle)
        for commune in rng.sample(communes, min(len(communes), rng.choice((1, 1, 2)))):
            for indicator in indicators:
                for group in _groups(region, indicator, rng):
                    scale = scale_of(str(indicator["indicator_id"])) * rng.lognormvariate(0, 0.45)
                    lines.append(Line(indicator, commune, cercle, region, group, scale, _site(area, rng)))
    return lines


def _groups(region: Unit, indicator: Indicator, rng: Random) -> list[str]:
    """The groups a line is split into; sessions, structures and radio are not split by population group."""
    if indicator["unit"] != "PERS" or indicator["mass_awareness"]:
        return [""]
    weights = groups_of(region.name)
    main = ["PDI", "HOTE"] if rng.random() < 0.6 else [rng.choices(list(weights), list(weights.values()))[0]]
    return main


def _site(area: str, rng: Random) -> str:
    """A site for a third of the lines. Never for GBV: no site is ever named there."""
    if area == "SCVBG" or rng.random() > 0.33:
        return ""
    return rng.choice(
        ("Site PDI nord (fictif)", "Site PDI sud (fictif)", "Quartier du marché (fictif)", "Village du puits (fictif)")
    )
