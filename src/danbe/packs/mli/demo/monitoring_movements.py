"""The synthetic year's population movements: alerts that become confirmed, numbers that add up to the published ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from danbe.packs.mli.demo.monitoring_places import Places
from danbe.packs.mli.demo.monitoring_xml import Reported, instance
from danbe.packs.mli.forms import MOVEMENT

HOUSEHOLD = 5.4


def movement_submissions(
    month: str, movements: int | None, displaced: int | None, places: Places, seed: int, monitors: int
) -> Iterator[Reported]:
    """The movements of one month. Where a number is published, confirmed movements add up to it; returns come besides."""
    rng = Random(f"{seed}/{month}/movements")  # noqa: S311 - synthetic, to be made again alike
    wanted = movements or (max(4, displaced // 18) if displaced is not None else rng.randint(10, 26))
    counts = _counts(wanted, displaced, rng)
    for number, people in enumerate(counts):
        review = "validated" if rng.random() < 0.8 else "triangulated"
        yield _movement(month, f"m{number:03d}", people, places, rng, monitors, review, displaced is None)
    for number in range(len(counts), len(counts) + 4):
        review = ("received", "in_review", "rejected", "unfounded")[number % 4]
        yield _movement(month, f"m{number:03d}", rng.randint(5, 60), places, rng, monitors, review, True)
    for number in range(2):
        people = rng.randint(20, 160)
        yield _movement(month, f"r{number:03d}", people, places, rng, monitors, "validated", False, cause="RET")


def _counts(movements: int, displaced: int | None, rng: Random) -> list[int]:
    """How many people each movement counts: drawn, or shared out of a published number."""
    drawn = [max(4, round(rng.lognormvariate(3.6, 0.9))) for _ in range(movements)]
    if displaced is None:
        return drawn
    shared = [max(1, round(d * displaced / sum(drawn))) for d in drawn]
    while (missing := displaced - sum(shared)) != 0:
        step = 1 if missing > 0 else -1
        able = [i for i, s in enumerate(shared) if step > 0 or s > 1]
        shared[rng.choice(able)] += step
    return shared


def _movement(
    month: str, name: str, people: int, places: Places, rng: Random, monitors: int, review: str, may_impute: bool,
    cause: str = "",
) -> Reported:  # fmt: skip
    day = date(int(month[:4]), int(month[5:7]), rng.randint(1, 28))
    sent = day + timedelta(days=rng.randint(0, 6))
    origin = places.draw(rng)
    destination = places.region(rng, origin[0]) if rng.random() < 0.7 else places.draw(rng)
    households = max(1, min(people, round(people / HOUSEHOLD)))
    imputed = may_impute and rng.random() < 0.25
    who: dict[str, object] = {
        "population_status": "PDIR" if cause == "RET" else "PDI",
        "households": households,
        "individuals": "" if imputed else people,
        "household_size": HOUSEHOLD if imputed else "",
        "method": "ESTIM" if imputed else rng.choice(("DENOM", "ENREG")),
        "host_type": rng.choices(("FAM", "SITE", "LOC", "COLL", "AIR"), (52, 22, 12, 6, 8))[0],
        "wave": 1,
    }
    answers = {
        "reported_on": sent.isoformat(),
        "when": {
            "event_date": day.isoformat(),
            "date_precision": "JOUR",
            "cause": cause or rng.choices(("ATT", "COMM", "ULT", "OPS", "BLO", "INO"), (44, 20, 18, 8, 4, 6))[0],
        },
        "origin": dict(zip(("origin_region", "origin_cercle", "origin_commune"), origin, strict=True)),
        "destination": dict(
            zip(("destination_region", "destination_cercle", "destination_commune"), destination, strict=True)
        ),
        "who": who,
    }
    return instance(MOVEMENT, f"{month}-{name}", answers, sent, rng.randrange(monitors), review, rng)
