"""The synthetic year's AoR modules and displacement rounds: tables as the sub-clusters and DTM would hand them in.

The two rounds bear the published national totals (OIM/DTM: 350,110 in December 2021, 370,548 in April 2022), shared out
over regions by made-up weights; everything else is drawn. Region names, no place below where the protocol allows none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from danbe.packs.mli.demo.monitoring_profiles import REGION_WEIGHT
from danbe.reference.geography import Gazetteer, Unit
from danbe.reference.text import search_key

Row = dict[str, object]

ROUNDS = ((date(2021, 12, 31), 350_110), (date(2022, 4, 30), 370_548))
DTM = "OIM/DTM, totaux publiés ; répartition synthétique"
_GBV = {"1": 12, "2": 8, "3": 30, "4": 14, "5": 20, "6": 16}
_MRM = {"1": 20, "2": 25, "3": 4, "4": 12, "5": 14, "6": 18}
_CP = {"ENA": 30, "ES": 26, "EAFGA": 8, "DETR": 34, "ETATC": 28, "DESC": 30}


def module_tables(gazetteer: Gazetteer, seed: int, months: int = 12) -> dict[str, list[Row]]:
    """dataset → rows, for the first ``months`` of the year."""
    rng = Random(f"{seed}/modules")  # noqa: S311 - synthetic, to be made again alike
    regions = [u for u in gazetteer.units(1, gazetteer.current) if search_key(u.name) in REGION_WEIGHT]
    accidents = list(_accidents(gazetteer, regions, months, rng))
    return {
        "aor_aggregates": list(_aggregates(regions, months, rng)),
        "explosive_accidents": [a for a, _ in accidents],
        "explosive_victims": [v for _, victims in accidents for v in victims],
        "hlp_disputes": list(_disputes(gazetteer, regions, months, rng)),
        "civil_documents": list(_documents(gazetteer, regions, months, rng)),
        "social_cohesion": list(_cohesion(gazetteer, regions, months, rng)),
    }


def stock_rows(gazetteer: Gazetteer, total: int) -> list[tuple[str, int, int]]:
    """(place id of a region, individuals, households), adding up to ``total``."""
    regions = [u for u in gazetteer.units(1, gazetteer.current) if search_key(u.name) in REGION_WEIGHT]
    weights = [REGION_WEIGHT[search_key(u.name)] for u in regions]
    shares = [int(total * w / sum(weights)) for w in weights]
    shares[0] += total - sum(shares)
    return [(u.id, n, round(n / 5.2)) for u, n in zip(regions, shares, strict=True)]


def _weight(region: Unit) -> float:
    return REGION_WEIGHT[search_key(region.name)]


def _aggregates(regions: list[Unit], months: int, rng: Random) -> Iterator[Row]:
    for number in range(1, months + 1):
        for region in regions:
            for kind, size in _GBV.items():
                for sex, age, share in (("F", "18+", 0.62), ("F", "0-17", 0.34), ("M", "18+", 0.04)):
                    cases = round(size * 8 * _weight(region) * share * rng.uniform(0.6, 1.4))
                    if cases:
                        yield _aggregate(f"2022-{number:02d}", "VBG", region, kind, sex, age, cases, rng)
            for kind, size in _CP.items():
                cases = round(size * 4 * _weight(region) * rng.uniform(0.5, 1.5))
                if cases:
                    yield _aggregate(f"2022-{number:02d}", "PE", region, kind, "INC", "0-17", cases, rng)
    for quarter in range(months // 3):
        period = f"2022-{quarter * 3 + 1:02d}/2022-{quarter * 3 + 3:02d}"
        for region in regions:
            for kind, size in _MRM.items():
                cases = round(size * 6 * _weight(region) * rng.uniform(0.5, 1.5))
                if cases:
                    yield _aggregate(period, "MRM", region, kind, "INC", "0-17", cases, rng)


def _aggregate(period: str, module: str, region: Unit, kind: str, sex: str, age: str, cases: int, rng: Random) -> Row:
    served = 0 if module == "MRM" else round(cases * rng.uniform(0.7, 1.0))
    return {
        "period": period, "module": module, "admin1_name": region.name, "type": kind, "sex": sex, "age_band": age,
        "cases": cases, "served": served, "providers": rng.randint(1, 5),
    }  # fmt: skip


def _spot(gazetteer: Gazetteer, regions: list[Unit], rng: Random) -> Row:
    region = rng.choices(regions, [_weight(r) for r in regions])[0]
    cercle = rng.choice([u for u in gazetteer.children(region.id) if u.version == gazetteer.current])
    return {"admin1_name": region.name, "admin2_name": cercle.name}


def _day(month: int, rng: Random) -> str:
    return date(2022, month, rng.randint(1, 28)).isoformat()


def _accidents(gazetteer: Gazetteer, regions: list[Unit], months: int, rng: Random) -> Iterator[tuple[Row, list[Row]]]:
    number = 0
    for month in range(1, months + 1):
        for _ in range(rng.randint(12, 24)):
            number += 1
            same = {"event_date": _day(month, rng), **_spot(gazetteer, regions, rng)}
            device = rng.choices(("MIMP", "EEI", "MAV", "REG"), (58, 18, 10, 14))[0]
            accident = {"accident_id": f"ee-{number:04d}", "device": device, **same}
            accident |= {
                "activation": "VICT" if device != "EEI" else "CMD",
                "activity": rng.choice(("ROUTE", "CHAMP", "INC")),
            }
            victims = []
            for outcome in ("TUE", "BLESSE"):
                if count := rng.choices((0, 1, 2, 4), (40, 30, 20, 10))[0]:
                    victims.append(
                        {
                            "group_id": f"ee-{number:04d}-{outcome}", "accident_id": f"ee-{number:04d}", "device": device,
                            "outcome": outcome, "casualty_status": rng.choices(("CIV", "MIL"), (62, 38))[0],
                            "sex": rng.choices(("M", "F", "INC"), (76, 18, 6))[0],
                            "age_group": rng.choices(("18-59", "12-17", "INC"), (80, 10, 10))[0], "victims": count, **same,
                        }
                    )  # fmt: skip
            yield accident, victims


def _disputes(gazetteer: Gazetteer, regions: list[Unit], months: int, rng: Random) -> Iterator[Row]:
    for number in range(months * 14):
        yield {
            "dispute_id": f"ltp-{number:04d}", "event_date": _day(number // 14 + 1, rng),
            **_spot(gazetteer, regions, rng),
            "dispute_type": rng.choice(("OCC", "EXP", "LIM", "FEM", "AGRPAS", "EAU", "LOC")),
            "party_one": rng.choice(("PDI", "RET", "AGR")), "party_two": rng.choice(("HOTE", "PROP", "ELEV")),
            "asset": rng.choice(("LOG", "PARC", "CHAMP", "PATUR", "EAU")), "area_type": rng.choice(("URB", "RUR")),
            "forum": rng.choice(("COFO", "CHEF", "JUGE", "MED")),
            "stage": rng.choices(("RECU", "COURS", "RESOLU", "ECHEC"), (20, 34, 38, 8))[0],
            "households": rng.randint(1, 30), "women_claimants": rng.randint(0, 4),
        }  # fmt: skip


def _documents(gazetteer: Gazetteer, regions: list[Unit], months: int, rng: Random) -> Iterator[Row]:
    number = 0
    for month in range(1, months + 1):
        for _ in range(5):
            spot, day, people = _spot(gazetteer, regions, rng), _day(month, rng), rng.randint(40, 260)
            session, document = f"af-{month:02d}-{number:03d}", rng.choice(("AN", "JS", "NINA"))
            for stage, share in (("SENS", 1.0), ("DOSS", 0.7), ("JUGT", 0.55), ("DELIV", 0.5)):
                number += 1
                yield {
                    "record_id": f"doc-{number:04d}", "event_date": day, **spot, "document": document, "stage": stage,
                    "session_id": session, "sex": "INC", "age_group": "INC", "people": round(people * share),
                }  # fmt: skip


def _cohesion(gazetteer: Gazetteer, regions: list[Unit], months: int, rng: Random) -> Iterator[Row]:
    for number in range(months * 4):
        people = rng.randint(20, 90)
        agreed = rng.random() < 0.5
        yield {
            "event_id": f"cs-{number:04d}", "event_date": _day(number // 4 + 1, rng), **_spot(gazetteer, regions, rng),
            "kind": rng.choice(("DIAL", "MEDI", "ACT")), "communities": rng.randint(2, 5), "participants": people,
            "women": round(people * 0.35), "youth": round(people * 0.3), "agreement": "oui" if agreed else "non",
            "followup_6": rng.choice(("TIENT", "PART", "ROMPU", "INC")) if agreed else "INC", "tension": str(rng.randint(1, 5)),
        }  # fmt: skip
