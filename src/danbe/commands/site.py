"""``danbe site build``: the public site of a release, swapped in at once; the previous one stays on disk."""

from __future__ import annotations

from typing import Annotated

import typer

from danbe.commands.output import JsonOption, emit, refuse
from danbe.commands.release import _release

cli = typer.Typer(no_args_is_help=True, help="Build the public site of a release.")


@cli.callback()
def _site() -> None:
    """Build the public site of a release."""


@cli.command("build")
def build(
    release: Annotated[str, typer.Argument(help="Id of the release, or its beginning; the newest by default.")] = "",
    base_url: Annotated[str, typer.Option(envvar="DANBE_SITE_URL", help="Public address, for sitemap.xml.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Build the site of a release beside the one that stands, check it, and swap it in."""
    from django.conf import settings

    from danbe.protect.release import Damaged
    from danbe.publish.site.build import SiteError
    from danbe.register.audit import system_user
    from danbe.web.actions.releases import publish_release

    item = _release(release, as_json)
    try:
        publish_release(system_user(), item, base_url)
    except (Damaged, SiteError) as error:
        refuse(f"Le site n’a pas été changé.\n{error}", as_json, release=item.release_id)
    where = settings.DATA / "site" / "current"
    emit({"release": item.release_id, "site": str(where)}, as_json,
         f"Site de la publication {item.release_id} en place : {where}")  # fmt: skip


def register(app: typer.Typer) -> None:
    app.add_typer(cli, name="site")
