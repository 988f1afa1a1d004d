"""``danbe geography``: what places the register holds, official files loaded into it, a match explained."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danbe.commands.output import MISUSED, PARTIAL, REFUSED, JsonOption, emit, refuse

if TYPE_CHECKING:
    from rich.table import Table

    from danbe.reference.geography.attach import FileReport

app = typer.Typer(no_args_is_help=True, help="Places: what is held, official files, matching.")
_LEVELS = ("pays", "régions", "cercles", "communes", "localités")


@app.command()
def load(
    files: Annotated[list[Path], typer.Argument(help="COD-AB shapefile zips, GeoJSON, CSV of settlements.")],
    as_json: JsonOption = False,
) -> None:
    """Takes official boundaries and settlements; they replace the schematic outlines."""
    from danbe.register.actions.geography import load_files
    from danbe.register.audit import system_user
    from danbe.register.queries.geography import counts

    if not counts()["current"]:
        refuse("Aucun découpage n’est chargé : lancez d’abord «danbe setup».", as_json)
    report = load_files(system_user(), files)
    data = {
        "files": [asdict(f) | {"message": _refusal(f)} for f in report.files],
        "outlines": report.outlines,
        "settlements_added": report.settlements,
    }
    emit(data, as_json, _loaded(report.files, report.outlines, report.settlements))
    if len(report.refused) == len(report.files):
        raise typer.Exit(REFUSED)
    if report.refused or any(f.attached < f.rows for f in report.files):
        raise typer.Exit(PARTIAL)


@app.command()
def show(as_json: JsonOption = False) -> None:
    """Counts of places by division and level, and where their outlines come from."""
    from danbe.register.queries.geography import counts

    held = counts()
    emit(held, as_json, _table(held))


@app.command()
def match(
    place: Annotated[
        str, typer.Argument(help="Region / cercle / commune / site, as a file writes them; leave one empty with «/ /».")
    ],
    code: Annotated[list[str] | None, typer.Option(help="P-code of the deepest level named; or LEVEL=CODE.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Explains what a place written «Gao / Bourem» means, and why."""
    from danbe.register.queries.geography import gazetteer, matcher

    names = {level: name.strip() for level, name in enumerate(place.split("/"), 1) if name.strip()}
    if max(names, default=0) > 4:
        refuse("Quatre niveaux au plus : région / cercle / commune / site.", as_json, MISUSED)
    codes: dict[int, str] = {}
    for given in code or []:
        level, _, value = given.rpartition("=")
        if level and level not in ("1", "2", "3", "4"):
            refuse(f"--code {given} : écrivez NIVEAU=CODE, avec un niveau de 1 à 4.", as_json, MISUSED)
        codes[int(level) if level else max(names, default=2)] = value
    found = matcher().match(names, codes)
    gaz = gazetteer()

    def path(unit_id: str) -> str:
        above = gaz.ancestors(unit_id)
        return " / ".join(above[level].name for level in sorted(above) if level > 0) or above[0].name

    data: dict[str, Any] = {
        "unit": found.unit.id if found.unit else None,
        "path": path(found.unit.id) if found.unit else None,
        "code": found.unit.code if found.unit else None,
        "level_asked": found.level_asked,
        "confidence": round(found.confidence, 3),
        "accepted": found.is_certain and found.is_complete,
        "reason": found.reason,
        "problems": list(found.problems),
        "candidates": [{"unit": u.id, "path": path(u.id), "confidence": round(c, 3)} for u, c in found.candidates],
    }
    emit(data, as_json, _explained(data, found.is_doubtful))
    if found.unit is None:
        raise typer.Exit(REFUSED)


def _explained(data: dict[str, Any], doubtful: bool) -> str:
    from rich.markup import escape

    from danbe.reference.geography.messages import sentence

    lines = []
    if data["unit"]:
        verdict = "accepté" if data["accepted"] else "à confirmer" if doubtful else "accepté jusqu’à ce niveau"
        lines.append(f"[bold]{escape(data['path'])}[/bold] {data['code'] or ''} ({data['unit']})")
        lines.append(
            f"{verdict}, confiance {data['confidence']:.2f} : {sentence('reason', data['reason'])}".replace(".", ",")
        )
    else:
        lines.append(f"[bold]Aucun lieu[/bold] : {sentence('reason', data['reason'])}")
    lines += [f"• {sentence('problem', p)}" for p in data["problems"]]
    if data["candidates"]:
        lines.append("Autres lieux possibles :")
        lines += [f"  {escape(c['path'])} ({c['unit']})" for c in data["candidates"]]
    return "\n".join(lines)


def _refusal(report: FileReport) -> str:
    from danbe.reference.geography.messages import sentence

    return sentence("file", report.refused, values=report.refused_values) if report.refused else ""


def _loaded(files: tuple[FileReport, ...], outlines: dict[int, dict[str, int]], settlements: int) -> str:
    from rich.markup import escape

    from danbe.reference.geography.messages import sentence

    lines = []
    for f in files:
        if f.refused:
            lines.append(f"[red]✗[/red] {escape(f.name)} : {escape(_refusal(f))}")
            continue
        agree = ", ".join(f"{n} sur {f.rows} en {version}" for version, n in f.agreement.items())
        lines.append(f"[green]✓[/green] {escape(f.name)} : {f.attached} {_LEVELS[f.level]} sur {f.rows} lignes")
        lines.append(f"    découpage de {f.division} reconnu (codes et noms concordants : {agree})")
        for problem, (count, examples) in f.findings.items():
            lines.append(f"    {count} {sentence('finding', problem)}, par exemple ligne {escape(examples[0])}")
    for level, kinds in outlines.items():
        words = {"official": "officiels", "schematic": "schématiques"}
        lines.append(f"Contours, {_LEVELS[level]} : " + ", ".join(f"{n} {words[k]}" for k, n in sorted(kinds.items())))
    if settlements:
        lines.append(f"Localités ajoutées : {settlements}")
    return "\n".join(lines)


def _table(held: dict[str, Any]) -> Table:
    from rich.table import Table

    table = Table(title=f"Lieux (découpage actuel : {held['current'] or '–'})")
    table.add_column("Découpage")
    for level in _LEVELS:
        table.add_column(level, justify="right")
    for version, levels in held["places"].items():
        table.add_row(version, *(str(levels.get(level, "–")) for level in range(5)))
    for kind, words in (("official", "contours officiels"), ("schematic", "contours schématiques")):
        table.add_row(words, *(str(held["outlines"].get(level, {}).get(kind, "–")) for level in range(5)))
    table.caption = (
        f"Orthographes retenues : {held['aliases']}, dont confirmées par une personne : {held['aliases_confirmed']}"
    )
    return table


def register(parent: typer.Typer) -> None:
    parent.add_typer(app, name="geography")
