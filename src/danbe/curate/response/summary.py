"""The summary of an import as lines of text: what stands on the first sheet of an annotated workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from danbe.collect.workbooks.table import column_letters
from danbe.curate.response.issues import RULES, Issue, what
from danbe.reference.words import number, translator

MOST_LISTED = 2000
ORDER = {"block": 0, "warn": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its cells, how it looks ('title', 'head', 'text', 'block', 'warn', 'note') and where it leads."""

    cells: tuple[str, ...]
    look: str = "text"
    link: str = ""


def sheet_title(language: str) -> str:
    return translator(language)("Résumé Danbe")


def severity_label(severity: str, language: str) -> str:
    _ = translator(language)
    return {"block": _("Bloque"), "warn": _("Avertit"), "note": _("Informe")}[severity]


def status_header(language: str) -> str:
    """The header of the column that says, row by row, what became of it."""
    return translator(language)("Danbe : contrôle")


def entries(result: dict[str, Any], issues: Sequence[Issue], language: str, shown: int, capped: bool) -> list[Entry]:
    """Title, counts, rules with their remedy, then the issues one by one (the first ``MOST_LISTED``)."""
    _ = translator(language)
    sheet = str(result.get("sheet", ""))
    lines = [Entry((sheet_title(language),), "title"), Entry((_("Feuille «%(sheet)s»") % {"sheet": sheet},))]
    for label, key in (
        (_("Lignes lues"), "rows_read"),
        (_("Lignes acceptées"), "rows_accepted"),
        (_("Lignes bloquées"), "rows_blocked"),
    ):
        lines.append(Entry((label, number(result.get(key, 0), language)), "block" if key == "rows_blocked" else "text"))
    lines.append(Entry((_("Rouge : ligne non entrée. Orange : entrée, à vérifier. Corrigez et renvoyez ce fichier."),)))
    if capped:
        told = _("Beaucoup de remarques : %(shown)s commentaires, les autres cellules sont seulement colorées.")
        lines.append(Entry((told % {"shown": number(shown, language)},)))
    lines.append(Entry(("",)))
    lines.append(Entry((_("Gravité"), _("Règle"), _("Cas"), _("Que faire"), _("Première cellule")), "head"))
    counts = Counter(i.rule for i in issues)
    first: dict[str, Issue] = {}
    for issue in issues:
        first.setdefault(issue.rule, issue)
    for rule in sorted(counts, key=lambda r: (ORDER[RULES[r].severity], -counts[r])):
        issue, severity = first[rule], RULES[rule].severity
        address = cell(issue)
        # What one row says stands below; a rule that a file breaks once is told with its values at once.
        told = what(issue, language) if counts[rule] == 1 or severity == "note" else RULES[rule].title(language)
        texts = (severity_label(severity, language), told, number(counts[rule], language))
        lines.append(Entry((*texts, RULES[rule].remedy(language), address), severity, location(sheet, address)))
    rows = [i for i in issues if i.row is not None and RULES[i.rule].severity != "note"]
    if rows:
        lines.append(Entry(("",)))
        lines.append(Entry((_("Gravité"), _("Remarque"), _("Ligne"), _("Que faire"), _("Cellule")), "head"))
    for issue in sorted(rows, key=lambda i: (ORDER[RULES[i.rule].severity], i.row or 0))[:MOST_LISTED]:
        severity, address = RULES[issue.rule].severity, cell(issue)
        texts = (severity_label(severity, language), what(issue, language), str(issue.row))
        lines.append(Entry((*texts, RULES[issue.rule].remedy(language), address), severity, location(sheet, address)))
    if len(rows) > MOST_LISTED:
        told = _("… et %(rest)s autre(s) : voyez la dernière colonne de la feuille.")
        lines.append(Entry(("", told % {"rest": number(len(rows) - MOST_LISTED, language)})))
    return lines


def lines_of(entry: Entry) -> int:
    """How many lines its longest cell takes in a column of 72 characters."""
    return max((-(-len(text) // 68) for text in entry.cells[1:4:2]), default=1) or 1


def cell(issue: Issue) -> str:
    """«C14», or '' for what concerns the whole file."""
    return f"{column_letters(issue.column_number or 1)}{issue.row}" if issue.row else ""


def location(sheet: str, address: str) -> str:
    """Where a link inside the workbook leads."""
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{address}" if address else ""


def status_text(issues: Sequence[Issue], language: str) -> str:
    """What became of a row, for the last column: blocked or to check, and why."""
    _ = translator(language)
    worst = min((RULES[i.rule].severity for i in issues), key=ORDER.__getitem__)
    told = list(dict.fromkeys(what(i, language) for i in issues if RULES[i.rule].severity != "note"))
    if not told:
        return ""
    head = _("BLOQUÉE") if worst == "block" else _("À vérifier")
    return f"{head}{_(' : ')}{' '.join(told)}"[:2000]
