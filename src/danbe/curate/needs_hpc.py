"""People in need as HPC tools publish them: each file's rows read, those that stand and those that do not, with why.

Reads only. Three shapes: the workbook-like CSV of HPC needs (one row a caseload, place and category), HAPI's long CSV
(one row a measure), and the JSON of response monitoring, whose plans another JSON («progress») names. Rows in are always
rows kept plus rows reported. Areas of responsibility are parts of the same people: ``total`` refuses to add two caseloads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from danbe.curate.needs_hpc_files import NO_PLACE, NeedsFileRefused, Plan, RawNeed, open_csv, open_json
from danbe.reference.text import clean
from danbe.reference.words import translator

__all__ = [
    "PROTECTION_CODES",
    "MixedCaseloads",
    "Need",
    "NeedsFile",
    "NeedsFileRefused",
    "Plan",
    "Remark",
    "read_needs",
    "total",
]

PROTECTION_CODES = ("PRO", "PRO-GBV", "PRO-CPN", "PRO-HLP", "PRO-MIN")

_NO_CODE = "«%(value)s» n’a pas de code de cluster : la ligne ne peut être rattachée à aucun secteur."
_EMPTY = "Aucun chiffre sur cette ligne."
_NEGATIVE = "Un nombre négatif ne peut pas compter des personnes : corrigez-le à la source."
_NO_NUMBER = "Ce n’est pas un nombre : corrigez-le à la source."
_TWICE = "Déjà donné à la ligne %(row)s : même plan, secteur, lieu et catégorie."
_ROUNDED = "Nombre à virgule arrondi à l’unité : %(value)s."


class MixedCaseloads(ValueError):
    """Figures of several caseloads, areas or places were about to be added: the same people would count twice."""


@dataclass(frozen=True, slots=True)
class Need:
    """One row kept: a caseload in one place and category, with the measures the row gives (persons)."""

    row: int
    country: str
    year: int
    code: str
    caseload: str
    level: int
    place_code: str
    place_name: str
    category: str
    values: tuple[tuple[str, int], ...]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes the row: the same key twice is the same figure twice (HAPI has a row for each measure)."""
        place = (self.level, self.place_code or self.place_name)
        return (
            self.country,
            self.year,
            self.code,
            self.caseload,
            *place,
            self.category,
            tuple(m for m, _ in self.values),
        )

    def value(self, measure: str) -> int | None:
        return dict(self.values).get(measure)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a row; ``kept`` when the row stands nevertheless."""

    row: int
    column: str
    message: str
    values: tuple[tuple[str, str], ...] = ()
    kept: bool = False

    def text(self, language: str) -> str:
        return translator(language)(self.message) % dict(self.values)


@dataclass
class NeedsFile:
    """A file as read: ``rows`` in it, those kept, and a remark for each row kept out (``reported``)."""

    name: str
    shape: str
    rows: int = 0
    kept: list[Need] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    @property
    def reported(self) -> list[Remark]:
        return [r for r in self.remarks if not r.kept]

    def national(self, measure: str = "in_need") -> dict[tuple[str, str, str], int]:
        """{(country, code, caseload): figure} of the country as a whole, each caseload by itself."""
        found = {}
        for need in self.kept:
            value = need.value(measure)
            if need.level == 0 and not need.category and value is not None:
                found[(need.country, need.code, need.caseload)] = value
        return found


def total(needs: Iterable[Need], measure: str = "in_need") -> int:
    """The sum over places of one level of one caseload, one category.

    Raises ``MixedCaseloads`` for anything else: an area of responsibility is never added into Protection, a region
    never to its country, «Children» never to «Female».
    """
    rows = list(needs)
    for what in ("country", "year", "code", "caseload", "level", "category"):
        if len(found := {getattr(n, what) for n in rows}) > 1:
            raise MixedCaseloads(f"{what}: {', '.join(sorted(map(str, found)))}: not to be added together")
    if len({n.place_code for n in rows}) < len(rows):
        raise MixedCaseloads("place: the same place twice")
    return sum(n.value(measure) or 0 for n in rows)


def read_needs(
    path: Path,
    *,
    country: str = "",
    year: int = 0,
    plans: Iterable[Plan] = (),
    places: Mapping[str, set[str]] | None = None,
) -> NeedsFile:
    """The rows of one file. ``country`` and ``year`` say what the file does not; ``plans`` are those already known;
    ``places`` are the P-codes known by country, for countries whose places are known at all.
    """
    known = {p.number: p for p in plans}
    if path.suffix.lower() == ".json":
        shape, raws, found = open_json(path, country, year, known)
    else:
        shape, raws, found = (*open_csv(path, country, year), [])
    read = NeedsFile(path.name, shape, plans=found)
    seen: dict[tuple[object, ...], int] = {}
    for raw in raws:
        read.rows += 1
        _check(raw, read, seen, places or {})
    return read


def _check(raw: RawNeed, read: NeedsFile, seen: dict[tuple[object, ...], int], places: Mapping[str, set[str]]) -> None:
    def out(column: str, message: str, **values: str) -> None:
        read.remarks.append(Remark(raw.row, column, message, tuple(values.items())))

    if raw.wrong:
        return out(raw.wrong[0], raw.wrong[1], value=raw.wrong[2])
    if not raw.code:
        return out("Cluster", _NO_CODE, value=raw.caseload or "–")
    if raw.level and (not raw.place_code or raw.place_code not in places.get(raw.country, {raw.place_code})):
        return out("Admin PCode", NO_PLACE, value=raw.place_code or raw.place_name or "–")
    values: dict[str, int] = {}
    rounded: list[tuple[str, str]] = []
    for measure, given in raw.values.items():
        if given is None or not clean(given):
            continue
        try:
            exact = Decimal(clean(given).replace(" ", ""))
        except InvalidOperation:
            return out(measure, _NO_NUMBER)
        if not exact.is_finite():
            return out(measure, _NO_NUMBER)
        if exact < 0:
            return out(measure, _NEGATIVE)
        values[measure] = int(exact.to_integral_value(ROUND_HALF_UP))
        if values[measure] != exact:
            rounded.append((measure, clean(given)))
    if not values:
        return out("In Need", _EMPTY)
    need = Need(
        raw.row, raw.country, raw.year, raw.code, raw.caseload, raw.level, raw.place_code, raw.place_name, raw.category,
        tuple(values.items()),
    )  # fmt: skip
    if need.key in seen:
        return out("Category", _TWICE, row=str(seen[need.key]))
    seen[need.key] = raw.row
    read.kept.append(need)
    read.remarks += [Remark(raw.row, m, _ROUNDED, (("value", v),), kept=True) for m, v in rounded]
