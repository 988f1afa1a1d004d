"""Answers as a person reads them: the questions in the form's language and order, choices by their labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from danbe.collect.forms.schema import Schema, words


@dataclass(frozen=True)
class Line:
    """One line of a page: a heading (group, or one item of a repeat), or a question with its answer."""

    kind: str  # 'heading', 'answer' or 'file'
    depth: int
    label: str
    value: str = ""
    number: int = 0


def tell(answers: dict[str, Any], schema: Schema, language: str) -> list[Line]:
    """The lines, top to bottom. Questions left empty are left out; what no question declares comes last, by its name."""
    return _Teller(schema, language).lines(answers, "", 0)


class _Teller:
    def __init__(self, schema: Schema, language: str) -> None:
        self.schema, self.language = schema, language
        self.below: dict[str, list[dict[str, Any]]] = {}
        for entry in schema.get("fields", ()):
            self.below.setdefault(entry["path"].rpartition("/")[0], []).append(entry)

    def lines(self, answers: dict[str, Any], path: str, depth: int) -> list[Line]:
        found: list[Line] = []
        known = {"meta"} if not path else set()
        for entry in self.below.get(path, ()):
            name = entry["name"]
            known.add(name)
            value = answers.get(name)
            if name == "meta" or value in (None, "", [], {}):
                continue
            label = words(entry["label"], self.schema, self.language) or name
            if entry["type"] == "repeat":
                items = value if isinstance(value, list) else [value]
                for number, item in enumerate(items, start=1):
                    found.append(Line("heading", depth, label, number=number))
                    found += self.lines(item if isinstance(item, dict) else {}, entry["path"], depth + 1)
            elif entry["type"] == "group" and isinstance(value, dict):
                inner = self.lines(value, entry["path"], depth + 1)
                found += [Line("heading", depth, label), *inner] if inner else []
            else:
                kind = "file" if entry["type"] == "binary" else "answer"
                found.append(Line(kind, depth, label, self._value(entry, value)))
        for name, value in answers.items():
            if name not in known and value not in (None, "", [], {}):
                found.append(Line("answer", depth, name, str(value)))
        return found

    def _value(self, entry: dict[str, Any], value: Any) -> str:
        choices = self.schema.get("choices", {}).get(entry["choices"], {})
        values = value if isinstance(value, list) else [value]
        return ", ".join(words(choices.get(str(v), {}), self.schema, self.language) or str(v) for v in values)


@dataclass(frozen=True)
class Question:
    """A question of a form as its preview shows it."""

    depth: int
    type: str
    name: str
    label: str
    choices: list[str]


def questions(schema: Schema, language: str) -> list[Question]:
    """The form's questions, groups and repeats, in order; what only computes is left out."""
    found = []
    for entry in schema.get("fields", ()):
        label = words(entry["label"], schema, language)
        if entry["path"].split("/")[0] == "meta" or (not label and entry["type"] not in ("repeat",)):
            continue
        choices = schema.get("choices", {}).get(entry["choices"], {})
        told = [words(texts, schema, language) or code for code, texts in list(choices.items())[:60]]
        found.append(Question(entry["path"].count("/"), entry["type"], entry["name"], label or entry["name"], told))
    return found
