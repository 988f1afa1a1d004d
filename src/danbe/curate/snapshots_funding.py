"""What a snapshot holds of funding: what stands for the country, and the contributions made to it. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from danbe.curate.queries.funding import aor_of, standing_flows, standing_lines

if TYPE_CHECKING:
    import pyarrow as pa

_FLOW = ("flow_id", "year", "donor", "fund", "recipient", "plan_name", "amount", "status", "day", "as_of")


def read_funding(table: Callable[..., pa.Table]) -> dict[str, pa.Table]:
    """``table`` makes an Arrow table of a dataset's rows."""
    lines = [{**asdict(line), "funding_id": f"{line.year}-{line.part}"} for line in standing_lines()]
    flows = [{**{f: getattr(row, f) for f in _FLOW}, "part": aor_of(row.clusters)} for row in standing_flows()]
    return {"funding": table("funding", lines), "funding_flows": table("funding_flows", flows)}
