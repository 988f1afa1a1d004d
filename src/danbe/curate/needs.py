"""Tables of people in need and targets, read and checked: what each good row says, what is wrong with the others.

Reads only; ``actions/needs.py`` stores. A table has the columns of the catalogue's dataset; its place is given by names
and codes of region, cercle and commune, since a P-code alone may belong to another division.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from danbe.collect.workbooks.values import Unreadable, to_integer
from danbe.reference.catalogue import ACTIVITIES, Column, Dataset
from danbe.reference.codelists import codelist
from danbe.reference.geography import PlaceMatcher
from danbe.reference.text import clean, search_key
from danbe.reference.words import translator

FIRST_YEAR, LAST_YEAR = 2010, 2100
# Figures about what lies outside the cluster are no needs of the cluster.
_OUTSIDE = "HORS"
_TWICE = "Déjà donné à la ligne %(row)s : gardez une seule ligne par lieu, domaine et groupe."
_NAMELESS = (
    "Lieu sans nom : un P-code seul peut être celui d’une autre division. Donnez le nom de la région et du cercle."
)


@dataclass(frozen=True, slots=True)
class TableProblem:
    """Why a row was kept out: its number, the column, the value found, what is wrong and what to do."""

    row: int
    column: str
    value: str
    fr: str
    en: str

    def text(self, language: str) -> str:
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class NeedCell:
    """One figure: persons of one population group, in one place, one year, for one area of responsibility."""

    row: int
    year: int
    aor: str
    place_id: str
    population_status: str
    value: int


class TableRefused(ValueError):
    """The table as a whole cannot be read: ``fr`` and ``en`` say what is missing and what to do."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr)
        self.fr, self.en = fr, en


def table_dataset(dataset: Dataset) -> Dataset:
    """``dataset`` as a file gives it: the place by names and codes (declared once, with the 5W row)."""
    places = tuple(replace(c, required=False) for c in ACTIVITIES.columns if c.hxl.startswith("#adm") and not c.derived)
    given = tuple(replace(c, required=False) if c.name == "place" else c for c in dataset.columns)
    return replace(dataset, columns=(*places, *given))


def read_rows(path: Path, dataset: Dataset, filename: str = "") -> list[tuple[int, dict[str, object]]]:
    """The rows of a CSV or workbook as (row number in the sheet, {catalogue column: value}).

    Raises ``WorkbookRefused`` when the file is no workbook, ``TableRefused`` when a column needed is not in it.
    """
    from danbe.collect.workbooks.columns import mapping_of, propose
    from danbe.collect.workbooks.reading import open_workbook
    from danbe.collect.workbooks.sheets import candidates, read_table

    expected = table_dataset(dataset)
    workbook = open_workbook(path, filename or path.name)
    found = candidates(workbook, dataset)
    if not found:
        raise _refused("Aucune feuille ne contient de tableau reconnu. Colonnes attendues : %(columns)s.", expected)
    table = read_table(workbook, found[0])
    # The matcher of headers knows the dataset's own columns; the place's are known by their exact words.
    mapping = {**_by_words(table.headers, expected), **mapping_of(propose(table, dataset))}
    missing = [c for c in expected.columns if c.required and c.name not in mapping]
    if missing:
        raise _refused("Colonnes absentes : %(columns)s. Ajoutez-les avec ces titres.", expected, missing)
    if not any(name in ("place", "region") or name.startswith("admin") for name in mapping):
        raise _refused(
            "Aucune colonne de lieu. Ajoutez «Région» et «Cercle», avec leurs P-codes si possible.", expected
        )
    return [
        (number, {name: table.columns[index][n] for name, index in mapping.items()})
        for n, number in enumerate(table.row_numbers)
    ]


def _by_words(headers: Sequence[str], dataset: Dataset) -> dict[str, int]:
    """{column: index} of the headers that are a name, a label or a synonym of a column, letter for letter."""
    words = {search_key(word): c.name for c in dataset.columns for word in (*c.synonyms, c.name, c.en, c.fr)}
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        if name := words.get(search_key(header)):
            found.setdefault(name, index)
    return found


def _refused(message: str, dataset: Dataset, columns: Iterable[Column] | None = None) -> TableRefused:
    named = (
        list(columns) if columns is not None else [c for c in dataset.columns if c.required or c.name == "admin2_name"]
    )
    fr, en = (translator(lang)(message) % {"columns": ", ".join(c.label(lang) for c in named)} for lang in ("fr", "en"))
    return TableRefused(fr, en)


def check_rows(
    rows: Iterable[tuple[int, Mapping[str, object]]], dataset: Dataset, matcher: PlaceMatcher
) -> tuple[list[NeedCell], list[TableProblem]]:
    """The good cells, and one problem for each row kept out. A cell given twice keeps its first row.

    ``rows`` are (row number, {catalogue column: value}); the count is the dataset's last column.
    """
    reader = _RowReader(dataset, matcher)
    cells: dict[tuple[int, str, str, str], NeedCell] = {}
    problems: list[TableProblem] = []
    for number, row in rows:
        if not any(clean(value) for value in row.values()):
            continue
        try:
            cell = reader.read(number, row)
            key = (cell.year, cell.aor, cell.place_id, cell.population_status)
            if key in cells:
                raise _Wrong(
                    "place", reader.place_told(row), _TWICE,
                    row=cells[key].row,
                )  # fmt: skip
            cells[key] = cell
        except _Wrong as wrong:
            problems.append(wrong.problem(number, dataset))
    return list(cells.values()), problems


class _Wrong(Exception):
    def __init__(self, column: str, value: object, message: str, **values: object) -> None:
        super().__init__(message)
        self.column, self.value, self.message, self.values = column, clean(value), message, values

    def problem(self, row: int, dataset: Dataset) -> TableProblem:
        column = dataset[self.column] if self.column in dataset else ACTIVITIES[self.column]
        fr, en = (translator(language)(self.message) % self.values for language in ("fr", "en"))
        return TableProblem(row, column.label("fr"), self.value, fr, en)


class _RowReader:
    """Reads rows of one dataset, one value after the other; raises ``_Wrong`` at the first that cannot stand."""

    def __init__(self, dataset: Dataset, matcher: PlaceMatcher) -> None:
        self.dataset, self.matcher = dataset, matcher
        self.count = dataset.columns[-1].name

    def read(self, number: int, row: Mapping[str, object]) -> NeedCell:
        year = self._count(row, "year")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise _Wrong("year", year, "Cette année n’est pas possible : donnez l’année du plan, par exemple 2025.")
        aor = self._code(row, "aor")
        if aor == _OUTSIDE:
            raise _Wrong("aor", row.get("aor"), "Hors du cluster Protection : cette ligne n’a pas sa place ici.")
        return NeedCell(
            number, year, aor, self._place(row), self._code(row, "population_status"), self._count(row, self.count)
        )

    def _count(self, row: Mapping[str, object], name: str) -> int:
        value = row.get(name)
        reasons = {
            "negative": "Un nombre négatif ne peut pas compter des personnes : corrigez-le.",
            "decimal": "Un nombre à virgule ne peut pas compter des personnes : donnez un nombre entier.",
        }
        try:
            found = to_integer(value)
        except Unreadable as error:
            raise _Wrong(
                name, value, reasons.get(error.rule, "Ce n’est pas un nombre : écrivez un nombre entier.")
            ) from None
        if found is None:
            raise _Wrong(name, value, "Cellule vide : écrivez un nombre, 0 si c’est zéro.")
        return found

    def _code(self, row: Mapping[str, object], name: str) -> str:
        value = row.get(name)
        if not clean(value):
            raise _Wrong(name, value, "Cellule vide : choisissez une valeur de la liste.")
        codes = codelist(self.dataset[name].codelist)
        code = codes.find(value)
        if code is None:
            known = ", ".join(i.code for i in codes.items)
            raise _Wrong(name, value, "Valeur inconnue. Valeurs possibles : %(known)s.", known=known)
        return code

    def place_told(self, row: Mapping[str, object]) -> str:
        """The place as the row wrote it, from region down."""
        levels = (clean(row.get(f"admin{n}_name")) or clean(row.get(f"admin{n}_code")) for n in (1, 2, 3))
        return " / ".join(part for part in levels if part) or clean(row.get("place"))

    def _place(self, row: Mapping[str, object]) -> str:
        gazetteer = self.matcher.gazetteer
        given = clean(row.get("place"))
        # Danbe's own identifiers name the division too, so they need no name beside them.
        if given in gazetteer and gazetteer.is_current(gazetteer.unit(given)):
            return given
        names = {n: text for n in (1, 2, 3) if (text := clean(row.get(f"admin{n}_name")))}
        codes = {n: text for n in (1, 2, 3) if (text := clean(row.get(f"admin{n}_code")))}
        if not names:
            raise _Wrong("place", given or next(iter(codes.values()), ""), _NAMELESS)
        match = self.matcher.match(names, codes)
        column = f"admin{max(names)}_name"
        if match.unit is None or match.unit.level < max(names):
            raise _Wrong(column, self.place_told(row), "Lieu introuvable%(near)s.", near=self._near(match.candidates))
        if not match.is_certain:
            message = "Lieu douteux : serait-ce %(name)s (%(code)s) ? Écrivez son nom et son P-code."
            raise _Wrong(
                column, self.place_told(row), message, name=match.unit.name, code=match.unit.code or match.unit.id
            )
        return match.unit.id

    @staticmethod
    def _near(candidates: Iterable[tuple[object, float]]) -> str:
        names = [getattr(unit, "name", "") for unit, _ in list(candidates)[:3]]
        return f" ({', '.join(names)} ?)" if names else ""
