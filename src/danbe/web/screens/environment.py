"""The Jinja2 environment of the screens: that of ``ui``, with Django's words and addresses added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment

import danbe
from danbe.reference import words
from danbe.reference.catalogue import ACTIVITIES
from danbe.reference.catalogue.figures import FIGURES
from danbe.reference.codelists import codelist
from danbe.ui import install
from danbe.web.language import current


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja2 backend with its options (loader, autoescape…).

    The environment lives as long as the process; what depends on the language asks for it at each call.
    """
    # Django passes autoescape=True.
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701
    install(env, current, static)
    env.globals.update(
        url=reverse,
        label=lambda name, code: codelist(name).label(code, current()) if code else "",
        is_administrator=_is_administrator,
        takes_part=_takes_part,
        messages=get_messages,
        version=danbe.__version__,
        column_label=_column_label,
        column_value=_column_value,
        figure_label=_figure_label,
        withheld_of=lambda facts: sum((facts.get("withheld") or {}).values()),
    )
    env.filters.update(day=_day, moment=_moment, table_label=_table_label)
    return env


def _is_administrator(request: HttpRequest) -> bool:
    from danbe.register.queries.users import is_administrator

    return bool(getattr(request, "user", None)) and request.user.is_authenticated and is_administrator(request.user)


def _takes_part(request: HttpRequest) -> bool:
    from danbe.web.queries.releases import takes_part

    return request.user.is_authenticated and takes_part(request.user)


def _day(value: date | datetime | None) -> str:
    """«3 mars 2025», '3 March 2025'."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.day} {words.month_name(value.strftime('%Y-%m'), current())}"


def _moment(value: datetime | None) -> str:
    """The day and the hour, on the site's clock."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{_day(local)}, {local:%H:%M}" if current() == "en" else f"{_day(local)} à {local:%H:%M}"


def _column_label(name: str) -> str:
    """A column of the 5W row as people call it."""
    return ACTIVITIES[name].label(current()) if name in ACTIVITIES else name


def _column_value(name: str, value: object) -> str:
    """A value of the 5W row as people say it: a code by its label, a number with its spaces, nothing as a dash."""
    if value in (None, ""):
        return "–"
    if name not in ACTIVITIES:
        return str(value)
    column = ACTIVITIES[name]
    if column.kind == "integer" and isinstance(value, int):
        return words.number(value, current())
    listed = column.codelist if column.kind == "code" else ""
    return codelist(listed).label(str(value), current()) if listed else str(value)


def _figure_label(table: str, measure: str) -> str:
    """A measure of a figure table as people call it."""
    known = table in FIGURES and measure in FIGURES[table]
    return FIGURES[table][measure].label(current()) if known else measure


def _table_label(name: str) -> str:
    """A figure table as people call it."""
    return FIGURES[name].label(current()) if name in FIGURES else name
