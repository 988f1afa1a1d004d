"""The three shapes of HPC needs files, opened: each row in the words of its file, nothing checked yet. Reads only."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from danbe.reference.text import clean
from danbe.reference.words import translator

_CSV = {"Population": "population", "In Need": "in_need", "Targeted": "targeted", "Affected": "affected", "Reached": "reached"}  # fmt: skip
_HAPI = {"all": "population", "INN": "in_need", "TGT": "targeted", "AFF": "affected", "REA": "reached"}
_JSON = {"totalPopulation": "population", "inNeed": "in_need", "target": "targeted", "affected": "affected", "expectedReach": "reached"}  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")

NO_PLACE = "Lieu inconnu : «%(value)s» n’est pas parmi les lieux du fichier ou de la division."
_HXL = "Ligne d’étiquettes HXL : elle ne porte pas de chiffre."
_MEASURE = "Mesure inconnue : «%(value)s». Connues : all, INN, TGT, AFF, REA."
_PLAN = "Ce plan ne donne aucune personne dans le besoin ; il sert à nommer le plan %(value)s."


class NeedsFileRefused(ValueError):
    """The file as a whole cannot be read: ``fr`` and ``en`` say what is missing and what to do."""

    def __init__(self, message: str, **values: object) -> None:
        self.fr, self.en = (translator(language)(message) % values for language in ("fr", "en"))
        super().__init__(self.fr)


@dataclass(frozen=True, slots=True)
class Plan:
    """A response plan: its number, country (ISO 3) and year."""

    number: str
    country: str
    year: int


@dataclass(frozen=True)
class RawNeed:
    """A row in the words of this file's reader: what is common to the three shapes, nothing checked yet."""

    row: int
    country: str
    year: int
    code: str
    caseload: str
    level: int
    place_code: str
    place_name: str
    category: str
    values: Mapping[str, object]
    wrong: tuple[str, str, str] | None = None


def open_csv(path: Path, country: str, year: int) -> tuple[str, Iterator[RawNeed]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    header = [clean(h) for h in rows[0]] if rows else []
    year = year or _year_in(path.name)
    if {"Cluster", "Category", "In Need"} <= set(header):
        if "Country ISO3" not in header and not (country := country or _country_in(path.name)):
            raise NeedsFileRefused(
                "%(name)s : quel pays ? Donnez --country (code ISO à trois lettres).", name=path.name
            )
        return "hpc-csv", _hpc_rows(rows, header, country, year or _refuse_year(path.name))
    if {"sector_code", "population_status", "population"} <= set(header):
        return "hapi-csv", _hapi_rows(rows, header)
    raise NeedsFileRefused(
        "%(name)s : ni un CSV de besoins HPC (colonnes Cluster, Category, In Need), ni un CSV HAPI "
        "(sector_code, population_status, population).", name=path.name,
    )  # fmt: skip


def _records(rows: list[list[str]], header: list[str]) -> Iterator[tuple[int, dict[str, str], bool]]:
    """(row number, values by header, whether it is a row of HXL tags); empty rows are none."""
    for number, row in enumerate(rows[1:], start=2):
        values = [clean(v) for v in row]
        if any(values):
            yield number, dict(zip(header, values, strict=False)), all(v.startswith("#") for v in values if v)


def _hpc_rows(rows: list[list[str]], header: list[str], country: str, year: int) -> Iterator[RawNeed]:
    for number, r, hxl in _records(rows, header):
        level = 2 if r.get("Admin 2 PCode") or r.get("Admin 2 Name") else 1 if r.get("Admin 1 PCode") or r.get("Admin 1 Name") else 0  # fmt: skip
        yield RawNeed(
            number, r.get("Country ISO3") or country, year, r["Cluster"], r.get("Description", ""), level,
            r.get(f"Admin {level} PCode", ""), r.get(f"Admin {level} Name", ""), r["Category"],
            {m: r.get(c, "") for c, m in _CSV.items()}, ("", _HXL, "") if hxl else None,
        )  # fmt: skip


def _hapi_rows(rows: list[list[str]], header: list[str]) -> Iterator[RawNeed]:
    for number, r, hxl in _records(rows, header):
        wrong = ("", _HXL, "") if hxl else None
        measure = _HAPI.get(r["population_status"])
        if measure is None and not wrong:
            wrong = ("population_status", _MEASURE, r["population_status"])
        level = int(r["admin_level"]) if r.get("admin_level", "").isdigit() else 0
        code = {"Intersectoral": "ALL", "Multi": "MS"}.get(r["sector_code"], r["sector_code"])
        yield RawNeed(
            number, r["location_code"], _year_in(r.get("reference_period_start", "")), code,
            r["sector_name"] if code else r.get("error", ""), level,
            r.get(f"admin{level}_code", ""), r.get(f"provider_admin{level}_name") or r.get(f"admin{level}_name", ""),
            r["category"], {measure or "": r["population"]}, wrong,
        )  # fmt: skip


def open_json(
    path: Path, country: str, year: int, known: Mapping[str, Plan]
) -> tuple[str, Iterator[RawNeed], list[Plan]]:
    try:
        data = json.loads(path.read_text("utf-8"))["data"]
    except (ValueError, KeyError, TypeError):
        raise NeedsFileRefused(
            "%(name)s : ce n’est pas une réponse de l’API HPC (objet «data»).", name=path.name
        ) from None
    if "plans" in data:
        plans = [Plan(str(p["id"]), p["countries"][0]["iso3"], int(p["startDate"][:4])) for p in data["plans"]]
        nothing = (RawNeed(n, p.country, p.year, "ALL", "", 0, "", "", "", {}, ("caseLoads", _PLAN, p.number)) for n, p in enumerate(plans, 1))  # fmt: skip
        if any(p.get("caseLoads") for p in data["plans"]):
            raise NeedsFileRefused("%(name)s : ce suivi de plans porte des caseloads ; chargez le fichier du plan.", name=path.name)  # fmt: skip
        return "plans-json", nothing, plans
    if "caseloads" not in data or "locations" not in data:
        raise NeedsFileRefused("%(name)s : ni «plans» ni «caseloads» : fichier inconnu.", name=path.name)
    plan = known.get(path.name.split("-")[0])
    country, year = country or (plan.country if plan else ""), year or (plan.year if plan else 0)
    if not country or not year:
        raise NeedsFileRefused("%(name)s : pays et année inconnus. Chargez d’abord le fichier «progress» qui nomme le plan, ou donnez --country et --year.", name=path.name)  # fmt: skip
    return "plan-json", _caseload_rows(data, country, year), []


def _caseload_rows(data: Mapping[str, Any], country: str, year: int) -> Iterator[RawNeed]:
    """A row for each caseload, then one for each of its disaggregated attachments."""
    locations = {loc["id"]: loc for loc in data["locations"]}
    number = 0
    for case in data["caseloads"]:
        code, text = _code_of(case), case["caseloadDescription"]
        number += 1
        yield RawNeed(number, country, year, code, text, 0, "", "", "", {m: case.get(j) for j, m in _JSON.items()})
        for part in case["disaggregatedAttachments"]:
            number += 1
            at = locations.get(part["locationId"])
            wrong = None if at else ("locationId", NO_PLACE, str(part["locationId"]))
            place: tuple[int, str, str] = (int(at["adminLevel"]), at["pcode"], at["name"]) if at else (0, "", "")
            values = {_JSON[m["metricType"]]: m["value"] for m in part["dataMatrix"] if m["metricType"] in _JSON}
            yield RawNeed(number, country, year, code, text, *place, clean(part["categoryLabel"]), values, wrong)


def _code_of(case: Mapping[str, Any]) -> str:
    """The global cluster's code; of the joint Protection caseload, which bears none, PRO (its reference says so)."""
    code = clean(case.get("availableGlobalClusterCode"))
    if code and code != "n/a":
        return code
    if case.get("caseloadType") == "plan":
        return "ALL"
    return "PRO" if str(case.get("caseloadCustomRef", "")).startswith("CLPRO/") else ""


def _year_in(text: str) -> int:
    found = _YEAR.search(text)
    return int(found[1]) if found else 0


def _country_in(name: str) -> str:
    found = re.match(r"([a-z]{3})_", name.lower())
    return found[1].upper() if found and found[1] not in ("hpc", "hdx") else ""


def _refuse_year(name: str) -> int:
    raise NeedsFileRefused("%(name)s : quelle année ? Donnez --year.", name=name)
