"""Names of persons in French and English text of the Sahel: after a title, by a common name, or by their capitals.

A name list alone misses most people and capitals alone accuse every ministry: the three are used together, and only
the first two are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from danbe.protect.text.country import Country
from danbe.reference.text import search_key

_WORD = re.compile(r"(?<!\w)(?:[A-ZÀ-Ý]\.)|(?<!\w)[A-Za-zÀ-ÿŒœ][\w]*(?:[’'-][\w]+)*")


def find_names(text: str, about: Country, known: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
    """(start, end, certain) of what looks like the name of a person."""
    yield from _after_title(text, about, known)
    yield from _in_small_letters(text, about)
    for run in _runs(text, about):
        yield from _in_run(run, text, about, known)


def _after_title(text: str, about: Country, known: frozenset[str]) -> Iterator[tuple[int, int, bool]]:
    titles = "|".join(sorted(map(re.escape, about.titles), key=len, reverse=True))
    for match in re.finditer(rf"(?<![\w’'])(?:{titles})\s+(?=[A-ZÀ-Ý])", text):
        end = match.end()
        last = end
        while word := _WORD.match(text, last):
            if not (word.group()[0].isupper() or word.group() in about.between):
                break
            end, last = word.end(), word.end()
            space = re.match(r"[ \u00a0]+", text[last:])
            if not space:
                break
            last += space.end()
        value = search_key(text[match.end() : end])
        if end > match.end() and value not in known and not _common(value, about) and value not in about.places:
            yield match.end(), end, True


def _in_small_letters(text: str, about: Country) -> Iterator[tuple[int, int, bool]]:
    """Two common names side by side, typed without capitals as one does on a telephone."""
    before: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        listed = search_key(word.group()) in about.people
        if before and listed and re.fullmatch(r"[ \u00a0]+", text[before.end() : word.start()]):
            yield before.start(), word.end(), True
        before = word if listed else None


def _runs(text: str, about: Country) -> Iterator[list[re.Match[str]]]:
    """Runs of capitalised words (with «ag», «ould»… between them) held together by spaces alone."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        value = word.group()
        joins = run and re.fullmatch(r"[ \u00a0]+", text[run[-1].end() : word.start()])
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
        listed = [k in about.people for k in keys]
        shouted = [w.isupper() and len(w) <= 6 and not hit for w, hit in zip(words, listed, strict=True)]
        between = any(w.capitalize() in about.between for w in words[1:])
        start, end = part[0].start(), part[-1].end()
        if (any(listed) and (len(part) > 1 or not all(shouted))) or (len(part) >= 2 and between and not all(shouted)):
            yield start, end, True
        elif len(part) >= 2 and not any(w.isupper() and len(w) > 1 for w in words) and not _heading(text, start):
            yield start, end, False


def _parts(run: list[re.Match[str]], text: str, about: Country, known: frozenset[str]) -> Iterator[list[re.Match[str]]]:
    """Splits a run at the longest known phrases and at common words."""
    part: list[re.Match[str]] = []
    i = 0
    while i < len(run):
        beside = bool(part) and search_key(part[-1].group()) in about.people
        step = _known_words(run[i:], text, about, known, beside)
        if step:
            if part:
                yield part
            part, i = [], i + step
        else:
            part.append(run[i])
            i += 1
    if part:
        yield part


def _known_words(run: list[re.Match[str]], text: str, about: Country, known: frozenset[str], beside: bool) -> int:
    """How many words at the head of a run are known not to be a person's name; 0 for none. ``beside``: the word before
    is one."""
    for size in range(len(run), 0, -1):
        key = search_key(text[run[0].start() : run[size - 1].end()])
        if key in known or _common(key, about):
            return size
        # A commune may bear a family's name: it is a place only when no name of a person stands beside it.
        follows = size < len(run) and search_key(run[size].group()) in about.people
        if key in about.places and not beside and not (follows and key in about.people):
            return size
    word = run[0].group()
    if word.partition("’")[0].partition("'")[0].lower() in about.openers and re.search("[’']", word):
        rest = search_key(re.split("[’']", word, maxsplit=1)[1])
        return int(_common(rest, about) or rest in about.places)
    return 0


def _common(key: str, about: Country) -> bool:
    return key in about.openers or key in about.words


def _heading(text: str, start: int) -> bool:
    """Whether the line is a Markdown heading: titles capitalise every word in English."""
    line = text[text.rfind("\n", 0, start) + 1 :].split("\n", 1)[0]
    return line.lstrip().startswith("#")
