"""What a screen or a command shows of a file read and judged: one JSON object, kept with its batch."""

from __future__ import annotations

from collections import Counter
from typing import Any

from danbe.curate.response.proposing import Proposal
from danbe.curate.response.resolving import NEW, Organisation, Place, Wording

LONGEST_LIST = 2000


def report(p: Proposal) -> dict[str, Any]:
    """Counts, the matching of columns, and each organisation, place and indicator of the file once.

    ``rows_*`` count rows; ``issues`` count breaches by rule and ``issue_rows`` the rows that bear them; ``months``,
    ``aor``, ``sectors`` and ``clusters`` count all rows read, by what the file says. What waits to be registered has
    the reason ``new``, what nobody knows an empty code.
    """
    rows, resolved = p.rows, p.resolved
    blocked = len(p.issues.blocked())
    places = Counter(place.key for place in resolved.place if place)
    indicators = Counter((t, a) for t, a in zip(rows.texts("indicator"), rows.values["aor"], strict=True) if t)
    wordings = [(resolved.indicators[key], n) for key, n in indicators.most_common()]
    return {
        "sheet": rows.sheet,
        "header_row": p.header_row,
        "rows_read": rows.n,
        "rows_blocked": blocked,
        "rows_accepted": rows.n - blocked,
        "months": dict(sorted(Counter(m for m in rows.values["report_month"] if m).items())),
        "issues": p.issues.counts(),
        "issue_rows": p.issues.rows_by_rule(),
        "organisations": [
            _organisation(resolved.organisations[spelling], n, p.names)
            for spelling, n in resolved.spellings.most_common()
        ],
        "places": [_place(resolved.places[key], n) for key, n in places.most_common(LONGEST_LIST)],
        "indicators": [_indicator(w, n) for w, n in wordings if w.code or w.aor != "HORS"][:LONGEST_LIST],
        "aor": _counted(rows.values["aor"]),
        "sectors": _counted(rows.values["sector"]) if "sector" in rows.values else {},
        "clusters": _counted(rows.extra.get(rows.headers.get("aor", ""), [])),
        "unknown_columns": [h for h in rows.extra if h != rows.headers.get("aor")],
        "personal_columns": rows.personal,
        "matches": _matches(p),
        "organisation": p.organisation,
    }


def _counted(column: list[Any], most: int = 60) -> dict[str, int]:
    return dict(Counter("" if v is None else str(v).strip() for v in column).most_common(most))


def _organisation(o: Organisation, rows: int, names: dict[str, str]) -> dict[str, Any]:
    waits = o.code.startswith(NEW)
    return {
        "spelling": o.spelling,
        "rows": rows,
        "code": "" if waits else o.code,
        "name": names.get(o.code, ""),
        "confidence": o.confidence,
        "reason": "new" if waits else o.reason,
        "candidates": [{"code": c, "name": names.get(c, c), "confidence": v} for c, v in o.candidates],
    }


def _place(place: Place, rows: int) -> dict[str, Any]:
    match, waits = place.match, place.place_id.startswith(NEW)
    unit = match.unit
    return {
        "key": place.key,
        "names": {str(level): name for level, name in place.names.items()},
        "codes": {str(level): code for level, code in place.codes.items()},
        "told": place.told,
        "rows": rows,
        "place_id": "" if waits else place.place_id,
        "name": unit.name if unit and place.place_id == unit.id else "",
        "confidence": 1.0 if place.decided else match.confidence if place.place_id and not waits else 0.0,
        "reason": "decided" if place.decided else "new" if waits else match.reason,
        "problems": list(match.problems),
        "candidates": [{"place_id": u.id, "name": u.name, "confidence": v} for u, v in match.candidates],
    }


def _indicator(w: Wording, rows: int) -> dict[str, Any]:
    waits = w.code.startswith(NEW)
    return {
        "text": w.text,
        "aor": w.aor,
        "rows": rows,
        "code": "" if waits else w.code,
        "matched": w.matched,
        "confidence": w.confidence,
        "reason": "new" if waits else "found" if w.code else "unknown",
    }


def _matches(p: Proposal) -> list[dict[str, Any]]:
    chosen = {index: column for column, index in p.mapping.items()}
    return [
        {
            "index": m.index,
            "header": m.header,
            "column": chosen.get(m.index, ""),
            "proposed": m.column or "",
            "confidence": m.confidence,
            "reason": m.reason,
        }
        for m in p.matches
    ]
