"""How the rows of an import reach the database: names registered, rows compared, added and withdrawn.

Private to ``batches``, whose actions open the transaction and write the log.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice, repeat
from typing import Any

from django.db import connection

from danbe.curate.models import Activity, Batch, Report
from danbe.curate.response.difference import Difference, Held, New, difference
from danbe.curate.response.identity import Contents
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
# 15 parameters a row; SQLite takes 32,766 to a statement, and PostgreSQL 65,535.
ROWS_AT_ONCE = 400
# How many rows between two words on the progress.
STEP = 5000
MANY_PLACES = 500
_SHOWN = frozenset(c.name for c in ACTIVITIES.columns if c.sensitivity < 2)
_FIELDS = (
    "batch", "source_row", "organisation", "implementing_partner", "report_month", "aor", "place", "indicator",
    "row_key", "content_hash", "values", "extra", "warnings", "withdrawn_by", "withdrawn_reason",
)  # fmt: skip


def register_new(user: User, p: Proposal) -> dict[str, int]:
    """Registers what the options allow and an entering row needs, and puts its codes in place of ``new:…``."""
    blocked = p.issues.blocked()
    resolved, rows = p.resolved, p.rows
    types = rows.texts("organisation_type")
    asked: dict[str, OrganisationRequest] = {}
    for codes_of, spellings, kinds in (
        (resolved.organisation, rows.texts("organisation"), types),
        (resolved.partner, rows.texts("implementing_partner"), [""] * rows.n),
    ):
        for code, positions in _waiting(codes_of, blocked).items():
            kind = next((k for j in positions if (k := kinds[j])), "")
            if code not in asked or (kind and not asked[code].organisation_type):
                name, acronym = split_name(spellings[positions[0]])
                asked[code] = OrganisationRequest(name=name, acronym=acronym, organisation_type=kind)
    codes = _made(asked, [o.code for o in register_organisations(user, list(asked.values()))] if asked else [])
    resolved.organisation = [codes.get(c, c) for c in resolved.organisation]
    resolved.partner = [codes.get(c, c) for c in resolved.partner]
    resolved.organisations = {k: replace(o, code=codes.get(o.code, o.code)) for k, o in resolved.organisations.items()}

    met = _waiting([place.place_id if place else "" for place in resolved.place], blocked)
    keys = sorted({place.key for positions in met.values() for j in positions if (place := resolved.place[j])})
    places = [resolved.places[k] for k in keys if resolved.places[k].names]
    ids = {}
    if places:
        made = register_unverified(user, [pl.names for pl in places])
        ids = {pl.key: found.place_id for pl, found in zip(places, made, strict=True)}
    if ids:
        resolved.places = {k: replace(pl, place_id=ids[k]) if k in ids else pl for k, pl in resolved.places.items()}
        resolved.place = [resolved.places[pl.key] if pl else None for pl in resolved.place]

    words = {
        code: IndicatorRequest(
            rows.values["indicator"][j], rows.values["aor"][j], rows.texts("activity")[j], rows.texts("unit")[j]
        )
        for code, (j, *_) in _waiting(resolved.indicator, blocked).items()
    }
    made_codes = _made(words, [i.code for i in register_indicators(user, list(words.values()))] if words else [])
    resolved.indicator = [made_codes.get(c, c) for c in resolved.indicator]
    resolved.indicators = {k: replace(w, code=made_codes.get(w.code, w.code)) for k, w in resolved.indicators.items()}
    if codes or ids or made_codes:
        p.forget_identity()
    return {"organisations": len(codes), "places": len(ids), "indicators": len(made_codes)}


def _waiting(codes: list[str], blocked: set[int]) -> dict[str, list[int]]:
    """Each code that waits to be registered → the positions of the entering rows that bear it, in their order."""
    new = {c for c in set(codes) if c.startswith(NEW)}
    found: dict[str, list[int]] = {}
    if new:
        for j, code in enumerate(codes):
            if code in new and j not in blocked:
                found.setdefault(code, []).append(j)
    return found


def _made(asked: Mapping[str, object], codes: Sequence[str]) -> dict[str, str]:
    """``new:…`` → the code it got."""
    return dict(zip(asked, codes, strict=True))


def origin(organisation: str, source: str) -> tuple[str, str]:
    """Whose word a file is: a partner's own, or one of the cluster's compiled files."""
    return organisation, search_key(source)


def compare(p: Proposal, upload_sha: str, contents: Contents) -> Difference:
    """The file beside the rows held (``docs/decisions/0004-replacing-rows.md``)."""
    blocked = p.issues.blocked()
    months, aors, leads = p.rows.values["report_month"], p.rows.values["aor"], p.resolved.organisation
    scopes = list(zip(leads, months, aors, strict=True))
    held = list(_held(p, upload_sha, {s for j, s in enumerate(scopes) if j not in blocked} if blocked else set(scopes)))
    if not held:  # most files speak of months that nothing is held of
        return Difference(added=[j for j in range(p.rows.n) if j not in blocked])
    identity = p.identity
    new = [
        New(j, scope, identity.row_key(j, months[j]), contents.hashes[j], j in blocked)
        for j, scope in enumerate(scopes)
    ]
    return difference(new, held, replaces=p.options.mode == "replace")


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
    contents: Contents,
    positions: Sequence[int],
    step: Callable[[int], None],
) -> None:
    """Adds rows by plain SQL in chunks: a hundred thousand model objects would cost more than the reading."""
    identity, resolved = p.identity, p.resolved
    warnings = {j: _joined(rules) for j, rules in p.issues.warnings().items()}
    organisations = dict(Organisation.objects.values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    wanted = {place.place_id for place in resolved.places.values()}
    known = (
        Place.objects.all() if len(wanted) > MANY_PLACES else Place.objects.filter(place_id__in=wanted)
    ).values_list("place_id", "pk")
    places = dict(known)
    months = p.rows.values["report_month"]
    columns: list[Sequence[Any]] = [
        p.rows.row_numbers,
        [organisations.get(o) for o in resolved.organisation],
        [organisations.get(o) for o in resolved.partner],
        months,
        p.rows.values["aor"],
        [places.get(place.place_id) if place else None for place in resolved.place],
        [indicators.get(i) for i in resolved.indicator],
        [f"{series}{month}" for series, month in zip(identity.series, months, strict=True)],
        contents.hashes,
        contents.values,
        contents.extra,
        [warnings.get(j, "") for j in range(p.rows.n)],
    ]
    if len(positions) < p.rows.n:
        columns = [[column[j] for j in positions] for column in columns]
    records = zip(repeat(batch.pk), *columns)

    quote = connection.ops.quote_name
    names = [quote(str(Activity._meta.get_field(f).column)) for f in _FIELDS]  # type: ignore[union-attr]
    # The driver's own cursor and its own mark: rewriting thousands of marks would take as long as the database does.
    marks = f"({', '.join(['?' if connection.vendor == 'sqlite' else '%s'] * (len(names) - 2))}, NULL, '')"
    sql = f"INSERT INTO {quote(Activity._meta.db_table)} ({', '.join(names)}) VALUES "  # noqa: S608 (the model's names)
    done = 0
    with closing(connection.connection.cursor()) as cursor:
        while chunk := list(islice(records, ROWS_AT_ONCE)):
            # Many rows to a statement: a third less time than one by one, on either database.
            cursor.execute(sql + ", ".join([marks] * len(chunk)), list(chain.from_iterable(chunk)))
            done += len(chunk)
            if done % STEP < ROWS_AT_ONCE:
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


def samples(p: Proposal, found: Difference, contents: Contents, limit: int = 25) -> dict[str, Any]:
    """Some of what changed, for a person to see: what was and what is, without what is confidential."""
    numbers = p.rows.row_numbers
    pairs = found.corrected[:limit]
    before = dict(Activity.objects.filter(pk__in=[i for _, i in pairs]).values_list("pk", "values"))
    corrected = []
    for position, pk in pairs:
        now, was = json.loads(contents.values[position]), before.get(pk, {})
        changed = [n for n in {**was, **now} if was.get(n) != now.get(n)]
        shown = {n: [was.get(n), now.get(n)] for n in changed if n in _SHOWN}
        corrected.append({"row": numbers[position], "changes": shown, "hidden": sorted(set(changed) - _SHOWN)})
    gone = Activity.objects.filter(pk__in=found.withdrawn[:limit]).values_list("source_row", "batch_id", "values")
    return {
        "added": [{"row": numbers[j], "values": _shown(json.loads(contents.values[j]))} for j in found.added[:limit]],
        "corrected": corrected,
        "withdrawn": [{"row": row, "batch": batch, "values": _shown(values)} for row, batch, values in gone],
    }


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in values.items() if n in _SHOWN}
