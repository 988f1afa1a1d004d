"""From the raw columns of a sheet to typed columns of the catalogue, each distinct value read once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from danbe.collect.workbooks.table import Table
from danbe.collect.workbooks.values import Unreadable, to_date, to_decimal, to_integer, to_month, to_text
from danbe.curate.response.areas import Area, area_of
from danbe.curate.response.issues import IssueList
from danbe.curate.response.options import ImportOptions
from danbe.reference.catalogue import ACTIVITIES, Column
from danbe.reference.codelists import codelist
from danbe.reference.text import search_key

# What a partner writes where it has nothing to say; to_text knows «N/A» and the like, these are answers of lists.
_UNSAID = frozenset(
    {
        "",
        "na",
        "n a",
        "not specified",
        "non precise",
        "non specifie",
        "not applicable",
        "non applicable",
        "none",
        "nd",
        "null",
    }
)
# Headers under which files hold names and numbers of people: never stored with a row (the upload itself is kept).
_PERSONAL = re.compile(
    r"\b(telephone|phone|tel|mobile|whatsapp|e ?mails?|courriel|contacts?|point focal|focal point|nom (et )?prenoms?)\b"
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_NUMBERING = re.compile(r"^\s*[0-9a-z]{1,2}\s*[.)]\s*")
# What Danbe writes into an annotated workbook; it is no answer when the workbook comes back.
OURS = ("Danbe :", "Danbe:")
# Columns whose own words say more than the code they are read as.
_RAW_TOO = frozenset({"aor", "population_status"})
_LIST_TEXTS = frozenset({"indicator", "activity", "organisation", "implementing_partner"})


@dataclass
class Rows:
    """``n`` rows, column by column.

    ``values[name][j]``: by catalogue name, text, codes, months 'YYYY-MM' and dates 'YYYY-MM-DD' as ``str`` ('' where
    empty), counts as ``int``, amounts as ``float`` (``None`` where empty). ``raw[name]`` is the column as the file has
    it. ``extra``: header → column the catalogue does not know. ``kept``: header → {position: value} for cells that
    could not be read and do not block. ``headers`` and ``column_numbers`` find a catalogue column in the sheet.
    """

    sheet: str
    row_numbers: list[int]
    values: dict[str, list[Any]] = field(default_factory=dict)
    raw: dict[str, list[Any]] = field(default_factory=dict)
    extra: dict[str, list[Any]] = field(default_factory=dict)
    kept: dict[str, dict[int, Any]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    column_numbers: dict[str, int] = field(default_factory=dict)
    personal: list[str] = field(default_factory=list)
    areas: dict[str, dict[str, Area]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.row_numbers)

    def texts(self, name: str) -> list[Any]:
        """A text column, of '' where the file has none."""
        return self.values.get(name) or [""] * self.n

    def numbers(self, name: str) -> list[Any]:
        """A number column, of ``None`` where the file has none."""
        return self.values.get(name) or [None] * self.n


def parse(
    table: Table, mapping: Mapping[str, int], options: ImportOptions, filename: str = ""
) -> tuple[Rows, IssueList]:
    """Reads the mapped columns of ``table``; raises ``ValueError`` for a mapping that names no column of a side."""
    rows = Rows(table.sheet, list(table.row_numbers))
    issues = IssueList()
    readable = {c.name: c for c in ACTIVITIES.readable}
    for name, index in mapping.items():
        if name not in readable:
            raise ValueError(f"mapping: {name!r} is not a column a file can hold")
        if not 0 <= index < len(table.columns):
            raise ValueError(f"mapping: {name!r} points to column {index} of {len(table.columns)}")
    in_file = month_in(filename)
    year = (
        options.year
        or (int(options.month[:4]) if options.month else None)
        or (int(in_file[:4]) if in_file else None)
        or year_in(filename)
    )
    for name, index in sorted(mapping.items(), key=lambda item: item[1]):
        column = readable[name]
        rows.headers[name] = table.headers[index]
        rows.column_numbers[name] = table.column_numbers[index] if table.column_numbers else index + 1
        raw = plain(table.columns[index])
        if name in _RAW_TOO:
            rows.raw[name] = raw
        rows.values[name] = _read(column, raw, year, rows, issues)
    taken = set(mapping.values())
    for index, header in enumerate(table.headers):
        if index in taken or header.startswith(OURS):
            continue
        if _PERSONAL.search(search_key(header)):
            rows.personal.append(header)
        elif any(v is not None and v != "" for v in table.columns[index]):
            rows.extra[_free(header or f"#{index + 1}", rows.extra)] = plain(table.columns[index])
    _unknown_columns(rows, issues)
    _months(rows, issues, options, in_file)
    _areas(rows, issues)
    return rows, issues


def plain(column: list[Any]) -> list[Any]:
    """The column with booleans as text: ``True`` and 1.0 are one key to a dictionary, and two answers to a person."""
    if bool in set(map(type, column)):
        return [("VRAI" if v else "FAUX") if isinstance(v, bool) else v for v in column]
    return column


def _free(header: str, taken: Mapping[str, Any]) -> str:
    name, number = header, 2
    while name in taken:
        name, number = f"{header} ({number})", number + 1
    return name


def _read(column: Column, raw: list[Any], year: int | None, rows: Rows, issues: IssueList) -> list[Any]:
    reader, empty = _reader(column, year)
    found: dict[Any, Any] = {}
    wrong: dict[Any, str] = {}
    for value in set(raw):
        try:
            read = reader(value)
        except Unreadable as error:
            wrong[value] = _rule(column, error.rule)
            read = None
        found[value] = empty if read is None else read
    if column.name in ("aor", "sector"):
        rows.areas[column.name] = {v: area_of(v) for v in found.values() if v}
    if wrong:
        positions = [j for j, v in enumerate(raw) if v in wrong]
        for rule in sorted(set(wrong.values())):
            at = [j for j in positions if wrong[raw[j]] == rule]
            extra = {"of": column.name} if rule == "code_unknown" else {}
            issues.add_many(rule, at, column.name, [text_of(raw[j]) for j in at], **extra)
            if rule in ("code_unknown", "unreadable_date", "unreadable_amount"):
                kept = rows.kept.setdefault(rows.headers[column.name], {})
                kept.update((j, raw[j]) for j in at)
    return [found[v] for v in raw]


def _reader(column: Column, year: int | None) -> tuple[Callable[[Any], Any], Any]:
    """How a value of the column is read, and what stands for an empty one."""
    if column.kind == "integer":
        return to_integer, None
    if column.kind == "decimal":
        return to_decimal, None
    if column.kind == "month":
        return (lambda v: to_month(v, year)), ""
    if column.kind == "date":
        return (lambda v: (d := to_date(v)) and d.isoformat()), ""
    if column.kind == "code" and column.codelist != "aor":
        return (lambda v: _code(column.codelist, v)), ""
    if column.name in _LIST_TEXTS:
        return (
            lambda v: None if search_key(v) in _UNSAID and search_key(v) == search_key(to_text(v)) else to_text(v)
        ), ""
    return to_text, ""


def _name(value: Any) -> str | None:
    """A name, unless the cell says that there is none. A name in another alphabet has no search key: it stays."""
    text = to_text(value)
    return text if text and (search_key(text) or "-") not in _UNSAID else None


def _code(name: str, value: Any) -> str | None:
    text = to_text(value)
    if not text or search_key(text) in _UNSAID:
        return None
    # «Personnes déplacées internes (PDI)», «2. Déplacés internes», as drop-downs write them
    outside, inside = _BRACKETS.sub(" ", text), " ".join(_BRACKETS.findall(text))
    for spelling in (text, outside, inside, _NUMBERING.sub("", outside)):
        if code := codelist(name).find(spelling):
            return code
    raise Unreadable("code")


def _rule(column: Column, reason: str) -> str:
    if column.kind == "integer":
        return reason if reason in ("negative", "decimal") else "unreadable_number"
    if column.kind == "decimal":
        return "unreadable_amount"
    return {"month": "unreadable_month", "date": "unreadable_date"}.get(column.kind, "code_unknown")


def text_of(value: Any) -> str:
    """A cell as text, for a message or for JSON."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.10g}"
    if isinstance(value, date | datetime | time | timedelta):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return to_text(value) or ""


_YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")
_MONTH_YEAR = re.compile(r"(?<!\d)(0?[1-9]|1[0-2])[-_. ](20\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def month_in(filename: str) -> str:
    """The month a file's name bears («mli_5w_2022-03.xlsx», «5W mars 2022.xlsx»), or ''."""
    stem = filename.rsplit(".", 1)[0]
    if found := _YEAR_MONTH.search(stem):
        return f"{found[1]}-{found[2]}"
    if found := _MONTH_YEAR.search(stem):
        return f"{found[2]}-{int(found[1]):02d}"
    words = re.findall(r"[a-z]+|20\d\d", search_key(stem))
    pairs = list(pairwise(words))
    for name, year in [*pairs, *((b, a) for a, b in pairs)]:
        if name.isalpha() and len(name) > 2 and year.isdigit():
            try:
                return to_month(f"{name} {year}") or ""
            except Unreadable:
                continue
    return ""


def year_in(filename: str) -> int | None:
    """The only year a file's name bears."""
    years = set(_YEAR.findall(filename))
    return int(years.pop()) if len(years) == 1 else None


def _months(rows: Rows, issues: IssueList, options: ImportOptions, in_file: str) -> None:
    """Fills empty months from the option, then from the file's name, and says so; blocks rows left without."""
    months = rows.values.get("report_month")
    unreadable = {p for r, p in zip(issues.rules, issues.positions, strict=True) if r == "unreadable_month"}
    empty = [j for j in range(rows.n) if not (months and months[j]) and j not in unreadable]
    if not empty:
        return
    default = options.month or in_file
    if default:
        issues.add("month_from_option" if options.month else "month_from_filename", month=default)
    else:
        issues.add_many("month_missing", empty, "report_month")
    filled = list(months) if months else [""] * rows.n
    for j in empty:
        filled[j] = default
    rows.values["report_month"] = filled


def _areas(rows: Rows, issues: IssueList) -> None:
    """The area of each row: from the cluster column, or from the sector where that is empty."""
    codes = [""] * rows.n
    for name in ("sector", "aor"):
        column = rows.values.get(name)
        if column is None:
            continue
        areas = rows.areas[name]
        several = {v for v, a in areas.items() if a.several}
        if several:
            issues.add_many(
                "aor_several",
                [j for j, v in enumerate(column) if v in several],
                name,
                [v for v in column if v in several],
            )
        codes = [areas[v].code if v else c for v, c in zip(column, codes, strict=True)]
    if "sector" in rows.values and "aor" not in rows.values:
        issues.add("aor_from_sector")
    if "aor" in rows.values:
        # The cell says more than the code: «Protection: Lutte anti-mines», two clusters.
        rows.extra[_free(rows.headers["aor"], rows.extra)] = rows.raw["aor"]
    rows.values["aor"] = codes


def _unknown_columns(rows: Rows, issues: IssueList) -> None:
    if rows.extra:
        names = ", ".join(" ".join(h.split())[:40] for h in list(rows.extra)[:12])
        issues.add("unknown_columns", count=len(rows.extra), columns=names + ("…" if len(rows.extra) > 12 else ""))
    for header in rows.personal:
        issues.add("personal_column", column="", value=" ".join(header.split()))
