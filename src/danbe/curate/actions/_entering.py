"""How the rows of an import reach the database: names registered, rows compared, added and withdrawn.

Private to ``batches``, whose actions open the transaction and write the log.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import connection

from danbe.curate.models import Activity, Batch, Report
from danbe.curate.response.difference import Difference, Held, New, difference
from danbe.curate.response.identity import content, identify
from danbe.curate.response.proposing import Proposal
from danbe.curate.response.resolving import NEW
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.text import search_key
from danbe.register.actions.geography import register_unverified
from danbe.register.actions.indicators import IndicatorRequest, register_indicators
from danbe.register.actions.organisations import OrganisationRequest, register_organisations
from danbe.register.models import Indicator, Organisation, Place, User
from danbe.register.organisations import split_name

CHUNK = 2000
_SHOWN = frozenset(c.name for c in ACTIVITIES.columns if c.sensitivity < 2)
_FIELDS = (
    "batch", "source_row", "organisation", "implementing_partner", "report_month", "aor", "place", "indicator",
    "row_key", "content_hash", "values", "extra", "warnings", "withdrawn_by", "withdrawn_reason",
)  # fmt: skip


def register_new(user: User, p: Proposal) -> dict[str, int]:
    """Registers what the options allow and an entering row needs, and puts its codes in place of ``new:…``."""
    blocked = p.issues.blocked()
    entering = [j for j in range(p.rows.n) if j not in blocked]
    resolved = p.resolved
    types = p.rows.texts("organisation_type")
    asked: dict[str, OrganisationRequest] = {}
    for j in entering:
        for code, spelling, kind in (
            (
                resolved.organisation[j],
                p.rows.texts("organisation")[j] if "organisation" in p.rows.values else "",
                types[j],
            ),
            (resolved.partner[j], p.rows.values["implementing_partner"][j] if resolved.partner[j] else "", ""),
        ):
            if code.startswith(NEW) and (code not in asked or (kind and not asked[code].organisation_type)):
                name, acronym = split_name(spelling)
                asked[code] = OrganisationRequest(name=name, acronym=acronym, organisation_type=kind)
    codes = (
        dict(zip(asked, (o.code for o in register_organisations(user, list(asked.values()))), strict=True))
        if asked
        else {}
    )
    resolved.organisation = [codes.get(c, c) for c in resolved.organisation]
    resolved.partner = [codes.get(c, c) for c in resolved.partner]
    resolved.organisations = {k: replace(o, code=codes.get(o.code, o.code)) for k, o in resolved.organisations.items()}

    keys = {place.key for j in entering if (place := resolved.place[j]) and place.place_id.startswith(NEW)}
    places = [resolved.places[k] for k in sorted(keys) if resolved.places[k].names]
    ids = {}
    if places:
        made = register_unverified(user, [pl.names for pl in places])
        ids = {pl.key: found.place_id for pl, found in zip(places, made, strict=True)}
    if ids:
        resolved.places = {k: replace(pl, place_id=ids[k]) if k in ids else pl for k, pl in resolved.places.items()}
        resolved.place = [resolved.places[pl.key] if pl else None for pl in resolved.place]

    words: dict[str, IndicatorRequest] = {}
    for j in entering:
        if (code := resolved.indicator[j]).startswith(NEW) and code not in words:
            words[code] = IndicatorRequest(
                p.rows.values["indicator"][j],
                p.rows.values["aor"][j],
                p.rows.texts("activity")[j],
                p.rows.texts("unit")[j],
            )
    made_codes = (
        dict(zip(words, (i.code for i in register_indicators(user, list(words.values()))), strict=True))
        if words
        else {}
    )
    resolved.indicator = [made_codes.get(c, c) for c in resolved.indicator]
    resolved.indicators = {k: replace(w, code=made_codes.get(w.code, w.code)) for k, w in resolved.indicators.items()}
    if codes or ids or made_codes:
        p.identity = identify(p.rows, p.resolved)
    return {"organisations": len(codes), "places": len(ids), "indicators": len(made_codes)}


def origin(organisation: str, source: str) -> tuple[str, str]:
    """Whose word a file is: a partner's own, or one of the cluster's compiled files."""
    return organisation, search_key(source)


def compare(p: Proposal, upload_sha: str, contents: Sequence[tuple[str, str, str]]) -> Difference:
    """The file beside the rows held (``docs/decisions/0004-replacing-rows.md``)."""
    identity = p.identity
    blocked = p.issues.blocked()
    months, aors, leads = p.rows.values["report_month"], p.rows.values["aor"], p.resolved.organisation
    new = [
        New(j, (leads[j], months[j], aors[j]), identity.row_key(j, months[j]), contents[j][2], j in blocked)
        for j in range(p.rows.n)
    ]
    return difference(
        new, _held(p, upload_sha, {n.scope for n in new if not n.blocked}), replaces=p.options.mode == "replace"
    )


def _held(p: Proposal, upload_sha: str, scopes: set[tuple[str, str, str]]) -> Iterator[Held]:
    mine = origin(p.organisation, p.options.source)
    batches = {
        pk: (origin(code or "", options.get("source", "")), sha)
        for pk, code, options, sha in Batch.objects.filter(state=Batch.State.COMMITTED).values_list(
            "pk", "organisation__code", "options", "upload__sha256"
        )
    }
    if not batches or not scopes:
        return
    codes = dict(Organisation.objects.filter(code__in={s[0] for s in scopes}).values_list("pk", "code"))
    rows = Activity.objects.filter(
        organisation__in=list(codes), report_month__in={s[1] for s in scopes}, withdrawn_by=None
    ).values_list("pk", "batch_id", "organisation_id", "report_month", "aor", "row_key", "content_hash")
    for pk, batch, organisation, month, aor, row_key, content_hash in rows.iterator(chunk_size=CHUNK):
        whose, sha = batches[batch]
        # A file that adds meets only its own earlier import: two offices may report equal rows.
        if p.options.mode == "add" and sha != upload_sha:
            continue
        yield Held(pk, batch, (codes[organisation], month, aor), row_key, content_hash, whose == mine)


def insert(
    batch: Batch,
    p: Proposal,
    contents: Sequence[tuple[str, str, str]],
    positions: Sequence[int],
    step: Callable[[int], None],
) -> None:
    """Adds rows by plain SQL in chunks: a hundred thousand model objects would cost more than the reading."""
    identity = p.identity
    warnings = p.issues.warnings()
    organisations = dict(Organisation.objects.values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    wanted = {place.place_id for j in positions if (place := p.resolved.place[j])}
    places = (
        dict(Place.objects.values_list("place_id", "pk"))
        if len(wanted) > 500
        else dict(Place.objects.filter(place_id__in=wanted).values_list("place_id", "pk"))
    )
    months, aors = p.rows.values["report_month"], p.rows.values["aor"]

    def records() -> Iterator[tuple[Any, ...]]:
        for j in positions:
            place, lead, partner = p.resolved.place[j], p.resolved.organisation[j], p.resolved.partner[j]
            told, extra, content_hash = contents[j]
            yield (
                batch.pk, p.rows.row_numbers[j], organisations[lead], organisations[partner] if partner else None,
                months[j], aors[j], places[place.place_id] if place else None,
                indicators[p.resolved.indicator[j]] if p.resolved.indicator[j] else None,
                identity.row_key(j, months[j]), content_hash, told, extra, _joined(warnings.get(j, ())), None, "",
            )  # fmt: skip

    quote = connection.ops.quote_name
    names = [quote(str(Activity._meta.get_field(f).column)) for f in _FIELDS]  # type: ignore[union-attr]
    table, marks = quote(Activity._meta.db_table), ", ".join(["%s"] * len(names))
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 (names are the model's own)
    rest, done = records(), 0
    with connection.cursor() as cursor:
        while chunk := list(islice(rest, CHUNK)):
            cursor.executemany(sql, chunk)
            done += len(chunk)
            step(done)


def _joined(rules: Sequence[str], limit: int = 200) -> str:
    """Ids separated by a space, whole ones only, as many as the field holds."""
    text = ""
    for rule in rules:
        longer = f"{text} {rule}" if text else rule
        if len(longer) > limit:
            break
        text = longer
    return text


def withdraw(batch: Batch, ids: Sequence[int], reason: str) -> None:
    """Withdraws rows for ``batch``, in pieces that any database takes as parameters."""
    for start in range(0, len(ids), 500):
        Activity.objects.filter(pk__in=ids[start : start + 500]).update(withdrawn_by=batch, withdrawn_reason=reason)


def record_reports(batch: Batch, p: Proposal, received: Any) -> int:
    """One report per organisation and month that has a row in force in this file."""
    blocked = p.issues.blocked()
    told = Counter(
        (lead, month)
        for j, (lead, month) in enumerate(zip(p.resolved.organisation, p.rows.values["report_month"], strict=True))
        if j not in blocked
    )
    pks = dict(Organisation.objects.values_list("code", "pk"))
    Report.objects.bulk_create(
        [
            Report(organisation_id=pks[lead], report_month=month, received_on=received, batch=batch)
            for lead, month in sorted(told)
        ],
        batch_size=500,
    )
    return len(told)


def samples(
    p: Proposal, found: Difference, contents: Sequence[tuple[str, str, str]], limit: int = 25
) -> dict[str, Any]:
    """Some of what changed, for a person to see: what was and what is, without what is confidential."""
    numbers = p.rows.row_numbers
    pairs = found.corrected[:limit]
    before = dict(Activity.objects.filter(pk__in=[i for _, i in pairs]).values_list("pk", "values"))
    corrected = []
    for position, pk in pairs:
        now, was = json.loads(contents[position][0]), before.get(pk, {})
        changed = [n for n in {**was, **now} if was.get(n) != now.get(n)]
        shown = {n: [was.get(n), now.get(n)] for n in changed if n in _SHOWN}
        corrected.append({"row": numbers[position], "changes": shown, "hidden": sorted(set(changed) - _SHOWN)})
    gone = Activity.objects.filter(pk__in=found.withdrawn[:limit]).values_list("source_row", "batch_id", "values")
    return {
        "added": [{"row": numbers[j], "values": _shown(json.loads(contents[j][0]))} for j in found.added[:limit]],
        "corrected": corrected,
        "withdrawn": [{"row": row, "batch": batch, "values": _shown(values)} for row, batch, values in gone],
    }


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in values.items() if n in _SHOWN}


def contents_of(p: Proposal) -> list[tuple[str, str, str]]:
    return list(content(p.rows, p.resolved))
