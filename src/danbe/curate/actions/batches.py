"""Writes of a batch: opened, proposed, entered, undone. (interface first, body follows)"""

from __future__ import annotations

from danbe.collect.models import Upload
from danbe.curate.models import Batch, Report
from danbe.curate.response.options import ImportOptions
from danbe.register.audit import action
from danbe.register.models import Organisation, User


class Refused(ValueError):
    """What was asked cannot be done; the message says why and what to do, in French."""


@action("response.import")
def open_batch(user: User, upload: Upload, options: ImportOptions | None = None) -> Batch:
    """An empty batch in state READING."""
    raise NotImplementedError


@action("response.undo")
def undo(user: User, batch: Batch) -> Batch:
    """Withdraws the rows of a committed batch and restores those it had withdrawn. Raises ``Refused``."""
    raise NotImplementedError


@action("response.nil_report")
def nil_report(user: User, organisation: Organisation, month: str) -> Report:
    """«Rien à signaler» of an organisation for a month 'YYYY-MM'. Raises ``Refused`` where it reported rows."""
    raise NotImplementedError
