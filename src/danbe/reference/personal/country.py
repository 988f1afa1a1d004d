"""What a text needs to know of the country: its common names, its telephone and identity numbers, its places."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from danbe.reference.personal.coordinates import Box, country_box
from danbe.reference.text import search_key


@dataclass(frozen=True)
class Country:
    """``people``: keys of given and family names; ``beside``: those of them that name a person only with another word
    («Togo»); ``lineage``: words between names that also begin one; ``places``: level of each place's key, the coarsest if several bear
    it; ``words``: keys of capitalised words that name no person (institutions,
    peoples, languages, months); ``openers``: words that begin a sentence."""

    people: frozenset[str]
    beside: frozenset[str]
    lineage: frozenset[str]
    between: frozenset[str]
    words: frozenset[str]
    openers: frozenset[str]
    title: re.Pattern[str]
    places: dict[str, int]
    phone: re.Pattern[str]
    identities: tuple[re.Pattern[str], ...]
    identity_words: re.Pattern[str]
    box: Box


@lru_cache
def load_country(country: str = "mli") -> Country:
    """The country of a pack («packs/<country>/personal.json» and its geography)."""
    from danbe.reference.geography.pack import load_pack

    raw = json.loads(files("danbe.packs").joinpath(country, "personal.json").read_text("utf-8"))
    pack = load_pack(country)
    places: dict[str, int] = {}
    named = [(search_key(u.name), u.level) for u in pack.units] + [(a.key, a.level) for a in pack.aliases]
    for key, level in named:
        places[key] = min(level, places.get(key, level))
    tel = raw["telephone"]
    # Pairs by whatever first digit and separators: a number is typed as it is told, and neighbours have others.
    pairs = rf"\d\d(?:[\s.-]?\d\d){{{tel['digits'] // 2 - 1}}}"
    halves = rf"[{tel['first']}]\d{{3}}[\s.-]\d{{{tel['digits'] - 4}}}"
    years = r"(?:19|20)\d\d[\s.-](?:19|20)\d\d"  # «2018-2019»
    own = rf"(?!{years})(?:(?:\+|00)\s?(?:{tel['prefix']}|[1-9]\d{{0,2}})[\s.-]?)?(?:{pairs}|{halves})"
    return Country(
        people=frozenset(map(search_key, raw["family"] + raw["given"] + raw["beside"])),
        beside=frozenset(map(search_key, raw["beside"])),
        lineage=frozenset(raw["lineage"]),
        between=frozenset(raw["between"]),
        words=frozenset(map(search_key, raw["words"])),
        openers=frozenset(x for word in raw["openers"] for x in (word, search_key(word))),
        title=_title(raw["titles"]),
        places=places,
        phone=re.compile(rf"(?:(?<![\w.,+])|(?<=[a-z]{{2}}))(?:{own}|(?:\+|00)[1-9]\d{{0,2}}[\s.-]?(?:\(?\d{{1,4}}\)?[\s.-]?){{2,5}}\d{{2,4}})(?![\d])(?![.,]\d)"),
        identities=tuple(map(re.compile, raw["identity"]["patterns"])),
        identity_words=re.compile(
            rf"\b(?:{'|'.join(map(re.escape, raw['identity']['words']))})\b[\s:nN°ºo.#-]{{0,8}}(?P<id>(?-i:[A-Z]{{0,4}}\d(?:[ /-]?[\dA-Z]){{3,}}))",
            re.IGNORECASE,
        ),
        box=country_box(country),
    )  # fmt: skip


def _title(titles: list[str]) -> re.Pattern[str]:
    """What stands before a name, accents typed or not; «I’m.» is no title."""
    said = sorted({*titles, *(t.upper() for t in titles if len(t) > 3)}, key=lambda t: (-len(t), t))
    return re.compile(rf"(?<!\w)(?<![Ii][’'])(?:{'|'.join(map(_loosely, said))})\s+(?=[A-ZÀ-Ý])")


def _loosely(word: str) -> str:
    return re.escape(word).replace("é", "[ée]").replace("É", "[ÉE]").replace("’", "[’']")
