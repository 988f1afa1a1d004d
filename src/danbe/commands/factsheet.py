"""``danbe factsheet``: the two-page PDF of a release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import MISUSED, JsonOption, emit, refuse


def _latest(releases: Path) -> Path | None:
    """The approved release made last; same instant, the greater id. A draft nobody approved is not told outside."""
    from danbe.publish.release import Release

    found = []
    for manifest in releases.glob("*/manifest.json"):
        if not Release(manifest.parent).approved_by("fr"):
            continue
        found.append(
            (str(json.loads(manifest.read_text("utf-8")).get("made_at", "")), manifest.parent.name, manifest.parent)
        )
    return max(found)[2] if found else None


def release_folder(release: str, as_json: bool) -> Path:
    """The folder of a release named by id or folder; the last approved one where none is named."""
    from django.conf import settings

    releases = Path(settings.DATA) / "releases"
    if not release:
        folder = _latest(releases)
        if folder is None:
            refuse(
                f"Aucune publication approuvée dans {releases}. Faites-en une : danbe release build, puis approve.",
                as_json,
            )
    elif (releases / release).is_dir():
        folder = releases / release
    elif Path(release).is_dir():
        folder = Path(release)
    else:
        refuse(f"Publication introuvable : {release} (cherchée dans {releases} et comme dossier).", as_json)
    return folder


def factsheet(
    release: Annotated[
        str, typer.Argument(help="Identifiant ou dossier de la publication ; la dernière approuvée sans cela.")
    ] = "",
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Fichier PDF à écrire.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Écrit la fiche de deux pages (PDF balisé) d’une publication."""
    from danbe.publish.factsheet import build_factsheet
    from danbe.reference.words import LANGUAGES

    if lang not in LANGUAGES:
        refuse(f"Langue inconnue : {lang}. Au choix : {', '.join(LANGUAGES)}.", as_json, MISUSED)
    folder = release_folder(release, as_json)
    out = output or Path(f"danbe-5w-{folder.resolve().name}-{lang}.pdf")
    written(lambda: build_factsheet(folder, lang, out), out, lang, folder, "Fiche écrite", as_json)


def written(build: Callable[[], object], out: Path, language: str, folder: Path, said: str, as_json: bool) -> None:
    """Builds a document of a release and tells where it lies, or why it could not be made."""
    from danbe.publish.factsheet import FactsheetRefused

    try:
        build()
    except FactsheetRefused as error:
        refuse(str(error), as_json)
    except OSError as error:
        refuse(f"Impossible d’écrire {out} : {error.strerror}. Choisissez un autre fichier avec -o.", as_json)
    size = out.stat().st_size
    emit({"file": str(out), "bytes": size, "language": language, "release": folder.resolve().name}, as_json,
         f"{said} : {out} ({size // 1000} ko)")  # fmt: skip


def register(app: typer.Typer) -> None:
    app.command("factsheet")(factsheet)
