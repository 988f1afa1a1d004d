"""What arrives, kept verbatim."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A file as received. The bytes lie in the data folder under ``uploads/<sha256>``; the row never changes."""

    sha256 = models.CharField(max_length=64)
    filename = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]


class ColumnMapping(models.Model):
    """The matching of headers to catalogue columns that a person confirmed, per organisation (null: everyone).

    ``mapping`` is {search key of the header: catalogue column, or "" for «not ours»}.
    """

    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.CASCADE)
    dataset = models.CharField(max_length=40, default="activities")
    mapping = models.JSONField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dataset"], name="one_mapping_per_organisation", nulls_distinct=False
            )
        ]


class Form(models.Model):
    """A questionnaire under its XForm id. A closed one is no longer offered to phones; what they hold still arrives."""

    form_id = models.CharField(max_length=250, unique=True)
    title = models.CharField(max_length=250)
    open = models.BooleanField(default=True)
    # What comes from now on is kept under lock: a version asks for a narrative, or the coordination said so.
    sensitive = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class FormVersion(models.Model):
    """One version of a form, kept for ever: submissions name it.

    ``xform_sha256`` is the XForm among the stored files, ``xform_md5`` what phones compare. ``schema`` is read from the
    XForm (``collect.forms.schema``). A draft is seen by its author's office alone and takes no submission.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        PUBLISHED = "published", "Publiée"
        SUPERSEDED = "superseded", "Remplacée"

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=250, blank=True)
    title = models.CharField(max_length=250)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT)
    xform_sha256 = models.CharField(max_length=64)
    xform_md5 = models.CharField(max_length=32)
    schema = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    # What looked at it: 'pyxform', or 'pyxform, ODK Validate' where Java is present.
    checked_by = models.CharField(max_length=60, blank=True)
    encrypted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "version"], name="one_definition_per_version"),
            models.UniqueConstraint(
                fields=["form"], condition=models.Q(state="published"), name="one_published_version_per_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.form_id} {self.version}".strip()


class FormMedia(models.Model):
    """A file a form shows or looks values up in, by the name the form gives it."""

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="media")
    filename = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    md5 = models.CharField(max_length=32)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "filename"], name="one_medium_per_name")]


class FieldAccess(models.Model):
    """What a phone signs in with: it sends as ``user``, and can be taken away alone when the phone is lost.

    The secret is shown once. Kept are its SHA-256 (token addresses, Basic) and the HA1 of RFC 7616 (Digest).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="field_accesses")
    label = models.CharField(max_length=120)
    username = models.CharField(max_length=60, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    ha1 = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)


class Submission(models.Model):
    """A filled form as it arrived. Identity is (form, instance_id); an edit is a new row that names the one it corrects.

    ``raw_sha256`` is the document among the stored files, verbatim and the truth; ``answers`` is the same as JSON:
    groups as objects, repeats as lists, names without namespace (``collect.forms.answers``). The current version of a
    submission is the row without ``superseded_by``; all its versions share ``root_instance_id``.
    """

    class Source(models.TextChoices):
        OPENROSA = "openrosa", "Téléphone"
        WEB = "web", "Navigateur"
        KOBO = "kobo", "KoboToolbox"
        CENTRAL = "central", "ODK Central"
        WORKBOOK = "workbook", "Classeur"

    class Review(models.TextChoices):
        RECEIVED = "received", "Reçue"
        IN_REVIEW = "in_review", "En vérification"
        VALIDATED = "validated", "Validée"
        REJECTED = "rejected", "Rejetée"
        TRIANGULATED = "triangulated", "Triangulée"
        UNFOUNDED = "unfounded", "Infondée"

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="submissions")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    instance_id = models.CharField(max_length=250)
    root_instance_id = models.CharField(max_length=250)
    deprecated_id = models.CharField(max_length=250, blank=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")
    raw_sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    # All posts of it have come (a large one comes in several).
    complete = models.BooleanField(default=True)
    encrypted = models.BooleanField(default=False)
    # The document and its files lie under our own lock, and ``answers`` holds no free text (``collect.sealing``).
    sealed = models.BooleanField(default=False)
    # Names of the files it refers to, whether they have come or not.
    expected = models.JSONField(default=list)
    source = models.CharField(max_length=20, choices=Source.choices, default=Source.OPENROSA)
    device_id = models.CharField(max_length=250, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("register.Place", null=True, on_delete=models.PROTECT, related_name="+")
    # On our clock, and on that of the server it was pulled from, if any.
    received_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    review_state = models.CharField(max_length=20, choices=Review.choices, default=Review.RECEIVED)
    review_reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "instance_id"], name="one_submission_per_instance")]
        indexes = [
            models.Index(fields=["form", "root_instance_id"]),
            models.Index(fields=["form", "deprecated_id"]),
            models.Index(fields=["form", "review_state", "received_at"]),
        ]


class Attachment(models.Model):
    """A file that came with a submission, by its content hash. Another content under the same name adds a row."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="attachments")
    filename = models.CharField(max_length=250)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "filename", "sha256"], name="one_attachment_per_content")
        ]


class SubmissionReview(models.Model):
    """One decision on a submission, append-only. The latest stands on the submission itself."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=20, choices=Submission.Review.choices)
    reason = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)


class PullSource(models.Model):
    """A form on another server that we pull from. Its password or token is given at each pull and never kept.

    ``cursor`` is where the last complete page ended, so that a pull cut short goes on from there.
    """

    class Kind(models.TextChoices):
        KOBO = "kobo", "KoboToolbox"
        CENTRAL = "central", "ODK Central"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    server = models.URLField(max_length=250)
    project = models.CharField(max_length=60, blank=True)
    remote_form = models.CharField(max_length=250)
    form = models.ForeignKey(Form, null=True, on_delete=models.PROTECT, related_name="pull_sources")
    cursor = models.JSONField(default=dict)
    pulled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "server", "project", "remote_form"], name="one_source_per_form")
        ]


class ExportMapping(models.Model):
    """How the sheets of a workbook that another server exported become submissions of a form version.

    ``rules`` as in ``collect.forms.exported``. Declared, looked at and confirmed by a person; kept when replaced.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Brouillon"
        CONFIRMED = "confirmed", "Confirmée"
        RETIRED = "retired", "Remplacée"

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="export_mappings")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="one_export_mapping_per_number")]


class ExportImport(models.Model):
    """A workbook read through a mapping: ``report`` accounts for every row of every sheet."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="export_imports")
    mapping = models.ForeignKey(ExportMapping, on_delete=models.PROTECT, related_name="imports")
    organisation = models.ForeignKey("register.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    report = models.JSONField(default=dict)
