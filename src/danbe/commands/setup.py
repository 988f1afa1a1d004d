"""``danbe setup``: the data folder, the database, the system user, the country pack."""

from __future__ import annotations

from typing import Any

import typer

from danbe.commands.output import JsonOption, emit


def setup(as_json: JsonOption = False) -> None:
    """Makes or updates the data folder and the database. Safe to run again."""
    done = prepare()
    emit(done, as_json, f"Prêt : {done['data']}")


def prepare() -> dict[str, Any]:
    """The work of ``setup``, for commands that start from nothing: what it made, as plain values."""
    from django.conf import settings
    from django.core.management import call_command

    from danbe.protect.signature import ensure_key
    from danbe.register.actions.framework import load_framework
    from danbe.register.actions.geography import load_pack
    from danbe.register.models import Role, User

    settings.DATA.mkdir(parents=True, exist_ok=True)
    key = ensure_key(settings.DATA / "keys")
    call_command("migrate", verbosity=0)
    user, made = User.objects.get_or_create(
        username="danbe", defaults={"role": Role.ADMINISTRATOR, "first_name": "Danbe", "is_staff": False}
    )
    if made:
        user.set_unusable_password()
        user.save()
    geography = load_pack(user, settings.COUNTRY_PACK)
    framework = load_framework(user, settings.COUNTRY_PACK)
    return {
        "data": str(settings.DATA),
        "system_user_made": made,
        "signing_key": key.id,
        "places": geography.places,
        "indicators": framework.indicators,
    }


def register(app: typer.Typer) -> None:
    app.command()(setup)
