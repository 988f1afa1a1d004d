# fmt: off
"""Funding as datasets: public figures of FTS and HPC, no persons. They leave as registers, row by row (field brief §1.6)."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset

_YEAR = Column("year", "Année", "Year", "integer", "#date+year", "dimension")
_PART = Column("part", "Part", "Part", "text", "#subsector+code", "dimension",
               help_fr="PLAN : le plan entier ; un domaine de responsabilité ; NON_PRECISE ; PARTAGE.", help_en="PLAN: the whole plan; an area of responsibility; NON_PRECISE: not specified; PARTAGE: shared.")
_AS_OF = Column("as_of", "À la date du", "As of", "date", "#date+updated", "attribute")
_SOURCE = Column("source", "Source", "Source", "text", "#meta+source", "attribute")
_PLAN = Column("plan_name", "Plan", "Plan", "text", "#activity+appeal+name", "dimension")

FUNDING = Dataset(
    "funding", "Financement", "Funding",
    "Requis et reçu, par année et par part du plan. Vide : personne ne l’a dit ; ce n’est pas zéro. Promesses exclues.",
    "Required and received, by year and part of the plan. Empty: nobody stated it; it is not zero. Pledges excluded.",
    (
        Column("funding_id", "Ligne", "Line", "text", "#meta+id", "key", derived=True),
        _YEAR, _PART,
        Column("plan_code", "Code du plan", "Plan code", "text", "#activity+appeal+code", "dimension"),
        _PLAN,
        Column("required", "Requis", "Required", "integer", "#value+funding+required+usd", "amount", "USD"),
        Column("received", "Reçu", "Received", "integer", "#value+funding+total+usd", "amount", "USD"),
        Column("people_in_need", "Personnes dans le besoin", "People in need", "integer", "#inneed", "attribute", "personnes"),
        Column("people_targeted", "Personnes ciblées", "People targeted", "integer", "#targeted", "attribute", "personnes"),
        _AS_OF, _SOURCE,
    ),
    key=("funding_id",), source="OCHA FTS, HPC",
)

FUNDING_FLOWS = Dataset(
    "funding_flows", "Flux de financement", "Funding flows",
    "Une contribution payée ou engagée par ligne, au numéro que FTS lui donne.",
    "One paid or committed contribution per row, under the number FTS gives it.",
    (
        Column("flow_id", "Flux", "Flow", "text", "#activity+id", "key", derived=True),
        _YEAR,
        Column("donor", "Donateur", "Donor", "text", "#org+funder+name", "dimension"),
        Column("fund", "Fonds commun", "Pooled fund", "text", "#org+funder+type", "dimension", help_fr="cerf, pooled ou vide.", help_en="cerf, pooled or empty."),
        Column("recipient", "Bénéficiaire", "Recipient", "text", "#org+impl+name", "dimension", sensitivity=1),
        _PART, _PLAN,
        Column("amount", "Montant", "Amount", "integer", "#value+usd", "amount", "USD"),
        Column("status", "Statut", "Status", "text", "#status", "dimension"),
        Column("day", "Date", "Date", "date", "#date+reported", "attribute"),
        _AS_OF,
    ),
    key=("flow_id",), source="OCHA FTS",
)

FUNDING_REGISTERS: dict[str, Dataset] = {d.name: d for d in (FUNDING, FUNDING_FLOWS)}
