"""Fields of a dataset as a form: one list serves screens and doors; places are said by name, as in a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from danbe.reference.catalogue.column import Dataset
from danbe.reference.codelists import codelist
from danbe.reference.services import codes
from danbe.register.models import Organisation, Place
from danbe.register.queries.geography import matcher
from danbe.register.services import DATES, FLAGS, LISTS, NUMBERS, FieldsRefused, Problem
from danbe.web.language import _, current


def form(dataset: Dataset, names: Sequence[str], held: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the template draws: name, label, help, kind, value, and the options of a list."""
    found = []
    for name in names:
        column = dataset[name]
        value = held.get(name)
        item: dict[str, Any] = {"name": name, "label": column.label(current()), "help": column.help(current()), "kind": "text",
                                "value": "" if value is None else value}  # fmt: skip
        if name in LISTS:
            known, several = LISTS[name]
            chosen = list(value) if isinstance(value, list) else codes(value)
            item |= {
                "kind": "several" if several else "one",
                "options": [(i.code, i.label(current()), i.code in chosen) for i in codelist(known).items],
            }
        elif name in FLAGS:
            item["kind"] = "flag"
        elif name in DATES:
            item |= {"kind": "date", "value": value.isoformat() if isinstance(value, date) else value or ""}
        elif name in NUMBERS:
            item["kind"] = "number"
        found.append(item)
    return found


def said(post: QueryDict, names: Sequence[str]) -> dict[str, Any]:
    """What a form was filled with; a list of several codes whole."""
    return {n: post.getlist(n) if n in LISTS and LISTS[n][1] else post.get(n, "") for n in names}


def place_of(post: QueryDict) -> Place | None:
    """The place named by region, cercle and commune; ``None`` where none is named. Raises ``FieldsRefused``."""
    levels = {1: "region", 2: "cercle", 3: "commune"}
    names = {n: text for n, level in levels.items() if (text := post.get(level, "").strip())}
    if not names:
        return None
    match = matcher().match(names, {})
    if match.unit is None or match.unit.level < max(names) or not match.is_certain:
        raise FieldsRefused([Problem("place", "place")])
    return Place.objects.get(place_id=match.unit.id)


def organisation_of(post: QueryDict) -> Organisation | None:
    code = post.get("organisation", "")
    return Organisation.objects.filter(code=code, merged_into=None).first() if code else None


def tell(request: HttpRequest, dataset: Dataset, refused: FieldsRefused) -> None:
    """Each fault as a message beside the form: the field, what is wrong, what to do."""
    for problem in refused.problems:
        label = dataset[problem.field].label(current()) if problem.field in dataset else _("Formulaire")
        messages.error(request, f"{label} : {problem.text(current())}")
