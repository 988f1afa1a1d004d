"""Numbers and shapes to draw: a country of squares, areas with long names, some values missing or withheld."""

from __future__ import annotations

from typing import Any

from danbe.ui import PROTECTED, charts, maps

AREAS = {
    "CP": "Protection générale",
    "SCVBG": "Violences basées sur le genre",
    "SCPE": "Protection de l’enfance",
    "GT-LTPRN": "Logement, terre, propriété et ressources naturelles, avec un nom très long qui ne tient pas",
}
MONTHS = [f"2025-{m:02}" for m in range(1, 13)]


def shapes(side: int = 7) -> dict[str, bytes]:
    """``side`` × ``side`` squares that touch, near the latitude of Mali, with wiggly common borders."""
    import shapely

    grid = {}
    for x in range(side):
        for y in range(side):
            box = shapely.box(-12 + x, 10 + y, -11 + x, 11 + y)
            grid[f"p{x}{y}"] = shapely.to_wkb(shapely.segmentize(box, 0.05))
    return grid


def drawings(language: str = "fr", width: float = 340) -> dict[str, str]:
    """One drawing of each kind."""
    monthly: list[dict[str, Any]] = [
        {
            "period": m,
            "series": a,
            "value": None if m == "2025-08" else PROTECTED if m == "2025-03" else 100 * i + 31 * j,
        }
        for i, m in enumerate(MONTHS, 1)
        for j, a in enumerate(AREAS)
    ]
    rows: list[dict[str, Any]] = [
        {"label": name, "people_in_need": 90_000 - 7_000 * i, "target": 60_000, "reached": 20_000 + i, "reached_lower": 15_000,
         "reached_upper": 25_000}
        for i, name in enumerate(AREAS.values())
    ]  # fmt: skip
    rows[1].update(target=None)
    rows[2].update(reached=PROTECTED, reached_lower=PROTECTED, reached_upper=PROTECTED)
    cells = shapes()
    values: dict[str, float | None] = {p: float(i % 9) for i, p in enumerate(sorted(cells))}
    values["p11"] = None
    return {
        "monthly": charts.monthly_columns(monthly, AREAS, "Mois", "Services rendus", language, width),
        "bullets": charts.bullets(rows, "Besoin", language, width),
        "bars": charts.bars([{"label": n, "value": v} for n, v in zip(AREAS.values(), (12_345, 0, None, PROTECTED), strict=True)],
                            "Barres", "services", language, width),
        "pyramid": charts.pyramid([{"sex_age": "F_0_17", "value": 6000}, {"sex_age": "M_0_17", "value": PROTECTED},
                                   {"sex_age": "F_18_59", "value": 3000}, {"sex_age": "INC", "value": 1000}], "Sexe", language, width),
        "sparkline": charts.sparkline([1, None, 3, 4], "Tendance", language),
        "map": maps.choropleth(cells, values, {p: f"Cercle <{p}> & Cie" for p in cells}, [2, 4, 6], language, width, {"p22"},
                               "Carte", unit="organisations présentes", zero_label="aucune"),
    }  # fmt: skip
