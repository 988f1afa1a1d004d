"""What refuses an extract before a record of it is looked at, and what its records must not contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from danbe.protect.microdata.declaration import Declaration
from danbe.protect.reasons_records import RecordReason
from danbe.reference.catalogue.column import Dataset

if TYPE_CHECKING:
    import pyarrow as pa

# Lists of types that exist for these two fields alone: a dataset that carries one is theirs (field brief §3).
FORBIDDEN_LISTS = frozenset({"gbvims_type", "mrm_violation", "cp_concern", "aor_module"})
# Codes of mixed datasets by which a record is one of gender-based violence or of child protection.
FORBIDDEN_CODES: dict[str, frozenset[str]] = {
    "aor": frozenset({"SCVBG", "SCPE"}),
    "violation_category_v2020": frozenset({"VSLC"}),
}
FORBIDDEN_DATASETS = frozenset({"aor_aggregates"})
# Cross-tabs by age or perpetrator take the threshold of ten (field brief §3).
TEN_LISTS = frozenset({"age_group", "sex_age", "perpetrator_category"})
# A hierarchy that knows one of these levels may not leave finer than it.
FLOORS = ("region", "quarter", "group")
LEAST_K = 5


def declaration_reasons(declaration: Declaration, dataset: Dataset, table: pa.Table) -> list[RecordReason]:
    """Every reason why the extract may not be made of ``table``, empty when it may be tried."""
    reasons = list(_forbidden(declaration, dataset, table))
    least = LEAST_K
    wanted = {c for c in (*declaration.columns, declaration.weight_column) if c}
    for name in sorted(wanted):
        if name not in dataset or name not in table.column_names:
            reasons.append(RecordReason("microdata.unknown_column", {"column": name, "dataset": dataset.name}))
            continue
        column = dataset[name]
        if column.sensitivity > declaration.max_sensitivity:
            reasons.append(
                RecordReason(
                    "microdata.sensitivity",
                    {"column": name, "sensitivity": column.sensitivity, "limit": declaration.max_sensitivity},
                )
            )
        if column.codelist in TEN_LISTS:
            least = 10
        if name in declaration.sensitive and column.kind not in ("code", "boolean"):
            reasons.append(RecordReason("microdata.free_text", {"column": name}))
    for quasi in declaration.quasi:
        kind = dataset[quasi.column].kind if quasi.column in dataset else ""
        if kind == "text" and len(quasi.hierarchy.levels) == 1:
            reasons.append(RecordReason("microdata.free_text", {"column": quasi.column}))
        floors = [quasi.hierarchy.levels.index(f) for f in FLOORS if f in quasi.hierarchy.levels]
        if kind in ("date", "month") and "quarter" not in quasi.hierarchy.levels:
            floors.append(len(quasi.hierarchy.levels))
        if floors and quasi.hierarchy.lowest < max(floors):
            allowed = (*quasi.hierarchy.levels, "quarter")[max(floors)]
            level = quasi.hierarchy.levels[quasi.hierarchy.lowest]
            reasons.append(
                RecordReason("microdata.too_fine", {"column": quasi.column, "level": level, "allowed": allowed})
            )
    if declaration.k < least:
        reasons.append(RecordReason("microdata.k_low", {"k": declaration.k, "least": least}))
    return reasons


def _forbidden(declaration: Declaration, dataset: Dataset, table: pa.Table) -> Iterator[RecordReason]:
    if declaration.dataset in FORBIDDEN_DATASETS or dataset.name in FORBIDDEN_DATASETS:
        yield RecordReason("microdata.forbidden", {"what": dataset.name})
        return
    for column in dataset.columns:
        if column.codelist in FORBIDDEN_LISTS:
            yield RecordReason("microdata.forbidden", {"what": column.name})
        elif column.codelist in FORBIDDEN_CODES and column.name in table.column_names:
            held = set(table.column(column.name).to_pylist()) & FORBIDDEN_CODES[column.codelist]
            for code in sorted(held):
                yield RecordReason("microdata.forbidden", {"what": f"{column.name} = {code}"})


def group_reasons(declaration: Declaration, table: pa.Table) -> list[RecordReason]:
    """Values that have no group at a level they may be given at."""
    reasons = []
    for quasi in declaration.quasi:
        values = set(table.column(quasi.column).to_pylist()) - {None}
        for level in quasi.hierarchy.levels[1:]:
            lost = sorted((v for v in values if as_key(v) not in quasi.hierarchy.groups[level]), key=str)
            if lost:
                reasons.append(
                    RecordReason(
                        "microdata.no_group", {"column": quasi.column, "level": level, "value": as_key(lost[0])}
                    )
                )
    return reasons


def as_key(value: Any) -> Any:
    """A value as hierarchies know it: dates as text."""
    return value.isoformat()[:10] if hasattr(value, "isoformat") else value
