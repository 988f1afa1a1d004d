"""What a person chose for an import; kept with the batch as JSON, so that the import can be made again alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

REGISTERABLE = frozenset({"organisations", "places", "indicators"})


@dataclass(frozen=True)
class ImportOptions:
    """``sheet``: the sheet to read, '' to find it. ``mapping``: {catalogue column: index in the table}, ``None`` to
    propose it. ``month``: 'YYYY-MM' for files that give none; ``year``: for columns that name a month alone.

    ``register``: which unknown things become unverified entries instead of blocking their rows. ``organisations``:
    {spelling: code} and ``places``: {place key: place_id} are what a person decided. ``mode``: 'replace' (a file is
    the whole of its organisations' months) or 'add' (it completes what came before). ``organisation``: the code of
    the partner whose file it is; '' for a file compiled by the cluster. ``source``: tells compiled files of several
    origins apart, so that one never replaces the rows of another.
    """

    sheet: str = ""
    mapping: Mapping[str, int] | None = None
    month: str = ""
    year: int | None = None
    register: frozenset[str] = frozenset()
    organisations: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    mode: Literal["replace", "add"] = "replace"
    organisation: str = ""
    source: str = ""
    dry_run: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "register", frozenset(self.register))
        if unknown := self.register - REGISTERABLE:
            raise ValueError(f"register: {sorted(unknown)}; known: {sorted(REGISTERABLE)}")
        if self.mode not in ("replace", "add"):
            raise ValueError(f"mode {self.mode!r}; known: 'replace', 'add'")
        if self.month:
            from danbe.collect.workbooks.values import Unreadable, to_month

            try:
                object.__setattr__(self, "month", to_month(self.month) or "")
            except Unreadable:
                raise ValueError(f"month {self.month!r}: expected YYYY-MM") from None

    def to_json(self) -> dict[str, Any]:
        """Plain values, sorted, without those left at their default."""
        found: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "register":
                value = sorted(value)
            elif isinstance(value, Mapping):
                value = dict(sorted(value.items()))
            if value not in ("", None, [], {}, False):
                found[f.name] = value
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ImportOptions:
        """From ``to_json``; raises ``ValueError`` naming what is unknown."""
        known = {f.name for f in fields(cls)}
        if unknown := set(data) - known:
            raise ValueError(f"options: {sorted(unknown)}; known: {sorted(known)}")
        return cls(**dict(data))
