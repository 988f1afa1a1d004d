"""``danbe docs``: the pages of ``docs/`` that follow from declarations; ``danbe assets``: the browser's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danbe.commands.output import JsonOption, emit, refuse


def pages() -> dict[str, str]:
    """The generated pages: file name → Markdown."""
    from danbe.analyse.describe import declared_markdown
    from danbe.reference.catalogue import DATASETS
    from danbe.reference.catalogue.derive import dictionary_markdown
    from danbe.reference.codelists import codelist, names

    made = "<!-- Made by `make docs` from the declarations: change those, not this page. -->\n\n"
    found = {}
    for language, name, title in (
        ("en", "data-dictionary.md", "# Data dictionary"),
        ("fr", "dictionnaire.md", "# Dictionnaire des données"),
    ):
        found[name] = made + "\n".join([title, "", *(dictionary_markdown(d, language) for d in DATASETS.values())])
    lines = ["# Code lists / Listes de codes", ""]
    for name in names():
        code_list = codelist(name)
        lines += [
            f"## `{name}`",
            "",
            code_list.standard,
            "",
            "| Code | Français | English | Source |",
            "|---|---|---|---|",
        ]
        lines += [f"| `{i.code}` | {i.fr} | {i.en} | {i.src} |" for i in code_list.items]
        lines.append("")
    found["code-lists.md"] = made + "\n".join(lines)
    found["figures-declared.md"] = made + declared_markdown()
    return found


def docs(
    write: Annotated[Path | None, typer.Option(help="Folder to write the pages into.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Writes the generated pages, or says which ones are out of date (exit code 1)."""
    made = pages()
    folder = write or Path("docs")
    stale = [n for n, text in made.items() if not (folder / n).exists() or (folder / n).read_text("utf-8") != text]
    if write is None:
        if stale:
            refuse(f"{', '.join(stale)}: périmé ; lancez `make docs`", as_json, stale=stale)
        emit({"stale": []}, as_json, "docs à jour")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (folder / name).write_text(made[name], "utf-8")
    emit({"written": stale}, as_json, f"{len(stale)} page(s) écrite(s) dans {folder}")


def assets(as_json: JsonOption = False) -> None:
    """Gathers style sheets, scripts and icons from the packages that ship them, into the data folder."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    count = sum(1 for p in Path(settings.STATIC_ROOT).rglob("*") if p.is_file())
    emit(
        {"folder": str(settings.STATIC_ROOT), "files": count}, as_json, f"{count} fichiers dans {settings.STATIC_ROOT}"
    )


def register(app: typer.Typer) -> None:
    app.command()(docs)
    app.command()(assets)
