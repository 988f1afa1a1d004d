"""Do the numbers of a row hold together: parts and totals, target and population, sexes, disability, units."""

from __future__ import annotations

import re
from typing import Any

from danbe.curate.response.checks import Checked
from danbe.curate.response.resolving import unit_of
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.geography import Unit
from danbe.reference.text import search_key

_FINE = ("0_5", "6_11", "12_17")
_HOUSEHOLDS = re.compile(r"\b(menages?|households?|hhs?|familles?|families)\b")
_PERSONS = re.compile(
    r"\b(personnes?|persons?|people|individus?|individuals?|beneficia\w*|enfants?|children|femmes?|women|members?)\b"
)
_UNREAD = frozenset({"negative", "decimal", "unreadable_number"})
_GROUPS = {
    of: [c.name for c in ACTIVITIES.facets(of) if dict(c.facet).get("population_status")]
    for of in ("reached", "target")
}


def check_counts(c: Checked) -> None:
    """Fills totals left empty from their parts, then applies the rules on numbers."""
    sexes = _disaggregation(c)
    for of in ("reached", "target"):
        _groups(c, of)
    _one_sex(c, sexes)
    _ceilings(c)
    _disability(c)
    _households(c)


def _sum(values: list[int | None]) -> int | None:
    given = [v for v in values if v is not None]
    return sum(given) if given else None


def _disaggregation(c: Checked) -> list[tuple[int | None, int | None]]:
    """Checks ages against sexes and sexes against the total. Returns per row the girls and women, boys and men.

    Cells left empty or all at 0 are «not disaggregated», not a contradiction: partners type 0 for «not counted apart».
    """
    rows = c.rows
    names = [x.name for x in ACTIVITIES.facets("reached") if dict(x.facet).get("sex")]
    if not any(n in rows.values for n in names):
        return []
    wrong: dict[str, list[tuple[int, int, int]]] = {}
    computed = []
    sexes: list[tuple[int | None, int | None]] = []
    reached = list(rows.numbers("reached"))
    cells = {sex: _sex_columns(c, sex) for sex in ("f", "m")}
    unread = c.issues.at(_UNREAD)
    for j, (total, f, m) in enumerate(zip(reached, cells["f"], cells["m"], strict=True)):
        if j in unread:  # blocked for a number that was not read: what the others add up to says nothing
            sexes.append((None, None))
            continue
        by_sex = []
        for sex, (whole, child, fine1, fine2, fine3, adult, old, unknown) in (("f", f), ("m", m)):
            fine = _sum([fine1, fine2, fine3])
            if child is not None and fine and fine != child:
                wrong.setdefault(f"reached_{sex}_0_17", []).append((j, fine, child))
            parts = _sum([child if child is not None else fine, adult, old, unknown])
            if whole is not None and parts and parts != whole:
                wrong.setdefault(f"reached_{sex}", []).append((j, parts, whole))
            by_sex.append(whole if whole is not None else parts)
        sexes.append((by_sex[0], by_sex[1]))
        both = _sum(by_sex)
        if total is None and both is not None:
            reached[j] = both
            computed.append(j)
        elif both and both != total:
            wrong.setdefault("reached", []).append((j, both, total))
    if computed:
        rows.values["reached"] = reached
        c.issues.add_many("total_computed", computed, "reached" if "reached" in rows.headers else "", of="reached")
    _tell(c, wrong)
    return sexes


def _sex_columns(c: Checked, sex: str) -> list[tuple[Any, ...]]:
    names = [f"reached_{sex}"] + [f"reached_{sex}_{age}" for age in ("0_17", *_FINE, "18_59", "60", "inc")]
    return list(zip(*(c.rows.numbers(n) for n in names), strict=True))


def _tell(c: Checked, wrong: dict[str, list[tuple[int, int, int]]]) -> None:
    for name, found in wrong.items():
        column = name if name in c.rows.headers else ""
        for position, parts, total in found:
            c.issues.add("disaggregation_mismatch", position, column, str(total), of=name, sum=parts, total=total)


def _groups(c: Checked, of: str) -> None:
    """Population groups against their total: the same rule as for sexes and ages."""
    present = [n for n in _GROUPS[of] if n in c.rows.values]
    if not present:
        return
    totals = list(c.rows.numbers(of))
    wrong, computed = [], []
    unread = c.issues.at(_UNREAD)
    for j, parts in enumerate(zip(*(c.rows.values[n] for n in present), strict=True)):
        found = _sum(list(parts))
        if not found or j in unread:
            continue
        if totals[j] is None:
            totals[j] = found
            computed.append(j)
        elif found != totals[j]:
            wrong.append((j, found, totals[j]))
    if computed:
        c.rows.values[of] = totals
        c.issues.add_many("total_computed", computed, of if of in c.rows.headers else "", of=of)
    _tell(c, {of: wrong})


def _one_sex(c: Checked, sexes: list[tuple[int | None, int | None]]) -> None:
    held = {n.split("_")[1] for n in c.rows.values if n.startswith(("reached_f", "reached_m"))}
    if not held >= {"f", "m"}:
        return
    at = [j for j, (f, m) in enumerate(sexes) if (f or m) and not (f and m)]
    c.issues.add_many("one_sex", at, "reached" if "reached" in c.rows.headers else "")


def _ceilings(c: Checked) -> None:
    reached, targets = c.rows.numbers("reached"), c.rows.numbers("target")
    column = "reached" if "reached" in c.rows.headers else ""
    for j, (n, target) in enumerate(zip(reached, targets, strict=True)):
        if n and target is not None and n > target:
            c.issues.add("over_target", j, column, str(n), reached=n, target=target)
    populations: dict[str, Unit | None] = {}
    for j, (n, place) in enumerate(zip(reached, c.resolved.place, strict=True)):
        if not n or place is None:
            continue
        if place.key not in populations:
            populations[place.key] = _populated(c, unit_of(place, c.gazetteer))
        unit = populations[place.key]
        if unit is not None and unit.population and n > unit.population:
            c.issues.add("over_population", j, column, str(n), reached=n, place=unit.name, population=unit.population)


def _populated(c: Checked, unit: Unit | None) -> Unit | None:
    """The unit, or the nearest above it whose population is known."""
    if unit is None:
        return None
    above = c.gazetteer.ancestors(unit.id)
    return next((above[level] for level in sorted(above, reverse=True) if above[level].population), None)


def _disability(c: Checked) -> None:
    reached = c.rows.numbers("reached")
    column = c.rows.values.get("persons_with_disabilities")
    if column is None:
        if any(reached):
            c.issues.add("no_disability_column")
        return
    aors = c.rows.values["aor"]
    missing = [
        j for j, (n, part) in enumerate(zip(reached, column, strict=True)) if n and part is None and aors[j] != "HORS"
    ]
    c.issues.add_many("missing_disability", missing, "persons_with_disabilities")
    for j, (n, part) in enumerate(zip(reached, column, strict=True)):
        if part and n is not None and part > n:
            c.issues.add("disability_over_total", j, "persons_with_disabilities", str(part), part=part, reached=n)


def _households(c: Checked) -> None:
    """A unit of households, or an indicator worded in households, over a column that counts persons."""
    reached, units = c.rows.numbers("reached"), c.rows.texts("unit")
    if not any(reached):
        return
    texts = c.rows.texts("indicator")
    worded = {t for t in set(texts) if t and _HOUSEHOLDS.search(key := search_key(t)) and not _PERSONS.search(key)}
    lines = {code: line.unit for code, line in c.lines.items()}
    at = []
    for j, (n, unit, text, code) in enumerate(zip(reached, units, texts, c.resolved.indicator, strict=True)):
        if not n:
            continue
        of_indicator = lines.get(code, "")
        # An indicator declared in households is counted in households: only its persons' columns may surprise.
        if of_indicator == "MEN":
            continue
        if unit == "MEN" or (not unit and text in worded):
            at.append(j)
    values = [str(reached[j]) for j in at]
    c.issues.add_many("households_as_persons", at, "reached" if "reached" in c.rows.headers else "", values)
