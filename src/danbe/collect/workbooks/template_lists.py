"""The lists behind the template's drop-downs, and the formulas by which a cell finds the part of a list it may hold.

A dependent drop-down is ``OFFSET`` over a list sorted by parent: no defined names, so nothing that collides with cell
references, breaks on accents, or differs between Excel and LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from danbe.collect.workbooks.template_context import TemplateContext
from danbe.reference.codelists import codelist
from danbe.reference.geography import Unit
from danbe.reference.text import search_key

# Columns where each choice narrows the next. A chain is used when the dataset asks for all its columns.
CHAINS: tuple[tuple[str, ...], ...] = (
    ("aor", "objective", "activity", "indicator"),
    ("admin1_name", "admin2_name", "admin3_name"),
)
SEPARATOR = "|"
# The indicators whose unit is not persons: nothing to split by sex and age.
UNCOUNTED = "uncounted"
# MATCH and COUNTIF refuse a longer text (Excel specifications and limits).
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of the list sheet: its heading and its values, from the second row down.

    Headings are mere numbers: with the labels of the catalogue a reader could take this sheet for the data.
    """

    title: str
    values: tuple[str, ...]


@dataclass
class Lists:
    """The columns of the list sheet, and for each column of the entry sheet where its choices lie."""

    sheet: str
    columns: list[ListColumn] = field(default_factory=list)
    _plain: dict[str, int] = field(default_factory=dict)
    _dependent: dict[str, tuple[int, int, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, name: str, values: Sequence[str]) -> None:
        """The entry column ``name`` may hold any of ``values``."""
        self._plain[name] = self._place(values)

    def add_dependent(self, name: str, parents: tuple[str, ...], pairs: Sequence[tuple[str, str]]) -> None:
        """The entry column ``name`` may hold the values paired with the key made of the cells ``parents``."""
        keys = self._place([key for key, _ in pairs])
        self._dependent[name] = (keys, self._place([value for _, value in pairs]), parents)

    def __contains__(self, name: object) -> bool:
        return name in self._plain or name in self._dependent

    def source(self, name: str, cell: dict[str, str]) -> str:
        """The validation formula of the entry column ``name``; ``cell`` gives the reference of a column in that row."""
        if name in self._plain:
            return "=" + self._range(self._plain[name])
        keys, values, parents = self._dependent[name]
        key = f'&"{SEPARATOR}"&'.join(cell[parent] for parent in parents)
        top = f"'{self.sheet}'!${letter(values)}$1"
        return f"=OFFSET({top},MATCH({key},{self._range(keys)},0),0,COUNTIF({self._range(keys)},{key}),1)"

    def _place(self, values: Sequence[str]) -> int:
        self.columns.append(ListColumn(f"#{len(self.columns) + 1}", tuple(values)))
        return len(self.columns) - 1

    def _range(self, index: int) -> str:
        last = max(2, len(self.columns[index].values) + 1)
        return f"'{self.sheet}'!${letter(index)}$2:${letter(index)}${last}"


def letter(index: int) -> str:
    """The letters of a column counted from 0: 0 is A, 26 is AA."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(index))


def build_lists(context: TemplateContext, sheet: str) -> Lists:
    """All lists the template of ``context`` needs. Raises ``ValueError`` naming a label too long to be looked up."""
    lists = Lists(sheet)
    asked = {c.name: c for c in context.dataset.asked}
    paths = {CHAINS[0]: _framework_paths(context), CHAINS[1]: _place_paths(context.places)}
    for chain in CHAINS:
        if set(chain) <= set(asked) and paths[chain]:
            _add_chain(lists, chain, paths[chain])
    for name, column in asked.items():
        if column.codelist and name not in lists:
            items = codelist(column.codelist).items
            lists.add(name, [i.label(context.language) for i in items])
    for name, values in (
        ("report_month", months_back(context.month, 3)),
        ("organisation", [context.organisation]),
        ("implementing_partner", list(context.partners)),
    ):
        if name in asked and name not in lists and values:
            lists.add(name, values)
    lists.add(UNCOUNTED, [i.name for i in context.indicators if i.unit != "PERS"])
    return lists


def months_back(month: str, count: int) -> list[str]:
    """``month`` ('YYYY-MM') and the months before it, latest first: late lines may come with this month's report."""
    year, number = (int(part) for part in month.split("-"))
    ordinals = range(year * 12 + number - 1, year * 12 + number - 1 - count, -1)
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in ordinals]


def _add_chain(lists: Lists, chain: tuple[str, ...], paths: Iterable[tuple[str, ...]]) -> None:
    paths = list(dict.fromkeys(paths))
    lists.add(chain[0], list(dict.fromkeys(path[0] for path in paths)))
    for depth in range(1, len(chain)):
        pairs = dict.fromkeys((SEPARATOR.join(path[:depth]), path[depth]) for path in paths if len(path) > depth)
        # A stable sort by key keeps the children of one parent together and in the order given.
        order = {key: n for n, key in enumerate(dict.fromkeys(key for key, _ in pairs))}
        for key, _ in pairs:
            if len(key) > LONGEST_KEY:
                raise ValueError(
                    f"{chain[depth]}: a choice under {key!r} cannot be offered: over {LONGEST_KEY} characters"
                )
        ordered = sorted(pairs, key=lambda pair: order[pair[0]])
        lists.add_dependent(chain[depth], chain[:depth], ordered)


def _framework_paths(context: TemplateContext) -> list[tuple[str, ...]]:
    aors, objectives = codelist("aor"), codelist("objective")
    rank = {item.code: n for code_list in (aors, objectives) for n, item in enumerate(code_list.items)}
    lines = sorted(context.indicators, key=lambda i: (rank.get(i.aor, 99), rank.get(i.objective, 99), i.indicator_id))
    language = context.language
    return [(aors.label(i.aor, language), objectives.label(i.objective, language), i.activity, i.name) for i in lines]


@lru_cache(maxsize=4)
def _place_paths(places: tuple[Unit, ...]) -> list[tuple[str, ...]]:
    """(region,), (region, cercle) and (region, cercle, commune), each sorted by name; the same for every partner."""
    by_id = {unit.id: unit for unit in places}
    paths = []
    for unit in places:
        names = [unit.name]
        above = by_id.get(unit.parent_id or "")
        while above is not None and above.level >= 1:
            names.insert(0, above.name)
            above = by_id.get(above.parent_id or "")
        if len(names) == unit.level <= 3:
            paths.append(tuple(names))
    return sorted(paths, key=lambda path: [search_key(name) for name in path])
