"""Writes of the reports' dates: when a report really arrived, where the upload came later."""

from __future__ import annotations

from datetime import date

from danbe.curate.models import Batch, Report
from danbe.register.audit import action, note
from danbe.register.models import Organisation, User


@action("reports.record_received")
def record_received(
    user: User, organisation: Organisation, month: str, received_on: date, batch: Batch | None = None
) -> int:
    """Sets the day on which the report of ``organisation`` for ``month`` arrived, and returns how many lines changed.

    A file sent by e-mail on the 4th and uploaded by the cluster on the 9th was on time. With ``batch``, only the
    report that batch brought.
    """
    reports = Report.objects.filter(organisation=organisation, report_month=month)
    if batch is not None:
        reports = reports.filter(batch=batch)
    changed = reports.exclude(received_on=received_on).update(received_on=received_on)
    note(organisation=organisation.code, month=month, changed=changed)
    return changed
