"""XML from outside, read without trust: no entities, no document type, no network, bounded in size."""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

# A submission of 3,000 questions is about 0.3 MB; a form with 20,000 choices about 12 MB.
MAX_SUBMISSION_BYTES = 10 * 1024 * 1024
MAX_FORM_BYTES = 64 * 1024 * 1024

# lxml ships no types.
Element: TypeAlias = Any


class BadXML(ValueError):
    """Not well-formed, too large, or carrying what we do not read; the message says which."""


def parse(content: bytes, limit: int) -> Element:
    """The root element. Raises ``BadXML``. A document type is refused outright: entities begin there."""
    if len(content) > limit:
        raise BadXML(f"{len(content)} bytes, more than {limit}")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXML(str(error)) from None
    tree = root.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise BadXML("document type declarations are not accepted")
    return root


def local(element: Element) -> str:
    """The name without its namespace; '' for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def child(element: Element, name: str) -> Element | None:
    """The first child of that local name."""
    return next((c for c in element if local(c) == name), None)


def text_of(element: Element | None) -> str:
    """Its own text, stripped; '' for none."""
    return (element.text or "").strip() if element is not None else ""


def names(element: Element) -> list[Element]:
    """Its child elements."""
    return [c for c in element if local(c)]
