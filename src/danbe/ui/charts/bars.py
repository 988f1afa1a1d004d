"""Horizontal bars, one for each label; and the pyramid of sex and age with what was not specified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from danbe.reference.words import translator
from danbe.ui import Protected
from danbe.ui.charts.svg import SMALL, SOFT, TEXT, Drawing, number, pair, percent, text_width, wrap
from danbe.ui.tokens import COLOURS

FEMALE, MALE, UNKNOWN = "#882255", "#247f85", COLOURS["line-strong"]
_AGES = (("60", "60 ans et plus"), ("18_59", "18-59 ans"), ("0_17", "0-17 ans"), ("INC", "âge non précisé"))


def _(message: str) -> str:
    """Marks a French source string; it is translated when drawn."""
    return message


def word(value: Any, language: str) -> str:
    """What stands in place of a bar: the number, «n.d.» or «protégé»."""
    return translator(language)(_("protégé")) if isinstance(value, Protected) else number(value, language)


def bars(
    rows: Sequence[Mapping[str, Any]],
    title: str,
    unit: str = "",
    language: str = "fr",
    width: float = 360,
    colour: str = "",
) -> str:
    """One bar a row, in the order given. ``rows``: {label, value, colour?}. The label stands above its bar."""
    known = [float(r["value"]) for r in rows if isinstance(r["value"], (int, float))]
    high = max(known, default=0) or 1
    text = "; ".join(pair(r["label"], word(r["value"], language), language) for r in rows[:12])
    drawing = Drawing(width, title, f"{unit}. {text}" if unit else text, language)
    room = width - max((text_width(word(r["value"], language), bold=True) for r in rows), default=0) - 16
    y = 4.0
    for row in rows:
        for line in wrap(str(row["label"]), width, TEXT, 2):
            y += 14
            drawing.text(0, y, line)
        y += 5
        value = row["value"]
        long = float(value) / high * room if isinstance(value, (int, float)) else 0
        drawing.rect(0, y, max(long, 1 if value == 0 else long), 13, row.get("colour") or colour or COLOURS["teal"])
        drawing.text(long + 6 if isinstance(value, (int, float)) else 0, y + 11, word(value, language), bold=long > 0,
                     fill="" if isinstance(value, (int, float)) else SOFT)  # fmt: skip
        y += 19
    drawing.height = y + 2
    return drawing.svg()


def pyramid(rows: Sequence[Mapping[str, Any]], title: str, language: str = "fr", width: float = 360) -> str:
    """Female to the start, male to the end, oldest on top; below, what has no sex stated.

    ``rows``: {sex_age: a code of the list ``sex_age``, value}. The age bands without any row are left out; the share of
    each cell is that of all the persons known, the unspecified included (field brief §0: totals must close).
    """
    gettext = translator(language)
    values = {r["sex_age"]: r["value"] for r in rows}
    total = sum(v for v in values.values() if isinstance(v, (int, float)))
    high = max((v for c, v in values.items() if isinstance(v, (int, float)) and c != "INC"), default=0) or 1
    bands = [
        (a, gettext(label))
        for a, label in _AGES
        if values.get(f"F_{a}") is not None or values.get(f"M_{a}") is not None
    ]

    def described(value: Any) -> str:
        share = f" ({percent(value / total, language)})" if isinstance(value, (int, float)) and total else ""
        return word(value, language) + share

    sides = ((_("Femmes et filles"), "F", FEMALE), (_("Hommes et garçons"), "M", MALE))
    spoken = [
        pair(f"{gettext(s)}, {label}", described(values.get(f"{code}_{a}")), language)
        for a, label in bands
        for s, code, _c in sides
    ]
    spoken.append(pair(gettext(_("Sexe non précisé")), described(values.get("INC", 0)), language))
    drawing = Drawing(width, title, "; ".join(spoken), language)
    middle = width / 2
    drawing.text(middle - 8, 13, gettext(sides[0][0]), TEXT, "end", bold=True, fill=FEMALE)
    drawing.text(middle + 8, 13, gettext(sides[1][0]), TEXT, bold=True, fill="#0b4f56")
    y, room = 20.0, middle - 4
    for age, label in bands:
        drawing.text(middle, y + 13, label, SMALL, "middle", fill=SOFT)
        y += 18
        for _side, sex, colour in sides:
            value = values.get(f"{sex}_{age}")
            long = float(value) / high * room if isinstance(value, (int, float)) else 0.0
            female = sex == "F"
            drawing.rect(middle - 2 - long if female else middle + 2, y, long, 18, colour)
            text = described(value)
            inside = long > text_width(text, SMALL, True) + 10
            at = (
                (middle - 8 if inside else middle - 6 - long)
                if female
                else (middle + 8 if inside else middle + 6 + long)
            )
            drawing.text(
                at, y + 13, text, SMALL, "end" if female else "", bold=inside, fill=COLOURS["paper"] if inside else ""
            )
        y += 22
    unknown = values.get("INC", 0)
    y += 14
    drawing.text(
        middle,
        y,
        pair(gettext(_("Sexe non précisé")), described(unknown), language),
        SMALL,
        "middle",
    )
    y += 6
    long = float(unknown) / high * room if isinstance(unknown, (int, float)) else 0.0
    drawing.rect(max(0, middle - long / 2), y, min(width, long), 8, UNKNOWN)
    drawing.height = y + 12
    return drawing.svg()


AGE_WORDS = (_("60 ans et plus"), _("18-59 ans"), _("0-17 ans"), _("âge non précisé"))
