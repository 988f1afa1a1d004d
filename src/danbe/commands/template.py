"""``danbe template 5w``: the partner's workbook for one organisation and one month."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import MISUSED, JsonOption, emit, refuse

template = typer.Typer(no_args_is_help=True, help="Écrire le classeur à remplir par une organisation.")


@template.command("5w")
def five_w(
    org: Annotated[str, typer.Option(help="Code ou sigle de l’organisation.")],
    month: Annotated[str, typer.Option(help="Mois de rapportage, AAAA-MM.")],
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Fichier à écrire.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Écrit le 5W à remplir : ses activités, ses projets du mois précédent, les listes liées."""
    from danbe.collect.workbooks.template import write_template
    from danbe.curate.queries.template import template_context
    from danbe.reference.words import LANGUAGES
    from danbe.register.audit import SystemUserMissing, system_user

    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        refuse(f"«{month}» n’est pas un mois : écrivez AAAA-MM, par exemple 2025-03.", as_json, MISUSED)
    if lang not in LANGUAGES:
        refuse(f"«{lang}» : langue inconnue, choisissez fr ou en.", as_json, MISUSED)
    try:
        user = system_user()
    except SystemUserMissing:
        refuse("Lancez d’abord `danbe setup`.", as_json)
    organisation = _organisation(org)
    if organisation is None:
        refuse(f"«{org}» : organisation inconnue. Donnez son code, son sigle ou son nom.", as_json)
    path = output or Path(f"5w_{organisation.code}_{month}.xlsx")
    try:
        context = template_context(user, organisation, month, lang)
        write_template(path, context)
    except ValueError as error:
        refuse(f"{error}. Lancez `danbe setup`.", as_json)
    except OSError as error:
        refuse(f"{path} : impossible d’écrire ({error.strerror}).", as_json)
    emit(
        {
            "path": str(path),
            "organisation": organisation.code,
            "month": month,
            "indicators": len(context.indicators),
            "prefilled_rows": len(context.rows),
        },
        as_json,
        f"{path} : {len(context.indicators)} indicateurs, {len(context.rows)} lignes reprises du mois précédent.",
    )


def _organisation(spelling: str):
    """The organisation meant by a code, an acronym, a name or a known alias; ``None`` if none, or several."""
    from django.db.models import Q

    from danbe.reference.text import search_key
    from danbe.register.models import Organisation

    key = search_key(spelling)
    exact = Organisation.objects.filter(code=spelling).first()
    found = (
        [exact]
        if exact
        else list(
            Organisation.objects.filter(
                Q(acronym__iexact=spelling) | Q(aliases__key=key) | Q(name=spelling)
            ).distinct()[:2]
        )
    )
    if len(found) != 1:
        return None
    return found[0].merged_into or found[0]


def register(app: typer.Typer) -> None:
    app.add_typer(template, name="template")
