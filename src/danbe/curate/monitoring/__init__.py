"""Monitoring inside ``curate``: drafts and their checks, mapping of forms, likely duplicates, narratives under lock."""
