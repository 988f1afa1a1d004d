"""What a site must be before anybody sees it: well formed, every inner link answered, no foreign host, no inline style."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# Elements whose address makes the browser fetch something at once.
_FETCHING = {("img", "src"), ("script", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("use", "href")}


class Reader(HTMLParser):
    """One page: its links, its ids, and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._open.append(tag)
        self._read(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read(tag, attrs)

    def _read(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src"):
                self.links.append((tag, name, value or ""))
            elif name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}=…>: refused by the page's own security policy")
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self.faults.append("inline script")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1] if self._open else 'nothing'}>")
            if tag in self._open:
                while self._open and self._open.pop() != tag:
                    pass
            return
        self._open.pop()

    def close(self) -> None:
        super().close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        self.faults += [f"id «{i}» stands twice" for i in sorted({i for i in self.ids if self.ids.count(i) > 1})]


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    reader.close()
    return reader


def problems(site: Path) -> list[str]:
    """Each fault as «page: fault»; an empty list is a whole site."""
    readers = {p.relative_to(site).as_posix(): read(p) for p in sorted(site.rglob("*.html"))}
    faults = []
    for name, reader in readers.items():
        faults += [f"{name}: {fault}" for fault in reader.faults]
        for tag, attribute, address in reader.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                if (tag, attribute) in _FETCHING and parts.scheme != "data":
                    faults.append(f"{name}: fetches from a foreign host: {address}")
                continue
            if not parts.path:
                target = name
            else:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
                target = unquote(parts.path).lstrip("/") if parts.path.startswith("/") else target
            if not (site / target).is_file():
                faults.append(f"{name}: dead link: {address}")
            elif parts.fragment and target in readers and parts.fragment not in readers[target].ids:
                faults.append(f"{name}: no place «{parts.fragment}» in {target}")
    return faults
