"""Reads of exported workbooks: their sheets, the rules proposed for them, what importing them would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from danbe.collect.forms.exported import Grid, Rules, RulesRefused, checked, propose
from danbe.collect.forms.exported_rows import Assembled, RowProblem, assemble
from danbe.collect.messages import FieldRefused, say
from danbe.collect.models import ExportImport, ExportMapping, FormVersion, Submission, Upload
from danbe.collect.storage import upload_path
from danbe.collect.workbooks.reading import open_workbook
from danbe.reference.text import clean
from danbe.register.audit import may
from danbe.register.models import Organisation, User
from danbe.register.queries.organisations import organisations

SHOWN_PROBLEMS = 200


@dataclass
class Report:
    """What an import did, or would do: for each sheet rows = stored + already + reported."""

    submissions: int = 0
    created: int = 0
    edited: int = 0
    already: int = 0
    reviewed: int = 0
    odd: int = 0
    sheets: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    error: str = ""

    @property
    def closes(self) -> bool:
        """Whether every row read is stored, here already, or told."""
        return all(s["rows"] == s["stored"] + s["already"] + s["reported"] for s in self.sheets)


def grids(upload: Upload) -> list[Grid]:
    """The sheets of a workbook, the first row of each its headers. Raises ``WorkbookRefused``."""
    found = []
    with open_workbook(upload_path(upload.sha256), upload.filename) as book:
        for sheet in book.sheets:
            columns, numbers = book.columns(sheet.name) if sheet.rows else ([], [])
            kept = [c for c in columns if c is not None and c[0] not in (None, "")]
            headers = tuple(_free([clean(c[0]) for c in kept]))
            rows = [list(row) for row in zip(*kept, strict=True)] if kept else []
            below = [
                (n, row) for n, row in list(zip(numbers, rows, strict=False))[1:] if any(v is not None for v in row)
            ]
            found.append(Grid(sheet.name, headers, below))
    return found


def _free(headers: list[str]) -> list[str]:
    """Headers that stand twice are set apart: «note», «note (2)»."""
    seen: dict[str, int] = {}
    found = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        found.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    return found


def may_import(user: User) -> bool:
    return may(user, "exports.load")


def sent(user: User, pk: int) -> Upload | None:
    """A workbook that this person sent."""
    return Upload.objects.filter(user=user, pk=pk).first() if may_import(user) else None


def homes(user: User) -> QuerySet[Organisation]:
    """The organisations whose data a workbook may be."""
    found = organisations(user).filter(merged_into=None)
    return found if may_import(user) else found.none()


def mappings(user: User, version: FormVersion) -> QuerySet[ExportMapping]:
    """The mappings of a form version, the latest first."""
    found = ExportMapping.objects.filter(version=version).select_related("declared_by", "confirmed_by", "version__form")
    return found.order_by("-number") if may_import(user) else found.none()


def imports(user: User, form_pk: int) -> QuerySet[ExportImport]:
    """The imports of a form, the latest first."""
    found = ExportImport.objects.filter(mapping__version__form=form_pk).select_related(
        "upload", "mapping", "by", "organisation"
    )
    return found.order_by("-at", "-pk") if may_import(user) else found.none()


def rules_for(user: User, version: FormVersion, read: list[Grid]) -> tuple[Rules, ExportMapping | None]:
    """The rules in force where they fit the workbook as it is, else what its headers propose."""
    held = {g.name: {*g.headers} for g in read}
    for mapping in mappings(user, version).filter(state=ExportMapping.State.CONFIRMED):
        sheets = mapping.rules["sheets"]
        if all(held.get(s["sheet"]) == {*s["columns"]} for s in sheets):
            return mapping.rules, mapping
    return propose(read, version.schema), None


def assembled(version: FormVersion, rules: Rules, read: list[Grid]) -> Assembled:
    """The submissions that rules make of a workbook. Raises ``RulesRefused``, and ``FieldRefused`` for other columns."""
    try:
        return assemble(read, checked(rules, version.schema), version.schema, version.version)
    except KeyError as missing:
        raise FieldRefused("export.columns", what=missing.args[0]) from None


def check(user: User, version: FormVersion, rules: Rules, read: list[Grid]) -> Report:
    """What importing would do, nothing kept. ``error`` says why it cannot."""
    try:
        found = assembled(version, rules, read)
    except (RulesRefused, FieldRefused) as refused:
        return Report(error=str(refused))
    here = known(version, [b.record.root_instance_id for b in found.built])
    report = started(found)
    for built in found.built:
        already = built.record.root_instance_id in here
        report.already += already
        report.created += not already
        add(report, built.rows, "already" if already else "stored")
    return report


def known(version: FormVersion, roots: list[str]) -> dict[str, str]:
    """{root instance id: source} of those submissions of the form that are here."""
    found: dict[str, str] = {}
    for start in range(0, len(roots), 500):
        same = Submission.objects.filter(form_id=version.form_id, root_instance_id__in=roots[start : start + 500])
        found |= dict(same.filter(superseded_by=None).values_list("root_instance_id", "source"))
    return found


def started(found: Assembled) -> Report:
    """The report before any submission is kept."""
    sheets = [
        {"sheet": c.sheet, "repeat": c.repeat, "rows": c.rows, "stored": 0, "already": 0, "reported": c.reported,
         "kept_aside": c.kept_aside}
        for c in found.counted
    ]  # fmt: skip
    problems = [told(p) for p in found.problems[:SHOWN_PROBLEMS]]
    odd = sum(b.odd for b in found.built)
    return Report(len(found.built), odd=odd, sheets=sheets, problems=problems, left_out=found.left_out)


def add(report: Report, rows: dict[str, int], where: str) -> None:
    """Counts a submission's rows as 'stored' or 'already'."""
    for sheet in report.sheets:
        sheet[where] += rows.get(sheet["sheet"], 0)


def told(problem: RowProblem) -> dict[str, Any]:
    return {"sheet": problem.sheet, "row": problem.row, "rule": problem.rule, "values": problem.values}


def sentence(problem: dict[str, Any], language: str) -> str:
    """A problem of a report in a language."""
    return say(problem["rule"], language, **problem["values"])
