"""Numbers in prose: which cell, or sum of cells, a number in a sentence, a caption or a tooltip is.

A number belongs to a measure named beside it, and to the places, areas and groups named before it (else after it) in
its clause, else in its sentence; what is not named is the page's place and all areas and groups together. A drawing of
which any number contradicts the tables is not understood and is left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from danbe.protect.verify.marks import NUMBER, Shown, is_year, number
from danbe.protect.verify.observe import Book, Key, cell, page_place
from danbe.protect.verify.reading import Prose, Public
from danbe.protect.verify.words import RATIOS, Vocabulary, period

_BREAK = re.compile(r"[·;:,()\n]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
_TOGETHER = frozenset({"ensemble", "together", "total", "both", "cumule", "deux", "two", "combined", "reunis"})
_OTHER = frozenset(
    {"lignes", "rows", "ko", "kb", "mo", "mb", "octets", "bytes", "pages", "fichiers", "files", "k", "m"}
)
_LINK = frozenset(
    {
        "et",
        "and",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "cercles",
        "cercle",
        "regions",
        "a",
        "au",
        "aux",
        "d",
        "the",
        "of",
        "in",
        "dans",
    }
)


@dataclass
class _Token:
    """A word, a break, a number, or (after ``_mentions``) a name."""

    kind: str
    text: str = ""
    dimension: str = ""
    code: str = ""
    shown: Shown | None = None
    codes: list[str] = field(default_factory=list)


def said(public: Public, words: Vocabulary, book: Book) -> None:
    """Adds to ``book.bounds`` and ``book.sums`` what sentences tell of cells that the tables do not show."""
    phrases, whole = words.phrases(), words.whole()
    for prose in public.prose:
        place = page_place(prose.place, words) if prose.place else words.country
        told: list[tuple[list[Key], Shown, str]] = []
        wrong = right = 0
        for sentence in prose.sentences:
            if not any(c.isdigit() for c in sentence):
                continue
            for keys, shown in _claims(
                _Reader(prose.language, phrases, whole), sentence, prose, place, words, book.span
            ):
                known = [book.value(k) for k in keys]
                if all(v is not None for v in known):
                    total = sum(v for v in known if v is not None)
                    fits = shown.low - 1e-9 <= total <= shown.high + 1e-9
                    right, wrong = right + fits, wrong + (not fits)
                else:
                    told.append((keys, shown, f"{prose.source} : «{sentence[:160]}»"))
        if wrong and (prose.drawing or wrong > max(2, right)):
            continue
        for keys, shown, source in told:
            if len(keys) == 1:
                book.bounds.append((keys[0], shown.low, shown.high, source))
            else:
                book.sums.append((keys, shown.low, shown.high, source))


@dataclass
class _Reader:
    """Turns a sentence into tokens; the names in it become one token each."""

    language: str
    phrases: dict[str, list[tuple[tuple[str, ...], str, str]]]
    whole: list[tuple[re.Pattern[str], str, str]]

    def tokens(self, text: str) -> list[_Token]:
        for pattern, dimension, code in self.whole if re.search(r"[(\d]", text) else ():
            if match := pattern.search(text):
                name = _Token("name", match.group(), dimension, code)
                return [*self.tokens(text[: match.start()]), name, *self.tokens(text[match.end() :])]
        return _mentions(_tokens(text, self.language), self.phrases)


def _claims(
    reader: _Reader, sentence: str, prose: Prose, place: str, words: Vocabulary, span: str
) -> list[tuple[list[Key], Shown]]:
    tokens = reader.tokens(sentence)
    measures = [i for i, t in enumerate(tokens) if t.dimension == "measure"]
    if not measures:
        # The words of a drawing often name its measure in its title only.
        heading = [t for t in reader.tokens(prose.title) if t.dimension == "measure"]
        if not (prose.drawing and heading):
            return []
        tokens = [heading[0], _Token("break", ":"), *tokens]
    found = []
    dated = period(_span_of(sentence)) if _span_of(sentence) else None
    for i, token in enumerate(tokens):
        if token.kind != "number" or token.shown is None:
            continue
        measure = _measure(tokens, i)
        if not measure:
            continue
        shown = token.shown
        if shown.ratio != (measure in RATIOS):
            if not shown.ratio:
                continue
            measure = "coverage" if measure in ("target", "reached") else ""
            if not measure:
                continue
        at: dict[str, list[str]] = {}
        for dimension in ("place", "aor", "population_status", "sex_age", "period"):
            at[dimension] = _named(tokens, i, dimension)
        place_codes = [_inner(p, place, words) for p in at["place"]] or [place]
        many = [d for d in at if len(at[d]) > 1]
        together = any(t.text in _TOGETHER for t in tokens if t.kind == "word")
        if len(many) > 1 or (many and not together):
            continue
        keys = []
        for p in place_codes:
            for combination in _product(at):
                keys.append(
                    cell(measure, place=p, period=(at["period"] or [dated or prose.period or span])[0], **combination)
                )
        found.append((keys, shown))
    return found


def _product(at: dict[str, list[str]]) -> list[dict[str, str]]:
    made: list[dict[str, str]] = [{}]
    for dimension in ("aor", "population_status", "sex_age"):
        made = [{**m, **({dimension: c} if c else {})} for m in made for c in (at[dimension] or [""])]
    return made


def _inner(named: str, page: str, words: Vocabulary) -> str:
    """On the page of a region a name that is also one of its cercles is the cercle, unless it is the region itself."""
    name = words.places[named]["name"]
    inside = [p for p in words.named.get(_fold(name), []) if words.places[p].get("parent_id") == page]
    return inside[0] if inside and named != page else named


def _tokens(sentence: str, language: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    for match in NUMBER.finditer(sentence):
        if match.start() < at:
            continue
        found += _words(sentence[at : match.start()])
        rest = sentence[match.end() :]
        following = _words(rest[:20])[:1]
        other = bool(following) and following[0].text in _OTHER
        # «8 000 – 14 999» is a class or a span, not a count.
        spread = re.match(r"\s?[–-]\s?\d", rest) or re.search(r"\d\s?[–-]\s?$", sentence[: match.start()])
        if (
            spread
            or other
            or is_year(match.group())
            or re.match(r"[-–]\d|\s?(?:ans|years|[-–]\s?\d+ ans)|\.\s\*", rest)
        ):
            found.append(_Token("word", match.group()))
        else:
            found.append(_Token("number", match.group(), shown=number(match.group(), rest, language)))
        at = match.end()
    return found + _words(sentence[at:])


def _words(text: str) -> list[_Token]:
    found: list[_Token] = []
    for piece in re.findall(r"[·;:,()\n]|[^\W\d_]+|\d+", text):
        found.append(_Token("break", piece) if _BREAK.match(piece) else _Token("word", _fold(piece)))
    return found


def _fold(text: str) -> str:
    from danbe.reference.text import search_key

    return search_key(unicodedata.normalize("NFC", text))


def _mentions(tokens: list[_Token], phrases: dict) -> list[_Token]:
    """The tokens with runs of words that name something put together, the longest first."""
    found: list[_Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        hit = None
        for words, dimension, code in phrases.get(token.text, ()) if token.kind == "word" else ():
            run = [t.text for t in tokens[i : i + len(words)] if t.kind == "word"]
            if tuple(run) == words:
                hit = (words, dimension, code)
                break
        if hit:
            found.append(_Token("name", " ".join(hit[0]), hit[1], hit[2]))
            i += len(hit[0])
        else:
            found.append(token)
            i += 1
    return found


def _measure(tokens: list[_Token], i: int) -> str:
    """The measure just after the number («12 services»), else one before it with nothing but names between («Cible : 12»)."""
    following = tokens[i + 1 : i + 5]
    for t in following:
        if t.kind in ("break", "number"):
            break
        if t.dimension == "measure":
            return t.code
    if following and following[0].kind == "word" and following[0].text not in _LINK:
        return ""
    for t in reversed(tokens[:i]):
        if t.dimension == "measure":
            return t.code
        if t.kind == "number" or t.text in ("·", ";") or (t.kind == "word" and t.text not in _LINK):
            return ""
    return ""


def _named(tokens: list[_Token], i: int, dimension: str) -> list[str]:
    """The codes of a dimension the number is about: the nearest names before it, else after it, in a list if linked."""
    before = [j for j in range(i) if tokens[j].dimension == dimension]
    after = [j for j in range(i + 1, len(tokens)) if tokens[j].dimension == dimension]
    if not before and not after:
        return []
    numbers = [j for j, t in enumerate(tokens) if t.kind == "number"]
    previous = max((j for j in numbers if j < i), default=-1)
    following = min((j for j in numbers if j > i), default=len(tokens))
    near = [j for j in before if j > previous] or [j for j in after if j < following and len(numbers) == 1]
    if not near:
        near = [before[-1]] if before else [after[0]] if len(numbers) == 1 else []
    run = [near[-1]] if near and near[-1] < i else near[:1]
    others = [j for j in near if j not in run]
    for j in reversed(others) if run and run[0] < i else others:
        low, high = min(j, run[0]), max(j, run[-1])
        between = tokens[low + 1 : high]
        if all(t.dimension == dimension or t.text in _LINK or t.text == "," for t in between):
            run.append(j)
    return list(dict.fromkeys(tokens[j].code for j in sorted(run)))


def _span_of(sentence: str) -> str:
    from danbe.protect.verify.words import find_period

    return find_period([sentence]) or ""
