"""``danbe document``: the presentation of the cluster or the monthly bulletin of a release, as PDF or DOCX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.factsheet import release_folder, written
from danbe.commands.output import MISUSED, JsonOption, refuse


def document(
    kind: Annotated[str, typer.Argument(help="presentation ou bulletin.")],
    release: Annotated[
        str, typer.Argument(help="Identifiant ou dossier de la publication ; la dernière approuvée sans cela.")
    ] = "",
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    form: Annotated[str, typer.Option("--format", help="pdf ou docx.")] = "pdf",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Fichier à écrire.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Écrit la présentation du cluster ou le bulletin mensuel d’une publication (PDF balisé ou DOCX)."""
    from danbe.publish.documents import FORMATS, KINDS, build_document
    from danbe.reference.words import LANGUAGES

    for value, known, what in ((kind, KINDS, "Document"), (form, FORMATS, "Format"), (lang, LANGUAGES, "Langue")):
        if value not in known:
            refuse(f"{what} inconnu(e) : {value}. Au choix : {', '.join(known)}.", as_json, MISUSED)
    folder = release_folder(release, as_json)
    out = output or Path(f"danbe-{kind}-{folder.resolve().name}-{lang}.{form}")
    written(lambda: build_document(kind, folder, lang, out), out, lang, folder, "Document écrit", as_json)


def register(app: typer.Typer) -> None:
    app.command("document")(document)
