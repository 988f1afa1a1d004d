"""Header texts against the catalogue: by name, label, synonym, HXL tag, then by near spelling. No cell values here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from danbe.reference.catalogue import DATASETS, Dataset
from danbe.reference.text import search_key

# How sure each kind of evidence makes us. A near spelling alone never passes for an exact one.
BY_NAME, BY_LABEL, BY_SYNONYM, BY_SHORTENED, BY_HXL, BY_HXL_KIND = 1.0, 0.99, 0.97, 0.93, 0.96, 0.75
FUZZY_FLOOR = 86.0
BY_FUZZY = 0.85
# Two words at least this alike are one, misspelt: «male» and «female» are 80 alike.
SAME_WORD = 85.0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that change what a column counts: a near spelling across them is no match («Total male Targeted» ≠ reached).
_TELLING = _words(
    """
    targeted target cible cibles vises reached atteints male female men women boys girls hommes femmes garcons
    filles masculin feminin m f h idp idps pdi pdir returnees returned retournes refugees refugies other others
    autres host hotes code pcode pcod name nom type full date start end debut fin full total project projet org
    organisation organization month mois year annee donor bailleur partner partenaire sector secteur cluster
    admin1 admin2 admin3 amount montant households menages disability handicap psh pwd title titre region province
    cercle territoire commune site village unit unite status statut etat duration duree
    """
)
# Above a header, these words turn what it counts.
_TURNING = _words(
    """
    targeted target targets cible cibles ciblees vises planned prevu prevus prevues need needs besoin besoins pin
    """
)
# Between the texts of two header rows read as one.
JOIN = " / "
_HXL = re.compile(r"^#[a-z][a-z0-9_]*(\s*\+\s*[a-z][a-z0-9_]*)*$", re.IGNORECASE)
_HINT = re.compile(r"\([^)]*\)|\[[^\]]*\]|\([^)]*$")
_MARKS = re.compile(r"[*:†]|\bobligatoire\b", re.IGNORECASE)

Evidence = tuple[float, str]


def is_hxl(value: object) -> bool:
    """Whether a cell holds an HXL hashtag (HXL 1.1: # + word, then attributes after +)."""
    return isinstance(value, str) and bool(_HXL.match(value.strip()))


def hxl_key(tag: str) -> str:
    """A tag with its attributes sorted: «#org +name+lead» and «#org+lead+name» meet."""
    word, *attributes = (p.strip().lower() for p in tag.split("+"))
    return "+".join([word, *sorted(a for a in attributes if a)])


def variants(header: str) -> list[str]:
    """The keys under which a header may be known: whole, then without hints in brackets, first line, end digits.

    Two header rows joined («Atteints / Filles») are also tried the other way round, and the lower one alone, unless the
    upper one turns its meaning (girls *targeted* are not girls reached).
    """
    text = str(header or "")
    bare = _MARKS.sub(" ", _HINT.sub(" ", text))
    lines = [line for line in bare.splitlines() if line.strip()]
    found = [search_key(text), search_key(bare), search_key(lines[0]) if lines else ""]
    found.append(re.sub(r"(?<=[a-z])\d+$", "", found[1]))
    if JOIN in text:
        upper, lower = text.split(JOIN, 1)
        found.append(search_key(f"{lower} {upper}"))
        if not set(search_key(upper).split()) & _TURNING:
            found += variants(lower)
    return list(dict.fromkeys(f for f in found if f))


@lru_cache
def _index(name: str) -> tuple[dict[str, dict[str, Evidence]], dict[str, dict[str, Evidence]]]:
    """({search key: {column: evidence}}, {HXL key: {column: evidence}}) of a dataset."""
    words: dict[str, dict[str, Evidence]] = {}
    tags: dict[str, dict[str, Evidence]] = {}

    def put(index: dict[str, dict[str, Evidence]], key: str, column: str, evidence: Evidence) -> None:
        known = index.setdefault(key, {})
        if key and evidence > known.get(column, (0.0, "")):
            known[column] = evidence

    for column in DATASETS[name].readable:
        put(words, search_key(column.name), column.name, (BY_NAME, "name"))
        for label in (column.fr, column.en):
            put(words, search_key(label), column.name, (BY_LABEL, "label"))
        for synonym in column.synonyms:
            if synonym.startswith("#"):
                put(tags, hxl_key(synonym), column.name, (BY_HXL - 0.01, "hxl"))
            else:
                put(words, search_key(synonym), column.name, (BY_SYNONYM, "synonym"))
        if column.hxl:
            put(tags, hxl_key(column.hxl), column.name, (BY_HXL, "hxl"))
    return words, tags


@lru_cache(maxsize=4096)
def by_words(header: str, dataset: str, near: bool = True) -> dict[str, Evidence]:
    """{column: (confidence, reason)} for a header's text; empty when nothing fits, nor is ``near`` in spelling."""
    words, _ = _index(dataset)
    found: dict[str, Evidence] = {}
    keys = variants(header)
    for position, key in enumerate(keys):
        for column, (confidence, reason) in words.get(key, {}).items():
            evidence = (confidence, reason) if not position else (min(confidence, BY_SHORTENED), "shortened")
            found[column] = max(found.get(column, (0.0, "")), evidence)
    return found or (_near(keys, words) if near else {})


def _near(keys: list[str], words: dict[str, dict[str, Evidence]]) -> dict[str, Evidence]:
    from rapidfuzz import fuzz, process

    found: dict[str, Evidence] = {}
    for key in keys:
        if len(key) < 4 or len(key) > 120:
            continue
        digits = re.findall(r"\d+", key)
        scored = process.extract(key, words.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=FUZZY_FLOOR, limit=5)
        for known, score, _ in scored:
            if not _tells_the_same(key, known) or re.findall(r"\d+", known) != digits:
                continue
            for column in words[known]:
                evidence = (round(BY_FUZZY * score / 100, 3), "near_spelling")
                found[column] = max(found.get(column, (0.0, "")), evidence)
    return found


def _tells_the_same(one: str, other: str) -> bool:
    """Whether no telling word stands in one text only; «organnisation» still is «organisation»."""
    from rapidfuzz import fuzz

    first, second = set(one.split()), set(other.split())
    return all(
        any(fuzz.ratio(word, near) >= SAME_WORD for near in facing)
        for words, facing in ((first - second, second), (second - first, first))
        for word in words & _TELLING
    )


@lru_cache(maxsize=4096)
def by_tag(tag: str, dataset: str) -> dict[str, Evidence]:
    """{column: (confidence, reason)} for an HXL tag: the same tag, else the same word with attributes in common."""
    if not tag:
        return {}
    _, tags = _index(dataset)
    key = hxl_key(tag)
    if key in tags:
        return dict(tags[key])
    word, *attributes = key.split("+")
    found: dict[str, Evidence] = {}
    for known, columns in tags.items():
        other, *others = known.split("+")
        if other != word or not attributes or not (set(attributes) <= set(others) or set(others) <= set(attributes)):
            continue
        for column in columns:
            found[column] = max(found.get(column, (0.0, "")), (BY_HXL_KIND, "hxl_kind"))
    return found if len(found) == 1 else {}


def recognised(headers: Iterable[object], tags: Iterable[str], dataset: Dataset, near: bool = True) -> dict[str, float]:
    """The catalogue columns that a row of headers names, each with its confidence: what the table finder counts."""
    found: dict[str, float] = {}
    for header, tag in zip(headers, tags, strict=True):
        evidence = {**by_words(str(header)[:300], dataset.name, near)} if header not in (None, "") else {}
        for column, value in by_tag(tag, dataset.name).items():
            evidence[column] = max(evidence.get(column, (0.0, "")), value)
        if evidence:
            column, (confidence, _) = max(evidence.items(), key=lambda item: item[1])
            found[column] = max(found.get(column, 0.0), confidence)
    return found
