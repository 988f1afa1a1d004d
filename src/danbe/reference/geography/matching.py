"""Places met in files, matched to units: name and code together, blocked by parent, with a confidence and a reason.

From the region down, each level is looked up below the one before. A code never decides against a name: Mali's codes
of 2015 were given again to other cercles in 2021 (ML0506 was Douentza, is Mopti). See docs/decisions/0003-geography.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from danbe.reference.geography.blocks import EXACT, Hit, Index
from danbe.reference.geography.gazetteer import Gazetteer
from danbe.reference.geography.match import CERTAIN, DOUBTFUL, Candidates, PlaceMatch
from danbe.reference.geography.names import code_key, parts, place_key, without_parenthesis
from danbe.reference.geography.units import CERCLE, COMMUNE, REGION, SITE, UNVERIFIED, Unit

# What is remembered per matcher before starting afresh: a bound on memory, far above the distinct places of a file.
_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class _Step:
    """What one level of a place was found to be. ``old``: the unit of a former division that bears the name."""

    unit: Unit | None = None
    confidence: float = 0.0
    reason: str = "not_found"
    problems: tuple[str, ...] = ()
    candidates: Candidates = ()
    old: Unit | None = None

    def with_problem(self, problem: str, at_most: float = 1.0) -> _Step:
        problems = self.problems if problem in self.problems else (*self.problems, problem)
        return replace(self, problems=problems, confidence=min(self.confidence, at_most))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look: below ``unit``; below ``old`` in the former division; ``lost`` when a parent named is unknown."""

    unit: Unit | None = None
    old: Unit | None = None
    lost: bool = False
    certain: bool = True
    parent_key: str = ""


class PlaceMatcher:
    """Matches places to the units of a gazetteer. Answers are remembered per distinct (names, codes, site)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._index = Index(gazetteer)
        self._memory: dict[tuple[object, ...], PlaceMatch] = {}
        self._steps: dict[tuple[object, ...], _Step] = {}

    def match(self, names: Mapping[int, str], codes: Mapping[int, str] | None = None, site: str = "") -> PlaceMatch:
        """``names`` and ``codes`` by level (1 region, 2 cercle, 3 commune, 4 site) as the file wrote them; any may be
        missing or empty. ``site`` is the name of the site, where it is not among ``names``."""
        memory_key = (tuple(names.items()), tuple(codes.items()) if codes else (), site)
        known = self._memory.get(memory_key)
        if known is None:
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
                self._steps.clear()
            known = self._memory[memory_key] = self._match(names, codes or {}, site)
        return known

    def _match(self, names: Mapping[int, str], codes: Mapping[int, str], site: str) -> PlaceMatch:
        texts = {level: name for level, name in names.items() if level > 0 and place_key(name)}
        if SITE not in texts and place_key(site):
            texts[SITE] = site
        keyed = {level: code_key(code) for level, code in codes.items() if level > 0 and code_key(code)}
        levels = sorted({*texts, *keyed})
        if not levels:
            return PlaceMatch(None, 0, 0.0, "nothing")
        scope, best = _Scope(), _Step()
        problems: list[str] = []
        step, unknown = best, False
        for level in levels:
            step = self._step(level, texts.get(level, ""), keyed.get(level, ""), scope)
            found = step.unit is not None and step.confidence >= DOUBTFUL
            if found and step.confidence >= CERTAIN and "ambiguous" in problems:
                # «Gao / Ménaka» of 2015 is four cercles of today; its commune says which.
                problems.remove("ambiguous")
            problems += [p for p in step.problems if p not in problems]
            if found:
                best = step
            # A name unknown above a place that is known is an unknown parent; at the end, an unknown place.
            if found and unknown and "parent_unknown" not in problems:
                problems.append("parent_unknown")
            unknown = not found and level in texts and not step.problems
            scope = _Scope(
                best.unit,
                step.old,
                lost=not found and (scope.unit is None or level < COMMUNE),
                certain=best.confidence >= CERTAIN,
                parent_key=place_key(texts.get(level, "")),
            )
        if unknown:
            problems.append("name_unknown")
        asked = levels[-1]
        others = tuple(c for c in step.candidates if best.unit is None or c[0].id != best.unit.id)[:5]
        return PlaceMatch(best.unit, asked, best.confidence, step.reason, tuple(problems), others)

    def _step(self, level: int, name: str, code: str, scope: _Scope) -> _Step:
        # Ids rather than units: hashing a unit of ten fields at every step costs more than the look-up.
        above, old = scope.unit and scope.unit.id, scope.old and scope.old.id
        step_key = (level, name, code, above, old, scope.lost, scope.certain, scope.parent_key)
        known = self._steps.get(step_key)
        if known is None:
            known = self._steps[step_key] = self._resolve(level, name, code, scope)
        return known

    def _resolve(self, level: int, name: str, code: str, scope: _Scope) -> _Step:
        key = place_key(name)
        if not key:
            return self._by_code_alone(level, code, scope)
        confirmed = self._index.confirmed
        for bound in ((scope.parent_key, code), (scope.parent_key, ""), ("", code)):
            unit = confirmed.get((level, bound[0], key, bound[1]))
            if unit is not None and (bound[1] == code or not code):
                return _Step(unit, 1.0, "alias", old=self._old(level, key, scope))
        step = self._by_name(level, key, scope)
        if step.confidence < CERTAIN:
            named = self._several(name, key, level)
            if named:
                return _Step(None, 0.0, "several_places", ("several_places",), tuple((u, 0.5) for u in named))
            shorter = place_key(without_parenthesis(name))
            if shorter and shorter != key:
                again = self._by_name(level, shorter, scope)
                step = again if again.confidence > step.confidence else step
        return self._with_code(step, level, code, scope)

    def _several(self, name: str, key: str, level: int) -> list[Unit]:
        """The places a cell names when it names more than one («Gao, Menaka»), else none."""
        names = parts(name)
        if len(names) < 2:
            return []
        everywhere = self._index.block(None, level)
        units = {u.id: u for p in names for u in everywhere.exact(place_key(p))[:1]}
        return list(units.values()) if len(units) > 1 and not everywhere.exact(key) else []

    # By name -------------------------------------------------------------------------------------------------------

    def _by_name(self, level: int, key: str, scope: _Scope) -> _Step:
        old = self._old(level, key, scope)
        if scope.unit is None:
            return replace(self._anywhere(level, key, scope), old=old)
        hits = self._index.block(scope.unit, level).find(key)
        step = _step_of(hits)
        if step.confidence >= CERTAIN and step.reason in EXACT:
            return replace(step, old=old)
        if old is not None:
            became = tuple(self.gazetteer.to_current(old.id))
            if len(became) == 1:
                return _Step(became[0][0], 0.97, "old_division", ("old_division",), old=old)
            if became:
                return _Step(became[0][0], 0.7, "old_division", ("old_division", "ambiguous"), became, old)
        elsewhere = self._elsewhere(level, key, scope)
        if elsewhere.unit is not None:
            if step.confidence >= CERTAIN and level < SITE:
                # Near a name of this parent, and the very name of a place of another: a person decides.
                return replace(step, confidence=0.8, candidates=((elsewhere.unit, 0.7), *step.candidates), old=old)
            if step.confidence < CERTAIN and elsewhere.confidence >= step.confidence:
                return replace(elsewhere, old=old)
        elif elsewhere.problems and step.confidence < DOUBTFUL:
            return replace(elsewhere, old=old)
        return replace(step, old=old)

    def _old(self, level: int, key: str, scope: _Scope) -> Unit | None:
        """The unit of a former division that bears the name, below the former unit its parent named."""
        if level > REGION and scope.old is None:
            return None
        units = self._index.block(scope.old, level, former=True).exact(key)
        return units[0] if len(units) == 1 else None

    def _anywhere(self, level: int, key: str, scope: _Scope) -> _Step:
        """A name without a parent: the country's only one of that name may pass, the deeper the less."""
        step = _step_of(self._index.block(None, level).find(key))
        if scope.lost:
            # The parent is no place we know (another country's, or a later division's): only the very name counts.
            if step.unit is None or step.reason not in EXACT or level > CERCLE:
                return replace(step, unit=None, confidence=0.0, reason="not_found", problems=("parent_unknown",))
            return step.with_problem("parent_unknown", 0.85)
        exact_at_most = {REGION: 1.0, CERCLE: 0.97, COMMUNE: 0.92}.get(level, 0.75)
        at_most = exact_at_most if step.reason in EXACT else {REGION: 1.0, CERCLE: 0.92}.get(level, 0.7)
        return replace(step, confidence=min(step.confidence, at_most))

    def _elsewhere(self, level: int, key: str, scope: _Scope) -> _Step:
        """The very name, below another parent: a contradiction a person must see."""
        assert scope.unit is not None
        wider = None if level < SITE else self.gazetteer.ancestors(scope.unit.id).get(CERCLE)
        if level == SITE and wider is None:
            return _Step()
        units = self._index.block(wider, level).exact(key)
        outside = level == COMMUNE and scope.unit.level == CERCLE
        problem = "commune_outside_cercle" if outside else "parent_mismatch"
        if len(units) == 1:
            return _Step(units[0], 0.75 if scope.certain else 0.85, "elsewhere", (problem,))
        return (
            _Step(None, 0.0, "elsewhere", (problem, "ambiguous"), tuple((u, 0.5) for u in units)) if units else _Step()
        )

    # By code -------------------------------------------------------------------------------------------------------

    def _with_code(self, step: _Step, level: int, code: str, scope: _Scope) -> _Step:
        if not code or "several_places" in step.problems:
            return step
        bearer, former = self._index.meanings(level, code)
        means = {u.id for u in former} | ({bearer.id} if bearer else set())
        if step.unit is not None and step.unit.version == UNVERIFIED:
            return step
        agreeing = [
            (u, c) for u, c in ((step.unit, step.confidence), *step.candidates) if u is not None and u.id in means
        ]
        if step.unit is not None and agreeing and agreeing[0][0].id == step.unit.id:
            return self._agreed(step, is_current=bearer is not None and bearer.id == step.unit.id)
        if len(agreeing) == 1 and agreeing[0][1] >= 0.4 and step.confidence < CERTAIN:
            # The name alone left several or a weak candidate; the code says which.
            unit, likeness = agreeing[0]
            chosen = replace(step, unit=unit, confidence=max(likeness, DOUBTFUL))
            is_current = bearer is not None and bearer.id == unit.id
            agreed = self._agreed(chosen, is_current)
            nearer = max(
                (c for u, c in ((step.unit, step.confidence), *step.candidates) if u and u.id != unit.id), default=0
            )
            # A code of a former division beside a name that is nearer to another place: a person decides.
            return (
                agreed if is_current or likeness > nearer else replace(agreed, confidence=min(agreed.confidence, 0.85))
            )
        if step.unit is None or step.confidence < DOUBTFUL:
            return self._name_unknown(step, level, code, scope)
        return self._disagreed(step, level, code, means)

    def _agreed(self, step: _Step, is_current: bool) -> _Step:
        problems = tuple(p for p in step.problems if p not in ("ambiguous", "old_division" if is_current else ""))
        if {"parent_mismatch", "commune_outside_cercle"} & set(problems):
            confidence = 0.85
        else:
            confidence = max(step.confidence, 0.95)
        agreed = replace(step, confidence=confidence, reason="name_and_code", problems=problems, candidates=())
        # A commune's only known code is that of 2015: using it is no remark worth making.
        is_remark = not is_current and step.unit is not None and step.unit.level in self._index.coded_levels
        return agreed.with_problem("old_division") if is_remark else agreed

    def _disagreed(self, step: _Step, level: int, code: str, means: set[str]) -> _Step:
        assert step.unit is not None
        above = self.gazetteer.ancestors(step.unit.id)
        if code[:2] not in self._index.prefixes:
            return step.with_problem("code_of_other_country", 0.5)
        if not means:
            other = self._index.any_level.get(code, ())
            if any(self._index.is_within(u, step.unit) or u.id in {a.id for a in above.values()} for u in other):
                return step.with_problem("code_of_other_level")
            cercle = above.get(CERCLE)
            known_prefix = cercle is not None and code.startswith(code_key(cercle.code) or "-")
            if level not in self._index.coded_levels and known_prefix:
                return step  # the commune's code of today, which no source gives us, within its cercle's
            return step.with_problem("code_unknown")
        if level not in self._index.coded_levels:
            cercle = above.get(CERCLE)
            if cercle is not None and code.startswith(code_key(cercle.code) or "-"):
                return step
        candidates = tuple((self.gazetteer.unit(i), 0.5) for i in sorted(means))
        step = replace(step, candidates=(*candidates, *step.candidates))
        sure = step.reason in EXACT and not {"parent_mismatch", "parent_unknown", "ambiguous"} & set(step.problems)
        # The very name below its parent stands against a code (people choose names; codes drift when cells are
        # dragged down); anything less does not.
        return step.with_problem("code_of_other_place", 0.92 if sure else 0.75)

    def _name_unknown(self, step: _Step, level: int, code: str, scope: _Scope) -> _Step:
        """A name nobody knows beside a code: the code's bearer is proposed to a person, never taken."""
        by_code = self._by_code_alone(level, code, scope)
        problems = (*step.problems, *(p for p in by_code.problems if p not in step.problems))
        if by_code.unit is None or "code_of_other_country" in problems:
            return replace(step, problems=problems, candidates=(*step.candidates, *by_code.candidates))
        candidates = (*step.candidates, *by_code.candidates)
        return replace(
            by_code, confidence=DOUBTFUL, problems=(*problems, "name_unknown"), candidates=candidates, old=step.old
        )

    def _by_code_alone(self, level: int, code: str, scope: _Scope) -> _Step:
        bearer, former = self._index.meanings(level, code)
        units = {u.id: u for u in ([bearer] if bearer else []) + former}
        within = [u for u in units.values() if scope.unit is None or self._index.is_within(u, scope.unit)]
        found = within or list(units.values())
        if not found:
            foreign = code[:2] not in self._index.prefixes
            return _Step(None, 0.0, "not_found", ("code_of_other_country" if foreign else "code_unknown",))
        problems = () if within else ("parent_mismatch",)
        if bearer is None:
            problems = (*problems, "old_division")
        if len(found) > 1:
            # The same code names several places, today or formerly.
            return _Step(found[0], DOUBTFUL, "code", (*problems, "ambiguous"), tuple((u, 0.5) for u in found))
        return _Step(found[0], 0.92 if within else 0.65, "code", problems)


def _step_of(hits: list[Hit]) -> _Step:
    """The best of a block's hits; two as good as each other decide nothing."""
    if not hits:
        return _Step()
    best = hits[0]
    rivals = [h for h in hits[1:] if h.confidence >= best.confidence and h.unit.id != best.unit.id]
    candidates = tuple((h.unit, h.confidence) for h in hits)
    if rivals:
        return _Step(None, 0.0, "ambiguous", ("ambiguous",), candidates)
    if best.confidence < DOUBTFUL:
        return _Step(None, 0.0, "not_found", (), candidates)
    return _Step(best.unit, best.confidence, best.reason, (), candidates[1:])
