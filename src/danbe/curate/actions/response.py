"""The verbs of a 5W import, as commands and screens call them; what they write is in ``batches``."""

from __future__ import annotations

from danbe.curate.actions.batches import Refused, nil_report, open_batch, undo
from danbe.curate.response.importing import commit_import, import_workbook, start_import
from danbe.curate.response.options import ImportOptions

__all__ = [
    "ImportOptions",
    "Refused",
    "commit_import",
    "import_workbook",
    "nil_report",
    "open_batch",
    "start_import",
    "undo",
]
