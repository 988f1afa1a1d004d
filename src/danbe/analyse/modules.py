# fmt: off
"""The figures of the AoR modules (field brief §1.2). GBV figures are reported cases, never prevalence."""

from __future__ import annotations

from typing import Any

from danbe.analyse.indicator import indicator

_CUT = ("period", "level", "place", "category")


def _sum(column: Any) -> Any:
    return column.sum().cast("int64")


def _declare(id: str, fr: str, en: str, unit: str, column: str, source: str, definition_fr: str, definition_en: str, numerator: str = "") -> Any:
    """A figure that is the sum of one column of the rows handed in."""

    @indicator(id, fr, en, unit=unit, numerator=numerator or f"Σ {column}", period_logic="flow", dimensions=_CUT, source=source,
               definition_fr=definition_fr, definition_en=definition_en)
    def figure(rows: Any) -> Any:
        """Over the rows of the module."""
        return _sum(rows[column])

    return figure


_EO, _HLP, _DOC, _CS = "IMAS 05.10 ; GT-LAMH", "GT-LTPRN", "GT-DOC", "GT-CS"

accidents = _declare("explosive_accidents", "Accidents par engin explosif", "Explosive ordnance accidents", "accidents", "accidents", _EO,
    "Accidents où un engin explosif a fait des victimes ou aurait pu en faire.", "Accidents in which explosive ordnance caused or could have caused victims.")
eo_killed = _declare("explosive_killed", "Tués par engin explosif", "Killed by explosive ordnance", "personnes", "killed", _EO, "Personnes tuées.", "People killed.")
eo_injured = _declare("explosive_injured", "Blessés par engin explosif", "Injured by explosive ordnance", "personnes", "injured", _EO, "Personnes blessées.", "People injured.")
civilians = _declare("explosive_civilians", "Victimes civiles d’engins explosifs", "Civilian victims of explosive ordnance", "personnes", "civilians", _EO,
    "Civils tués ou blessés.", "Civilians killed or injured.")


@indicator(
    "explosive_civilian_share", "Part de civils parmi les victimes d’engins explosifs", "Civilian share of explosive ordnance victims",
    unit="ratio", numerator="explosive_civilians", denominator="explosive_killed + explosive_injured", period_logic="ratio", dimensions=_CUT, source=_EO,
    definition_fr="Civils sur l’ensemble des tués et blessés.", definition_en="Civilians over all killed and injured.",
)
def civilian_share(found: Any) -> Any:
    """Over the counts of victims."""
    return found.civilians / (found.killed + found.injured).nullif(0)


reported_cases = _declare("reported_cases", "Cas rapportés", "Reported cases", "cas", "cases", "GBVIMS ; CPIMS+",
    "Cas rapportés aux services au cours de la période ; ce n’est pas la prévalence.", "Cases reported to services during the period; this is not prevalence.")
served_cases = _declare("served_cases", "Cas ayant reçu un service", "Cases who received a service", "cas", "served", "GBVIMS ; CPIMS+",
    "Cas rapportés qui ont reçu au moins un service.", "Reported cases that received at least one service.")


@indicator(
    "case_providers", "Fournisseurs de données", "Data providers",
    unit="organisations", numerator="min providers", period_logic="stock", dimensions=_CUT, source="GBVIMS ; CPIMS+",
    definition_fr="Le plus petit nombre d’organisations derrière un agrégat de la case. Une case d’un seul fournisseur n’est jamais publiée.",
    definition_en="The smallest number of organisations behind an aggregate of the cell. A cell of a single provider is never published.",
)
def case_providers(rows: Any) -> Any:
    """Over the aggregates."""
    return rows.providers.min()


grave_violations = _declare("grave_violations", "Violations graves vérifiées", "Verified grave violations", "violations", "cases", "CTFMR",
    "Violations graves contre les enfants, vérifiées et publiées par le CTFMR (résolution 1612).", "Grave violations against children, verified and published by the CTFMR (resolution 1612).")
disputes = _declare("land_disputes", "Différends fonciers", "HLP disputes", "différends", "disputes", _HLP, "Différends reçus au cours de la période.", "Disputes received during the period.")
resolved = _declare("land_disputes_resolved", "Différends résolus", "Disputes resolved", "différends", "resolved", _HLP, "Différends reçus dans la période et résolus depuis.", "Disputes received in the period and resolved since.")
dispute_households = _declare("land_dispute_households", "Ménages concernés par un différend", "Households concerned by a dispute", "ménages", "households", _HLP, "Ménages parties aux différends.", "Households that are parties to the disputes.")
informed = _declare("documents_informed", "Personnes sensibilisées à l’état civil", "People informed on civil documents", "personnes", "informed", _DOC, "Étape «sensibilisé».", "Stage 'informed'.")
files = _declare("documents_files", "Dossiers d’état civil constitués", "Civil document files made", "personnes", "files", _DOC, "Étape «dossier constitué».", "Stage 'file made'.")
judgments = _declare("documents_judgments", "Jugements supplétifs rendus", "Supplementary judgments given", "personnes", "judgments", _DOC, "Étape «jugement rendu».", "Stage 'judgment given'.")
issued = _declare("documents_issued", "Documents délivrés", "Documents issued", "personnes", "issued", _DOC, "Étape «délivré».", "Stage 'issued'.")
events = _declare("cohesion_events", "Dialogues et médiations", "Dialogues and mediations", "activités", "events", _CS, "Dialogues, médiations et activités communes tenus.", "Dialogues, mediations and joint activities held.")
agreements = _declare("cohesion_agreements", "Accords conclus", "Agreements reached", "accords", "agreements", _CS, "Activités qui ont mené à un accord.", "Events that led to an agreement.")
holding = _declare("cohesion_holding", "Accords tenus à 6 mois", "Agreements holding at 6 months", "accords", "holding", _CS, "Accords qui tiennent encore à six mois.", "Agreements that still hold at six months.")
participants = _declare("cohesion_participants", "Participants aux dialogues", "Participants in dialogues", "personnes", "participants", _CS, "Participants, une personne comptée à chaque activité.", "Participants, a person counted at each event.")
