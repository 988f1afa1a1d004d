"""Small protected releases and the leaks planted into copies of them: what the verifier must refuse, and what it must let pass.

A world is a cube of people reached by place (country, regions, cercles), area and sex and age, protected by ``protect.linked``,
published as a release with its site: Parquet, CSV, workbook, pages, maps and sentences. A leak shows one number more. That the
number matters is established by ``scipy.optimize.milp`` on the true sums, not by the verifier.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from danbe.protect.linked import LinkedSystem, Unprotectable, build, suppress
from danbe.reference.codelists import codelist

TOTAL, SPAN, K = "TOTAL", "2025-01/2025-12", 5
AORS, SEXES = ("CP", "SCPE", "GT-LAMH"), ("F_0_17", "M_0_17", "F_18_59", "M_18_59")
NAMES = {"R1": "Kayes", "R2": "Gao", "R3": "Mopti", "C11": "Bafoulabé", "C12": "Yélimané", "C13": "Nioro", "C21": "Ansongo",
         "C22": "Bourem", "C23": "Almoustarat", "C31": "Bandiagara", "C32": "Djenné", "C33": "Koro", "ML": "Mali"}  # fmt: skip
Key = tuple[str, str, str]
COLUMNS = ("period", "level", "place", "aor", "sex_age", "reached", "withheld")


def parent(place: str) -> str | None:
    return None if place == "ML" else "ML" if place[0] == "R" else f"R{place[1]}"


def level(place: str) -> int:
    return 0 if place == "ML" else 1 if place[0] == "R" else 2


@dataclass
class World:
    """``cells``: the true counts; ``hidden``: what is withheld; ``small`` among them; ``targets``: (place, area) → target."""

    system: LinkedSystem
    cells: dict[Key, int]
    hidden: set[Key]
    small: set[Key]
    targets: dict[tuple[str, str], int]
    needed: dict[Key, Key]


def world(seed: int, regions: int = 2, cercles: int = 3, needed: int = 6) -> World:
    """A protected world; seeds whose cube cannot be protected are passed over. ``needed``: how many complements are tried."""
    for attempt in range(50):
        rng = np.random.default_rng(1000 * seed + attempt)
        leaves = [f"C{r}{c}" for r in range(1, regions + 1) for c in range(1, cercles + 1)]
        # Some areas hardly work in some cercles, and one cercle is hardly reached at all: totals are small too.
        thin = {(p, a) for p in leaves for a in AORS if rng.random() < 0.15}
        bare = leaves[int(rng.integers(len(leaves)))]
        inner = {
            (p, a, s): int(rng.choice([0, 0, 0, 0, 0, 0, 1, 2])) if p == bare
            else int(rng.choice([0, 0, 0, 1, 2])) if (p, a) in thin
            else int(rng.integers(1, K)) if rng.random() < 0.06 else int(rng.integers(6, 60))
            for p, a, s in product(leaves, AORS, SEXES)
        }  # fmt: skip
        places = [*leaves, *sorted({parent(p) or "" for p in leaves}), "ML"]
        cells: dict[Key, int] = {}
        for p, a, s in product(places, (*AORS, TOTAL), (*SEXES, TOTAL)):
            cells[p, a, s] = sum(
                n for (q, b, t), n in inner.items() if p in (q, parent(q), "ML") and a in (b, TOTAL) and s in (t, TOTAL)
            )
        try:
            system = build(cells, list(_sums(places)))
            protection = suppress(system)
        except Unprotectable:
            continue
        hidden = {system.keys[i] for i in np.flatnonzero(protection.hidden)}
        small = {k for k in hidden if 0 < cells[k] < K}
        if small and protection.complements.any():
            targets = {
                (p, a): int(rng.integers(300, 900)) + cells[p, a, TOTAL] for p, a in product(places, (*AORS, TOTAL))
            }
            found = World(system, cells, hidden, small, targets, {})
            _find_needed(found, rng, needed)
            if found.needed:
                return found
    raise AssertionError("no protectable world")


def _sums(places: list[str]) -> Iterator[tuple[Key, list[Key]]]:
    for p, a, s in product(places, (*AORS, TOTAL), (*SEXES, TOTAL)):
        if a == TOTAL:
            yield (p, a, s), [(p, b, s) for b in AORS]
        if s == TOTAL:
            yield (p, a, s), [(p, a, t) for t in SEXES]
        if children := [q for q in places if parent(q) == p]:
            yield (p, a, s), [(q, a, s) for q in children]


def _find_needed(world: World, rng: np.random.Generator, tries: int) -> None:
    """Complements without which some small count has one value only, with that small count."""
    complements = sorted(world.hidden - world.small)
    for at in rng.permutation(len(complements))[:tries]:
        c = complements[at]
        for j in sorted(world.small, key=lambda k: -sum(x == y for x, y in zip(k, c, strict=True)))[:5]:
            if determined(world, world.hidden - {c}, j):
                world.needed[c] = j
                break


def determined(world: World, hidden: set[Key], j: Key) -> bool:
    """Whether all whole, non-negative tables with the shown cells agree on cell ``j``."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    system = world.system
    free = np.array([k in hidden for k in system.keys])
    low = np.where(free, 0, system.values)
    high = np.where(free, int(system.values.max()), system.values)
    cost = np.zeros(len(system))
    cost[system.keys.index(j)] = 1
    ends = []
    for sign in (1, -1):
        found = milp(sign * cost, integrality=np.ones(len(system)), bounds=Bounds(low, high),
                     constraints=LinearConstraint(system.relations.astype(float), 0, 0))  # fmt: skip
        assert found.success
        ends.append(round(sign * found.fun))
    return ends[0] == ends[1]


# The public files


def rows(world: World, shown: set[Key] = frozenset()) -> list[list]:  # type: ignore[assignment]
    found = []
    for (p, a, s), n in sorted(world.cells.items()):
        if s != TOTAL:
            gone = (p, a, s) in world.hidden - shown
            found.append([SPAN, str(level(p)), p, a, s, None if gone else n, "reached" if gone else None])
    return found


def totals(world: World, shown: set[Key] = frozenset()) -> list[list]:  # type: ignore[assignment]
    found = []
    for (p, a, s), n in sorted(world.cells.items()):
        if s == TOTAL:
            gone = (p, a, s) in world.hidden - shown
            found.append(
                [
                    SPAN,
                    str(level(p)),
                    p,
                    a,
                    TOTAL,
                    world.targets[p, a],
                    None if gone else n,
                    "reached" if gone else None,
                ]
            )
    return found


HEADS = {
    "reach_sex_age": COLUMNS,
    "need_target_reached": ("period", "level", "place", "aor", "population_status", "target", "reached", "withheld"),
}


def publish(world: World, folder: Path, shown: set[Key] = frozenset()) -> None:  # type: ignore[assignment]
    """Writes the release and its site; ``shown``: hidden cells that are shown all the same in every format."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = folder / "tables"
    tables.mkdir(parents=True)
    places = sorted({k[0] for k in world.cells})
    register = [
        {"place_id": p, "level": str(level(p)), "code": p, "name": NAMES[p], "parent_id": parent(p)} for p in places
    ]
    pq.write_table(pa.Table.from_pylist(register), tables / "places.parquet")
    data = {"reach_sex_age": rows(world, shown), "need_target_reached": totals(world, shown)}
    for name, found in data.items():
        pq.write_table(
            pa.Table.from_pylist([dict(zip(HEADS[name], r, strict=True)) for r in found]), tables / f"{name}.parquet"
        )
        write_csv(folder / "site" / "data" / f"{name}.csv", HEADS[name], found)
    (folder / "manifest.json").write_text(json.dumps({"period": SPAN, "thresholds": {"small": K, "sensitive": []}}))
    for region in [p for p in places if level(p) == 1]:
        page(world, folder / "site" / "fr" / f"{NAMES[region].lower()}.html", region, shown)


def write_csv(path: Path, head: tuple[str, ...], found: list[list]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([["" if c is None else c for c in r] for r in found])


def said(world: World, key: Key, shown: set[Key]) -> str:
    return "protégé" if key in world.hidden - shown else str(world.cells[key])


def page(
    world: World, path: Path, region: str, shown: set[Key], sentence: str = "", classes: dict[str, str] | None = None
) -> None:
    """The page of a region: a table by area, one by cercle, a map of its cercles, a sentence about its total."""
    inside = sorted({k[0] for k in world.cells if parent(k[0]) == region})
    by_aor = "".join(
        f"<tr><th>{codelist('aor').label(a, 'fr')}</th><td>{world.targets[region, a]}</td><td>{said(world, (region, a, TOTAL), shown)}</td></tr>"
        for a in AORS
    )
    by_place = "".join(
        f"<tr><th>{NAMES[p]}</th><td>{world.targets[p, TOTAL]}</td><td>{said(world, (p, TOTAL, TOTAL), shown)}</td></tr>"
        for p in inside
    )
    legend = "".join(
        f'<rect fill="{c}"/><text>{label}</text>' for c, label in (("#111111", "1 – 99"), ("#222222", "100 – 9 999"))
    )
    areas = ""
    for p in inside:
        n, gone = world.cells[p, TOTAL, TOTAL], (p, TOTAL, TOTAL) in world.hidden - shown
        fill = (classes or {}).get(p) or ("url(#dots)" if gone else "#111111" if n < 100 else "#222222")
        areas += f'<path d="M0 0z" fill="{fill}"><title>{NAMES[p]} : {"protégé" if gone else f"{n} personnes atteintes"}</title></path>'
    if classes:
        legend += "".join(f'<rect fill="{c}"/><text>{c[1:]}</text>' for c in classes.values())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"""<!doctype html><html lang="fr"><head><title>{NAMES[region]} · Cluster Protection</title></head><body>
<h1>Région de {NAMES[region]}</h1><p>Janvier – décembre 2025.</p>
<p>Personnes atteintes dans la région : {said(world, (region, TOTAL, TOTAL), shown)}.</p><p>{sentence}</p>
<figure><figcaption>Personnes atteintes par cercle</figcaption><svg xmlns="http://www.w3.org/2000/svg"><desc>Carte</desc>{areas}{legend}</svg></figure>
<table><caption>Par domaine</caption><tr><th>Domaine de responsabilité</th><th>Cible</th><th>Personnes atteintes</th></tr>{by_aor}</table>
<table><caption>Par cercle</caption><tr><th>Lieu</th><th>Cible</th><th>Personnes atteintes</th></tr>{by_place}</table></body></html>""",
        "utf-8",
    )


# The leaks: each takes a world, the folder of a copy of its release and the cell that must not be known


@dataclass(frozen=True)
class Leak:
    """``cell`` is shown by ``how``; ``previous`` and ``own`` are what the attacker has beside the release."""

    kind: str
    cell: Key
    folder: Path
    previous: tuple[Path, ...] = ()
    own: Path | None = None


def words(world: World, key: Key) -> str:
    """A cell in French words."""
    p, a, s = key
    where = (
        "au Mali"
        if p == "ML"
        else f"dans la région de {NAMES[p]}"
        if level(p) == 1
        else f"dans le cercle de {NAMES[p]}"
    )
    who = "" if s == TOTAL else f", {codelist('sex_age').label(s, 'fr')}"
    what = "" if a == TOTAL else f" pour {codelist('aor').label(a, 'fr')}"
    return f"{where}{what}{who}"


def _region(key: Key) -> str:
    p = key[0]
    return "R1" if p == "ML" else p if level(p) == 1 else parent(p) or ""


def _unmask(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> None:
    """The number stands in one file of one format only."""
    name = "need_target_reached" if cell[2] == TOTAL else "reach_sex_age"
    found = (totals if cell[2] == TOTAL else rows)(world, {cell})
    form = rng.integers(4)
    if form == 0:
        write_csv(folder / "site" / "data" / f"{name}.csv", HEADS[name], found)
    elif form == 1:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = folder / "tables" / f"{name}.parquet"
        path.unlink()
        pq.write_table(pa.Table.from_pylist([dict(zip(HEADS[name], r, strict=True)) for r in found]), path)
    elif form == 2:
        records = [dict(zip(HEADS[name], r, strict=True)) for r in found]
        (folder / "site" / "data" / "api.json").write_text(json.dumps({"rows": records}))
    else:
        workbook(folder / "site" / "data" / "table.xlsx", HEADS[name], found)


def workbook(path: Path, head: tuple[str, ...], found: list[list], author: str = "Cluster Protection") -> None:
    """A workbook whose first sheet says nothing and whose hidden second one says all."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": author})
        book.add_worksheet("Lisez-moi").write_string(0, 0, "Données du cluster")
        sheet = book.add_worksheet("Calculs")
        sheet.hide()
        for i, row in enumerate([list(head), *found]):
            for j, value in enumerate(row):
                if value is not None:
                    sheet.write(i, j, value)


def complement(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    _unmask(world, folder, cell, rng)
    return Leak("complement", cell, folder)


def sentence(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    text = f"Au cours de l’année, {world.cells[cell]} personnes ont été atteintes {words(world, cell)}."
    form = rng.integers(4)
    if form == 0:
        text = f"{words(world, cell)[:1].upper() + words(world, cell)[1:]}, les partenaires ont compté {world.cells[cell]} personnes atteintes."
    if form == 1:
        pdf(folder / "site" / "fiche.pdf", text)
    elif form == 2:
        (folder / "texts").mkdir()
        (folder / "texts" / "home.fr.md").write_text(text, "utf-8")
    else:
        region = _region(cell)
        page(world, folder / "site" / "fr" / f"{NAMES[region].lower()}.html", region, set(), text)
    return Leak("sentence", cell, folder)


def pdf(path: Path, text: str) -> None:
    import typst

    source = path.with_suffix(".typ")
    source.write_text(f'#set text(lang: "fr")\n{text}\n', "utf-8")
    path.write_bytes(typst.compile(source))
    source.unlink()


def percentage(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    """A share of the target with one decimal: 0,1 % of fewer than a thousand is less than one."""
    p, a, _s = cell
    share = f"{100 * world.cells[cell] / world.targets[p, a]:.1f}".replace(".", ",")
    text = f"{words(world, cell)[:1].upper() + words(world, cell)[1:]}, {share} % de la cible a été atteinte."
    region = _region(cell)
    page(world, folder / "site" / "fr" / f"{NAMES[region].lower()}.html", region, set(), text)
    return Leak("percentage", cell, folder)


def edition(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    earlier = folder.with_name(folder.name + "-before")
    publish(world, earlier, {cell})
    return Leak("edition", cell, folder, (earlier,))


def colour(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    """A class of the map that holds one value: its break stands at the count."""
    region = _region(cell)
    page(
        world,
        folder / "site" / "fr" / f"{NAMES[region].lower()}.html",
        region,
        set(),
        classes={cell[0]: f"#{world.cells[cell]}"},
    )
    return Leak("colour", cell, folder)


def own(world: World, folder: Path, cell: Key, rng: np.random.Generator) -> Leak:
    """An organisation that reported all but a few of a shown cell."""
    records = folder.with_name(folder.name + "-own.csv")
    p, a, s = cell
    with records.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["period", "place", "aor", "sex_age", "reached"])
        writer.writerow([SPAN, p, a, s, world.cells[cell] - int(rng.integers(1, K))])
    return Leak("own", cell, folder, (), records)


LEAKS: dict[str, Callable[[World, Path, Key, np.random.Generator], Leak]] = {
    "complement": complement, "sentence": sentence, "percentage": percentage, "edition": edition, "colour": colour, "own": own,
}  # fmt: skip


def plantable(world: World, kind: str) -> list[Key]:
    """The cells one leak of a kind can be planted at: needed complements and small cells."""
    secret = sorted({*world.needed, *world.small})
    if kind == "complement":
        return sorted(world.needed)
    if kind == "percentage":
        return [k for k in secret if k[2] == TOTAL and world.targets[k[:2]] < 950]
    if kind == "colour":
        return [k for k in secret if k[1:] == (TOTAL, TOTAL) and level(k[0]) == 2]
    if kind == "own":
        return sorted(
            k
            for k in world.cells
            if k not in world.hidden and level(k[0]) == 2 and TOTAL not in k and world.cells[k] > K
        )
    return secret


def plant(world: World, base: Path, folder: Path, kind: str, cell: Key, seed: int) -> Leak:
    shutil.copytree(base, folder)
    return LEAKS[kind](world, folder, cell, np.random.default_rng(seed))
