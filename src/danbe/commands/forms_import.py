"""``danbe forms import``: a form's data from a workbook that another server exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.forms import FormId, acting_user, forms, known_form
from danbe.commands.output import JsonOption, emit, refuse


@forms.command("import")
def import_(
    form: FormId,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Classeur exporté (.xlsx, .xls, .ods).")],
    version: Annotated[str, typer.Option(help="Version du formulaire ; sinon celle qui est publiée.")] = "",
    rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Correspondance (JSON) au lieu de celle proposée.")
    ] = None,
    organisation: Annotated[str, typer.Option(help="Code de l’organisation dont ce sont les données.")] = "",
    confirm: Annotated[bool, typer.Option(help="Mettre la correspondance montrée en vigueur, puis importer.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Montre ce que devient le classeur ; l’importe quand sa correspondance est en vigueur, ou avec --confirm."""
    from dataclasses import asdict

    from danbe.collect.actions import exports as actions
    from danbe.collect.actions import receive
    from danbe.collect.forms.exported import RulesRefused
    from danbe.collect.messages import Refused
    from danbe.collect.queries import exports as queries
    from danbe.register.models import Organisation

    user = acting_user(as_json)
    known = known_form(user, form, as_json).versions.exclude(state="draft").order_by("-published_at")
    chosen = known.filter(version=version).first() if version else known.first()
    home = Organisation.objects.filter(code=organisation).first() if organisation else None
    if chosen is None or (organisation and home is None):
        what = f"pas de version publiée {version}" if chosen is None else f"aucune organisation «{organisation}»"
        refuse(f"{form} : {what}.", as_json)
    try:
        upload = receive(user, file, file.name)
        read = queries.grids(upload)
        wanted, mapping = queries.rules_for(user, chosen, read)
        if rules is not None:
            wanted, mapping = json.loads(rules.read_text("utf-8")), None
        report = queries.check(user, chosen, wanted, read)
        if report.error:
            raise RulesRefused(report.error)
        if mapping is None and confirm:
            mapping = actions.confirm(user, actions.declare(user, chosen, wanted))
        if mapping is not None:
            report = queries.Report(**actions.load(user, mapping, upload, home).report)
    except Refused as error:
        refuse(error.fr, as_json, rule=error.rule)
    except (RulesRefused, json.JSONDecodeError) as error:
        refuse(str(error), as_json)
    data = {"imported": mapping is not None, "rules": wanted, **asdict(report)}
    emit(data, as_json, _told(report, mapping is not None, queries.sentence).replace("[", "\\["))


def _told(report: Any, imported: bool, sentence: Any) -> str:
    head = "Importé" if imported else "Rien n’est importé encore : relisez, puis ajoutez --confirm"
    lines = [
        f"{head}. {report.created} nouvelles, {report.edited} corrigées, {report.already} déjà là.",
        *(
            f"  {s['sheet']:24} {s['rows']:7} lignes = {s['stored']} reprises + {s['already']} déjà là + {s['reported']} signalées"
            for s in report.sheets
        ),
        *(f"  {p['sheet']}, ligne {p['row']} : {sentence(p, 'fr')}" for p in report.problems[:20]),
    ]
    return "\n".join(lines)
