"""Reads for the partner's template: what the organisation reported before, so that it need not type it again."""

from __future__ import annotations

from danbe.collect.workbooks.template_context import IndicatorLine, Row, TemplateContext
from danbe.collect.workbooks.template_lists import months_back
from danbe.curate.models import Activity
from danbe.reference.catalogue import ACTIVITIES, Column
from danbe.reference.codelists import codelist
from danbe.reference.geography import Gazetteer
from danbe.register.audit import NotAllowed
from danbe.register.models import Indicator, Organisation, Role, User
from danbe.register.queries.geography import gazetteer

# How far back «the previous month» goes for an organisation that skipped one.
LOOK_BACK_MONTHS = 3
# Projects that are over are not offered again.
_OVER = frozenset({"TERM", "ANN"})


def template_context(
    user: User, organisation: Organisation, month: str, language: str = "fr", places: Gazetteer | None = None
) -> TemplateContext:
    """The context of the template of ``organisation`` for ``month`` ('YYYY-MM').

    Indicators: those of the areas of responsibility it has reported in; all for a new organisation. Rows: its lines
    of the latest of the three months before, counts and amounts left out. A partner gets its own organisation's only
    (``NotAllowed``). Raises ``ValueError`` when the register holds no framework or no places: run ``danbe setup``.
    """
    if user.role == Role.PARTNER and user.organisation_id != organisation.pk:
        raise NotAllowed(f"{user.username}: template of {organisation.code}")
    places = places or gazetteer()
    mine = Activity.objects.filter(organisation=organisation, withdrawn_by=None)
    areas = set(mine.exclude(aor="").values_list("aor", flat=True).distinct())
    framework = Indicator.objects.filter(verified=True).order_by("code")
    indicators = [i for i in framework if i.aor in areas] or list(framework)
    partners = Organisation.objects.filter(
        pk__in=mine.exclude(implementing_partner=None).values("implementing_partner"), merged_into=None
    ).order_by("search_key")
    return TemplateContext(
        organisation=str(organisation),
        organisation_name=organisation.name,
        month=month,
        indicators=tuple(_line(i, language) for i in indicators),
        places=tuple(u for level in (1, 2, 3) for u in places.units(level, places.current)),
        rows=tuple(_previous_rows(organisation, month, language, places)),
        partners=tuple(str(p) for p in partners),
        language=language,
    )


def _line(indicator: Indicator, language: str) -> IndicatorLine:
    activity, name = indicator.activity_fr, indicator.name_fr
    if language == "en":
        activity, name = indicator.activity_en or activity, indicator.name_en or name
    return IndicatorLine(indicator.code, indicator.aor, indicator.objective, activity, name, indicator.unit)


def _previous_rows(organisation: Organisation, month: str, language: str, places: Gazetteer) -> list[Row]:
    before = months_back(month, LOOK_BACK_MONTHS + 1)[1:]
    lines = Activity.objects.filter(organisation=organisation, withdrawn_by=None, report_month__in=before)
    latest = lines.order_by("-report_month").values_list("report_month", flat=True).first()
    if latest is None:
        return []
    rows: dict[tuple[tuple[str, object], ...], Row] = {}
    for line in (
        lines.filter(report_month=latest).select_related("indicator", "place", "implementing_partner").order_by("pk")
    ):
        if line.values.get("status") not in _OVER:
            row = _row(line, language, places)
            rows.setdefault(tuple(sorted(row.items())), row)
    return list(rows.values())


def _row(line: Activity, language: str, places: Gazetteer) -> dict[str, object]:
    row: dict[str, object] = {}
    for column in ACTIVITIES.asked:
        value = line.values.get(column.name)
        if value not in (None, "") and _kept(column):
            row[column.name] = codelist(column.codelist).label(str(value), language) if column.codelist else value
    if line.indicator:
        told = _line(line.indicator, language)
        row["activity"], row["indicator"] = told.activity, told.name
        for name, code in (("aor", told.aor), ("objective", told.objective)):
            if code:
                row[name] = codelist(name).label(code, language)
    if line.place and line.place.place_id in places:
        above = places.ancestors(line.place.place_id)
        row |= {f"admin{level}_name": above[level].name for level in (1, 2, 3) if level in above}
    if line.implementing_partner:
        row["implementing_partner"] = str(line.implementing_partner)
    return row


def _kept(column: Column) -> bool:
    """Counts, amounts, the month and remarks belong to one month only."""
    return column.role not in ("count", "amount") and column.name not in ("report_month", "organisation", "comment")
