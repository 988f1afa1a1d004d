"""The language of a request: the one the person chose (a cookie kept a year), else French."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from danbe.reference.words import LANGUAGES, plural_translator, translator


class LanguageMiddleware:
    """French first: unlike Django's LocaleMiddleware, the browser's own language is not asked.

    Computers of field offices are often installed in English while the people who use them write French.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in LANGUAGES else "fr"
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def current() -> str:
    """'fr' or 'en': the language of the request (or thread) under way."""
    language = (translation.get_language() or "fr")[:2]
    return language if language in LANGUAGES else "fr"


def _(text: str, **values: Any) -> str:
    """``text`` in the current language, its ``%(name)s`` filled with ``values``."""
    translated = translator(current())(text)
    return translated % values if values else translated


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The singular or plural of a counted thing, ``%(n)s`` being the count as people write it."""
    from danbe.reference.words import number

    return plural_translator(current())(one, many, n) % {"n": number(n, current()), **values}
