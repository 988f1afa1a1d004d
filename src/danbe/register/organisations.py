"""Which organisation a spelling means: acronym, name, alias, whatever the case, accents and punctuation.

Pure: it is given the organisations and answers. A near spelling is only ever proposed; a person confirms it once, and
it is remembered as an alias. Merged organisations are followed to the one that was kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from danbe.reference.text import clean, search_key
from danbe.reference.words import translator

RULES: dict[str, str] = {
    "merge.self": "« %(gone)s » ne peut pas être fusionnée avec elle-même.",
    "merge.already": "« %(gone)s » est déjà fusionnée dans « %(kept)s ». Annulez d’abord cette fusion.",
    "merge.cycle": "« %(kept)s » est elle-même fusionnée dans « %(gone)s ». Annulez d’abord cette fusion-là.",
    "merge.undone": "Cette fusion de « %(gone)s » dans « %(kept)s » est déjà annulée.",
    "merge.changed": "« %(gone)s » n’est plus fusionnée dans « %(kept)s » : il n’y a rien à annuler.",
    "alias.taken": "« %(spelling)s » désigne déjà « %(organisation)s ». Si c’est la même, fusionnez-les.",
    "alias.empty": "Une orthographe vide ne désigne aucune organisation.",
    "organisation.empty": "Une organisation à enregistrer a besoin d’un nom ou d’un sigle.",
    "aliases.columns": "Le fichier « %(file)s » n’a pas les colonnes attendues : %(columns)s.",
    "command.missing": "Aucune organisation ne s’appelle sûrement « %(spelling)s ». "
    "Cherchez-la avec « danbe organisations list %(spelling)s ».",
    "command.no_merge": "Il n’y a pas de fusion numéro %(number)s. Voyez « danbe organisations merges ».",
    "command.no_file": "Le fichier « %(file)s » n’est pas là.",
}
# Below this a spelling is not even proposed.
PROPOSED_FLOOR = 84.0
# An acronym this short differs from another by one letter too easily for a near spelling to mean anything.
SHORTEST_NEAR_ACRONYM = 4
NAMES_AGREE = 80.0
_PARENTHESES = re.compile(r"^(?P<outside>[^()]*?)\s*\((?P<inside>[^()]+)\)\s*$")
_PARTS = re.compile(r"\s*(?:[/;|+&,]|\s[-–—]\s|\s(?:et|and|avec|with)\s)\s*", re.IGNORECASE)


class OrganisationRefused(ValueError):
    """A write about organisations that cannot be done: ``rule`` (id), and why in ``fr`` and ``en``."""

    def __init__(self, rule: str, **values: Any) -> None:
        super().__init__(RULES[rule] % values)
        self.rule, self.values = rule, values
        self.fr = RULES[rule] % values

    @property
    def en(self) -> str:
        return translator("en")(RULES[self.rule]) % self.values


@dataclass(frozen=True)
class Known:
    """An organisation as the resolver needs it; ``merged_into`` is the code of the one kept, or ''."""

    code: str
    acronym: str
    name: str
    merged_into: str = ""


@dataclass(frozen=True)
class OrganisationMatch:
    """``code`` is ``None`` when a person must decide; ``candidates`` are (code, confidence) to show, best first.

    ``reason``: name, acronym, alias, punctuation, parentheses, ambiguous (several share the spelling), composite
    («A/B»: several organisations together), near_spelling, unknown, empty.
    """

    code: str | None
    confidence: float
    reason: str
    candidates: tuple[tuple[str, float], ...] = ()


def split_name(spelling: str) -> tuple[str, str]:
    """(name, acronym) of «Name (ACR)», of a bare acronym (name and acronym alike), or of a name (no acronym)."""
    text = clean(spelling)
    found = _PARENTHESES.match(text)
    if found and found["outside"]:
        outside, inside = found["outside"].strip(), found["inside"].strip()
        if looks_like_acronym(inside):
            return outside, inside
        if looks_like_acronym(outside):
            return inside, outside
    return text, text if looks_like_acronym(text) else ""


def looks_like_acronym(text: str) -> bool:
    """One short word, mostly capitals: «AMSS», «CICR», «Save-SN»; not «Educo», which is a name."""
    letters = [c for c in text if c.isalpha()]
    return (
        bool(letters)
        and len(text) <= 15
        and " " not in text
        and sum(c.isupper() for c in letters) >= 0.6 * len(letters)
    )


class OrganisationResolver:
    """Answers which organisation a spelling means. ``aliases`` are (spelling, code)."""

    def __init__(self, organisations: Iterable[Known], aliases: Iterable[tuple[str, str]] = ()) -> None:
        self.known: dict[str, Known] = {}
        self._by: dict[str, dict[str, set[str]]] = {"alias": {}, "name": {}, "acronym": {}, "punctuation": {}}
        self._answers: dict[str, OrganisationMatch] = {}
        for organisation in organisations:
            self.add(organisation)
        for spelling, code in aliases:
            self.add_alias(spelling, code)

    def add(self, organisation: Known) -> None:
        """One more organisation, known from now on."""
        self.known[organisation.code] = organisation
        self._put("name", organisation.name, organisation.code)
        self._put("acronym", organisation.acronym, organisation.code)

    def add_alias(self, spelling: str, code: str) -> None:
        if code in self.known:
            self._put("alias", spelling, code)

    def _put(self, kind: str, spelling: str, code: str) -> None:
        key = search_key(spelling)
        if key:
            self._by[kind].setdefault(key, set()).add(code)
            self._by["punctuation"].setdefault(key.replace(" ", ""), set()).add(code)
            self._answers.clear()

    def followed(self, code: str) -> str:
        """The code that ``code`` was merged into, through any number of merges; itself if it was not."""
        seen = {code}
        while (into := self.known[code].merged_into) and into in self.known and into not in seen:
            seen.add(into)
            code = into
        return code

    def resolve(self, spelling: object) -> OrganisationMatch:
        """What ``spelling`` means. Surely: by name, acronym, alias, punctuation or «Name (ACR)»; else proposals."""
        text = clean(spelling)
        if text not in self._answers:
            self._answers[text] = self._resolve(text)
        return self._answers[text]

    def _resolve(self, text: str) -> OrganisationMatch:
        if not search_key(text):
            return OrganisationMatch(None, 0.0, "empty")
        return self._exactly(text) or self._in_parentheses(text) or self._composite(text) or self._nearly(text)

    def _exactly(self, text: str) -> OrganisationMatch | None:
        key = search_key(text)
        for kind, confidence in (("alias", 1.0), ("name", 1.0), ("acronym", 0.99), ("punctuation", 0.97)):
            codes = {
                self.followed(c) for c in self._by[kind].get(key if kind != "punctuation" else key.replace(" ", ""), ())
            }
            if len(codes) == 1:
                return OrganisationMatch(codes.pop(), confidence, kind)
            if codes:
                return OrganisationMatch(None, 0.5, "ambiguous", tuple((c, 0.5) for c in sorted(codes)))
        return None

    def _in_parentheses(self, text: str) -> OrganisationMatch | None:
        """«Norwegian Refugee Council (NRC)»: both parts must not disagree; a lone known acronym needs a like name."""
        parts = _PARENTHESES.match(text)
        if not parts or not search_key(parts["outside"]):
            return None
        outside, inside = self._exactly(parts["outside"]), self._exactly(parts["inside"])
        codes = {m.code for m in (outside, inside) if m and m.code}
        if len(codes) == 2:
            return OrganisationMatch(None, 0.5, "ambiguous", tuple((c, 0.5) for c in sorted(codes)))
        if not codes:
            return None
        code = codes.pop()
        if outside and inside and outside.code == inside.code:
            return OrganisationMatch(code, 0.99, "parentheses")
        other = parts["inside"] if outside and outside.code else parts["outside"]
        if self._agrees(code, other, is_acronym=bool(outside and outside.code)):
            return OrganisationMatch(code, 0.9, "parentheses")
        return OrganisationMatch(None, 0.6, "near_spelling", ((code, 0.6),))

    def _agrees(self, code: str, text: str, is_acronym: bool) -> bool:
        """Whether a spelling may belong to an organisation: nothing known speaks against it."""
        from rapidfuzz import fuzz

        known = self.known[code]
        if is_acronym:  # the name is known; the acronym may be new to us, or a place («Oxfam (Gao)»)
            return not known.acronym or search_key(known.acronym) in (search_key(known.name), search_key(text))
        if search_key(known.name) == search_key(known.acronym):
            return True
        return fuzz.token_sort_ratio(search_key(text), search_key(known.name)) >= NAMES_AGREE

    def _composite(self, text: str) -> OrganisationMatch | None:
        """«AMCP-SP/ ALIMA»: two organisations acting together are neither of the two, unless they are the same one."""
        parts = [p for p in _PARTS.split(text) if search_key(p)]
        if len(parts) < 2:
            return None
        found = [self._exactly(p) for p in parts]
        codes = list(dict.fromkeys(m.code for m in found if m and m.code))
        if len(codes) == 1 and all(m and m.code for m in found):
            return OrganisationMatch(codes[0], 0.95, "composite")
        if not codes:
            return None
        return OrganisationMatch(None, 0.5, "composite", tuple((c, 0.5) for c in codes))

    def _nearly(self, text: str) -> OrganisationMatch:
        from rapidfuzz import fuzz, process

        key = search_key(text)
        best: dict[str, float] = {}
        for kind in ("alias", "name", "acronym"):
            short = kind == "acronym" or len(key) < 12
            if short and len(key) < SHORTEST_NEAR_ACRONYM:
                continue
            scorer = fuzz.ratio if short else fuzz.token_sort_ratio
            floor = PROPOSED_FLOOR if not short else PROPOSED_FLOOR - 9  # one letter in four is 75
            for spelling, score, _ in process.extract(
                key, self._by[kind].keys(), scorer=scorer, score_cutoff=floor, limit=8
            ):
                for code in self._by[kind][spelling]:
                    kept = self.followed(code)
                    best[kept] = max(best.get(kept, 0.0), round(score / 100, 3))
        if not best:
            return OrganisationMatch(None, 0.0, "unknown")
        ranked = tuple(sorted(best.items(), key=lambda item: -item[1])[:5])
        return OrganisationMatch(None, ranked[0][1], "near_spelling", ranked)
