"""Organisations and places of a draft that a person should look at: what the file wrote, and what it may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from danbe.curate.actions.response import ImportOptions
from danbe.curate.models import Batch
from danbe.curate.response.checks import OUTSIDE_PARENT
from danbe.curate.response.options import REGISTERABLE
from danbe.reference.geography import CERTAIN
from danbe.register.audit import may
from danbe.register.models import Place, User
from danbe.register.queries.organisations import organisations

SHOWN = 200
# Below this likeness a place is no help to choose among: «Buea» is not «Boura».
ALIKE = 0.65
LEAVE = "-"


@dataclass(frozen=True)
class Choice:
    """Something the words may mean: its code or place id, its name, and how sure (0–1)."""

    value: str
    label: str
    confidence: float


@dataclass(frozen=True)
class Doubt:
    """One spelling of the file. ``kind`` is 'organisation' or 'place'; ``key`` names it in ``ImportOptions``.

    ``chosen`` is what it is taken for now ('' when it blocks its rows, 'new' when it will be registered unverified).
    """

    kind: str
    key: str
    told: str
    rows: int
    choices: tuple[Choice, ...]
    chosen: str = ""
    chosen_name: str = ""
    decided: bool = False
    names: Mapping[str, str] | None = None
    codes: Mapping[str, str] | None = None

    @property
    def settled(self) -> bool:
        """Whether its rows may enter as things stand."""
        return bool(self.chosen)


def doubts(user: User, batch: Batch) -> list[Doubt]:
    """What is unknown or uncertain in a draft, the most rows first; at most ``SHOWN`` of each kind."""
    found = [_organisation(o) for o in batch.result.get("organisations", ()) if _uncertain(o, "code")]
    decided_places = batch.options.get("places", {})
    places = [_place(p, decided_places) for p in batch.result.get("places", ()) if _uncertain(p, "place_id")]
    return found[:SHOWN] + places[:SHOWN]


def unknown_indicators(batch: Batch) -> list[dict[str, Any]]:
    """The wordings of indicators that the results framework does not hold: text, area, rows; the most rows first."""
    return [i for i in batch.result.get("indicators", ()) if not i.get("code")][:SHOWN]


def may_register(user: User) -> bool:
    """Whether the person may register what is unknown as unverified, for all to use."""
    return may(user, "organisations.register")


def _uncertain(item: Mapping[str, Any], name: str) -> bool:
    return not item.get(name) or item.get("confidence", 0) < CERTAIN or item.get("reason") in ("decided", "new")


def _organisation(item: Mapping[str, Any]) -> Doubt:
    choices = [Choice(c["code"], c["name"], c["confidence"]) for c in item.get("candidates", ())]
    if item["code"] and item["code"] not in {c.value for c in choices}:
        choices.insert(0, Choice(item["code"], item["name"] or item["code"], item["confidence"]))
    chosen = item["code"] or ("new" if item["reason"] == "new" else "")
    told = item["spelling"]
    decided = item["reason"] == "decided"
    return Doubt("organisation", told, told, item["rows"], tuple(choices), chosen, item["name"], decided)


def _place(item: Mapping[str, Any], decided: Mapping[str, str]) -> Doubt:
    above = _above([c["place_id"] for c in item.get("candidates", ())] + [item["place_id"]])

    def named(place_id: str, name: str) -> str:
        return above.get(place_id, name)

    choices = [
        Choice(c["place_id"], named(c["place_id"], c["name"]), c["confidence"])
        for c in item.get("candidates", ())
        if c["confidence"] >= ALIKE
    ]
    if item["place_id"] and item["place_id"] not in {c.value for c in choices}:
        choices.insert(0, Choice(item["place_id"], named(item["place_id"], item["name"]), item["confidence"]))
    # A unit that lies outside the one above it is never taken as it stands: its rows are blocked until a person says.
    outside = OUTSIDE_PARENT & set(item.get("problems", ())) and item["reason"] != "decided"
    chosen = "new" if item["reason"] == "new" else "" if outside else item["place_id"]
    return Doubt(
        "place",
        item["key"],
        item["told"],
        item["rows"],
        tuple(choices),
        chosen,
        named(item["place_id"], item["name"]),
        item["key"] in decided,
        item.get("names"),
        item.get("codes"),
    )


def _above(place_ids: list[str]) -> dict[str, str]:
    """{place id: «Djenné (ML0502), Mopti»}."""
    places = Place.objects.filter(place_id__in=[p for p in place_ids if p]).select_related("parent").defer("outline")
    return {
        p.place_id: p.name
        + (f" ({p.code})" if p.code else "")
        + (f", {p.parent.name}" if p.parent and p.level > 1 else "")
        for p in places
    }


def decided(user: User, batch: Batch, found: list[Doubt], posted: Mapping[str, str]) -> ImportOptions:
    """The options with the person's decisions; an administrator's are remembered when the batch is entered.

    Fields: ``d<n>`` is the choice for the n-th doubt ('-' leaves it out), ``o<n>`` a P-code or organisation typed in
    its stead, ``register`` (several) what may be registered unverified. A value that names nothing known is ignored:
    the screen shows the doubt again.
    """
    organisations_said = dict(batch.options.get("organisations", {}))
    places_said = dict(batch.options.get("places", {}))
    for n, doubt in enumerate(found):
        said = organisations_said if doubt.kind == "organisation" else places_said
        value = _typed(user, doubt, posted.get(f"o{n}", "").strip()) or posted.get(f"d{n}", "")
        if value == LEAVE:
            said.pop(doubt.key, None)
        elif value and _known(user, doubt.kind, value):
            said[doubt.key] = value
    register = {k for k in sorted(REGISTERABLE) if posted.get(f"register_{k}")} if may_register(user) else set()
    options = ImportOptions.from_json({**batch.options, "register": frozenset(register)})
    return replace(options, organisations=organisations_said, places=places_said)


def _known(user: User, kind: str, value: str) -> bool:
    if kind == "organisation":
        return organisations(user).filter(code=value, merged_into=None).exists()
    return Place.objects.filter(place_id=value).exists()


def _typed(user: User, doubt: Doubt, text: str) -> str:
    """The code or place id of what was typed: an organisation's name or acronym, a place's P-code."""
    if not text:
        return ""
    if doubt.kind == "organisation":
        from danbe.register.queries.organisations import resolver

        return resolver().resolve(text).code or ""
    place = Place.objects.filter(code__iexact=text, verified=True).order_by("-version").first()
    return place.place_id if place else ""


def organisation_names(user: User) -> list[str]:
    """What the list under the organisation field offers."""
    return [str(o) for o in organisations(user).filter(merged_into=None)]
