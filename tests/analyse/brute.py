"""De-duplication written a second time, in plain Python, straight from the method (docs/figures.md): for comparison."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

SETS = {"J1": "x", "J2": "x", "J3": "y"}  # the disjoint sets of the random worlds' indicators; others are blank


def dedup(
    activities: list[dict[str, Any]], needs: dict[tuple[str, str, str], int], aor: str | None
) -> dict[tuple[str | None, str | None, str], dict[str, int]]:
    """(region, cercle, group) → services, raw, reached, lowest; for one area, or across areas when ``aor`` is None.

    Every row counts persons and has one group; ``needs`` is people in need by (cercle, area, group).
    """
    A: dict[tuple, int] = defaultdict(int)
    for r in activities:
        unit = r["cercle"] or r["region"] or "ML"
        spot = r["commune"] or unit
        if r["reached"] is not None and aor in (None, r["aor"]):
            A[(r["region"], r["cercle"], spot, r["population_status"], r["aor"], r["indicator_id"])] += r["reached"]
    cells: dict[tuple, dict[str, int]] = {}
    for region, cercle, spot, group in {k[:4] for k in A}:
        here = {k[4:]: v for k, v in A.items() if k[:4] == (region, cercle, spot, group)}
        areas = []
        for area in {a for a, _ in here}:
            blanks, sets = [0], defaultdict(list)
            for (a, i), v in here.items():
                if a == area:
                    (sets[SETS[i]] if i in SETS else blanks).append(v)
            areas.append(max(max(blanks), sum(max(v) for v in sets.values())))
        cell = cells.setdefault((region, cercle, group), {"services": 0, "raw": 0, "largest": 0})
        cell["services"] += sum(here.values())
        cell["raw"] += max(areas)
        cell["largest"] = max(cell["largest"], *here.values())
    for (_, cercle, group), cell in cells.items():
        known = [v for (c, a, g), v in needs.items() if (c, g) == (cercle, group) and aor in (None, a)]
        if not known:  # an area without a need of its own is held against that of all areas
            known = [v for (c, _, g), v in needs.items() if (c, g) == (cercle, group)]
        cell["reached"] = min(cell["raw"], max(known)) if known else cell["raw"]
        cell["lowest"] = min(cell["largest"], cell["reached"])
    return cells
