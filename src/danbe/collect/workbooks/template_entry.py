"""The entry sheet of the template: headers, HXL row, validations, checks, the rows already filled."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from danbe.collect.workbooks.template_context import TemplateContext
from danbe.collect.workbooks.template_lists import UNCOUNTED, Lists, letter
from danbe.collect.workbooks.template_style import ALERT, ALERT_PAPER, MUTED, NOTE_PAPER, Formats, band_of
from danbe.reference.catalogue import Column
from danbe.reference.codelists import codelist
from danbe.reference.words import month_name, translator

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TITLE_ROW, HINT_ROW, BAND_ROW, HEADER_ROW, TAG_ROW, FIRST_ROW = range(6)
# Drop-downs and checks reach past the rows drawn, for partners with many lines.
LAST_ROW = 5000
# Chosen from a list, yet a name missing from it may be right: a commune of the newer division, a new partner.
_OPEN_LISTS = frozenset({"report_month", "organisation", "implementing_partner", "admin3_name"})


def band_labels(language: str) -> dict[str, str]:
    """The five questions of a 5W, as the bands above the headers ask them."""
    _ = translator(language)
    return {
        "who": _("Qui ?"),
        "what": _("Quoi ?"),
        "when": _("Quand ?"),
        "where": _("Où ?"),
        "whom": _("Pour qui ?"),
        "note": _("Notes"),
    }


class EntrySheet:
    """Writes the entry sheet. Columns, order, kinds, lists, help and checks all come from the dataset's ``asked``."""

    def __init__(self, sheet: Worksheet, context: TemplateContext, lists: Lists, formats: Formats) -> None:
        self.sheet, self.context, self.lists, self.formats = sheet, context, lists, formats
        self.columns = context.dataset.asked
        self.index = {c.name: n for n, c in enumerate(self.columns)}
        self.check = len(self.columns)
        self._ = translator(context.language)
        # Filled in by themselves as soon as a line is begun.
        self.automatic = {
            name: value
            for name, value in (("report_month", context.month), ("organisation", context.organisation))
            if name in self.index
        }

    def write(self) -> None:
        self._headings()
        for column in self.columns:
            self._column(column)
        self._checks()
        self._rows()
        self._protect()

    def cell(self, name: str, row: int = FIRST_ROW) -> str:
        """The reference of a column in a row, the column fixed: ``$C6``."""
        return f"${letter(self.index[name])}{row + 1}"

    def _headings(self) -> None:
        sheet, context, formats, _ = self.sheet, self.context, self.formats, self._
        cluster = _("5W · Cluster Protection · %(month)s · %(organisation)s") % {
            "month": month_name(context.month, context.language),
            "organisation": context.organisation,
        }
        hint = _(
            "Une ligne par activité, commune et groupe de population. Titres foncés : obligatoires. "
            "Les listes se remplissent de gauche à droite. Une cellule rouge est à corriger."
        )
        for n in range(self.check + 1):
            sheet.write_blank(TITLE_ROW, n, None, formats.title())
            sheet.write_blank(HINT_ROW, n, None, formats.hint(alert=bool(context.notice)))
        sheet.write_string(TITLE_ROW, 0, cluster, formats.title())
        told = f"{context.notice}  {hint}" if context.notice else hint
        sheet.write_string(HINT_ROW, 0, told, formats.hint(alert=bool(context.notice)))
        labels = band_labels(context.language)
        for band, group in groupby(range(len(self.columns)), key=lambda n: band_of(self.columns[n].hxl)):
            for place, n in enumerate(group):
                sheet.write_string(BAND_ROW, n, "" if place else labels[band], formats.band(band))
        # No header and no tag above the check: it is for the eye, and a reader of the file passes it by.
        sheet.write_string(BAND_ROW, self.check, _("Contrôle"), formats.band("note"))
        for row, looks in ((HEADER_ROW, formats.header("note", required=False)), (TAG_ROW, formats.tag())):
            sheet.write_blank(row, self.check, None, looks)
        for row, height in ((TITLE_ROW, 26), (HINT_ROW, 18), (BAND_ROW, 18), (HEADER_ROW, 58), (TAG_ROW, 11)):
            sheet.set_row(row, height)

    def _column(self, column: Column) -> None:
        n, language, formats = self.index[column.name], self.context.language, self.formats
        self.sheet.set_column(n, n, self._width(column), formats.entry(column.kind))
        label = column.label(language)
        self.sheet.write_string(HEADER_ROW, n, label, formats.header(band_of(column.hxl), required=column.required))
        self.sheet.write_string(TAG_ROW, n, column.hxl, formats.tag())
        if column.help(language):
            self.sheet.write_comment(
                HEADER_ROW,
                n,
                column.help(language),
                {"author": "Danbe", "x_scale": 1.6, "font_size": 9, "visible": False},
            )
        self.sheet.data_validation(FIRST_ROW, n, LAST_ROW, n, self._validation(column))

    def _width(self, column: Column) -> float:
        if column.is_number:
            return 11
        if column.name in ("activity", "indicator"):
            return 44
        if column.codelist:
            longest = max(len(i.label(self.context.language)) for i in codelist(column.codelist).items)
            return min(34, max(13, longest * 0.95))
        return {"date": 12, "month": 12}.get(column.kind, 30 if column.name == "comment" else 18)

    def _validation(self, column: Column) -> dict[str, Any]:
        _ = self._
        lines = [column.help(self.context.language)]
        if column.required:
            lines.insert(0, _("Obligatoire."))
        rule: dict[str, Any] = {"validate": "any"}
        if column.name in self.lists:
            cells = {name: self.cell(name) for name in self.index}
            rule = {
                "validate": "list",
                "source": self.lists.source(column.name, cells),
                "error_type": "warning" if column.name in _OPEN_LISTS else "stop",
                "error_message": _("Cette valeur n’est pas dans la liste. Choisissez-la avec la flèche."),
            }
            lines.append(_("Choisir dans la liste."))
        elif column.kind == "integer":
            rule = {"validate": "integer", "criteria": ">=", "value": 0}
            rule["error_message"] = _("Un nombre entier, 0 ou plus, sans texte ni décimale.")
        elif column.kind == "decimal":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0}
            rule["error_message"] = _("Un montant, 0 ou plus, sans texte.")
        elif column.kind == "date":
            rule = {
                "validate": "date",
                "criteria": "between",
                "minimum": date(2012, 1, 1),
                "maximum": date(2050, 12, 31),
            }
            rule["error_message"] = _("Une date, par exemple 2025-03-15.")
        if message := " ".join(line for line in lines if line):
            # Excel refuses a longer title or message.
            rule |= {"input_title": column.label(self.context.language)[:32], "input_message": message[:255]}
        if "error_message" in rule:
            rule["error_title"] = column.label(self.context.language)[:32]
        return rule

    def _checks(self) -> None:
        sheet, formats = self.sheet, self.formats
        sheet.set_column(self.check, self.check, 24, formats(font_color=MUTED, bg_color=NOTE_PAPER, font_size=9))
        red = formats(font_color=ALERT, bg_color=ALERT_PAPER, bold=True)
        for whole, parts in self._sums():
            if not parts:
                continue
            wrong = f"=AND(COUNT({parts})>0,SUM({parts})<>{self.cell(whole)})"
            for n in (self.index[whole], self.check):
                sheet.conditional_format(
                    FIRST_ROW, n, LAST_ROW, n, {"type": "formula", "criteria": wrong, "format": red}
                )
        if {"site", "aor"} <= set(self.index):
            gbv = codelist("aor").label("SCVBG", self.context.language)
            named = f'=AND({self.cell("aor")}="{gbv}",{self.cell("site")}<>"")'
            n = self.index["site"]
            sheet.conditional_format(FIRST_ROW, n, LAST_ROW, n, {"type": "formula", "criteria": named, "format": red})

    def _sums(self, row: int = FIRST_ROW) -> list[tuple[str, str]]:
        """Each count asked whose parts are asked too: its name, and the references of the parts in ``row``."""
        found = []
        for column in self.columns:
            facets = [c for c in self.columns if c.facet_of == column.name and ("age", "*") not in c.facet]
            # Parts by sex and age are one division of the total, parts by group another; only whole ones are summed.
            by_kind: dict[tuple[str, ...], list[str]] = {}
            for c in facets:
                by_kind.setdefault(tuple(name for name, _ in c.facet), []).append(self.cell(c.name, row))
            found += [(column.name, ",".join(cells)) for cells in by_kind.values()]
        return found

    def _check_formula(self, row: int) -> str:
        """The remark of the check column: empty where all is well."""
        _ = self._
        parts = []
        for whole, cells in self._sums(row):
            total = self.cell(whole, row)
            uncounted = self._uncounted(row)
            gap = _("écart sexe et âge : ")
            missing = _("sexe et âge à préciser")
            parts.append(
                f'IF(COUNT({cells})=0,IF(AND(N({total})>0,{uncounted}=0),"{missing}",""),'
                f'IF(SUM({cells})=N({total}),"✓","{gap}"&TEXT(SUM({cells})-N({total}),"+0;-0")))'
            )
        return "=" + ("&".join(parts) or '""')

    def _uncounted(self, row: int) -> str:
        """1 or more where the row's indicator counts something else than persons."""
        if "indicator" not in self.index:
            return "0"
        return f"COUNTIF({self.lists.source(UNCOUNTED, {})[1:]},{self.cell('indicator', row)})"

    def _rows(self) -> None:
        first_typed = letter(min((n for c, n in self.index.items() if c not in self.automatic), default=0))
        last_typed = letter(len(self.columns) - 1)
        quiet = self.formats(font_color=MUTED, bg_color=NOTE_PAPER, font_size=9, align="left")
        for offset in range(len(self.context.rows) + self.context.empty_rows):
            row = FIRST_ROW + offset
            given = self.context.rows[offset] if offset < len(self.context.rows) else None
            for name, value in self.automatic.items():
                n = self.index[name]
                if given is None:
                    begun = f'=IF(COUNTA(${first_typed}{row + 1}:${last_typed}{row + 1})=0,"","{value}")'
                    self.sheet.write_formula(row, n, begun, self.formats.entry("text"), "")
                else:
                    self._value(row, self.context.dataset[name], given.get(name, value))
            if given is not None:
                for column in self.columns:
                    if column.name not in self.automatic:
                        self._value(row, column, given.get(column.name))
            self.sheet.write_formula(row, self.check, self._check_formula(row), quiet, "")

    def _value(self, row: int, column: Column, value: object) -> None:
        n, looks = self.index[column.name], self.formats.entry(column.kind)
        if value is None or value == "":
            return
        if column.kind == "date" and isinstance(value, str):
            # What is no date is written as the text it is, for the importer to judge.
            with suppress(ValueError):
                value = date.fromisoformat(value)
        if isinstance(value, bool):
            self.sheet.write_boolean(row, n, value, looks)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, n, value, looks)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, n, value, looks)
        else:
            self.sheet.write_string(row, n, str(value), looks)

    def _protect(self) -> None:
        sheet = self.sheet
        sheet.freeze_panes(FIRST_ROW, min(2, len(self.columns)))
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(2, 0)
        sheet.repeat_rows(BAND_ROW, HEADER_ROW)
        sheet.set_default_row(18)
        sheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "sort": True,
                "autofilter": True,
                "insert_rows": True,
                "delete_rows": True,
            },
        )
