"""Writes of the results framework: the indicators that activities report against."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

from danbe.reference.text import search_key
from danbe.register.audit import action, note
from danbe.register.models import Indicator, User


@dataclass(frozen=True, slots=True)
class FrameworkLoaded:
    """How many indicators the pack declares, and how many of them were new or changed here."""

    indicators: int
    added: int
    changed: int


@action("framework.load")
def load_framework(user: User, country: str = "mli") -> FrameworkLoaded:
    """Brings the register's indicators to what the country pack declares. Running it again changes nothing.

    Indicators that the pack no longer declares stay, since rows may report against them. Raises ``PackError`` when
    the pack's file is wrong, ``ModuleNotFoundError`` when there is no such pack.
    """
    rows = importlib.import_module(f"danbe.packs.{country}").framework_rows()
    known = {indicator.code: indicator for indicator in Indicator.objects.all()}
    added, changed = [], []
    for row in rows:
        fields = {name: value for name, value in row.items() if name != "indicator_id"}
        fields["search_key"] = search_key(row["name_fr"])
        indicator = known.get(str(row["indicator_id"]))
        if indicator is None:
            added.append(Indicator(code=row["indicator_id"], **fields))
        elif any(getattr(indicator, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(indicator, name, value)
            changed.append(indicator)
    Indicator.objects.bulk_create(added)
    if changed:
        Indicator.objects.bulk_update(changed, list(fields))
    note(country=country, added=len(added), changed=len(changed))
    return FrameworkLoaded(len(rows), len(added), len(changed))
