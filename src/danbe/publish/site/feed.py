"""The Atom feed of the publications (RFC 4287): this edition and those before it that are still at hand, newest first."""

from __future__ import annotations

import json
from html import escape

from danbe.publish.release import Release
from danbe.reference.words import month_name, translator

MOST = 24


def atom(release: Release, language: str, base: str = "") -> str:
    """The feed in a language; ``base`` is the site's public address, where it is known."""
    _ = translator(language)
    editions = _editions(release)
    cluster = f"{release.manifest['cluster'][language]} {release.country['name']}"
    home = f"{base}/{language}/index.html" if base else "index.html"
    entries = []
    for manifest in editions:
        start, end = manifest["period"]["start"], manifest["period"]["end"]
        period = month_name(start if start == end else f"{start}/{end}", language)
        entries.append(
            f"<entry><id>urn:danbe:release:{manifest['release_id']}</id>"
            f"<title>{escape(_('Publication : %(period)s') % {'period': period})}</title>"
            f'<updated>{manifest["made_at"]}</updated><link href="{escape(home)}"/>'
            f"<summary>{escape(_('Instantané %(snapshot)s.') % {'snapshot': manifest['snapshot_id']})}</summary></entry>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">\n'
        f"<id>urn:danbe:site:{escape(release.manifest['country'])}:{language}</id>"
        f"<title>{escape(cluster)} · {escape(_('Publications'))}</title>"
        f"<updated>{editions[0]['made_at']}</updated><author><name>{escape(cluster)}</name></author>"
        f'<link rel="alternate" href="{escape(home)}"/>\n{"".join(entries)}</feed>\n'
    )


def _editions(release: Release) -> list[dict]:
    found, name = [release.manifest], release.manifest.get("previous")
    seen = {release.id}
    while name and name not in seen and len(found) < MOST:
        seen.add(name)
        path = release.folder.resolve().parent / name / "manifest.json"
        if not path.is_file():
            break
        found.append(json.loads(path.read_text("utf-8")))
        name = found[-1].get("previous")
    return found
