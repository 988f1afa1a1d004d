"""What a command prints: text for people, one JSON object for programs, and an exit code that means something."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

DONE, REFUSED, MISUSED, PARTIAL = 0, 1, 2, 3

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
console = Console()
errors = Console(stderr=True)


def emit(data: dict[str, Any], as_json: bool, text: str | Table | None = None) -> None:
    """Prints ``data`` as JSON, or ``text`` for people."""
    if as_json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")
    elif text is not None:
        console.print(text)


def refuse(message: str, as_json: bool = False, code: int = REFUSED, **data: Any) -> NoReturn:
    """Says what is wrong and what to do, then leaves with ``code``."""
    if as_json:
        sys.stdout.write(json.dumps({"error": message, **data}, ensure_ascii=False, default=str) + "\n")
    else:
        errors.print(message, style="red", markup=False)
    raise typer.Exit(code)
