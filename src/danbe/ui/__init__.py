"""One design for site, screens and PDF: tokens, components, charts, maps. Pure.

``environment(language)`` is the Jinja2 environment of the site; ``install(env, language)`` gives another one (Django's)
the same words, numbers and icons, so that ``base.html`` and ``components.html`` serve both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup

from danbe.reference import words
from danbe.ui.icons import aor_icon, icon

__all__ = ["PROTECTED", "STATIC", "TEMPLATES", "Protected", "aor_icon", "environment", "icon", "install"]

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


class Protected:
    """A count that the gate withholds: «protégé», which is neither missing («n.d.») nor zero."""

    def __repr__(self) -> str:
        return "PROTECTED"


PROTECTED = Protected()


def environment(
    language: str, paths: Iterable[Path] = (), asset: Callable[[str], str] | None = None, **globals_: Any
) -> Environment:
    """The Jinja2 environment of a language ('fr' or 'en'): templates of ``paths`` first, then those of ``ui``."""
    words.translator(language)  # refuses an unknown language at once
    env = Environment(
        loader=FileSystemLoader([*map(str, paths), str(TEMPLATES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install(env, lambda: language, asset)
    env.globals.update(globals_)
    return env


def install(env: Environment, language: Callable[[], str], asset: Callable[[str], str] | None = None) -> Environment:
    """Adds what the shared templates use to ``env``.

    ``language`` is asked at each call, so one environment may serve several languages. ``asset`` turns the name of a
    static file into its address; a page may pass its own ``asset`` when addresses are relative.
    Globals: ``_`` and ``ngettext`` (new style: ``_("… %(n)s", n=3)``; ``%(num)s`` is written as people
    do), ``language()``, ``direction()``, ``number``, ``percent``,
    ``month_name``, ``cell``, ``icon``, ``aor_icon``, ``asset``,
    ``PROTECTED``. Filters: ``number``, ``percent``, ``month``.
    """
    for extension in ("jinja2.ext.i18n", "jinja2.ext.do"):
        env.add_extension(extension)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: words.translator(language())(text),
        lambda one, many, n: words.plural_translator(language())(one, many, n),
        newstyle=True,
    )

    def number(value: float | int | None, decimals: int = 0) -> str:
        return words.number(value, language(), decimals)

    def percent(value: float | None) -> str:
        return words.percent(value, language())

    def month_name(value: str | None) -> str:
        return words.month_name(value, language()) if value else ""

    def cell(value: Any, decimals: int = 0) -> str:
        """A value as a table shows it: numbers in the language, «n.d.» if missing, «protégé» if withheld."""
        return show(value, language(), decimals)

    counted = env.globals["ngettext"]

    @pass_context
    def ngettext(context: Any, one: str, many: str, num: int, **values: Any) -> str:
        values.setdefault("num", number(num))
        told: str = counted(context, one, many, num, **values)  # type: ignore[operator]
        return told

    env.globals.update(
        language=language,
        direction=lambda: "rtl" if language() in RIGHT_TO_LEFT else "ltr",
        ngettext=ngettext,
        number=number,
        percent=percent,
        month_name=month_name,
        cell=cell,
        icon=icon,
        aor_icon=aor_icon,
        asset=asset or (lambda name: f"static/{name}"),
        PROTECTED=PROTECTED,
    )
    # With the context, Jinja2 does not work out a filter of a constant once and for all, in one language.
    env.filters.update(
        number=pass_context(lambda _context, value, decimals=0: number(value, decimals)),
        percent=pass_context(lambda _context, value: percent(value)),
        month=pass_context(lambda _context, value: month_name(value)),
    )
    return env


def show(value: Any, language: str, decimals: int = 0) -> str:
    """A cell for people: see ``cell`` of the templates."""
    if isinstance(value, Protected):
        text = words.translator(language)("protégé")
        return Markup('<span class="protected">{}</span>').format(text)
    if isinstance(value, str):
        return value
    return words.number(value, language, decimals)
