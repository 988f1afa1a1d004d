"""What the registers of the cluster may say, checked at every door. Writes nothing.

Codes are of their list, an end comes after its start, and no text names a person: functions and organisations only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from danbe.reference.codelists import codelist
from danbe.reference.personal import detect
from danbe.reference.text import clean
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when told."""
    return message


LISTS: dict[str, tuple[str, bool]] = {
    "status": ("member_status", False), "aors": ("aor", True), "aor": ("aor", False), "kind": ("body_kind", False),
    "lead": ("lead_kind", False), "visible_to": ("visible_to", False), "stage": ("legal_status", False),
}  # fmt: skip
"""Field → its code list, and whether it may hold several codes, parted by spaces."""
DATES = ("valid_from", "valid_until", "held_on", "deadline", "closed_on")
FLAGS = ("local", "public")
PLAIN = ("email", "phone", "code", "instrument", "source", "reached_on")
"""Texts in which no person is looked for: addresses of functions, codes, references."""
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
_PARTLY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_FUNCTIONAL = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)

FAULTS = {
    "missing": _("À remplir."),
    "code": _("«%(value)s» n’est pas dans la liste : %(known)s."),
    "date": _("«%(value)s» n’est pas une date : écrivez 2025-03-31."),
    "flag": _("«%(value)s» : écrivez oui ou non."),
    "long": _("Trop long : %(length)s signes au plus."),
    "person": _("Ce texte semble nommer une personne : écrivez la fonction, jamais le nom."),
    "slug": _("«%(value)s» : des lettres, des chiffres et des tirets seulement."),
    "partly": _("«%(value)s» n’est pas une date : écrivez une année, un mois ou un jour (2012, 2012-11, 2010-06-16)."),
    "email": _("«%(value)s» n’est pas une adresse électronique."),
    "ends": _("La fin précède le début."),
    "unreachable": _("Donnez une adresse ou un téléphone de service."),
}


class ClusterRefused(ValueError):
    """What was written cannot be taken; ``faults`` are (field, why, values)."""

    def __init__(self, faults: list[tuple[str, str, dict[str, str]]]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{field}: {text}" for field, text in self.texts("fr")))

    def texts(self, language: str) -> Iterator[tuple[str, str]]:
        """Each field with what is wrong and what to do."""
        gettext = translator(language)
        for field, why, values in self.faults:
            yield field, gettext(FAULTS[why]) % values


def checked(
    said: Mapping[str, Any], required: Iterable[str], lengths: Mapping[str, int], known: frozenset[str]
) -> dict[str, Any]:
    """The fields as they are kept; ``known``: names of organisations. Raises ``ClusterRefused`` with every fault."""
    kept: dict[str, Any] = {}
    faults: list[tuple[str, str, dict[str, str]]] = []
    for field, value in said.items():
        try:
            kept[field] = _value(field, value)
        except _Wrong as wrong:
            faults.append((field, wrong.why, {"value": clean(value)[:60], **wrong.values}))
            continue
        text = kept[field]
        if not isinstance(text, str) or not text:
            continue
        if len(text) > lengths.get(field, len(text)):
            faults.append((field, "long", {"length": str(lengths[field])}))
        if (
            field not in PLAIN
            and field not in LISTS
            and any(f.kind == "name" and f.certain for f in detect(text, known))
        ):
            faults.append((field, "person", {}))
    wrong_already = {field for field, _why, _values in faults}
    faults += [(f, "missing", {}) for f in required if kept.get(f) in (None, "") and f not in wrong_already]
    start, end = kept.get("valid_from"), kept.get("valid_until")
    if start and end and end < start:
        faults.append(("valid_until", "ends", {}))
    if faults:
        raise ClusterRefused(faults)
    return kept


class _Wrong(ValueError):
    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


def _value(field: str, value: Any) -> Any:
    if field in LISTS:
        return _codes(*LISTS[field], value)
    if field in FLAGS:
        return _flag(value)
    if field in DATES:
        return _date(value)
    # Markdown keeps its lines.
    text = str(value or "").replace("\r\n", "\n").strip() if field in ("agenda", "minutes") else clean(value or "")
    if text and field in ("code", "instrument") and not _SLUG.fullmatch(text):
        raise _Wrong("slug")
    if text and field == "reached_on" and not _PARTLY.fullmatch(text):
        raise _Wrong("partly")
    if text and field == "email" and not _FUNCTIONAL.fullmatch(text):
        raise _Wrong("email")
    return text


def _codes(name: str, several: bool, value: Any) -> str:
    known = codelist(name)
    parts = list(value) if isinstance(value, (list, tuple)) else [clean(value or "")]
    if several and len(parts) == 1 and known.find(parts[0]) is None:
        parts = re.split(r"[;,\s]+" if ";" not in parts[0] else r"\s*;\s*", parts[0])
    found = [known.find(p) for p in parts if p]
    if None in found:
        raise _Wrong("code", known=", ".join(i.code for i in known.items))
    return " ".join(i.code for i in known.items if i.code in found)


def _flag(value: Any) -> bool | None:
    if value in (None, "") or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    said = {"oui": True, "yes": True, "1": True, "on": True, "non": False, "no": False, "0": False}
    if (text := clean(value).lower()) not in said:
        raise _Wrong("flag")
    return said[text]


def _date(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if hasattr(value, "date") and callable(value.date):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(clean(value))
    except ValueError:
        raise _Wrong("date") from None
