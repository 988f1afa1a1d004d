"""Writes of field accesses: what a phone signs in with, given once, taken away alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.utils import timezone

from danbe.collect.forms.digest import ha1
from danbe.collect.messages import FieldRefused
from danbe.collect.models import FieldAccess
from danbe.register.audit import action, note
from danbe.register.models import Role, User


@dataclass(frozen=True)
class GivenAccess:
    """An access and its secret, to be shown once (it is kept nowhere)."""

    access: FieldAccess
    secret: str

    @property
    def pk(self) -> int:
        return self.access.pk


def _bound(user: User, person: User) -> None:
    if user.role == Role.SUPERVISOR and person.organisation_id != user.organisation_id:
        raise FieldRefused("access.organisation")


@action("accesses.give")
def give(user: User, person: User, label: str) -> GivenAccess:
    """A new access by which ``person``'s phone sends. A supervisor gives them within its own organisation.

    Raises ``FieldRefused``. The secret is 160 random bits, fit for an address and for typing: no capital, no sign.
    """
    if not person.is_active:
        raise FieldRefused("access.person", email=person.username)
    _bound(user, person)
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    secret = "".join(secrets.choice(letters) for _n in range(32))
    username = "tel-" + "".join(secrets.choice(letters) for _n in range(6))
    access = FieldAccess.objects.create(
        user=person, label=label.strip()[:120] or username, username=username, created_by=user,
        token_sha256=hashlib.sha256(secret.encode()).hexdigest(), ha1=ha1(username, secret),
    )  # fmt: skip
    note(user=person.pk)
    return GivenAccess(access, secret)


@action("accesses.revoke")
def revoke(user: User, access: FieldAccess) -> FieldAccess:
    """The phone no longer gets or sends anything; what it sent stays."""
    _bound(user, access.user)
    access.revoked_at = access.revoked_at or timezone.now()
    access.save(update_fields=["revoked_at"])
    note(user=access.user_id)
    return access
