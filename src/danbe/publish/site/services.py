"""«Trouver un service»: for a need and a place, what exists there, then nearby, with hours, cost, conditions, a number to call.

Plain pages, one for each need and region; a service worker keeps them for when there is no network. A safe space is told by its
cercle and its telephone only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from danbe.publish.pathways import sheet_name
from danbe.publish.release import Release, Row
from danbe.publish.site.addresses import Page, region_slug
from danbe.publish.site.figures import Scope
from danbe.reference.codelists import codelist
from danbe.reference.geography.distance import kilometres
from danbe.reference.services import HIDDEN_DAYS, NEEDS, codes, is_safe
from danbe.reference.text import slug
from danbe.reference.words import LANGUAGES

FOLDER = "services"
FARTHER = 5
"""How many services outside a cercle are named for it, the nearest first."""
WHOLE = 8
"""How many services of a cercle are told in full; the others in one line each."""
PREFIX = "need-"


def need_of(page: Page) -> str:
    """The need a page is about; '' for a page of another kind."""
    return page.key.removeprefix(PREFIX) if page.key.startswith(PREFIX) else ""


def service_pages(release: Release) -> list[Page]:
    """The pages of needs and of needs in a region, in both languages; none when the release holds no service."""
    if not release.register("services"):
        return []
    found = []
    for language in LANGUAGES:
        for need in NEEDS:
            stem = f"{language}/{FOLDER}/{slug(codelist('protection_need').label(need, language))}"
            found.append(Page(PREFIX + need, language, f"{stem}.html"))
            found += [
                Page(PREFIX + need, language, f"{stem}-{region_slug(release, r['place_id'])}.html", r["place_id"])
                for r in release.regions
            ]
    return found


def context(scope: Scope, page: Page, all_pages: list[Page]) -> dict[str, Any]:
    """What the page of a choice (need, place) or of a need in a region shows."""
    need = need_of(page)
    mine = {(p.key, p.place): page.to(p.path) for p in all_pages if p.language == page.language}
    needs = [
        {"code": i.code, "label": i.label(scope.language), "href": mine[PREFIX + i.code, page.place]}
        for i in codelist("protection_need").items
    ]
    regions = [
        {**r, "href": mine.get((page.key, r["place_id"]), ""), "cercles": _cercles(scope.release, r["place_id"])}
        for r in scope.release.regions
    ]
    shared = {"needs": needs, "regions": regions, "need": need, "home": mine["services", ""], "agent": page.to(
        f"{page.language}/{FOLDER}/agent.js"), "together": []}  # fmt: skip
    if not need:
        return shared
    shared["need_label"] = codelist("protection_need").label(need, scope.language)
    if not page.place:
        counts = _counts(scope.release, need)
        return shared | {"counts": counts}
    return shared | {
        "cercles": [_cercle(scope, c, need) for c in _cercles(scope.release, page.place)],
        "region_wide": [
            _card(scope, s) for s in _of(scope.release, need) if s["region"] == page.place and not s["cercle"]
        ],
        "pathways": _pathways(scope, need, page),
        "together": [mine[PREFIX + n, page.place] for n in NEEDS] + [mine[PREFIX + n, ""] for n in NEEDS],
    }


def _cercles(release: Release, region: str) -> list[Row]:
    return sorted(({**c, "anchor": slug(c["name"])} for c in release.cercles(region)), key=lambda c: c["name"])


def _of(release: Release, need: str) -> list[Row]:
    """The services that answer a need, those to go to first before others."""
    wanted = NEEDS[need]
    rank = {code: i for i, code in enumerate(wanted)}
    found = [s for s in release.register("services") if set(codes(s["categories"])) & set(wanted)]
    return sorted(found, key=lambda s: (min(rank.get(c, 99) for c in codes(s["categories"])), s["name"]))


def _counts(release: Release, need: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for service in _of(release, need):
        counts[service["region"]] = counts.get(service["region"], 0) + 1
    return counts


def _cercle(scope: Scope, cercle: Row, need: str) -> dict[str, Any]:
    """What is in the cercle, and the nearest elsewhere by the distance of reference points."""
    services = _of(scope.release, need)
    here = [s for s in services if s["cercle"] == cercle["place_id"]]
    away = []
    for service in services:
        place = scope.release.register_places.get(service["place"])
        if service["cercle"] == cercle["place_id"] or not place or not _located(place) or not _located(cercle):
            continue
        far = kilometres(cercle["longitude"], cercle["latitude"], place["longitude"], place["latitude"])
        away.append((far, service))
    away.sort(key=lambda f: (f[0], f[1]["name"]))
    return {
        "id": cercle["anchor"],
        "name": cercle["name"],
        "here": [_card(scope, s) for s in here[:WHOLE]],
        "more": [_card(scope, s) for s in here[WHOLE:]],
        "away": [_card(scope, s) | {"km": max(5, round(far / 5) * 5)} for far, s in away[:FARTHER]],
    }


def _located(place: Row) -> bool:
    return place.get("longitude") is not None and place.get("latitude") is not None


def _last_day(verified_on: date) -> str:
    return (verified_on + timedelta(days=HIDDEN_DAYS)).isoformat()


def _card(scope: Scope, service: Row) -> dict[str, Any]:
    """A service in words."""
    language = scope.language
    place = scope.release.register_places.get(service["place"], {})
    cercle = scope.release.register_places.get(service["cercle"] or "", {})
    organisation = scope.release.organisations.get(service["organisation_id"] or "")
    where = [place.get("name", "")]
    if cercle and cercle.get("place_id") != place.get("place_id"):
        where.append(cercle["name"])
    phone = service["public_phone"] or ""
    return {
        "name": service["name"],
        "organisation": (organisation["acronym"] or organisation["name"]) if organisation else "",
        "categories": _labels("service_category", service["categories"], language),
        "where": ", ".join(w for w in where if w),
        "safe": is_safe(service["categories"]),
        "address": service["address"] or "",
        "groups": _labels("service_group", service["groups"], language),
        "ages": _ages(scope, service),
        "days": _labels("weekday", service["days"], language),
        "hours": scope._("jour et nuit") if service["always_open"] else service["hours"] or "",
        "cost": _labels("service_cost", service["cost"], language),
        "languages": _labels("service_language", service["languages"], language),
        "access": _labels("service_access", service["disability_access"], language),
        "conditions": service["conditions"] or "",
        "rape_care": service["rape_care_72h"] is True,
        "phone": phone,
        "dial": "".join(c for c in phone if c.isdigit() or c == "+"),
        "verified_on": service["verified_on"],
        "last_day": _last_day(service["verified_on"]),
        "source": service["source"] or "",
    }


def _labels(name: str, value: str | None, language: str) -> str:
    return ", ".join(codelist(name).label(c, language) for c in codes(value))


def _ages(scope: Scope, service: Row) -> str:
    low, high = service["age_min"], service["age_max"]
    if low is None and high is None:
        return ""
    if high is None:
        return scope._("à partir de %(low)s ans") % {"low": low}
    if not low:
        return scope._("jusqu’à %(high)s ans") % {"high": high}
    return scope._("de %(low)s à %(high)s ans") % {"low": low, "high": high}


def pathways_of(release: Release) -> dict[str, list[Row]]:
    """The steps of each pathway, in order, by the pathway's id."""
    found: dict[str, list[Row]] = {}
    for row in sorted(release.register("referral_pathways"), key=lambda r: (r["pathway_id"], r["step"])):
        found.setdefault(row["pathway_id"], []).append(row)
    return found


def _pathways(scope: Scope, need: str, page: Page) -> list[dict[str, Any]]:
    """The pathways of a need that hold in a region: the region's own, then those of its cercles."""
    found = []
    for steps in pathways_of(scope.release).values():
        first = steps[0]
        if first["need"] != need or first["region"] != page.place:
            continue
        found.append(
            {
                "zone": scope.release.register_places[first["place"]]["name"],
                "level": first["cercle"] or "",
                "verified_on": first["verified_on"],
                "last_day": _last_day(first["verified_on"]),
                "steps": [step_in_words(scope, s) for s in steps],
                "pdf": page.to(f"{page.language}/{FOLDER}/{sheet_name(first)}"),
            }
        )
    return sorted(found, key=lambda p: (p["level"], p["zone"]))


def step_in_words(scope: Scope, step: Row) -> dict[str, Any]:
    """One step: what to do, within how long, with which service; a service that is hidden is not named."""
    services = {s["service_id"]: s for s in scope.release.register("services")}
    service = services.get(step["service_id"] or "")
    return {
        "number": step["step"],
        "what": step["what_en"] if scope.language == "en" and step["what_en"] else step["what_fr"],
        "category": _labels("service_category", step["category"], scope.language),
        "delay": scope._("dans les %(hours)s heures") % {"hours": step["delay_hours"]} if step["delay_hours"] else "",
        "service": _card(scope, service) if service else None,
    }


def write_agents(out: Path, release: Release, all_pages: list[Page], assets: list[str]) -> None:
    """The service worker of each language: it keeps the choices at once, and a region's pages when one of them is opened."""
    source = (Path(__file__).parent / "agent.js").read_text("utf-8")
    for language in LANGUAGES:
        mine = [p for p in all_pages if p.language == language and not p.place and (p.key == "services" or need_of(p))]
        if mine:
            first = [p.path.removeprefix(f"{language}/{FOLDER}/") for p in mine] + [f"../../static/{a}" for a in assets]
            head = f"const VERSION = {json.dumps(f'danbe-{language}-{release.id}')}, FIRST = {json.dumps(sorted(first))};\n"
            (out / language / FOLDER / "agent.js").write_text(head + source, "utf-8")


def sheets(release: Release) -> Iterator[tuple[list[Row], str]]:
    """Each pathway's steps and the name of its printable sheet."""
    for steps in pathways_of(release).values():
        yield steps, sheet_name(steps[0])
