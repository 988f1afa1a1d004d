"""What a text needs to know of the country: its common names, its telephone and identity numbers, its places."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from danbe.protect.coordinates import Box, country_box
from danbe.reference.text import search_key


@dataclass(frozen=True)
class Country:
    """``people``: keys of given and family names; ``places``: level of each place's key, the coarsest if several bear
    it; ``words``: keys of capitalised words that name no person (institutions,
    peoples, languages, months); ``openers``: words that begin a sentence."""

    people: frozenset[str]
    between: frozenset[str]
    words: frozenset[str]
    openers: frozenset[str]
    titles: tuple[str, ...]
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
    pairs = rf"[{tel['first']}]\d(?P<sep>[\s.-]?)\d\d(?:(?P=sep)\d\d){{{tel['digits'] // 2 - 2}}}"
    halves = rf"(?!(?:19|20)\d\d[\s.-](?:19|20)\d\d)[{tel['first']}]\d{{3}}[\s.-]\d{{{tel['digits'] - 4}}}"  # not «2018-2019»
    own = rf"(?:(?:\+|00)\s?{tel['prefix']}[\s.-]?)?(?:{pairs}|{halves})"
    return Country(
        people=frozenset(map(search_key, raw["family"] + raw["given"])),
        between=frozenset(raw["between"]),
        words=frozenset(map(search_key, raw["words"])),
        openers=frozenset(x for word in raw["openers"] for x in (word, search_key(word))),
        titles=tuple(raw["titles"]),
        places=places,
        phone=re.compile(rf"(?<![\w.,+])(?:{own}|(?:\+|00)[1-9]\d{{0,2}}[\s.-]?(?:\(?\d{{1,4}}\)?[\s.-]?){{2,5}}\d{{2,4}})(?![\d])(?![.,]\d)"),
        identities=tuple(map(re.compile, raw["identity"]["patterns"])),
        identity_words=re.compile(
            rf"\b(?:{'|'.join(map(re.escape, raw['identity']['words']))})\b[\s:nN°ºo.#-]{{0,8}}(?P<id>(?-i:[A-Z]{{0,4}}\d(?:[ /-]?[\dA-Z]){{3,}}))",
            re.IGNORECASE,
        ),
        box=country_box(country),
    )  # fmt: skip
