"""What follows from a declaration: Parquet schema, HXL tags, Table Schema, data dictionary, translations of headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.codelists import codelist

if TYPE_CHECKING:
    import pyarrow as pa

_TABLE_SCHEMA_TYPES = {
    "text": "string",
    "code": "string",
    "month": "yearmonth",
    "date": "date",
    "integer": "integer",
    "decimal": "number",
    "boolean": "boolean",
}


def arrow_field(column: Column) -> pa.Field:
    """The Parquet field of a column; months are text 'YYYY-MM', dates are date32, counts are int64."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "code": pa.string(),
        "month": pa.string(),
        "date": pa.date32(),
        "integer": pa.int64(),
        "decimal": pa.float64(),
        "boolean": pa.bool_(),
    }
    return pa.field(column.name, types[column.kind], metadata={"hxl": column.hxl, "fr": column.fr, "en": column.en})


def arrow_schema(dataset: Dataset) -> pa.Schema:
    """The Parquet schema of a dataset, one field per column, HXL tag and labels kept as metadata."""
    import pyarrow as pa

    return pa.schema([arrow_field(c) for c in dataset.columns], metadata={"dataset": dataset.name})


def hxl_tags(dataset: Dataset) -> list[str]:
    """The HXL tag of each column, in order (HXL 1.1 Final)."""
    return [c.hxl for c in dataset.columns]


def table_schema(dataset: Dataset, language: str = "fr") -> dict[str, Any]:
    """A Frictionless Table Schema (v1) of the dataset, code lists as enums."""
    fields = []
    for column in dataset.columns:
        constraints: dict[str, Any] = {"required": column.required}
        if column.codelist:
            constraints["enum"] = [i.code for i in codelist(column.codelist).items]
        if column.role == "count":
            constraints["minimum"] = 0
        fields.append(
            {
                "name": column.name,
                "title": column.label(language),
                "description": column.help(language),
                "type": _TABLE_SCHEMA_TYPES[column.kind],
                "hxl": column.hxl,
                "unit": column.unit,
                "constraints": constraints,
            }
        )
    return {"title": dataset.label(language), "fields": fields, "primaryKey": list(dataset.key), "missingValues": [""]}


def dictionary_markdown(dataset: Dataset, language: str) -> str:
    """The data dictionary of a dataset as a Markdown section."""
    heads = (
        ("Colonne", "Libellé", "Type", "Unité", "HXL", "Sensibilité")
        if language == "fr"
        else ("Column", "Label", "Type", "Unit", "HXL", "Sensitivity")
    )
    lines = [
        f"## {dataset.label(language)}",
        "",
        dataset.about(language),
        "",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for c in dataset.columns:
        kind = f"{c.kind} (`{c.codelist}`)" if c.codelist else c.kind
        lines.append(f"| `{c.name}` | {c.label(language)} | {kind} | {c.unit} | `{c.hxl}` | {c.sensitivity} |")
    return "\n".join([*lines, ""])
