"""``danbe forms``: publish, list, look at what came, export, pull from other servers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.output import JsonOption, console, emit, refuse

forms = typer.Typer(no_args_is_help=True, help="Formulaires et soumissions : publier, exporter, tirer.")

FormId = Annotated[str, typer.Argument(help="Identifiant du formulaire (form_id).")]


def acting_user(as_json: bool) -> Any:
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        return system_user()
    except SystemUserMissing as error:
        refuse(str(error), as_json)


def known_form(user: Any, form_id: str, as_json: bool) -> Any:
    from danbe.collect.queries.forms import forms as known

    found = known(user).filter(form_id=form_id).first()
    if found is None:
        refuse(f"Aucun formulaire «{form_id}». `danbe forms list` les montre tous.", as_json)
    return found


@forms.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSForm (.xlsx, .xls) ou XForm (.xml).")],
    media: Annotated[
        list[Path] | None, typer.Option(help="Fichier que le formulaire utilise ; peut se répéter.")
    ] = None,
    draft: Annotated[bool, typer.Option(help="S’arrêter au brouillon.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Vérifie un XLSForm et le propose aux téléphones."""
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import draft_form, publish_form
    from danbe.collect.messages import Refused
    from danbe.collect.queries.forms import converted

    user = acting_user(as_json)
    try:
        upload = receive(user, file, file.name)
        files = [(path.name, path.read_bytes()) for path in media or ()]
        version = (draft_form if draft else publish_form)(user, upload, files, converted(user, upload))
    except Refused as error:
        refuse(error.fr, as_json, rule=error.rule)
    data = {
        "form": version.form.form_id, "version": version.version, "title": version.title, "state": version.state,
        "checked_by": version.checked_by, "warnings": version.warnings,
    }  # fmt: skip
    text = f"{version.title} ({version.form.form_id}), version {version.version} : {version.get_state_display()}"
    text += f", vérifié par {version.checked_by or '–'}."
    text += "".join(f"\n  {line}" for line in version.warnings)
    emit(data, as_json, text.replace("[", "\\["))


@forms.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Les formulaires, leur version proposée, ce qu’ils ont reçu."""
    from danbe.collect.queries.forms import counted_forms

    rows = []
    for form, count, last in counted_forms(acting_user(as_json)):
        published = next((v for v in form.versions.all() if v.state == "published"), None)
        rows.append(
            {"form": form.form_id, "title": form.title, "open": form.open, "submissions": count, "last": last,
             "version": published.version if published else None}
        )  # fmt: skip
    text = "\n".join(f"{r['submissions']:7}  {r['form']:30} {r['version'] or '–':14} {r['title']}" for r in rows)
    emit({"forms": rows}, as_json, text or "Aucun formulaire.")


@forms.command("submissions")
def submissions(
    form: FormId,
    state: Annotated[
        str, typer.Option(help="received, in_review, validated, rejected, triangulated ou unfounded.")
    ] = "",
    limit: Annotated[int, typer.Option(help="Au plus.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Les soumissions d’un formulaire, les dernières d’abord."""
    from danbe.collect.queries import submissions as read

    user = acting_user(as_json)
    found = read(user, known_form(user, form, as_json), state or None).defer("answers")
    rows = [
        {"submission": s.pk, "instance_id": s.instance_id, "received_at": s.received_at, "state": s.review_state,
         "source": s.source, "organisation": s.organisation.code if s.organisation else None}
        for s in found[:limit]
    ]  # fmt: skip
    text = "\n".join(
        f"{r['submission']:7}  {r['received_at']:%Y-%m-%d %H:%M}  {r['state']:12} {r['instance_id']}" for r in rows
    )
    emit({"total": found.count(), "submissions": rows}, as_json, text or "Aucune soumission.")


@forms.command("export")
def export(
    form: FormId,
    to: Annotated[Path, typer.Argument(file_okay=False, help="Dossier où écrire.")],
    kind: Annotated[str, typer.Option("--format", help="csv, parquet ou json.")] = "csv",
    state: Annotated[str, typer.Option(help="Un seul état de vérification.")] = "",
    versions: Annotated[bool, typer.Option(help="Aussi les versions corrigées depuis.")] = False,
    files: Annotated[bool, typer.Option(help="Aussi les fichiers joints.")] = False,
    key: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Clé privée .pem des formulaires chiffrés.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Écrit les soumissions, un fichier par niveau de répétition. DANBE_KEY_PASSWORD ouvre une clé protégée."""
    from danbe.collect.actions.submissions import export as open_export
    from danbe.collect.messages import Refused

    user = acting_user(as_json)
    to.mkdir(parents=True, exist_ok=True)
    try:
        plan = open_export(user, known_form(user, form, as_json), kind, state, versions)
        counts = plan.write(to, key.read_bytes() if key else b"", os.environ.get("DANBE_KEY_PASSWORD", ""), files=files)
    except Refused as error:
        refuse(error.fr, as_json, rule=error.rule)
    except ValueError as error:
        refuse(str(error), as_json, code=2)
    emit({"files": counts}, as_json, "\n".join(f"{n:9}  {to / name}" for name, n in counts.items()))


@forms.command("pull")
def pull(
    kind: Annotated[str, typer.Argument(help="kobo ou central.")],
    server: Annotated[str, typer.Argument(help="Adresse du serveur, par exemple https://kf.kobotoolbox.org.")],
    form: Annotated[str, typer.Argument(help="Identifiant de l’asset (Kobo) ou du formulaire (Central).")],
    project: Annotated[str, typer.Option(help="Numéro du projet (Central).")] = "",
    email: Annotated[str, typer.Option(help="Compte (Central).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Tire d’un autre serveur ce qui est nouveau ou corrigé. Le jeton ou le mot de passe : DANBE_PULL_SECRET."""
    from danbe.collect.messages import Refused
    from danbe.collect.pulls.central import Central
    from danbe.collect.pulls.kobo import Kobo
    from danbe.collect.pulls.run import pull as run

    secret = os.environ.get("DANBE_PULL_SECRET", "")
    if kind not in ("kobo", "central") or not secret or (kind == "central" and not (project and email)):
        refuse(
            "Donnez kobo ou central, le secret dans DANBE_PULL_SECRET (il n’est conservé nulle part) et, pour Central, "
            "--project et --email.", as_json, code=2,
        )  # fmt: skip
    user = acting_user(as_json)
    try:
        puller: Any = Kobo(server, form, secret) if kind == "kobo" else Central(server, project, form, email, secret)
        with console.status("…") as status:
            done = run(
                user, puller, kind, server, form, project,
                progress=lambda n: status.update(f"{n}…") if not as_json else None,
            )  # fmt: skip
    except Refused as error:
        refuse(error.fr, as_json, rule=error.rule)
    data = {"form": done.form.form_id, "created": done.created, "edited": done.edited, "reviewed": done.reviewed}
    text = f"{done.form.title} : {done.created} nouvelles, {done.edited} corrigées, {done.reviewed} décisions reprises."
    emit(data, as_json, text)


def register(app: typer.Typer) -> None:
    app.add_typer(forms, name="forms")
