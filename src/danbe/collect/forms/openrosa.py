"""The documents of the OpenRosa door: the list of forms, a form's manifest, an answer.

Namespaces are exact and hashes carry their prefix: ODK Collect compares them letter by letter, and one entry without
formID, name or downloadUrl makes it reject the whole list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"
RESPONSE = "http://openrosa.org/http/response"


@dataclass(frozen=True)
class Offered:
    """A form as a phone is offered it. Raises ``ValueError`` when it lacks what a phone needs."""

    form_id: str
    name: str
    version: str
    md5: str
    download_url: str
    manifest_url: str = ""

    def __post_init__(self) -> None:
        if not (self.form_id.strip() and self.name.strip() and self.md5 and self.download_url):
            raise ValueError("a form offered to phones has an id, a name, a hash and an address")


def form_list(forms: Iterable[Offered]) -> bytes:
    """The document of ``GET /formList``."""
    root = etree.Element(f"{{{LIST}}}xforms", nsmap={None: LIST})
    for form in forms:
        entry = etree.SubElement(root, f"{{{LIST}}}xform")
        for tag, text in (
            ("formID", form.form_id),
            ("name", form.name),
            ("version", form.version),
            ("hash", f"md5:{form.md5}"),
            ("downloadUrl", form.download_url),
            ("manifestUrl", form.manifest_url),
        ):
            if text or tag == "version":
                etree.SubElement(entry, f"{{{LIST}}}{tag}").text = text
    return _bytes(root)


def manifest(media: Iterable[tuple[str, str, str]]) -> bytes:
    """The document of a form's manifest, from (file name, md5, address)."""
    root = etree.Element(f"{{{MANIFEST}}}manifest", nsmap={None: MANIFEST})
    for filename, md5, address in media:
        entry = etree.SubElement(root, f"{{{MANIFEST}}}mediaFile")
        etree.SubElement(entry, f"{{{MANIFEST}}}filename").text = filename
        etree.SubElement(entry, f"{{{MANIFEST}}}hash").text = f"md5:{md5}"
        etree.SubElement(entry, f"{{{MANIFEST}}}downloadUrl").text = address
    return _bytes(root)


def answer(message: str, nature: str = "") -> bytes:
    """What a phone shows its user."""
    root = etree.Element(f"{{{RESPONSE}}}OpenRosaResponse", nsmap={None: RESPONSE})
    entry = etree.SubElement(root, f"{{{RESPONSE}}}message", {"nature": nature} if nature else None)
    entry.text = message
    return _bytes(root)


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
