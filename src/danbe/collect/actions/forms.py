"""Writes of forms: an upload becomes a version, a version is published, a form is offered or closed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils import timezone

from danbe.collect.forms.convert import Converted
from danbe.collect.messages import FormRefused
from danbe.collect.models import Form, FormMedia, FormVersion, Upload
from danbe.collect.queries.forms import converted
from danbe.collect.storage import TooLarge, store, upload_path
from danbe.register.audit import action, note
from danbe.register.models import User

Media = Iterable[tuple[str, bytes | IO[bytes]]]


def _keep_version(user: User, upload: Upload | None, made: Converted, media: Media) -> FormVersion:
    read = made.read
    for text in (read.form_id, read.version):
        if len(text) > 250:
            raise FormRefused("form.name", length=len(text), limit=250)
    form, _new = Form.objects.get_or_create(form_id=read.form_id, defaults={"title": read.title[:250]})
    sha256, _size = store(made.xform, len(made.xform))
    found = FormVersion.objects.filter(form=form, version=read.version).first()
    if found is None:
        found = FormVersion.objects.create(
            form=form, version=read.version, title=read.title[:250], upload=upload, xform_sha256=sha256,
            xform_md5=hashlib.md5(made.xform, usedforsecurity=False).hexdigest(), schema=read.schema,
            warnings=made.warnings, checked_by=made.checked_by, encrypted=read.encrypted, created_by=user,
        )  # fmt: skip
        if read.narrative and not form.sensitive:
            form.sensitive = True
            form.save(update_fields=["sensitive"])
    elif found.xform_sha256 != sha256:
        raise FormRefused("form.version", form=read.form_id, version=read.version)
    if made.itemsets:
        _keep_medium(found, "itemsets.csv", made.itemsets)
    for name, content in media:
        _keep_medium(found, name, content)
    note(form=form.form_id, version=found.version, fields=len(read.schema["fields"]))
    return found


def _keep_medium(version: FormVersion, name: str, content: bytes | IO[bytes]) -> None:
    filename = PurePosixPath(name.replace("\\", "/")).name[:250]
    try:
        sha256, size = store(content, settings.UPLOAD_LIMIT_BYTES)
    except TooLarge:
        raise FormRefused("form.media", file=filename, limit=settings.UPLOAD_LIMIT_BYTES // 1024**2) from None
    with upload_path(sha256).open("rb") as file:
        md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    FormMedia.objects.update_or_create(
        version=version, filename=filename, defaults={"sha256": sha256, "md5": md5, "size": size}
    )


def _publish(version: FormVersion) -> FormVersion:
    form = Form.objects.select_for_update().get(pk=version.form_id)
    state = FormVersion.State
    form.versions.filter(state=state.PUBLISHED).exclude(pk=version.pk).update(state=state.SUPERSEDED)
    version.state, version.published_at = state.PUBLISHED, timezone.now()
    version.save(update_fields=["state", "published_at"])
    form.title, form.open = version.title, True
    form.save(update_fields=["title", "open"])
    version.form = form
    return version


@action("forms.draft")
def draft_form(user: User, upload: Upload, media: Media = (), made: Converted | None = None) -> FormVersion:
    """Makes a version of an uploaded XLSForm (or XForm) to look at before it goes to phones.

    Raises ``FormRefused`` with pyxform's or ODK Validate's message, or when the version exists with other content; the
    same content again is the version that stands. ``made`` is the conversion, if done before (it takes seconds).
    """
    return _keep_version(user, upload, made or converted(user, upload), media)


@action("forms.publish_version")
def publish_version(user: User, version: FormVersion) -> FormVersion:
    """Offers this version to phones in place of the one offered now, which is kept. An earlier one may come back."""
    note(form=version.form.form_id, version=version.version)
    return _publish(version)


@action("forms.publish")
def publish_form(user: User, upload: Upload, media: Media = (), made: Converted | None = None) -> FormVersion:
    """Converts and publishes in one step: what ``draft_form`` and ``publish_version`` do."""
    return _publish(_keep_version(user, upload, made or converted(user, upload), media))


@action("forms.open")
def set_open(user: User, form: Form, is_open: bool) -> Form:
    """Offers a form to phones, or no longer. What phones still hold of a closed form is received all the same."""
    form.open = is_open
    form.save(update_fields=["open"])
    note(form=form.form_id, open=is_open)
    return form


@action("forms.protect")
def protect(user: User, form: Form) -> Form:
    """From now on, what is sent with this form lies under lock (``collect.sealing``). There is no way back."""
    form.sensitive = True
    form.save(update_fields=["sensitive"])
    note(form=form.form_id)
    return form
