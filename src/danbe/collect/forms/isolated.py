"""XLSForm to XForm in a process of its own, bounded in memory and time: a workbook comes from outside.

Run as ``python -m danbe.collect.forms.isolated <file>``; the answer is one line of JSON on standard output:
``{"xform", "warnings", "itemsets"}`` or ``{"error"}`` with pyxform's own message.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

MEMORY_BYTES = 3 * 1024**3
CPU_SECONDS = 120


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system knows no such limits, we go on
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _convert(path: str) -> dict[str, Any]:
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    try:
        result = convert(path)
    except PyXFormError as error:
        return {"error": str(error)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"xform": result.xform, "warnings": result.warnings, "itemsets": result.itemsets}


if __name__ == "__main__":
    _limit()
    with contextlib.redirect_stdout(sys.stderr):
        answer = _convert(sys.argv[1])
    sys.stdout.write(json.dumps(answer))
