"""Writes of this room, one file per subject: uploads, forms, field accesses, submissions, pulls."""

from danbe.collect.actions.uploads import confirm_mapping, receive

__all__ = ["confirm_mapping", "receive"]
