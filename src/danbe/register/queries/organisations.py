"""Reads about organisations: the list, the merges, the resolver, and the pairs that are likely one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from danbe.reference.text import search_key
from danbe.register.models import Organisation, OrganisationAlias, OrganisationMerge, Role, User
from danbe.register.organisations import Known, OrganisationResolver, split_name

# Spellings at least this alike are shown as possibly one organisation (rapidfuzz ratio, 0–100).
ALIKE = 86.0
SHORTEST_ALIKE = 5
# A word that as many organisations bear («ONG», «internationale», «régionale») tells none from another.
COMMON_WORD = 4
# «RTP» may be «Right To Play»; two letters say nothing.
FEWEST_INITIALS = 3


def _all(user: User) -> bool:
    return user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser)


def organisations(user: User) -> QuerySet[Organisation]:
    """The organisations ``user`` may see, by name: all of them (who works where is known in the cluster).

    Merged ones are in it, with ``merged_into`` set; a screen that wants those kept filters on it.
    """
    everything = Organisation.objects.select_related("merged_into").order_by("search_key")
    return everything if user.is_active else everything.none()


def merges(user: User) -> QuerySet[OrganisationMerge]:
    """The merges, newest first: all of them for an administrator, those of its own organisation for a partner."""
    found = OrganisationMerge.objects.select_related("gone", "kept", "user").order_by("-at", "-pk")
    if _all(user):
        return found
    if not user.is_active or user.organisation_id is None:
        return found.none()
    return found.filter(Q(gone=user.organisation_id) | Q(kept=user.organisation_id))


def resolver() -> OrganisationResolver:
    """A resolver over all organisations and aliases as they are now: two queries, then none."""
    known = [
        Known(code, acronym, name, merged or "")
        for code, acronym, name, merged in Organisation.objects.values_list(
            "code", "acronym", "name", "merged_into__code"
        )
    ]
    return OrganisationResolver(known, OrganisationAlias.objects.values_list("spelling", "organisation__code"))


def followed() -> dict[int, int]:
    """{primary key of an organisation: that of the one it was merged into, or its own}: what counts are grouped by."""
    into = dict(Organisation.objects.values_list("pk", "merged_into"))

    def root(pk: int) -> int:
        seen = {pk}
        while (parent := into[pk]) is not None and parent not in seen:
            seen.add(parent)
            pk = parent
        return pk

    return {pk: root(pk) for pk in into}


def family(organisation: Organisation) -> list[int]:
    """The primary keys that count as ``organisation``: its own, and those of all merged into one with it."""
    roots = followed()
    return sorted(pk for pk, root in roots.items() if root == roots[organisation.pk])


@dataclass(frozen=True)
class MergeSuggestion:
    """Two organisations that may be one: ``first`` is the likelier to be kept. ``reason``: punctuation, parentheses,
    initials, near_spelling, contained (the words of one begin the other)."""

    first: Organisation
    second: Organisation
    confidence: float
    reason: str


def suggest_merges(user: User) -> list[MergeSuggestion]:
    """Pairs of registered organisations likely the same, best first; a person decides. Administrators only."""
    if not _all(user):
        return []
    found = list(Organisation.objects.filter(merged_into=None).order_by("pk"))
    keys = [sorted({search_key(o.name), search_key(o.acronym)} - {""}) for o in found]
    borne = Counter(word for own in keys for word in {w for key in own for w in key.split()})
    common = frozenset(word for word, n in borne.items() if n >= COMMON_WORD)
    suggestions = []
    for second in range(len(found)):
        for first in range(second):
            likeness = _likeness(found[first], found[second], keys[first], keys[second], common)
            if likeness:
                a, b = found[first], found[second]
                if (b.verified, len(b.name)) > (a.verified, len(a.name)):
                    a, b = b, a
                suggestions.append(MergeSuggestion(a, b, *likeness))
    return sorted(suggestions, key=lambda s: (-s.confidence, s.first.search_key))


def _likeness(
    a: Organisation, b: Organisation, keys_a: list[str], keys_b: list[str], common: frozenset[str]
) -> tuple[float, str] | None:
    from rapidfuzz import fuzz

    if {k.replace(" ", "") for k in keys_a} & {k.replace(" ", "") for k in keys_b}:
        return 0.97, "punctuation"
    for one, other in ((a, keys_b), (b, keys_a)):
        if "(" in one.name and {search_key(part) for part in split_name(one.name)} & set(other):
            return 0.95, "parentheses"
    for ones, others in ((keys_a, keys_b), (keys_b, keys_a)):
        initials = {"".join(word[0] for word in key.split()) for key in ones if len(key.split()) >= FEWEST_INITIALS}
        if initials & set(others):
            return 0.85, "initials"
    best = 0.0
    for one_key in keys_a:
        for other_key in keys_b:
            short = min(len(one_key), len(other_key))
            if short >= SHORTEST_ALIKE:
                alike = fuzz.ratio(one_key, other_key, score_cutoff=ALIKE)
                if alike and _told_apart(one_key, other_key, common):
                    alike = 0.0
                best = max(best, alike)
                if short >= 4 and (one_key.startswith(other_key + " ") or other_key.startswith(one_key + " ")):
                    best = max(best, 70.0)
    if best >= ALIKE:
        return round(best / 100, 3), "near_spelling"
    return (0.7, "contained") if best else None


def _told_apart(one: str, other: str, common: frozenset[str]) -> bool:
    """Whether two spellings differ in the words that tell organisations apart, however alike they are as a whole:
    «ONG internationale Néré» and «ONG internationale Rônier»."""
    from rapidfuzz import fuzz

    own, others = (" ".join(w for w in key.split() if w not in common) for key in (one, other))
    return bool(own or others) and fuzz.ratio(own, others) < ALIKE


def find_organisation(user: User, spelling: str) -> Organisation | None:
    """The organisation a person names: by its code, or by a sure spelling (see ``resolver``); else ``None``."""
    match = resolver().resolve(spelling)
    seen = organisations(user)
    return seen.filter(code=spelling).first() or (seen.filter(code=match.code).first() if match.code else None)
