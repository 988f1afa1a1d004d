"""What a file is, judged by its bytes and never by its name, before any reader opens it."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from danbe.collect.messages import WorkbookRefused

# A workbook of a country's year holds about 200 MB of XML (measured: 176 MB for 100,000 × 40); deflate cannot do
# better than 1,032:1, and real sheets stay under 60:1, all-blank styled ones under 200:1.
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_RATIO = 250
RATIO_MATTERS_ABOVE = 32 * 1024 * 1024
# Excel writes some dozens of parts; embedded pictures add some hundreds.
MAX_PARTS = 10_000

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    (b"%PDF", "kind.pdf"),
    (b"\x89PNG", "kind.image"),
    (b"\xff\xd8\xff", "kind.image"),
    (b"GIF8", "kind.image"),
    (b"BM", "kind.image"),
    (b"II*\x00", "kind.image"),
    (b"MM\x00*", "kind.image"),
    (b"RIFF", "kind.image"),
    (b"Rar!", "kind.archive"),
    (b"7z\xbc\xaf", "kind.archive"),
    (b"\x1f\x8b", "kind.archive"),
    (b"BZh", "kind.archive"),
    (b"\xfd7zXZ", "kind.archive"),
    (b"{\\rtf", "kind.word"),
    (b"MZ", "kind.program"),
    (b"\x7fELF", "kind.program"),
    (b"\x00\x01\x00\x00Standard", "kind.access"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path, filename: str) -> str:
    """'xlsx', 'xls', 'ods' or 'text'; raises ``WorkbookRefused`` for anything else, naming what it is."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise WorkbookRefused("file.empty", file=filename)
    if start.startswith(b"PK"):
        return _kind_of_zip(path, filename)
    if start.startswith(_OLE2):
        return _kind_of_ole2(path, filename)
    if not start.startswith(_BOMS):
        for magic, kind in _OTHER_KINDS:
            # Two letters are a weak sign: a text may begin with them.
            if start.startswith(magic) and (len(magic) > 2 or b"\x00" in start):
                raise WorkbookRefused("file.kind", file=filename, kind=kind)
    _refuse_markup(start, filename)
    # Zero bytes are no text, save every second one in UTF-16 (with its mark, or without it as some exports have it).
    if b"\x00" in start and not start.startswith(_BOMS[1:]) and start.count(0) < len(start) // 3:
        raise WorkbookRefused("file.unknown", file=filename)
    return "text"


def _refuse_markup(start: bytes, filename: str) -> None:
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        return
    if b"<workbook" in text and b"spreadsheet" in text:
        raise WorkbookRefused("file.xml", file=filename)
    if any(
        tag in text for tag in (b"<!doctype", b"<html", b"<table", b"<head", b"<body", b"<script", b"<meta", b"<div")
    ):
        raise WorkbookRefused("file.html", file=filename)
    raise WorkbookRefused("file.unknown", file=filename)


def _kind_of_zip(path: Path, filename: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {p.filename for p in parts}
            _refuse_bomb(parts, path.stat().st_size, filename)
            if any(p.flag_bits & 1 for p in parts):
                raise WorkbookRefused("file.password", file=filename)
            if "mimetype" in names:
                return _kind_of_opendocument(archive, names, filename)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        raise WorkbookRefused("file.damaged", file=filename) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise WorkbookRefused("file.xlsb", file=filename)
    if any(n.startswith("word/") for n in names):
        raise WorkbookRefused("file.kind", file=filename, kind="kind.word")
    if any(n.startswith("ppt/") for n in names):
        raise WorkbookRefused("file.kind", file=filename, kind="kind.slides")
    if any(n.startswith("xl/") for n in names):
        raise WorkbookRefused("file.damaged", file=filename)
    raise WorkbookRefused("file.kind", file=filename, kind="kind.archive")


def _kind_of_opendocument(archive: zipfile.ZipFile, names: set[str], filename: str) -> str:
    with archive.open("mimetype") as file:
        mimetype = file.read(200)
    if b"opendocument.text" in mimetype:
        raise WorkbookRefused("file.kind", file=filename, kind="kind.word")
    if b"opendocument.presentation" in mimetype:
        raise WorkbookRefused("file.kind", file=filename, kind="kind.slides")
    if b"opendocument.spreadsheet" not in mimetype:
        raise WorkbookRefused("file.kind", file=filename, kind="kind.other_office")
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(1 << 20):
                raise WorkbookRefused("file.password", file=filename)
    if "content.xml" not in names:
        raise WorkbookRefused("file.damaged", file=filename)
    return "ods"


def _refuse_bomb(parts: list[zipfile.ZipInfo], size: int, filename: str) -> None:
    """Refuses by the directory of the archive. One that lies about it meets the limits of the isolated reader."""
    unpacked = sum(p.file_size for p in parts)
    ratio = unpacked // max(size, 1)
    too_dense = unpacked > RATIO_MATTERS_ABOVE and ratio > MAX_RATIO
    if too_dense or unpacked > MAX_UNPACKED_BYTES or len(parts) > MAX_PARTS:
        raise WorkbookRefused("file.bomb", file=filename, size=unpacked // 1024**2, ratio=max(ratio, 1))


def _kind_of_ole2(path: Path, filename: str) -> str:
    """An OLE2 container is an old .xls, an encrypted .xlsx, or another Office document: its stream names tell."""
    content = path.read_bytes()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage") or has("EncryptionInfo"):
        raise WorkbookRefused("file.password", file=filename)
    if has("Workbook") or has("Book"):
        return "xls"
    if has("WordDocument"):
        raise WorkbookRefused("file.kind", file=filename, kind="kind.word")
    if has("PowerPoint Document"):
        raise WorkbookRefused("file.kind", file=filename, kind="kind.slides")
    raise WorkbookRefused("file.kind", file=filename, kind="kind.other_office")


def tallest_sheet(path: Path) -> int:
    """The rows of the tallest sheet of an .xlsx, counted without reading it, to say why a reader died; 0: unknown."""
    most = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        most = max(most, _count(part, b"<row"))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError, zlib.error):
        return 0
    return most


def _count(part: IO[bytes], mark: bytes) -> int:
    found, end = 0, b""
    while chunk := part.read(1 << 20):
        found += (end + chunk).count(mark)
        end = chunk[1 - len(mark) :]
    return found
