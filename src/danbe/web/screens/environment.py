"""The Jinja2 environment of the screens: that of ``ui``, with Django's words and addresses added."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from jinja2 import Environment


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with its options (loader, autoescape…)."""
    env = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701  Django passes autoescape=True
    env.globals.update(url=reverse)
    return env
