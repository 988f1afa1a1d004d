"""The dataset catalogue: the one place where the columns of Danbe's tables are declared.

Template, column matching, validators, Parquet schema, HXL tags, data dictionary and Table Schema are derived from it;
see ``derive.py``. Adding a column here is all it takes, and a test holds that.
"""

from danbe.reference.catalogue.activities import ACTIVITIES
from danbe.reference.catalogue.aor_modules import MODULES
from danbe.reference.catalogue.cluster import CLUSTER_REGISTERS
from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.funding import FUNDING_REGISTERS
from danbe.reference.catalogue.incidents import INCIDENTS, RESPONSES, VICTIMS, VIOLATIONS
from danbe.reference.catalogue.movements import MOVEMENTS, STOCKS
from danbe.reference.catalogue.registers import INDICATORS, ORGANISATIONS, PEOPLE_IN_NEED, PLACES, REPORTS, TARGETS
from danbe.reference.catalogue.services import SERVICE_REGISTERS

MONITORING: dict[str, Dataset] = {
    d.name: d for d in (INCIDENTS, VIOLATIONS, VICTIMS, RESPONSES, MOVEMENTS, STOCKS, *MODULES.values())
}
"""The datasets of protection monitoring and movements. A snapshot made before they existed has none of them."""

LATER: dict[str, Dataset] = MONITORING | SERVICE_REGISTERS | FUNDING_REGISTERS | CLUSTER_REGISTERS
"""What a snapshot may lack, being made before Danbe held it."""

DATASETS: dict[str, Dataset] = {
    d.name: d for d in (ACTIVITIES, ORGANISATIONS, PLACES, INDICATORS, TARGETS, PEOPLE_IN_NEED, REPORTS)
} | LATER

__all__ = [
    "ACTIVITIES",
    "CLUSTER_REGISTERS",
    "DATASETS",
    "FUNDING_REGISTERS",
    "INCIDENTS",
    "INDICATORS",
    "LATER",
    "MONITORING",
    "MOVEMENTS",
    "ORGANISATIONS",
    "PEOPLE_IN_NEED",
    "PLACES",
    "REPORTS",
    "RESPONSES",
    "SERVICE_REGISTERS",
    "STOCKS",
    "TARGETS",
    "VICTIMS",
    "VIOLATIONS",
    "Column",
    "Dataset",
]
