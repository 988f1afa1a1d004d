"""Two synthetic years of protection monitoring, 2021 and 2022, as the XML that phones would send of Danbe's own forms.

Monthly totals by category are the published ones where there are any (``monitoring_published*.csv``, with sources); the
rest is drawn. June 2022 has 761 violations, and 423 people displaced by 23 movements: never 1,184 of anything. Pure:
the same seed gives the same bytes. No person, group or exact place is in it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from danbe.packs.mli.demo.monitoring_movements import movement_submissions
from danbe.packs.mli.demo.monitoring_places import Places
from danbe.packs.mli.demo.monitoring_profiles import (
    CATEGORY_SHARE,
    KINDS,
    LETHAL,
    SIZES,
    STATUS,
    draw_victims,
    grades,
)
from danbe.packs.mli.demo.monitoring_xml import Reported, instance
from danbe.packs.mli.forms import FLASH, INCIDENT
from danbe.reference.geography import Gazetteer

YEAR = 2022
# A demonstration of fewer months is a quick one, without the year before.
WHOLE = 12
MONITORS = 8


@dataclass(frozen=True)
class Published:
    """What a month must add up to: violations by category, movements and people displaced (``None``: drawn)."""

    month: str
    violations: dict[str, int]
    movements: int | None
    displaced: int | None


def published(file: str = "monitoring_published.csv") -> list[Published]:
    """The months of the year, categories that no source gives shared out of the month's total."""
    rows: dict[str, dict[tuple[str, str], int]] = {}
    with (Path(__file__).parent / file).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault(row["month"], {})[row["category"], row["unit"]] = int(row["value"])
    return [_month(month, said) for month, said in sorted(rows.items())]


def published_before() -> list[Published]:
    """The months of the year before, likewise."""
    return published("monitoring_published_2021.csv")


def _month(month: str, said: dict[tuple[str, str], int]) -> Published:
    movements, displaced = said.get(("MVT", "mouvements")), said.get(("MVT", "personnes"))
    total = next(v for (category, _), v in said.items() if category == "TOTAL")
    # What the published total counted under forced movements is taken out: it is no violation.
    total -= displaced if displaced is not None else movements or 0
    known = {c: v for (c, unit), v in said.items() if unit == "violations" and c in CATEGORY_SHARE}
    rest = total - sum(known.values())
    weights = {c: s for c, s in CATEGORY_SHARE.items() if c not in known}
    shared = {c: int(rest * s / sum(weights.values())) for c, s in weights.items()}
    if shared:
        shared[max(weights, key=lambda c: weights[c])] += rest - sum(shared.values())
    return Published(month, {**known, **shared}, movements, displaced)


def monitoring_year(gazetteer: Gazetteer, seed: int = 2022, months: int = 12) -> list[Reported]:
    """What is sent in the first ``months`` of the year, in order of arrival; the whole year comes after the one before."""
    places = Places(gazetteer)
    found: list[Reported] = []
    for wanted in [*(published_before() if months >= WHOLE else ()), *published()[:months]]:
        found += _incidents(wanted, places, Random(f"{seed}/{wanted.month}"))  # noqa: S311 - synthetic, to be made again
        found += movement_submissions(wanted.month, wanted.movements, wanted.displaced, places, seed, MONITORS)
    return sorted(found, key=lambda r: (r.received_on, r.instance_id))


def _incidents(wanted: Published, places: Places, rng: Random) -> Iterator[Reported]:
    """Documented incidents whose violations add up to the month; beside them, what does not count yet or at all."""
    bag = [c for c, n in sorted(wanted.violations.items()) for _ in range(n)]
    rng.shuffle(bag)
    number, counted = 0, []
    while bag:
        size = min(len(bag), rng.choices(list(SIZES), list(SIZES.values()))[0])
        taken, bag = bag[:size], bag[size:]
        counted.append(_documented(wanted.month, number, taken, places, rng, "validated" if rng.random() < 0.85 else "triangulated"))  # fmt: skip
        number += 1
    yield from counted
    # The same event reported twice: not validated, and a person will say that they are one.
    for twice in rng.sample(counted, len(counted) // 40):
        yield twice.again(f"{twice.instance_id}-bis", timedelta(days=1), monitor=(twice.monitor + 1) % MONITORS)
    categories = list(CATEGORY_SHARE)
    for _ in range(len(counted) // 25):
        taken = rng.choices(categories, list(CATEGORY_SHARE.values()), k=rng.randint(1, 2))
        yield _documented(wanted.month, number, taken, places, rng, rng.choice(("rejected", "received", "in_review")))
        number += 1
    for _ in range(len(counted) // 10):
        yield _flash(wanted.month, number, places, rng)
        number += 1


def _documented(month: str, number: int, categories: list[str], places: Places, rng: Random, review: str) -> Reported:
    day, sent = _days(month, rng)
    region, cercle, commune = places.draw(rng)
    violations = []
    for category in categories:
        count, killed, injured = draw_victims(category, rng)
        violations.append(_violation(category, count, killed, injured, rng))
    reliability, credibility = grades(rng)
    answers = {
        "reported_on": sent.isoformat(),
        "when": {"event_date": day.isoformat(), "date_precision": "JOUR" if rng.random() < 0.85 else "SEMAINE"},
        "where": {
            "region": region,
            "cercle": cercle,
            "commune": commune if rng.random() < 0.9 else "",
            "location_type": rng.choice(("ROUTE", "CHAMP", "MARCHE", "DOMICILE", "SITE", "PATUR", "PUBLIC")),
        },
        "perpetrator": rng.choices(("HANI", "GANE", "MIL", "CRIM", "INC", "FDS", "COMM"), (30, 28, 12, 10, 12, 4, 4))[
            0
        ],
        "violations": violations,
        "source": {
            "source_type": rng.choices(("VICT", "TEM", "PROCHE", "RELAIS", "AUTOR"), (30, 25, 15, 25, 5))[0],
            "source_reliability": reliability,
            "information_credibility": credibility,
            "consent": rng.choices(("OUI_PART", "OUI_ANON", "NON", "IMP"), (25, 60, 5, 10))[0],
        },
        "responses": _responses(rng),
    }
    return instance(INCIDENT, f"{month}-i{number:04d}", answers, sent, rng.randrange(MONITORS), review, rng)


def _violation(category: str, count: int, killed: int, injured: int, rng: Random) -> dict[str, object]:
    """A violation with one or two victim groups whose parts add up."""
    found: dict[str, object] = {"category": category}
    if rng.random() < 0.9:
        found["subtype"] = rng.choices(list(KINDS[category]), list(KINDS[category].values()))[0]
    first = count if count < 2 or rng.random() < 0.6 else rng.randint(1, count - 1)
    groups = []
    for part in (first, count - first):
        if part:
            dead = min(killed, part)
            hurt = min(injured, part - dead)
            killed, injured = killed - dead, injured - hurt
            groups.append(_group(part, dead, hurt, rng))
    found["victim_group"] = groups
    return found


def _group(count: int, killed: int, injured: int, rng: Random) -> dict[str, object]:
    sex = rng.choices(("M", "F", "INC"), (76, 22, 2))[0]
    return {
        "victims": count,
        "sex": sex,
        "age_group": "INC"
        if sex == "INC"
        else rng.choices(("18-59", "60+", "12-17", "6-11", "0-5"), (78, 9, 8, 3, 2))[0],
        "population_status": rng.choices(list(STATUS), list(STATUS.values()))[0],
        "unknown": count // 3 if count > 5 and rng.random() < 0.08 else 0,
        "killed": killed,
        "injured": injured,
        "with_disability": sum(rng.random() < 0.05 for _ in range(min(count, 40))),
        "directness": "DIR" if rng.random() < 0.9 else "IND",
    }


def _responses(rng: Random) -> list[dict[str, object]]:
    if rng.random() > 0.45:
        return []
    agreed = rng.random() < 0.8
    found: dict[str, object] = {
        "need": rng.choices(("SAN", "PSS", "RRM", "CASH", "JUR", "DOC", "SEC"), (22, 26, 20, 14, 8, 6, 4))[0],
        "consented": "yes" if agreed else "no",
    }
    if agreed:
        found["outcome"] = rng.choices(("DONNE", "ACC", "FAIT", "REF", "SANS"), (14, 22, 38, 4, 22))[0]
    return [found]


def _flash(month: str, number: int, places: Places, rng: Random) -> Reported:
    """An alert that nobody has documented: it counts as an alert and as nothing else."""
    day, sent = _days(month, rng, late=1)
    region, cercle, commune = places.draw(rng)
    category = rng.choices(list(CATEGORY_SHARE), list(CATEGORY_SHARE.values()))[0]
    count = rng.randint(1, 40)
    answers = {
        "reported_on": sent.isoformat(),
        "event_date": day.isoformat(),
        "where": {"region": region, "cercle": cercle, "commune": commune},
        "category": category,
        "victims": count,
        "killed": rng.randint(0, min(3, count)) if category in LETHAL else 0,
        "perpetrator": rng.choice(("HANI", "GANE", "INC")),
        "need": rng.choice(("SAN", "RRM", "SEC")),
        "source_type": rng.choice(("RELAIS", "TEM", "AUTOR")),
    }
    return instance(FLASH, f"{month}-a{number:04d}", answers, sent, rng.randrange(MONITORS), "received", rng)


def _days(month: str, rng: Random, late: int = 9) -> tuple[date, date]:
    """(day of the event, day of the report), both in the month's own terms."""
    year, number = int(month[:4]), int(month[5:7])
    last = (date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)).day
    day = date(year, number, rng.randint(1, last))
    return day, day + timedelta(days=rng.choices(range(late + 1), [late + 1 - n for n in range(late + 1)])[0])
