# fmt: off
"""The figures of population movements (flows) and of displaced people present (stocks); the two never meet.

Field brief §2, CMP: net = arrivals − returns, never a sum of stocks; stock = last round.
"""

from __future__ import annotations

from typing import Any

from danbe.analyse.indicator import indicator

_PLACE = ("period", "level", "place")
_CUT = (*_PLACE, "category")
_CMP = "Commission Mouvement de Populations Mali"


def _sum(column: Any) -> Any:
    return column.sum().cast("int64")


@indicator(
    "movements", "Mouvements de population", "Population movements",
    unit="mouvements", numerator="distinct movement, status in (CONF, ENR)", period_logic="flow", dimensions=(*_CUT, "origin"), source=_CMP,
    definition_fr="Mouvements confirmés ou enregistrés, au mois du départ. Un mouvement n’est ni une violation ni une victime : les trois ne s’additionnent pas.",
    definition_en="Confirmed or registered movements, in the month of departure. A movement is neither a violation nor a victim: the three are never added.",
)
def movements(moved: Any) -> Any:
    """Over the movements."""
    return moved.count()


@indicator(
    "households_displaced", "Ménages déplacés", "Households displaced",
    unit="ménages", numerator="Σ households", period_logic="flow", dimensions=_CUT, source=_CMP,
    definition_fr="Ménages des mouvements confirmés, hors retours.", definition_en="Households of confirmed movements, returns excluded.",
)
def households_displaced(moved: Any) -> Any:
    """Over the movements."""
    return _sum(moved.households)


@indicator(
    "people_displaced", "Personnes déplacées par les mouvements", "People displaced by movements",
    unit="personnes", numerator="Σ individuals", period_logic="flow", dimensions=(*_CUT, "origin"), source=_CMP,
    definition_fr="Personnes des mouvements confirmés, par lieu de départ. Les effectifs estimés d’après les ménages y sont, et montrés à part.",
    definition_en="People of confirmed movements, by place of origin. Numbers worked out from households are included, and shown apart.",
)
def people_displaced(moved: Any) -> Any:
    """Over the movements."""
    return _sum(moved.individuals)


@indicator(
    "people_imputed", "dont estimées d’après les ménages", "of whom worked out from households",
    unit="personnes", numerator="Σ individuals where imputed", period_logic="flow", dimensions=_CUT, source=_CMP,
    definition_fr="Personnes que nul n’a comptées : ménages × taille documentée.", definition_en="People whom nobody counted: households × documented size.",
)
def people_imputed(moved: Any) -> Any:
    """Over the movements."""
    return _sum(moved.guessed)


@indicator(
    "arrivals", "Arrivées", "Arrivals",
    unit="personnes", numerator="Σ individuals by destination, cause ≠ RET", period_logic="flow", dimensions=_PLACE, source=_CMP,
    definition_fr="Personnes déplacées arrivées au lieu.", definition_en="Displaced people who arrived in the place.",
)
def arrivals(flows: Any) -> Any:
    """Over the flows."""
    return _sum(flows.arrivals)


@indicator(
    "returns", "Retours", "Returns",
    unit="personnes", numerator="Σ individuals by origin, cause = RET", period_logic="flow", dimensions=_PLACE, source=_CMP,
    definition_fr="Personnes qui ont quitté leur lieu de déplacement pour rentrer chez elles, comptées au lieu quitté.", definition_en="People who left their place of displacement to go home, counted in the place they left.",
)
def returns(flows: Any) -> Any:
    """Over the flows."""
    return _sum(flows.returns)


@indicator(
    "net_arrivals", "Solde : arrivées moins retours", "Net: arrivals minus returns",
    unit="personnes", numerator="arrivals − returns", period_logic="flow", dimensions=_PLACE, source=_CMP,
    definition_fr="Arrivées moins retours de la période. Ce n’est pas un effectif présent.", definition_en="Arrivals minus returns of the period. It is not a number of people present.",
)
def net_arrivals(flows: Any) -> Any:
    """Over the flows."""
    return _sum(flows.arrivals) - _sum(flows.returns)


@indicator(
    "displaced_present", "Personnes déplacées présentes", "Displaced people present",
    unit="personnes", numerator="last round: Σ individuals", period_logic="stock", dimensions=(*_PLACE, "population_status"), source="OIM/DTM ; DNDS",
    definition_fr="Effectif de la dernière ronde jusqu’à la fin de la période. Les rondes ne s’additionnent jamais.", definition_en="Number of the last round up to the end of the period. Rounds are never added.",
)
def displaced_present(stock: Any) -> Any:
    """Over the last round's counts."""
    return _sum(stock.individuals)


@indicator(
    "displaced_households_present", "Ménages déplacés présents", "Displaced households present",
    unit="ménages", numerator="last round: Σ households", period_logic="stock", dimensions=(*_PLACE, "population_status"), source="OIM/DTM ; DNDS",
    definition_fr="Ménages de la dernière ronde.", definition_en="Households of the last round.",
)
def displaced_households_present(stock: Any) -> Any:
    """Over the last round's counts."""
    return _sum(stock.households)
