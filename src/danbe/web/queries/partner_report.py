"""A partner's own year in one page: what its reports say it did. Its own rows only, as it sent them; nothing here is public."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from danbe.curate.models import Activity
from danbe.publish.documents.model import Block, Document, Section
from danbe.publish.release import aor_name
from danbe.reference.words import month_name, number, translator
from danbe.register.audit import NotAllowed
from danbe.register.models import Organisation, User
from danbe.register.queries.users import is_administrator
from danbe.web.queries.home import own_figures

MOST = 10


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


def partner_report(
    user: User, organisation: Organisation, year: int, language: str, made_at: datetime | None = None
) -> Document:
    """What ``organisation`` did in ``year``: key figures, months, areas, indicators. Raises ``NotAllowed`` for another's."""
    if not is_administrator(user) and user.organisation_id != organisation.pk:
        raise NotAllowed(f"{user.username}: report of another organisation")
    gettext = translator(language)
    own = own_figures(organisation, year)
    months: dict[str, int] = defaultdict(int)
    areas: dict[str, int] = defaultdict(int)
    indicators: dict[str, int] = defaultdict(int)
    live = Activity.objects.filter(organisation=organisation, withdrawn_by=None, report_month__startswith=f"{year}-")
    label = f"indicator__name_{language}"
    for month, aor, fr, told, values in live.values_list(
        "report_month", "aor", "indicator__name_fr", label, "values"
    ).iterator():
        reached = int(values.get("reached") or 0)
        months[month] += reached
        areas[aor] += reached
        indicators[told or fr or gettext(_("sans indicateur"))] += reached

    def show(value: int) -> str:
        return number(value, language).replace("\u202f", "\u00a0")

    def table(first: str, found: list[tuple[str, int]]) -> Block:
        title = gettext(first)
        columns = [title, gettext(_("Services rendus"))]
        return Block("table", columns=columns, rows=[[name, show(n)] for name, n in found], alt=title)

    most = sorted(indicators.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    kpis = [
        (_("Lignes d’activité"), own.activities, ""),
        (_("Services rendus"), own.services_delivered, gettext(_("une personne compte une fois par service reçu"))),
        (_("Cercles"), own.cercles, ""),
        (_("Mois rapportés"), own.months, ""),
    ]
    sections = [
        Section(gettext(_("Chiffres clés")), [
            Block("kpis", items=[{"label": gettext(a), "value": show(b), "note": c} for a, b, c in kpis])]),
        Section(gettext(_("Mois par mois")), [
            table(_("Mois"), [(month_name(m, language), n) for m, n in sorted(months.items())])], column=1),
        Section(gettext(_("Par domaine")), [
            table(_("Domaine"), [(aor_name(a, language) if a else "–", n) for a, n in sorted(areas.items())])], column=2),
        Section(gettext(_("Par indicateur")), [table(_("Indicateur"), most)], column=2),
    ]  # fmt: skip
    made = (made_at or timezone.now()).isoformat(timespec="seconds")
    name = organisation.acronym or organisation.name
    kind = gettext(_("Rapport de l’organisation"))
    return Document(
        language, f"{name} : {kind}, {year}" if language == "fr" else f"{name}: {kind}, {year}", name, kind, str(year), "",
        sections, gettext(_("Rapports de l’organisation tels que reçus au %(day)s. Réservé à l’organisation et au cluster."))
        % {"day": made[:10]}, gettext(_("page")), made,
    )  # fmt: skip
