"""Questionnaires and what phones send: XLSForm to XForm, what an XForm asks, a submission's XML read without trust.

What touches the database is in ``collect.actions`` and ``collect.queries``; these files work on bytes and values.
"""
