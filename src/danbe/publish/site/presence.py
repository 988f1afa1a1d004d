"""Who is where: the presence matrix, one readable table for each region, and the list of organisations."""

from __future__ import annotations

from typing import Any

from danbe.publish.release import Row, aor_name
from danbe.publish.site.figures import AOR, ORGANISATION, PLACE, Figure, Scope, measure
from danbe.reference.catalogue.figures import TOTAL


def matrix(scope: Scope, region: Row) -> dict[str, Any] | None:
    """The arguments of the component ``matrix`` for a region: organisations in rows, its cercles in columns.

    A cell counts the months in which the organisation was active in the cercle, all areas together.
    """
    cercles = scope.release.cercles(region["place_id"])
    inside = {c["place_id"] for c in cercles}
    found = [r for r in _rows(scope) if r["place"] in inside]
    if not found:
        return None
    cells: dict[tuple[str, str], int] = {}
    for row in found:
        key = (row["organisation_id"], row["place"])
        # TOTAL where the table has it; else the busiest area, since months of two areas may be the same months.
        cells[key] = max(cells.get(key, 0), row["months_active"] or 0)
    names = sorted({r["organisation_id"] for r in found}, key=lambda o: scope.release.organisation_name(o).casefold())
    return {
        "region": region,
        "rows": [(o, scope.release.organisation_name(o)) for o in names],
        "columns": [(c["place_id"], c["name"]) for c in cercles],
        "cells": cells,
    }


def _rows(scope: Scope) -> list[Row]:
    return scope.release.rows("presence_matrix", period=scope.release.span)


def matrix_figure(scope: Scope) -> Figure:
    """The matrix as a table: organisation, cercle, area, activities, months."""
    inside = {c["place_id"]: c["name"] for c in scope.cercles}
    rows = [
        [scope.release.organisation_name(r["organisation_id"]), inside[r["place"]], aor_name(r["aor"], scope.language),
         r["activities"], r["months_active"]]
        for r in _rows(scope) if r["place"] in inside and r["aor"] != TOTAL
    ]  # fmt: skip
    rows.sort(key=lambda r: [str(x) for x in r[:3]])
    columns = (
        ORGANISATION,
        PLACE,
        AOR,
        measure("presence_matrix", "activities"),
        measure("presence_matrix", "months_active"),
    )
    return Figure("presence", scope._("Qui est où"), columns, rows, scope.source)


def organisations(scope: Scope) -> list[dict[str, Any]]:
    """The organisations present in the place: name, type, number of cercles."""
    from danbe.reference.codelists import codelist

    inside = {c["place_id"] for c in scope.cercles}
    where: dict[str, set[str]] = {}
    for row in _rows(scope):
        if row["place"] in inside:
            where.setdefault(row["organisation_id"], set()).add(row["place"])
    found = []
    for organisation_id, places in where.items():
        item = scope.release.organisations[organisation_id]
        kind = item["organisation_type"]
        found.append(
            {
                "acronym": item["acronym"] or "",
                "name": item["name"],
                "type": codelist("org_type").label(kind, scope.language) if kind else "",
                "cercles": len(places),
            }
        )
    return sorted(found, key=lambda o: (o["acronym"] or o["name"]).casefold())
