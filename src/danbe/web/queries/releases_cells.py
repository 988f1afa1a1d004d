"""The cells of a release as its preparers see them: what is hidden, of which kind, and why, in French and in English.

Reads the release and what the gate told (``web.inside``). Kinds: ``small`` a small count; ``zero`` a zero that would tell
small from none; ``contributor`` too few or too dominant contributors; ``complement`` hidden so that subtraction does not
tell another; ``level`` a place too precise for the subject; ``together`` counts the same people as a hidden cell, or is
worked out from one; ``history`` an earlier edition beside it would tell a small count; ``held`` not told why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from danbe.protect import primary
from danbe.publish.release import is_withheld
from danbe.reference.catalogue.figures import FIGURES, TOTAL, dimensions, measures
from danbe.reference.words import plural_translator, translator
from danbe.register.models import User
from danbe.web.models import Release
from danbe.web.queries.releases import folder, told
from danbe.web.queries.releases_words import Words, words_of

KINDS = ("small", "zero", "contributor", "complement", "level", "together", "history", "held")
# The gate's reasons (protect.primary) → the kind shown.
_KIND_OF = {
    primary.SMALL: "small",
    primary.ZERO: "zero",
    primary.CONTRIBUTOR: "contributor",
    primary.COMPLEMENT: "complement",
    primary.SENSITIVE: "level",
    primary.TOGETHER: "together",
    primary.HELD_BACK: "history",
    primary.INCREMENT: "history",
    primary.BEFORE: "history",
}


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


LABELS = {
    "small": _("petit"),
    "zero": _("zéro"),
    "contributor": _("contributeur"),
    "complement": _("complément"),
    "level": _("trop précis"),
    "together": _("lié"),
    "history": _("éditions"),
    "held": _("autre motif"),
}


@dataclass(frozen=True)
class Hidden:
    """One hidden cell: ``n`` its number in this release, ``value`` its true count (inside only; ``None`` if not kept),
    ``protects`` the numbers of the hidden cells that subtraction would give back were this one shown, the nearest first,
    of ``of`` there are."""

    n: int
    table: str
    measure: str
    dims: dict[str, Any]
    kind: str
    reason: str = ""
    value: float | None = None
    protects: tuple[int, ...] = ()
    of: int = 0

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


def met(found: Cells) -> list[str]:
    """The kinds that occur in a release, in their order."""
    kinds = {h.kind for h in found.hidden}
    return [k for k in KINDS if k in kinds]


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
                len(raw) + 1, table, measure, dims, _kind(cell), str(cell.get("reason", "")), cell.get("value"),
                of=int(cell.get("protects", 0)),
            )  # fmt: skip
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
    return _KIND_OF.get(str(cell.get("reason", "")), "held")


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


_SAID = {
    "zero": _("Masqué : c’est un zéro ; le montrer dirait que les cases masquées d’à côté n’en sont pas."),
    "contributor": _("Masqué : trop peu d’organisations y contribuent, ou une seule en fait presque tout ; ses partenaires y liraient ses chiffres."),
    "complement": _("Masqué : une case masquée d’une autre ligne se retrouverait par soustraction."),
    "level": _("Masqué : pour ce sujet, aucun effectif n’est public plus finement que la région."),
    "together": _("Masqué : compte les mêmes personnes qu’une case masquée de la même ligne, ou s’en calcule."),
    "held": _("Masqué : retenu par le contrôle de diffusion."),
    primary.HELD_BACK: _("Masqué : corrigé de peu depuis une édition publiée ; la différence dirait un petit effectif."),
    primary.INCREMENT: _("Masqué : la différence avec le cumul d’une édition publiée serait un petit effectif."),
    primary.BEFORE: _("Masqué : déjà masqué dans une édition publiée, dont il rendrait les cases."),
}  # fmt: skip


def explain(found: Cells, hidden: Hidden, language: str) -> Explanation:
    """«Masqué : complète 3 petits effectifs de la ligne Bandiagara · SCPE (sinon retrouvables par soustraction).»"""
    tr = translator(language)
    protects = [found.hidden[n - 1] for n in hidden.protects]
    if hidden.kind == "small":
        stated = found.words.read.audit.get("thresholds", {})
        sensitive = hidden.dims.get("aor") in stated.get("sensitive", [])
        k = stated.get("sensitive_small" if sensitive else "small", 5)
        said = tr(_("Masqué : effectif de 1 à %(last)s (seuil %(k)s).")) % {"last": k - 1, "k": k}
    elif hidden.kind == "complement" and protects:
        said = _complement(found, hidden, protects, language)
    else:
        said = tr(_SAID[hidden.reason if hidden.reason in _SAID else hidden.kind])
    column = FIGURES[hidden.table][hidden.measure]
    return Explanation(
        column.label(language),
        found.words.cell(hidden.dims, language),
        said,
        tr(_("Un lecteur voit «protégé» et ne sait pas lequel de ces motifs s’applique.")),
        protects,
    )


def _complement(found: Cells, hidden: Hidden, protects: list[Hidden], language: str) -> str:
    """How many cells of its own line it complements, naming the line; else how many in all."""
    tr, ngettext = translator(language), plural_translator(language)
    beside = [p for p in protects if (p.table, p.measure) == (hidden.table, hidden.measure) and _differ(p, hidden) == 1]
    line = line_of(found.words, hidden, beside, language) if beside else ""
    counted = beside if line else protects
    n = len(counted) if line else max(hidden.of, len(protects))
    if all(p.kind == "small" for p in counted):
        what = ngettext("%(n)s petit effectif", "%(n)s petits effectifs", n) % {"n": n}
    else:
        what = ngettext("%(n)s effectif masqué", "%(n)s effectifs masqués", n) % {"n": n}
    if line:
        said = tr(_("Masqué : complète %(what)s de la ligne %(line)s (sinon retrouvables par soustraction)."))
        return said % {"what": what, "line": line}
    return tr(_("Masqué : complète %(what)s (sinon retrouvables en combinant plusieurs soustractions).")) % {
        "what": what
    }


def _differ(one: Hidden, other: Hidden) -> int:
    return sum(one.dims[d] != other.dims[d] for d in one.dims if d != "level")


def line_of(words: Words, hidden: Hidden, others: list[Hidden], language: str) -> str:
    """What a cell and those it protects share: the line (or column, or page) in which one would subtract; '' if nothing."""
    shared = {
        name: value
        for name, value in hidden.dims.items()
        if name != "level" and value not in (None, TOTAL) and all(str(o.dims.get(name)) == str(value) for o in others)
    }
    shared = {n: v for n, v in shared.items() if not (n == "period" and "/" in str(v))}
    return words.cell(shared, language) if shared else ""


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
        if h.table == table
        and measure in ("", h.measure)
        and all(str(h.dims.get(n)) in values for n, values in wanted.items())
    ]
