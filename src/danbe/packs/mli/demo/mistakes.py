"""The mistakes partners make, put on purpose into synthetic reports, each with the rule it must meet at the door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from danbe.packs.mli.demo.world import DemoWorld

Row = dict[str, Any]
_PARTS = tuple(f"reached_{sex}_{age}" for sex in "fm" for age in ("0_5", "6_11", "12_17", "18_59", "60", "inc"))


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in a report: its kind, the row (from 0), the rule expected and whether it keeps the row out."""

    kind: str
    row: int
    rule: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mistake. ``make`` changes the row, or returns a row to add, or False where it does not apply."""

    rule: str
    blocks: bool
    make: Callable[[Row, Random, DemoWorld], Row | bool]


def _negative(row: Row, rng: Random, world: DemoWorld) -> bool:
    for part in _PARTS:
        row.pop(part, None)
    row["reached"] = -int(row["reached"] or 1)
    return True


def _mismatch(row: Row, rng: Random, world: DemoWorld) -> bool:
    if not any(row.get(p) for p in _PARTS):
        return False
    row["reached"] = int(row["reached"]) + rng.choice((3, 7, 12))
    return True


def _future(row: Row, rng: Random, world: DemoWorld) -> bool:
    # A slip of the finger in the decade: far enough never to have begun.
    row["report_month"] = f"{world.year + 50}-{row['report_month'][5:]}"
    return True


def _outside(row: Row, rng: Random, world: DemoWorld) -> bool:
    """The commune of another cercle, whose name is found once in the country and looks like none of this cercle."""
    names = [c.name for c in world.communes]
    once = [
        c for c in world.communes if names.count(c.name) == 1 and len(c.name) > 7 and c.parent_id != row["_cercle_id"]
    ]
    row["admin3_name"] = rng.choice(once).name
    row.pop("site", None)
    return True


def _no_end(row: Row, rng: Random, world: DemoWorld) -> bool:
    row["status"] = "Terminée"
    row.pop("end_date", None)
    return True


def _gbv_site(row: Row, rng: Random, world: DemoWorld) -> bool:
    if row["_aor"] != "SCVBG":
        return False
    row["site"] = "Site PDI nord (fictif)"
    return True


def _indicator(row: Row, rng: Random, world: DemoWorld) -> bool:
    row["activity"], row["indicator"] = "Ancienne activité du plan passé", "Nombre de ventilateurs de bureau réparés"
    return True


def _place(row: Row, rng: Random, world: DemoWorld) -> bool:
    row["admin2_name"] = "Xyzzyville"
    row.pop("admin3_name", None)
    row.pop("site", None)
    return True


def _decimal(row: Row, rng: Random, world: DemoWorld) -> bool:
    for part in _PARTS:
        row.pop(part, None)
    row["reached"] = int(row["reached"]) + 0.5
    return True


def _text(row: Row, rng: Random, world: DemoWorld) -> bool:
    for part in _PARTS:
        row.pop(part, None)
    row["reached"] = "environ 50"
    return True


def _duplicate(row: Row, rng: Random, world: DemoWorld) -> Row:
    return dict(row)


def _over_target(row: Row, rng: Random, world: DemoWorld) -> bool:
    if int(row["reached"]) < 10:
        return False
    row["target"] = int(row["reached"]) // 2
    return True


def _no_disability(row: Row, rng: Random, world: DemoWorld) -> bool:
    if not row.get("persons_with_disabilities"):
        return False
    row.pop("persons_with_disabilities")
    return True


KINDS: dict[str, Kind] = {
    "negative": Kind("negative", True, _negative),
    "mismatch": Kind("disaggregation_mismatch", True, _mismatch),
    "future": Kind("future_period", True, _future),
    "commune_outside": Kind("commune_outside_cercle", True, _outside),
    "no_end_date": Kind("completed_without_end", True, _no_end),
    "gbv_site": Kind("gbv_at_site", True, _gbv_site),
    "indicator": Kind("indicator_unknown", True, _indicator),
    "place": Kind("place_unknown", True, _place),
    "decimal": Kind("decimal", True, _decimal),
    "text": Kind("unreadable_number", True, _text),
    "duplicate": Kind("duplicate_row", False, _duplicate),
    "over_target": Kind("over_target", False, _over_target),
    "no_disability": Kind("missing_disability", False, _no_disability),
}


def add_mistakes(rows: list[Row], wanted: list[str], rng: Random, world: DemoWorld) -> list[Mistake]:
    """Puts the mistakes ``wanted`` into ``rows``, each in a row of its own; returns those that found one."""
    made: list[Mistake] = []
    free = list(range(len(rows)))
    rng.shuffle(free)
    for name in wanted:
        kind = KINDS[name]
        for index in free:
            result = kind.make(rows[index], rng, world)
            if result is False:
                continue
            free.remove(index)
            if isinstance(result, dict):
                rows.append(result)
                made.append(Mistake(name, len(rows) - 1, kind.rule, kind.blocks))
            else:
                made.append(Mistake(name, index, kind.rule, kind.blocks))
            break
    return made
