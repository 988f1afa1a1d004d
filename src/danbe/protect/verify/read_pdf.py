"""PDF: the text of its pages line by line, and the names in its properties."""

from __future__ import annotations

import re
from pathlib import Path

from danbe.protect.verify.reading import Prose, Public, sentences
from danbe.protect.verify.words import find_period


def pdf(path: Path, name: str, found: Public) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    try:
        for field, value in document.get_metadata_dict().items():
            if field in ("Author",) and value.strip():
                found.authors.append((name, field, value.strip()))
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    language = "en" if re.search(r"-en\.pdf$|\ben\b", path.name) or "People reached" in " ".join(pages) else "fr"
    period = find_period(pages) or ""
    for number, text in enumerate(pages, 1):
        lines = re.sub(r"[ \r]*\n[ ]*", "\n", text)
        # A sentence runs over lines; a line of a table is one thing said.
        whole = re.sub(r"(?<=[a-zà-ÿ])[-\u00ad\u0002\ufffe]\n?(?=[a-zà-ÿ])", "", lines.replace("\ufffe", "\u00ad"))
        joined = re.sub(r"(?<=[^.:;\n])\n(?=[a-zà-ÿ0-9(])|(?<=[,–-])\n", " ", whole)
        found.prose.append(Prose(f"{name}[p. {number}]", list(sentences(joined)), language, period=period))
