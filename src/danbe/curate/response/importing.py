"""The life of an import: a file is read and judged outside any transaction, then written in one.

Each write is an action of ``curate.actions.batches``, which checks the permission and leaves the log line.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from danbe.collect.messages import WorkbookRefused
from danbe.collect.models import Upload
from danbe.curate.actions import batches
from danbe.curate.models import Batch
from danbe.curate.response import files
from danbe.curate.response.options import ImportOptions
from danbe.curate.response.proposing import Proposal, read_proposal
from danbe.register.models import User

# done, total, stage: 'reading', 'matching', 'checking', 'storing', 'done'.
Progress = Callable[[int, int, str], None]
_STEPS = ("reading", "matching", "checking", "storing", "done")


def start_import(
    user: User,
    upload: Upload,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    batch: Batch | None = None,
) -> Batch:
    """Reads, matches and checks; keeps the proposal and the report with a batch in state DRAFT. No row enters.

    ``batch`` may be one that ``open_batch`` made beforehand (a screen wants its address before the work starts).
    Raises ``WorkbookRefused`` when the file is no workbook; the batch is then FAILED and says why.
    """
    batch = batch or batches.open_batch(user, upload, options)
    with _uncollected():
        proposal = _read(user, batch, options, progress)
        found = batches.propose_batch(user, batch, proposal)
    _step(batch, progress)("done")
    return found


def commit_import(
    user: User,
    batch: Batch,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    received_on: date | None = None,
) -> Batch:
    """Reads the upload of a draft again, with ``options`` if given (the person's decisions), and enters its rows.

    Reading again costs seconds, and the register may have changed since: what enters was judged by what holds now.
    Raises ``Refused`` when the batch is no draft.
    """
    if batch.state not in (Batch.State.DRAFT, Batch.State.READING):
        raise batches.Refused(f"{batch.pk}: {batch.get_state_display()}")
    step = _step(batch, progress)
    with _uncollected():
        proposal = _read(user, batch, options or ImportOptions.from_json(batch.options), progress)
        step("storing")
        found = batches.enter_batch(user, batch, proposal, received_on=received_on)
    step("done")
    return found


def import_workbook(
    user: User,
    upload: Upload,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    batch: Batch | None = None,
    received_on: date | None = None,
) -> Batch:
    """``start_import`` and ``commit_import`` in one, reading once. With ``dry_run`` the batch stays a draft."""
    options = options or ImportOptions()
    if options.dry_run:
        return start_import(user, upload, options, progress, batch)
    batch = batch or batches.open_batch(user, upload, options)
    return commit_import(user, batch, options, progress, received_on)


def _read(user: User, batch: Batch, options: ImportOptions | None, progress: Progress | None) -> Proposal:
    options = options or ImportOptions.from_json(batch.options)
    try:
        return read_proposal(user, batch.upload, options, _step(batch, progress))
    except WorkbookRefused as refused:
        batches.fail_batch(user, batch, refused.rule, refused.fr, refused.en)
        raise


@contextmanager
def _uncollected() -> Iterator[None]:
    """The rows of a file live until it is entered: to look for cycles among them, over and over, finds nothing.

    It saves an eighth of the time. What others leave in cycles meanwhile is collected when this ends.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _step(batch: Batch, progress: Progress | None) -> Callable[[str], None]:
    def tell(stage: str) -> None:
        done = _STEPS.index(stage)
        files.write_progress(batch.pk, done, len(_STEPS) - 1, stage)
        if progress:
            progress(done, len(_STEPS) - 1, stage)

    return tell
