"""``danbe import``: a partner's workbook taken in, what was taken in before, its remarks, and the way back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danbe.commands.output import PARTIAL, JsonOption, console, emit, errors, refuse
from danbe.reference.words import number, translator

if TYPE_CHECKING:
    from danbe.curate.models import Batch

_ = translator("fr")

imports = typer.Typer(no_args_is_help=True, help="Workbooks: import them, list, undo, see the remarks.")
_STAGES = {
    "reading": "lecture", "matching": "colonnes", "checking": "contrôles", "storing": "enregistrement", "done": "fini",
}  # fmt: skip


@imports.command("workbook")
def workbook(
    file: Annotated[Path, typer.Argument(help="The workbook: .xlsx, .xls, .ods or .csv.")],
    month: Annotated[str, typer.Option(help="Month of rows that give none (YYYY-MM).")] = "",
    year: Annotated[int | None, typer.Option(help="Year of columns that name a month alone.")] = None,
    sheet: Annotated[str, typer.Option(help="Sheet to read; found by itself if not given.")] = "",
    org: Annotated[str, typer.Option(help="Code of the organisation whose file it is.")] = "",
    source: Annotated[str, typer.Option(help="Origin of a compiled file, so that it replaces only its own rows.")] = "",
    register: Annotated[
        list[str] | None, typer.Option(help="Register what is unknown, unverified: organisations, places, indicators.")
    ] = None,
    mode: Annotated[str, typer.Option(help="replace: the file is its months' whole; add: it completes.")] = "replace",
    received: Annotated[str, typer.Option(help="Day of receipt (YYYY-MM-DD); today if not given.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; no row enters.")] = False,
    annotated: Annotated[Path | None, typer.Option(help="Where to write the annotated workbook.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Reads, matches, checks and enters a 5W or 3W workbook."""
    from danbe.collect.actions import receive
    from danbe.collect.messages import WorkbookRefused
    from danbe.curate.actions.response import ImportOptions, Refused, import_workbook
    from danbe.curate.queries.response import annotated as annotated_path
    from danbe.register.audit import SystemUserMissing, system_user
    from danbe.register.models import Organisation

    if not file.is_file():
        refuse(_("Le fichier %(file)s n’existe pas.") % {"file": str(file)}, as_json)
    try:
        options = ImportOptions(
            month=month, year=year, sheet=sheet, organisation=org, source=source, mode=mode,  # type: ignore[arg-type]
            register=frozenset(register or ()), dry_run=dry_run,
        )  # fmt: skip
        received_on = date.fromisoformat(received) if received else None
    except ValueError as error:
        refuse(_("Option refusée : %(why)s") % {"why": str(error)}, as_json, code=2)
    try:
        user = system_user()
        upload = receive(user, file, file.name, Organisation.objects.filter(code=org).first() if org else None)
        with console.status(_("Import…")) as status:
            batch = import_workbook(
                user, upload, options, received_on=received_on,
                progress=lambda _done, _total, stage: status.update(f"{_STAGES[stage]}…") if not as_json else None,
            )  # fmt: skip
        if annotated:
            annotated.write_bytes(annotated_path(user, batch).read_bytes())
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    except WorkbookRefused as error:
        refuse(error.fr, as_json, rule=error.rule)
    except Refused as error:
        refuse(str(error), as_json)
    emit({"batch": batch.pk, "state": batch.state, **batch.result}, as_json, told(batch))
    if batch.result["rows_blocked"]:
        raise typer.Exit(PARTIAL)


def told(batch: Batch) -> str:
    """The outcome of an import for a person at a terminal."""
    from danbe.curate.response.issues import RULES

    result = batch.result
    lines = [
        _("Lot %(batch)s (%(state)s), feuille «%(sheet)s» : %(read)s lignes lues, %(blocked)s bloquées.")
        % {
            "batch": batch.pk,
            "state": batch.get_state_display(),
            "sheet": result["sheet"],
            "read": number(result["rows_read"], "fr"),
            "blocked": number(result["rows_blocked"], "fr"),
        },
        _("Ajoutées %(added)s · corrigées %(corrected)s · retirées %(withdrawn)s · inchangées %(unchanged)s")
        % {
            "added": number(result["added"], "fr"),
            "corrected": number(result["corrected"], "fr"),
            "withdrawn": number(result["withdrawn"], "fr"),
            "unchanged": number(result["rows_unchanged"], "fr"),
        },
    ]
    if result["same_as"] and not (result["added"] or result["corrected"] or result["withdrawn"]):
        lines.append(
            _("Ce fichier a déjà été importé (lot %(batch)s) : rien de nouveau.") % {"batch": result["same_as"]}
        )
    for rule, count in result["issues"].items():
        severity = {"block": "bloque", "warn": "avertit", "note": "informe"}[RULES[rule].severity]
        lines.append(f"  {severity:8} {number(count, 'fr'):>8}  {rule}")
    for title, key in (
        (_("Par secteur déclaré"), "sectors"),
        (_("Par cluster déclaré"), "clusters"),
        (_("Par domaine"), "aor"),
    ):
        if any(result[key]):
            told_ = " · ".join(f"{name or '–'} {number(n, 'fr')}" for name, n in list(result[key].items())[:15])
            lines.append(f"{title} : {told_}")
    unknown = [p for p in result["places"] if not p["place_id"] and p["reason"] != "new"]
    if unknown:
        lines.append(_("Lieux à décider (%(count)s) :") % {"count": len(unknown)})
        lines += [f"  {p['rows']:6}  {p['told']}" for p in unknown[:15]]
    return "\n".join(lines).replace("[", "\\[")


@imports.command("list")
def list_(as_json: JsonOption = False) -> None:
    """The batches, latest first."""
    from danbe.curate.queries.response import batches
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        found = list(batches(system_user())[:50])
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    rows: list[dict[str, Any]] = [
        {
            "batch": b.pk,
            "state": b.state,
            "file": b.upload.filename,
            "at": b.created_at.isoformat(timespec="seconds"),
            "organisation": b.organisation.code if b.organisation else "",
            **{k: b.result.get(k, 0) for k in ("rows_read", "rows_blocked", "added", "corrected", "withdrawn")},
        }
        for b in found
    ]
    text = "\n".join(
        f"{r['batch']:5}  {r['state']:10} {r['at'][:16]}  +{r['added']} ~{r['corrected']} −{r['withdrawn']}  {r['file']}"
        for r in rows
    )
    emit({"batches": rows}, as_json, text or _("Aucun import."))


@imports.command("undo")
def undo(batch: Annotated[int, typer.Argument(help="The batch's number.")], as_json: JsonOption = False) -> None:
    """Withdraws what a batch brought and restores what it replaced."""
    from danbe.curate.actions import response
    from danbe.curate.models import Batch
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        done = response.undo(system_user(), Batch.objects.get(pk=batch))
    except Batch.DoesNotExist:
        refuse(_("Il n’y a pas de lot %(batch)s.") % {"batch": batch}, as_json)
    except (response.Refused, SystemUserMissing) as error:
        refuse(str(error), as_json)
    emit({"batch": done.pk, "state": done.state}, as_json, _("Lot %(batch)s annulé.") % {"batch": done.pk})


@imports.command("issues")
def issues(
    batch: Annotated[int, typer.Argument(help="The batch's number.")],
    rule: Annotated[str, typer.Option(help="One rule only.")] = "",
    limit: Annotated[int, typer.Option(help="How many at most.")] = 50,
    language: Annotated[str, typer.Option(help="fr or en.")] = "fr",
    as_json: JsonOption = False,
) -> None:
    """The remarks on a batch, row by row."""
    from danbe.curate.models import Batch
    from danbe.curate.queries.response import issues as read
    from danbe.curate.response.issues import message
    from danbe.register.audit import SystemUserMissing, system_user

    try:
        page = read(system_user(), Batch(pk=batch), rule or None, 0, limit)
    except Batch.DoesNotExist:
        refuse(_("Il n’y a pas de lot %(batch)s.") % {"batch": batch}, as_json)
    except SystemUserMissing as error:
        refuse(str(error), as_json)
    told_ = [message(i, page.sheet, language) for i in page.issues]
    data = [
        {"rule": i.rule, "severity": i.severity, "row": i.row, "column": i.column, "value": i.value, "message": m}
        for i, m in zip(page.issues, told_, strict=True)
    ]
    emit({"total": page.total, "issues": data}, as_json)
    if not as_json:
        for line in told_:
            console.print(line, markup=False)
        if page.total > len(told_):
            errors.print(_("… %(rest)s de plus (--limit).") % {"rest": page.total - len(told_)}, style="dim")


def register(app: typer.Typer) -> None:
    app.add_typer(imports, name="import")
