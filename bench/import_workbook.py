"""Import of a 5W workbook beside two scripts of an afternoon, and beside merely reading it with openpyxl.

Each contestant runs in a process of its own, three times after one that does not count (it compiles the libraries);
shown is the median. The clock starts when the libraries are loaded, for all alike, and the time of the whole process,
from its start to its end, stands beside it, and the processor time of the work, which a busy machine lengthens less.
Memory is that of all its processes together.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from statistics import median
from typing import Any

REAL = Path(__file__).parents[2] / "shared" / "data" / "workbooks" / "mli_5w_2022-03.xlsx"
ROWS, COLUMNS = 100_000, 40
KEPT = ("Organisation Accronyme", "admin1Pcod", "Region", "admin2Pcod", "Cercle")
RUNS = 3
# What ``load_workbook`` takes for the Mali workbook: it declares a million rows.
WHOLE_GB = 8
# Below this similarity (of 100) the scripts take a place for unknown.
CLOSE = 80


def danbe(path: Path) -> None:
    """The whole door: receive, read, match, validate, store."""
    import django

    django.setup()
    import python_calamine  # noqa: F401
    import rapidfuzz.process  # noqa: F401

    from danbe.collect.actions import receive
    from danbe.curate.actions.response import ImportOptions, import_workbook
    from danbe.register.audit import system_user

    user = system_user()
    started = clocks()
    options = ImportOptions(month="2025-03", register=frozenset({"organisations", "places", "indicators"}))
    batch = import_workbook(user, receive(user, path, path.name), options)
    told(started, rows=batch.result["added"], blocked=batch.result["rows_blocked"])


def script(path: Path) -> None:
    """``pandas.read_excel`` with openpyxl, each row's cercle looked up among the cercles' names, a table written."""
    cercles, _ = gazetteer()
    import openpyxl  # noqa: F401
    import pandas as pd
    import rapidfuzz.process  # noqa: F401

    started = clocks()
    table = pd.read_excel(path, engine="openpyxl", header=0, skiprows=[1])
    look_up(table, cercles)
    told(started, rows=len(table))


def script_communes(path: Path) -> None:
    """The same with the one list a gazetteer is: regions, cercles and communes."""
    _, places = gazetteer()
    import openpyxl  # noqa: F401
    import pandas as pd
    import rapidfuzz.process  # noqa: F401

    started = clocks()
    table = pd.read_excel(path, engine="openpyxl", header=0, skiprows=[1])
    look_up(table, places)
    told(started, rows=len(table))


def script_whole(path: Path) -> None:
    """The first, by someone who opens the workbook with ``openpyxl.load_workbook``: that holds every cell it declares."""
    cercles, _ = gazetteer()
    import openpyxl
    import pandas as pd
    import rapidfuzz.process  # noqa: F401

    started = clocks()
    rows = list(openpyxl.load_workbook(path).worksheets[0].values)
    look_up(pd.DataFrame(rows[2:], columns=rows[0]), cercles)
    told(started, rows=len(rows) - 2)


def gazetteer() -> tuple[dict[str, str], dict[str, str]]:
    """{name: place id} of the cercles, and of regions, cercles and communes; read before the clock starts."""
    import django

    django.setup()
    from danbe.register.models import Place

    places = Place.objects.filter(version="2021")
    return (
        dict(places.filter(level=2).values_list("name", "place_id")),
        dict(places.filter(level__in=(1, 2, 3)).values_list("name", "place_id")),
    )


def normal(text: object) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", str(text))
    return "".join(c for c in apart if not unicodedata.combining(c)).lower().strip()


def look_up(table: Any, names: dict[str, str]) -> None:
    """Row by row, by the name alone: no region, no code, no organisation, no rule. Then a table is written."""
    import sqlite3

    from rapidfuzz import process

    choices = {normal(name): place for name, place in names.items()}
    places, scores = [], []
    for _, row in table.iterrows():
        name, score, _ = process.extractOne(normal(row["Cercle"]), choices.keys())
        places.append(choices[name] if score >= CLOSE else None)
        scores.append(score)
    table = table[[c for c in table.columns if isinstance(c, str) and c in KEPT]].copy()
    table["organisation"] = table["Organisation Accronyme"].str.strip().str.lower()
    table["place"], table["score"] = places, scores
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "x.sqlite3") as connection:
        table.to_sql("activities", connection, index=False)


def openpyxl_read(path: Path) -> None:
    """Reading the values, and nothing else."""
    import openpyxl

    started = clocks()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    told(started, rows=sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)))


def clocks() -> tuple[float, float]:
    """(wall, processor) seconds so far, of this process and those it started that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)


def told(started: tuple[float, float], **more: int) -> None:
    wall, processor = (now - before for now, before in zip(clocks(), started, strict=True))
    memory = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": wall, "processor": processor, "memory_mb": memory, **more}))


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


def environment(data: str) -> dict[str, str]:
    """A data folder of its own; compiled modules are kept beside it, as an installation has them."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(Path(data).parent / "compiled")
    return kept | {
        "DANBE_DATA": data, "DJANGO_SETTINGS_MODULE": "danbe.settings.embedded", "PYTHONPYCACHEPREFIX": compiled,
    }  # fmt: skip


def run(name: str, path: Path, folder: str, runs: int = RUNS) -> dict[str, float]:
    """The median run of a contestant; each begins with the register of the country pack and nothing imported."""
    found = []
    for turn in range(runs + 1 if runs > 1 else 1):
        data = f"{folder}/turn"
        subprocess.run(["cp", "-r", f"{folder}/prepared", data], check=True)
        started = time.perf_counter()
        made = subprocess.run(
            [sys.executable, __file__, name, str(path)], env=environment(data), capture_output=True, text=True
        )
        process = time.perf_counter() - started
        subprocess.run(["rm", "-r", data], check=True)
        if made.returncode:
            raise SystemExit(f"{name}: {made.stderr[-2000:]}")
        if turn or runs == 1:
            found.append(json.loads(made.stdout.strip().splitlines()[-1]) | {"process": process})
    middle = median(f["seconds"] for f in found)
    best: dict[str, float] = min(found, key=lambda f: abs(f["seconds"] - middle))
    rest = ", ".join(f"{k} {v:,.0f}" for k, v in best.items() if k in ("rows", "blocked"))
    print(
        f"  {name:15} {best['seconds']:7.2f} s, processor {best['processor']:7.2f} s, whole process "
        f"{best['process']:7.2f} s, {best['memory_mb']:5.0f} MB   {rest}",
        flush=True,
    )
    return best


def prepare(folder: str) -> None:
    """A data folder with the register of the country pack."""
    code = (
        "import django; django.setup()\nfrom danbe.commands.setup import setup\nsetup()\n"
        "from danbe.register.audit import system_user\nfrom danbe.register.actions.geography import load_pack\n"
        "load_pack(system_user(), 'mli')\n"
    )
    data = f"{folder}/prepared"
    subprocess.run([sys.executable, "-c", code], env=environment(data), check=True, capture_output=True)


def available() -> float:
    """GB of memory that may be used now."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        if REAL.exists():
            print("Mali 5W, March 2022: 22,805 rows × 5 columns")
            fast = run("danbe", REAL, folder)
            for name, runs in (("script", RUNS), ("script_communes", RUNS), ("script_whole", 1)):
                if name == "script_whole" and available() < WHOLE_GB:
                    print(f"  {name:15} left out: it needs {WHOLE_GB} GB of free memory")
                    continue
                slow = run(name, REAL, folder, runs)
                print(
                    f"    danbe is {slow['seconds'] / fast['seconds']:.1f} times as fast "
                    f"({slow['processor'] / fast['processor']:.1f} by processor time, "
                    f"{slow['process'] / fast['process']:.1f} by whole processes), "
                    f"with {fast['memory_mb'] / slow['memory_mb']:.2f} of the memory"
                )
        else:
            print("the Mali workbook is not here: that comparison is left out")
        print(f"synthetic: {ROWS:,} rows × {COLUMNS} columns")
        path = synthetic(Path(folder) / "synthetic.xlsx")
        read = run("openpyxl_read", path, folder, 1)
        whole = run("danbe", path, folder, 1)
        print(f"  danbe imports it in {whole['seconds'] / read['seconds']:.2f} of the time openpyxl takes to read it")


CONTESTANTS = {f.__name__: f for f in (danbe, script, script_communes, script_whole, openpyxl_read)}

if __name__ == "__main__":
    if len(sys.argv) == 3:
        CONTESTANTS[sys.argv[1]](Path(sys.argv[2]))
    else:
        main()
