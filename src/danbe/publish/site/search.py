"""The search index, made by pagefind over the finished pages. Pages are read without it; its script loads on demand."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path


def index(site: Path) -> str:
    """Writes ``site/pagefind``; returns '' or a notice saying why there is no search."""
    if importlib.util.find_spec("pagefind_bin") is None and importlib.util.find_spec("pagefind_bin_extended") is None:
        return "pas de recherche : le programme pagefind n’est pas installé (paquet pagefind[bin])"
    done = subprocess.run(  # noqa: S603  our own interpreter, fixed arguments
        [
            sys.executable,
            "-m",
            "pagefind",
            "--site",
            str(site),
            "--output-subdir",
            "pagefind",
            "--glob",
            "{fr,en}/**/*.html",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"pas de recherche : pagefind a échoué ({done.stderr.strip().splitlines()[-1:]})"
    # Only the index and its reader: the ready-made widgets would be dead weight.
    for path in (site / "pagefind").glob("pagefind-*"):
        if path.suffix in (".js", ".css") and path.name != "pagefind-worker.js":
            path.unlink()
    return ""
