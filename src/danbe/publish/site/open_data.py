"""The open-data page: each table with its files and its dictionary, from the catalogue and the files written."""

from __future__ import annotations

from typing import Any

from danbe.publish.data import File
from danbe.publish.data.columns import public_dataset, tables
from danbe.publish.data.export import SEALS
from danbe.publish.site.figures import Scope
from danbe.reference.codelists import codelist


def open_data(scope: Scope, files: list[File]) -> dict[str, Any]:
    """``datasets``: declaration, rows, files and columns of each table; ``whole``: files that hold several tables;
    ``seals``: what proves who approved them."""
    datasets = []
    for name in tables(scope.release):
        dataset = public_dataset(scope.release, name)
        mine = [f for f in files if f.dataset == name]
        datasets.append(
            {
                "name": name,
                "label": dataset.label(scope.language),
                "about": dataset.about(scope.language),
                "rows": len(scope.release.table(name)),
                "files": mine,
                "columns": [
                    {
                        "name": c.name,
                        "label": c.label(scope.language),
                        "help": c.help(scope.language),
                        "kind": c.kind,
                        "unit": c.unit,
                        "hxl": c.hxl,
                        "codes": [(i.code, i.label(scope.language)) for i in codelist(c.codelist).items]
                        if c.codelist
                        else [],
                    }
                    for c in dataset.columns
                ],
            }
        )
    hidden = "danbe-5w-en.xlsx" if scope.language == "fr" else "danbe-5w.xlsx"
    return {
        "datasets": datasets,
        "whole": [f for f in files if not f.dataset and f.path != hidden and f.path not in SEALS],
        "seals": [f for f in files if f.path in SEALS],
    }
