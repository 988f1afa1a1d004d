"""Reads of this room, one file per subject: uploads, forms and their submissions."""

from danbe.collect.queries.forms import form_versions, published_forms, submission, submissions
from danbe.collect.queries.uploads import remembered_mapping, uploads

__all__ = ["form_versions", "published_forms", "remembered_mapping", "submission", "submissions", "uploads"]
