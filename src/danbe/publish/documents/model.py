"""What a document is made of: sections of blocks, the same for PDF and DOCX. A section without data says so («n.d.»)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt

from danbe.publish.factsheet.content import Content
from danbe.publish.release import Release

Runs = list[tuple[str, bool]]
"""Pieces of a paragraph, each with whether it is bold."""


def _(message: str) -> str:
    """Marks a French source string; it is translated when the document is made."""
    return message


@dataclass(frozen=True)
class Block:
    """One block. ``kind``: paragraph, quote, list, numbered, table, kpis, image or missing; the other fields by kind.

    ``svg`` is a drawing, ``alt`` what is read aloud in its place; ``items`` are the paragraphs of a list or the key figures.
    """

    kind: str
    runs: Runs = field(default_factory=list)
    items: list[Any] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    svg: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part; ``page``: the part of the document it stands in, a new page for each; ``column``: 1 or 2 beside each
    other, 0 where the text flows from the one to the other."""

    title: str
    blocks: list[Block]
    page: int = 1
    column: int = 0


@dataclass(frozen=True)
class Document:
    """A whole document in one language. ``made_at``: of the release, so that the same release gives the same document."""

    language: str
    title: str
    cluster: str
    kind: str
    period: str
    notice: str
    sections: list[Section]
    source: str
    page_word: str
    made_at: str


class Writer(Content):
    """The words, cells and drawings of a release (``factsheet.Content``), as blocks."""

    def paragraph(self, text: str, **values: Any) -> Block:
        return Block("paragraph", [(self.words(text, **values), False)])

    def missing(self, what: str) -> Block:
        """What stands where the release has no data for a section."""
        return Block("missing", [(self.words(_("n.d. : %(what)s"), what=self.words(what)), False)])

    def grid(self, columns: list[str], rows: list[list[str]], title: str) -> Block:
        return Block("table", columns=[self.words(c) for c in columns], rows=rows, alt=self.words(title))

    def image(self, svg: str, alt: str) -> Block:
        return Block("image", svg=svg, alt=self.words(alt))

    def editorial(self, name: str) -> list[Block]:
        """An editorial text of the release, its figures filled in; [] where there is none."""
        path = self.release.folder / "texts" / f"{name}.{self.language}.md"
        return markdown(path.read_text("utf-8")) if path.is_file() else []

    def document(self, kind: str, sections: list[Section]) -> Document:
        told = self.all()
        cluster = str(told["cluster"])
        said = self.words(kind)
        return Document(
            self.language, f"{cluster} : {said}, {self.period}" if self.language == "fr" else f"{cluster}: {said}, {self.period}",
            cluster, said, str(told["period"]), str(told["synthetic"]), sections, str(told["source"]), str(told["page"]),
            str(self.release.manifest["made_at"]),
        )  # fmt: skip


def writer(release: Release, language: str) -> Writer:
    return Writer(release, language)


def markdown(text: str) -> list[Block]:
    """Markdown as blocks: paragraphs, quotes, lists with bold; headings become bold paragraphs."""
    blocks: list[Block] = []
    inside = ""
    items: list[Runs] = []
    for token in MarkdownIt("commonmark", {"html": False}).parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            inside, items = ("list" if token.type.startswith("bullet") else "numbered"), []
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            blocks.append(Block(inside, items=items))
            inside = ""
        elif token.type == "blockquote_open":
            inside = "quote"
        elif token.type == "blockquote_close":
            inside = ""
        elif token.type == "inline":
            runs = _runs(token.children or [])
            if inside in ("list", "numbered"):
                items.append(runs)
            else:
                blocks.append(Block(inside or "paragraph", runs))
    return blocks


def _runs(children: list[Any]) -> Runs:
    runs: Runs = []
    bold = False
    for child in children:
        if child.type in ("strong_open", "strong_close"):
            bold = child.type == "strong_open"
        elif child.type in ("softbreak", "hardbreak"):
            runs.append((" ", bold))
        elif child.content:
            runs.append((child.content.replace("\u202f", "\u00a0"), bold))
    return runs
