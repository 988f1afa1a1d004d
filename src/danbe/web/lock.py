"""Work that only one process may do at a time: a lock on a file, which ends with its process however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(RuntimeError):
    """Another process is at it."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the lock of ``path`` meanwhile; raises ``Busy`` at once where another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(path.name) from None
        yield


def held(path: Path) -> bool:
    """Whether a process is at it now."""
    try:
        with alone(path):
            return False
    except Busy:
        return True
