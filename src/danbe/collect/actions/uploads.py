"""Writes of this room: a file received, a matching of columns confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings

from danbe.collect.messages import WorkbookRefused
from danbe.collect.models import ColumnMapping, Upload
from danbe.collect.storage import TooLarge, store
from danbe.reference.catalogue import DATASETS
from danbe.reference.text import clean, search_key
from danbe.register.audit import NotAllowed, action, note
from danbe.register.models import Organisation, Role, User


@action("collect.receive")
def receive(
    user: User, content: bytes | Path | IO[bytes], filename: str, organisation: Organisation | None = None
) -> Upload:
    """Keeps a file as it came, by its content hash, and says who brought it when. It is not opened here.

    A partner brings files for its own organisation only. Raises ``WorkbookRefused`` for an empty file or one above
    ``UPLOAD_LIMIT_BYTES``; the same file twice is two receipts of one stored content.
    """
    organisation = _own(user, organisation)
    # A browser may send a whole path, of either kind; only the name is kept.
    name = clean(PurePosixPath(filename.replace("\\", "/")).name)[:250] or "classeur"
    limit = settings.UPLOAD_LIMIT_BYTES
    try:
        sha256, size = store(content, limit)
    except TooLarge as error:
        raise WorkbookRefused("file.size", file=name, size=error.size // 1024**2, limit=limit // 1024**2) from None
    if not size:
        raise WorkbookRefused("file.empty", file=name)
    note(sha256=sha256, size=size, organisation=organisation.code if organisation else None)
    return Upload.objects.create(sha256=sha256, filename=name, size=size, user=user, organisation=organisation)


@action("collect.confirm_mapping")
def confirm_mapping(
    user: User, organisation: Organisation | None, mapping: Mapping[str, str | None], dataset: str = "activities"
) -> ColumnMapping:
    """Remembers, for an organisation (``None``: everyone), what its headers mean.

    ``mapping`` is {header as in the file: catalogue column, or '' for «not ours»}; it adds to what was confirmed
    before. Raises ``KeyError`` for an unknown dataset and ``ValueError`` for a column the dataset does not have.
    """
    organisation = _own(user, organisation)
    declared = DATASETS[dataset]
    wrong = sorted({c for c in mapping.values() if c and (c not in declared or declared[c].derived)})
    if wrong:
        raise ValueError(f"{dataset} has no column {', '.join(wrong)} that a file can hold")
    said = {search_key(header): column or "" for header, column in mapping.items() if search_key(header)}
    found, _ = ColumnMapping.objects.select_for_update().get_or_create(
        organisation=organisation, dataset=dataset, defaults={"mapping": {}}
    )
    found.mapping = {**found.mapping, **said}
    found.confirmed_by = user
    found.save()
    note(organisation=organisation.code if organisation else None, dataset=dataset, headers=len(said))
    return found


def _own(user: User, organisation: Organisation | None) -> Organisation | None:
    """The organisation a write is for: a partner's own and no other; an administrator's choice."""
    if user.role == Role.ADMINISTRATOR or user.is_superuser:
        return organisation
    if organisation is not None and organisation.pk != user.organisation_id:
        raise NotAllowed(f"{user.username}: {organisation.code}")
    return user.organisation
