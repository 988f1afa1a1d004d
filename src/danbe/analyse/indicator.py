"""How a figure is declared: one decorated function each, read by dashboards, documents, open data and docs alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

PeriodLogic = Literal["flow", "stock", "ratio", "cumulative"]


@dataclass(frozen=True)
class Indicator:
    """One declared figure.

    ``function`` turns an Ibis table (the relation named in its docstring) into an Ibis value, and is the only place
    where the figure is worked out. ``period_logic``: flows add up over months, stocks take the last, ratios are
    recomputed from numerator and denominator, cumulative ones run from the first month of the year.
    """

    id: str
    fr: str
    en: str
    unit: str
    numerator: str
    denominator: str
    period_logic: PeriodLogic
    dimensions: tuple[str, ...]
    definition_fr: str
    definition_en: str
    source: str
    function: Callable[..., Any]

    def label(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def definition(self, language: str) -> str:
        return self.definition_fr if language == "fr" else self.definition_en

    @property
    def formula(self) -> str:
        """The formula in words of the catalogue: «reached / target»."""
        return f"{self.numerator} / {self.denominator}" if self.denominator else self.numerator

    def declaration(self) -> dict[str, Any]:
        """The declaration as plain values, as it stands in ``figures.json`` and on public pages."""
        values = asdict(self)
        del values["function"]
        return {**values, "dimensions": list(self.dimensions), "formula": self.formula}


INDICATORS: dict[str, Indicator] = {}


def indicator(
    id: str,
    fr: str,
    en: str,
    *,
    unit: str,
    numerator: str,
    period_logic: PeriodLogic,
    definition_fr: str,
    definition_en: str,
    denominator: str = "",
    dimensions: tuple[str, ...] = (),
    source: str = "Cluster Protection, 5W",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declares the decorated function as the figure ``id``; raises ``ValueError`` when the id is taken."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        if id in INDICATORS:
            raise ValueError(f"the indicator {id!r} is declared twice")
        texts = (definition_fr, definition_en, source)
        INDICATORS[id] = Indicator(id, fr, en, unit, numerator, denominator, period_logic, dimensions, *texts, function)
        return function

    return declare
