"""Organisations that may be one and the same: proposed to the administrator, never merged by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from danbe.reference.text import search_key
from danbe.register.models import Organisation, User
from danbe.register.queries.organisations import organisations

LIKELY = 90


@dataclass(frozen=True)
class Twins:
    """Two organisations whose names look alike; ``likeness`` is 0–100, ``gone`` the one that looks less settled."""

    gone: Organisation
    kept: Organisation
    likeness: int


def likely_twins(user: User, limit: int = 20) -> list[Twins]:
    """Pairs of unmerged organisations with the same acronym, or names that differ by a letter or word order.

    At least one of a pair is unverified: two verified organisations have been told apart by a person already.
    """
    from rapidfuzz import fuzz, process

    known = list(organisations(user).filter(merged_into=None).order_by("pk"))
    doubtful = [o for o in known if not o.verified]
    if not doubtful:
        return []
    keys = [search_key(o.name or o.acronym) for o in known]
    pairs: dict[frozenset[int], Twins] = {}
    for one in doubtful:
        mine = search_key(one.name or one.acronym)
        close = process.extract(mine, keys, scorer=fuzz.token_sort_ratio, score_cutoff=LIKELY, limit=4)
        found = [(known[index], int(score)) for _key, score, index in close]
        if one.acronym:
            acronym = search_key(one.acronym)
            found += [(o, 100) for o in known if o.acronym and search_key(o.acronym) == acronym]
        for other, likeness in found:
            if other.pk == one.pk:
                continue
            kept, gone = (other, one) if other.verified or other.pk < one.pk else (one, other)
            pair = frozenset((kept.pk, gone.pk))
            if pair not in pairs or pairs[pair].likeness < likeness:
                pairs[pair] = Twins(gone, kept, likeness)
    return sorted(pairs.values(), key=lambda t: (-t.likeness, t.kept.pk))[:limit]
