"""Writes of HPC needs files: each file's good rows stored under its name, the others reported with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from danbe.curate.models import ModuleRow
from danbe.curate.needs_hpc import Need, NeedsFile, Plan, read_needs
from danbe.register.audit import action, note
from danbe.register.models import Place, User

DATASET = "hpc_needs"
_COUNTRY = "MLI"


@dataclass(frozen=True)
class NeedsLoaded:
    """What loading one file did. ``read.rows`` = rows stored + ``read.reported``."""

    read: NeedsFile
    added: int
    replaced: int
    removed: int

    @property
    def stored(self) -> int:
        return self.added + self.replaced


@action("needs.load_hpc")
def load_hpc(user: User, files: Sequence[Path], *, country: str = "", year: int = 0) -> list[NeedsLoaded]:
    """Stores the rows of HPC needs files. Files that only name plans are read first, whatever the order given.

    Rows are kept by file: a file of the same name takes the place of what it brought before, and two files never merge,
    because publications of the same figures differ. Raises ``NeedsFileRefused`` when a file cannot be read; then
    nothing of any is stored.
    """
    plans: list[Plan] = []
    places = {_COUNTRY: set(Place.objects.filter(level__in=(1, 2)).exclude(code="").values_list("code", flat=True))}
    done: dict[Path, NeedsLoaded] = {}
    for path in sorted(files, key=lambda p: not p.name.startswith("progress")):
        read = read_needs(path, country=country, year=year, plans=plans, places=places)
        plans += read.plans
        done[path] = _store(user, read)
    note(
        files=len(done),
        rows=sum(d.read.rows for d in done.values()),
        stored=sum(d.stored for d in done.values()),
        reported=sum(len(d.read.reported) for d in done.values()),
    )
    return [done[path] for path in dict.fromkeys(files)]


def _store(user: User, read: NeedsFile) -> NeedsLoaded:
    before = set(ModuleRow.objects.filter(dataset=DATASET, source=read.name).values_list("row_key", flat=True))
    ModuleRow.objects.filter(dataset=DATASET, source=read.name).delete()
    rows = [
        ModuleRow(
            dataset=DATASET, row_key=_key(read.name, need), month=f"{need.year}-12", source=read.name[:200],
            source_row=need.row, values={**asdict(need), "values": dict(need.values)}, by=user,
        )
        for need in read.kept
    ]  # fmt: skip
    ModuleRow.objects.bulk_create(rows, batch_size=500)
    now = {row.row_key for row in rows}
    return NeedsLoaded(read, len(now - before), len(now & before), len(before - now))


def _key(name: str, need: Need) -> str:
    return sha256(repr((name, need.key)).encode()).hexdigest()
