"""What a declaration is made of. A dataset is declared once, here; everything else about its columns is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["text", "integer", "decimal", "boolean", "month", "date", "code"]
Role = Literal["key", "dimension", "count", "amount", "attribute"]


@dataclass(frozen=True)
class Column:
    """One column of a dataset.

    ``sensitivity`` is 0 public, 1 restricted to the cluster, 2 confidential; 3 is never stored.
    ``synonyms`` are the headers partners use for it, in any language; one that begins with # is an HXL tag. ``facet`` says which part of ``facet_of`` a
    count holds: {"sex": "F", "age": "0-5"} or {"population_status": "PDI"}; age "*" marks the total of a sex.
    ``asked`` columns stand in the partner's template; ``derived`` ones are worked out by Danbe and never read from a file.
    """

    name: str
    fr: str
    en: str
    kind: Kind = "text"
    hxl: str = ""
    role: Role = "attribute"
    unit: str = ""
    codelist: str = ""
    sensitivity: int = 0
    required: bool = False
    asked: bool = False
    derived: bool = False
    synonyms: tuple[str, ...] = ()
    facet: tuple[tuple[str, str], ...] = ()
    facet_of: str = ""
    help_fr: str = ""
    help_en: str = ""

    def __post_init__(self) -> None:
        if self.sensitivity not in (0, 1, 2):
            raise ValueError(f"{self.name}: sensitivity {self.sensitivity} cannot be stored; use 0, 1 or 2")
        if (self.kind == "code") != bool(self.codelist):
            raise ValueError(f"{self.name}: a column of kind 'code' names its code list, and no other does")

    def label(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def help(self, language: str) -> str:
        return self.help_fr if language == "fr" else self.help_en

    @property
    def is_number(self) -> bool:
        return self.kind in ("integer", "decimal")


@dataclass(frozen=True)
class Dataset:
    """A table the cluster holds: its columns in order, its key, and what it is in both languages."""

    name: str
    fr: str
    en: str
    about_fr: str
    about_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    source: str = ""
    _: None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        names = [c.name for c in self.columns]
        twice = {n for n in names if names.count(n) > 1}
        if twice or not set(self.key) <= set(names):
            raise ValueError(f"{self.name}: repeated columns {sorted(twice)} or key {self.key} outside the columns")

    def label(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def about(self, language: str) -> str:
        return self.about_fr if language == "fr" else self.about_en

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_name

    @cached_property
    def asked(self) -> tuple[Column, ...]:
        """The columns of the partner's template, in order."""
        return tuple(c for c in self.columns if c.asked)

    @cached_property
    def readable(self) -> tuple[Column, ...]:
        """The columns a file can hold: all but the derived ones."""
        return tuple(c for c in self.columns if not c.derived)

    def facets(self, of: str) -> tuple[Column, ...]:
        """The counts that are parts of the count ``of`` (sex and age, or population groups)."""
        return tuple(c for c in self.columns if c.facet_of == of)
