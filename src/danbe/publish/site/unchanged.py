"""What a new edition leaves as it was: files of the standing site whose content is the same stay the very same files.

A page names the release it was made from. One that differs in nothing else has not changed, and stays as it stands,
saying since which release: a reader who knows it, a mirror and a search engine have nothing to fetch again.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path


def keep_unchanged(standing: Path, building: Path, always: Collection[str] = ()) -> list[str]:
    """Puts the standing site's own file in the place of each that has not changed; returns the others, in order.

    ``always``: pages that state the edition in force, and so change with it.
    """
    changed = []
    for path in sorted(p for p in building.rglob("*") if p.is_file()):
        name = path.relative_to(building).as_posix()
        old = standing / name
        if not old.is_file() or not _same(old, path, name in always):
            changed.append(name)
            continue
        path.unlink()
        try:
            os.link(old.resolve(), path)
        except OSError:
            shutil.copy2(old, path)
    return changed


def _same(old: Path, new: Path, exactly: bool) -> bool:
    one, other = old.read_bytes(), new.read_bytes()
    if one == other or exactly or new.suffix != ".html":
        return one == other
    return _bare(one.decode()) == _bare(other.decode())


# Release and snapshot ids are 16 hex digits; the footer adds the day and who approved.
_MARKS = re.compile(r"\b[0-9a-f]{16}\b|<dl class=\"facts\">.*?</dl>", re.DOTALL)


def _bare(page: str) -> str:
    """A page without what only names its edition."""
    return _MARKS.sub("", page)
