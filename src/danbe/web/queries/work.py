"""Work under way in the background, as the screens ask about it."""

from __future__ import annotations

from dataclasses import dataclass

from django_tasks_db.models import DBTaskResult

from danbe.curate.models import Batch

_OF_A_BATCH = ("danbe.web.tasks.read_batch", "danbe.web.tasks.commit_batch")


@dataclass(frozen=True)
class Work:
    """The last task of a batch: ``busy`` while it waits or runs; ``error`` what it was refused for; ``failed`` if it
    broke; ``next`` is the address it leads to."""

    name: str = ""
    busy: bool = False
    waiting: bool = False
    error: str = ""
    failed: bool = False
    next: str = ""


def work_on(batch: Batch, language: str) -> Work:
    """The latest task enqueued for ``batch``; an empty ``Work`` when there was none (imported by command)."""
    last = (
        DBTaskResult.objects.filter(task_path__in=_OF_A_BATCH, args_kwargs__args__0=batch.pk)
        .order_by("-enqueued_at")
        .first()
    )
    if last is None:
        return Work()
    outcome = last.return_value or {}
    error = (outcome.get("error_en") if language == "en" else "") or outcome.get("error", "")
    return Work(
        last.task_path.rsplit(".", 1)[-1],
        last.status in ("READY", "RUNNING"),
        last.status == "READY",
        error,
        last.status == "FAILED",
        outcome.get("next", ""),
    )
