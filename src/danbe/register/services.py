"""What a service or a mechanism may say, checked at every door: screens, requests to change, imports. Writes nothing.

Codes are of their list, days and ages make sense, no text names a person or gives a point, a safe space has no address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from danbe.reference.codelists import codelist
from danbe.reference.personal import detect
from danbe.reference.services import codes, is_safe
from danbe.reference.text import clean
from danbe.reference.words import translator


def _(message: str) -> str:
    """Marks a French source string; it is translated when told."""
    return message


LISTS: dict[str, tuple[str, bool]] = {
    "categories": ("service_category", True), "groups": ("service_group", True), "days": ("weekday", True),
    "languages": ("service_language", True), "cost": ("service_cost", False), "disability_access": ("service_access", False),
    "mechanism_type": ("cb_mechanism", False), "training": ("mechanism_training", True),
    "alert_channel": ("alert_channel", False),
}  # fmt: skip
"""Field → its code list, and whether it may hold several codes."""
TEXTS = (
    "name", "address", "hours", "conditions", "confidentiality", "focal_function", "backup_function", "label", "gaps", "what_fr", "what_en",
)  # fmt: skip
"""Free text: no name of a person, no telephone, no point."""
PHONES = ("public_phone", "focal_phone", "backup_phone")
NUMBERS = (
    "age_min", "age_max", "capacity_month", "staff_women", "staff_men", "started_year", "members_women", "members_men",
    "members_young", "members_disability", "members_displaced", "meetings", "alerts_raised", "alerts_acted", "delay_hours",
)  # fmt: skip
FLAGS = ("always_open", "rape_care_72h", "sop_signed", "public")
DATES = ("valid_until", "verified_on", "closed_on", "trained_on")
HIGHEST = 100_000

_SAID = {
    "code": _("«%(value)s» n’est pas dans la liste : %(known)s."),
    "number": _("«%(value)s» n’est pas un nombre entier positif."),
    "date": _("«%(value)s» n’est pas une date : écrivez 2025-03-31."),
    "flag": _("«%(value)s» : écrivez oui ou non."),
    "long": _("Trop long : %(length)s signes au plus."),
    "person": _("Ce texte semble nommer une personne : écrivez la fonction, jamais le nom."),
    "phone_in_text": _(
        "Ce texte contient un numéro de téléphone ou une adresse : mettez-le dans le champ «téléphone»."
    ),
    "coordinates": _("Ce texte contient des coordonnées : retirez-les."),
    "day": _("Ce texte date et situe un événement : retirez le jour ou le lieu."),
    "phone": _("«%(value)s» n’est pas un numéro de téléphone : des chiffres, des espaces, un + au début."),
    "ages": _("L’âge minimal dépasse l’âge maximal."),
    "safe_point": _("Un espace sûr n’a pas de coordonnées ici : effacez-les. Dites le cercle, et un numéro à appeler."),
    "safe_address": _("Un espace sûr n’a pas d’adresse ici : effacez-la. Dites le cercle, et un numéro à appeler."),
    "point": _("Latitude et longitude vont ensemble, en degrés, dans le pays."),
    "missing": _("À remplir."),
    "place": _("Lieu inconnu : choisissez-le dans la liste."),
    "future": _("Cette date n’est pas encore venue."),
    "quarter": _("«%(value)s» n’est pas un trimestre : écrivez 2025-T3."),
    "acted": _("Plus d’alertes suivies que d’alertes remontées."),
}
_KINDS = {
    "name": "person", "phone": "phone_in_text", "email": "phone_in_text", "id_number": "phone_in_text",
    "coordinates": "coordinates", "date_place": "day",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One field that cannot be taken: which, why, and the value that was written."""

    field: str
    why: str
    values: tuple[tuple[str, str], ...] = ()

    def text(self, language: str) -> str:
        return translator(language)(_SAID[self.why]) % dict(self.values)


class FieldsRefused(ValueError):
    """What was written cannot be taken; ``problems`` say which fields and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.text('fr')}" for p in problems))
        self.problems = problems


def checked(said: Mapping[str, Any], lengths: Mapping[str, int], known: frozenset[str]) -> dict[str, Any]:
    """The fields as they are kept. ``lengths``: the longest text of each; ``known``: names of organisations.

    Raises ``FieldsRefused`` with every fault.
    """
    problems: list[Problem] = []
    kept: dict[str, Any] = {}
    for field, value in said.items():
        try:
            kept[field] = _field(field, value)
        except _Wrong as wrong:
            problems.append(Problem(field, wrong.why, (("value", clean(value)[:60]), ("known", wrong.known))))
            continue
        if isinstance(kept[field], str):
            if len(kept[field]) > lengths.get(field, HIGHEST):
                problems.append(Problem(field, "long", (("length", str(lengths[field])),)))
            problems += [Problem(field, why) for why in _persons(field, kept[field], known)]
    problems += _together(kept)
    if problems:
        raise FieldsRefused(problems)
    return kept


def _persons(field: str, text: str, known: frozenset[str]) -> Iterator[str]:
    if field in TEXTS and text:
        yield from dict.fromkeys(_KINDS[f.kind] for f in detect(text, known) if f.certain)


class _Wrong(ValueError):
    def __init__(self, why: str, known: str = "") -> None:
        super().__init__(why)
        self.why, self.known = why, known


def _field(field: str, value: Any) -> Any:
    if field in LISTS:
        name, several = LISTS[field]
        return _codes(name, value, several)
    if field in NUMBERS:
        return _number(value)
    if field in DATES:
        return _date(value)
    if field in FLAGS:
        return _flag(field, value)
    if field in ("longitude", "latitude"):
        return _degrees(value)
    if field in PHONES:
        text = clean(value)
        if text and (sum(c.isdigit() for c in text) < 4 or not set(text) <= set("0123456789+ ()./-;,")):
            raise _Wrong("phone")
        return text
    return clean(value) if isinstance(value, str) or value is None else value


def _codes(name: str, value: Any, several: bool) -> str:
    """Codes from codes or labels, parted by ; or | or new lines; codes alone may be parted by spaces."""
    known = codelist(name)
    parts = list(value) if isinstance(value, (list, tuple)) else [clean(value)]
    found: list[str] = []
    for part in parts:
        if not several or known.find(part):
            pieces = [part]
        else:
            pieces = [p for p in part.replace("|", ";").replace(",", ";").split(";") if p.strip()]
            if len(pieces) == 1 and all(c in known for c in part.split()):
                pieces = part.split()
        for piece in pieces:
            if not piece:
                continue
            code = known.find(piece)
            if code is None:
                raise _Wrong("code", ", ".join(i.code for i in known.items))
            found.append(code)
    return " ".join(i.code for i in known.items if i.code in found)


def _number(value: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        number = float(str(value).replace(" ", "").replace(",", "."))
    except ValueError:
        raise _Wrong("number") from None
    if not 0 <= number <= HIGHEST or number != int(number):
        raise _Wrong("number")
    return int(number)


def _date(value: Any) -> date | None:
    if value in (None, ""):
        return None
    if hasattr(value, "date") and callable(value.date):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise _Wrong("date") from None


def _flag(field: str, value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    text = clean(value).casefold()
    if not text:
        return None if field in ("rape_care_72h", "sop_signed") else field == "public"
    if text in ("oui", "yes", "true", "vrai", "1", "1.0", "on", "x"):
        return True
    if text in ("non", "no", "false", "faux", "0", "0.0", "off"):
        return False
    raise _Wrong("flag")


def _degrees(value: Any) -> float | None:
    if value in (None, ""):
        return None
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        raise _Wrong("point") from None


def _together(kept: Mapping[str, Any]) -> Iterator[Problem]:
    """What no field says alone."""
    low, high = kept.get("age_min"), kept.get("age_max")
    if low is not None and high is not None and low > high:
        yield Problem("age_min", "ages")
    point = [kept.get("longitude"), kept.get("latitude")]
    if is_safe(kept.get("categories")):
        if any(v is not None for v in point):
            yield Problem("longitude", "safe_point")
        if kept.get("address"):
            yield Problem("address", "safe_address")
    elif (point[0] is None) != (point[1] is None) or not _on_earth(*point):
        yield Problem("longitude", "point")
    for field in ("verified_on", "trained_on"):
        if kept.get(field) and kept[field] > timezone.localdate():
            yield Problem(field, "future")
    raised, acted = kept.get("alerts_raised"), kept.get("alerts_acted")
    if acted is not None and acted > (raised or 0):
        yield Problem("alerts_acted", "acted")


def _on_earth(longitude: float | None, latitude: float | None) -> bool:
    return longitude is None or latitude is None or (abs(longitude) <= 180 and abs(latitude) <= 90)


def labels_of(field: str, value: Any, language: str) -> str:
    """A kept field in words: for screens, differences and sheets."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return translator(language)(_("oui") if value else _("non"))
    if field in LISTS:
        known = codelist(LISTS[field][0])
        return ", ".join(known.label(c, language) for c in codes(value))
    return str(value)
