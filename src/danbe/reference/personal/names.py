"""Names of persons in French and English text of the Sahel: after a title, by a common name, or by their capitals.

A name list alone misses most people and capitals alone accuse every ministry: the three are used together, and only
the first two are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from danbe.reference.personal.country import Country
from danbe.reference.text import search_key

_WORD = re.compile(r"(?<!\w)(?:[A-ZÀ-Ý]\.)|(?<!\w)[A-Za-zÀ-ÿŒœ][\w]*(?:[’'-][\w]+)*")


_SPACE = re.compile(r"[ \u00a0\u202f\t]+|[ \u00a0\t]*\r?\n[ \u00a0\t]*")
"""What may stand between two words of one name: spaces, or the end of one line, never of a paragraph."""


def find_names(text: str, about: Country, known: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
    """(start, end, certain) of what looks like the name of a person."""
    yield from _after_title(text, about, known)
    yield from _in_small_letters(text, about)
    for run in _runs(text, about):
        yield from _in_run(run, text, about, known)


def _after_title(text: str, about: Country, known: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
    for match in about.title.finditer(text):
        end = match.end()
        last = end
        while word := _WORD.match(text, last):
            if not (word.group()[0].isupper() or word.group() in about.between):
                break
            end, last = word.end(), word.end()
            space = _SPACE.match(text, last)
            if not space:
                break
            last = space.end()
        value = search_key(text[match.end() : end])
        if end > match.end() and value not in known and not _common(value, about) and value not in about.places:
            yield match.end(), end, True


def _in_small_letters(text: str, about: Country) -> Iterator[tuple[int, int, bool]]:
    """Two common names side by side, typed without capitals as one does on a telephone."""
    before: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        listed = search_key(word.group()) in about.people
        if before and listed and re.fullmatch(r"\s+", text[before.end() : word.start()]):
            yield before.start(), word.end(), True
        before = word if listed else None


def _runs(text: str, about: Country) -> Iterator[list[re.Match[str]]]:
    """Runs of capitalised words (with «ag», «ould»… between them) held together by spaces alone."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        value = word.group()
        joins = run and _SPACE.fullmatch(text, run[-1].end(), word.start())
        if run and not joins:
            yield run
            run = []
        if value[0].isupper() or (run and value.capitalize() in about.between and len(value) > 1):
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _in_run(
    run: list[re.Match[str]], text: str, about: Country, known: frozenset[str]
) -> Iterator[tuple[int, int, bool]]:
    """The parts of a run that are neither places, nor organisations, nor common words."""
    for part in _parts(run, text, about, known):
        words = [w.group() for w in part]
        keys = [search_key(w) for w in words]
        listed = [_listed(k, about, alone=len(part) == 1) for k in keys]
        shouted = [w.isupper() and len(w) <= 6 and not hit for w, hit in zip(words, listed, strict=True)]
        between = words[0].capitalize() in about.lineage or any(w.capitalize() in about.between for w in words[1:])
        start, end = part[0].start(), part[-1].end()
        if (any(listed) and (len(part) > 1 or not all(shouted))) or (len(part) >= 2 and between and not all(shouted)):
            yield start, end, True
        elif len(part) >= 2 and not any(w.isupper() and len(w) > 1 for w in words) and not _heading(text, start):
            yield start, end, False


def _listed(key: str, about: Country, alone: bool) -> bool:
    """Whether a word is a common name; beside others also by one half of it («Traoré-Nomfictif»)."""
    if alone:
        halves = key.split()
        whole = key in about.people and key not in about.beside
        return whole or (len(halves) > 1 and all(half in about.people for half in halves))
    return key in about.people or any(half in about.people for half in key.split())


def _parts(run: list[re.Match[str]], text: str, about: Country, known: frozenset[str]) -> Iterator[list[re.Match[str]]]:
    """Splits a run at the longest known phrases and at common words."""
    part: list[re.Match[str]] = []
    i = 0
    while i < len(run):
        before = search_key(part[-1].group()) if part else ""
        step = _known_words(run[i:], text, about, known, before)
        if step:
            if part:
                yield part
            part, i = [], i + step
        else:
            part.append(run[i])
            i += 1
    if part:
        yield part


def _known_words(run: list[re.Match[str]], text: str, about: Country, known: frozenset[str], before: str) -> int:
    """How many words at the head of a run are known not to be a person's name; 0 for none. ``before``: the
    key of the word before, itself not known."""
    for size in range(len(run), 0, -1):
        key = search_key(text[run[0].start() : run[size - 1].end()])
        if key in known or _common(key, about):
            return size
        if key in about.places and not _of_a_person(key, before, run[size:], about, known):
            return size
    word = run[0].group()
    if word.partition("’")[0].partition("'")[0].lower() in about.openers and re.search("[’']", word):
        rest = search_key(re.split("[’']", word, maxsplit=1)[1])
        return int(_common(rest, about) or rest in about.places)
    return 0


def _of_a_person(key: str, before: str, rest: list[re.Match[str]], about: Country, known: frozenset[str]) -> bool:
    """A commune may bear a family's name: it is a place unless a word beside it makes it a name."""
    if before in about.people:
        return True
    after = search_key(rest[0].group()) if rest else ""
    unknown = after and after not in about.places and after not in known and not _common(after, about)
    return key in about.people and bool(before or after in about.people or unknown)


def _common(key: str, about: Country) -> bool:
    return key in about.openers or key in about.words


def _heading(text: str, start: int) -> bool:
    """Whether the line is a Markdown heading: titles capitalise every word in English."""
    line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0]
    return line.lstrip().startswith("#")
