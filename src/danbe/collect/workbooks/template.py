"""The partner's 5W workbook, written from the catalogue: entry sheet, instructions, lists behind its drop-downs."""

from __future__ import annotations

from pathlib import Path

from danbe.collect.workbooks.template_context import (
    TEMPLATE_VERSION,
    IndicatorLine,
    TemplateContext,
    TemplateMarks,
    catalogue_hash,
)

__all__ = ["TEMPLATE_VERSION", "IndicatorLine", "TemplateContext", "TemplateMarks", "catalogue_hash", "read_marks", "write_template"]


def write_template(path: Path, context: TemplateContext) -> Path:
    """Writes the workbook and returns its path. The same context gives the same bytes."""
    raise NotImplementedError


def read_marks(path: Path) -> TemplateMarks | None:
    """What the template says of itself (its custom properties and the «rien à signaler» box); ``None`` if it is no template."""
    raise NotImplementedError
