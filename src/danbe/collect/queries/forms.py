"""Reads of forms and of what was sent with them, each bound to what the person may see (field brief §3)."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from danbe.collect.forms.convert import Converted, convert
from danbe.collect.forms.schema import Schema
from danbe.collect.models import Attachment, FieldAccess, Form, FormVersion, Submission, Upload
from danbe.collect.storage import upload_path
from danbe.register.audit import may
from danbe.register.models import Role, User


def sees_all(user: User) -> bool:
    """Whether the person sees every submission: the cluster's own coordination."""
    return user.is_active and (user.is_superuser or user.role in (Role.ADMINISTRATOR, Role.COORDINATOR))


def may_read_texts(user: User) -> bool:
    """Who reads what sensitive forms were told, as for narratives: coordinator, supervisor, monitor; no administrator."""
    return user.is_active and user.role in (Role.COORDINATOR, Role.SUPERVISOR, Role.MONITOR)


def forms(user: User) -> QuerySet[Form]:
    """The forms: all for those who make them, those with a published version for the others."""
    found = Form.objects.order_by("title", "pk")
    if not user.is_active:
        return found.none()
    if may(user, "forms.draft"):
        return found
    return found.filter(versions__state=FormVersion.State.PUBLISHED).distinct()


def counted_forms(user: User) -> list[tuple[Form, int, object]]:
    """(form, current submissions the person sees, when the last came), for the list."""
    rows = submissions(user).order_by().values("form_id").annotate(n=Count("pk"), last=Max("received_at"))
    counts = {row["form_id"]: (row["n"], row["last"]) for row in rows}
    return [(form, *counts.get(form.pk, (0, None))) for form in forms(user).prefetch_related("versions")]


def form_versions(user: User, form: Form) -> QuerySet[FormVersion]:
    """The versions of a form, latest first; drafts for those who make forms."""
    found = form.versions.select_related("upload", "created_by").order_by("-created_at", "-pk")
    if not user.is_active:
        return found.none()
    return found if may(user, "forms.draft") else found.exclude(state=FormVersion.State.DRAFT)


def published_forms(user: User) -> QuerySet[FormVersion]:
    """What phones and browsers of this person are offered: the published version of each open form."""
    if not may(user, "submissions.receive"):
        return FormVersion.objects.none()
    found = FormVersion.objects.filter(state=FormVersion.State.PUBLISHED, form__open=True)
    return found.select_related("form").prefetch_related("media").defer("schema", "warnings").order_by("pk")


def visible(user: User) -> QuerySet[Submission]:
    """Every version of every submission the person may see."""
    found = Submission.objects.select_related("form", "form_version", "user", "organisation")
    found = found.defer("form_version__schema", "form_version__warnings")
    if not user.is_active:
        return found.none()
    if sees_all(user):
        return found
    mine = Q(user=user)
    if user.role == Role.SUPERVISOR and user.organisation_id:
        mine |= Q(organisation_id=user.organisation_id)
    if user.role == Role.REGIONAL and user.region_id:
        mine |= Q(region_id=user.region_id)
    return found.filter(mine)


def submissions(user: User, form: Form | None = None, state: str | None = None) -> QuerySet[Submission]:
    """The current version of the submissions the person may see, latest first; of a form, in a review state if given."""
    found = visible(user).filter(superseded_by=None).order_by("-received_at", "-pk")
    if form is not None:
        found = found.filter(form=form)
    return found.filter(review_state=state) if state else found


def submission(user: User, pk: int) -> Submission:
    """One version of a submission. Raises ``Submission.DoesNotExist`` for one the person may not see."""
    return visible(user).get(pk=pk)


def versions_of(user: User, of: Submission) -> QuerySet[Submission]:
    """The chain of a submission's versions, the oldest first."""
    found = visible(user).filter(form_id=of.form_id, root_instance_id=of.root_instance_id)
    return found.order_by("received_at", "pk")


def reviewable(user: User) -> QuerySet[Submission]:
    """The submissions whose review the person may decide; none of its own but for those who see all."""
    if not may(user, "submissions.review"):
        return Submission.objects.none()
    found = visible(user)
    return found if sees_all(user) else found.exclude(user=user)


def attachments(user: User, of: Submission) -> list[Attachment]:
    """The files of a submission, the latest content of each name."""
    if not visible(user).filter(pk=of.pk).exists():
        return []
    return list({a.filename: a for a in of.attachments.order_by("pk")}.values())


def accesses(user: User) -> QuerySet[FieldAccess]:
    """Field accesses, latest first: all, or for a supervisor those of its own organisation."""
    found = FieldAccess.objects.select_related("user", "user__organisation").order_by("-created_at", "-pk")
    if not may(user, "accesses.give"):
        return found.none()
    return found if sees_all(user) else found.filter(user__organisation=user.organisation)


def access_of(**key: str) -> FieldAccess | None:
    """The access of that user name or token hash, if it stands and its holder's account is open. For the door alone."""
    found = FieldAccess.objects.select_related("user", "user__organisation").filter(revoked_at=None, **key)
    return found.filter(user__is_active=True).first()


def access_holders(user: User) -> QuerySet[User]:
    """The open accounts that may be given an access: all, or for a supervisor those of its own organisation."""
    found = User.objects.filter(is_active=True).exclude(username="danbe").order_by("username")
    if not may(user, "accesses.give"):
        return found.none()
    return found if sees_all(user) else found.filter(organisation=user.organisation)


def schema_of(user: User, of: Submission) -> Schema:
    """What the form of a submission asks; {} for a submission the person may not see."""
    found = FormVersion.objects.filter(submissions__in=visible(user).filter(pk=of.pk)).values_list("schema", flat=True)
    return found.first() or {}


def converted(user: User, upload: Upload) -> Converted:
    """An uploaded XLSForm (or XForm) as phones would get it. It takes seconds, so do it outside a transaction.

    A form that names no version gets one from the day and the content; the same file again is the same version.
    Raises ``FormRefused``.
    """
    before = FormVersion.objects.filter(upload__sha256=upload.sha256).values_list("version", flat=True).first()
    stamp = before or f"{timezone.localdate():%Y%m%d}-{upload.sha256[:6]}"
    return convert(upload_path(upload.sha256), upload.filename, version_if_missing=stamp)


def states_of(user: User, form_pk: int | None, instance_ids: list[str]) -> dict[str, str]:
    """{instance id: review state} of those of a form that are here."""
    if not may(user, "pulls.keep"):
        return {}
    found = Submission.objects.filter(form_id=form_pk or 0, instance_id__in=instance_ids)
    return dict(found.values_list("instance_id", "review_state"))


def known_versions(user: User, form_pk: int | None) -> set[str]:
    """The names of a form's versions that are here."""
    if not may(user, "pulls.keep"):
        return set()
    return set(FormVersion.objects.filter(form_id=form_pk or 0).values_list("version", flat=True))
