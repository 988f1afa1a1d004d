"""What the verifier hands back: what a reader can work out, from which files and by which sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXACT_SMALL, EXACT_SENSITIVE, EXACT_HIDDEN = "exact_small", "exact_sensitive", "exact_hidden"
INCREMENT, OTHERS, AUTHOR, HIDDEN_PART = "increment", "others", "author", "hidden_part"
EARLIER = "earlier"
EXACT_ZERO, SPARE, NARROW, REST, UNREAD, CONTRADICTION = (
    "exact_zero",
    "spare",
    "narrow",
    "rest",
    "unread",
    "contradiction",
)

LEAKS = (EXACT_SMALL, EXACT_SENSITIVE, EXACT_HIDDEN, INCREMENT, OTHERS, AUTHOR)
"""The kinds that make the audit say no. The others are remarks."""


@dataclass(frozen=True)
class Step:
    """One line of a chain: ``text`` is a sum with its figures, ``files`` where they are printed."""

    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing derived.

    ``cell`` holds its dimensions (with ``measure``), ``low`` and ``high`` what is left possible, ``threshold`` the k
    that applies, ``attacker`` 'reader' (knows nothing of a hidden cell but that it is a whole number ≥ 0), 'insider'
    (knows which hidden cells are small and which are complements) or 'organisation' (knows its own records), ``name`` the cell in words.
    """

    kind: str
    cell: dict[str, str] = field(default_factory=dict)
    low: float = 0
    high: float = 0
    threshold: int = 0
    attacker: str = "reader"
    steps: tuple[Step, ...] = ()
    name: str = ""

    @property
    def is_leak(self) -> bool:
        return self.kind in LEAKS

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "leak": self.is_leak,
            "cell": self.cell,
            "name": self.name,
            "low": self.low,
            "high": self.high,
            "threshold": self.threshold,
            "attacker": self.attacker,
            "steps": [{"text": s.text, "files": list(s.files)} for s in self.steps],
        }


@dataclass
class Audit:
    """The result of one audit: findings, and ``facts`` (files, cells, hidden, sums, seconds and so on)."""

    findings: list[Finding] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def leaks(self) -> list[Finding]:
        return [f for f in self.findings if f.is_leak]

    @property
    def remarks(self) -> list[Finding]:
        return [f for f in self.findings if not f.is_leak]

    @property
    def counts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for finding in self.findings:
            found[finding.kind] = found.get(finding.kind, 0) + 1
        return found
