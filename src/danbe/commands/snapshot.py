"""``danbe snapshot``: freezes the rows in force; ``list`` shows what was frozen, ``diff`` what changed between two."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from danbe.commands.output import JsonOption, console, emit, refuse

snapshot = typer.Typer(invoke_without_command=True, help="Geler les lignes en vigueur dans un instantané.")


@snapshot.callback()
def make(
    context: typer.Context,
    note: Annotated[str, typer.Option(help="Ce que l’instantané fixe, par exemple «clôture de mars».")] = "",
    as_json: JsonOption = False,
) -> None:
    """Gèle les lignes en vigueur ; les mêmes données donnent le même instantané."""
    if context.invoked_subcommand:
        return
    from danbe.curate.actions.snapshots import make_snapshot
    from danbe.curate.queries.snapshots import folder
    from danbe.curate.snapshots import CannotSnapshot
    from danbe.reference.words import number

    try:
        made = make_snapshot(_user(as_json), note=note)
    except CannotSnapshot as error:
        refuse(str(error), as_json)
    rows = made.manifest["datasets"]["activities"]["rows"]
    emit(
        {"snapshot_id": made.snapshot_id, "folder": str(folder(made)), "manifest": made.manifest},
        as_json,
        f"Instantané {made.snapshot_id} : {number(rows, 'fr')} lignes 5W, {_period(made.manifest)}",
    )


@snapshot.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Montre les instantanés, le plus récent d’abord."""
    from rich.table import Table

    from danbe.curate.queries.snapshots import visible

    found = list(visible(_user(as_json)))
    table = Table("Instantané", "Fait le", "Période", "Lignes 5W", "Note")
    for s in found:
        rows = str(s.manifest["datasets"]["activities"]["rows"])
        table.add_row(s.snapshot_id, f"{s.at:%Y-%m-%d %H:%M}", _period(s.manifest), rows, s.note)
    emit(
        {"snapshots": [s.manifest for s in found]}, as_json, table if found else "Aucun instantané : «danbe snapshot»."
    )


@snapshot.command("diff")
def diff(
    before: Annotated[str, typer.Argument(help="L’instantané d’avant (identifiant ou son début).")],
    after: Annotated[str, typer.Argument(help="L’instantané d’après, ou «latest».")] = "latest",
    limit: Annotated[int, typer.Option(help="Nombre de changements de figures montrés.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Pourquoi le chiffre a changé : lignes ajoutées, corrigées, retirées, règles, besoins, fusions."""
    from collections import Counter
    from dataclasses import asdict

    from danbe.analyse.diff import compare, figure_changes
    from danbe.analyse.snapshot import SnapshotError, open_snapshot
    from danbe.curate.queries.snapshots import folder

    try:
        a, b = (open_snapshot(folder(found(name, as_json))) for name in (before, after))
    except SnapshotError as error:
        refuse(str(error), as_json)
    changes, figures = compare(a, b), figure_changes(a, b)
    causes = Counter(c.cause for c in changes)
    emit(
        {
            "before": a.snapshot_id,
            "after": b.snapshot_id,
            "causes": dict(causes),
            "changes": [asdict(c) for c in changes],
            "figures": [asdict(f) for f in figures],
        },
        as_json,
    )
    if not as_json:
        _show_diff(a, b, causes, figures[:limit], len(figures))


def _show_diff(a: Any, b: Any, causes: dict[str, int], figures: list[Any], total: int) -> None:
    from rich.table import Table

    from danbe.analyse.diff import cause_label
    from danbe.analyse.indicator import INDICATORS
    from danbe.analyse.labels import Labels
    from danbe.reference.catalogue.figures import FIGURES
    from danbe.reference.change import is_ratio, pair, share

    if not causes:
        console.print("Aucune différence." if a.snapshot_id == b.snapshot_id else "Aucune ligne n’a changé.")
    for cause, count in causes.items():
        console.print(f"{count:>6}  {cause_label(cause)}")
    if not figures:
        return
    labels = Labels(b)
    table = Table("Chiffre", "Où, quand, qui", "Avant", "Après", "Causes", title="Pourquoi le chiffre a changé")
    for column in table.columns[2:4]:
        column.justify, column.no_wrap = "right", True
    for f in figures:
        dims = dict(f.dimensions)
        indicator = str(dims.pop("indicator", ""))
        ratio = is_ratio(indicator or f.measure)
        name = INDICATORS[indicator].fr if indicator else FIGURES[f.table][f.measure].fr
        why = "\n".join(f"{cause_label(c)} : {share(v, ratio, 'fr')}" for c, v in f.causes.items())
        table.add_row(name, labels.cell(dims), *pair(f.old, f.new, ratio, "fr"), why)
    console.print(table)
    if total > len(figures):
        console.print(f"… et {total - len(figures)} autres (--limit, --json)")


def found(name: str, as_json: bool) -> Any:
    """The snapshot of that name; refuses, saying which there are, when there is none."""
    from danbe.curate.queries.snapshots import find, visible

    user = _user(as_json)
    match = find(user, name)
    if match is None:
        ids = ", ".join(visible(user).values_list("snapshot_id", flat=True)[:5])
        refuse(f"Pas d’instantané unique «{name}» ; il y a : {ids or 'aucun (danbe snapshot)'}", as_json)
    return match


def _user(as_json: bool) -> Any:
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        return system_user()
    except SystemUserMissing:
        refuse("Lancez d’abord `danbe setup`.", as_json)


def _period(manifest: dict[str, Any]) -> str:
    from danbe.reference.words import month_name

    start, end = manifest["period"]["start"], manifest["period"]["end"]
    return month_name(f"{start}/{end}", "fr") if start else "aucun mois rapporté"


def register(app: typer.Typer) -> None:
    app.add_typer(snapshot, name="snapshot")
