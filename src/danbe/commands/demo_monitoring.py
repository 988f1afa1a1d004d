"""The monitoring steps of ``danbe demo``: our forms published, a synthetic year sent as phones send it, then mapped.

The door is the action behind the OpenRosa address, called as the address calls it. Running it again sends nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danbe.collect.forms.convert import Converted
    from danbe.packs.mli.demo.monitoring_xml import Reported
    from danbe.reference.geography import Gazetteer
    from danbe.register.models import Organisation, User

MONITOR = "moniteur{number}@exemple.org"
HOMES = 6
"""How many organisations have monitors."""
CHUNK = 250
_REASON = "Démonstration (données synthétiques)"

# done, total
Progress = Callable[[int, int], None]


@dataclass
class MonitoringDone:
    """What taking in the year did, for the report of the command."""

    submissions: int = 0
    already_there: int = 0
    incidents: int = 0
    movements: int = 0
    refused: int = 0
    duplicates: int = 0
    modules: int = 0
    problems: list[str] = field(default_factory=list)


def publish_forms(user: User) -> None:
    """The pack's forms offered to phones, and their mappings in force."""
    from danbe.collect.actions.forms import publish_form
    from danbe.collect.actions.uploads import receive
    from danbe.collect.models import FormVersion
    from danbe.curate.actions import mapping
    from danbe.curate.queries.mapping import in_force
    from danbe.packs.mli.forms import FORMS, workbook_path

    for form in FORMS.values():
        known = FormVersion.objects.filter(form__form_id=form.form_id, version=form.version, state="published")
        if not known.exists():
            path = workbook_path(form.form_id)
            publish_form(user, receive(user, path, path.name), made=_converted(path))
        standing = in_force(form.form_id, form.version)
        if form.rules and (standing is None or standing.rules != form.rules):
            mapping.confirm(user, mapping.declare(user, form.form_id, form.version, form.rules))


def _converted(path: Path) -> Converted:
    """By pyxform here and now: the pack's own forms went through ODK Validate before they were shipped."""
    from pyxform.xls2xform import convert

    from danbe.collect.forms.convert import Converted
    from danbe.collect.forms.schema import read_xform

    xform = convert(str(path), validate=False).xform.encode()
    return Converted(xform, read_xform(xform), checked_by="pyxform")


def open_monitors(user: User, organisations: Sequence[Organisation], count: int) -> list[User]:
    """The accounts that send the year, spread over the organisations; made once. Their passwords are kept nowhere."""
    from danbe.register.actions import users
    from danbe.register.models import Role
    from danbe.register.models import User as Account

    found = []
    for number in range(count):
        email = MONITOR.format(number=number + 1)
        account = Account.objects.filter(username=email).first()
        home = organisations[number % len(organisations)].code
        found.append(account or users.add(user, email, role=Role.MONITOR, organisation=home).user)
    return found


def take_in_monitoring(
    user: User, gazetteer: Gazetteer, organisations: Sequence[Organisation], seed: int = 2022, months: int = 12,
    progress: Progress | None = None,
) -> MonitoringDone:  # fmt: skip
    """Sends, reviews and maps the synthetic year; hands in modules and rounds."""
    from danbe.collect.models import Submission
    from danbe.packs.mli.demo.monitoring import MONITORS, monitoring_year

    publish_forms(user)
    monitors = open_monitors(user, organisations, MONITORS)
    year = monitoring_year(gazetteer, seed, months)
    sent = set(Submission.objects.values_list("instance_id", flat=True))
    fresh = [r for r in year if r.instance_id not in sent]
    done = MonitoringDone(submissions=len(fresh), already_there=len(year) - len(fresh))
    for start in range(0, len(fresh), CHUNK):
        _send(user, monitors, fresh[start : start + CHUNK])
        if progress:
            progress(min(start + CHUNK, len(fresh)), len(fresh))
    _map(user, done)
    _modules(user, gazetteer, seed, months, done)
    return done


def _send(user: User, monitors: Sequence[User], reports: Sequence[Reported]) -> None:
    """One chunk in one transaction: each submission received from its monitor and reviewed, on the days it says."""
    from django.db import transaction

    from danbe.collect.actions.submissions import receive, review

    with transaction.atomic():
        for report in reports:
            kept = receive(monitors[report.monitor], report.xml, received_at=_noon(report.received_on))
            if report.review != "received":
                reason = _REASON if report.review in ("rejected", "unfounded") else ""
                review(user, kept.submission, report.review, reason, at=_noon(report.reviewed_on))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _map(user: User, done: MonitoringDone) -> None:
    from danbe.curate.actions import duplicates, mapping
    from danbe.packs.mli.forms import FORMS

    for form in FORMS.values():
        if form.rules:
            applied = mapping.apply(user, form.form_id)
            done.incidents += applied.incidents
            done.movements += applied.movements
            done.refused += applied.refused
            done.problems += applied.problems
    done.duplicates = duplicates.propose_duplicates(user)


def _modules(user: User, gazetteer: Gazetteer, seed: int, months: int, done: MonitoringDone) -> None:
    from danbe.curate.actions import modules, movements
    from danbe.packs.mli.demo.monitoring_modules import DTM, ROUNDS, module_tables, stock_rows

    for dataset, rows in module_tables(gazetteer, seed, months).items():
        loaded: Any = modules.load(user, dataset, rows, _REASON)
        done.modules += loaded.added + loaded.changed
        done.problems += [f"{dataset} {p.number}: {p.problem.text()}" for p in loaded.problems[:3]]
    for counted_on, total in ROUNDS:
        rows_ = [movements.StockRow(place, n, households) for place, n, households in stock_rows(gazetteer, total)]
        movements.load_stock(user, counted_on, DTM, rows_)
