"""From tables as printed to cells: which count each number is, whoever printed it, and what was hidden where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from danbe.protect.verify.marks import Shown, read
from danbe.protect.verify.reading import Map, Public, Sheet
from danbe.protect.verify.words import RATIOS, Vocabulary, months, period
from danbe.reference.catalogue.figures import TOTAL
from danbe.reference.text import search_key, slug

Key = tuple[tuple[str, str], ...]
"""A cell: its dimensions and ``measure``, in order of name; a dimension at its total is left out."""

_KEY_FIGURES = {
    "people_reached": "reached",
    "people_reached_lower": "reached_lower",
    "people_reached_upper": "reached_upper",
}
_ORDERED = 8


@dataclass(slots=True)
class Seen:
    """What the files say of one cell. ``low``/``high`` where it is shown; sources of what is shown and of what is hidden."""

    low: float = float("-inf")
    high: float = float("inf")
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    missing: bool = False


@dataclass
class Book:
    """All cells of one edition. ``bounds``: (cell, low, high, source) told by maps and sentences, not yet believed."""

    cells: dict[Key, Seen] = field(default_factory=dict)
    bounds: list[tuple[Key, float, float, str]] = field(default_factory=list)
    sums: list[tuple[list[Key], float, float, str]] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    span: str = ""

    def value(self, key: Key) -> float | None:
        """The value shown for a cell; ``None`` when hidden or not exact."""
        seen = self.cells.get(key)
        return seen.low if seen and seen.shown and seen.low == seen.high else None


def cell(measure: str, **at: str | None) -> Key:
    return tuple(sorted({"measure": measure, **{k: v for k, v in at.items() if v and v != TOTAL}}.items()))


def observe(public: Public, words: Vocabulary) -> Book:
    """The book of an edition: tables that carry their own identifiers first; what else is printed is held against them."""
    book = Book()
    spans = Counter(
        str(row[i])
        for sheet in public.sheets
        for i, head in enumerate(sheet.columns)
        if words.column(head)[1] == "period"
        for row in sheet.rows
        if i < len(row) and isinstance(row[i], str) and "/" in row[i] and period(row[i])
    )
    book.span = max(spans, key=lambda s: (s.rpartition("/")[2], len(months(s))), default="")
    own: list[tuple[Sheet, list[tuple[str, str]]]] = []
    told: list[tuple[Sheet, list[tuple[str, str]]]] = []
    for sheet in public.sheets:
        kinds = [
            words.column(h, t) for h, t in zip(sheet.columns, [*sheet.tags, *[""] * len(sheet.columns)], strict=False)
        ]
        if not any(k == "measure" for k, _ in kinds) and ("dim", "indicator") not in kinds:
            continue
        (own if _identified(sheet, kinds) else told).append((sheet, kinds))
    for sheet, kinds in own:
        for key, shown, measure in _cells(sheet, kinds, words, book.span):
            _put(book, key, shown, measure, sheet.source)
    for sheet, kinds in told:
        _hold(book, sheet, kinds, words)
    for drawn in public.maps:
        _map(book, drawn, words)
    return book


def _identified(sheet: Sheet, kinds: list[tuple[str, str]]) -> bool:
    """A table that needs no page around it to be understood: its places are ids, its periods are stated."""
    names = {n for k, n in kinds if k == "dim"}
    return "period" in names and not sheet.place and all(k for k, n in kinds if n != "")


def _hold(book: Book, sheet: Sheet, kinds: list[tuple[str, str]], words: Vocabulary) -> None:
    """A table understood through its page counts only where it agrees with all that is known already."""
    found = list(_cells(sheet, kinds, words, book.span))
    if not found:
        return
    same = different = 0
    for key, shown, measure in found:
        known = book.cells.get(key)
        if known is None or not known.shown or shown.hidden or shown.missing or measure in RATIOS:
            continue
        agrees = shown.low <= known.high and shown.high >= known.low
        same, different = same + agrees, different + (not agrees)
    if different and different * 4 > same:
        book.doubts.append((sheet.source, f"{different} / {same + different}"))
        return
    for key, shown, measure in found:
        _put(book, key, shown, measure, sheet.source)
    _order(book, found, sheet.source)


def _order(book: Book, found: list[tuple[Key, Shown, str]], source: str) -> None:
    """Rows in order of a measure: a hidden one lies between its neighbours. Eight shown in order are no accident."""
    for measure in {m for _k, _s, m in found} - RATIOS:
        column = [(k, s) for k, s, m in found if m == measure and not s.missing]
        values = [s.low for _k, s in column if not s.hidden]
        if len(set(values)) < _ORDERED or not any(s.hidden for _k, s in column):
            continue
        sign = 1 if values == sorted(values) else -1 if values == sorted(values, reverse=True) else 0
        for i, (key, shown) in enumerate(column if sign else ()):
            if shown.hidden:
                before = [s.low for _k, s in column[:i] if not s.hidden][-1:]
                after = [s.low for _k, s in column[i:] if not s.hidden][:1]
                low, high = (before, after) if sign > 0 else (after, before)
                least, most = (low or [0.0])[0], (high or [float("inf")])[0]
                book.bounds.append((key, least, most, f"{source} : ordre des lignes"))


def _cells(
    sheet: Sheet, kinds: list[tuple[str, str]], words: Vocabulary, span: str
) -> Iterable[tuple[Key, Shown, str]]:
    """Each number of a table with the cell it belongs to. A column of texts nobody knows makes the table unreadable."""
    where = {n: i for i, (k, n) in enumerate(kinds) if k == "dim"}
    label = {n: i for i, (k, n) in enumerate(kinds) if k == "label" and n not in where}
    if "indicator" in where:
        label.pop("indicator_id", None)
    level = next((i for i, h in enumerate(sheet.columns) if search_key(h) in ("level", "niveau")), None)
    hidden_at = next((i for i, (k, _n) in enumerate(kinds) if k == "withheld"), None)
    region = next((i for i, (k, _n) in enumerate(kinds) if k == "region"), None)
    if "place" not in where and region is not None:
        where["place"], region = region, None
    for i, (kind, _name) in enumerate(kinds):
        if not kind and any(
            isinstance(r[i], str) and r[i] and read(r[i]) is None for r in sheet.rows[:50] if i < len(r)
        ):
            return
    around = page_place(sheet.place, words)
    inside = _level_of(sheet, where.get("place"), around, words)
    for row in sheet.rows:
        row = [*row, *[None] * (len(sheet.columns) - len(row))]
        at: dict[str, str | None] = {}
        for name, i in [*where.items(), *label.items()]:
            if name in ("level",):
                continue
            if name == "place":
                stated = row[level] if level is not None else inside
                within = words.place(row[region]) if region is not None else around
                at["place"] = words.place(row[i], stated, within)
                if at["place"] is None and row[i]:
                    at["place"] = f"?{row[i]}"
            else:
                at[name] = words.code(name, row[i]) or (f"?{row[i]}" if row[i] else None)
        if any(v and v.startswith("?") for v in at.values()) or ("place" in where and not at.get("place")):
            continue
        at.setdefault("place", around or words.country)
        at["period"] = at.get("period") or sheet.period or span
        gone = set(str(row[hidden_at] or "").replace(";", " ").split()) if hidden_at is not None else set()
        indicator = at.pop("indicator", None)
        for i, (kind, name) in enumerate(kinds):
            if kind != "measure":
                continue
            shown = read(row[i], sheet.language, name in RATIOS)
            if shown is None:
                continue
            if name in gone and shown.missing:
                shown = Shown(hidden=True)
            if indicator:
                if name != "value":
                    continue
                name = _KEY_FIGURES.get(indicator, indicator)
                if name in RATIOS and not shown.hidden and not shown.missing:
                    shown = Shown(shown.low - 1e-12, shown.high + 1e-12, ratio=True)
            yield cell(name, **at), shown, name


def page_place(text: str, words: Vocabulary) -> str:
    """The place a page or file speaks of: the region named in its heading or address, else the country."""
    kind, _, rest = text.partition(":")
    if not kind or not rest:
        return words.country if kind else ""
    said = f" {search_key(rest)} "
    regions = [p for p, f in words.places.items() if int(f["level"]) == 1]
    if kind == "slug":
        found = [p for p in regions if rest.startswith(slug(words.places[p]["name"]) + "-")]
    else:
        found = [p for p in regions if f" {search_key(words.places[p]['name'])} " in said]
    return max(found, key=lambda p: len(words.places[p]["name"]), default=words.country)


def _level_of(sheet: Sheet, at: int | None, around: str, words: Vocabulary) -> str | None:
    """The level of a column of names: below a region cercles; below the country regions, where all names are of regions."""
    if at is None:
        return None
    names = [str(r[at]) for r in sheet.rows if at < len(r) and r[at]]
    if any(n in words.places for n in names):
        return None
    if around and around != words.country:
        return "2"
    known = [n for n in names if words.place(n)]
    if known and all(words.place(n, "1") or words.place(n, "0") for n in known):
        return None
    return "2"


def _put(book: Book, key: Key, shown: Shown, measure: str, source: str) -> None:
    seen = book.cells.setdefault(key, Seen())
    if shown.hidden:
        seen.hidden.append(source)
    elif shown.missing:
        seen.missing = True
    elif not seen.shown:
        seen.low, seen.high = shown.low, shown.high
        seen.shown.append(source)
    elif shown.low <= seen.high and shown.high >= seen.low:
        seen.low, seen.high = max(seen.low, shown.low), min(seen.high, shown.high)
        seen.shown.append(source)
    else:
        book.doubts.append((source, f"{dict(key)} : {shown.low:g} ≠ {seen.low:g}"))


def _map(book: Book, drawn: Map, words: Vocabulary) -> None:
    """The class of an area bounds its count. A legend is believed where all areas with a number stand in their class."""
    import re

    texts = [drawn.title, *(label for _c, label in drawn.classes)]
    measure = next((m for t in texts for m in [_measure_in(t, words)] if m), "")
    if not measure:
        return
    ranges: dict[str, tuple[float, float]] = {}
    for colour, label in drawn.classes:
        found = [
            read(p, drawn.language)
            for p in re.split(r"\s[–-]\s|\sà moins de\s|\sto under\s|^de\s|^from\s", label)
            if p.strip()
        ]
        numbers = [f for f in found if f and not f.hidden and not f.missing]
        if numbers and not colour.startswith("url("):
            ranges[colour] = (numbers[0].low, numbers[-1].high)
    around = page_place(drawn.place, words)
    level = "2" if around != words.country else None
    told = []
    for name, colour, _said in drawn.areas:
        place = words.place(name, level or "2", around) or words.place(name)
        if place is None or colour not in ranges:
            continue
        key = cell(measure, place=place, period=drawn.period or book.span)
        low, high = ranges[colour]
        value = book.value(key)
        if value is not None and not low <= value <= high:
            ranges[colour] = (min(low, value), max(high, value))
        told.append((key, colour))
    for key, colour in told:
        if book.value(key) is None:
            book.bounds.append((key, *ranges[colour], f"{drawn.source} : classe de couleur"))


def _measure_in(text: str, words: Vocabulary) -> str:
    key = search_key(text)
    found = [(len(w), n) for w, (k, n) in words.columns.items() if k == "measure" and w and f" {w} " in f" {key} "]
    return max(found, default=(0, ""))[1]
