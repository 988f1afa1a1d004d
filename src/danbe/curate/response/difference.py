"""What a file changes in what the cluster holds: rows that stay, are added, corrected or withdrawn. Pure.

The rule and its reasons: ``docs/decisions/0004-replacing-rows.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Scope = tuple[str, str, str]  # organisation code, month, area


@dataclass(frozen=True, slots=True)
class Held:
    """A row the cluster holds. ``ours``: it came from the same origin as the new file; ``batch``: what brought it."""

    id: int
    batch: int
    scope: Scope
    row_key: str
    content_hash: str
    ours: bool


@dataclass(frozen=True, slots=True)
class New:
    """A row of the file; ``position`` in it from 0. ``blocked`` rows do not enter, and shield their earlier version."""

    position: int
    scope: Scope
    row_key: str
    content_hash: str
    blocked: bool = False


@dataclass
class Difference:
    """``added``: positions that enter as new lines; ``corrected``: (position, id of the row it replaces);
    ``unchanged``: (position, id); ``withdrawn``: ids of rows the file no longer has; ``shielded``: ids kept because
    their new version is blocked; ``elsewhere``: position → batch of another origin that tells the same line."""

    added: list[int] = field(default_factory=list)
    corrected: list[tuple[int, int]] = field(default_factory=list)
    unchanged: list[tuple[int, int]] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    shielded: list[int] = field(default_factory=list)
    elsewhere: dict[int, int] = field(default_factory=dict)
    live: int = 0

    @property
    def changes(self) -> bool:
        return bool(self.added or self.corrected or self.withdrawn)


def difference(new: Sequence[New], held: Iterable[Held], *, replaces: bool = True) -> Difference:
    """Compares a file with the rows held. Equal rows pair off one by one, so that repeated rows keep their number.

    With ``replaces`` the file is the whole of its origin's word on each (organisation, month, area) it speaks of:
    what it no longer tells is withdrawn. Without, it only adds.
    """
    found = Difference()
    entering = [row for row in new if not row.blocked]
    scopes = {row.scope for row in entering}
    rows = [h for h in held if h.scope in scopes]
    by_content: dict[tuple[Scope, str], list[Held]] = defaultdict(list)
    # Pairs are taken from the end: our own rows go before those of others.
    for row in sorted(rows, key=lambda h: (h.ours, -h.id)):
        by_content[row.scope, row.content_hash].append(row)
    kept: set[int] = set()
    fresh: list[New] = []
    for one in entering:
        equals = by_content.get((one.scope, one.content_hash))
        if equals:
            pair = equals.pop()
            kept.add(pair.id)
            found.unchanged.append((one.position, pair.id))
        else:
            fresh.append(one)
    left = [h for h in rows if h.id not in kept]
    found.live = sum(h.ours for h in rows)
    theirs = {h.row_key: h.batch for h in left if not h.ours}
    if not replaces:
        found.added = [one.position for one in fresh]
        found.elsewhere = {one.position: theirs[one.row_key] for one in fresh if one.row_key in theirs}
        return found
    by_key: dict[str, list[int]] = defaultdict(list)
    for h in sorted((h for h in left if h.ours), key=lambda h: -h.id):
        by_key[h.row_key].append(h.id)
    for one in fresh:
        earlier = by_key.get(one.row_key)
        if earlier:
            found.corrected.append((one.position, earlier.pop()))
        else:
            found.added.append(one.position)
            if one.row_key in theirs:
                found.elsewhere[one.position] = theirs[one.row_key]
    for one in new:
        if one.blocked and (earlier := by_key.get(one.row_key)):
            found.shielded.append(earlier.pop())
    found.withdrawn = sorted(i for ids in by_key.values() for i in ids)
    return found
