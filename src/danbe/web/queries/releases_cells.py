"""The cells of a release as its preparers see them: what is hidden, of which kind, and why, in French and in English.

Reads the release and what the gate told (``web.inside``). Kinds: ``small`` a small count; ``contributor`` too few or too
dominant contributors; ``complement`` hidden so that subtraction does not tell another; ``level`` a place too precise for
the subject; ``together`` counts the same people as a hidden cell, or is worked out from one; ``held`` kept back for another reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from danbe.publish.release import is_withheld
from danbe.reference.catalogue.figures import FIGURES, TOTAL, dimensions, measures
from danbe.reference.words import plural_translator, translator
from danbe.register.models import User
from danbe.web.models import Release
from danbe.web.queries.releases import folder, told
from danbe.web.queries.releases_words import Words, words_of

KINDS = ("small", "contributor", "complement", "level", "together", "held")
# The gate's reasons, as it words them → the kind shown.
_KIND_OF = {
    "small": "small", "small_count": "small",
    "contributor": "contributor", "contributors": "contributor", "few_contributors": "contributor",
    "dominance": "contributor", "dominant": "contributor",
    "complement": "complement", "secondary": "complement",
    "sensitive_level": "level", "level": "level",
    "together": "together", "derived": "together", "same_people": "together", "follows": "together",
}  # fmt: skip


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


LABELS = {
    "small": _("petit"),
    "contributor": _("contributeur"),
    "complement": _("complément"),
    "level": _("trop précis"),
    "together": _("lié"),
    "held": _("autre motif"),
}


@dataclass(frozen=True)
class Hidden:
    """One hidden cell: ``n`` its number in this release, ``value`` its true count (inside only; ``None`` if not kept),
    ``protects`` the numbers of the hidden cells that subtraction would give back were this one shown."""

    n: int
    table: str
    measure: str
    dims: dict[str, Any]
    kind: str
    reason: str = ""
    value: float | None = None
    protects: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        return _key(self.table, self.measure, self.dims)


@dataclass
class Cells:
    """All hidden cells of a release, in the order the gate tells them."""

    words: Words
    hidden: list[Hidden] = field(default_factory=list)
    by_key: dict[tuple[Any, ...], Hidden] = field(default_factory=dict)

    def of(self, table: str) -> list[Hidden]:
        return [h for h in self.hidden if h.table == table]

    def counts(self) -> dict[str, Counter[str]]:
        """Per table, how many cells are hidden of each kind."""
        found: dict[str, Counter[str]] = {}
        for h in self.hidden:
            found.setdefault(h.table, Counter())[h.kind] += 1
        return found


def _key(table: str, measure: str, dims: dict[str, Any]) -> tuple[Any, ...]:
    return (table, measure, *(str(dims.get(d)) for d in dimensions(FIGURES[table])))


def cells(user: User, release: Release) -> Cells:
    """The hidden cells of a release; raises ``NotAllowed``. A cell the gate did not tell of is found in its table."""
    kept = told(user, release)
    found = Cells(words_of(folder(release).resolve()))
    raw: list[tuple[Hidden, Any]] = []
    for cell in kept.get("cells", []):
        table = cell["table"]
        told_dims = cell.get("dims") or cell
        dims = {d: told_dims.get(d) for d in dimensions(FIGURES[table])}
        for measure in [cell["measure"]] if "measure" in cell else cell.get("measures", []):
            hidden = Hidden(
                len(raw) + 1, table, measure, dims, _kind(cell), str(cell.get("reason", "")), cell.get("value")
            )
            raw.append((hidden, cell.get("complement_of") or ()))
            found.by_key[hidden.key] = hidden
    for name in sorted(found.words.read.audit.get("tables", {})):
        for row in found.words.read.table(name):
            for measure in (row.get("withheld") or "").split():
                dims = {d: row[d] for d in dimensions(FIGURES[name])}
                if _key(name, measure, dims) not in found.by_key:
                    hidden = Hidden(len(raw) + 1, name, measure, dims, "held")
                    raw.append((hidden, ()))
                    found.by_key[hidden.key] = hidden
    for hidden, of in raw:
        whole = Hidden(**{**vars(hidden), "protects": tuple(_named(of, found, hidden))})
        found.hidden.append(whole)
        found.by_key[whole.key] = whole
    return found


def _kind(cell: dict[str, Any]) -> str:
    if cell.get("complement_of"):
        return "complement"
    return _KIND_OF.get(str(cell.get("kind") or cell.get("reason", "")), "held")


def _named(of: Any, found: Cells, me: Hidden) -> Iterable[int]:
    """The numbers of the cells a complement protects, as the gate names them: cells, or positions among its cells."""
    for item in of if isinstance(of, list | tuple) else [of]:
        if isinstance(item, dict):
            table = item.get("table", me.table)
            dims = item.get("dims") or {d: item.get(d) for d in dimensions(FIGURES[table])}
            other = found.by_key.get(_key(table, item.get("measure", me.measure), dims))
            if other and other.n != me.n:
                yield other.n


@dataclass(frozen=True)
class Explanation:
    """Why a cell is hidden, for one language: a sentence, what a reader is left with, and the cells it protects."""

    title: str
    where: str
    sentence: str
    reader: str
    protects: list[Hidden]


def explain(found: Cells, hidden: Hidden, language: str) -> Explanation:
    """«Masqué : complète 3 petits effectifs de la ligne Bandiagara · SCPE (sinon retrouvables par soustraction).»"""
    tr, ngettext = translator(language), plural_translator(language)
    protects = [found.hidden[n - 1] for n in hidden.protects]
    audit = found.words.read.audit.get("thresholds", {})
    aor = hidden.dims.get("aor")
    sensitive = aor in audit.get("sensitive", [])
    k = audit.get("sensitive_small" if sensitive else "small", 5)
    if hidden.kind == "small":
        said = tr(_("Masqué : effectif de 1 à %(last)s (seuil %(k)s).")) % {"last": k - 1, "k": k}
    elif hidden.kind == "contributor":
        said = tr(
            _(
                "Masqué : trop peu d’organisations y contribuent, ou une seule en fait presque tout ; ses partenaires y liraient ses chiffres."
            )
        )
    elif hidden.kind == "complement" and protects:
        line, n = line_of(found.words, hidden, protects, language), len(protects)
        if all(p.kind == "small" for p in protects):
            said = ngettext(
                "Masqué : complète %(n)s petit effectif de la ligne %(line)s (sinon retrouvable par soustraction).",
                "Masqué : complète %(n)s petits effectifs de la ligne %(line)s (sinon retrouvables par soustraction).",
                n,
            )
        else:
            said = ngettext(
                "Masqué : complète %(n)s effectif masqué de la ligne %(line)s (sinon retrouvable par soustraction).",
                "Masqué : complète %(n)s effectifs masqués de la ligne %(line)s (sinon retrouvables par soustraction).",
                n,
            )
        said %= {"n": n, "line": line}
    elif hidden.kind == "complement":
        said = tr(_("Masqué : un effectif masqué voisin se retrouverait par soustraction."))
    elif hidden.kind == "level":
        said = tr(_("Masqué : pour ce sujet, aucun effectif n’est public plus finement que la région."))
    elif hidden.kind == "together":
        said = tr(_("Masqué : compte les mêmes personnes qu’un effectif masqué de la même ligne, ou s’en calcule."))
    else:
        said = tr(_("Masqué : retenu par le contrôle de diffusion."))
    column = FIGURES[hidden.table][hidden.measure]
    return Explanation(
        column.label(language),
        found.words.cell(hidden.dims, language),
        said,
        tr(_("Un lecteur voit «protégé» et ne sait pas lequel de ces motifs s’applique.")),
        protects,
    )


def line_of(words: Words, hidden: Hidden, others: list[Hidden], language: str) -> str:
    """What a cell and those it protects share: the line (or column, or page) in which one would subtract."""
    shared = {
        name: value
        for name, value in hidden.dims.items()
        if value not in (None, TOTAL) and all(str(o.dims.get(name)) == str(value) for o in others)
    }
    return words.cell(shared, language, whole=False)


@dataclass(frozen=True)
class Row:
    """A row of a table as it is previewed: what it counts in words, and per measure a value or a hidden cell."""

    where: str
    cells: list[tuple[str, Any, Hidden | None]]


def rows(found: Cells, table: str, language: str, *, only_hidden: bool = True, kind: str = "") -> list[Row]:
    """The rows of a released table, hidden cells marked; by default those that have any, of one ``kind`` if given."""
    shown = []
    keys = dimensions(FIGURES[table])
    for row in found.words.read.table(table):
        marks = [
            (m, row.get(m), found.by_key.get(_key(table, m, row)) if is_withheld(row, m) else None)
            for m in measures(FIGURES[table])
            if m in row
        ]
        here = [h for _m, _v, h in marks if h and (not kind or h.kind == kind)]
        if here or not (only_hidden or kind):
            shown.append(Row(found.words.cell({k: row[k] for k in keys}, language, whole=False), marks))
    return shown


def find(found: Cells, table: str, measure: str, dims: dict[str, str]) -> list[Hidden]:
    """The hidden cells of a measure whose dimensions are those given (values, or the names people give them)."""
    wanted = {name: found.words.meant(name, text) for name, text in dims.items()}
    return [
        h
        for h in found.hidden
        if h.table == table and measure in ("", h.measure) and all(str(h.dims.get(n)) == v for n, v in wanted.items())
    ]
