"""Writes of people in need and targets: the good rows of a table stored, the others reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from danbe.curate.models import PeopleInNeed, Target
from danbe.curate.needs import NeedCell, TableProblem, check_rows, read_rows
from danbe.reference.catalogue import PEOPLE_IN_NEED, TARGETS, Dataset
from danbe.reference.geography import PlaceMatcher
from danbe.register.audit import action, note
from danbe.register.models import Place, User
from danbe.register.queries.geography import gazetteer

Rows = Iterable[Mapping[str, object]]


@dataclass(frozen=True)
class TableLoaded:
    """What loading a table did: rows read, cells new, changed and as they were; ``problems`` are the rows kept out."""

    dataset: str
    rows: int
    added: int
    changed: int
    unchanged: int
    problems: tuple[TableProblem, ...] = ()


@action("needs.load")
def load_needs(user: User, table: Path | Rows, source: str = "") -> TableLoaded:
    """Stores people in need from a CSV or workbook, or from rows by catalogue name. See ``_load``."""
    return _load(table, PEOPLE_IN_NEED, PeopleInNeed, source)


@action("targets.load")
def load_targets(user: User, table: Path | Rows, source: str = "") -> TableLoaded:
    """Stores targets from a CSV or workbook, or from rows by catalogue name. See ``_load``."""
    return _load(table, TARGETS, Target, source)


def _load(table: Path | Rows, dataset: Dataset, model: type[PeopleInNeed] | type[Target], source: str) -> TableLoaded:
    """A cell already stored for the same year, area, place and group takes the new figure; cells the table does not
    name stay. Raises ``WorkbookRefused`` or ``TableRefused`` when nothing of the table can be read.
    """
    if isinstance(table, Path):
        rows = read_rows(table, dataset)
        source = source or table.name
    else:
        rows = [(number, dict(row)) for number, row in enumerate(table, start=1)]
    cells, problems = check_rows(rows, dataset, PlaceMatcher(gazetteer()))
    added, changed = _store(cells, dataset.columns[-1].name, model, source)
    note(dataset=dataset.name, rows=len(cells) + len(problems), added=added, changed=changed, kept_out=len(problems))
    return TableLoaded(
        dataset.name, len(cells) + len(problems), added, changed, len(cells) - added - changed, tuple(problems)
    )


def _store(cells: list[NeedCell], field: str, model: type[PeopleInNeed] | type[Target], source: str) -> tuple[int, int]:
    places = dict(Place.objects.filter(place_id__in={c.place_id for c in cells}).values_list("place_id", "pk"))
    stored = {
        (s.year, s.aor, s.place_id, s.population_status): s
        for s in model._default_manager.filter(year__in={c.year for c in cells})
    }
    added: list[Any] = []
    changed: list[Any] = []
    for cell in cells:
        place = places[cell.place_id]
        known = stored.get((cell.year, cell.aor, place, cell.population_status))
        if known is None:
            new = model(year=cell.year, aor=cell.aor, place_id=place, population_status=cell.population_status)
            setattr(new, field, cell.value)
            new.source = source[:200]
            added.append(new)
        elif getattr(known, field) != cell.value:
            setattr(known, field, cell.value)
            known.source = source[:200]
            changed.append(known)
    model._default_manager.bulk_create(added, batch_size=500)
    model._default_manager.bulk_update(changed, [field, "source"], batch_size=500)
    return len(added), len(changed)
