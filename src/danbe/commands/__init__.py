"""The ``danbe`` command, one file per subject. Commands are thin: they call actions and queries, and print.

Every module of this folder that defines ``register(app)`` adds its verbs; there is no list to keep.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


@app.callback()
def _danbe() -> None:
    """Danbe, the information system of a Protection Cluster."""


for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    _register = getattr(importlib.import_module(f"{__name__}.{_module}"), "register", None)
    if _register:
        _register(app)
