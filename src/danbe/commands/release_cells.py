"""``danbe release show|explain``: what a release hides, what that costs, what changed, and why a cell is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from danbe.commands.output import MISUSED, JsonOption, console, emit, refuse
from danbe.commands.release import Name, _release, cli

if TYPE_CHECKING:
    from danbe.web.queries.releases_words import Words


def difference_table(found: dict[str, Any], words: Words) -> Any:
    """The figures that differ between two releases, for a terminal."""
    from rich.table import Table

    from danbe.web.queries.releases_changes import told

    table = Table("Chiffre", "Où, quand, qui", "Avant", "Après", "Causes", title="Pourquoi le chiffre a changé")
    for column in table.columns[2:4]:
        column.justify, column.no_wrap = "right", True
    for f in found["figures"]:
        t = told(words, f, "fr")
        table.add_row(t.label, t.where, t.old, t.new, "\n".join(t.causes) or "–")
    if found["more"]:
        table.caption = f"et {found['more']} autres (--json pour toutes)"
    return table


@cli.command("show")
def show(release: Name = "", as_json: JsonOption = False) -> None:
    """Montre une publication : son état, ses approbations, ce qui est masqué et ce que cela coûte, ce qui change."""
    from rich.table import Table

    from danbe.reference.catalogue.figures import FIGURES
    from danbe.reference.codelists import codelist
    from danbe.register.audit import system_user
    from danbe.web.queries import releases as queries
    from danbe.web.queries.releases_cells import KINDS, LABELS, cells
    from danbe.web.queries.releases_costs import costs

    user, item = system_user(), _release(release, as_json)
    kept = queries.told(user, item)
    found = cells(user, item)
    counts = found.counts()
    approvals = [
        {"role": a.role, "at": a.at, "title": codelist("approver").label(a.role, "fr")}
        for a in queries.approvals(user, item)
    ]
    spent = costs(user, item)
    data = {
        "release": item.release_id, "state": item.state, "snapshot": item.snapshot.snapshot_id,
        "against": item.against.release_id if item.against else None, "approvals": approvals,
        "hidden": {name: dict(kinds) for name, kinds in counts.items()}, "costs": spent.as_dict(),
        "coarsened": spent.coarsened, "proof": spent.proof, "suggestions": spent.suggestions,
        "changes": kept.get("difference", {"figures": [], "more": 0}),
    }  # fmt: skip
    if as_json:
        emit(data, True)
        return
    console.print(
        f"Publication {item.release_id} : {item.get_state_display().lower()} (instantané {item.snapshot.snapshot_id})"
    )
    console.print("Comparée à : " + (item.against.release_id if item.against else "rien n’était publié"))
    for a in approvals:
        console.print(f"Approuvée au titre de : {a['title']}, {a['at']:%Y-%m-%d %H:%M}")
    met = [k for k in KINDS if any(kinds[k] for kinds in counts.values())]
    table = Table("Table", *(LABELS[k] for k in met), title="Cases masquées")
    for name, kinds in counts.items():
        table.add_row(FIGURES[name].fr, *(str(kinds[k] or "") for k in met))
    console.print(table if counts else "Aucune case masquée.")
    for line in spent.lines("fr"):
        console.print(f"{line.label} : {line.text}" + (f" ({line.note})" if line.note else ""))
    for said in (
        *spent.late_lines(found.words, "fr"),
        *spent.coarsened_lines("fr"),
        *spent.proof_lines("fr"),
        *spent.suggestion_lines("fr"),
    ):
        console.print(f"- {said}", markup=False)
    changes = data["changes"]
    if changes["figures"]:
        console.print(difference_table({**changes, "figures": changes["figures"][:20]}, found.words))
    else:
        console.print("Aucun chiffre publié ne diffère de ce qui est en ligne." if item.against else "Rien à comparer.")


@cli.command("suggest")
def suggest(release: Name = "", as_json: JsonOption = False) -> None:
    """Cherche ce qui masquerait moins (une table moins fine, ou laissée de côté). Chaque essai repasse tout le contrôle."""
    from danbe.commands.release_flow import refusing
    from danbe.register.audit import system_user
    from danbe.web.actions.releases import suggest as look
    from danbe.web.queries.releases_costs import costs

    user, item = system_user(), _release(release, as_json)
    with refusing(as_json, release=item.release_id):
        look(user, item)
    found = costs(user, item)
    text = "\n".join(found.suggestion_lines("fr")) or "Rien de moins fin n’en garderait davantage exacts."
    emit(
        {"release": item.release_id, "exact": found.stated.get("exact"), "suggestions": found.suggestions},
        as_json,
        text,
    )


@cli.command("explain")
def explain(
    cell: Annotated[str, typer.Argument(help="Numéro d’une case masquée, ou TABLE ou TABLE.MESURE.")],
    where: Annotated[
        list[str] | None, typer.Argument(help="Sa place : place=Bandiagara aor=SCPE period=2025-03 …")
    ] = None,
    release: Annotated[str, typer.Option(help="Publication ; la plus récente sans cela.")] = "",
    lang: Annotated[str, typer.Option(help="fr ou en.")] = "fr",
    limit: Annotated[int, typer.Option(min=1, help="Combien de cases au plus.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Dit pourquoi une case est masquée. Exemple : danbe release explain reach_sex_age.reached place=Gao aor=SCPE

    Code 1 : aucune case masquée ne correspond.
    """
    from danbe.reference.catalogue.figures import FIGURES, dimensions, measures
    from danbe.register.audit import system_user
    from danbe.web.queries.releases_cells import cells, find
    from danbe.web.queries.releases_cells import explain as explained

    if lang not in ("fr", "en"):
        refuse(f"Langue inconnue : {lang}. Au choix : fr, en.", as_json, MISUSED)
    item = _release(release, as_json)
    found = cells(system_user(), item)
    if cell.lstrip("#").isdigit():
        n = int(cell.lstrip("#"))
        hidden = found.hidden[n - 1 : n] if n else []
    else:
        table, _, measure = cell.partition(".")
        if table not in FIGURES or (measure and measure not in measures(FIGURES[table])):
            known = ", ".join(sorted(found.words.read.audit["tables"]))
            refuse(
                f"«{cell}» : donnez TABLE.MESURE, par exemple reach_sex_age.reached. Tables : {known}", as_json, MISUSED
            )
        pairs = dict(w.partition("=")[::2] for w in where or [])
        if wrong := [name for name in pairs if name not in dimensions(FIGURES[table])]:
            refuse(
                f"«{wrong[0]}» : cette table se découpe par {', '.join(dimensions(FIGURES[table]))}.", as_json, MISUSED
            )
        hidden = find(found, table, measure, pairs)
    if not hidden:
        refuse(
            f"Aucune case masquée ne correspond dans la publication {item.release_id}.",
            as_json,
            release=item.release_id,
        )
    rows = []
    for h in hidden[:limit]:
        e = explained(found, h, lang)
        rows.append({"n": h.n, "table": h.table, "measure": h.measure, "dims": h.dims, "kind": h.kind, "reason": h.reason,
                     "why": e.sentence, "protects": list(h.protects)})  # fmt: skip
        if not as_json:
            console.print(
                f"#{h.n} {FIGURES[h.table].label(lang)}, {e.title} : {e.where}", markup=False, highlight=False
            )
            console.print(f"   {e.sentence}", markup=False, highlight=False)
            for p in e.protects[:5]:
                console.print(f"   → #{p.n} {found.words.cell(p.dims, lang)}", markup=False, highlight=False)
    if not as_json and len(hidden) > limit:
        console.print(f"… et {len(hidden) - limit} autres (--limit, ou précisez la place)")
    emit({"release": item.release_id, "cells": rows, "more": max(0, len(hidden) - limit)}, as_json)
