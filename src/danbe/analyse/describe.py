"""The declared figures as a page: what each is, its formula, and the table it stands in."""

from __future__ import annotations

from danbe.analyse.compute import indicators_of
from danbe.analyse.indicator import INDICATORS
from danbe.reference.catalogue.figures import FIGURES, dimensions, measures


def declared_markdown() -> str:
    """All declared figures and figure tables, in English and French, as Markdown."""
    lines = ["# Declared figures / Chiffres déclarés", "", "How they are worked out: [figures.md](figures.md).", ""]
    # In the order of the tables that show them, whatever was imported first.
    for i in (INDICATORS[id] for id in dict.fromkeys(i for name in FIGURES for i in indicators_of(name))):
        tables = ", ".join(f"`{name}`" for name in FIGURES if i.id in indicators_of(name))
        lines += [
            f"## `{i.id}`",
            "",
            f"**{i.en}** / **{i.fr}** ({i.unit}; {i.period_logic}), in {tables}.",
            "",
            f"`{i.formula}`",
            "",
            i.definition_en,
            "",
            i.definition_fr,
            "",
            f"Source: {i.source}.",
            "",
        ]
    lines += ["# Tables", "", "| Table | Dimensions | Measures |", "|---|---|---|"]
    for dataset in FIGURES.values():
        lines.append(f"| `{dataset.name}` | {', '.join(dimensions(dataset))} | {', '.join(measures(dataset))} |")
    return "\n".join([*lines, ""])
