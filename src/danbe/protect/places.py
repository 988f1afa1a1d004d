"""How finely each dataset may be located in public, and which points may be shown: hardly any.

Incident points never. Services one by one, each reviewed. Safe houses and safe spaces have no coordinates anywhere.
No point is moved at random to hide it: a displaced point still names a village, often the wrong one (field brief §1.5, §3;
IASC Operational Guidance on Data Responsibility, 2021).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from danbe.protect.reasons_records import RecordReason
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.personal import Box, country_box, find_coordinates

if TYPE_CHECKING:
    import pyarrow as pa

COUNTRY, REGION, CERCLE, COMMUNE, SITE = range(5)


@dataclass(frozen=True)
class PlaceRule:
    """``lowest``: the finest level that is public. ``points``: «never»; «reviewed»: of rows somebody reviewed one by
    one; «units»: of administrative units only."""

    lowest: int
    points: str = "never"


RULES: dict[str, PlaceRule] = {
    **dict.fromkeys(("incidents", "violations", "victims", "responses", "movements", "stocks"), PlaceRule(CERCLE)),
    **dict.fromkeys(("explosive_accidents", "explosive_victims", "hlp_disputes"), PlaceRule(CERCLE)),
    **dict.fromkeys(("civil_documents", "social_cohesion", "activities", "assessments"), PlaceRule(CERCLE)),
    **dict.fromkeys(("targets", "people_in_need"), PlaceRule(CERCLE)),
    "aor_aggregates": PlaceRule(REGION),
    "mechanisms": PlaceRule(COMMUNE),
    "referral_pathways": PlaceRule(CERCLE),
    "services": PlaceRule(SITE, "reviewed"),
    "places": PlaceRule(CERCLE, "units"),
}
SAFE_CATEGORIES = frozenset({"SEC", "FEM", "ALT"})
"""Of ``service_category``: safe shelter, safe space for women and girls, alternative care in families."""
SAFE_LOWEST = CERCLE

LEVEL_OF_COLUMN = {"country": COUNTRY, "region": REGION, "cercle": CERCLE, "commune": COMMUNE, "site": SITE, "village": SITE,
                    "admin1": REGION, "admin2": CERCLE, "admin3": COMMUNE, "admin4": SITE}  # fmt: skip
_PLACE_COLUMN = re.compile(r"^(?:place|place_id|origin|destination|locality|location|localite)$")
_GEOMETRY = re.compile(
    r"(?:^|_)(?:lat|lon|lng|long|latitude|longitude|gps|geo|geom|geometry|geometrie|wkb|wkt|geojson|coord\w*|point|shape"
    r"|mgrs|utm|plus_?code|geohash|easting|northing)(?:_|$)|^[xy]$",
    re.IGNORECASE,
)


@dataclass
class PlaceDecision:
    """``allowed``: the rows that may be shown; ``refused``: for each other row (its number) why; ``reasons``: what bars
    the whole dataset, in which case nothing is allowed."""

    allowed: list[dict[str, Any]] = field(default_factory=list)
    refused: dict[int, list[RecordReason]] = field(default_factory=dict)
    reasons: list[RecordReason] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.refused and not self.reasons


def check_places(
    dataset: str,
    rows: Iterable[Mapping[str, Any]] | pa.Table,
    levels: Mapping[str, int],
    thresholds: Mapping[str, int] | None = None,
    *,
    box: Box | None = None,
    default: PlaceRule | None = None,
) -> PlaceDecision:
    """Which rows of ``dataset`` may be public as they stand.

    ``levels``: the level of each place id of the division in use. ``thresholds``: the plan's own finest level by
    dataset; it can make a rule coarser, never finer. A figure table of the catalogue follows its ``level`` column down
    to cercle. A dataset without a rule follows ``default``; without that it lets nothing out.
    """
    held = [dict(r) for r in (rows.to_pylist() if hasattr(rows, "to_pylist") else rows)]
    rule = RULES.get(dataset) or (PlaceRule(CERCLE) if dataset in FIGURES else default)
    if rule is None:
        return PlaceDecision(reasons=[RecordReason("places.unknown_dataset", {"dataset": dataset})])
    lowest = min(rule.lowest, (thresholds or {}).get(dataset, rule.lowest))
    columns = list(dict.fromkeys(c for row in held for c in row))
    points = [c for c in columns if is_geometry(c, [r.get(c) for r in held])]
    decision = PlaceDecision()
    if rule.points == "never":
        pairs = _number_pairs(dataset, columns, held, box or country_box())
        for column in dict.fromkeys((*points, *pairs)):
            decision.reasons.append(RecordReason("places.geometry", {"dataset": dataset, "column": column}))
        if decision.reasons:
            return decision
    for number, row in enumerate(held):
        broken = [*_level_reasons(dataset, row, levels, _row_lowest(rule, row, lowest))]
        broken += _point_reasons(dataset, rule, row, points)
        broken += _hidden_coordinates(dataset, number, row, points, box or country_box())
        if broken:
            decision.refused[number] = broken
        else:
            decision.allowed.append(row)
    return decision


def categories(row: Mapping[str, Any]) -> frozenset[str]:
    """The service categories of a row, from «category» or «categories» (a list, or codes separated by a space)."""
    value = row.get("categories", row.get("category")) or ()
    return frozenset(value.replace(",", " ").replace(";", " ").split() if isinstance(value, str) else value)


def _row_lowest(rule: PlaceRule, row: Mapping[str, Any], lowest: int) -> int:
    return min(lowest, SAFE_LOWEST) if rule.points == "reviewed" and categories(row) & SAFE_CATEGORIES else lowest


def _level_reasons(
    dataset: str, row: Mapping[str, Any], levels: Mapping[str, int], lowest: int
) -> Iterable[RecordReason]:
    for column, value in row.items():
        if value in (None, ""):
            continue
        bare = column.lower().split("@")[0].removesuffix("_id").removesuffix("_name").removesuffix("_code")
        level = LEVEL_OF_COLUMN.get(bare.rsplit("_", 1)[-1])
        if level is None and is_place(column):
            level = int(row["level"]) if dataset in FIGURES and "level" in row else levels.get(str(value))
            if level is None or levels.get(str(value), level) != level:
                yield RecordReason("places.unknown_place", {"dataset": dataset, "value": value})
                continue
        elif level is not None:
            level = max(level, levels.get(str(value), level))  # a commune written in the column of cercles
        if level is not None and level > lowest:
            yield RecordReason(
                "places.too_fine", {"dataset": dataset, "level": level, "value": value, "allowed": lowest}
            )


def _point_reasons(dataset: str, rule: PlaceRule, row: Mapping[str, Any], points: list[str]) -> Iterable[RecordReason]:
    shown = [c for c in points if row.get(c) not in (None, "", b"")]
    if not shown or rule.points == "units":
        return
    name = row.get("name") or row.get("service_id") or row.get("id") or "?"
    safe = categories(row) & SAFE_CATEGORIES
    if safe:
        yield RecordReason("places.safe_house", {"value": name, "category": ", ".join(sorted(safe))})
    elif row.get("reviewed") is not True:
        yield RecordReason("places.not_reviewed", {"value": name})


def is_place(column: str) -> bool:
    """Whether the name of a column says that it holds places of any level."""
    return bool(_PLACE_COLUMN.match(column))


def is_geometry(column: str, values: Iterable[Any] = ()) -> bool:
    """Whether a column holds a geometry or coordinates, by its name or by its values."""
    return bool(_GEOMETRY.search(column)) or any(
        isinstance(v, bytes) or (isinstance(v, str) and _WKT.match(v)) or (isinstance(v, dict) and "coordinates" in v)
        for v in values
    )


_WKT = re.compile(
    r"\s*(?:SRID=\d+;)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\(|\s*\{.*\"coordinates\"|\s*0[01]0[1-7]0000[0-9A-F]{20,}",
    re.IGNORECASE | re.DOTALL,
)


def _hidden_coordinates(
    dataset: str, number: int, row: Mapping[str, Any], points: list[str], box: Box
) -> Iterable[RecordReason]:
    for column, value in row.items():
        if isinstance(value, str) and column not in points and next(find_coordinates(value, box), None):
            yield RecordReason("places.coordinates", {"dataset": dataset, "column": column, "row": number + 1})


def _number_pairs(dataset: str, columns: list[str], rows: list[dict[str, Any]], box: Box) -> list[str]:
    """Columns that look like latitudes beside one that looks like longitudes, whatever they are called.

    Declared counts and amounts of the catalogue are what they say: rates have many decimals too.
    """
    known = DATASETS.get(dataset) or FIGURES.get(dataset)
    measures = {c.name for c in known.columns if c.role in ("count", "amount")} if known else set()

    def numbers(column: str) -> list[float]:
        return [f for row in rows if (f := _number(row.get(column))) is not None]

    def detailed(values: list[float]) -> bool:
        return bool(values) and sum(round(v, 2) != v for v in values) >= 0.8 * len(values)

    held = {c: v for c in columns if c not in measures and detailed(v := numbers(c))}
    lat = [c for c, v in held.items() if all(box.latitude(x) for x in v)]
    lon = [c for c, v in held.items() if all(box.longitude(x) for x in v)]
    if not lat or not [c for c in lon if c not in lat]:
        return []
    return [c for c in columns if c in lat or c in lon]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return None
    try:
        return float(str(value).replace(",", ".")) if isinstance(value, (float, str)) else None
    except ValueError:
        return None
