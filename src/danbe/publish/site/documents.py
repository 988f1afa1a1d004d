"""The presentation and the bulletin of the release, as files of the site, in both languages and formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from danbe.publish.documents import FORMATS, KINDS, build_document
from danbe.publish.release import Release
from danbe.publish.site.addresses import Page
from danbe.reference.words import LANGUAGES

FOLDER = "documents"


def _(message: str) -> str:
    """Marks a French source string; it is translated when shown."""
    return message


TITLES = {"presentation": _("Présentation du cluster"), "bulletin": _("Bulletin mensuel")}


def write_documents(release: Release, out: Path) -> None:
    """``out``/documents/<kind>-<language>.pdf and .docx."""
    for kind in KINDS:
        for language in LANGUAGES:
            for form in FORMATS:
                build_document(kind, release.folder, language, out / FOLDER / f"{kind}-{language}.{form}")


def listed(out: Path, page: Page) -> list[dict[str, Any]]:
    """What of it a page may link to: title, format, size, address; [] where documents were not asked for."""
    return [
        {
            "title": TITLES[kind],
            "format": form.upper(),
            "size": path.stat().st_size,
            "href": page.to(f"{FOLDER}/{path.name}"),
        }
        for kind in KINDS
        for form in FORMATS
        if (path := out / FOLDER / f"{kind}-{page.language}.{form}").is_file()
    ]
