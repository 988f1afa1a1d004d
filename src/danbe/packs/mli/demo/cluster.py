"""The cluster of the demonstration: its real structure and the law's public way; fictional members, addresses and meetings.

Addresses end in exemple.org, which nobody reads. Days are counted from the day of the demonstration, so that
some actions are overdue and others are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from danbe.packs.mli.demo.world import DemoOrganisation

SYNTHETIC = "Démonstration (synthétique)"
_STRUCTURE = "Structure publiée par le Cluster Protection Mali"
# Code, name in French and in English, kind, area, region; all are parts of the first.
BODIES: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("CPM", "Cluster Protection Mali", "Protection Cluster Mali", "CLUSTER", "CP", ""),
    ("SCVBG", "Sous-cluster Violences basées sur le genre", "Gender-based violence sub-cluster", "SC", "SCVBG", ""),
    ("SCPE", "Sous-cluster Protection de l’enfance", "Child protection sub-cluster", "SC", "SCPE", ""),
    ("GT-LAMH", "Groupe thématique Lutte antimines humanitaire", "Humanitarian mine action thematic group", "GT", "GT-LAMH", ""),
    ("GT-LTPRN", "Groupe thématique Logement, terre, propriété et ressources naturelles",
     "Housing, land, property and natural resources thematic group", "GT", "GT-LTPRN", ""),
    ("GT-DOC", "Groupe thématique Documentation civile", "Civil documentation thematic group", "GT", "GT-DOC", ""),
    ("GT-CS", "Groupe thématique Cohésion sociale", "Social cohesion thematic group", "GT", "GT-CS", ""),
    ("CMP", "Commission Mouvement de Populations", "Population movement commission", "COM", "", ""),
    ("REG-MOPTI", "Cluster Protection régional de Mopti", "Mopti regional protection cluster", "REG", "", "Mopti"),
    ("REG-GAO", "Cluster Protection régional de Gao", "Gao regional protection cluster", "REG", "", "Gao"),
    ("REG-TOMBOUCTOU", "Cluster Protection régional de Tombouctou", "Timbuktu regional protection cluster", "REG", "", "Tombouctou"),
    ("REG-MENAKA", "Cluster Protection régional de Ménaka", "Ménaka regional protection cluster", "REG", "", "Ménaka"),
    ("REG-SEGOU", "Cluster Protection régional de Ségou", "Ségou regional protection cluster", "REG", "", "Ségou"),
)  # fmt: skip
# Function in French and in English, kind of lead, who sees it, beginning of the address; for every body.
FUNCTIONS: tuple[tuple[str, str, str, str, str], ...] = (
    ("Coordination", "Coordination", "LEAD", "PUBLIC", "coordination"),
    ("Co-coordination", "Co-coordination", "COLEAD", "MEMBRES", "cocoordination"),
)
INFORMATION = ("Gestion de l’information", "Information management", "", "PUBLIC", "information")
_KAMPALA = {
    "instrument": "convention-kampala", "name_fr": "Convention de Kampala (personnes déplacées)",
    "name_en": "Kampala Convention (internally displaced persons)",
}  # fmt: skip
LEGAL: tuple[dict[str, Any], ...] = (
    {**_KAMPALA, "stage": "RAT", "reached_on": "2010-06-16", "evidence": "Décret de ratification du 16 juin 2010 (info-matin.ml ; maliweb 2824480)"},
    {**_KAMPALA, "stage": "DEP", "reached_on": "2012-11",
     "evidence": "Dépôt des instruments, novembre 2012 (info-matin.ml ; maliweb 2824480)"},
    {**_KAMPALA, "stage": "COM", "reached_on": "2016", "evidence": "Comité technique, 2016 (HCR, fiche d’information Mali, janvier 2022, ReliefWeb)"},
    {**_KAMPALA, "stage": "VAL", "reached_on": "2019-08-29", "evidence": "Validation de l’avant-projet, 29 août 2019 (HCR, fiche d’information Mali, janvier 2022, ReliefWeb)",
     "obstacle": "Encore en attente en janvier 2022 ; état ultérieur non vérifié.",
     "next_step": "Adoption en Conseil des ministres"},
)  # fmt: skip
# What was said, then each action decided: what, by which function, days from today, answer when it was closed.
MEETINGS: tuple[tuple[int, str, str, str, tuple[tuple[str, str, int, str], ...]], ...] = (
    (-70, "CPM", "Réunion mensuelle du cluster (fictive)", "- Suivi des actions\n- Tendances de protection\n- Rapports 5W",
     (("Relancer les rapports 5W en retard", "Gestion de l’information", -50, "Relances envoyées"),
      ("Partager la note de tendances", "Coordination", -45, "Note partagée"))),
    (-35, "CPM", "Réunion mensuelle du cluster (fictive)", "- Suivi des actions\n- Circuits de référencement",
     (("Vérifier les services de Mopti", "Coordination régionale", -5, ""),
      ("Préparer la formation aux principes de protection", "Co-coordination", 20, ""))),
    (-20, "SCVBG", "Réunion du sous-cluster (fictive)", "- Accès aux soins\n- Kits post-viol",
     (("Mettre à jour la liste des centres qui ont des kits", "Coordination du sous-cluster", 10, ""),)),
    (-12, "REG-MOPTI", "Réunion du cluster régional (fictive)", "- Accès\n- Réponse aux déplacements",
     (("Proposer une évaluation rapide", "Coordination régionale", -2, ""),)),
)  # fmt: skip


def demo_members(organisations: Sequence[DemoOrganisation], seed: int) -> dict[str, dict[str, Any]]:
    """Each fictional organisation as a member (one in eight, not national, as an observer), by acronym."""
    rng = Random(f"{seed}/members")  # noqa: S311 - synthetic data, to be made again alike
    found = {}
    for one in organisations:
        local = one.organisation_type in ("ONGN", "OSC", "GOUV")
        observer = not local and rng.random() < 0.125
        found[one.acronym] = {
            "status": "OBS" if observer else "MEMBRE", "local": local, "aors": list(one.areas), "public": True,
            "source": SYNTHETIC,
        }  # fmt: skip
    return found


def demo_bodies() -> list[tuple[dict[str, Any], str]]:
    """What each body says, and the name of its region (empty: the whole country)."""
    return [
        ({"code": code, "name_fr": fr, "name_en": en, "kind": kind, "aor": aor,
          "source": SYNTHETIC if region else _STRUCTURE}, region)
        for code, fr, en, kind, aor, region in BODIES
    ]  # fmt: skip


def demo_contacts(code: str) -> list[dict[str, Any]]:
    """The functions of a body; the cluster itself also has one for information."""
    return [
        {"function_fr": fr, "function_en": en, "lead": lead, "visible_to": seen,
         "email": f"{start}.{code.lower()}@exemple.org", "source": SYNTHETIC}
        for fr, en, lead, seen, start in (*FUNCTIONS, *([INFORMATION] if code == BODIES[0][0] else []))
    ]  # fmt: skip
