"""Writes of AoR modules: a table handed in by an area of responsibility takes the place of its rows of the same key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from danbe.collect.models import Upload
from danbe.curate.actions._monitoring import place_keys
from danbe.curate.models import ModuleRow
from danbe.curate.monitoring.modules import ModuleLine, ModuleProblem, asked, check
from danbe.curate.needs import read_rows
from danbe.curate.queries.modules import own_area, rows_of
from danbe.reference.catalogue.aor_modules import MODULES
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import User
from danbe.register.queries.geography import matcher

Rows = Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class ModuleLoaded:
    """What loading a module did: rows new and changed; ``problems`` are the rows kept out."""

    dataset: str
    added: int
    changed: int
    problems: tuple[ModuleProblem, ...] = ()


@action("modules.load")
def load(user: User, dataset: str, table: Path | Upload | Rows, source: str = "") -> ModuleLoaded:
    """Stores the good rows of a module's table and reports the others; of an upload, the log keeps what the receipt says.

    The coordinator of a sub-cluster hands in its own area's. Raises ``KeyError`` for an unknown module,
    ``WorkbookRefused`` or ``TableRefused`` when nothing can be read.
    """
    declared = MODULES[dataset]
    if isinstance(table, Upload):
        rows, source = rows_of(table, declared), source or table.filename
        note(upload=table.pk, sha256=table.sha256)
    elif isinstance(table, Path):
        rows, source = read_rows(table, asked(declared)), source or table.name
    else:
        rows = [(n, dict(row)) for n, row in enumerate(table, start=1)]
    lines, problems = check(rows, declared, matcher())
    if not own_area(user, dataset, lines):
        raise NotAllowed(f"{user.username} ({user.aor}): {dataset}")
    added, changed = _store(user, dataset, lines, source)
    note(dataset=dataset, rows=len(lines), added=added, changed=changed, kept_out=len({p.number for p in problems}))
    return ModuleLoaded(dataset, added, changed, tuple(problems))


def _store(user: User, dataset: str, lines: list[ModuleLine], source: str) -> tuple[int, int]:
    places = place_keys(line.place for line in lines)
    stored = {row.row_key: row for row in ModuleRow.objects.filter(dataset=dataset)}
    added: list[ModuleRow] = []
    changed: list[ModuleRow] = []
    for line in lines:
        place = places.get(line.place or "")
        row = stored.get(line.key[:64])
        if row is None:
            added.append(ModuleRow(dataset=dataset, row_key=line.key[:64], place_id=place, month=line.month, values=line.values, source=source[:200], source_row=line.number, by=user))  # fmt: skip
        elif (row.values, row.place_id) != (line.values, place):
            row.values, row.place_id, row.month, row.source, row.by = line.values, place, line.month, source[:200], user
            row.source_row = line.number
            changed.append(row)
    ModuleRow.objects.bulk_create(added, batch_size=500)
    ModuleRow.objects.bulk_update(changed, ["values", "place", "month", "source", "source_row", "by"], batch_size=500)
    return len(added), len(changed)
