"""Fictional services, pathways and community mechanisms of the demonstration: no telephone rings, no place is exact.

Numbers begin with 00 00, which nobody has. Some services were not verified for long, so that the site shows them gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from danbe.packs.mli.demo.profiles import region_weight
from danbe.reference.geography import Gazetteer, Unit

SERVICES_PER_REGION = 9
MECHANISMS_PER_REGION = 8
# Name, categories, groups, whether it says its hours.
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("Centre de santé de référence", "SAN", "TOUS"),
    ("Centre d’écoute et d’accompagnement", "PSS GC", "FEMMES FILLES"),
    ("Espace des femmes et des filles", "FEM PSS", "FEMMES FILLES"),
    ("Espace ami des enfants", "ENF", "FILLES GARCONS"),
    ("Permanence juridique", "JUR LTP", "TOUS"),
    ("Guichet d’état civil mobile", "DOC", "TOUS"),
    ("Accueil de transit d’enfants", "ALT GC", "FILLES GARCONS"),
    ("Réadaptation et appareillage", "AV", "TOUS"),
    ("Distribution après déplacement", "RRM", "PDI"),
    ("Assistance en espèces", "CASH", "TOUS PSH"),
    ("Maison sûre", "SEC", "FEMMES"),
    ("One Stop Center", "OSC SAN", "FEMMES FILLES"),
)  # fmt: skip
_HOURS = ("8h-16h", "7h30-14h", "8h-12h et 15h-17h", "")
_LANGUAGES = ("FRA BAM", "FRA FUL BAM", "FRA SES TMH", "FRA BAM DTS")
_MECHANISMS = ("CP", "RC", "RECOPE", "CV", "CLR", "COFO", "FEM", "JEU", "CGS")
PATHWAYS: dict[str, tuple[tuple[str, str, str, int | None], ...]] = {
    "VIOL": (
        ("SAN", "Accompagner la personne au centre de santé, si elle le veut", "Go with the person to the health centre, if the person wishes", 72),
        ("GC", "Appeler le gestionnaire de cas : écoute, plan de sécurité", "Call the case worker: listening, safety plan", None),
        ("SEC", "Si elle est en danger : demander un lieu sûr au même numéro", "If in danger: ask the same number for a safe place", None),
        ("JUR", "Si elle le souhaite : conseil juridique gratuit", "If the person wishes: free legal advice", None),
    ),
    "ENFANT": (
        ("GC", "Rester avec l’enfant et appeler le gestionnaire de cas", "Stay with the child and call the case worker", 24),
        ("ALT", "Accueil temporaire et recherche de la famille", "Temporary care and family tracing", None),
        ("ENF", "Inscrire l’enfant à l’espace ami des enfants", "Enrol the child in the child-friendly space", None),
    ),
    "ENGIN": (
        ("SAN", "Soins d’urgence au centre de santé", "Emergency care at the health centre", 6),
        ("AV", "Réadaptation et appareillage", "Rehabilitation and fitting", None),
        ("PSS", "Soutien psychosocial de la personne et de sa famille", "Psychosocial support of the person and the family", None),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoService:
    """A service: what it says, where, whose; ``age`` is the days since it was verified, ``None`` for never."""

    said: Mapping[str, Any]
    place: Unit
    acronym: str
    age: int | None


def demo_services(gazetteer: Gazetteer, acronyms: Sequence[str], seed: int) -> Iterator[DemoService]:
    """The services, region by region; the same seed gives the same ones."""
    random, number = Random(seed), 0  # noqa: S311  a demonstration, no secret
    for region in _regions(gazetteer):
        for kind in random.sample(_KINDS, SERVICES_PER_REGION):
            name, categories, groups = kind
            commune = _commune(gazetteer, region, random)
            number += 1
            safe = {"SEC", "FEM", "ALT"} & set(categories.split())
            always = "SAN" in categories.split()
            said = {
                "name": f"{name} (fictif)", "categories": categories, "groups": groups, "always_open": always,
                "days": "LU MA ME JE VE SA DI" if always else "LU MA ME JE VE", "hours": "" if always else random.choice(_HOURS),
                "cost": "GRATUIT", "languages": random.choice(_LANGUAGES), "disability_access": random.choice(("OUI", "PARTIEL", "NON")),
                "conditions": random.choice(("Sans rendez-vous.", "Appeler avant de venir.", "")),
                "rape_care_72h": random.random() < 0.7 if always else None,
                "address": "" if safe else random.choice(("Près de la mairie", "Route principale", "")),
                "public_phone": f"00 00 {number // 100:02} {number % 100:02}", "focal_function": "Chargé de référencement",
                "focal_phone": f"00 00 90 {number % 100:02}", "capacity_month": random.randint(20, 300),
                "staff_women": random.randint(1, 8), "staff_men": random.randint(1, 6), "sop_signed": random.random() < 0.6,
            }  # fmt: skip
            age = random.choices(
                (random.randint(1, 85), random.randint(95, 170), 181 + random.randint(0, 90), None), (70, 16, 9, 5)
            )[0]
            yield DemoService(said, commune, random.choice(acronyms), age)


@dataclass(frozen=True, slots=True)
class DemoMechanism:
    """A mechanism: what it says, where, who set it up, and its quarters («2025-T3» → meetings, alerts raised, acted on)."""

    said: Mapping[str, Any]
    place: Unit
    acronym: str
    quarters: Mapping[str, tuple[int, int, int]]


def demo_mechanisms(gazetteer: Gazetteer, acronyms: Sequence[str], seed: int, year: int) -> Iterator[DemoMechanism]:
    """The community mechanisms, region by region."""
    random = Random(seed + 1)  # noqa: S311  a demonstration, no secret
    for region in _regions(gazetteer):
        for _ in range(round(MECHANISMS_PER_REGION * min(2.0, 0.5 + region_weight(region.name)))):
            trained = random.sample(("PROT", "VBG", "PE", "ALERTE", "MED", "PEAS"), random.randint(0, 3))
            said = {
                "mechanism_type": random.choice(_MECHANISMS), "started_year": random.randint(2015, year - 1), "training": trained,
                "alert_channel": random.choice(("TEL", "VISITE", "REUNION", "RADIO", "AUCUN")),
                "members_women": random.randint(3, 9), "members_men": random.randint(3, 9), "members_young": random.randint(0, 5),
                "members_displaced": random.randint(0, 4), "gaps": random.choice(("Crédit téléphonique", "Formation", "Lieu de réunion", "")),
            }  # fmt: skip
            quarters = {}
            for quarter in ("T3", "T4"):
                raised = random.randint(0, 6)
                quarters[f"{year}-{quarter}"] = (random.randint(0, 4), raised, random.randint(0, raised))
            yield DemoMechanism(said, _commune(gazetteer, region, random), random.choice(acronyms), quarters)


def _regions(gazetteer: Gazetteer) -> list[Unit]:
    return sorted((u for u in gazetteer.units(1) if gazetteer.is_current(u)), key=lambda u: u.id)


def _commune(gazetteer: Gazetteer, region: Unit, random: Random) -> Unit:
    """A commune of the region; its cercle where no commune is known."""
    cercles = sorted(gazetteer.children(region.id), key=lambda u: u.id)
    cercle = random.choice(cercles) if cercles else region
    communes = sorted(gazetteer.children(cercle.id), key=lambda u: u.id)
    return random.choice(communes) if communes else cercle
