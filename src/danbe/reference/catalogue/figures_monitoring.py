# fmt: off
"""The figure tables of protection monitoring, movements and AoR modules, declared like those of the 5W.

A table has one counting unit: incidents, violations, victims and movements never stand in one table, so nothing can
add them (the published total of June 2022, 1 184, added 761 violations to 423 people of 23 movements). ``category`` is a
code of the list its table names. ``TOTAL`` stands for all codes; «non précisé» (INC) is always a row, so totals close.
"""

from __future__ import annotations

from dataclasses import replace

from danbe.reference.catalogue.column import Column, Dataset
from danbe.reference.catalogue.figures_dimensions import DIMENSIONS

_ORIGIN = Column("origin", "Lieu de départ", "Place of origin", "text", "#loc+origin+id", "dimension", required=True)


def _category(codelist: str, fr: str, en: str) -> Column:
    return Column("category", fr, en, "code", "#event+type+code", "dimension", codelist=codelist, required=True, help_fr="TOTAL : toutes.", help_en="TOTAL: all.")


def _n(name: str, fr: str, en: str, unit: str, hxl: str) -> Column:
    return Column(name, fr, en, "integer", hxl, "count", unit)


def _r(name: str, fr: str, en: str, hxl: str, unit: str = "ratio") -> Column:
    return Column(name, fr, en, "decimal", hxl, "amount", unit)


_M = {c.name: c for c in (
    _n("incidents", "Incidents documentés", "Documented incidents", "incidents", "#event+incidents+num"),
    _n("incidents_received", "Incidents reçus", "Incidents received", "incidents", "#event+received+num"),
    _n("flash_alerts", "Alertes rapides non documentées", "Flash alerts not documented", "alertes", "#event+flash+num"),
    _n("violations", "Violations", "Violations", "violations", "#event+violations+num"),
    _n("victims", "Victimes", "Victims", "personnes", "#affected+victims"),
    _n("killed", "Personnes tuées", "People killed", "personnes", "#affected+killed"),
    _n("injured", "Personnes blessées", "People injured", "personnes", "#affected+injured"),
    _n("previous_violations", "Violations de la période précédente", "Violations of the previous period", "violations", "#event+violations+previous+num"),
    _r("change", "Variation", "Change", "#event+violations+change+pct"),
    _n("year_before_violations", "Violations des mêmes mois un an avant", "Violations of the same months a year before", "violations", "#event+violations+year_before+num"),
    _r("year_change", "Variation sur un an", "Change over a year", "#event+violations+year_change+pct"),
    _n("active_monitors", "Moniteurs actifs", "Active monitors", "moniteurs", "#contact+monitors+num"),
    _r("violations_per_monitor", "Violations par moniteur actif", "Violations per active monitor", "#event+violations+per_monitor", "violations par moniteur"),
    _r("incidence", "Incidence pour 100 000 habitants", "Incidence per 100,000 inhabitants", "#event+violations+rate", "pour 100 000 habitants"),
    _r("documentation_rate", "Taux de documentation", "Documentation rate", "#event+documented+pct"),
    _r("report_delay", "Délai médian événement – rapport", "Median delay event – report", "#meta+delay+report", "jours"),
    _r("validation_delay", "Délai médian rapport – validation", "Median delay report – validation", "#meta+delay+validation", "jours"),
    _n("needs", "Besoins exprimés avec accord", "Needs with consent", "besoins", "#activity+needs+num"),
    _n("accepted", "Référencements acceptés", "Referrals accepted", "référencements", "#activity+accepted+num"),
    _n("completed", "Référencements aboutis", "Referrals completed", "référencements", "#activity+completed+num"),
    _n("no_service", "Besoins sans service", "Needs without a service", "besoins", "#activity+no_service+num"),
    _r("acceptance_rate", "Taux d’acceptation", "Acceptance rate", "#activity+accepted+pct"),
    _r("completion_rate", "Taux d’aboutissement", "Completion rate", "#activity+completed+pct"),
    _r("no_service_share", "Part sans service", "Share without a service", "#activity+no_service+pct"),
    _n("movements", "Mouvements de population", "Population movements", "mouvements", "#event+movements+num"),
    _n("households", "Ménages déplacés", "Households displaced", "ménages", "#affected+hh"),
    _n("displaced", "Personnes déplacées", "People displaced", "personnes", "#affected+displaced"),
    _n("imputed", "dont estimées d’après les ménages", "of whom worked out from households", "personnes", "#affected+displaced+imputed"),
    _n("arrivals", "Arrivées", "Arrivals", "personnes", "#affected+arrivals"),
    _n("returns", "Retours", "Returns", "personnes", "#affected+returns"),
    Column("net", "Solde : arrivées moins retours", "Net: arrivals minus returns", "integer", "#affected+net", "amount", "personnes"),
    _n("present", "Personnes déplacées présentes", "Displaced people present", "personnes", "#affected+idps"),
    _n("present_households", "Ménages déplacés présents", "Displaced households present", "ménages", "#affected+idps+hh"),
    _n("accidents", "Accidents par engin explosif", "Explosive ordnance accidents", "accidents", "#event+accidents+num"),
    _n("civilians", "Victimes civiles", "Civilian victims", "personnes", "#affected+civilian"),
    _r("civilian_share", "Part de civils", "Civilian share", "#affected+civilian+pct"),
    _n("cases", "Cas rapportés", "Reported cases", "cas", "#affected+cases"),
    _n("served", "Cas ayant reçu un service", "Cases who received a service", "cas", "#reached+cases"),
    replace(_n("providers", "Fournisseurs de données", "Data providers", "organisations", "#org+num"), sensitivity=1),
    _n("grave_violations", "Violations graves vérifiées", "Verified grave violations", "violations", "#event+grave+num"),
    _n("disputes", "Différends fonciers", "HLP disputes", "différends", "#event+disputes+num"),
    _n("resolved", "Différends résolus", "Disputes resolved", "différends", "#event+disputes+resolved"),
    _n("informed", "Personnes sensibilisées", "People informed", "personnes", "#reached+informed"),
    _n("files", "Dossiers constitués", "Files made", "personnes", "#reached+files"),
    _n("judgments", "Jugements rendus", "Judgments given", "personnes", "#reached+judgments"),
    _n("issued", "Documents délivrés", "Documents issued", "personnes", "#reached+issued"),
    _n("events", "Dialogues et médiations", "Dialogues and mediations", "activités", "#activity+cohesion+num"),
    _n("agreements", "Accords conclus", "Agreements reached", "accords", "#activity+agreements+num"),
    _n("holding", "Accords tenus à 6 mois", "Agreements holding at 6 months", "accords", "#activity+agreements+holding"),
    _n("participants", "Participants", "Participants", "personnes", "#reached+participants"),
)}

_VIOLATION = _category("violation_category", "Catégorie de violation", "Category of violation")
_MONITORING, _CMP = "Cluster Protection, monitoring de protection", "Commission Mouvement de Populations"
_AREA = "period level place category"


def _table(name: str, fr: str, en: str, about_fr: str, about_en: str, dimensions: str, measures: str, source: str, category: Column | None = None, sensitivity: int = 0) -> Dataset:
    own = {"category": category, "origin": _ORIGIN}
    keys = tuple(dimensions.split())
    columns = [own.get(d) or DIMENSIONS[d] for d in keys] + [_M[m] for m in measures.split()]
    if sensitivity:
        columns = [c if c.name in ("period", "level") else replace(c, sensitivity=max(sensitivity, c.sensitivity)) for c in columns]
    return Dataset(name, fr, en, about_fr, about_en, tuple(columns), key=keys, source=source)


MONITORING_FIGURES: dict[str, Dataset] = {d.name: d for d in (
    _table("monitoring_incidents", "Incidents de protection", "Protection incidents", "Incidents documentés et reçus par lieu ; les alertes non documentées à part.", "Documented and received incidents by place; undocumented alerts apart.",
           "period level place", "incidents incidents_received flash_alerts", _MONITORING),
    _table("monitoring_violations", "Violations", "Violations", "Violations par lieu et catégorie. Les mouvements forcés sont comptés en mouvements, ailleurs.", "Violations by place and category. Forced movements are counted as movements, elsewhere.",
           _AREA, "violations", _MONITORING, _VIOLATION),
    _table("monitoring_victims", "Victimes par sexe et âge", "Victims by sex and age", "Victimes de violations ; «non précisé» est toujours montré.", "Victims of violations; 'not specified' is always shown.",
           f"{_AREA} sex_age", "victims killed injured", _MONITORING, _VIOLATION),
    _table("monitoring_victims_status", "Victimes par statut de population", "Victims by population group", "Victimes de violations par statut ; «non précisé» est toujours montré.", "Victims of violations by group; 'not specified' is always shown.",
           f"{_AREA} population_status", "victims", _MONITORING, _VIOLATION),
    _table("monitoring_risks", "Violations par risque du PAF", "Violations by PAF risk", "Les mêmes violations, selon les quinze risques du cadre d’analyse ; INC là où aucun n’en découle.", "The same violations by the fifteen risks of the analysis framework; INC where none follows.",
           _AREA, "violations", _MONITORING, _category("paf_risk", "Risque du PAF", "PAF risk")),
    _table("monitoring_trend", "Tendance des violations", "Trend of violations", "Le chiffre brut, sa variation, et le chiffre par moniteur actif : plus de moniteurs voient plus.", "The raw figure, its change, and the figure per active monitor: more monitors see more.",
           "period level place", "violations previous_violations change year_before_violations year_change active_monitors violations_per_monitor incidence", _MONITORING),
    _table("monitoring_quality", "Qualité du monitoring", "Quality of monitoring", "Documentation et délais. Réservé au cluster.", "Documentation and delays. For the cluster only.",
           "period level place", "incidents_received incidents documentation_rate report_delay validation_delay", _MONITORING, sensitivity=1),
    _table("monitoring_referrals", "Référencements", "Referrals", "Besoins exprimés avec accord, et ce que les référencements sont devenus, par type de service.", "Needs with consent, and what became of referrals, by kind of service.",
           _AREA, "needs accepted completed no_service acceptance_rate completion_rate no_service_share", _MONITORING, _category("service_category", "Besoin", "Need")),
    _table("monitoring_perpetrators", "Violations par catégorie d’auteur", "Violations by category of perpetrator", "Confidentiel : ne sort pas du cluster.", "Confidential: does not leave the cluster.",
           _AREA, "violations", _MONITORING, _category("perpetrator_category", "Catégorie d’auteur", "Category of perpetrator"), sensitivity=2),
    _table("monitoring_contributors", "Part de chaque organisation au monitoring", "Share of each organisation in monitoring", "Ce que chaque organisation a apporté à chaque compte ; pour le contrôle avant publication, réservé au cluster.", "What each organisation brought to each count; for the disclosure gate, for the cluster only.",
           "period organisation_id level place category", "violations victims", _MONITORING, _VIOLATION, sensitivity=1),
    _table("movement_flows", "Mouvements de population", "Population movements", "Mouvements confirmés par lieu de départ et cause, hors retours (voir le solde).", "Confirmed movements by place of origin and cause, returns excluded (see the net).",
           _AREA, "movements households displaced imputed", _CMP, _category("movement_cause", "Cause", "Cause")),
    _table("movement_net", "Arrivées, retours, solde", "Arrivals, returns, net", "Flux : personnes arrivées au lieu, personnes qui en sont rentrées chez elles, et la différence.", "Flows: people who arrived in the place, people who went home from it, and the difference.",
           "period level place", "arrivals returns net", _CMP),
    _table("movement_matrix", "Matrice départ – arrivée", "Origin – destination matrix", "Entre régions et entre cercles. Réservée au cluster.", "Between regions and between cercles. For the cluster only.",
           "period level origin place", "movements displaced", _CMP, sensitivity=1),
    _table("displacement_stock", "Personnes déplacées présentes", "Displaced people present", "Effectif de la dernière ronde de la période ; jamais la somme de plusieurs.", "Number of the last round of the period; never the sum of several.",
           "period level place population_status", "present present_households", "OIM/DTM ; DNDS"),
    _table("explosive_ordnance", "Engins explosifs", "Explosive ordnance", "Accidents et victimes par engin (IMAS 05.10).", "Accidents and victims by device (IMAS 05.10).",
           _AREA, "accidents killed injured civilians civilian_share", "GT-LAMH", _category("eo_device", "Engin", "Device")),
    _table("gbv_cases", "Cas de VBG rapportés", "Reported GBV cases", "Cas rapportés aux services, pas la prévalence. Par région au plus fin.", "Cases reported to services, not prevalence. By region at the finest.",
           _AREA, "cases served providers", "GBVIMS", _category("gbvims_type", "Type", "Type")),
    _table("child_protection_concerns", "Préoccupations de protection de l’enfance", "Child protection concerns", "Cas suivis par région, sans cas individuels.", "Cases followed by region, without individual cases.",
           _AREA, "cases served providers", "CPIMS+", _category("cp_concern", "Préoccupation", "Concern")),
    _table("grave_violations", "Violations graves contre les enfants", "Grave violations against children", "Violations vérifiées, telles que publiées par le CTFMR.", "Verified violations, as published by the CTFMR.",
           _AREA, "grave_violations", "CTFMR", _category("mrm_violation", "Violation grave", "Grave violation")),
    _table("land_disputes", "Différends fonciers", "HLP disputes", "Différends par type et ce qu’ils sont devenus.", "Disputes by type and what became of them.",
           _AREA, "disputes resolved households", "GT-LTPRN", _category("hlp_dispute", "Type de différend", "Type of dispute")),
    _table("civil_documentation", "Documentation civile", "Civil documentation", "Personnes par document et par étape ; les étapes ne s’additionnent pas.", "People by document and stage; stages are not added.",
           _AREA, "informed files judgments issued", "GT-DOC", _category("civil_doc", "Document", "Document")),
    _table("cohesion", "Cohésion sociale", "Social cohesion", "Dialogues et médiations, accords, accords tenus.", "Dialogues and mediations, agreements, agreements that hold.",
           _AREA, "events agreements holding participants", "GT-CS", _category("cs_kind", "Nature", "Kind")),
)}
