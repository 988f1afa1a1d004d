"""``danbe release audit``: what anyone can work out from public files alone. Needs no database and no data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import MISUSED, REFUSED, JsonOption, emit, refuse
from danbe.commands.release import cli


@cli.command("audit")
def audit(
    folder: Annotated[list[Path], typer.Argument(help="Dossier public : une publication, son site, ou les deux ; ou des CSV avec tables.json.")],
    previous: Annotated[list[Path] | None, typer.Option(help="Édition antérieure (répétable, la plus ancienne d’abord).")] = None,
    own_records: Annotated[Path | None, typer.Option(help="CSV des propres fiches d’une organisation : que trouve-t-elle en les retirant ?")] = None,
    gate_report: Annotated[Path | None, typer.Option(help="Rapport restreint de la porte : attaquer en sachant quelles cases sont petites.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Temps donné à l’attaque.")] = 900,
    lang: Annotated[str, typer.Option("--lang", help="fr ou en.")] = "fr",
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Attaque les fichiers publics d’une publication et dit ce qui s’en déduit. Sortie 0 : rien ; 1 : quelque chose."""
    from danbe.protect.verify import audit as run
    from danbe.protect.verify.report import lines

    for path in (*folder, *(previous or ()), *(p for p in (own_records, gate_report) if p)):
        if not path.exists():
            refuse(
                f"{path} n’existe pas. Donner le dossier d’une publication (releases/<id>) ou d’un site (site/<id>).",
                as_json,
                MISUSED,
            )
    if lang not in ("fr", "en"):
        refuse("--lang : fr ou en.", as_json, MISUSED)
    try:
        result = run(folder, previous, own_records, gate_report, seconds)
    except ValueError as error:
        refuse(str(error), as_json, MISUSED)
    if not result.facts.get("cells"):
        refuse("Aucune table de chiffres dans ce dossier : rien à vérifier.", as_json, MISUSED)
    emit(
        {"leaks": len(result.leaks), "counts": result.counts, "facts": result.facts, "findings": [f.as_dict() for f in result.findings]},
        as_json,
    )  # fmt: skip
    if not as_json:
        for line in lines(result, lang):
            typer.echo(line)
    if result.leaks:
        raise typer.Exit(REFUSED)
