"""``danbe load people-in-need FILE`` and ``danbe load targets FILE``: the year's tables of needs and targets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import MISUSED, PARTIAL, JsonOption, console, emit, refuse

load = typer.Typer(no_args_is_help=True, help="Charger les tableaux de l’année : personnes dans le besoin, cibles.")

File = Annotated[
    Path, typer.Argument(help="CSV ou classeur : année, domaine, région, cercle, statut de population, nombre.")
]
Source = Annotated[str, typer.Option(help="D’où viennent ces chiffres, par exemple «HNRP 2025».")]


@load.command("people-in-need")
def people_in_need(file: File, source: Source = "", as_json: JsonOption = False) -> None:
    """Charge les personnes dans le besoin ; les lignes fausses sont signalées, les autres entrent."""
    from danbe.curate.actions.needs import load_needs

    _load(load_needs, file, source, as_json)


@load.command("targets")
def targets(file: File, source: Source = "", as_json: JsonOption = False) -> None:
    """Charge les cibles ; les lignes fausses sont signalées, les autres entrent."""
    from danbe.curate.actions.needs import load_targets

    _load(load_targets, file, source, as_json)


def _load(verb, file: Path, source: str, as_json: bool) -> None:
    from dataclasses import asdict

    from danbe.collect.workbooks.reading import WorkbookRefused
    from danbe.curate.needs import TableRefused
    from danbe.register.audit import SystemUserMissing, system_user

    if not file.is_file():
        refuse(f"{file} : fichier introuvable", as_json, MISUSED)
    try:
        done = verb(system_user(), file, source)
    except (WorkbookRefused, TableRefused) as error:
        refuse(f"{file.name} : {error.fr}", as_json)
    except SystemUserMissing:
        refuse("Lancez d’abord `danbe setup`.", as_json)
    emit(asdict(done), as_json, None)
    if not as_json:
        console.print(_told(done))
    if done.problems:
        raise typer.Exit(PARTIAL)


def _told(done):
    from rich.console import Group
    from rich.table import Table

    summary = (
        f"{done.rows} lignes lues : {done.added} nouvelles, {done.changed} modifiées, {done.unchanged} inchangées, "
        f"{len(done.problems)} écartées."
    )
    if not done.problems:
        return summary
    table = Table("Ligne", "Colonne", "Valeur", "À corriger", title="Lignes écartées", title_justify="left")
    for problem in done.problems[:50]:
        table.add_row(str(problem.row), problem.column, problem.value, problem.fr)
    rest = len(done.problems) - 50
    return Group(summary, table, *([f"… et {rest} autres (voir --json)."] if rest > 0 else []))


def register(app: typer.Typer) -> None:
    app.add_typer(load, name="load")
