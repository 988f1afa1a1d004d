"""Writes about organisations: registered, given an alias, merged, a merge undone, a reference list of aliases loaded.

A merge moves nothing: the one that goes points to the one that is kept, and whoever reads follows. So it can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from danbe.reference.text import clean, search_key, slug
from danbe.register.audit import action, note
from danbe.register.models import Organisation, OrganisationAlias, OrganisationMerge, User
from danbe.register.organisation_list import AliasLine, read_alias_list
from danbe.register.organisations import NAMES_AGREE, Known, OrganisationRefused, OrganisationResolver, split_name
from danbe.register.queries.organisations import followed, resolver


@dataclass(frozen=True)
class OrganisationRequest:
    """An organisation to register: a ``name`` or an ``acronym``, and a code of org_type if known."""

    name: str = ""
    acronym: str = ""
    organisation_type: str = ""

    @classmethod
    def of(cls, spelling: str, organisation_type: str = "") -> OrganisationRequest:
        """What a lone spelling asks for: «Name (ACR)» is cut in two, a bare acronym is both."""
        name, acronym = split_name(spelling)
        return cls(name, acronym, organisation_type)


@dataclass
class AliasReport:
    """What loading a list did: lines read, left out (other countries), organisations and aliases made, known already.

    ``conflicts`` are (spelling, why): the spelling already means another organisation.
    """

    read: int = 0
    other_countries: int = 0
    registered: int = 0
    added: int = 0
    known: int = 0
    conflicts: list[tuple[str, str]] = field(default_factory=list)


@action("organisations.register")
def register_organisations(
    user: User, requests: Sequence[OrganisationRequest], verified: bool = False
) -> list[Organisation]:
    """One organisation per request, in the same order. One that is known (or asked for twice) is not made again.

    Known means: the name, an alias, or the acronym — the latter unless both have names and these disagree, for two
    organisations may share an acronym. Raises ``OrganisationRefused`` (``organisation.empty``).
    """
    return _register(user, requests, verified)


def _register(user: User, requests: Sequence[OrganisationRequest], verified: bool) -> list[Organisation]:
    known = resolver()
    codes, fresh = [], {}
    for request in requests:
        name, acronym = clean(request.name)[:250], clean(request.acronym)[:80]
        if not search_key(name or acronym):
            raise OrganisationRefused("organisation.empty")
        code = _known_as(known, name, acronym)
        if code is None:
            code = _free_code(known, acronym or name)
            known.add(Known(code, acronym, name or acronym))
            fresh[code] = Organisation(
                code=code,
                acronym=acronym,
                name=name or acronym,
                organisation_type=request.organisation_type,
                search_key=search_key(f"{acronym} {name}" if acronym != name else name)[:350],
                verified=verified,
            )
        codes.append(code)
    if fresh:
        bulk_create_with_history(list(fresh.values()), Organisation, default_user=user)
    note(asked=len(requests), registered=len(fresh))
    found = {o.code: o for o in Organisation.objects.filter(code__in=set(codes))}
    return [found[c] for c in codes]


def _known_as(known: OrganisationResolver, name: str, acronym: str) -> str | None:
    """The code under which an organisation asked for is known already, or ``None``."""
    from rapidfuzz import fuzz

    for spelling in (name, acronym):
        match = known.resolve(spelling) if spelling else None
        if match is None or match.code is None or match.reason not in ("name", "alias", "acronym", "punctuation"):
            continue
        theirs = known.known[match.code]
        both_named = len({search_key(n) for n in (name, acronym, "")}) == 3 and search_key(theirs.name) != search_key(
            theirs.acronym
        )
        by_acronym = spelling == acronym != name and both_named and match.reason != "alias"
        if by_acronym and fuzz.token_sort_ratio(search_key(name), search_key(theirs.name)) < NAMES_AGREE:
            continue
        return match.code
    return None


def _free_code(known: OrganisationResolver, spelling: str) -> str:
    base = slug(spelling)[:70].strip("-") or "organisation"
    code, n = base, 1
    while code in known.known:
        n += 1
        code = f"{base}-{n}"
    return code


@action("organisations.add_alias")
def add_alias(user: User, organisation: Organisation, spelling: str, source: str = "person") -> OrganisationAlias:
    """From now on ``spelling`` means ``organisation``. Said before, it is returned as it stands.

    Raises ``OrganisationRefused``: ``alias.taken`` if it is the name, acronym or alias of another one.
    """
    key = search_key(spelling)[:250]
    if not key:
        raise OrganisationRefused("alias.empty")
    roots = followed()
    taken = OrganisationAlias.objects.select_related("organisation").filter(key=key).first()
    if taken:
        if roots[taken.organisation_id] == roots[organisation.pk]:
            return taken
        raise OrganisationRefused("alias.taken", spelling=clean(spelling), organisation=str(taken.organisation))
    match = resolver().resolve(spelling)
    if match.reason in ("name", "acronym") and match.code:
        other = Organisation.objects.get(code=match.code)
        if roots[other.pk] != roots[organisation.pk]:
            raise OrganisationRefused("alias.taken", spelling=clean(spelling), organisation=str(other))
    note(organisation=organisation.code)
    return OrganisationAlias.objects.create(
        organisation=organisation, spelling=clean(spelling)[:250], key=key, source=source[:60]
    )


@action("organisations.merge")
def merge_organisations(user: User, gone: Organisation, kept: Organisation) -> OrganisationMerge:
    """``gone`` counts as ``kept`` from now on; its names and aliases mean ``kept``. Nothing else changes.

    If ``kept`` was merged itself, the one it became is kept. Raises ``OrganisationRefused``: ``merge.self``,
    ``merge.already``, ``merge.cycle``.
    """
    locked = {o.pk: o for o in Organisation.objects.select_for_update().filter(pk__in={gone.pk, kept.pk})}
    roots = followed()
    gone, kept = locked[gone.pk], locked[kept.pk]
    root = kept if roots[kept.pk] == kept.pk else Organisation.objects.select_for_update().get(pk=roots[kept.pk])
    if gone.pk == kept.pk:
        raise OrganisationRefused("merge.self", gone=str(gone))
    if gone.merged_into is not None:
        raise OrganisationRefused("merge.already", gone=str(gone), kept=str(gone.merged_into))
    if root.pk == gone.pk:
        raise OrganisationRefused("merge.cycle", gone=str(gone), kept=str(kept))
    came_along = Organisation.objects.filter(pk__in=[p for p, r in roots.items() if r == gone.pk and p != gone.pk])
    moved = {
        "aliases": list(gone.aliases.order_by("key").values_list("key", flat=True)),
        "merged_before": list(came_along.order_by("code").values_list("code", flat=True)),
        "users": gone.users.count(),
    }
    gone.merged_into = root
    gone.save()
    note(gone=gone.code, kept=root.code)
    return OrganisationMerge.objects.create(gone=gone, kept=root, user=user, moved=moved)


@action("organisations.undo_merge")
def undo_merge(user: User, merge: OrganisationMerge) -> OrganisationMerge:
    """``gone`` stands on its own again, with what came along. Raises ``merge.undone``, ``merge.changed``."""
    merge = OrganisationMerge.objects.select_for_update(of=("self",)).select_related("gone", "kept").get(pk=merge.pk)
    shown = {"gone": str(merge.gone), "kept": str(merge.kept)}
    if merge.undone_at is not None:
        raise OrganisationRefused("merge.undone", **shown)
    if merge.gone.merged_into_id != merge.kept_id:
        raise OrganisationRefused("merge.changed", **shown)
    merge.gone.merged_into = None
    merge.gone.save()
    merge.undone_at = timezone.now()
    merge.save()
    note(gone=merge.gone.code, kept=merge.kept.code)
    return merge


@action("organisations.load_aliases")
def load_aliases(user: User, path: Path, country: str = "", known_only: bool = False) -> AliasReport:
    """Loads a list of organisation names (OCHA's columns, see ``organisation_list``): organisations and their aliases.

    Takes the lines of no country (global organisations) and those of ``country`` (ISO 3166-1 alpha-3): an acronym of
    another country's organisation may be that of another one here. The list is a reference, so what it registers is
    verified. With ``known_only``, only organisations already registered get aliases. Running it again adds nothing.
    """
    report = AliasReport()
    lines = read_alias_list(path)
    report.read = len(lines)
    ours = [line for line in lines if line.country in ("", country.upper())]
    report.other_countries = len(lines) - len(ours)
    targets = _targets(user, ours, known_only, report)
    taken = dict(OrganisationAlias.objects.values_list("key", "organisation_id"))
    roots = followed()
    known = resolver()
    by_code = dict(Organisation.objects.values_list("code", "pk"))
    fresh: dict[str, OrganisationAlias] = {}
    for line in ours:
        organisation = targets.get(line.canonical)
        key = search_key(line.lookup)[:250]
        if organisation is None or not key:
            continue
        match = known.resolve(line.lookup)
        meant = {by_code[match.code]} if match.code and match.reason in ("name", "acronym", "alias") else set()
        meant |= {taken[key]} if key in taken else set()
        meant |= {fresh[key].organisation_id} if key in fresh else set()
        if any(roots[m] != roots[organisation.pk] for m in meant):
            report.conflicts.append((line.lookup, match.code or str(organisation)))
        elif meant:
            report.known += 1
        else:
            fresh[key] = OrganisationAlias(
                organisation=organisation, spelling=line.lookup[:250], key=key, source="list"
            )
    OrganisationAlias.objects.bulk_create(fresh.values())
    report.added = len(fresh)
    note(read=report.read, registered=report.registered, added=report.added, conflicts=len(report.conflicts))
    return report


def _targets(
    user: User, lines: Sequence[AliasLine], known_only: bool, report: AliasReport
) -> dict[tuple[str, str], Organisation]:
    """{(canonical name, acronym): organisation}: those known, and unless ``known_only`` the others, now registered."""
    wanted = {line.canonical: line for line in lines}
    if known_only:
        known = resolver()
        codes = {c: _known_as(known, line.name, line.acronym) for c, line in wanted.items()}
        found = {o.code: o for o in Organisation.objects.filter(code__in=[c for c in codes.values() if c])}
        return {c: found[code] for c, code in codes.items() if code}
    before = Organisation.objects.count()
    requests = [OrganisationRequest(line.name, line.acronym, line.organisation_type) for line in wanted.values()]
    made = _register(user, requests, verified=True)
    report.registered = Organisation.objects.count() - before
    return dict(zip(wanted, made, strict=True))
