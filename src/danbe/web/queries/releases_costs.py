"""What a release costs its readers, before anyone approves: cells hidden, persons in them, large cells kept exact.

The gate's own account where it gives one (``GateReport.costs``), else counted from the release and its hidden cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from danbe.publish.release import is_withheld
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.words import number, percent, translator
from danbe.register.models import User
from danbe.web.models import Release
from danbe.web.queries.releases import told
from danbe.web.queries.releases_cells import Cells, cells

LARGE = 5
"""Counts from this on are worth keeping exact (disclosure: «share of cells ≥ 5 kept»)."""
_COUNTED = ("personnes", "services", "incidents", "victimes", "violations")


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


@dataclass(frozen=True)
class Line:
    """One line of the account, in words."""

    label: str
    text: str


@dataclass(frozen=True)
class Costs:
    """``cells`` counts of persons in the release, ``hidden`` of them, ``exact`` the share of those of 5 and more shown
    (``None`` where true counts were not kept), ``persons`` in hidden cells of the finest table (``None``: not told)."""

    cells: int
    hidden: int
    kinds: dict[str, int]
    exact: float | None = None
    persons: int | None = None
    coarsened: list[Any] = field(default_factory=list)
    proof: dict[str, Any] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return {"cells": self.cells, "hidden": self.hidden, "kinds": self.kinds, "exact": self.exact, "persons": self.persons}  # fmt: skip

    def lines(self, language: str) -> list[Line]:
        tr = translator(language)
        found = [
            Line(tr(_("Effectifs de personnes dans ces tables")), number(self.cells, language)),
            Line(
                tr(_("Masqués")),
                f"{number(self.hidden, language)} ({percent(self.hidden / self.cells if self.cells else None, language)})",
            ),
        ]
        if self.persons is not None:
            found.append(Line(tr(_("Personnes dans les cases masquées")), number(self.persons, language)))
        if self.exact is not None:
            found.append(
                Line(tr(_("Effectifs de 5 et plus gardés exacts")), f"{number(100 * self.exact, language, 1)} %")
            )
        return found

    def coarsened_lines(self, language: str) -> list[str]:
        return [_told(item, language) for item in self.coarsened]

    def suggestion_lines(self, language: str) -> list[str]:
        return [f"{s.get('id', n)} : {_told(s, language)}" for n, s in enumerate(self.suggestions, 1)]

    def proof_lines(self, language: str) -> list[str]:
        """The proof in words: how many small counts have another table that fits everything published."""
        tr = translator(language)
        small, unproven = (_sum(self.proof, name) for name in ("small", "unproven"))
        if small is None:
            return []
        said = [
            tr(_("%(n)s effectifs masqués : pour chacun, un autre tableau de nombres entiers concorde avec tout ce qui est publié."))
            % {"n": number(small - (unproven or 0), language)}
        ]  # fmt: skip
        if unproven:
            said.append(tr(_("%(n)s sans preuve.")) % {"n": number(unproven, language)})
        return said


def _told(item: Any, language: str) -> str:
    """What the gate says in words: ``{fr, en}``, or plain text."""
    if isinstance(item, dict):
        return str(item.get(language) or item.get("fr") or item.get("text") or item)
    return str(item)


def _sum(proof: Any, name: str) -> int | None:
    """A count of the proof's summary, at its top or added over its measures."""
    if not isinstance(proof, dict):
        return None
    if isinstance(proof.get(name), int):
        return int(proof[name])
    inner = proof.get("measures", proof)
    parts = [p[name] for p in inner.values() if isinstance(p, dict) and isinstance(p.get(name), int)]
    return sum(parts) if parts else None


def costs(user: User, release: Release, found: Cells | None = None) -> Costs:
    """What the release hides; raises ``NotAllowed``."""
    kept = told(user, release)
    found = found or cells(user, release)
    kinds: dict[str, int] = {}
    for h in found.hidden:
        kinds[h.kind] = kinds.get(h.kind, 0) + 1
    shown, large = _shown(found)
    hidden_large = [h for h in found.hidden if (h.value or 0) >= LARGE]
    known = bool(found.hidden) and all(h.value is not None for h in found.hidden if h.kind != "together")
    stated = kept.get("costs") or {}
    exact = stated.get("exact", stated.get("kept_exact"))
    if exact is None and (known or not found.hidden) and large:
        exact = large / (large + len(hidden_large))
    return Costs(
        cells=shown + len(found.hidden),
        hidden=len(found.hidden),
        kinds=kinds,
        exact=exact,
        persons=stated.get("persons_hidden", stated.get("persons")),
        coarsened=list(kept.get("coarsened") or []),
        proof=kept.get("proof") or {},
        suggestions=list(kept.get("suggestions") or []),
    )


def _shown(found: Cells) -> tuple[int, int]:
    """How many counts of persons are shown, and how many of them are large."""
    values = list(_values(found))
    return len(values), sum(1 for v in values if v >= LARGE)


def _values(found: Cells) -> Iterable[float]:
    for name in found.words.read.audit.get("tables", {}):
        counted = [c.name for c in FIGURES[name].columns if c.unit in _COUNTED]
        for row in found.words.read.table(name):
            for measure in counted:
                if row.get(measure) is not None and not is_withheld(row, measure):
                    yield row[measure]
