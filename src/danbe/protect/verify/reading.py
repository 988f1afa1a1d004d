"""Opens every public file of a folder and hands back what stands in it: tables, sentences, maps, and what should not be there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Sheet:
    """A table as printed. ``place`` and ``period`` are those of the page or file around it, '' where none is stated."""

    source: str
    columns: list[str]
    rows: list[list[Any]]
    tags: list[str] = field(default_factory=list)
    language: str = "en"
    place: str = ""
    period: str = ""
    title: str = ""


@dataclass
class Prose:
    """Sentences of one block; ``drawing`` marks the words of a chart, which belong together."""

    source: str
    sentences: list[str]
    language: str = "fr"
    place: str = ""
    period: str = ""
    drawing: bool = False
    title: str = ""


@dataclass
class Map:
    """A map: ``classes`` are (colour, label) of its legend, ``areas`` are (name, colour, what its tooltip says)."""

    source: str
    title: str
    classes: list[tuple[str, str]]
    areas: list[tuple[str, str, str]]
    language: str = "fr"
    place: str = ""
    period: str = ""


@dataclass
class Public:
    """All that the files of one edition say. ``authors``: (file, field, value) of persons named in file properties;
    ``hidden_parts``: (file, what) of sheets, names, caches and comments a reader does not see at first."""

    sheets: list[Sheet] = field(default_factory=list)
    prose: list[Prose] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    authors: list[tuple[str, str, str]] = field(default_factory=list)
    hidden_parts: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    thresholds: dict[str, Any] = field(default_factory=dict)
    files: int = 0

    @property
    def places(self) -> dict[str, dict[str, Any]]:
        """The register of places, from any table that has ids, names and parents."""
        found: dict[str, dict[str, Any]] = {}
        for sheet in self.sheets:
            if {"place_id", "level", "name"} <= set(sheet.columns):
                for row in sheet.rows:
                    item = dict(zip(sheet.columns, row, strict=False))
                    found.setdefault(str(item["place_id"]), {**item, "parent_id": item.get("parent_id") or None})
        return found


SKIPPED = frozenset(
    {".css", ".js", ".ico", ".woff", ".woff2", ".wasm", ".pagefind", ".pf_meta", ".pf_index", ".pf_filter", ".sig"}
)


def read_folder(folders: list[Path]) -> Public:
    """Reads the files of ``folders`` (a release, its site, or both). A file that cannot be read is a remark, not an end."""
    found = Public()
    for folder in folders:
        base = folder.parent if folder.is_file() else folder
        files = [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.is_file())
        for path in files:
            reader = _reader(path)
            if reader is None:
                continue
            name = f"{folder.name}/{path.relative_to(base).as_posix()}"
            try:
                reader(path, name, found)
                found.files += 1
            except Exception as error:
                found.unread.append((name, f"{type(error).__name__}: {error}"))
    return found


def _reader(path: Path) -> Callable[[Path, str, Public], None] | None:
    from danbe.protect.verify import read_pages, read_pdf, read_tables, read_workbook

    if path.name in ("manifest.json", "audit.json"):
        return _declared
    kinds: dict[str, Callable[[Path, str, Public], None]] = {
        ".csv": read_tables.csv_file,
        ".tsv": read_tables.csv_file,
        ".parquet": read_tables.parquet,
        ".json": read_tables.json_file,
        ".geojson": read_tables.json_file,
        ".xlsx": read_workbook.workbook,
        ".xlsm": read_workbook.workbook,
        ".html": read_pages.page,
        ".htm": read_pages.page,
        ".svg": read_pages.drawing,
        ".md": read_pages.text,
        ".txt": read_pages.text,
        ".pf_fragment": read_pages.fragment,
        ".pdf": read_pdf.pdf,
    }
    return None if path.suffix in SKIPPED or path.name == "robots.txt" else kinds.get(path.suffix.lower())


def _declared(path: Path, name: str, found: Public) -> None:
    """What the release declares of itself: thresholds, dimensions and measures of its tables."""
    data = json.loads(path.read_text("utf-8"))
    if path.name == "manifest.json":
        found.manifest = data
    found.thresholds = {**data.get("thresholds", {}), **found.thresholds}
    for table in data.get("tables", {}).values() if isinstance(data.get("tables"), dict) else ():
        for key in ("dimensions", "measures"):
            found.manifest.setdefault(f"all_{key}", set()).update(table.get(key, ()))


def sentences(text: str) -> Iterator[str]:
    """A text cut where one thought ends. A point inside a number, or «n.d.», ends nothing."""
    import re

    for part in re.split(r"(?<=[.!?])\s+(?=[A-ZÀ-Ý«\"(])|\n+", text):
        if part and part.strip():
            yield " ".join(part.split(" ")).strip()
