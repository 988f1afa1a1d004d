"""``danbe demo``: a whole synthetic year, from the partners' workbooks to the published site."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from danbe.commands.output import JsonOption, console, emit, refuse


def demo(
    seed: Annotated[int, typer.Option(help="La même graine refait la même année.")] = 2025,
    organisations: Annotated[int | None, typer.Option(min=1, help="Les N premières organisations fictives.")] = None,
    months: Annotated[int, typer.Option(min=1, max=12, help="Les N premiers mois de l’année.")] = 12,
    monitoring: Annotated[bool, typer.Option(help="Faire aussi l’année de suivi (incidents, mouvements).")] = True,
    publish: Annotated[bool, typer.Option(help="Faire aussi l’instantané, la publication et le site.")] = True,
    as_json: JsonOption = False,
) -> None:
    """Construit une année de démonstration, entièrement synthétique. Peut être interrompu et relancé."""
    from django.conf import settings

    from danbe.commands import demo_year
    from danbe.commands.demo_cluster import take_in_cluster
    from danbe.commands.demo_services import take_in_services
    from danbe.commands.setup import prepare
    from danbe.packs.mli import framework_rows
    from danbe.packs.mli.demo import NOTICE, make_world
    from danbe.packs.mli.demo.world import YEAR
    from danbe.register.audit import system_user
    from danbe.register.queries.geography import gazetteer

    console.quiet = as_json
    console.print("1. Dossier, base, géographie, cadre de résultats…")
    prepare()
    user = system_user()
    try:
        demo_year.mark_synthetic(settings.DATA, NOTICE)
    except demo_year.RealDataHere:
        refuse(
            f"{settings.DATA} contient déjà des données réelles : la démonstration n’y sera pas mêlée. "
            "Donnez un autre dossier avec DANBE_DATA.",
            as_json,
        )
    places = gazetteer()
    world = make_world(places, framework_rows(), seed, organisations)
    registered = demo_year.register_organisations(user, world)
    console.print("2. Personnes dans le besoin et cibles (synthétiques)…")
    folder = settings.DATA / "demo"
    tables = demo_year.load_year_tables(user, folder, places, seed)
    console.print("3. Rapports mensuels des organisations fictives…")
    done = _year(user, world, places, registered, folder, months)
    monitored = _monitoring(user, world, places, registered, seed, months) if monitoring else {}
    console.print("   Services, circuits et mécanismes communautaires (fictifs)…")
    served = take_in_services(user, places, registered, seed, YEAR)
    clustered = take_in_cluster(user, places, world.organisations, registered, seed)
    accounts = demo_year.open_accounts(user, settings.DATA, next(iter(registered.values())))
    result: dict[str, Any] = {
        "data": str(settings.DATA),
        "seed": seed,
        "organisations": len(registered),
        **tables,
        **vars(done),
        **monitored,
        **served,
        **clustered,
        "accounts": list(accounts),
    }
    _tell(done, tables)
    if publish:
        result |= _publish(user, as_json)
    _tell_accounts(accounts, settings.DATA / demo_year.USERS)
    console.quiet = False
    emit(result, as_json)


def _year(user: Any, world: Any, places: Any, registered: Any, folder: Any, months: int) -> Any:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from danbe.commands import demo_year

    columns = (TextColumn("   classeurs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        return demo_year.take_in_year(
            user, world, places, registered, folder / "classeurs", months,
            lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip


def _monitoring(user: Any, world: Any, places: Any, registered: Any, seed: int, months: int) -> dict[str, Any]:
    """The year of monitoring, sent by monitors of a few organisations of general protection."""
    from danbe.commands.demo_monitoring import HOMES, take_in_monitoring

    console.print("   Suivi de protection 2021-2022 (synthétique, totaux mensuels publiés)…")
    general = [registered[o.acronym] for o in world.organisations if "CP" in o.areas]
    homes = list(dict.fromkeys([next(iter(registered.values())), *general]))[:HOMES]
    done = take_in_monitoring(user, places, homes, seed, months)
    console.print(
        f"   {done.submissions} soumissions reçues, {done.already_there} déjà là ; {done.incidents} incidents, "
        f"{done.movements} mouvements, {done.duplicates} doublons probables, {done.modules} lignes des domaines."
    )
    for problem in done.problems[:10]:
        console.print(f"   [yellow]soumission refusée[/]  {problem}")
    return {"submissions": done.submissions, "incidents": done.incidents, "movements": done.movements}


def _tell(done: Any, tables: dict[str, int]) -> None:
    console.print(
        f"   {done.workbooks} classeurs importés, {done.already_there} déjà là, "
        f"{done.nothing_to_report} «rien à signaler» ; {done.accepted} lignes entrées, "
        f"{done.blocked} écartées ({done.expected_blocked} erreurs bloquantes posées) ; "
        f"{tables['people_in_need']} besoins, {tables['targets']} cibles."
    )
    for surprise in done.surprises[:10]:
        console.print(f"   [yellow]lignes écartées inattendues[/]  {surprise}")


def _publish(user: Any, as_json: bool) -> dict[str, str]:
    """Snapshot, gate, two approvals by the demonstration's own two people, publication."""
    from danbe.commands import demo_year
    from danbe.commands.release_flow import refusing
    from danbe.curate.actions.snapshots import make_snapshot
    from danbe.register.models import User
    from danbe.web.actions.releases import pass_gate, start_draft
    from danbe.web.actions.releases_approve import approve_release, publish_release
    from danbe.web.models import Draft, Release

    console.print("4. Instantané, chiffres, contrôle de diffusion…")
    snapshot = make_snapshot(user, note="Démonstration")
    proposer = User.objects.get(username=demo_year.INFORMATION)
    draft = pass_gate(proposer, start_draft(proposer, snapshot))
    release = draft.release
    if draft.state == Draft.State.REFUSED or release is None:
        refuse("Publication refusée.\n" + "\n".join(r["fr"] for r in draft.reasons), as_json, reasons=draft.reasons)
    console.print("5. Deux approbations, signature, site…")
    with refusing(as_json, release=release.release_id):
        for email, role in ((demo_year.INFORMATION, "IM"), (demo_year.COORDINATION, "COORD")):
            release.refresh_from_db()
            person = User.objects.get(username=email)
            if (
                release.state == Release.State.PREVIEW
                and not release.approvals.filter(user=person, void=False).exists()
            ):
                release = approve_release(person, release, role)
        publish_release(user, release)
    console.print(f"   instantané {snapshot.snapshot_id}, publication {release.release_id}")
    return {"snapshot": snapshot.snapshot_id, "release": release.release_id}


def _tell_accounts(accounts: dict[str, str], path: Any) -> None:
    console.print("Comptes de démonstration :")
    for email, password in accounts.items():
        console.print(f"   {email}   {password}", markup=False, highlight=False)
    console.print(f"   (gardés dans {path}, lisible par vous seul)")


def register(app: typer.Typer) -> None:
    app.command()(demo)
