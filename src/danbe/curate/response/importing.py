"""The life of an import: read and check outside any transaction, then write once. (interface first, body follows)"""

from __future__ import annotations

from collections.abc import Callable

from danbe.collect.models import Upload
from danbe.curate.models import Batch
from danbe.curate.response.options import ImportOptions
from danbe.register.models import User

# done, total, stage ('reading', 'matching', 'checking', 'comparing', 'storing', 'done')
Progress = Callable[[int, int, str], None]


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
    raise NotImplementedError


def commit_import(
    user: User, batch: Batch, options: ImportOptions | None = None, progress: Progress | None = None
) -> Batch:
    """Reads the upload of a draft again, with ``options`` if given (the person's decisions), and enters its rows."""
    raise NotImplementedError


def import_workbook(
    user: User,
    upload: Upload,
    options: ImportOptions | None = None,
    progress: Progress | None = None,
    batch: Batch | None = None,
) -> Batch:
    """``start_import`` and ``commit_import`` in one, reading once. With ``dry_run`` the batch stays a draft."""
    raise NotImplementedError
