"""Rows to lines: each 5W row taken apart into population group × sex and age, so that every total closes.

A row gives a total, perhaps counts by group, perhaps counts by sex and age. What a breakdown leaves unsaid is
«non précisé» (INC), never lost. Columnar throughout: 100,000 rows take about a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.codelists import codelist

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

UNSPECIFIED = "INC"
SEX_AGE = tuple(item.code for item in codelist("sex_age").items)
GROUP_COLUMNS = {c.name: c.facet[0][1] for c in ACTIVITIES.facets("reached") if c.facet[0][0] == "population_status"}
GROUPS = tuple(dict.fromkeys((*GROUP_COLUMNS.values(), UNSPECIFIED)))
_FINE_AGES = ("0_5", "6_11", "12_17")


class _Columns:
    """Counts of the rows as integer arrays; ``given`` says where the file held a value, negatives count as none."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        self._read: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def __getitem__(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np
        import pyarrow.compute as pc

        if name not in self._read:
            column = self.table[name].combine_chunks()
            values = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).astype(np.int64)
            self._read[name] = np.maximum(values, 0), pc.is_valid(column).to_numpy(zero_copy_only=False)
        return self._read[name]

    def total(self, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """The sum of several columns, and where at least one was given."""
        import numpy as np

        values, given = zip(*(self[n] for n in names), strict=True)
        return np.sum(values, axis=0), _any(given)


def _any(flags: tuple[np.ndarray, ...]) -> np.ndarray:
    import numpy as np

    return np.logical_or.reduce(flags)


def _sex_age(columns: _Columns) -> tuple[np.ndarray, np.ndarray]:
    """The eight known cells of sex and age (rows × 8) and where anything of it was given.

    Children are what the file gives as 0–17, or the sum of its finer bands where that is more; what a sex's total
    holds beyond its ages is of unknown age.
    """
    import numpy as np

    cells: dict[str, np.ndarray] = {}
    given = []
    for sex in ("F", "M"):
        prefix = f"reached_{sex.lower()}"
        fine, fine_given = columns.total([f"{prefix}_{age}" for age in _FINE_AGES])
        children, children_given = columns[f"{prefix}_0_17"]
        cells[f"{sex}_0_17"] = np.maximum(children, fine)
        cells[f"{sex}_18_59"], adults_given = columns[f"{prefix}_18_59"]
        cells[f"{sex}_60"], elders_given = columns[f"{prefix}_60"]
        unknown, unknown_given = columns[f"{prefix}_inc"]
        whole, whole_given = columns[prefix]
        aged = cells[f"{sex}_0_17"] + cells[f"{sex}_18_59"] + cells[f"{sex}_60"] + unknown
        cells[f"{sex}_INC"] = unknown + np.maximum(whole - aged, 0)
        given += [fine_given, children_given, adults_given, elders_given, unknown_given, whole_given]
    return np.stack([cells[code] for code in SEX_AGE if code != UNSPECIFIED], axis=1), _any(tuple(given))


def apportion(amounts: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Splits each amount (n) over its parts (n × k) in proportion, in whole numbers, by largest remainder.

    Ties go to the earlier part. Sums are exact; where an amount is no more than the sum of its parts, no share exceeds
    its part; where all parts are 0 so are the shares.
    """
    import numpy as np

    whole = parts.sum(axis=1)
    safe = np.where(whole == 0, 1, whole)[:, None]
    product = amounts[:, None] * parts
    shares, remainders = np.divmod(product, safe)
    left = np.where(whole == 0, 0, amounts - shares.sum(axis=1))
    order = np.argsort(-remainders, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(parts.shape[1]), order.shape), axis=1)
    return shares + (rank < left[:, None])


def cross(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """A whole-number table (n × r × c) for each pair of margins (n × r, n × c) of equal sum; both margins are exact.

    Each row of the table takes its share of what the columns have left, in proportion (controlled rounding): the
    last one takes what remains, so both margins close. Sex and age are thereby assumed alike in all groups of a row.
    """
    import numpy as np

    left = columns.copy()
    table = np.zeros((len(rows), rows.shape[1], columns.shape[1]), dtype=np.int64)
    for r in range(rows.shape[1]):
        table[:, r, :] = apportion(rows[:, r], left)
        left -= table[:, r, :]
    return table


def _fitted(total: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """``parts`` with a last column for the unsaid rest, so that each row sums to its total.

    The door refuses parts that exceed the total; should a row hold them all the same, its total stands and its
    parts shrink in proportion.
    """
    import numpy as np

    whole = parts.sum(axis=1)
    parts = np.where((whole > total)[:, None], apportion(np.minimum(total, whole), parts), parts)
    return np.concatenate([parts, (total - parts.sum(axis=1))[:, None]], axis=1)


def lines(activities: pa.Table) -> pa.Table:
    """The lines of 5W rows: activity_id, population_status, sex_age, reached (persons or the row's unit), estimated.

    ``activities`` has the catalogue's schema. Lines of a row add up to its ``reached`` (or, where that is missing, to
    the larger of its breakdowns). A row without any count is presence only and has no line; one that reports 0 has
    one line of 0. ``estimated`` marks cells that were allocated because a file gives groups and ages apart.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = _Columns(activities)
    declared, declared_given = columns["reached"]
    ages, ages_given = _sex_age(columns)
    by_group: dict[str, np.ndarray] = {}
    for name, code in GROUP_COLUMNS.items():
        by_group[code] = by_group.get(code, np.int64(0)) + columns[name][0]
    groups = np.stack([by_group[g] for g in GROUPS if g != UNSPECIFIED], axis=1)
    unsaid = by_group.get(UNSPECIFIED, np.zeros(len(activities), dtype=np.int64))
    groups_given = _any(tuple(columns[name][1] for name in GROUP_COLUMNS))
    total = np.where(declared_given, declared, np.maximum(ages.sum(axis=1), groups.sum(axis=1) + unsaid))
    counted = declared_given | ages_given | groups_given
    said = pc.if_else(pc.equal(activities["population_status"], ""), None, activities["population_status"])
    status = np.asarray(pc.fill_null(said, UNSPECIFIED).to_pylist(), dtype=object)
    ids = np.asarray(activities["activity_id"].to_pylist(), dtype=object)
    ages = _fitted(total, ages)

    found: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    names = np.asarray(SEX_AGE, dtype=object)
    # Rows of one group: what the file says is what stands.
    one = np.flatnonzero(counted & ~groups_given)
    row, cell = np.nonzero(ages[one])
    row = one[row]
    found.append((ids[row], status[row], names[cell], ages[row, cell], np.zeros(len(row), dtype=bool)))
    # Rows of several groups: groups and ages are crossed.
    many = np.flatnonzero(counted & groups_given)
    margin = _fitted(total[many], groups[many])
    table = cross(ages[many], margin)
    row, cell, group = np.nonzero(table)
    guessed = ((ages[many] > 0).sum(axis=1) > 1) & ((margin > 0).sum(axis=1) > 1)
    group_names = np.asarray([*(g for g in GROUPS if g != UNSPECIFIED), UNSPECIFIED], dtype=object)
    found.append((ids[many][row], group_names[group], names[cell], table[row, cell, group], guessed[row]))
    # A report of nobody is a report.
    zero = np.flatnonzero(counted & (total == 0))
    group_of_zero = np.where(groups_given[zero], UNSPECIFIED, status[zero])
    nobody = np.zeros(len(zero), dtype=np.int64)
    found.append((ids[zero], group_of_zero, np.full(len(zero), UNSPECIFIED, dtype=object), nobody, nobody > 0))

    parts = [np.concatenate(p) for p in zip(*found, strict=True)]
    types = (pa.string(), pa.string(), pa.string(), pa.int64(), pa.bool_())
    fields = ("activity_id", "population_status", "sex_age", "reached", "estimated")
    return pa.table({f: pa.array(p, t) for f, p, t in zip(fields, parts, types, strict=True)})
