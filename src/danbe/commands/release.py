"""``danbe release build|show|list|diff|verify``: from a snapshot through the gate to a draft, and what it holds.

The verbs that approve and publish are in ``release_flow.py``, the one that explains hidden cells in ``release_cells.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.output import MISUSED, JsonOption, emit, refuse

cli = typer.Typer(no_args_is_help=True, help="Préparer, relire, approuver, publier et vérifier les publications.")

Name = Annotated[str, typer.Argument(help="Identifiant ou son début ; la plus récente sans cela.")]


def _release(name: str, as_json: bool) -> Any:
    """The release whose id begins with ``name``; without a name, the newest."""
    from danbe.register.audit import SystemUserMissing, system_user
    from danbe.web.models import Release
    from danbe.web.queries import releases as queries

    try:
        user = system_user()
    except SystemUserMissing:
        refuse("La base n’est pas prête. Lancez d’abord : danbe setup", as_json)
    try:
        if name:
            return queries.release(user, name)
        found = queries.releases(user).exclude(state=Release.State.WITHDRAWN).first()
    except Release.MultipleObjectsReturned:
        refuse(f"Plusieurs publications commencent par «{name}» : donner plus de caractères.", as_json, MISUSED)
    except Release.DoesNotExist:
        refuse(f"Aucune publication «{name}». Les voir : danbe release list", as_json)
    if found is None:
        refuse("Aucune publication. En construire une : danbe release build", as_json)
    return found


@cli.command("build")
def build(
    snapshot: Annotated[str, typer.Option(help="Instantané, ou son début ; le plus récent sans cela.")] = "",
    suggestion: Annotated[
        list[str] | None, typer.Option(help="Plan moins coûteux à reprendre, d’après danbe release suggest. Répétable.")
    ] = None,
    preview: Annotated[bool, typer.Option(help="Construire aussi les pages telles qu’elles seraient publiées.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Passe un instantané par le contrôle de diffusion : un brouillon à relire, ou un refus et ses raisons.

    Un refus (code 1) laisse en place ce qui est publié. Deux personnes approuvent ensuite : danbe release approve.
    """
    from danbe.commands.release_flow import refusing
    from danbe.curate.models import Snapshot
    from danbe.register.audit import system_user
    from danbe.web.actions.releases import build_preview, pass_gate, start_draft
    from danbe.web.models import Draft

    found = Snapshot.objects.filter(snapshot_id__startswith=snapshot).order_by("-at", "-pk")
    if snapshot and found.count() > 1:
        refuse(f"Plusieurs instantanés commencent par «{snapshot}» : donner plus de caractères.", as_json, MISUSED)
    chosen = found.first()
    if chosen is None:
        what = f"Aucun instantané «{snapshot}»" if snapshot else "Aucun instantané"
        refuse(f"{what}. En faire un : danbe snapshot", as_json)
    user = system_user()
    with refusing(as_json):
        draft = pass_gate(user, start_draft(user, chosen, {"suggestions": suggestion} if suggestion else {}))
    if draft.state == Draft.State.REFUSED:
        text = "\n".join(f"{r['rule']} : {r['fr']}" for r in draft.reasons)
        refuse(f"Publication refusée ; la précédente reste en place.\n{text}", as_json, reasons=draft.reasons)
    release = draft.release
    assert release is not None
    if preview:
        with refusing(as_json, release=release.release_id):
            build_preview(user, release)
    tables = release.manifest["tables"]
    emit(
        {
            "release": release.release_id,
            "state": release.state,
            "snapshot": chosen.snapshot_id,
            "tables": {n: t["rows"] for n, t in tables.items()},
        },
        as_json,
        f"Publication {release.release_id} (instantané {chosen.snapshot_id}) : {len(tables)} tables, "
        f"état : {release.get_state_display().lower()}.\n"
        f"La relire : danbe release show {release.release_id}\n"
        f"L’approuver (deux personnes) : danbe release approve {release.release_id} --as COORD --user ADRESSE",
    )


@cli.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Liste les publications, la plus récente d’abord, et les brouillons refusés ou interrompus."""
    from rich.table import Table

    from danbe.register.audit import system_user
    from danbe.web.queries import releases as queries

    user = system_user()
    table = Table("Publication", "État", "Instantané", "Construite", "Publiée", "Approuvée au titre de")
    for column in table.columns[:2]:
        column.no_wrap = True
    rows = []
    for item in queries.releases(user):
        published = f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else ""
        roles = [a.role for a in queries.approvals(user, item)]
        rows.append({"release": item.release_id, "state": item.state, "snapshot": item.snapshot.snapshot_id, "at": item.at, "published_at": item.published_at, "standing": item.state == "published", "approvals": roles})  # fmt: skip
        table.add_row(item.release_id, item.get_state_display(), item.snapshot.snapshot_id, f"{item.at:%Y-%m-%d %H:%M}", published, " · ".join(roles))  # fmt: skip
    drafts = [
        {"draft": d.pk, "state": d.state, "snapshot": d.snapshot.snapshot_id, "at": d.at, "reasons": d.reasons}
        for d in queries.drafts(user)
    ]
    for d in queries.drafts(user):
        table.add_row(
            f"brouillon {d.pk}", d.get_state_display(), d.snapshot.snapshot_id, f"{d.at:%Y-%m-%d %H:%M}", "", ""
        )
    nothing = "Aucune publication. En construire une : danbe release build"
    emit({"releases": rows, "drafts": drafts}, as_json, table if rows or drafts else nothing)


@cli.command("verify")
def verify_(
    release: Annotated[
        str,
        typer.Argument(help="Identifiant ou son début, ou un dossier de données ouvertes ; la plus récente sans cela."),
    ] = "",
    keys: Annotated[
        Path | None, typer.Option(help="Clés publiques (public-keys.json) ; celles de ce dossier de données sans cela.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Vérifie qu’une publication n’a pas changé, que deux personnes l’ont approuvée, et que la signature est bonne.

    Code 1 : un fichier a changé, la signature ne tient pas, ou la publication n’est pas encore signée.
    """
    from django.conf import settings

    from danbe.protect import signature
    from danbe.protect.release import Damaged
    from danbe.web.queries import releases as queries

    try:
        known = signature.read_keys(keys) if keys else signature.public_keys(settings.DATA / "keys")
        if release and Path(release).is_dir():
            if not known:
                refuse("Donnez les clés publiques du cluster : --keys public-keys.json", as_json, MISUSED)
            key, n = signature.verify_open_data(Path(release), known)
            text = f"{release} : {n} fichiers tels que le cluster les a signés (clé {key.id})."
            emit({"folder": release, "files": n, "whole": True, "key": key.id}, as_json, text)
            return
        item = _release(release, as_json)
        seal = signature.verify_seal(queries.folder(item), known)
    except (Damaged, signature.SignatureError) as fault:
        refuse(str(fault), as_json, whole=not isinstance(fault, Damaged))
    roles = [a["fr"] for a in seal.statement["approvals"]]
    emit(
        {"release": item.release_id, "files": len(item.manifest["files"]), "whole": True, "signed": True,
         "key": seal.key.id, "approvals": seal.statement["approvals"]},
        as_json,
        f"Publication {item.release_id} intacte : {len(item.manifest['files'])} fichiers vérifiés, "
        f"approuvée par {' et '.join(roles)}, signée par la clé {seal.key.id}.",
    )  # fmt: skip


@cli.command("diff")
def diff(old: str, new: str, as_json: JsonOption = False) -> None:
    """Dit quels chiffres publiés ont changé entre deux publications, et pourquoi (lignes ajoutées, corrigées, retirées…)."""
    from danbe.commands.release_cells import difference_table
    from danbe.register.audit import system_user
    from danbe.web.queries import releases as queries
    from danbe.web.queries.releases_words import words_of

    a, b = _release(old, as_json), _release(new, as_json)
    found = queries.difference(system_user(), a, b)
    words = words_of(queries.folder(b).resolve())
    emit(found, as_json, difference_table(found, words) if found["figures"] else "Aucun chiffre publié ne diffère.")


def register(app: typer.Typer) -> None:
    app.add_typer(cli, name="release")
