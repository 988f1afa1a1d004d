"""Reads a file and judges it, writing nothing: the table, its columns, its rows typed, resolved and checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from danbe.collect.models import Upload
from danbe.collect.queries import remembered_mapping
from danbe.collect.storage import upload_path
from danbe.collect.workbooks.columns import Match, mapping_of, propose
from danbe.collect.workbooks.reading import begin
from danbe.collect.workbooks.sheets import read_table
from danbe.collect.workbooks.template import TemplateMarks, read_marks
from danbe.curate.models import Activity
from danbe.curate.response.checks import Checked, check_rows
from danbe.curate.response.checks_counts import check_counts
from danbe.curate.response.checks_history import Past, check_history
from danbe.curate.response.identity import Identity, identify, line_of
from danbe.curate.response.issues import IssueList
from danbe.curate.response.options import ImportOptions
from danbe.curate.response.reading import Rows, parse
from danbe.curate.response.resolving import NEW, IndicatorFinder, Line, Resolved, resolve
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.geography import Gazetteer
from danbe.register.audit import may
from danbe.register.models import Indicator, Organisation, Role, User
from danbe.register.queries.geography import gazetteer, matcher
from danbe.register.queries.organisations import resolver

Step = Callable[[str], None]
_PARTS = tuple(c.name for c in ACTIVITIES.facets("reached"))
_VERBS = {
    "organisations": "organisations.register",
    "places": "places.register_unverified",
    "indicators": "indicators.register",
}


@dataclass
class Proposal:
    """A file read and judged. ``organisation``: the code of the partner whose file it is, '' for a compiled one."""

    rows: Rows
    resolved: Resolved
    issues: IssueList
    matches: list[Match]
    mapping: dict[str, int]
    options: ImportOptions
    gazetteer: Gazetteer
    organisation: str
    names: dict[str, str]
    header_row: int = 1
    marks: TemplateMarks | None = None
    _identity: Identity | None = None

    @property
    def identity(self) -> Identity:
        """What each row is a line of, worked out when first asked for."""
        if self._identity is None:
            self._identity = identify(self.rows, self.resolved)
        return self._identity

    def forget_identity(self) -> None:
        """What was new has its code now: the lines are other ones."""
        self._identity = None


def read_proposal(user: User, upload: Upload, options: ImportOptions, step: Step) -> Proposal:
    """Reads ``upload`` as ``user``; raises ``WorkbookRefused`` when it is no workbook or has no table."""
    step("reading")
    options = allowed(user, options)
    path = upload_path(upload.sha256)
    opened = begin(path, upload.filename)  # read by another process, while this one looks into the register
    marks = read_marks(path) if upload.filename.lower().endswith(".xlsx") else None
    codes = {
        code: acronym or name for code, acronym, name in Organisation.objects.values_list("code", "acronym", "name")
    }
    owner = _owner(user)
    organisations = resolver()
    organisation = owner or options.organisation
    if not organisation and marks and marks.organisation:
        organisation = organisations.resolve(marks.organisation).code or ""
    if marks and marks.month and not options.month:
        options = replace(options, month=marks.month)
    gaz, places = gazetteer(), matcher()
    lines = [Line(*v) for v in Indicator.objects.values_list("code", "aor", "name_fr", "name_en", "unit", "verified")]
    with opened() as workbook:
        table = read_table(workbook, sheet=options.sheet or None)
    step("matching")
    sender = Organisation.objects.filter(code=organisation).first() if organisation else None
    matches = propose(table, ACTIVITIES, remembered_mapping(sender))
    mapping = dict(options.mapping) if options.mapping is not None else mapping_of(matches)
    rows, issues = parse(table, mapping, options, upload.filename)
    for note in table.notes:
        issues.add("reader", note=note.rule, values=note.values)
    header_row = table.header_row
    del table
    resolved = resolve(rows, options, organisations, places, IndicatorFinder(lines))
    _areas_of_indicators(rows, resolved, lines)
    codes |= {o.code: o.spelling for o in resolved.organisations.values() if o.code.startswith(NEW)}
    step("checking")
    checked = Checked(
        rows, resolved, issues, gaz, {line.code: line for line in lines}, codes,
        this_month=timezone.localdate().strftime("%Y-%m"), owner=owner or options.organisation,
    )  # fmt: skip
    check_rows(checked)
    check_counts(checked)
    proposal = Proposal(rows, resolved, issues, matches, mapping, options, gaz, organisation, codes, header_row, marks)
    check_history(checked, lambda: proposal.identity, past_rows)
    return proposal


def allowed(user: User, options: ImportOptions) -> ImportOptions:
    """The options without the registrations that are not the user's to make: those rows block instead."""
    may_register = frozenset(what for what in options.register if may(user, _VERBS[what]))
    return replace(options, register=may_register)


def _owner(user: User) -> str:
    """The only organisation whose rows a partner's user may send."""
    if user.role != Role.PARTNER or user.is_superuser:
        return ""
    return user.organisation.code if user.organisation else "-"


def _areas_of_indicators(rows: Rows, resolved: Resolved, lines: list[Line]) -> None:
    """A row that names no area has that of its indicator."""
    areas = {line.code: line.aor for line in lines}
    aors = rows.values["aor"]
    if "" in aors and any(resolved.indicator):
        rows.values["aor"] = [a or areas.get(i, "") for a, i in zip(aors, resolved.indicator, strict=True)]


def past_rows(organisations: Collection[str], months: Collection[str]) -> Iterable[Past]:
    """The rows held of these organisations, as lead or as partner, in these months."""
    from django.db.models import Q

    names = [o for o in organisations if not o.startswith(NEW)]
    if not names or not Activity.objects.exists():
        return
    pks = list(Organisation.objects.filter(code__in=names).values_list("pk", flat=True))
    found = (
        Activity.objects.filter(Q(organisation__in=pks) | Q(implementing_partner__in=pks))
        .filter(report_month__in=list(months), withdrawn_by=None)
        .values_list(
            "row_key", "organisation__code", "implementing_partner__code", "report_month", "aor",
            "place__place_id", "indicator__code", "values",
        )
    )  # fmt: skip
    for key, lead, partner, month, aor, place, indicator, values in found.iterator(chunk_size=2000):
        if (reached := values.get("reached")) is None:
            continue
        words = values.get("indicator") or values.get("activity") or ""
        line = line_of(
            indicator or "", words, aor, place or "", values.get("site", ""), values.get("population_status", "")
        )
        yield Past(key, lead, partner or "", line, month, reached, tuple(values.get(n) for n in _PARTS))
