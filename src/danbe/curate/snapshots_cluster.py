"""What a snapshot holds of the cluster itself: who is a member, how it is built, whom to write to, where the law stands. Reads only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from danbe.curate.snapshots import Locator

_BODY = ("name_fr", "name_en", "kind", "aor", "valid_from", "source")
_CONTACT = ("function_fr", "function_en", "lead", "email", "phone", "visible_to")
_LEGAL = ("instrument", "name_fr", "name_en", "stage", "reached_on", "obstacle", "next_step", "evidence", "public")


def read_cluster(locate: Locator, organisations: dict[int, str], table: Callable[..., pa.Table]) -> dict[str, pa.Table]:  # fmt: skip
    """What is in force today; ``organisations``: the code under which each is kept; ``table`` makes an Arrow table of rows."""
    from django.utils import timezone

    from danbe.register.models import Body, Contact, LegalStep, Membership, Organisation
    from danbe.register.queries.cluster import in_force

    now = in_force(timezone.localdate())
    kinds = dict(Organisation.objects.values_list("code", "organisation_type"))
    # Two members merged into one organisation are one member: the row of the one that was kept stands.
    members: dict[str, dict[str, Any]] = {}
    for row in Membership.objects.filter(now).select_related("organisation").prefetch_related("areas").order_by("pk"):
        code = organisations[row.organisation_id]
        if code in members and row.organisation.code != code:
            continue
        areas = {locate(p.place_id).place for p in row.areas.all()}
        members[code] = {
            "organisation_id": code, "organisation_type": kinds.get(code, ""), "status": row.status, "local": row.local, "aors": row.aors,
            "areas": " ".join(sorted(a for a in areas if a)), "valid_from": row.valid_from, "source": row.source, "public": row.public,
        }  # fmt: skip
    bodies = [
        {"body_id": b.code, "parent_id": b.parent.code if b.parent else None, **{f: getattr(b, f) for f in _BODY}}
        for b in Body.objects.filter(now).select_related("parent").order_by("pk")
    ]
    contacts = [
        {
            "contact_id": str(c.pk), "body_id": c.body.code, **{f: getattr(c, f) for f in _CONTACT},
            "organisation_id": organisations[c.organisation_id] if c.organisation_id else None,
        }
        for c in Contact.objects.filter(now).select_related("body").order_by("body_id", "pk")
    ]  # fmt: skip
    steps = [{f: getattr(s, f) for f in _LEGAL} for s in LegalStep.objects.order_by("instrument", "reached_on", "pk")]
    return {
        "members": table("members", [members[c] for c in sorted(members)]),
        "cluster_structure": table("cluster_structure", bodies),
        "contacts": table("contacts", contacts),
        "legal_tracker": table("legal_tracker", steps),
    }
