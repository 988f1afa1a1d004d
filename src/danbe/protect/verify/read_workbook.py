"""Workbooks: every sheet, the hidden ones too, names, pivot caches, comments and who is said to have made them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from danbe.protect.verify.reading import Prose, Public, Sheet, sentences

_PEOPLE = {"creator": "creator", "lastModifiedBy": "lastModifiedBy", "manager": "Manager"}
_MAX = 200_000_000


def workbook(path: Path, name: str, found: Public) -> None:
    from python_calamine import CalamineWorkbook

    with zipfile.ZipFile(path) as archive:
        if sum(i.file_size for i in archive.infolist()) > _MAX:
            raise ValueError("workbook over 200 MB when unpacked")
        _properties(archive, name, found)
        hidden = _structure(archive, name, found)
        _caches(archive, name, found)
        _comments(archive, name, found)
    book = CalamineWorkbook.from_path(str(path))
    for title in book.sheet_names:
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=True)
        source = f"{name}[{title}]" + (" (feuille masquée)" if title in hidden else "")
        _tables(source, title, rows, found)


def _tables(source: str, title: str, rows: list[list[Any]], found: Public) -> None:
    """The sheet as a table when its first full row is one of headers; else as sentences, line by line."""
    head = next((i for i, r in enumerate(rows[:15]) if sum(isinstance(c, str) and c != "" for c in r) >= 2
                 and sum(c != "" for c in r) >= max(2, len(r) // 2)), None)  # fmt: skip
    if head is not None and all(isinstance(c, str) for c in rows[head]) and len(rows[head]) > 1:
        body = [[None if c == "" else c for c in r] for r in rows[head + 1 :]]
        found.sheets.append(Sheet(source, [str(c) for c in rows[head]], body, title=title))
    if len(rows) <= 60:
        lines = [" : ".join(str(c) for c in r if c not in ("", None)) for r in rows]
        found.prose.append(Prose(source, [s for line in lines for s in sentences(line)], title=title))


def _xml(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(archive.read(name), parser)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _properties(archive: zipfile.ZipFile, name: str, found: Public) -> None:
    """Names of persons in the properties. The cluster or the tool as author is no person: see ``hygiene``."""
    for part in ("docProps/core.xml", "docProps/app.xml"):
        if part in archive.namelist():
            for element in _xml(archive, part).iter():
                label = _local(element)
                if label in ("creator", "lastModifiedBy", "Manager") and (element.text or "").strip():
                    found.authors.append((name, label, element.text.strip()))


def _structure(archive: zipfile.ZipFile, name: str, found: Public) -> set[str]:
    hidden: set[str] = set()
    if "xl/workbook.xml" not in archive.namelist():
        return hidden
    for element in _xml(archive, "xl/workbook.xml").iter():
        kind = _local(element)
        if kind == "sheet" and element.get("state") in ("hidden", "veryHidden"):
            hidden.add(element.get("name"))
            found.hidden_parts.append((name, f"feuille masquée «{element.get('name')}»"))
        if kind == "definedName" and not str(element.get("name", "")).startswith("_xlnm"):
            text = (element.text or "").strip()
            found.hidden_parts.append((name, f"nom défini «{element.get('name')}» = {text}"))
            found.prose.append(Prose(f"{name}[noms]", [f"{str(element.get('name')).replace('_', ' ')} : {text}"]))
    for part in archive.namelist():
        if part.startswith("xl/externalLinks/") and part.endswith(".xml"):
            found.hidden_parts.append((name, f"lien externe {part}"))
    return hidden


def _caches(archive: zipfile.ZipFile, name: str, found: Public) -> None:
    """A pivot cache keeps the rows it was made from, whatever its pivot table shows."""
    for part in sorted(archive.namelist()):
        if not re.match(r"xl/pivotCache/pivotCacheDefinition\d*\.xml$", part):
            continue
        found.hidden_parts.append((name, f"cache de tableau croisé {part}"))
        columns, shared = [], []
        for element in _xml(archive, part).iter():
            if _local(element) == "cacheField":
                columns.append(str(element.get("name")))
                items = [i for i in element if _local(i) == "sharedItems"]
                shared.append([e.get("v") for e in items[0]] if items else [])
        records = part.replace("Definition", "Records")
        if records not in archive.namelist():
            continue
        rows = []
        for record in _xml(archive, records):
            row: list[Any] = []
            for i, cell in enumerate(record):
                value = cell.get("v")
                row.append(shared[i][int(value)] if _local(cell) == "x" and value is not None else value)
            rows.append(row)
        found.sheets.append(Sheet(f"{name}[{part}]", columns, rows, title=part))


def _comments(archive: zipfile.ZipFile, name: str, found: Public) -> None:
    for part in archive.namelist():
        if re.match(r"xl/(threadedComments/.*|comments\d*)\.xml$", part):
            texts = [
                " ".join(t.itertext()).strip() for t in _xml(archive, part).iter() if _local(t) in ("text", "author")
            ]
            found.hidden_parts.append((name, f"commentaires {part}"))
            found.prose.append(Prose(f"{name}[{part}]", [s for t in texts for s in sentences(t)]))
