"""Words: free text never passes. What is published is a template over released cells; what is kept is looked over first.

``detect`` finds what could name or locate a person in a narrative, before it is saved. ``render`` resolves the
placeholders of a sentence against released cells. ``check_editorial`` looks over the editorial texts of a release.
"""

from danbe.protect.reasons_text import TextReason
from danbe.protect.text.cells import Cell, ReleasedCells
from danbe.protect.text.detect import Finding, detect
from danbe.protect.text.editorial import check_editorial, check_folder, settle_folder
from danbe.protect.text.template import render

__all__ = [
    "Cell",
    "Finding",
    "ReleasedCells",
    "TextReason",
    "check_editorial",
    "check_folder",
    "detect",
    "render",
    "settle_folder",
]
