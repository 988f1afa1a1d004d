"""What services and needs have in common in all rooms: which are safe spaces, what serves a need, how long a check holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

CURRENT_DAYS = 90
"""A service verified within as many days is current (field brief §1.5)."""
HIDDEN_DAYS = 180
"""After as many days it is hidden from the public."""

SAFE_CATEGORIES = frozenset({"SEC", "FEM", "ALT"})
"""Of ``service_category``: their coordinates and addresses are never stored (field brief §1.5)."""

NEEDS: dict[str, tuple[str, ...]] = {
    "VIOL": ("SAN", "OSC", "GC", "PSS"),
    "VBG": ("GC", "OSC", "PSS", "FEM", "JUR"),
    "ABRI": ("SEC", "FEM", "OSC"),
    "SANTE": ("SAN",),
    "PSY": ("PSS", "ENF", "FEM"),
    "ENFANT": ("GC", "ALT", "ENF", "PSS"),
    "ENGIN": ("SAN", "AV", "EREE"),
    "TERRE": ("LTP", "JUR"),
    "DOC": ("DOC", "JUR"),
    "DROIT": ("JUR",),
    "DEPLACE": ("RRM", "CASH"),
    "AIDE": ("CASH", "ECO"),
}
"""A need (``protection_need``) → the categories of service that answer it, the first to go to first."""

AREAS: dict[str, str] = {
    "GC": "SCVBG", "SEC": "SCVBG", "FEM": "SCVBG", "OSC": "SCVBG", "ALT": "SCPE", "ENF": "SCPE", "LTP": "GT-LTPRN",
    "AV": "GT-LAMH", "EREE": "GT-LAMH", "DOC": "GT-DOC",
}  # fmt: skip
"""The area of responsibility that looks after a category; all others are general protection."""
GENERAL = "CP"


def codes(text: str | None) -> tuple[str, ...]:
    """The codes of a field that holds several, parted by a space."""
    return tuple((text or "").split())


def is_safe(categories: str | Iterable[str] | None) -> bool:
    """Whether one of the categories is a safe space."""
    found = codes(categories) if isinstance(categories, str) or categories is None else categories
    return bool(SAFE_CATEGORIES & set(found))


def areas_of(categories: str | None) -> frozenset[str]:
    return frozenset(AREAS.get(c, GENERAL) for c in codes(categories))


def state_on(verified_on: date | None, day: date) -> str:
    """``current``, ``stale``, ``hidden`` (from the public) or ``never`` verified, as of ``day``."""
    if verified_on is None:
        return "never"
    age = (day - verified_on).days
    return "current" if age <= CURRENT_DAYS else "stale" if age <= HIDDEN_DAYS else "hidden"


def functionality(
    meetings: int | None, trained: bool, channel: str, raised: int | None, acted: int | None
) -> int | None:
    """The score 0–5 of a community mechanism, one point a criterion; ``None`` when nothing of it was reported.

    Meets each month (3 a quarter), trained, has a channel for alerts, raised an alert in the quarter, saw at least half
    of its alerts acted on (field brief §1.5: meetings/quarter, trained topics, alert channel, alerts raised/acted).
    """
    if meetings is None and raised is None and not trained and channel in ("", "AUCUN"):
        return None
    met = (meetings or 0) >= 3, trained, channel not in ("", "AUCUN"), bool(raised)
    return sum(met) + (1 if raised and (acted or 0) * 2 >= raised else 0)


FUNCTIONAL = 3
"""A mechanism is functional from this score on (field brief §2)."""
