"""Writes of indicators met in files and not (yet) in the results framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from danbe.reference.codelists import codelist
from danbe.reference.text import clean, search_key
from danbe.register.audit import action, note
from danbe.register.models import Indicator, User

PREFIX = "NV-"


@dataclass(frozen=True)
class IndicatorRequest:
    """An indicator as a file wrote it; ``aor`` and ``unit`` are codes, '' where unknown."""

    name: str
    aor: str = ""
    activity: str = ""
    unit: str = ""


@action("indicators.register")
def register_indicators(user: User, requests: Sequence[IndicatorRequest]) -> list[Indicator]:
    """One unverified indicator per request, in order; one whose name and area are known already is returned.

    Their codes start with ``NV-`` (non vérifié). Raises ``ValueError`` for an empty name or an unknown code.
    """
    known = {(i.search_key, i.aor): i for i in Indicator.objects.all()}
    taken = set(Indicator.objects.filter(code__startswith=PREFIX).values_list("code", flat=True))
    found, added = [], []
    for request in requests:
        name = clean(request.name)[:500]
        key = search_key(name)[:500]
        if not key:
            raise ValueError("an indicator needs a name with at least one letter or digit")
        if request.aor and request.aor not in codelist("aor"):
            raise ValueError(f"aor {request.aor!r} is not in the code list")
        if request.unit and request.unit not in codelist("indicator_unit"):
            raise ValueError(f"unit {request.unit!r} is not in the code list")
        indicator = known.get((key, request.aor))
        if indicator is None:
            number = len(taken) + 1
            while f"{PREFIX}{number:04d}" in taken:
                number += 1
            code = f"{PREFIX}{number:04d}"
            taken.add(code)
            indicator = Indicator(
                code=code, aor=request.aor, activity_fr=clean(request.activity)[:300], name_fr=name,
                unit=request.unit or "PERS", verified=False, search_key=key,
            )  # fmt: skip
            known[(key, request.aor)] = indicator
            added.append(indicator)
        found.append(indicator)
    Indicator.objects.bulk_create(added)
    note(added=len(added), known=len(found) - len(added))
    return found
