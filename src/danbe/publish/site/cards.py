"""Social cards: the picture shown where somebody shares an address of the site. One PNG per section and language."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from danbe.publish.release import Release
from danbe.reference.words import LANGUAGES, month_name, translator
from danbe.ui.icons import drawing
from danbe.ui.tokens import COLOURS, FONT, FONTS

if TYPE_CHECKING:
    from danbe.publish.site.sections import Section

WIDTH, HEIGHT = 1200, 630


def write_cards(release: Release, sections: Iterable[Section], out: Path) -> None:
    """``out``/<section>-<language>.png for each section."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    out.mkdir(parents=True, exist_ok=True)
    for section in sections:
        for language in LANGUAGES:
            picture = vl_convert.svg_to_png(svg(release, section.title, language))
            (out / f"{section.key}-{language}.png").write_bytes(picture)


def svg(release: Release, title: str, language: str) -> str:
    """The card: the cluster, the section, the period. No figure: a picture outlives its edition."""
    cluster = f"{release.manifest['cluster'][language]} · {release.country['name']}"
    box, inner = drawing("protection")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{COLOURS["teal-dark"]}"/>'
        f'<rect y="{HEIGHT - 90}" width="{WIDTH}" height="90" fill="{COLOURS["sand"]}"/>'
        f'<svg x="80" y="70" width="96" height="96" viewBox="{box}" fill="{COLOURS["paper"]}">{inner}</svg>'
        f'<text x="200" y="132" font-size="42" fill="{COLOURS["teal-light"]}">{escape(cluster)}</text>'
        f'<text x="80" y="350" font-size="84" font-weight="bold" fill="{COLOURS["paper"]}">'
        f"{escape(translator(language)(title))}</text>"
        f'<text x="80" y="{HEIGHT - 33}" font-size="34" fill="{COLOURS["ink"]}">'
        f"{escape(month_name(release.span, language))}</text></svg>"
    )
