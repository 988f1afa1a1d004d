"""Releases to approve: the fictional snapshot and figures of ``tests.publish.world`` in the data folder of a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.publish.world import COUNTRY, ORGANISATIONS, figure_rows, make_figures, make_snapshot


def snapshot(data: Path, user: Any, number: int = 1, **changes: Any) -> Any:
    """The ``number``-th snapshot: each has another month of completeness reported, and nothing else changed.

    ``changes`` spoil the first row of a table: ``presence={"aor": "Un nom"}``.
    """
    from danbe.curate.models import Snapshot

    people = [
        {"organisation_id": k, "acronym": a, "name": f"{n} {number}", "organisation_type": t, "verified": True}
        for k, (a, n, t) in ORGANISATIONS.items()
    ]
    folder = make_snapshot(data / "snapshots", organisations=people)
    tables = {name: [r for r in rows if _near(r)] for name, rows in figure_rows().items()}
    for month in tables["completeness"][: number - 1]:
        month |= {"received": 4, "rate": 1.0}
    for name, spoiled in changes.items():
        tables[name][0] |= spoiled
    make_figures(data / "figures", folder, tables)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return Snapshot.objects.create(snapshot_id=folder.name, user=user, manifest=manifest)


def _near(row: dict[str, Any]) -> bool:
    """The country and one region: enough to hide cells in, quick to prove."""
    return "place" not in row or row["place"] == COUNTRY or row["place"].startswith("2021:ML05")


def figures_are_there(monkeypatch: Any) -> None:
    """The figures of these snapshots are made up, not worked out."""
    monkeypatch.setattr("danbe.analyse.compute.compute", lambda folder, root: root / folder.name)
    monkeypatch.setattr("danbe.web.queries.releases._causes", lambda *_: {})


def drafted(user: Any, of: Any, **options: Any) -> Any:
    """The release of a snapshot after the gate, waiting for approvals."""
    from danbe.web.actions.releases import pass_gate, start_draft

    draft = pass_gate(user, start_draft(user, of, options))
    assert draft.state == "passed", draft.reasons
    return draft.release


def light_site(release: Path, out: Path, *, signer: Any = None, **_options: Any) -> Any:
    """One page and the open data instead of the whole site, whose pages ``tests/publish`` look at."""
    from danbe.publish import data
    from danbe.publish.release import Release
    from danbe.publish.site import build

    (out / "fr").mkdir(parents=True)
    (out / "fr" / "index.html").write_text("<p>une</p>", "utf-8")
    data.export(Release(release), out / "data", signer)
    if faults := build.problems(out):
        raise build.SiteError("\n".join(faults))
    return build.SiteReport(out)
