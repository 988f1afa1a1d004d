"""``danbe site build``: the public site of a release again, swapped in at once; the same as ``danbe release publish``."""

from __future__ import annotations

from typing import Annotated

import typer

from danbe.commands.output import JsonOption
from danbe.commands.release import Name
from danbe.commands.release_flow import publish

cli = typer.Typer(no_args_is_help=True, help="Construire le site public d’une publication.")


@cli.callback()
def _site() -> None:
    """Construire le site public d’une publication."""


@cli.command("build")
def build(
    release: Name = "",
    base_url: Annotated[str, typer.Option(envvar="DANBE_SITE_URL", help="Adresse publique, pour sitemap.xml.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Construit le site d’une publication signée à côté de celui qui est en ligne, le vérifie, et l’échange."""
    publish(release, base_url, as_json)


def register(app: typer.Typer) -> None:
    app.add_typer(cli, name="site")
