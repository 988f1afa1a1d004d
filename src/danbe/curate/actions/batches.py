"""Writes of a batch: opened, proposed, entered, failed, undone; and the report that there is nothing to report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from danbe.collect.models import Upload
from danbe.collect.workbooks.values import Unreadable, to_month
from danbe.curate.actions import _entering as entering
from danbe.curate.models import Activity, Batch, Report
from danbe.curate.response import files
from danbe.curate.response.difference import Difference
from danbe.curate.response.identity import contents
from danbe.curate.response.options import ImportOptions
from danbe.curate.response.proposing import Proposal
from danbe.curate.response.reporting import report
from danbe.reference.words import translator
from danbe.register.actions.geography import remember_alias
from danbe.register.actions.organisations import add_alias
from danbe.register.audit import action, may, note
from danbe.register.models import Organisation, Place, Role, User

_ = translator("fr")
MANY_WITHDRAWN = 10


class Refused(ValueError):
    """What was asked cannot be done; the message says why and what to do, in French."""


@action("response.import")
def open_batch(user: User, upload: Upload, options: ImportOptions | None = None) -> Batch:
    """An empty batch in state READING; its address exists before the work starts."""
    options = options or ImportOptions()
    organisation = Organisation.objects.filter(code=options.organisation).first() if options.organisation else None
    if options.organisation and organisation is None:
        raise Refused(_("Aucune organisation de code «%(code)s».") % {"code": options.organisation})
    if user.role == Role.PARTNER and not user.is_superuser:
        if upload.user_id not in (None, user.pk) and upload.organisation_id != user.organisation_id:
            raise Refused(_("Ce fichier est celui d’une autre organisation."))
        organisation = user.organisation
    return Batch.objects.create(
        upload=upload, user=user, organisation=organisation, state=Batch.State.READING, options=options.to_json()
    )


@action("response.import")
def fail_batch(user: User, batch: Batch, rule: str, fr: str, en: str) -> Batch:
    """Keeps why the file could not be read."""
    batch.state = Batch.State.FAILED
    batch.result = {"error": {"rule": rule, "fr": fr, "en": en}}
    batch.save(update_fields=["state", "result"])
    return batch


@action("response.import")
def propose_batch(user: User, batch: Batch, proposal: Proposal) -> Batch:
    """Keeps the report of a file read and judged, and what entering it would change. No row enters."""
    told = contents(proposal.rows, proposal.resolved)
    found = entering.compare(proposal, batch.upload.sha256, told)
    _tell(proposal, found)
    _close(batch, proposal, found, entering.samples(proposal, found, told), {})
    batch.state = Batch.State.DRAFT
    batch.save()
    return batch


@action("response.import")
def enter_batch(user: User, batch: Batch, proposal: Proposal, received_on: date | None = None) -> Batch:
    """Enters the rows of a proposal: all of it or, when anything fails, nothing of it."""
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in (Batch.State.READING, Batch.State.DRAFT):
        raise Refused(
            _("Le lot %(batch)s est déjà «%(state)s».") % {"batch": batch.pk, "state": current.get_state_display()}
        )
    _remember(user, proposal)
    made = entering.register_new(user, proposal)
    told = contents(proposal.rows, proposal.resolved)
    found = entering.compare(proposal, batch.upload.sha256, told)
    _tell(proposal, found)
    shown = entering.samples(proposal, found, told)
    positions = sorted([*found.added, *(position for position, _pk in found.corrected)])
    total = len(positions)
    entering.insert(
        batch, proposal, told, positions, lambda done: files.write_progress(batch.pk, done, total, "storing")
    )
    entering.withdraw(batch, [pk for _position, pk in found.corrected], "corrected")
    entering.withdraw(batch, found.withdrawn, "absent")
    received = received_on or timezone.localdate(batch.upload.at)
    if found.changes:
        entering.record_reports(batch, proposal, received)
    elif proposal.marks and proposal.marks.nothing_to_report and not proposal.rows.n:
        _nil(batch.organisation, proposal.options.month, received, batch)
    _close(batch, proposal, found, shown, made)
    batch.state = Batch.State.COMMITTED
    batch.committed_at = timezone.now()
    batch.save()
    result = batch.result
    note(
        **{k: result[k] for k in ("rows_read", "added", "corrected", "withdrawn", "rows_blocked")},
        upload=batch.upload_id,
    )
    return batch


def _tell(proposal: Proposal, found: Difference) -> None:
    """What only the comparison shows: lines that another file tells too, and a file that withdraws much."""
    for position, batch in found.elsewhere.items():
        proposal.issues.add("reported_elsewhere", position, batch=batch)
    if len(found.withdrawn) >= MANY_WITHDRAWN and 2 * len(found.withdrawn) >= found.live:
        proposal.issues.add("many_withdrawn", withdrawn=len(found.withdrawn), live=found.live)


def _close(batch: Batch, p: Proposal, found: Difference, shown: dict[str, Any], made: dict[str, int]) -> None:
    """Fills the batch's options and result, and writes its issues beside it."""
    leads = {c for j, c in enumerate(p.resolved.organisation) if c}
    if p.organisation:
        batch.organisation = Organisation.objects.filter(code=p.organisation).first()
    batch.options = p.options.to_json()
    built_on: dict[str, int] = {}
    if found.changes:
        pks = [pk for _position, pk in found.unchanged]
        for start in range(0, len(pks), 500):
            for owner in Activity.objects.filter(pk__in=pks[start : start + 500]).values_list("batch_id", flat=True):
                built_on[str(owner)] = built_on.get(str(owner), 0) + 1
    earlier = (
        Batch.objects.filter(upload__sha256=batch.upload.sha256, state=Batch.State.COMMITTED)
        .exclude(pk=batch.pk)
        .order_by("-pk")
        .first()
    )
    batch.result = report(p) | {
        "added": len(found.added),
        "corrected": len(found.corrected),
        "withdrawn": len(found.withdrawn),
        "rows_unchanged": len(found.unchanged),
        "shielded": len(found.shielded),
        "difference": shown,
        "builds_on": built_on,
        "registered": made,
        "same_as": earlier.pk if earlier else None,
        "organisations_resolved": len(leads),
    }
    files.write_issues(batch.pk, p.issues, p.rows)
    batch.progress = {"done": p.rows.n, "total": p.rows.n, "stage": "done"}


def _remember(user: User, p: Proposal) -> None:
    """A person's decisions hold for the next file too, where they are the user's to make."""
    if may(user, "organisations.add_alias"):
        known = {o.code: o for o in Organisation.objects.filter(code__in=set(p.options.organisations.values()))}
        for spelling, code in p.options.organisations.items():
            if code in known:
                add_alias(user, known[code], spelling)
    if may(user, "places.remember_alias"):
        places = {pl.place_id: pl for pl in Place.objects.filter(place_id__in=set(p.options.places.values()))}
        for key, place_id in p.options.places.items():
            met = p.resolved.places.get(key)
            if met is None or place_id not in places or not met.names:
                continue
            level = max(met.names)
            above = max((lv for lv in met.names if lv < level), default=0)
            remember_alias(
                user, level, met.names.get(above, ""), met.names[level], met.codes.get(level, ""), places[place_id]
            )


@action("response.undo")
def undo(user: User, batch: Batch) -> Batch:
    """Withdraws the rows of a committed batch and restores those it had withdrawn. Raises ``Refused``.

    Refused where a later batch corrected or withdrew rows of this one, or found rows of this one unchanged in its own
    file and counts on them: that one is undone first.
    """
    current = Batch.objects.select_for_update().get(pk=batch.pk)
    _own(user, current)
    if current.state != Batch.State.COMMITTED:
        raise Refused(
            _("Le lot %(batch)s est «%(state)s» : il n’y a rien à annuler.")
            % {"batch": current.pk, "state": current.get_state_display()}
        )
    later = set(
        Activity.objects.filter(batch=current)
        .exclude(withdrawn_by=None)
        .values_list("withdrawn_by", flat=True)
        .distinct()
    ) - {current.pk}
    later |= set(
        Batch.objects.filter(state=Batch.State.COMMITTED, result__builds_on__has_key=str(current.pk)).values_list(
            "pk", flat=True
        )
    )
    if later:
        raise Refused(
            _("Le lot %(batch)s reste : d’autres lots s’appuient sur ses lignes (%(later)s). Annulez-les d’abord.")
            % {"batch": current.pk, "later": ", ".join(str(pk) for pk in sorted(later, reverse=True))}
        )
    restored = Activity.objects.filter(withdrawn_by=current).exclude(batch=current)
    note(restored=restored.update(withdrawn_by=None, withdrawn_reason=""))
    gone = Activity.objects.filter(batch=current, withdrawn_by=None)
    note(withdrawn=gone.update(withdrawn_by=current, withdrawn_reason="undone"))
    Report.objects.filter(batch=current).delete()
    current.state = Batch.State.UNDONE
    current.undone_at = timezone.now()
    current.save(update_fields=["state", "undone_at"])
    batch.refresh_from_db()
    return batch


def _own(user: User, batch: Batch) -> None:
    partner = user.role == Role.PARTNER and not user.is_superuser
    if partner and (batch.organisation_id is None or batch.organisation_id != user.organisation_id):
        raise Refused(_("Le lot %(batch)s n’est pas celui de votre organisation.") % {"batch": batch.pk})


@action("response.nil_report")
def nil_report(user: User, organisation: Organisation, month: str) -> Report:
    """«Rien à signaler» of an organisation for a month 'YYYY-MM'. Raises ``Refused`` where it reported rows."""
    if user.role == Role.PARTNER and not user.is_superuser and organisation.pk != user.organisation_id:
        raise Refused(_("Vous ne pouvez rapporter que pour votre organisation."))
    try:
        read = to_month(month)
    except Unreadable:
        read = None
    if not read:
        raise Refused(_("Mois «%(month)s» illisible : écrivez-le AAAA-MM.") % {"month": month})
    return _nil(organisation, read, timezone.localdate(), None)


def _nil(organisation: Organisation | None, month: str, received: date, batch: Batch | None) -> Report:
    if organisation is None or not month:
        raise Refused(_("«Rien à signaler» : il manque l’organisation ou le mois."))
    if month > timezone.localdate().strftime("%Y-%m"):
        raise Refused(_("Le mois %(month)s n’a pas commencé.") % {"month": month})
    if Activity.objects.filter(organisation=organisation, report_month=month, withdrawn_by=None).exists():
        raise Refused(
            _("%(organisation)s a déjà rapporté des activités pour %(month)s.")
            % {"organisation": str(organisation), "month": month}
        )
    found, _made = Report.objects.get_or_create(
        organisation=organisation, report_month=month, nothing_to_report=True,
        defaults={"received_on": received, "batch": batch},
    )  # fmt: skip
    return found
