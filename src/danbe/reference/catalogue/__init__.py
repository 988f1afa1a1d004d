"""The dataset catalogue: the one place where the columns of Danbe's tables are declared.

Template, column matching, validators, Parquet schema, HXL tags, data dictionary and Table Schema are derived from it;
see ``derive.py``. Adding a column here is all it takes, and a test holds that.
"""

from danbe.reference.catalogue.activities import ACTIVITIES
from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.registers import INDICATORS, ORGANISATIONS, PEOPLE_IN_NEED, PLACES, REPORTS, TARGETS

DATASETS: dict[str, Dataset] = {
    d.name: d for d in (ACTIVITIES, ORGANISATIONS, PLACES, INDICATORS, TARGETS, PEOPLE_IN_NEED, REPORTS)
}

__all__ = [
    "ACTIVITIES",
    "DATASETS",
    "INDICATORS",
    "ORGANISATIONS",
    "PEOPLE_IN_NEED",
    "PLACES",
    "REPORTS",
    "TARGETS",
    "Column",
    "Dataset",
]
