"""A figure that changed between two releases, in words: what it counts, where, before, after, and what made it change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.change import is_ratio, pair, share

if TYPE_CHECKING:
    from danbe.web.queries.releases_words import Words


@dataclass(frozen=True)
class Told:
    """``causes`` are short («lignes ajoutées : +1 300»), in the order in which they were put in."""

    label: str
    where: str
    old: str
    new: str
    causes: tuple[str, ...]


def told(words: Words, figure: dict[str, Any], language: str) -> Told:
    """A figure of ``queries.releases.difference`` for a person to read."""
    from danbe.analyse.diff import cause_label

    dims = dict(figure["dimensions"])
    indicator = dims.pop("indicator", None)
    ratio = is_ratio(indicator or figure["measure"])
    label = (
        words.value("indicator", indicator, language)
        if indicator
        else FIGURES[figure["table"]][figure["measure"]].label(language)
    )
    old, new = pair(figure["old"], figure["new"], ratio, language)
    colon = " : " if language == "fr" else ": "
    causes = tuple(
        f"{cause_label(c, language)}{colon}{share(v, ratio, language)}" for c, v in (figure.get("causes") or {}).items()
    )
    return Told(label, words.cell(dims, language), old, new, causes)
