"""``danbe modules``: the tables of the areas of responsibility, from the workbook to the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import JsonOption, emit, refuse

modules = typer.Typer(no_args_is_help=True, help="Modules des domaines (VBG, MRM, mines, LTP, état civil, cohésion).")

Name = Annotated[str, typer.Argument(help="Module : aor_aggregates, explosive_accidents, hlp_disputes…")]


def _known(name: str, as_json: bool) -> None:
    from danbe.reference.catalogue.aor_modules import MODULES

    if name not in MODULES:
        refuse(f"«{name}» n’est pas un module. Modules : {', '.join(MODULES)}.", as_json, 2)


@modules.command("template")
def template(
    module: Name,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Fichier à écrire.")] = None,
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    as_json: JsonOption = False,
) -> None:
    """Écrit le classeur à remplir."""
    from danbe.curate.monitoring.module_template import template as write
    from danbe.curate.queries.modules import regions
    from danbe.reference.catalogue.aor_modules import MODULES

    _known(module, as_json)
    path = output or Path(f"{module}.xlsx")
    path.write_bytes(write(MODULES[module], regions(), lang))
    emit({"path": str(path)}, as_json, f"{path}")


@modules.command("load")
def load(
    module: Name,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Classeur ou CSV rempli.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vérifier sans garder.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Garde les bonnes lignes d’un tableau et dit pourquoi les autres n’en sont pas."""
    from danbe.collect.actions import receive
    from danbe.collect.messages import Refused
    from danbe.curate.actions.modules import load as keep
    from danbe.curate.needs import TableRefused
    from danbe.curate.queries.modules import checked
    from danbe.register.audit import SystemUserMissing, system_user

    _known(module, as_json)
    try:
        user = system_user()
        upload = receive(user, file, file.name)
        done = checked(user, module, upload) if dry_run else keep(user, module, upload)
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    except (Refused, TableRefused) as error:
        refuse(error.fr, as_json)
    told = [{"row": p.number, "column": p.problem.column, "text": p.problem.text("fr")} for p in done.problems]
    data = {"kept": not dry_run, "added": done.added, "changed": done.changed, "problems": told}
    head = f"{done.added} nouvelles lignes, {done.changed} corrigées, {len({p.number for p in done.problems})} refusées"
    lines = [f"{head}{' (rien n’est gardé)' if dry_run else ''}."]
    lines += [f"  ligne {t['row']}, {t['column']} : {t['text']}" for t in told[:50]]
    emit(data, as_json, "\n".join(lines).replace("[", "\\["))


def register(app: typer.Typer) -> None:
    app.add_typer(modules, name="modules")
