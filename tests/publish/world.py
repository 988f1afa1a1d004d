"""A small fictional year on Mali's real regions: a snapshot and its figures, as ``analyse`` would write them.

Organisations and numbers are invented; places are real names with rounded reference points, outlines are schematic.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_field, arrow_schema
from danbe.reference.catalogue.figures import FIGURES, dimensions
from danbe.reference.folders import content_id, sha256_of, write_json

VERSION = "2021"
COUNTRY = "2021:ML"
REGIONS = {
    "ML01": ("Kayes", {"Kayes": (-11.4, 14.4), "Nioro": (-9.6, 15.2), "Kita": (-9.5, 13.0)}),
    "ML02": ("Koulikoro", {"Kati": (-8.1, 12.7), "Nara": (-7.3, 15.2)}),
    "ML03": ("Sikasso", {"Sikasso": (-5.7, 11.3), "Koutiala": (-5.5, 12.4)}),
    "ML04": ("Ségou", {"Ségou": (-6.3, 13.4), "Niono": (-6.0, 14.3), "San": (-4.9, 13.3)}),
    "ML05": ("Mopti", {"Mopti": (-4.2, 14.5), "Bandiagara": (-3.6, 14.3), "Douentza": (-2.9, 15.0), "Koro": (-3.1, 14.1)}),
    "ML06": ("Tombouctou", {"Tombouctou": (-3.0, 16.8), "Goundam": (-3.7, 16.4), "Gourma-Rharous": (-1.9, 16.9)}),
    "ML07": ("Gao", {"Gao": (0.0, 16.3), "Ansongo": (0.5, 15.7), "Bourem": (-0.3, 17.0)}),
    "ML08": ("Kidal", {"Kidal": (1.4, 18.4), "Tessalit": (1.0, 20.2)}),
    "ML09": ("Bamako", {"Bamako": (-8.0, 12.4)}),
    "ML10": ("Ménaka", {"Ménaka": (2.4, 15.9), "Andéramboukane": (3.0, 15.4)}),
}  # fmt: skip
AORS = ("CP", "SCVBG", "SCPE", "GT-LAMH", "GT-DOC")
GROUPS = ("PDI", "HOTE", "PDIR")
ORGANISATIONS = {
    "org-a": ("AAD", "Association Alpha pour la dignité (fictive)", "ONGN"),
    "org-b": ("BPI", "Bêta Protection internationale (fictive)", "ONGI"),
    "org-c": ("CGS", "Comité Gamma de solidarité (fictif)", "OSC"),
    "org-d": ("ADE", "Agence Delta pour l’enfance (fictive)", "UN"),
}
INDICATORS = {
    "CP-01": ("CP", "Personnes ayant reçu une assistance de protection", "People who received protection assistance"),
    "VBG-01": ("SCVBG", "Survivantes ayant reçu une prise en charge", "Survivors who received care"),
    "PE-01": ("SCPE", "Enfants ayant accès à un espace sûr", "Children with access to a safe space"),
}
DECLARATIONS = [
    {"id": "people_reached", "fr": "Personnes atteintes", "en": "People reached", "unit": "personnes", "numerator": "reached", "denominator": "", "formula": "reached", "period_logic": "flow", "dimensions": ["place", "aor"], "definition_fr": "Personnes atteintes, sans double compte.", "definition_en": "People reached, without double counting.", "source": "Cluster Protection, 5W"},
    {"id": "operational_presence", "fr": "Organisations présentes", "en": "Organisations present", "unit": "organisations", "numerator": "organisations", "denominator": "", "formula": "organisations", "period_logic": "stock", "dimensions": ["place", "aor"], "definition_fr": "Organisations distinctes ayant au moins une activité.", "definition_en": "Distinct organisations with at least one activity.", "source": "Cluster Protection, 5W"},
    {"id": "coverage", "fr": "Couverture de la cible", "en": "Coverage of target", "unit": "ratio", "numerator": "reached", "denominator": "target", "formula": "reached / target", "period_logic": "ratio", "dimensions": ["place", "aor"], "definition_fr": "Part de la cible atteinte.", "definition_en": "Share of the target reached.", "source": "Cluster Protection, 5W"},
]  # fmt: skip
SPAN = "2025-01/2025-06"
SEX_AGE = {"F_0_17": 0.3, "M_0_17": 0.2, "F_18_59": 0.25, "M_18_59": 0.15}
MONTHS = [f"2025-{m:02}" for m in range(1, 7)]


def places() -> list[dict[str, Any]]:
    rows = [_place(COUNTRY, 0, "ML", "Mali", None, (-3.5, 17.0))]
    for code, (name, cercles) in REGIONS.items():
        rows.append(_place(f"2021:{code}", 1, code, name, COUNTRY, next(iter(cercles.values()))))
        for i, (cercle, at) in enumerate(cercles.items(), 1):
            rows.append(_place(f"2021:{code}{i:02}", 2, f"{code}{i:02}", cercle, f"2021:{code}", at))
    rows.append(_place("2021:ML070101", 3, "ML070101", "Gao (commune)", "2021:ML0701", (0.0, 16.3)))
    return rows


def _place(
    place_id: str, level: int, code: str, name: str, parent: str | None, at: tuple[float, float]
) -> dict[str, Any]:
    return {
        "place_id": place_id, "version": VERSION, "level": str(level), "code": code, "name": name, "parent_id": parent,
        "longitude": at[0], "latitude": at[1], "population": 100_000, "verified": True,
    }  # fmt: skip


def outlines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Voronoi cells of the cercles, dissolved into regions and country."""
    import shapely

    cercles = [r for r in rows if r["level"] == "2"]
    points = shapely.MultiPoint([(r["longitude"], r["latitude"]) for r in cercles])
    hull = points.convex_hull.buffer(0.8)
    cells = shapely.voronoi_polygons(points, extend_to=hull)
    shapes = {}
    for r in cercles:
        point = shapely.Point(r["longitude"], r["latitude"])
        shapes[r["place_id"]] = next(c for c in cells.geoms if c.contains(point)).intersection(hull)
    for r in rows:
        if r["level"] == "1":
            shapes[r["place_id"]] = shapely.union_all(
                [shapes[c["place_id"]] for c in cercles if c["parent_id"] == r["place_id"]]
            )
    shapes[COUNTRY] = hull
    return [{"place_id": k, "kind": "schematic", "wkb": shapely.to_wkb(v)} for k, v in shapes.items()]


def make_snapshot(root: Path, **overrides: Any) -> Path:
    """``root``/<snapshot id> with the datasets the gate and the release read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = root / "building"
    folder.mkdir(parents=True)
    rows = places()
    data = {
        "places": rows,
        "organisations": [
            {"organisation_id": k, "acronym": a, "name": n, "organisation_type": t, "verified": True}
            for k, (a, n, t) in ORGANISATIONS.items()
        ],
        "indicators": [
            {"indicator_id": k, "aor": a, "objective": "OS3", "activity_fr": "Assistance", "activity_en": "Assistance",
             "name_fr": fr, "name_en": en, "unit": "PERS", "aggregation": "sum", "disjoint_set": None,
             "mass_awareness": False, "verified": True}
            for k, (a, fr, en) in INDICATORS.items()
        ],
    }  # fmt: skip
    data.update(overrides)
    for name in DATASETS:
        schema = arrow_schema(DATASETS[name])
        pq.write_table(pa.Table.from_pylist(data.get(name, []), schema=schema), folder / f"{name}.parquet")
    pq.write_table(pa.Table.from_pylist(outlines(rows)), folder / "outlines.parquet")
    facts = {
        p.stem: {"rows": pq.read_metadata(p).num_rows, "sha256": sha256_of(p)} for p in sorted(folder.glob("*.parquet"))
    }
    manifest = {
        "made_at": "2025-07-12T08:00:00+00:00", "danbe_version": "0", "country": "MLI", "geography_version": VERSION,
        "outline_kind": "schematic", "synthetic": True, "period": {"start": "2025-01", "end": "2025-06"},
        "datasets": facts, "rules_version": "1", "note": "",
    }  # fmt: skip
    manifest["snapshot_id"] = content_id(facts)
    write_json(folder / "manifest.json", manifest)
    return folder.rename(root / manifest["snapshot_id"])


def figure_rows(seed: int = 1) -> dict[str, list[dict[str, Any]]]:
    """Rows of every figure table; sums close, small counts and a GBV breakdown are among them."""
    chance = random.Random(seed)
    spots = places()
    cercles = [p["place_id"] for p in spots if p["level"] == "2"]
    parent = {p["place_id"]: p["parent_id"] for p in spots}
    level = {p["place_id"]: p["level"] for p in spots}
    month: dict[tuple, int] = {}
    group: dict[tuple, int] = {}
    age: dict[tuple, int] = {}
    won: dict[tuple, int] = {}
    for place in cercles:
        for aor in AORS:
            # Gender-based violence only where its region has other cercles: a region of one cercle tells it.
            if chance.random() < 0.25 or (aor == "SCVBG" and list(parent.values()).count(parent[place]) < 3):
                continue
            for m in MONTHS:
                n = chance.choice((0, 3, 40, 70, 130, 400, 650, 900))
                split = [round(n * share) for share in (0.6, 0.3)]
                split.append(n - sum(split))
                ages = {k: int(n * v) for k, v in SEX_AGE.items()}
                ages["INC"] = n - sum(ages.values())
                for g, part in zip(GROUPS, split, strict=True):
                    won[place, aor, m, g] = round(part * 0.8)
                for above in (place, parent[place], COUNTRY):
                    for a in (aor, "TOTAL"):
                        month[m, above, a] = month.get((m, above, a), 0) + n
                        for k, part in ages.items():
                            age[above, a, k] = age.get((above, a, k), 0) + part
                        for g, part in zip(GROUPS, split, strict=True):
                            for name in (g, "TOTAL"):
                                group[above, a, name] = group.get((above, a, name), 0) + part
    month_won, group_won, needs = _reached(won, parent)
    age_won: dict[tuple, int] = {}
    for (place, aor, k), part in age.items():
        if level[place] == "2":
            n = part * group_won[place, aor, "TOTAL"] // max(group[place, aor, "TOTAL"], 1)
            for above in (place, parent[place], COUNTRY):
                age_won[above, aor, k] = age_won.get((above, aor, k), 0) + n
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in FIGURES}
    for (place, aor, status), n in sorted(group.items()):
        reached, need = group_won[place, aor, status], needs[place, aor, status]
        target = need * 2 // 3
        tables["need_target_reached"].append(
            {"period": SPAN, "level": level[place], "place": place, "aor": aor, "population_status": status,
             "people_in_need": need, "target": target, "services_delivered": n, "reached": reached,
             "reached_lower": reached * 8 // 10, "reached_upper": n, "excess": 0, "gap": target - reached,
             "coverage": reached / target if target else None}
        )  # fmt: skip
        if status == "TOTAL":
            organisations = 1 + len(aor) % 2 + (2 if aor == "TOTAL" else 0)
            tables["presence"].append(
                {
                    "period": SPAN,
                    "level": level[place],
                    "place": place,
                    "aor": aor,
                    "organisations": organisations,
                    "activities": 3 + n % 20,
                }
            )
            tables["mass_awareness"].append(
                {"period": SPAN, "level": level[place], "place": place, "aor": aor, "people_exposed": n * 3}
            )
            for sex_age in (*SEX_AGE, "INC"):
                part = age[place, aor, sex_age]
                tables["reach_sex_age"].append(
                    {
                        "period": SPAN,
                        "level": level[place],
                        "place": place,
                        "aor": aor,
                        "sex_age": sex_age,
                        "services_delivered": part,
                        "reached": age_won[place, aor, sex_age],
                    }
                )
    for (m, place, aor), n in sorted(month.items()):
        tables["monthly"].append(
            {
                "period": m,
                "level": level[place],
                "place": place,
                "aor": aor,
                "services_delivered": n,
                "reached": month_won[m, place, aor],
                "organisations": 2,
                "activities": 4,
            }
        )
    for organisation in ORGANISATIONS:
        for place in cercles:
            for aor in AORS:
                if chance.random() < 0.2:
                    tables["presence_matrix"].append(
                        {
                            "period": SPAN,
                            "organisation_id": organisation,
                            "place": place,
                            "aor": aor,
                            "activities": chance.randint(1, 9),
                            "months_active": chance.randint(1, 6),
                        }
                    )
    tables["by_indicator"] = [
        {"period": SPAN, "indicator_id": i, "aor": a, "services_delivered": 900, "reached": 700, "organisations": 3}
        for i, (a, _, _) in INDICATORS.items()
    ]
    tables["completeness"] = [
        {"period": m, "expected": 4, "received": 3, "on_time": 2, "nothing_to_report": 1, "rate": 0.75} for m in MONTHS
    ]
    tables["completeness_by_organisation"] = [
        {"period": m, "organisation_id": "org-a", "expected": 1, "received": 1, "on_time": 0} for m in MONTHS
    ]
    tables["contributors"] = _contributors(tables)
    total = group_won[COUNTRY, "TOTAL", "TOTAL"]
    tables["key_figures"] = [
        {"indicator": "people_reached", "period": SPAN, "value": float(total), "previous_value": None},
        {"indicator": "operational_presence", "period": SPAN, "value": 4.0, "previous_value": 3.0},
        {"indicator": "coverage", "period": SPAN, "value": 0.53, "previous_value": 0.4},
    ]
    return tables


def _reached(won: dict[tuple, int], parent: dict[str, str]) -> tuple[dict[tuple, int], ...]:
    """People reached by month and by group, and people in need: across areas the largest counts, by cercle and group."""
    month: dict[tuple, int] = {}
    group: dict[tuple, int] = {}
    need: dict[tuple, int] = {}

    def add(to: dict[tuple, int], place: str, head: tuple, tail: tuple, n: int) -> None:
        for above in (place, parent[place], COUNTRY):
            to[(*head, above, *tail)] = to.get((*head, above, *tail), 0) + n

    for place in sorted({p for p, *_ in won}):
        areas = sorted({a for p, a, *_ in won if p == place})
        for g in GROUPS:
            spans = {a: sum(won[place, a, m, g] for m in MONTHS) for a in areas}
            for a, n in {**spans, "TOTAL": max(spans.values())}.items():
                for name in (g, "TOTAL"):
                    add(group, place, (), (a, name), n)
                    add(need, place, (), (a, name), n * 4)
            for m in MONTHS:
                months = {a: won[place, a, m, g] for a in areas}
                for a, n in {**months, "TOTAL": max(months.values())}.items():
                    add(month, place, (m,), (a,), n)
    return month, group, need


def _contributors(tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Half of each cell from one organisation, half from another."""
    found = []
    for name in ("need_target_reached", "reach_sex_age", "monthly", "by_indicator", "mass_awareness"):
        for row in tables[name]:
            at = {d: row.get(d, "TOTAL") for d in ("period", "aor", "population_status", "sex_age", "indicator_id")}
            at |= {"level": row.get("level", "0"), "place": row.get("place", COUNTRY)}
            measures = ("services_delivered", "reached", "people_exposed")
            whole = {m: row.get(m) for m in measures}
            for organisation in ("org-a", "org-b"):
                shares = {m: None if n is None else n // 2 for m, n in whole.items()}
                found.append({**at, "organisation_id": organisation, **shares})
    merged: dict[tuple, dict[str, Any]] = {}
    for row in found:
        key = tuple(row[c] for c in dimensions(FIGURES["contributors"]))
        merged[key] = {
            **merged.get(key, {}),
            **{k: v for k, v in row.items() if v is not None or k not in merged.get(key, {})},
        }
    return list(merged.values())


def make_figures(root: Path, snapshot: Path, tables: dict[str, list[dict[str, Any]]] | None = None) -> Path:
    """``root``/<snapshot id> with every table and ``figures.json``. Columns not declared are written as they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    snapshot_id = snapshot.name
    folder = root / snapshot_id
    folder.mkdir(parents=True)
    stated = []
    for name, rows in (tables or figure_rows()).items():
        if name in FIGURES and (not rows or set(rows[0]) == {c.name for c in FIGURES[name].columns}):
            table = pa.Table.from_pylist(rows, schema=pa.schema([arrow_field(c) for c in FIGURES[name].columns]))
        else:
            table = pa.Table.from_pylist(rows)
        pq.write_table(table, folder / f"{name}.parquet")
        stated.append(
            {
                "name": name,
                "fr": name,
                "en": name,
                "indicators": [],
                "dimensions": [],
                "measures": [],
                "rows": len(rows),
                "sha256": sha256_of(folder / f"{name}.parquet"),
            }
        )
    write_json(
        folder / "figures.json",
        {
            "snapshot_id": snapshot_id,
            "period": {"start": "2025-01", "end": "2025-06"},
            "tables": stated,
            "indicators": {d["id"]: d for d in DECLARATIONS},
        },
    )
    return folder


def make_release(
    root: Path, roles: tuple[str, ...] = ("COORD", "IM"), tables: dict[str, list[dict[str, Any]]] | None = None,
    **options: Any,
) -> Path:  # fmt: skip
    """A whole release of this world, approved by ``roles``; the same call gives the same release id."""
    from danbe.protect.release import build_release
    from danbe.protect.signature import Approval, seal

    snapshot = make_snapshot(root / "snapshots")
    figures = make_figures(root / "figures", snapshot, tables)
    options = {"made_at": "2025-07-12T09:00:00+00:00", **options}
    folder = build_release(figures, snapshot, root / "releases", **options).folder
    if roles:
        seal(folder, [Approval(role, "2025-07-14T10:00:00+00:00") for role in roles], root / "keys")
    return folder


if __name__ == "__main__":
    import sys

    print(make_release(Path(sys.argv[1])), json.dumps({"ok": True}))
