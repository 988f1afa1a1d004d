"""What an XForm asks, read from the XForm itself: the same reading serves our own forms and pulled ones.

The schema is a plain dictionary, kept as JSON with the version:

``{"root": "data", "languages": ["Français (fr)"], "default": "Français (fr)", "fields": […], "choices": {…}}``; a
field is ``{"path": "group/question", "name", "type", "label": {language: text}, "choices": list or "", "repeat": path
of the repeat it stands in or ""}``, and ``"text": True`` where a person writes freely. Types: string, int, decimal, date, time, dateTime, boolean, geopoint, geotrace,
geoshape, barcode, binary, select_one, select_multiple, rank, note, group, repeat. ``choices`` is
``{list: {value: {language: label}}}``. Where a form has one unnamed language, the language is "".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from danbe.collect.forms.xml import MAX_FORM_BYTES, BadXML, Element, child, local, parse, text_of

Schema = dict[str, Any]

_ITEXT = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)")
_INSTANCE = re.compile(r"instance\(\s*'([^']*)'\s*\)")
_NARRATIVE = re.compile(r"narrati|recit|temoignage|testimon|circonstance|what_happened|que_s_est_il", re.I)
_CONTROLS = {
    "input": "", "secret": "", "range": "", "trigger": "", "select1": "select_one", "select": "select_multiple",
    "rank": "rank", "upload": "binary",
}  # fmt: skip
_TYPES = {
    "int": "int", "integer": "int", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "dateTime",
    "boolean": "boolean", "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape",
    "barcode": "barcode", "binary": "binary", "select1": "select_one", "select": "select_multiple", "rank": "rank",
}  # fmt: skip


@dataclass
class XForm:
    """Identity and schema of an XForm."""

    form_id: str
    version: str
    title: str
    encrypted: bool
    schema: Schema = field(default_factory=dict)
    # Whether it asks for an account of what happened: a text of several lines, or one so named.
    narrative: bool = False


def read_xform(content: bytes) -> XForm:
    """Raises ``BadXML`` for what is no XForm a phone could open."""
    html = parse(content, MAX_FORM_BYTES)
    head, body = child(html, "head"), child(html, "body")
    model = child(head, "model") if head is not None else None
    instance = child(model, "instance") if model is not None else None
    root = next(iter(instance), None) if instance is not None else None
    if local(html) != "html" or head is None or body is None or model is None or root is None:
        raise BadXML("not an XForm: html, head, model and a primary instance are expected")
    form_id = root.get("id") or (root.tag[1:].split("}")[0] if str(root.tag).startswith("{") else "")
    if not form_id:
        raise BadXML("the primary instance has no id")
    submission = child(model, "submission")
    reader = _Reader(model, root, body)
    schema = reader.schema()
    return XForm(
        form_id=form_id,
        version=root.get("version") or "",
        title=text_of(child(head, "title")) or form_id,
        encrypted=submission is not None and bool(submission.get("base64RsaPublicKey")),
        schema=schema,
        narrative=bool(reader.long) or any(f.get("text") and _NARRATIVE.search(f["name"]) for f in schema["fields"]),
    )


class _Reader:
    def __init__(self, model: Element, root: Element, body: Element) -> None:
        self.root, self.body = root, body
        self.binds = {b.get("nodeset", ""): b for b in model if local(b) == "bind"}
        self.texts: dict[str, dict[str, str]] = {}
        self.languages: list[str] = []
        self.default = ""
        self._read_texts(model)
        self.instances = {i.get("id"): i for i in model if local(i) == "instance" and i.get("id")}
        self.choices: dict[str, dict[str, dict[str, str]]] = {}
        self.controls: dict[str, tuple[str, dict[str, str], str]] = {}
        self.repeats: set[str] = set()
        self.written: set[str] = set()
        self.long: set[str] = set()

    def schema(self) -> Schema:
        self._read_body(self.body)
        return {
            "root": local(self.root),
            "languages": self.languages or [""],
            "default": self.default or (self.languages[0] if self.languages else ""),
            "fields": list(self._fields(self.root, "/" + local(self.root), "", "")),
            "choices": self.choices,
        }

    def _read_texts(self, model: Element) -> None:
        itext = child(model, "itext")
        for translation in itext if itext is not None else ():
            language = translation.get("lang", "")
            self.languages.append(language)
            if translation.get("default"):
                self.default = language
            for entry in translation:
                values = [v for v in entry if local(v) == "value" and not v.get("form")]
                long = [v for v in entry if local(v) == "value" and v.get("form") == "long"]
                if found := (values or long):
                    self.texts.setdefault(entry.get("id", ""), {})[language] = _flat(found[0])

    def _label(self, element: Element) -> dict[str, str]:
        label = child(element, "label")
        if label is None:
            return {}
        if match := _ITEXT.search(label.get("ref", "")):
            return self.texts.get(match[1], {})
        return self._everywhere(_flat(label))

    def _everywhere(self, text: str) -> dict[str, str]:
        return dict.fromkeys(self.languages or [""], text) if text else {}

    def _read_body(self, element: Element) -> None:
        for item in element:
            name = local(item)
            path = item.get("nodeset") or item.get("ref") or ""
            if bind := item.get("bind"):
                path = next((n for n, b in self.binds.items() if b.get("id") == bind), path)
            if name == "repeat":
                self.repeats.add(path)
            if name in ("group", "repeat"):
                if path and (path not in self.controls or not self.controls[path][1]):
                    self.controls[path] = ("", self._label(item), "")
                self._read_body(item)
            elif name in _CONTROLS and path:
                self.controls[path] = (_CONTROLS[name], self._label(item), self._read_choices(item, path))
                if name in ("input", "secret"):
                    self.written.add(path)
                    if "multiline" in item.get("appearance", ""):
                        self.long.add(path)

    def _read_choices(self, control: Element, path: str) -> str:
        itemset = child(control, "itemset")
        if itemset is not None:
            match = _INSTANCE.search(itemset.get("nodeset", ""))
            if match is None:
                return ""
            if match[1] not in self.choices:
                self.choices[match[1]] = self._instance_choices(match[1], itemset)
            return match[1]
        items = {text_of(child(i, "value")): self._label(i) for i in control if local(i) == "item"}
        if items:
            self.choices[path] = items
        return path if items else ""

    def _instance_choices(self, name: str, itemset: Element) -> dict[str, dict[str, str]]:
        instance, found = self.instances.get(name), {}
        value, label = child(itemset, "value"), child(itemset, "label")
        value_name = value.get("ref", "name") if value is not None else "name"
        label_ref = label.get("ref", "label") if label is not None else "label"
        itext = re.search(r"jr:itext\((\w+)\)", label_ref)
        for item in instance.iter() if instance is not None else ():
            if local(item) == "item":
                key = text_of(child(item, value_name))
                if itext:
                    found[key] = self.texts.get(text_of(child(item, itext[1])), {})
                else:
                    found[key] = self._everywhere(text_of(child(item, label_ref)))
        return found

    def _fields(self, element: Element, path: str, shown: str, repeat: str) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        for node in element:
            name = local(node)
            # A repeat stands twice in some forms: its template, and its first instance.
            if not name or name in seen:
                continue
            seen.add(name)
            here, relative = f"{path}/{name}", f"{shown}/{name}".lstrip("/")
            control, label, choices = self.controls.get(here, ("", {}, ""))
            entry = {"path": relative, "name": name, "label": label, "choices": choices, "repeat": repeat}
            if here in self.repeats:
                yield {**entry, "type": "repeat"}
                yield from self._fields(node, here, relative, relative)
            elif len(node):
                yield {**entry, "type": "group"}
                yield from self._fields(node, here, relative, repeat)
            else:
                kind = self._type(here, control)
                yield {**entry, "type": kind, **({"text": True} if kind == "string" and here in self.written else {})}

    def _type(self, path: str, control: str) -> str:
        bind = self.binds.get(path)
        declared = (bind.get("type", "") if bind is not None else "").rsplit(":", 1)[-1]
        if control:
            return control
        if (
            bind is not None
            and bind.get("readonly") == "true()"
            and bind.get("calculate") is None
            and path in self.controls
        ):
            return "note"
        return _TYPES.get(declared, "string")


def _flat(element: Element) -> str:
    """The words of a label; what it takes from other answers is «…»."""
    parts = [element.text or ""]
    for inner in element:
        parts.append("…" if local(inner) == "output" else _flat(inner))
        parts.append(inner.tail or "")
    return " ".join("".join(parts).split())


_NAMES = {"fr": ("fr", "french", "français", "francais"), "en": ("en", "english", "anglais")}


def language_of(schema: Schema, language: str) -> str:
    """The form's own language for 'fr' or 'en': by its code («Français (fr)»), by its name, else the form's default."""
    for name in schema.get("languages", ()):
        if f"({language})" in name.lower() or name.lower().strip() in _NAMES.get(language, ()):
            return str(name)
    return str(schema.get("default", ""))


def words(texts: dict[str, str], schema: Schema, language: str) -> str:
    """The words in the form's language nearest to ``language``, else in its default, else in any; '' for none."""
    wanted = (language_of(schema, language), schema.get("default", ""), *texts)
    return next((texts[name] for name in wanted if texts.get(name)), "")
