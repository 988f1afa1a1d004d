"""Making an extract: refuse, group (global recoding), blank (local suppression), look for special uniques, measure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from danbe.protect.microdata.checks import as_key, declaration_reasons, group_reasons
from danbe.protect.microdata.classes import BLANK, blank, diversity, failing, groups
from danbe.protect.microdata.declaration import ALL, Declaration, Quasi
from danbe.protect.microdata.margins import Key, MarginCell, margin_cells
from danbe.protect.microdata.risk import HDX_BENCHMARK, Risk, measure_risk
from danbe.protect.microdata.suda import Suda, suda
from danbe.protect.reasons import Refused
from danbe.protect.reasons_records import RecordReason
from danbe.reference.catalogue.column import Dataset

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Extract:
    """``table``: what may leave, in an order that tells nothing of the source's. ``levels``: the level each column was
    grouped to. ``loss``: share of the quasi-identifiers' detail given up (0 none, 1 all). ``blanked``: values blanked
    by column; ``dropped``: records left out whole. ``before``, ``after``: special uniques of the source at the finest
    level that may leave, and of the extract with its sensitive columns. ``margins``: cells for the linked system."""

    table: pa.Table
    levels: dict[str, str]
    loss: float
    blanked: dict[str, int]
    dropped: int
    risk: Risk
    risk_before: Risk
    before: Suda
    after: Suda
    margins: dict[Key, MarginCell]

    def facts(self) -> dict[str, Any]:
        """The report that stands beside the extract and in the release's audit."""
        return {
            "rows": self.table.num_rows,
            "dropped": self.dropped,
            "blanked": self.blanked,
            "levels": self.levels,
            "information_loss": round(self.loss, 4),
            "smallest_class": self.risk.smallest,
            "expected_reidentifications": round(self.risk.expected, 2),
            "global_risk": round(self.risk.share, 5),
            "global_risk_before": round(self.risk_before.share, 5),
            "benchmark": HDX_BENCHMARK,
            "special_uniques_before": self.before.uniques,
            "special_uniques": self.after.uniques,
        }


@dataclass(frozen=True)
class _Column:
    """A quasi-identifier as codes: ``leaf`` (n) numbers its values; per level the group of each value and the level's
    loss for each value (share of the other values it can no longer be told from)."""

    quasi: Quasi
    leaf: np.ndarray
    names: list[list[Any]]
    maps: list[np.ndarray]
    losses: list[float]


def make_extract(table: pa.Table, declaration: Declaration, dataset: Dataset, seed: int = 1) -> Extract:
    """The extract of ``table`` (one row a record) that keeps most detail within the thresholds.

    All combinations of levels are tried in order of what they lose, until one's loss, blanks included, is below what
    any other could have: the smallest loss there is under local suppression as done here. Raises ``Refused``.
    """
    reasons = declaration_reasons(declaration, dataset, table)
    reasons = reasons or group_reasons(declaration, table)
    if reasons:
        raise Refused(list(reasons))
    columns = [_column(q, [as_key(v) for v in table.column(q.column).to_pylist()]) for q in declaration.quasi]
    labels = [sorted(set(table.column(s).to_pylist()) - {None}, key=str) for s in declaration.sensitive]
    sensitive = np.array(
        [[{v: i for i, v in enumerate(names)}.get(v, BLANK) for v in table.column(s).to_pylist()] for s, names in zip(declaration.sensitive, labels, strict=True)],
        dtype=np.int64,
    ).reshape(len(labels), table.num_rows).T  # fmt: skip
    weights = _weights(table, declaration.weight_column)
    finest = np.stack([c.maps[c.quasi.hierarchy.lowest][c.leaf] for c in columns], axis=1)
    node, codes, kept = _search(declaration, columns, sensitive, weights)
    codes, sensitive = codes[kept], sensitive[kept].copy()
    shown = [i for i, level in enumerate(node) if level < len(columns[i].quasi.hierarchy.levels)]
    after = _blank_special(codes[:, shown], sensitive, declaration)
    released = _table(columns, node, shown, codes, declaration.sensitive, labels, sensitive, seed)
    levels = {c.quasi.column: (*c.quasi.hierarchy.levels, ALL)[level] for c, level in zip(columns, node, strict=True)}
    blanked = {name: released.column(name).null_count - _missing(table, name, kept) for name in released.column_names}
    open_columns = frozenset(name for name in released.column_names if released.column(name).null_count)
    names = {name: _dimension(name, levels.get(name), columns) for name in released.column_names}
    return Extract(
        released,
        levels,
        _loss(declaration, columns, node, codes, len(kept)),
        {name: n for name, n in blanked.items() if n},
        int((~kept).sum()),
        measure_risk(codes[:, shown], None if weights is None else weights[kept]),
        measure_risk(finest, weights),
        suda(finest, declaration.suda),
        after,
        margin_cells(released, names, int((~kept).sum()), open_columns),
    )


def _dimension(name: str, level: str | None, columns: list[_Column]) -> str:
    own = next((c.quasi.hierarchy.levels[0] for c in columns if c.quasi.column == name), None)
    return name if level in (None, own) else f"{name}@{level}"


def _missing(table: pa.Table, name: str, kept: np.ndarray) -> int:
    import pyarrow as pa

    return int(table.column(name).filter(pa.array(kept)).null_count)


def _weights(table: pa.Table, column: str) -> np.ndarray | None:
    return np.array(table.column(column).to_pylist(), dtype=float) if column else None


def _column(quasi: Quasi, values: list[Any]) -> _Column:
    leaves = sorted(set(values) - {None}, key=str)
    place = {v: i for i, v in enumerate(leaves)}
    leaf = np.array([place.get(v, BLANK) for v in values], dtype=np.int64)
    share = np.bincount(leaf[leaf != BLANK], minlength=len(leaves)) / max(len(values), 1)
    names, maps, losses = [], [], []
    for level in quasi.hierarchy.levels:
        group = [quasi.hierarchy.at(level, v) for v in leaves]
        known = list(dict.fromkeys(group))
        number = np.array([known.index(g) for g in group] or [], dtype=np.int64)
        sizes = np.bincount(number, minlength=len(known))
        names.append(known)
        # The entry past the end is that of a missing value (leaf -1).
        maps.append(np.append(number, BLANK))
        losses.append(float((share * (sizes[number] - 1)).sum() / max(len(leaves) - 1, 1)) if len(leaves) else 0.0)
    names.append([None])
    maps.append(np.full(len(leaves) + 1, BLANK))
    losses.append(1.0)
    return _Column(quasi, leaf, names, maps, losses)


def _search(
    declaration: Declaration, columns: list[_Column], sensitive: np.ndarray, weights: np.ndarray | None
) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
    """The levels, codes and kept records of least loss (normalised certainty penalty, Xu et al. 2006)."""
    n = len(columns[0].leaf) if columns else 0
    importance = np.array([c.quasi.weight for c in columns])
    total = importance.sum()
    ranges = [range(c.quasi.hierarchy.lowest, len(c.quasi.hierarchy.levels) + int(c.quasi.droppable)) for c in columns]
    nodes = sorted(
        (sum(c.losses[x] * c.quasi.weight for c, x in zip(columns, node, strict=True)) / total, node)
        for node in product(*ranges)
    )
    best: tuple[float, tuple[int, ...], np.ndarray, np.ndarray] | None = None
    lowest_risk = 1.0
    reached = False
    for base, node in nodes:
        if best is not None and base >= best[0]:
            break
        codes = np.stack([c.maps[x][c.leaf] for c, x in zip(columns, node, strict=True)], axis=1)
        blanked, kept = blank(codes, sensitive, importance, declaration.k, declaration.l)
        touched = ~kept | (blanked != codes).any(axis=1)
        if not kept.any() or touched.sum() > declaration.max_suppressed * n:
            continue
        reached = True
        risk = measure_risk(blanked[kept], None if weights is None else weights[kept])
        lowest_risk = min(lowest_risk, risk.share)
        if declaration.max_risk is not None and risk.share > declaration.max_risk:
            continue
        loss = _loss(declaration, columns, node, blanked[kept], n)
        if best is None or loss < best[0]:
            best = (loss, node, blanked, kept)
    if best is None:
        if not reached:
            raise Refused([RecordReason("microdata.k_infeasible", {"k": declaration.k, "rows": n})])
        details = {"risk": f"{lowest_risk:.1%}", "limit": f"{declaration.max_risk:.1%}"}
        raise Refused([RecordReason("microdata.risk", details)])
    return best[1:]


def _loss(
    declaration: Declaration, columns: list[_Column], node: tuple[int, ...], codes: np.ndarray, rows: int
) -> float:
    """The weighted share of detail lost over ``rows`` source records; a blank or dropped value is lost whole."""
    total = sum(c.quasi.weight for c in columns)
    lost = 0.0
    for i, (column, level) in enumerate(zip(columns, node, strict=True)):
        blanks = int((codes[:, i] == BLANK).sum()) + rows - len(codes)
        share = blanks / rows if level < len(column.quasi.hierarchy.levels) else 1.0
        lost += column.quasi.weight * (share + (1 - share) * column.losses[level])
    return lost / total


def _blank_special(codes: np.ndarray, sensitive: np.ndarray, declaration: Declaration) -> Suda:
    """Blanks, in place, the sensitive values by which a record is alone in up to ``special`` released columns.

    A class left with fewer than l values of a column loses the rest of them. Ends because it only ever blanks.
    """
    first = codes.shape[1]
    within = range(first, first + sensitive.shape[1])
    while True:
        found = suda(np.hstack([codes, sensitive]), declaration.special, within=within)
        alone = found.smallest > 0
        number, sizes = groups(codes)
        changed = bool(alone.any())
        sensitive[alone] = BLANK
        for column in sensitive.T:
            poor = diversity(number, column, len(sizes))[number] < declaration.l if len(sizes) else np.zeros(0, bool)
            changed |= bool((column[poor] != BLANK).any())
            column[poor] = BLANK
        if not changed:
            return found


def _table(
    columns: list[_Column],
    node: tuple[int, ...],
    shown: list[int],
    codes: np.ndarray,
    sensitive_names: tuple[str, ...],
    labels: list[list[Any]],
    sensitive: np.ndarray,
    seed: int,
) -> pa.Table:
    """The records as values, shuffled: the order of the source may be that of arrival."""
    import pyarrow as pa

    order = np.random.default_rng(seed).permutation(len(codes))
    out: dict[str, Any] = {}
    for i in shown:
        names = columns[i].names[node[i]]
        out[columns[i].quasi.column] = pa.array(
            [None if c == BLANK else str(names[c]) for c in codes[order, i]], pa.string()
        )
    for j, name in enumerate(sensitive_names):
        out[name] = pa.array([None if c == BLANK else str(labels[j][c]) for c in sensitive[order, j]], pa.string())
    return pa.table(out)


def holds(extract: Extract, declaration: Declaration) -> bool:
    """Whether the extract, read as a stranger would, has the k and l it was declared with."""
    quasi = [c for c in extract.table.column_names if extract.levels.get(c)]
    code = {c: {v: i for i, v in enumerate(dict.fromkeys(extract.table.column(c).to_pylist())) if v is not None} for c in extract.table.column_names}  # fmt: skip
    read = {c: np.array([code[c].get(v, BLANK) for v in extract.table.column(c).to_pylist()], np.int64) for c in code}
    if not extract.table.num_rows:
        return True
    codes = np.stack([read[c] for c in quasi], axis=1)
    sensitive = np.stack([read[c] for c in declaration.sensitive], axis=1) if declaration.sensitive else np.zeros((len(codes), 0), np.int64)  # fmt: skip
    return not failing(codes, sensitive, declaration.k, declaration.l).any()
