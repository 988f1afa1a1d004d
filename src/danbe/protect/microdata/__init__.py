"""An extract of records fit to leave: grouped, k-anonymous, diverse, without special uniques, or refused with the reason.

None for gender-based violence and child protection. ``extract.make_extract`` is the way in.
"""

from danbe.protect.microdata.declaration import ALL, Declaration, Hierarchy, Quasi, place_hierarchy, time_hierarchy
from danbe.protect.microdata.extract import Extract, make_extract
from danbe.protect.microdata.margins import MarginCell, margin_cells
from danbe.protect.microdata.risk import HDX_BENCHMARK, Risk, measure_risk
from danbe.protect.microdata.suda import Suda, suda

__all__ = [
    "ALL",
    "HDX_BENCHMARK",
    "Declaration",
    "Extract",
    "Hierarchy",
    "MarginCell",
    "Quasi",
    "Risk",
    "Suda",
    "make_extract",
    "margin_cells",
    "measure_risk",
    "place_hierarchy",
    "suda",
    "time_hierarchy",
]
