"""Words: free text never passes. What is published is a template over released cells; what is kept is looked over first.

``render`` resolves the placeholders of a sentence against released cells. ``check_editorial`` looks over the editorial
texts of a release; what could name or locate a person in them is found by ``reference.personal``.
"""

from danbe.protect.reasons_text import TextReason
from danbe.protect.text.cells import Cell, ReleasedCells
from danbe.protect.text.editorial import check_editorial, check_folder, reason_of, settle_folder
from danbe.protect.text.template import render

__all__ = [
    "Cell",
    "ReleasedCells",
    "TextReason",
    "check_editorial",
    "check_folder",
    "reason_of",
    "render",
    "settle_folder",
]
