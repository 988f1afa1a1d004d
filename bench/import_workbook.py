"""Import of a 5W workbook beside the straightforward script, and beside merely reading it with openpyxl.

Each contestant runs in a process of its own; wall time from its start, peak memory of it and its children.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REAL = Path(__file__).parents[2] / "shared" / "data" / "workbooks" / "mli_5w_2022-03.xlsx"
ROWS, COLUMNS = 100_000, 40
KEPT = ("Organisation Accronyme", "admin1Pcod", "Region", "admin2Pcod", "Cercle")


def danbe(path: Path) -> None:
    """The whole door: receive, read, match, validate, store."""
    import django

    django.setup()
    from danbe.collect.actions import receive
    from danbe.curate.actions.response import ImportOptions, import_workbook
    from danbe.register.audit import system_user

    user = system_user()
    started = time.perf_counter()
    options = ImportOptions(month="2025-03", register=frozenset({"organisations", "places", "indicators"}))
    batch = import_workbook(user, receive(user, path, path.name), options)
    told(started, rows=batch.result["added"], blocked=batch.result["rows_blocked"])


def script(path: Path) -> None:
    """What one writes in an afternoon: openpyxl opens it, pandas holds it, each row's cercle is looked up by name."""
    places = cercles()
    started = time.perf_counter()
    import openpyxl
    import pandas as pd

    rows = list(openpyxl.load_workbook(path).worksheets[0].values)
    look_up(pd.DataFrame(rows[2:], columns=rows[0]), places)
    told(started, rows=len(rows) - 2)


def tuned_script(path: Path) -> None:
    """The same by someone who knows pandas: ``read_excel``, which streams the one sheet."""
    places = cercles()
    started = time.perf_counter()
    import pandas as pd

    table = pd.read_excel(path, engine="openpyxl", header=0, skiprows=[1])
    look_up(table, places)
    told(started, rows=len(table))


def cercles() -> dict[str, str]:
    import django

    django.setup()
    from danbe.register.models import Place

    return dict(Place.objects.filter(version="2021", level=2).values_list("name", "place_id"))


def look_up(table: Any, names: dict[str, str]) -> None:
    """Row by row, among the cercles alone: no region, no code, no organisation, no rule. Then a table is written."""
    import sqlite3

    from rapidfuzz import process

    choices = list(names)
    places, scores = [], []
    for _, row in table.iterrows():
        name, score, _ = process.extractOne(str(row["Cercle"]), choices)
        places.append(names[name] if score >= 80 else None)
        scores.append(score)
    table = table[[c for c in table.columns if isinstance(c, str) and c in KEPT]].copy()
    table["organisation"] = [str(v).strip().casefold() for v in table["Organisation Accronyme"]]
    table["place"], table["score"] = places, scores
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "x.sqlite3") as connection:
        table.to_sql("activities", connection, index=False)


def openpyxl_read(path: Path) -> None:
    """Reading the values, and nothing else."""
    started = time.perf_counter()
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    told(started, rows=sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)))


def told(started: float, **more: int) -> None:
    seconds = time.perf_counter() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    both = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": seconds, "largest_process_mb": peak, "all_processes_mb": both, **more}))


def synthetic(path: Path) -> Path:
    """100,000 rows of 40 columns: the 5W's own, and some the catalogue does not know."""
    import random

    import xlsxwriter

    rng = random.Random(5)
    known = [
        ("Mopti", "Mopti", "ML0506"),
        ("Gao", "Gao", "ML0703"),
        ("Ségou", "Niono", "ML0404"),
        ("Kayes", "Kayes", "ML0103"),
    ]
    heads = [
        "Mois de rapportage",
        "Organisation",
        "Partenaire d’exécution",
        "Bailleur",
        "Code du projet",
        "Domaine de responsabilité",
        "Activité",
        "Indicateur",
        "Statut de l’activité",
        "Date de début",
        "Date de fin",
        "Région",
        "Cercle",
        "P-code cercle",
        "Statut de population",
        "Cible",
        "Nouveaux bénéficiaires",
        "Filles 0-5",
        "Filles 6-11",
        "Filles 12-17",
        "Femmes 18-59",
        "Femmes 60+",
        "Garçons 0-5",
        "Garçons 6-11",
        "Garçons 12-17",
        "Hommes 18-59",
        "Hommes 60+",
        "PSH",
        "Commentaire",
    ]
    heads += [f"Colonne propre {n}" for n in range(COLUMNS - len(heads))]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("5W")
        sheet.write_row(0, 0, heads)
        for row in range(1, ROWS + 1):
            region, cercle, code = rng.choice(known)
            cells = [rng.randrange(40) for _ in range(10)]
            sheet.write_row(row, 0, [
                f"2025-{rng.randrange(1, 13):02d}", f"ONG {rng.randrange(60)}", f"ONG {rng.randrange(60)}", f"Bailleur {rng.randrange(12)}",
                f"HRP-{rng.randrange(300)}", "Protection générale", f"Activité {rng.randrange(20)}", f"Indicateur numéro {rng.randrange(50)}",
                "En cours", "2025-01-01", "2025-12-31", region, cercle, code, "PDI",
                1000, sum(cells), *cells, rng.randrange(3), f"remarque {row}", *(rng.randrange(100000) for _ in range(COLUMNS - 29)),
            ])  # fmt: skip
    return path


def run(name: str, path: Path, data: str) -> dict[str, float]:
    environment = {**os.environ, "DANBE_DATA": data, "DJANGO_SETTINGS_MODULE": "danbe.settings.embedded"}
    made = subprocess.run([sys.executable, __file__, name, str(path)], env=environment, capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(f"{name}: {made.stderr[-2000:]}")
    found: dict[str, float] = json.loads(made.stdout.strip().splitlines()[-1])
    rest = ", ".join(f"{k} {v:,.0f}" for k, v in found.items() if k != "seconds")
    print(f"  {name:14} {found['seconds']:7.2f} s   {rest}")
    return found


def prepared(folder: str) -> str:
    """A data folder with the register of the country pack."""
    environment = {**os.environ, "DANBE_DATA": folder, "DJANGO_SETTINGS_MODULE": "danbe.settings.embedded"}
    code = (
        "import django; django.setup()\nfrom danbe.commands.setup import setup\nsetup()\n"
        "from danbe.register.audit import system_user\nfrom danbe.register.actions.geography import load_pack\n"
        "load_pack(system_user(), 'mli')\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = prepared(f"{folder}/data")
        if REAL.exists():
            print("Mali 5W, March 2022: 22,805 rows × 5 columns")
            fast = run("danbe", REAL, data)
            for name in ("tuned_script", "script"):
                slow = run(name, REAL, data)
                print(
                    f"    danbe is {slow['seconds'] / fast['seconds']:.1f} times as fast, with "
                    f"{fast['largest_process_mb'] / slow['largest_process_mb']:.2f} of the peak memory of a process, "
                    f"{fast['all_processes_mb'] / slow['all_processes_mb']:.2f} of that of all"
                )
        else:
            print("the Mali workbook is not here: that comparison is left out")
        print(f"synthetic: {ROWS:,} rows × {COLUMNS} columns")
        path = synthetic(Path(folder) / "synthetic.xlsx")
        read = run("openpyxl_read", path, data)
        whole = run("danbe", path, data)
        print(f"  danbe imports it in {whole['seconds'] / read['seconds']:.2f} of the time openpyxl takes to read it")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        {"danbe": danbe, "script": script, "tuned_script": tuned_script, "openpyxl_read": openpyxl_read}[sys.argv[1]](
            Path(sys.argv[2])
        )
    else:
        main()
