"""Reading the cluster's own words: the newest version of each text, those before it, and the key figures chosen."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from danbe.protect.text import ReleasedCells
from danbe.publish.release import Release as ReadRelease
from danbe.reference.words import LANGUAGES
from danbe.register.audit import NotAllowed, may
from danbe.register.models import Organisation, User
from danbe.web import inside
from danbe.web.models import Release
from danbe.web.models_editorial import KeyFigureChoice, TextVersion

FREE = ("bulletin",)
"""Texts the pack need not hold: what the cluster writes for the bulletin."""


def _allowed(user: User) -> None:
    if not may(user, "texts.save"):
        raise NotAllowed(f"{user.username}: texts.save")


def pack_folder() -> Path:
    return Path(settings.PACKAGE) / "packs" / settings.COUNTRY_PACK / "texts"


def names(user: User) -> list[str]:
    """The texts of the site: those of the pack, and the bulletin's."""
    _allowed(user)
    return sorted({p.name.split(".")[0] for p in pack_folder().glob("*.md")} | set(FREE))


def versions(user: User, name: str, language: str) -> QuerySet[TextVersion]:
    """All versions kept of a text, newest first; the pack's own is not among them."""
    _allowed(user)
    return TextVersion.objects.filter(name=name, language=language).select_related("saved_by")


def body(user: User, name: str, language: str) -> str:
    """The text as it stands: the newest version, else the pack's."""
    newest = versions(user, name, language).first()
    path = pack_folder() / f"{name}.{language}.md"
    return newest.body if newest else path.read_text("utf-8") if path.is_file() else ""


def texts(user: User) -> list[dict[str, Any]]:
    """Each text and language with its newest version."""
    return [
        {"name": name, "language": language, "newest": versions(user, name, language).first()}
        for name in names(user)
        for language in LANGUAGES
    ]


def _newest(user: User) -> ReadRelease | None:
    """The newest release whose folder is at hand."""
    _allowed(user)
    for release in Release.objects.order_by("-at", "-pk")[:10]:
        if (folder := inside.folder(release.release_id)).is_dir():
            return ReadRelease(folder)
    return None


def released_cells(user: User) -> ReleasedCells:
    """The cells a text may name: those of the newest release."""
    release = _newest(user)
    return ReleasedCells.from_folder(release.folder) if release else ReleasedCells()


def known_names(user: User) -> set[str]:
    """Names that are not a person's."""
    _allowed(user)
    rows = Organisation.objects.values_list("name", "acronym")
    return {str(n) for row in rows for n in row if n}


def candidates(user: User) -> list[dict[str, Any]]:
    """The indicators of the newest release that may be key figures, as they are declared."""
    release = _newest(user)
    if release is None:
        return []
    held = {r["indicator"] for r in release.table("key_figures")}
    return [d for d in release.declarations if d["id"] in held]


def chosen() -> list[str]:
    """The key figures chosen last, in order; [] before anybody chose. Public by their nature."""
    newest = KeyFigureChoice.objects.first()
    return list(newest.indicators) if newest else []


def settle_texts(target: Path) -> Path:
    """Writes to ``target`` the texts a release takes: the pack's, with the newest versions in their place."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(pack_folder().glob("*.md")):
        shutil.copyfile(path, target / path.name)
    seen = set()
    for version in TextVersion.objects.all():
        if (key := (version.name, version.language)) not in seen:
            seen.add(key)
            (target / f"{version.name}.{version.language}.md").write_text(version.body, "utf-8")
    return target
