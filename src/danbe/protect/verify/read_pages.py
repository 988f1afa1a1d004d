"""Pages: their tables, their sentences, their charts and maps; also plain texts and the index of the search."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

from danbe.protect.verify.reading import Map, Prose, Public, Sheet, sentences
from danbe.protect.verify.words import find_period
from danbe.reference.text import search_key

_BLOCKS = ("p", "li", "dd", "figcaption", "h1", "h2", "h3", "h4", "caption", "blockquote", "summary")
_SVG = "{http://www.w3.org/2000/svg}"


def page(path: Path, name: str, found: Public) -> None:
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = html.document_fromstring(path.read_bytes(), parser=parser)
    language = (root.get("lang") or "fr")[:2]
    heads = [_text(h) for h in (*root.findall("head/title"), *root.iter("h1"))]
    period = find_period(_text(e) for e in root.iter("p", "h1")) or ""
    place = f"head:{heads[-1] if heads else ''}"
    for svg in list(root.iter("svg")):
        _svg(svg, name, language, place, period, _title(svg), found)
        svg.drop_tree()
    for table in list(root.iter("table")):
        _table(table, name, language, place, period, found)
        table.drop_tree()
    for drop in list(root.iter("script", "style", "nav", "noscript")):
        drop.drop_tree()
    said = []
    for pair in root.iter("dt"):
        following = pair.getnext()
        if following is not None and following.tag == "dd":
            said.append(f"{_text(pair)} : {_text(following, ' · ')}")
    for block in root.iter(*_BLOCKS):
        if not any(child.tag in _BLOCKS for child in block.iterdescendants()) and block.tag != "dd":
            said += sentences(_text(block))
    for attribute in ("content", "alt", "title", "aria-label"):
        said += [
            s for e in root.iter() if (t := e.get(attribute)) and any(c.isdigit() for c in t) for s in sentences(t)
        ]
    said += [s for comment in root.iter(_comment()) for s in sentences(comment.text or "")]
    found.prose.append(Prose(name, said, language, place, period, title=heads[-1] if heads else ""))


def _comment() -> Any:
    from lxml import etree

    return etree.Comment


def _text(element: Any, glue: str = " ") -> str:
    return re.sub(r"[ \t\r\n]+", " ", glue.join(t.strip(" \t\r\n") for t in element.itertext() if t.strip())).strip()


def _title(element: Any) -> str:
    """The heading of the figure around an element."""
    while element is not None:
        if element.tag == "figure":
            heads = [_text(h) for h in element.iter("figcaption")]
            return heads[0] if heads else ""
        element = element.getparent()
    return ""


def _table(table: Any, name: str, language: str, place: str, period: str, found: Public) -> None:
    rows = [[_text(cell) for cell in row.iter("th", "td")] for row in table.iter("tr")]
    captions = [_text(c) for c in table.iter("caption")]
    title = captions[0] if captions else _title(table)
    if len(rows) < 2:
        return
    if "matrix" in (table.get("class") or ""):
        return  # months of activity of organisations: no count of persons
    found.sheets.append(
        Sheet(f"{name}[{title}]" if title else name, rows[0], rows[1:], [], language, place, period, title)
    )


def drawing(path: Path, name: str, found: Public) -> None:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    _svg(etree.fromstring(path.read_bytes(), parser), name, "fr", "", "", path.stem, found)


def _svg(svg: Any, name: str, language: str, place: str, period: str, title: str, found: Public) -> None:
    """The words of a drawing: its description, its tooltips, each text under the label before it; and its map classes."""

    def local(element: Any) -> str:
        return element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""

    parts = [e for e in svg.iter() if local(e)]
    if not any(local(e) in ("text", "desc") for e in parts):
        return
    title = title or next((_text(e) for e in svg if local(e) == "title"), "")
    source = f"{name}[{title}]" if title else name
    areas, classes, said, label, swatch = [], [], [], "", ""
    for element in parts:
        kind = local(element)
        if kind in ("path", "polygon", "rect"):
            tips = [_text(c) for c in element if local(c) == "title"]
            if tips and kind != "rect":
                label_, _, value = (
                    tips[0].replace("\u00a0", " ").partition(" : " if " : " in tips[0].replace("\u00a0", " ") else ": ")
                )
                areas.append((label_.strip(), element.get("fill") or "", value.strip()))
            said += tips
            swatch = (element.get("fill") or "") if kind == "rect" else swatch
        elif kind == "desc":
            said += [s for part in _text(element).split(";") for s in sentences(part)]
        elif kind == "text":
            text = _text(element)
            if swatch:
                classes.append((swatch, text))
                swatch = ""
                continue
            if re.search(r"\d", text) and label and not re.fullmatch(r"[\d\s\u00a0.,kM%]+", text):
                said.append(f"{label} : {text}")
            elif not re.search(r"\d", text) and element.get("font-weight"):
                label = text
    if areas:
        # Without tooltips' numbers: these are in ``areas`` already.
        found.maps.append(Map(source, title, classes, areas, language, place, period))
    found.prose.append(Prose(source, said, language, place, period, True, title))


def text(path: Path, name: str, found: Public) -> None:
    language = "en" if re.search(r"(^|[./-])en\.", path.name) else "fr"
    found.prose.append(Prose(name, list(sentences(path.read_text("utf-8", "replace"))), language))


def fragment(path: Path, name: str, found: Public) -> None:
    """A page as the search keeps it (pagefind): a stale one may hold what the page no longer shows."""
    data = gzip.decompress(path.read_bytes())
    start = data.find(b"{")
    content = json.loads(data[start:].decode("utf-8"))
    address = str(content.get("url", ""))
    words = sentences(str(content.get("content", "")))
    head = str(content.get("meta", {}).get("title", ""))
    found.prose.append(
        Prose(
            f"{name}({address})",
            list(words),
            "en" if "/en/" in address else "fr",
            f"head:{search_key(head)}",
            drawing=True,
            title=head,
        )
    )
