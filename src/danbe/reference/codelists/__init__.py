"""Code lists in French and English, each with its standard and, item by item, its source.

``field.json`` holds the lists of the protection field, ``danbe.json`` the few that Danbe adds to carry the 5W row,
``monitoring.json`` those of incidents, movements and AoR modules, ``services.json`` those of services and mechanisms.
``src`` of an item: S = stated in a cited source, K = field knowledge to be validated by the cluster.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from danbe.reference.text import search_key

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Item:
    """One code of a list, with its labels and the spellings met in partners' files.

    ``parent`` is the code of the list above (the category of a kind of violation), ``risks`` the Protection Analysis
    Framework's risks that a code stands for.
    """

    code: str
    fr: str
    en: str
    src: str = "K"
    synonyms: tuple[str, ...] = ()
    parent: str = ""
    risks: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True)
class CodeList:
    """A named list of codes; ``standard`` names the published standard it follows."""

    name: str
    standard: str
    items: tuple[Item, ...]

    def __getitem__(self, code: str) -> Item:
        return self.by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    @property
    def by_code(self) -> dict[str, Item]:
        return _by_code(self.name)

    def label(self, code: str, language: str) -> str:
        """The label of ``code``; an unknown code is shown as it stands, so that nothing disappears."""
        item = self.by_code.get(code)
        return item.label(language) if item else code

    def find(self, value: object) -> str | None:
        """The code meant by a cell: a code, a label in either language, or a known synonym; else ``None``."""
        return _by_key(self.name).get(search_key(value)) if value not in (None, "") else None


@lru_cache
def _all() -> dict[str, CodeList]:
    lists: dict[str, CodeList] = {}
    for file in ("field.json", "danbe.json", "monitoring.json", "services.json", "cluster.json"):
        for name, body in json.loads((_HERE / file).read_text("utf-8")).items():
            items = tuple(
                Item(
                    i["code"],
                    i["fr"],
                    i["en"],
                    i.get("src", "K"),
                    tuple(i.get("synonyms", ())),
                    i.get("parent", ""),
                    tuple(r for r in i.get("paf", "").split(";") if r),
                )
                for i in body["items"]
            )
            lists[name] = CodeList(name, body.get("standard", ""), items)
    return lists


@lru_cache
def _by_code(name: str) -> dict[str, Item]:
    return {item.code: item for item in _all()[name].items}


@lru_cache
def _by_key(name: str) -> dict[str, str]:
    keys: dict[str, str] = {}
    for item in _all()[name].items:
        for spelling in (item.code, item.fr, item.en, *item.synonyms):
            keys.setdefault(search_key(spelling), item.code)
    return keys


def codelist(name: str) -> CodeList:
    """The code list called ``name``; raises ``KeyError`` naming the lists that exist."""
    try:
        return _all()[name]
    except KeyError:
        raise KeyError(f"no code list {name!r}; known: {', '.join(sorted(_all()))}") from None


def names() -> list[str]:
    return sorted(_all())
