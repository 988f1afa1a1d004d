"""Digest answers serve once: who overheard one on a plain http line cannot send it again (RFC 7616, 5.12).

Each nonce and counter leaves an empty file named after their hash in ``nonces/<hour>/`` of the data folder: made with
O_EXCL, it is there for one request only, whatever the number of server processes. Past hours are cleared away.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from pathlib import Path

from django.conf import settings

from danbe.collect.forms.digest import NONCE_SECONDS, DigestAnswer


def first_use(answer: DigestAnswer, now: float | None = None) -> bool:
    """Whether this nonce with this counter was never used before; an answer without a counter serves its nonce once.

    ``nc`` is compared as the number it is: «00000001» and «1» are one.
    """
    made = int(answer.nonce.split(".")[0], 16)
    try:
        counter = int(answer.nc, 16) if answer.nc else 0
    except ValueError:
        return False
    root = Path(settings.DATA) / "nonces"
    folder = root / str(made // NONCE_SECONDS)
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _clear(root, time.time() if now is None else now)
    name = hashlib.sha256(f"{answer.nonce} {counter}".encode()).hexdigest()
    try:
        os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def _clear(root: Path, now: float) -> None:
    """Hours whose nonces are all stale."""
    oldest = int(now) // NONCE_SECONDS - 2
    for folder in root.iterdir():
        if folder.name.isdigit() and int(folder.name) < oldest:
            with contextlib.suppress(OSError):
                shutil.rmtree(folder)
