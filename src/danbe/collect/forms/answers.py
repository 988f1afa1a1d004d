"""A submission's XML as nested JSON, by the schema of its form version. The XML stays the truth; nothing is dropped.

Groups are objects, repeats are lists of objects, a question answered is a text, an int, a float (decimal) or a list of
texts (select_multiple); a question left empty is absent. What the schema does not know is kept as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from danbe.collect.forms.schema import Schema
from danbe.collect.forms.xml import MAX_SUBMISSION_BYTES, BadXML, Element, child, local, names, parse, text_of


@dataclass(frozen=True)
class Envelope:
    """What a submission says of itself, before its form is known."""

    root: Element = field(repr=False)
    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    encrypted: bool


def read_envelope(content: bytes) -> Envelope:
    """Raises ``BadXML``. ``meta`` is found by its local name: it comes with and without a namespace."""
    root = parse(content, MAX_SUBMISSION_BYTES)
    form_id = root.get("id") or ""
    if not form_id:
        raise BadXML("the root element names no form (attribute id)")
    meta = child(root, "meta")
    return Envelope(
        root=root,
        form_id=form_id,
        version=root.get("version") or "",
        instance_id=text_of(child(meta, "instanceID")) if meta is not None else root.get("instanceID", ""),
        deprecated_id=text_of(child(meta, "deprecatedID")) if meta is not None else "",
        encrypted=root.get("encrypted") == "yes",
    )


class Types:
    """The types of a schema by path, made once per form version."""

    def __init__(self, schema: Schema) -> None:
        self.of = {f["path"]: f["type"] for f in schema.get("fields", ())}


def to_json(element: Element, types: Types, path: str = "") -> dict[str, Any]:
    """The answers under ``element``."""
    found: dict[str, Any] = {}
    for node in names(element):
        name = local(node)
        here = f"{path}/{name}" if path else name
        kind = types.of.get(here)
        value: Any
        if kind == "repeat":
            found.setdefault(name, []).append(to_json(node, types, here))
            continue
        if kind == "group" or len(node):
            value = to_json(node, types, here)
        else:
            value = typed(text_of(node) if kind != "string" else (node.text or ""), kind or "string")
            if value is None:
                continue
        if name in found:  # repeated without being declared so: all are kept
            earlier = found[name] if isinstance(found[name], list) else [found[name]]
            found[name] = [*earlier, value]
        else:
            found[name] = value
    return found


def typed(text: str, kind: str) -> Any:
    """The value of a text of that type; the text itself where it is not of it; None for an empty one."""
    if not text.strip():
        return None
    if kind in ("int", "decimal") and "_" in text:
        return text  # Python reads «1_000»; no form does
    try:
        if kind == "int":
            return int(text)
        if kind == "decimal":
            number = float(text)
            # JSON knows no infinity: such a text stays a text.
            return number if number - number == 0 else text
    except ValueError:
        return text
    if kind in ("select_multiple", "rank"):
        return text.split()
    return text


def binary_names(element: Element, types: Types, path: str = "") -> list[str]:
    """The names of files the answers refer to."""
    found: list[str] = []
    for node in names(element):
        here = f"{path}/{local(node)}" if path else local(node)
        if len(node):
            found += binary_names(node, types, here)
        elif text_of(node) and (types.of.get(here) == "binary" or here == "meta/audit"):
            found.append(text_of(node))
    return found


def encrypted_names(root: Element) -> list[str]:
    """The files an encrypted submission refers to, in their order: media, then the encrypted XML."""
    media = [text_of(f) for m in names(root) if local(m) == "media" for f in names(m) if local(f) == "file"]
    return [*[n for n in media if n], *filter(None, [text_of(child(root, "encryptedXmlFile"))])]


@lru_cache(maxsize=64)
def types_of(version_pk: int, xform_sha256: str) -> Types:
    """The types of a stored form version; it never changes, so a process reads it once."""
    from danbe.collect.models import FormVersion

    return Types(FormVersion.objects.values_list("schema", flat=True).get(pk=version_pk))
