"""How a workbook that KoboToolbox, ODK or a survey's data team exported stands to a form: a declaration, not code. Pure.

``{"sheets": [{"sheet": "main", "repeat": "", "id": "_uuid", "submitted": "_submission_time", "review":
"_validation_status", "columns": {"grp/q": "grp/q", "weight": ""}}, {"sheet": "roster", "repeat": "grp/roster",
"parent": {"sheet": "main", "own": "_parent_index", "theirs": "_index"}, "columns": {…}}], "left_out": ["README"]}``.
One sheet has the repeat '' (a row is a submission); the others hold the rows of a repeat, each hung on the row of the
parent sheet whose cell ``theirs`` equals its cell ``own``. ``columns`` are {header: path of the question, or '' for «kept
in the document, no answer»}. ``propose`` writes such rules from the headers; a person looks at them and confirms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from danbe.collect.forms.schema import Schema
from danbe.reference.text import clean, search_key

Rules = dict[str, Any]

IDS = ("_uuid", "meta/instanceID", "instanceID", "KEY", "uuid", "_id")
SUBMITTED = ("_submission_time", "SubmissionDate", "end", "start")
REVIEWS = ("_validation_status", "ReviewState")
# The cell of a repeat's row and that of its parent it names, the surest first.
LINKS = (
    ("_parent_index", "_index"), ("PARENT_KEY", "KEY"), ("_parent_index", "index"), ("_parent_index", "row_id"),
    ("_submission__uuid", "_uuid"), ("_submission__id", "_id"), ("uuid", "uuid"),
)  # fmt: skip
NO_ANSWER = ("group", "repeat", "note")


class RulesRefused(ValueError):
    """Rules that cannot be read; the message names the sheet and what is allowed."""


@dataclass(frozen=True)
class Grid:
    """A sheet as it was read: its headers, and its rows with their numbers from 1."""

    name: str
    headers: tuple[str, ...]
    rows: list[tuple[int, list[Any]]] = field(repr=False, default_factory=list)

    def column(self, header: str) -> list[str]:
        """The cells below a header, as texts."""
        at = self.headers.index(header)
        return [cell(row[at]) for _number, row in self.rows]


def cell(value: Any) -> str:
    """A cell as a form would have sent it: whole numbers without a point, days and moments as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


class Questions:
    """The questions of a schema, found by what an export may call them."""

    def __init__(self, schema: Schema) -> None:
        self.fields = [f for f in schema.get("fields", ()) if f["type"] not in NO_ANSWER]
        self.types = {f["path"]: f["type"] for f in schema.get("fields", ())}
        self.repeats = [f["path"] for f in schema.get("fields", ()) if f["type"] == "repeat"]
        self.repeat_of = {f["path"]: f["repeat"] for f in self.fields}
        self._names = {repeat: self._known(repeat) for repeat in ("", *self.repeats)}

    def _known(self, repeat: str) -> dict[str, str]:
        """{what a header may say: path} at one level; what two questions could be called is left out."""
        found: dict[str, set[str]] = {}
        for entry in self.fields:
            if entry["repeat"] != repeat:
                continue
            path = entry["path"]
            said = {path, path.replace("/", "."), path.replace("/", "-"), path.replace("/", "_"), entry["name"]}
            if repeat:
                said |= {path[len(repeat) + 1 :], path[len(repeat) + 1 :].replace("/", "-")}
            for name in said:
                found.setdefault(name, set()).add(path)
            for label in entry["label"].values():
                found.setdefault(search_key(label), set()).add(path)
        return {name: paths.pop() for name, paths in found.items() if name and len(paths) == 1}

    def find(self, header: str, repeat: str) -> str:
        """The question that a header of that level names; '' for none."""
        known = self._names.get(repeat, {})
        return known.get(header) or known.get(header.lstrip("/")) or known.get(search_key(header), "")

    def is_choice(self, header: str, headers: Sequence[str], repeat: str) -> bool:
        """Whether a column is one choice of a question that stands whole in another («besoins/eau» beside «besoins»)."""
        return any(
            header.startswith(f"{other}{mark}")
            and self.types.get(self.find(other, repeat)) in ("select_multiple", "rank")
            for other in headers
            for mark in ("/", ".")
        )


def propose(grids: Iterable[Grid], schema: Schema) -> Rules:
    """Rules made from sheet names and headers, for a person to look at."""
    questions = Questions(schema)
    sheets: list[tuple[Grid, dict[str, Any]]] = []
    left_out: list[str] = []
    read = [g for g in grids if g.headers]
    homes = {grid.name: _home(grid, questions) for grid in read}
    mains = [g for g in read if homes[g.name] == ""]
    main = max(mains, key=lambda g: _worth(g, "", questions), default=None)
    for grid in read:
        repeat = homes[grid.name]
        if repeat is None or (repeat == "" and grid is not main):
            left_out.append(grid.name)
            continue
        sheets.append((grid, {"sheet": grid.name, "repeat": repeat, "columns": _columns(grid, repeat, questions)}))
    sheets.sort(key=lambda pair: pair[1]["repeat"].count("/") if pair[1]["repeat"] else -1)
    by_repeat = {source["repeat"]: grid for grid, source in sheets}
    for grid, source in sheets:
        if not source["repeat"]:
            source |= {
                name: next((h for h in known if h in grid.headers), "")
                for name, known in (("id", IDS), ("submitted", SUBMITTED), ("review", REVIEWS))
            }
        else:
            source["parent"] = _parent(grid, source["repeat"], by_repeat, questions)
    return {"sheets": [source for _grid, source in sheets], "left_out": left_out}


def _home(grid: Grid, questions: Questions) -> str | None:
    """The level a sheet's rows are of: the repeat it is named after, else the one most of its headers belong to."""
    short = grid.name.casefold()[:31]
    named = [r for r in questions.repeats if r.rpartition("/")[2].casefold()[:31] == short]
    if len(named) == 1:
        return named[0]
    best = max(("", *questions.repeats), key=lambda r: _worth(grid, r, questions))
    return best if _worth(grid, best, questions) else None


def _worth(grid: Grid, repeat: str, questions: Questions) -> int:
    return len({path for h in grid.headers if (path := questions.find(h, repeat))})


def _columns(grid: Grid, repeat: str, questions: Questions) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for header in grid.headers:
        path = "" if questions.is_choice(header, grid.headers, repeat) else questions.find(header, repeat)
        found[header] = "" if path in taken else path
        taken.add(path)
    return found


def _parent(grid: Grid, repeat: str, by_repeat: Mapping[str, Grid], questions: Questions) -> dict[str, str]:
    """The sheet of the enclosing repeat (else the submissions'), and the pair of columns that joins most rows to it."""
    above = max((r for r in by_repeat if r != repeat and (not r or repeat.startswith(f"{r}/"))), key=len, default=None)
    if above is None:
        return {"sheet": "", "own": "", "theirs": ""}
    home = by_repeat[above]
    best, joined = ("", ""), 0
    for own, theirs in LINKS:
        if own in grid.headers and theirs in home.headers:
            known = set(home.column(theirs))
            count = sum(1 for value in grid.column(own) if value and value in known)
            if count > joined:
                best, joined = (own, theirs), count
    return {"sheet": home.name, "own": best[0], "theirs": best[1]}


@dataclass(frozen=True)
class Source:
    """One sheet of checked rules."""

    sheet: str
    repeat: str
    columns: dict[str, str]
    parent: str = ""
    own: str = ""
    theirs: str = ""
    id: str = ""
    submitted: str = ""
    review: str = ""


def checked(rules: Mapping[str, Any], schema: Schema) -> list[Source]:
    """The sheets of rules, parents before children. Raises ``RulesRefused`` for what the form does not have."""
    questions, listed = Questions(schema), rules.get("sheets")
    if not isinstance(listed, list) or not listed:
        raise RulesRefused("«sheets» : une liste d’au moins une feuille")
    found = [_source(said, questions) for said in listed]
    if sum(not s.repeat for s in found) != 1:
        raise RulesRefused("une feuille, et une seule, a «repeat» vide : celle dont chaque ligne est une soumission")
    names = [s.sheet for s in found]
    if len(set(names)) < len(names):
        raise RulesRefused("une feuille est citée deux fois")
    for source in found:
        if not source.repeat:
            continue
        home = next((s for s in found if s.sheet == source.parent), None)
        if home is None or not source.own or not source.theirs:
            raise RulesRefused(f"feuille {source.sheet} : «parent» dit la feuille et les deux colonnes qui les relient")
        if home.repeat and not source.repeat.startswith(f"{home.repeat}/"):
            raise RulesRefused(f"feuille {source.sheet} : {source.repeat} n’est pas dans {home.repeat}")
    return sorted(found, key=lambda s: s.repeat.count("/") if s.repeat else -1)


def _source(said: Any, questions: Questions) -> Source:
    if not isinstance(said, dict) or not clean(said.get("sheet")) or not isinstance(said.get("columns"), dict):
        raise RulesRefused("chaque feuille a «sheet», «repeat» et «columns»")
    sheet, repeat = str(said["sheet"]), str(said.get("repeat") or "")
    if repeat and repeat not in questions.repeats:
        known = ", ".join(questions.repeats) or "aucune"
        raise RulesRefused(f"feuille {sheet} : le formulaire n’a pas la répétition {repeat} ; il a {known}")
    columns = {str(h): str(path or "") for h, path in said["columns"].items()}
    for header, path in columns.items():
        if path and questions.repeat_of.get(path) != repeat:
            raise RulesRefused(f"feuille {sheet}, colonne {header} : {path} n’est pas une question de ce niveau")
    used = [path for path in columns.values() if path]
    if twice := sorted({path for path in used if used.count(path) > 1}):
        raise RulesRefused(f"feuille {sheet} : {', '.join(twice)} reçoit deux colonnes")
    above = said.get("parent") or {}
    return Source(
        sheet, repeat, columns, str(above.get("sheet") or ""), str(above.get("own") or ""), str(above.get("theirs") or ""),
        *(str(said.get(name) or "") for name in ("id", "submitted", "review")),
    )  # fmt: skip
