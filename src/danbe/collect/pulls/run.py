"""A pull from start to end: pages fetched and their files stored outside any transaction, then kept one page at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from danbe.collect.actions.pulls import keep_definition, keep_page, open_source
from danbe.collect.forms.arrival import StoredFile
from danbe.collect.models import Form, PullSource
from danbe.collect.pulls.records import Puller, Record
from danbe.collect.queries.forms import known_versions, states_of
from danbe.collect.storage import store, store_sealed
from danbe.register.models import User

MAX_ATTACHMENT = 256 * 1024 * 1024


@dataclass(frozen=True)
class Pulled:
    """What a pull brought: new submissions, new versions of known ones, reviews taken over."""

    form: Form
    created: int
    edited: int
    reviewed: int
    pages: int


def pull(
    user: User, puller: Puller, kind: str, server: str, remote_form: str, project: str = "",
    progress: Callable[[int], None] | None = None,
) -> Pulled:  # fmt: skip
    """Fetches what is new or changed since the last pull. Cut short, it goes on at the page where it stopped.

    Raises ``FieldRefused`` with what the server said; pages kept before stay kept.
    """
    source = open_source(user, kind, server, remote_form, puller.form(), project)
    created = edited = reviewed = pages = 0
    sealed = source.form is not None and source.form.sensitive
    for page in puller.pages(source.cursor, lambda ids: states_of(user, source.form_id, ids)):
        for version in sorted({r.version for r in page.records} - known_versions(user, source.form_id)):
            # A server that keeps no earlier definition: its record is read by the current one, under its own version.
            keep_definition(user, source, version, puller.version(version) or puller.form())
        files = {r.instance_id: _fetch(puller, r, sealed) for r in page.records if r.attachments}
        kept = keep_page(user, source, page, files)
        created, edited, reviewed = created + kept.created, edited + kept.edited, reviewed + kept.reviewed
        pages += 1
        if progress:
            progress(created + edited)
    form = PullSource.objects.select_related("form").get(pk=source.pk).form
    assert form is not None
    return Pulled(form, created, edited, reviewed, pages)


def _fetch(puller: Puller, record: Record, sealed: bool) -> tuple[StoredFile, ...]:
    found = []
    for name, address in record.attachments:
        sha256, size = (store_sealed if sealed else store)(puller.attachment(address), MAX_ATTACHMENT)
        found.append(StoredFile(name[:250], sha256, size))
    return tuple(found)
