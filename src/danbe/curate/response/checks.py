"""Who, where, what and when: the rules that look at one row at a time, applied column by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from danbe.curate.response.issues import IssueList
from danbe.curate.response.reading import Rows
from danbe.curate.response.resolving import NEW, Line, Place, Resolved, certain, unit_of
from danbe.reference.geography import Gazetteer

COMPLETED = "TERM"
GBV = "SCVBG"
# What the place matcher calls a unit that lies outside the one named above it, and a code that means another place.
OUTSIDE_PARENT = frozenset({"commune_outside_cercle"})
CODE_MISMATCH = frozenset({"code_of_other_place", "code_of_other_level", "code_of_other_country", "code_unknown"})


@dataclass
class Checked:
    """What the checks look at. ``owner``: the code of the only organisation allowed, '' for all; ``this_month``:
    'YYYY-MM' of the day of import; ``names``: organisation code → how it is called."""

    rows: Rows
    resolved: Resolved
    issues: IssueList
    gazetteer: Gazetteer
    lines: Mapping[str, Line]
    names: Mapping[str, str]
    this_month: str
    owner: str = ""


def check_rows(c: Checked) -> None:
    """Organisations, partners, places, indicators, months, statuses and dates, sites."""
    _organisations(c)
    _places(c)
    _indicators(c)
    _months(c)
    _status_and_dates(c)
    _sites(c)


def _organisations(c: Checked) -> None:
    for name, unknown in (("organisation", "org_unknown"), ("implementing_partner", "partner_unknown")):
        column = c.rows.texts(name)
        at = _positions(column, {s for s, o in c.resolved.organisations.items() if not o.code})
        for spelling, positions in at.items():
            c.issues.add_many(unknown, positions, name, [spelling] * len(positions))
        new = {s for s, o in c.resolved.organisations.items() if o.code.startswith(NEW)}
        for spelling, positions in _positions(column, new).items():
            c.issues.add("organisation_unverified", positions[0], name, spelling, rows=len(positions))
        doubtful = {
            s: o for s, o in c.resolved.organisations.items() if o.code and s not in new and not certain(o.confidence)
        }
        for spelling, positions in _positions(column, doubtful).items():
            matched = c.names.get(doubtful[spelling].code, doubtful[spelling].code)
            c.issues.add_many("organisation_doubtful", positions, name, [spelling] * len(positions), matched=matched)
    missing = [j for j, v in enumerate(c.rows.texts("organisation")) if not v]
    c.issues.add_many("required_missing", missing, "organisation", of="organisation")
    if c.owner:
        others = [j for j, code in enumerate(c.resolved.organisation) if code and code != c.owner]
        texts = c.rows.texts("organisation")
        name = c.names.get(c.owner, c.owner)
        c.issues.add_many(
            "not_your_organisation", others, "organisation", [texts[j] for j in others], organisation=name
        )


def _positions(column: list[str], wanted: Collection[str]) -> dict[str, list[int]]:
    """Where each wanted value stands in a column."""
    found: dict[str, list[int]] = defaultdict(list)
    if wanted:
        for j, value in enumerate(column):
            if value in wanted:
                found[value].append(j)
    return found


def _places(c: Checked) -> None:
    at: dict[str, list[int]] = defaultdict(list)
    missing = []
    for j, place in enumerate(c.resolved.place):
        if place is None:
            missing.append(j)
        else:
            at[place.key].append(j)
    first = next((n for n in ("admin1_name", "admin2_name", "admin3_name") if n in c.rows.values), "admin1_name")
    c.issues.add_many("required_missing", missing, first, of="admin1_name")
    for key, positions in at.items():
        place = c.resolved.places[key]
        for rule, column, params in _place_issues(c, place):
            value = c.rows.texts(column)[positions[0]] if column else ""
            if rule == "place_unverified":  # said once per place, at its first row
                positions = positions[:1]
            c.issues.add_many(rule, positions, column, [value] * len(positions), rows=len(at[key]), **params)


def _place_issues(c: Checked, place: Place) -> list[tuple[str, str, dict[str, object]]]:
    """(rule, column, parameters) of one distinct place: judged once, told at each of its rows."""
    match, unit = place.match, unit_of(place, c.gazetteer)
    deepest = max({*place.names, *place.codes})
    column = _column(c, deepest, "name" if deepest in place.names else "code")
    matched = f"{unit.name} ({unit.code})" if unit and unit.code else unit.name if unit else ""
    told: list[tuple[str, str, dict[str, object]]] = []
    if place.decided:
        return told
    if OUTSIDE_PARENT & set(match.problems) and not place.place_id.startswith(NEW):
        told.append(("commune_outside_cercle", column, {"place": place.told}))
    elif not place.place_id:
        told.append(("place_unknown", column, {"place": place.told}))
    elif place.place_id.startswith(NEW):
        told.append(("place_unverified", column, {"place": place.told}))
    elif not match.is_certain:
        told.append(("place_doubtful", column, {"place": place.told, "matched": matched}))
    if CODE_MISMATCH & set(match.problems) and place.place_id and not place.place_id.startswith(NEW):
        level = max(place.codes, default=0)
        told.append(("place_code_mismatch", _column(c, level, "code"), {"place": place.told, "matched": matched}))
    if deepest == 1 and "admin2_name" in c.rows.values and place.place_id:
        told.append(("place_coarse", "admin2_name", {}))
    return told


def _column(c: Checked, level: int, kind: str) -> str:
    name = f"admin{level}_{kind}"
    return name if name in c.rows.values else ""


def _indicators(c: Checked) -> None:
    rows, issues = c.rows, c.issues
    if "indicator" not in rows.values:
        return
    unknown: list[int] = []
    new: dict[str, list[int]] = defaultdict(list)
    doubtful: dict[str, list[int]] = defaultdict(list)
    for j, (text, aor, code) in enumerate(
        zip(rows.values["indicator"], rows.values["aor"], c.resolved.indicator, strict=True)
    ):
        if not text:
            continue
        if not code:
            if aor != "HORS":
                unknown.append(j)
        elif code.startswith(NEW):
            new[code].append(j)
        elif (wording := c.resolved.indicators[text, aor]).confidence < 1.0:
            doubtful[wording.matched].append(j)
    texts = rows.values["indicator"]
    issues.add_many("indicator_unknown", unknown, "indicator", [texts[j] for j in unknown])
    for positions in new.values():
        issues.add("indicator_unverified", positions[0], "indicator", texts[positions[0]], rows=len(positions))
    for matched, positions in doubtful.items():
        values = [texts[j] for j in positions]
        issues.add_many("indicator_doubtful", positions, "indicator", values, matched=matched)
    reached = rows.numbers("reached")
    silent = [
        j
        for j, (text, n, aor) in enumerate(zip(texts, reached, rows.values["aor"], strict=True))
        if n and not text and aor != "HORS"
    ]
    issues.add_many("indicator_missing", silent, "indicator")


def _months(c: Checked) -> None:
    months = c.rows.values["report_month"]
    for month in sorted({m for m in months if m > c.this_month}):
        at = [j for j, m in enumerate(months) if m == month]
        c.issues.add_many("future_period", at, "report_month" if "report_month" in c.rows.headers else "", month=month)


def _status_and_dates(c: Checked) -> None:
    rows = c.rows
    starts, ends = rows.texts("start_date"), rows.texts("end_date")
    unreadable = rows.kept.get(rows.headers.get("end_date", ""), {})
    if "status" in rows.values:
        at = [
            j
            for j, (status, end) in enumerate(zip(rows.values["status"], ends, strict=True))
            if status == COMPLETED and not end and j not in unreadable
        ]
        c.issues.add_many("completed_without_end", at, "end_date" if "end_date" in rows.headers else "status")
    turned = [j for j, (start, end) in enumerate(zip(starts, ends, strict=True)) if start and end and end < start]
    c.issues.add_many("end_before_start", turned, "end_date", [ends[j] for j in turned])


def _sites(c: Checked) -> None:
    """GBV is never reported below the commune: a site names the service, and with it who goes there."""
    sites = c.rows.texts("site")
    at = [j for j, (aor, site) in enumerate(zip(c.rows.values["aor"], sites, strict=True)) if aor == GBV and site]
    # The site itself is not repeated in the message: it is what must not be told.
    c.issues.add_many("gbv_at_site", at, "site")
