"""``danbe users``: who may sign in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from danbe.commands.output import JsonOption, emit, refuse

users = typer.Typer(no_args_is_help=True, help="Comptes : ouvrir, lister, fermer.")

Email = Annotated[str, typer.Argument(help="Adresse électronique : le nom de connexion.")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Lit le mot de passe sur l’entrée standard au lieu d’en créer un.")
]


def _password(from_input: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_input else ""


@users.command("add")
def add(
    email: Email,
    role: Annotated[str, typer.Option(help="administrator ou partner.")] = "partner",
    org: Annotated[str, typer.Option(help="Code de l’organisation du partenaire.")] = "",
    password_stdin: FromInput = False,
    as_json: JsonOption = False,
) -> None:
    """Ouvre un compte et montre, une seule fois, son mot de passe."""
    from danbe.register.actions import users as actions
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        opened = actions.add(system_user(), email, role=role, organisation=org, password=_password(password_stdin))
    except (actions.UserRefused, SystemUserMissing) as error:
        refuse(str(error), as_json)
    data = {"email": opened.user.username, "role": role, "organisation": org}
    if not password_stdin:
        data["password"] = opened.password
    text = f"Compte ouvert : {opened.user.username}"
    if not password_stdin:
        text += f"\nMot de passe (montré une seule fois, à changer à la première connexion) : {opened.password}"
    emit(data, as_json, text)


@users.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Liste les comptes."""
    from rich.table import Column, Table

    from danbe.register.audit import SystemUserMissing, system_user
    from danbe.register.queries import users as queries

    try:
        found = list(queries.users(system_user()).exclude(username="danbe"))
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    address = Column("Adresse", overflow="fold", min_width=20)
    table = Table(address, "Rôle", "Organisation", "État", "Dernière connexion")
    rows = []
    for u in found:
        home = u.organisation.code if u.organisation else ""
        state = "ouvert" if u.is_active else "fermé"
        seen = u.last_login.strftime("%Y-%m-%d %H:%M") if u.last_login else "jamais"
        table.add_row(u.username, u.get_role_display(), home, state, seen)
        rows.append(
            {
                "email": u.username,
                "role": u.role,
                "organisation": home,
                "active": u.is_active,
                "last_login": u.last_login,
            }
        )
    emit(
        {"users": rows},
        as_json,
        table if rows else "Aucun compte. Ouvrez-en un : danbe users add ADRESSE --role administrator",
    )


@users.command("disable")
def disable(email: Email, as_json: JsonOption = False) -> None:
    """Ferme un compte : il ne se connecte plus."""
    _change("disable", email, as_json, "Compte fermé")


@users.command("enable")
def enable(email: Email, as_json: JsonOption = False) -> None:
    """Rouvre un compte fermé."""
    _change("enable", email, as_json, "Compte rouvert")


def _change(verb: str, email: str, as_json: bool, done: str) -> None:
    from danbe.register.actions import users as actions
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        account = getattr(actions, verb)(system_user(), email)
    except (actions.UserRefused, SystemUserMissing) as error:
        refuse(str(error), as_json)
    emit({"email": account.username, "active": account.is_active}, as_json, f"{done} : {account.username}")


@users.command("password")
def password(email: Email, password_stdin: FromInput = False, as_json: JsonOption = False) -> None:
    """Donne un nouveau mot de passe et retire le second facteur."""
    from danbe.register.actions import users as actions
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        opened = actions.reset_password(system_user(), email, password=_password(password_stdin))
    except (actions.UserRefused, SystemUserMissing) as error:
        refuse(str(error), as_json)
    data = {"email": opened.user.username}
    text = f"Mot de passe changé : {opened.user.username}"
    if not password_stdin:
        data["password"] = opened.password
        text += f"\nNouveau mot de passe (montré une seule fois) : {opened.password}"
    emit(data, as_json, text)


def register(app: typer.Typer) -> None:
    app.add_typer(users, name="users")
