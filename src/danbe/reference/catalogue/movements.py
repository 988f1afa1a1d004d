# fmt: off
"""Population movements (flows) and counts of displaced people (stocks): two datasets that no figure adds up.

Field brief §1.2 (Commission Mouvement de Populations) and §2: net = arrivals − returns, stock = last round.
"""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.incidents import CERCLE, EVENT_MONTH, ORGANISATION, REGION

_GROUP = Column("population_status", "Statut de population", "Population status", "code", "#population+type+code", "dimension", codelist="population_status")
_PERSONS = (
    Column("households", "Ménages", "Households", "integer", "#affected+hh", "count", "ménages"),
    Column("individuals", "Individus", "Individuals", "integer", "#affected+ind", "count", "personnes"),
)

MOVEMENTS = Dataset(
    "movements", "Mouvements de population", "Population movements",
    "Un mouvement par ligne : d’où, vers où, pourquoi, combien, confirmé ou non.", "One movement per row: from where, to where, why, how many, confirmed or not.",
    (
        Column("movement_id", "Mouvement", "Movement", "text", "#event+movement+id", "key", sensitivity=2, required=True),
        Column("incident_id", "Incident", "Incident", "text", "#event+id", "attribute", sensitivity=2),
        ORGANISATION,
        Column("event_date", "Date du mouvement", "Date of the movement", "date", "#date+occurred", "attribute", sensitivity=2, required=True),
        EVENT_MONTH,
        Column("reported_on", "Date de l’alerte", "Date of the alert", "date", "#date+reported", "attribute", sensitivity=2),
        Column("status", "Statut", "Status", "code", "#status+code", "dimension", codelist="movement_status", sensitivity=1, required=True),
        Column("cause", "Cause", "Cause", "code", "#event+cause+code", "dimension", codelist="movement_cause", required=True),
        Column("origin", "Lieu de départ", "Place of origin", "text", "#loc+origin+id", "dimension", sensitivity=2),
        Column("origin_region", "Région de départ", "Region of origin", "text", "#adm1+origin+id", "dimension"),
        Column("origin_cercle", "Cercle de départ", "Cercle of origin", "text", "#adm2+origin+id", "dimension"),
        Column("destination", "Lieu d’arrivée", "Place of arrival", "text", "#loc+destination+id", "dimension", sensitivity=2),
        Column("destination_region", "Région d’arrivée", "Region of arrival", "text", "#adm1+destination+id", "dimension"),
        Column("destination_cercle", "Cercle d’arrivée", "Cercle of arrival", "text", "#adm2+destination+id", "dimension"),
        _GROUP,
        *_PERSONS,
        Column("imputed", "Individus estimés d’après les ménages", "Individuals worked out from households", "boolean", "#meta+imputed", "attribute",
               help_fr="Ménages × taille documentée, jamais compté en personne.", help_en="Households × documented size, never counted in person."),
        Column("method", "Méthode", "Method", "code", "#meta+method+code", "attribute", codelist="movement_method", sensitivity=1),
        Column("host_type", "Accueil", "Hosting", "code", "#shelter+type+code", "dimension", codelist="host_type", sensitivity=1),
        Column("wave", "Vague", "Wave", "integer", "#event+wave", "attribute", sensitivity=1),
    ),
    key=("movement_id",), source="Commission Mouvement de Populations",
)

STOCKS = Dataset(
    "stocks", "Personnes déplacées : effectifs présents", "Displaced people: numbers present",
    "Ce qu’une ronde a compté un jour donné. Un effectif ne s’additionne pas d’une ronde à l’autre : le dernier vaut.",
    "What a round counted on a given day. Stocks of different rounds are never added: the last one holds.",
    (
        Column("counted_on", "Date de la ronde", "Date of the round", "date", "#date+counted", "dimension", required=True),
        Column("month", "Mois de la ronde", "Month of the round", "month", "#date+counted+month", "dimension", derived=True),
        Column("place", "Lieu", "Place", "text", "#loc+code", "dimension", required=True),
        REGION,
        CERCLE,
        _GROUP,
        *_PERSONS,
        Column("source", "Source", "Source", "text", "#meta+source", "attribute", required=True),
    ),
    key=("counted_on", "place", "population_status", "source"), source="OIM/DTM ; DNDS",
)
