"""``danbe organisations``: the list, merges and their undoing, the reference list of aliases, likely twins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from danbe.commands.output import PARTIAL, JsonOption, emit, refuse

group = typer.Typer(no_args_is_help=True, help="Organisations: one name each, merges that can be undone.")


def _shown(organisation: Any) -> dict[str, Any]:
    return {
        "code": organisation.code,
        "acronym": organisation.acronym,
        "name": organisation.name,
        "type": organisation.organisation_type,
        "verified": organisation.verified,
        "merged_into": organisation.merged_into.code if organisation.merged_into else None,
    }


def _named(user: Any, spelling: str, as_json: bool) -> Any:
    from danbe.register.organisations import OrganisationRefused
    from danbe.register.queries.organisations import find_organisation

    found = find_organisation(user, spelling)
    if found is None:
        refused = OrganisationRefused("command.missing", spelling=spelling)
        refuse(refused.fr, as_json, rule=refused.rule)
    return found


@group.command("list")
def show(
    search: Annotated[str, typer.Argument(help="Part of a name or acronym.")] = "", as_json: JsonOption = False
) -> None:
    """Lists the organisations, or those whose name or acronym holds SEARCH."""
    from danbe.reference.text import search_key
    from danbe.register.audit import system_user
    from danbe.register.queries.organisations import organisations

    found = organisations(system_user()).filter(search_key__contains=search_key(search))
    rows = [_shown(o) for o in found]
    table = Table("Sigle", "Nom", "Type", "Vérifiée", "Code", "Fusionnée dans")
    for r in rows:
        table.add_row(
            r["acronym"], r["name"], r["type"], "oui" if r["verified"] else "non", r["code"], r["merged_into"] or ""
        )
    emit({"organisations": rows}, as_json, table)


@group.command()
def merges(as_json: JsonOption = False) -> None:
    """Lists the merges, newest first."""
    from danbe.register.audit import system_user
    from danbe.register.queries.organisations import merges as read

    rows = [
        {"merge": m.pk, "gone": m.gone.code, "kept": m.kept.code, "at": m.at, "undone_at": m.undone_at}
        for m in read(system_user())
    ]
    table = Table("N°", "Fusionnée", "Gardée", "Le", "Annulée le")
    for r in rows:
        undone = f"{r['undone_at']:%Y-%m-%d %H:%M}" if r["undone_at"] else ""
        table.add_row(str(r["merge"]), str(r["gone"]), str(r["kept"]), f"{r['at']:%Y-%m-%d %H:%M}", undone)
    emit({"merges": rows}, as_json, table)


@group.command()
def merge(gone: str, kept: str, as_json: JsonOption = False) -> None:
    """Merges GONE into KEPT (codes, or sure names). Nothing is lost: see undo-merge."""
    from danbe.register.actions.organisations import merge_organisations
    from danbe.register.audit import system_user
    from danbe.register.models import Organisation
    from danbe.register.organisations import OrganisationRefused

    user = system_user()
    # By code first: once merged, a name means the one that was kept.
    first = Organisation.objects.filter(code=gone).first() or _named(user, gone, as_json)
    try:
        done = merge_organisations(user, first, _named(user, kept, as_json))
    except OrganisationRefused as refused:
        refuse(refused.fr, as_json, rule=refused.rule)
    emit(
        {"merge": done.pk, "gone": done.gone.code, "kept": done.kept.code, "moved": done.moved},
        as_json,
        f"Fusion {done.pk} : « {done.gone} » compte désormais comme « {done.kept} ».",
    )


@group.command("undo-merge")
def undo(number: int, as_json: JsonOption = False) -> None:
    """Undoes the merge NUMBER: both organisations stand on their own again."""
    from danbe.register.actions.organisations import undo_merge
    from danbe.register.audit import system_user
    from danbe.register.organisations import OrganisationRefused
    from danbe.register.queries.organisations import merges as read

    user = system_user()
    found = read(user).filter(pk=number).first()
    try:
        if found is None:
            raise OrganisationRefused("command.no_merge", number=number)
        done = undo_merge(user, found)
    except OrganisationRefused as refused:
        refuse(refused.fr, as_json, rule=refused.rule)
    emit({"merge": done.pk, "undone_at": done.undone_at}, as_json, f"Fusion {done.pk} annulée.")


@group.command("load-aliases")
def load(
    file: Path,
    known_only: Annotated[bool, typer.Option(help="Only give aliases to organisations already registered.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Loads a CSV of organisation names (OCHA's columns): global lines and those of the pack's country."""
    from dataclasses import asdict

    from django.conf import settings

    from danbe.register.actions.organisations import load_aliases
    from danbe.register.audit import system_user
    from danbe.register.organisations import OrganisationRefused

    try:
        if not file.is_file():
            raise OrganisationRefused("command.no_file", file=file.name)
        report = load_aliases(system_user(), file, settings.COUNTRY_PACK, known_only)
    except OrganisationRefused as refused:
        refuse(refused.fr, as_json, rule=refused.rule)
    text = (
        f"{report.read} lignes lues, {report.other_countries} d’autres pays laissées de côté ; "
        f"{report.registered} organisations enregistrées, {report.added} orthographes ajoutées, "
        f"{report.known} déjà connues, {len(report.conflicts)} en conflit."
    )
    for spelling, other in report.conflicts:
        text += f"\n  « {spelling} » désigne déjà « {other} »"
    emit(asdict(report), as_json, text)
    if report.conflicts:
        raise typer.Exit(PARTIAL)


@group.command("suggest-merges")
def suggest(as_json: JsonOption = False) -> None:
    """Lists pairs of organisations that are likely one and the same; a person decides."""
    from danbe.register.audit import system_user
    from danbe.register.queries.organisations import suggest_merges

    rows = [
        {"kept": s.first.code, "gone": s.second.code, "confidence": s.confidence, "reason": s.reason}
        for s in suggest_merges(system_user())
    ]
    table = Table("Garder", "Fusionner", "Ressemblance", "Pourquoi")
    for r in rows:
        table.add_row(str(r["kept"]), str(r["gone"]), f"{r['confidence']:.0%}", str(r["reason"]))
    emit({"suggestions": rows}, as_json, table)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="organisations")
