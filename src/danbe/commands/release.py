"""``danbe release build|list|diff|verify|publish``: from an approved snapshot to a release, and why figures changed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from danbe.commands.output import MISUSED, JsonOption, emit, refuse

cli = typer.Typer(no_args_is_help=True, help="Approve, list, compare and verify releases.")


def _release(name: str, as_json: bool) -> Any:
    """The release whose id begins with ``name``; without a name, the newest."""
    from danbe.register.audit import system_user
    from danbe.web.models import Release
    from danbe.web.queries import releases as queries

    user = system_user()
    try:
        if name:
            return queries.release(user, name)
        found = queries.releases(user).first()
    except Release.MultipleObjectsReturned:
        refuse(f"Plusieurs publications commencent par «{name}» : donner plus de caractères.", as_json, MISUSED)
    except Release.DoesNotExist:
        refuse(f"Aucune publication «{name}». Les voir : danbe release list", as_json)
    if found is None:
        refuse("Aucune publication. En construire une : danbe release build", as_json)
    return found


@cli.command("build")
def build(
    snapshot: Annotated[str, typer.Option(help="Id of the snapshot, or its beginning; the newest by default.")] = "",
    approve_as: Annotated[str, typer.Option(help="Role that approves, never a name.")] = "Coordination du cluster",
    as_json: JsonOption = False,
) -> None:
    """Pass a snapshot's figures through the disclosure gate. A refused release leaves the previous one standing."""
    from danbe.curate.models import Snapshot
    from danbe.protect.reasons import Refused
    from danbe.register.audit import system_user
    from danbe.web.actions.releases import ReleaseError, build_release

    found = Snapshot.objects.filter(snapshot_id__startswith=snapshot).order_by("-at", "-pk")
    if snapshot and found.count() > 1:
        refuse(f"Plusieurs instantanés commencent par «{snapshot}» : donner plus de caractères.", as_json, MISUSED)
    chosen = found.first()
    if chosen is None:
        what = f"Aucun instantané «{snapshot}»" if snapshot else "Aucun instantané"
        refuse(f"{what}. En faire un : danbe snapshot", as_json)
    try:
        release = build_release(system_user(), chosen, approve_as)
    except Refused as refusal:
        refuse(
            f"Publication refusée ; la précédente reste en place.\n{refusal.text()}",
            as_json,
            reasons=[{"rule": r.rule, "fr": r.text("fr"), "en": r.text("en")} for r in refusal.reasons],
        )
    except ReleaseError as error:
        refuse(str(error), as_json)
    tables = release.manifest["tables"]
    emit(
        {
            "release": release.release_id,
            "snapshot": chosen.snapshot_id,
            "tables": {n: t["rows"] for n, t in tables.items()},
        },
        as_json,
        f"Publication {release.release_id} (instantané {chosen.snapshot_id}) : {len(tables)} tables, "
        f"approuvée par {release.manifest['approved_by']}.\nLa mettre en ligne : danbe site build {release.release_id}",
    )


@cli.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List releases, newest first; a star marks the one that is published."""
    from rich.table import Table

    from danbe.register.audit import system_user
    from danbe.web.queries import releases as queries

    user = system_user()
    standing = queries.standing(user)
    table = Table("", "Publication", "Instantané", "Construite", "Publiée", "Approuvée par")
    for column in table.columns[:3]:
        column.no_wrap = True
    rows = []
    for item in queries.releases(user):
        published = f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else ""
        here = bool(standing and standing.pk == item.pk)
        made, role = f"{item.at:%Y-%m-%d %H:%M}", item.manifest["approved_by"]
        rows.append({"release": item.release_id, "snapshot": item.snapshot.snapshot_id, "at": item.at, "published_at": item.published_at, "standing": here, "approved_by": role})  # fmt: skip
        table.add_row("*" if here else "", item.release_id, item.snapshot.snapshot_id, made, published, role)
    emit({"releases": rows}, as_json, table if rows else "Aucune publication. En construire une : danbe release build")


@cli.command("verify")
def verify_(release: Annotated[str, typer.Argument(help="Id or its beginning; the newest by default.")] = "", as_json: JsonOption = False) -> None:  # fmt: skip
    """Hash every file of a release again and compare with its manifest."""
    from danbe.protect.release import Damaged, verify
    from danbe.web.queries import releases as queries

    item = _release(release, as_json)
    try:
        manifest = verify(queries.folder(item))
    except Damaged as damage:
        refuse(str(damage), as_json, release=item.release_id)
    emit({"release": item.release_id, "files": len(manifest["files"]), "whole": True}, as_json,
         f"Publication {item.release_id} intacte : {len(manifest['files'])} fichiers vérifiés.")  # fmt: skip


@cli.command("diff")
def diff(old: str, new: str, as_json: JsonOption = False) -> None:
    """Say which published figures changed between two releases, and why (rows added, corrected, withdrawn, rules)."""
    from rich.table import Table

    from danbe.reference.words import number
    from danbe.register.audit import system_user
    from danbe.web.queries import releases as queries

    a, b = _release(old, as_json), _release(new, as_json)
    found = queries.difference(system_user(), a, b)
    table = Table("Table", "Où", "Mesure", "Avant", "Après", "Causes")
    for f in found["figures"]:
        causes = " ; ".join(f"{name} {value:+g}" for name, value in f["causes"].items())
        where = " · ".join(f["labels"])
        table.add_row(f["table"], where, f["measure"], *(f[k] if isinstance(f[k], str) else number(f[k], "fr", 0 if f[k] is None or float(f[k]).is_integer() else 2) for k in ("old", "new")), causes)  # fmt: skip
    if found["more"]:
        table.caption = f"et {found['more']} autres (--json pour toutes)"
    emit(found, as_json, table if found["figures"] else "Aucun chiffre publié ne diffère.")


def register(app: typer.Typer) -> None:
    app.add_typer(cli, name="release")
