"""``danbe figures``: the figures of a snapshot as a tidy table, and any of them explained down to its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.output import MISUSED, JsonOption, console, emit, refuse

SHOWN = 40


def figures(
    snapshot: Annotated[str, typer.Argument(help="Instantané : identifiant, «latest» ou dossier.")] = "latest",
    table: Annotated[str, typer.Option(help="La table de chiffres, par exemple need_target_reached.")] = "key_figures",
    measure: Annotated[str, typer.Option(help="Avec --explain : la mesure à expliquer.")] = "",
    period: Annotated[str, typer.Option(help="Un mois AAAA-MM ou un intervalle AAAA-MM/AAAA-MM.")] = "",
    place: Annotated[str, typer.Option(help="Le nom ou l’identifiant d’un lieu.")] = "",
    aor: Annotated[str, typer.Option(help="Code du domaine de responsabilité, ou TOTAL.")] = "",
    group: Annotated[str, typer.Option(help="Code du statut de population, ou TOTAL.")] = "",
    sex_age: Annotated[str, typer.Option(help="Code de sexe et d’âge.")] = "",
    category: Annotated[str, typer.Option(help="Code de catégorie (suivi, mouvements, domaines), ou TOTAL.")] = "",
    indicator: Annotated[str, typer.Option(help="Code de l’indicateur.")] = "",
    organisation: Annotated[str, typer.Option(help="Identifiant de l’organisation.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="D’où vient le chiffre.")] = False,
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    limit: Annotated[int, typer.Option(help="Nombre de lignes montrées ; 0 : toutes.")] = SHOWN,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Calcule et montre les chiffres d’un instantané ; --explain dit d’où vient chacun."""
    from danbe.analyse.compute import compute, open_figures
    from danbe.analyse.snapshot import SnapshotError, open_snapshot
    from danbe.curate.queries.snapshots import figures_root
    from danbe.reference.catalogue.figures import FIGURES
    from danbe.reference.words import LANGUAGES

    if table not in FIGURES:
        refuse(f"Table inconnue : {table} ; il y a : {', '.join(FIGURES)}", as_json, MISUSED)
    if lang not in LANGUAGES:
        refuse(f"Langue inconnue : {lang} ; il y a : {', '.join(LANGUAGES)}", as_json, MISUSED)
    try:
        reader = open_snapshot(_folder(snapshot, as_json))
        asked = {
            "period": period, "place": _place(reader, place, as_json), "aor": aor, "population_status": group,
            "sex_age": sex_age, ("indicator" if table == "key_figures" else "indicator_id"): indicator,
            "organisation_id": organisation, "category": category,
        }  # fmt: skip
        filters = {k: v for k, v in asked.items() if v}
        strange = sorted(set(filters) - set(FIGURES[table].key))
        if strange:
            refuse(
                f"La table {table} n’a pas : {', '.join(strange)} ; elle a : {', '.join(FIGURES[table].key)}",
                as_json,
                MISUSED,
            )
        if explain:
            _explain(reader, table, measure, filters, lang, limit, as_json)
            return
        assert reader.folder is not None
        folder = compute(reader.folder, figures_root())
        open_figures(folder)
    except SnapshotError as error:
        refuse(str(error), as_json)
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / f"{table}.parquet").to_pylist()
    rows = [r for r in rows if all(r[k] == v for k, v in filters.items())]
    emit({"snapshot_id": reader.snapshot_id, "folder": str(folder), "table": table, "rows": rows}, as_json)
    if not as_json:
        _show(reader, table, rows, lang, limit)


def _folder(name: str, as_json: bool) -> Path:
    if "/" in name or Path(name).is_dir():
        return Path(name)
    from danbe.commands.snapshot import found
    from danbe.curate.queries.snapshots import folder

    return folder(found(name, as_json))


def _place(reader: Any, name: str, as_json: bool) -> str:
    """The id of a place given by id or by name; the highest of that name."""
    from danbe.reference.text import search_key

    if not name:
        return ""
    places = reader.table("places").select(["place_id", "name", "level", "version"]).to_pylist()
    current = reader.manifest["geography_version"]
    for place in places:
        if place["place_id"] == name:
            return str(name)
    same = [p for p in places if search_key(p["name"]) == search_key(name) and int(p["level"]) <= 2]
    if not same:
        refuse(f"Lieu inconnu de cet instantané : {name} (pays, région ou cercle)", as_json)
    return str(min(same, key=lambda p: (p["version"] != current, p["level"], p["place_id"]))["place_id"])


def _text(labels: Any, key: str, value: Any) -> str:
    if key == "place":
        return str(labels.place(value))
    if key == "organisation_id":
        return str(labels.organisation(value))
    if key == "indicator_id":
        return str(labels.indicator(value))
    if key == "indicator":
        from danbe.analyse.indicator import INDICATORS

        return INDICATORS[value].label(labels.language)
    return str(value)


def _show(reader: Any, name: str, rows: list[dict[str, Any]], lang: str, limit: int) -> None:
    from rich.table import Table

    from danbe.analyse.labels import Labels
    from danbe.reference.catalogue.figures import FIGURES, dimensions

    dataset, labels = FIGURES[name], Labels(reader, lang)
    keys = dimensions(dataset)

    def cell(column: str, value: Any) -> str:
        return _text(labels, column, value) if column in keys else str(labels.number(value))

    # What all rows share stands in the title, so that the table keeps to the width of a screen.
    same = [k for k in keys if len({r[k] for r in rows}) == 1]
    title = " — ".join([dataset.label(lang), *(cell(k, rows[0][k]) for k in same if k != "level"), reader.snapshot_id])
    if len(rows) == 1:
        table = Table(title=title, show_header=False)
        for column in dataset.columns:
            if column.name not in same:
                table.add_row(column.label(lang), cell(column.name, rows[0][column.name]))
    else:
        table = Table(title=title)
        shown = [c for c in dataset.columns if c.name not in same]
        for column in shown:
            wide = len(shown) > 7
            name = column.name.replace("_", " ") if wide else column.label(lang)
            table.add_column(name, justify="left" if column.name in keys else "right", overflow="fold")
        for row in rows[: limit or None]:
            table.add_row(*(cell(c.name, row[c.name]) for c in shown))
    console.print(table)
    if limit and len(rows) > limit:
        console.print(f"{len(rows) - limit} autres lignes (--limit 0, --json)")


def _explain(
    reader: Any, table: str, measure: str, filters: dict[str, str], lang: str, limit: int, as_json: bool
) -> None:
    from danbe.analyse.explain import CannotExplain, explain
    from danbe.analyse.response_tables import MEASURES

    if table == "key_figures":
        measure = filters.get("indicator") or "people_reached"
        filters = {k: v for k, v in filters.items() if k != "indicator"}
    elif not measure:
        measure = "reached" if "reached" in MEASURES[table] else next(iter(MEASURES[table]))
    try:
        found = explain(reader, table, measure, filters, lang)
    except CannotExplain as error:
        refuse(str(error), as_json, MISUSED)
    emit(found.as_dict(), as_json)
    if not as_json:
        _show_explanation(reader, found, lang, limit)


def _show_explanation(reader: Any, found: Any, lang: str, limit: int) -> None:
    from rich.markup import escape
    from rich.table import Table

    from danbe.analyse.labels import Labels

    labels = Labels(reader, lang)
    say = labels.say
    where = ", ".join(_text(labels, k, v) for k, v in found.filters.items())
    console.print(f"[bold]{escape(found.label)} : {labels.number(found.value)}[/bold]  ({escape(where)})")
    console.print(escape(f"{found.definition}\n{say('Formule')} : {found.formula}"))
    for step in found.steps[: limit or None]:
        mark = "[green]✓[/green]" if step.kept else "[dim]·[/dim]"
        console.print(f"  {mark} {escape(step.text)}")
    if limit and len(found.steps) > limit:
        console.print(f"    … {len(found.steps) - limit}")
    if found.rows:
        heads = ("Ligne", "Organisation", "Mois", "Lieu", "Indicateur", "Groupe", "Valeur", "Compte pour")
        table = Table(*(say(h) for h in heads))
        for row in found.rows[: limit or None]:
            numbers = (labels.number(row.value), labels.number(row.contribution))
            texts = (row.id, row.organisation, row.month, row.place, row.indicator, row.population_status)
            table.add_row(*(escape(t) for t in texts), *numbers)
        console.print(table)
        if limit and len(found.rows) > limit:
            console.print(f"{len(found.rows) - limit} … (--limit 0)")
    for part in found.parts:
        console.print()
        _show_explanation(reader, part, lang, limit)


def register(app: typer.Typer) -> None:
    app.command()(figures)
