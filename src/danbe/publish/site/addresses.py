"""Where each page stands. Addresses are relative, so the site works from any folder of any server, or from a USB stick."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from danbe.publish.release import Release
from danbe.publish.site.sections import shown
from danbe.reference.text import slug
from danbe.reference.words import LANGUAGES


@dataclass(frozen=True)
class Page:
    """A page in one language. ``key`` is that of its section, or 'region' with its ``place``."""

    key: str
    language: str
    path: str
    place: str = ""

    def to(self, target: str) -> str:
        """The address of ``target`` (a path from the root of the site) as seen from this page."""
        return posixpath.relpath(target, posixpath.dirname(self.path) or ".")


def pages(release: Release) -> list[Page]:
    """All pages of both languages, in reading order."""
    found = []
    for language in LANGUAGES:
        for section in shown(release):
            found.append(Page(section.key, language, f"{language}/{section.name(language)}.html"))
            if section.key == "regions":
                found += [
                    Page(
                        "region",
                        language,
                        f"{language}/regions/{region_slug(release, p['place_id'])}.html",
                        p["place_id"],
                    )
                    for p in release.regions
                ]
    return found


def region_slug(release: Release, place_id: str) -> str:
    """The region's name as an address; its code joins it should two regions bear one name."""
    name = slug(release.places[place_id]["name"]) or slug(place_id)
    twins = [p for p in release.regions if slug(p["name"]) == name]
    return name if len(twins) == 1 and name != "index" else f"{name}-{slug(place_id)}"


def twin(page: Page, all_pages: list[Page]) -> Page:
    """The same page in the other language."""
    return next(p for p in all_pages if p.language != page.language and (p.key, p.place) == (page.key, page.place))
