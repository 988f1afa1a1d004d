"""Synthetic people in need and targets of the demonstration year, from the population of each cercle.

Total protection PiN comes near the published ones (3.9 million in 2023, HRP); areas are parts of the same people and
are never added, so the general figure of a cercle is at least that of each area.
"""

from __future__ import annotations

from random import Random

from danbe.packs.mli.demo.profiles import groups_of, need_share
from danbe.packs.mli.demo.world import YEAR
from danbe.reference.geography import Gazetteer, Unit

# Share of the people in need of protection whom an area of responsibility concerns.
AREA_SHARE = {"CP": 1.0, "SCPE": 0.62, "SCVBG": 0.53, "GT-LAMH": 0.47, "GT-CS": 0.41, "GT-DOC": 0.36, "GT-LTPRN": 0.28}
# What the cluster plans to reach, of those in need.
TARGET_SHARE = 0.78
# The census had no figure yet for cercles cut out of another.
POPULATION_UNKNOWN = 12_000

Row = dict[str, object]


def need_rows(gazetteer: Gazetteer, seed: int = 2025, year: int = YEAR) -> list[Row]:
    """People in need by cercle, area and group: rows by catalogue name, place given by names and P-codes."""
    return [{**_cell(place, region, year), "aor": aor, "population_status": group, "people_in_need": need}
            for place, region, aor, group, need, _ in _cells(gazetteer, seed)]  # fmt: skip


def target_rows(gazetteer: Gazetteer, seed: int = 2025, year: int = YEAR) -> list[Row]:
    """Targets by cercle, area and group, each at most the people in need of the same cell."""
    return [{**_cell(place, region, year), "aor": aor, "population_status": group, "target": target}
            for place, region, aor, group, _, target in _cells(gazetteer, seed) if target]  # fmt: skip


def _cell(cercle: Unit, region: Unit, year: int) -> Row:
    return {
        "year": year,
        "admin1_name": region.name,
        "admin1_code": region.code,
        "admin2_name": cercle.name,
        "admin2_code": cercle.code,
    }


def _cells(gazetteer: Gazetteer, seed: int) -> list[tuple[Unit, Unit, str, str, int, int]]:
    found = []
    for region in gazetteer.units(1, gazetteer.current):
        for cercle in gazetteer.children(region.id):
            if cercle.version != gazetteer.current or cercle.level != 2:
                continue
            rng = Random(f"{seed}/needs/{cercle.id}")  # noqa: S311 - synthetic data, to be made again alike
            whole = (cercle.population or POPULATION_UNKNOWN) * need_share(region.name) * rng.uniform(0.85, 1.15)
            plan = TARGET_SHARE * rng.uniform(0.85, 1.1)
            for group, weight in groups_of(region.name).items():
                for aor, share in AREA_SHARE.items():
                    part = share if aor == "CP" else min(0.98, share * rng.uniform(0.85, 1.15))
                    need = _tens(whole * weight * part)
                    found.append((cercle, region, aor, group, need, min(need, _tens(need * plan))))
    return found


def _tens(value: float) -> int:
    return int(round(value, -1))
