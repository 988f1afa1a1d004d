"""What the partner's template is made from: an organisation, a month, its indicators, the places, rows to prefill.

Plain values: whoever asks for a template (a command, a screen, the demonstration) fills them in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from danbe.reference.catalogue import ACTIVITIES, Dataset
from danbe.reference.geography import Unit

# Raised when the layout changes in a way that a reader of old templates must know.
TEMPLATE_VERSION = "1"

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """A line of the results framework as the drop-downs offer it; ``aor``, ``objective`` and ``unit`` are codes."""

    indicator_id: str
    aor: str
    objective: str
    activity: str
    name: str
    unit: str = "PERS"


@dataclass(frozen=True)
class TemplateContext:
    """Everything ``write_template`` needs.

    ``organisation`` is the name the rows will bear (acronym, or name), ``month`` 'YYYY-MM', ``places`` the regions,
    cercles and communes of the current division. ``rows`` are written as they stand, by catalogue name: labels of
    code lists in ``language``, ISO dates; last month's projects with their counts left out, or a whole report.
    ``notice`` is shown in red on every sheet («données synthétiques»).
    """

    organisation: str
    month: str
    indicators: tuple[IndicatorLine, ...]
    places: tuple[Unit, ...]
    organisation_name: str = ""
    rows: tuple[Row, ...] = ()
    nothing_to_report: bool = False
    partners: tuple[str, ...] = ()
    dataset: Dataset = ACTIVITIES
    language: str = "fr"
    notice: str = ""
    empty_rows: int = 300


@dataclass(frozen=True, slots=True)
class TemplateMarks:
    """What a template says of itself when it comes back: read by ``template.read_marks``."""

    version: str
    catalogue: str
    organisation: str
    month: str
    nothing_to_report: bool


def catalogue_hash(dataset: Dataset) -> str:
    """Twelve hex digits that change when the columns asked, their labels, tags or lists change."""
    from danbe.reference.codelists import codelist

    told = [
        (c.name, c.fr, c.en, c.kind, c.hxl, [i.code for i in codelist(c.codelist).items] if c.codelist else [])
        for c in dataset.asked
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
