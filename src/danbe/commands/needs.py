"""``danbe needs load FILE…``: people in need as HPC tools publish them, file by file, every row stored or reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danbe.commands.output import MISUSED, JsonOption, console, emit, refuse

if TYPE_CHECKING:
    from danbe.curate.actions.needs_hpc import NeedsLoaded

needs = typer.Typer(no_args_is_help=True, help="Les personnes dans le besoin des fichiers HPC et HAPI.")

Files = Annotated[list[Path], typer.Argument(help="CSV HPC ou HAPI, JSON «responsemonitoring» et «progress».")]
Country = Annotated[str, typer.Option(help="Le pays (ISO 3), quand le fichier ne le dit pas.")]
Year = Annotated[int, typer.Option(help="L’année du plan, quand le fichier ne la dit pas.")]


@needs.command("load")
def load(files: Files, country: Country = "", year: Year = 0, as_json: JsonOption = False) -> None:
    """Charge des fichiers de besoins ; dit, pour chacun, les lignes lues, enregistrées et signalées."""
    from danbe.curate.actions.needs_hpc import load_hpc
    from danbe.curate.needs_hpc import NeedsFileRefused
    from danbe.register.audit import SystemUserMissing, system_user

    if missing := [str(f) for f in files if not f.is_file()]:
        refuse(f"{', '.join(missing)} : fichier introuvable", as_json, MISUSED)
    try:
        done = load_hpc(system_user(), files, country=country.upper(), year=year)
    except NeedsFileRefused as error:
        refuse(error.fr, as_json)
    except SystemUserMissing:
        refuse("Lancez d’abord `danbe setup`.", as_json)
    emit({"files": [_values(d) for d in done]}, as_json)
    if not as_json:
        for loaded in done:
            _tell(loaded)


def _values(done: NeedsLoaded) -> dict[str, Any]:
    read = done.read
    return {
        "file": read.name,
        "shape": read.shape,
        "rows": read.rows,
        "stored": done.stored,
        "reported": [{"row": r.row, "column": r.column, "why": r.text("fr")} for r in read.reported],
        "remarks": [{"row": r.row, "column": r.column, "why": r.text("fr")} for r in read.remarks if r.kept],
        "people_in_need": [
            {"country": c, "code": code, "caseload": text, "people_in_need": n}
            for (c, code, text), n in sorted(read.national().items())
        ],
    }


def _tell(done: NeedsLoaded) -> None:
    from rich.table import Table

    read = done.read
    console.print(
        f"{read.name} : {read.rows} lignes lues, {done.stored} enregistrées, {len(read.reported)} signalées.",
        markup=False,
    )
    if read.national():
        table = Table("Pays", "Code", "Caseload", "Personnes dans le besoin")
        for (country, code, text), people in sorted(read.national().items()):
            table.add_row(country, code, text, f"{people:,}".replace(",", " "))
        console.print(table)
    for remark in read.remarks[:20]:
        console.print(f"  ligne {remark.row}, {remark.column or '–'} : {remark.text('fr')}", markup=False)
    if len(read.remarks) > 20:
        console.print(f"  … et {len(read.remarks) - 20} autres (voir --json).")


def register(app: typer.Typer) -> None:
    app.add_typer(needs, name="needs")
