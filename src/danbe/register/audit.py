"""The one way to write: a verb that checks permission, opens a transaction and leaves a line in the log.

Every function of an ``actions.py`` is declared with ``@action``; a test walks them all and fails on one that is not.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction

from danbe.register.models import ActionLog, Role, User

P = ParamSpec("P")
R = TypeVar("R")

_notes: ContextVar[dict[str, Any] | None] = ContextVar("notes", default=None)


class NotAllowed(PermissionError):
    """The user's role does not hold the verb."""


class SystemUserMissing(RuntimeError):
    """The command line writes as the user «danbe», made by ``danbe setup``."""


_DOCUMENTS = frozenset(
    {
        "incidents.record",
        "movements.record",
        "assessments.record",
        "assessments.link",
        "assessments.submit",
        "assessments.do",
        "incidents.write_narrative",
        "incidents.read_narrative",
        "submissions.open_texts",
        "submissions.open_file",
    }
)
_VERIFIES = frozenset(
    {
        "incidents.verify",
        "incidents.grade",
        "incidents.withdraw",
        "incidents.propose_duplicates",
        "incidents.merge",
        "incidents.keep_both",
        "incidents.undo_merge",
        "movements.advance",
        "assessments.link",
        "assessments.review",
        "assessments.act",
        "assessments.do",
        "assessments.close",
        "movements.count",
        "movements.withdraw",
    }
)
_MAPS = frozenset({"mapping.declare", "mapping.confirm", "mapping.apply", "modules.load", "movements.load_stock"})

_LOOKS_AFTER_SERVICES = frozenset(
    {
        "services.record",
        "services.verify",
        "services.close",
        "services.decide_change",
        "services.draw_pathway",
        "services.import_workbook",
        "services.import_facilities",
    }
)
_BODIES = frozenset({"cluster.record_contact", "cluster.hold_meeting", "cluster.close_follow_up"})
_CLUSTER = _BODIES | frozenset({"cluster.record_body", "cluster.record_member", "cluster.record_legal_step"})
_MECHANISMS = frozenset({"mechanisms.record", "mechanisms.report", "mechanisms.close"})
_ASKS_FOR_SERVICES = frozenset({"services.verify", "services.ask_change"}) | _MECHANISMS

# Who may do what; an administrator may do everything. Verbs are further bound to a person's own organisation, region
# or area of responsibility inside the action.
ROLE_VERBS: dict[str, frozenset[str]] = {
    Role.PARTNER: frozenset(
        {
            "collect.receive",
            "collect.confirm_mapping",
            "response.import",
            "response.undo",
            "response.nil_report",
            "assessments.do",
            "submissions.receive",
        }
    )
    | _ASKS_FOR_SERVICES,
    Role.COORDINATOR: frozenset(
        {
            "snapshot.make",
            "release.draft",
            "release.build",
            "release.preview",
            "release.approve",
            "release.sign",
            "release.suggest",
            "release.publish",
            "release.withdraw",
            "texts.save",
            "key_figures.choose",
            "collect.receive",
            "funding.load",
            "forms.draft",
            "forms.publish",
            "forms.publish_version",
            "forms.open",
            "forms.protect",
            "pulls.define",
            "pulls.keep",
            "pulls.open",
            "exports.declare",
            "exports.confirm",
            "exports.load",
            "accesses.give",
            "accesses.revoke",
            "submissions.export",
            "submissions.receive",
            "submissions.review",
        }
    )
    | _DOCUMENTS
    | _VERIFIES
    | _MAPS
    | _LOOKS_AFTER_SERVICES
    | _CLUSTER
    | _MECHANISMS,
    Role.SUBCLUSTER: frozenset({"modules.load", "collect.receive"})
    | _BODIES
    | _LOOKS_AFTER_SERVICES - {"services.import_facilities"},
    Role.REGIONAL: frozenset({"submissions.export", "submissions.receive", "submissions.review"})
    | _VERIFIES
    | _LOOKS_AFTER_SERVICES - {"services.import_facilities"}
    | _BODIES
    | _MECHANISMS,
    Role.SUPERVISOR: frozenset(
        {"accesses.give", "accesses.revoke", "submissions.export", "submissions.receive", "submissions.review"}
    )
    | _DOCUMENTS
    | _VERIFIES,
    Role.MONITOR: frozenset({"submissions.receive"}) | _DOCUMENTS,
}


def may(user: User, verb: str) -> bool:
    """Whether ``user`` may do ``verb`` at all."""
    if not user.is_active:
        return False
    return user.role == Role.ADMINISTRATOR or user.is_superuser or verb in ROLE_VERBS.get(user.role, frozenset())


def note(**details: Any) -> None:
    """Adds counts and identifiers (never personal data) to the log line of the action under way."""
    current = _notes.get()
    if current is None:
        raise RuntimeError("note() outside an action")
    current.update(details)


def action(
    verb: str, *, lasting: bool = False
) -> Callable[[Callable[Concatenate[User, P], R]], Callable[Concatenate[User, P], R]]:
    """Declares a write. The first argument is the user; the model instance returned, if any, is the log's target.

    ``lasting``: a verb that works for minutes opens short transactions of its own, because SQLite has one writer and
    partners go on sending their files meanwhile.
    """

    def declare(function: Callable[Concatenate[User, P], R]) -> Callable[Concatenate[User, P], R]:
        @functools.wraps(function)
        def write(user: User, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not may(user, verb):
                raise NotAllowed(f"{user.username} ({user.role}): {verb}")
            with nullcontext() if lasting else transaction.atomic():
                token = _notes.set({})
                try:
                    result = function(user, *args, **kwargs)
                    details = _notes.get() or {}
                finally:
                    _notes.reset(token)
                pk = getattr(result, "pk", None)
                target = f"{type(result).__name__}:{pk}" if pk is not None else ""
                ActionLog.objects.create(user=user, verb=verb, target=target, details=details)
            return result

        write.verb = verb  # type: ignore[attr-defined]
        return write

    return declare


def system_user() -> User:
    """The user as whom commands write."""
    try:
        return User.objects.get(username="danbe")
    except User.DoesNotExist:
        raise SystemUserMissing("run `danbe setup` first") from None
