"""The rules a 5W row is held to, each declared once: severity, sentence and remedy in French and English.

From this table come the messages, the comments in the annotated workbook, the screens and ``docs/rules.md``.
Source: field brief of the cluster, §1.4 (block and warn rules); OCHA 3W/5W practice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from danbe.curate.response.rules_block import BLOCK
from danbe.curate.response.rules_tell import NOTE, WARN

# Raised when a rule starts or stops blocking, or a threshold changes: snapshots keep it.
RULES_VERSION = "1"

Severity = Literal["block", "warn", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. A row with a *block* does not enter; a *warn* enters and bears the rule's id; a *note* tells.

    ``fr`` and ``en`` say what is wrong, ``remedy_fr`` and ``remedy_en`` what to do; ``%(name)s`` stand for the
    parameters of the issue.
    """

    id: str
    severity: Severity
    fr: str
    en: str
    remedy_fr: str
    remedy_en: str

    def text(self, language: str) -> str:
        return self.fr if language == "fr" else self.en

    def title(self, language: str) -> str:
        """What is wrong in general, without the values of one row: «Atteints au-dessus de la cible.»"""
        text = re.sub(r"\s*\(%\(\w+\)s\)", "", self.text(language))
        text = re.sub(r"^%\(\w+\)s\s?: ", "", text)
        text = re.sub(r"\s?:\s«?%\(\w+\)s»?\.$", ".", text)
        text = re.sub(r"[«']%\(\w+\)s[»']|%\(\w+\)s", "…", text)
        return text[:1].upper() + text[1:]

    def remedy(self, language: str) -> str:
        return self.remedy_fr if language == "fr" else self.remedy_en


RULES: dict[str, Rule] = {
    rule_id: Rule(rule_id, severity, *texts)  # type: ignore[arg-type]
    for severity, rules in (("block", BLOCK), ("warn", WARN), ("note", NOTE))
    for rule_id, *texts in rules
}

BLOCKING = frozenset(r.id for r in RULES.values() if r.severity == "block")


def rules_markdown() -> str:
    """The page ``docs/rules.md``: every rule with its severity, sentence and remedy in both languages."""
    titles = {"block": "Bloque / Blocks", "warn": "Avertit / Warns", "note": "Informe / Tells"}
    lines = ["# Règles du 5W / Rules of the 5W", "", f"Version {RULES_VERSION}.", ""]
    for severity, title in titles.items():
        lines += [f"## {title}", "", "| Id | Français | English |", "|---|---|---|"]
        lines += [
            f"| `{r.id}` | {r.fr} {r.remedy_fr} | {r.en} {r.remedy_en} |".replace("  ", " ")
            for r in RULES.values()
            if r.severity == severity
        ]
        lines.append("")
    return "\n".join(lines)
