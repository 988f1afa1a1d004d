"""``danbe funding load FILE…`` and ``danbe pull fts``: requirements and funding, from files or from FTS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.output import PARTIAL, JsonOption, emit, refuse

funding = typer.Typer(no_args_is_help=True, help="Financement : requis et reçu, d’après FTS et HPC.")
pulls = typer.Typer(no_args_is_help=True, help="Demander à d’autres serveurs ce qu’ils publient.")


@funding.command("load")
def load(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Réponses enregistrées, CSV de HDX.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Garde chaque fichier tel quel et ce qu’il dit ; un fichier sans montant est gardé avec la raison."""
    from danbe.collect.pulls.fts import NotFunding
    from danbe.curate.actions.funding import load_answer
    from danbe.register.audit import SystemUserMissing, system_user

    told: list[dict[str, Any]] = []
    for path in files:
        try:
            told.append(_said(path.name, load_answer(system_user(), path.read_bytes(), path.name)))
        except NotFunding as error:
            told.append({"file": path.name, "refused": error.fr})
        except SystemUserMissing as error:
            refuse(str(error), as_json)
    emit({"files": told}, as_json, "\n".join(_line(t) for t in told).replace("[", "\\["))
    if any(t["refused"] for t in told):
        raise typer.Exit(PARTIAL)


def _said(name: str, done: Any) -> dict[str, Any]:
    return {"file": name, "kind": done.answer.kind, "known": done.known, "amounts": done.amounts, "flows": done.flows,
            "as_of": str(done.answer.as_of), "refused": done.answer.refused}  # fmt: skip


def _line(told: dict[str, Any]) -> str:
    if told["refused"]:
        return f"{told['file']} : sans montant. {told['refused']}"
    if told["known"]:
        return f"{told['file']} : déjà là, rien ne change."
    return f"{told['file']} : {told['kind']}, {told['amounts']} montants, {told['flows']} flux, au {told['as_of']}."


@pulls.command("fts")
def fts(
    year: Annotated[int, typer.Argument(help="Année des plans et des flux.")],
    server: Annotated[str, typer.Option(help="Adresse de l’API.")] = "https://api.hpc.tools",
    as_json: JsonOption = False,
) -> None:
    """Demande à FTS l’avancement des plans de l’année, leur financement par cluster, et les flux vers le pays."""
    from danbe.collect.messages import Refused
    from danbe.curate.funding_pull import pull
    from danbe.curate.queries.funding import answers
    from danbe.register.audit import SystemUserMissing, system_user

    told: list[dict[str, Any]] = []
    try:
        user = system_user()
        for address, done in pull(user, year, server):
            told.append(_said(address, done))
            if not as_json:
                typer.echo(_line(told[-1]))
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    except Refused as error:
        last = answers(user).exclude(kind="").order_by("-as_of").first()
        stands = (
            f"La dernière réponse gardée, au {last.as_of:%d/%m/%Y}, reste en vigueur."
            if last
            else "Aucune réponse n’est encore gardée."
        )
        refuse(f"{error.fr} {len(told)} réponses gardées avant. {stands} Relancez la commande pour continuer.", as_json)
    emit({"answers": told}, as_json, f"{len(told)} réponses.")


def register(app: typer.Typer) -> None:
    app.add_typer(funding, name="funding")
    app.add_typer(pulls, name="pull")
