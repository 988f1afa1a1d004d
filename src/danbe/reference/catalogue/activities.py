"""The 5W row: who does what, where, when and for whom (field brief §1.4; OCHA 3W/5W practice)."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column, Dataset

_AGES = ("0-5", "6-11", "12-17", "0-17", "18-59", "60+", "INC")
_AGE_FR = {"*": "total", "0-17": "0-17 ans", "INC": "âge non précisé", "60+": "60 ans et plus"}
_AGE_EN = {"*": "total", "INC": "age not specified"}
_AGE_HXL = {
    "0-5": "infants",
    "6-11": "children",
    "12-17": "adolescents",
    "0-17": "children",
    "18-59": "adults",
    "60+": "elderly",
}
_SEX = {"F": ("Féminin", "Female", "f"), "M": ("Masculin", "Male", "m")}
# Words by which headers name a sex within an age band; the matcher adds the spellings of the age itself.
_WORDS = {
    ("F", "child"): ("girls", "filles"),
    ("M", "child"): ("boys", "garçons"),
    ("F", "adult"): ("women", "femmes"),
    ("M", "adult"): ("men", "hommes"),
}
_BANDS = {
    "0-5": ("0-5", "0 - 5 ans", "under 5", "moins de 5 ans"),
    "6-11": ("6-11", "6 - 11 ans"),
    "12-17": ("12-17", "12 - 17 ans"),
    "0-17": ("under 18", "<18", "< 18", "0-17", "moins de 18 ans", "(<18)"),
    "18-59": ("18-59", "18 - 59 ans", "18-59 ans"),
    "60+": ("60+", ">59", "> 59", "59+", "60 ans et plus", "over 59", "plus de 59 ans"),
    "INC": ("âge non précisé", "age unknown"),
}


def _sex_age_synonyms(sex: str, age: str) -> tuple[str, ...]:
    fr, en, _ = _SEX[sex]
    if age == "*":
        adults = _WORDS[(sex, "adult")]
        return (f"total {en} reached", f"total {fr}", f"{en} reached", f"total {adults[1]}", f"{en}", fr)
    words = _WORDS[(sex, "child" if age in ("0-5", "6-11", "12-17", "0-17") else "adult")]
    found = [f"{word} {band}" for word in (*words, en, fr) for band in _BANDS[age]]
    found += [f"{word} {band} reached" for word in words for band in _BANDS[age]]
    if age == "0-17":
        found += [*words, f"{words[0]} reached", f"{words[1]} atteints"]
    return tuple(found)


def _sex_age_columns() -> list[Column]:
    columns = []
    for sex, (fr, en, tag) in _SEX.items():
        for age in ("*", *_AGES):
            name = f"reached_{sex.lower()}" + (
                "" if age == "*" else "_" + age.lower().replace("-", "_").replace("+", "")
            )
            hxl = (
                f"#reached+{tag}"
                + (f"+{_AGE_HXL[age]}" if age in _AGE_HXL else "")
                + (
                    f"+age{age.replace('-', '_').rstrip('+')}"
                    if age[0].isdigit()
                    else "+unknown_age"
                    if age == "INC"
                    else ""
                )
            )
            columns.append(
                Column(
                    name,
                    f"{fr} {_AGE_FR.get(age, age + ' ans')}",
                    f"{en} {_AGE_EN.get(age, age)}",
                    "integer",
                    hxl,
                    "count",
                    "personnes",
                    asked=age not in ("*", "0-17"),
                    synonyms=_sex_age_synonyms(sex, age),
                    facet=(("sex", sex), ("age", age)),
                    facet_of="reached",
                )
            )
    return columns


_GROUPS = {
    "pdi": ("PDI", "PDI", "IDPs", "+idps", ("idp", "idps", "pdi", "déplacés")),
    "pdir": ("PDIR", "retournés", "returnees", "+returnees", ("returnees", "retournés", "returnee")),
    "ref": ("REF", "réfugiés", "refugees", "+refugees", ("refugees", "réfugiés")),
    "hote": (
        "HOTE",
        "communautés hôtes",
        "host communities",
        "+host",
        ("host", "host community", "hôtes", "communauté hôte"),
    ),
    "autre": ("INC", "autres", "others", "+other", ("other", "others", "autres", "autre")),
}


def _group_columns(of: str, fr: str, en: str, words: tuple[str, ...]) -> list[Column]:
    return [
        Column(
            f"{of}_{key}",
            f"{fr} : {label_fr}",
            f"{en}: {label_en}",
            "integer",
            f"#{'targeted' if of == 'target' else 'reached'}{tag}",
            "count",
            "personnes",
            synonyms=tuple(f"{group} {word}" for group in spellings for word in words),
            facet=(("population_status", code),),
            facet_of=of,
        )
        for key, (code, label_fr, label_en, tag, spellings) in _GROUPS.items()
    ]


def _place_columns() -> list[Column]:
    columns = []
    for level, fr, en, name_words, code_words in (
        (
            1,
            "Région",
            "Region",
            ("region", "région", "province", "admin1", "adm1", "admin 1", "état", "state"),
            ("code region", "code province"),
        ),
        (
            2,
            "Cercle",
            "Cercle",
            ("cercle", "territoire", "admin2", "adm2", "admin 2", "département", "division", "district"),
            ("code cercle", "code territoire", "code terrtoire"),
        ),
        (
            3,
            "Commune",
            "Commune",
            ("commune", "admin3", "adm3", "admin 3", "zone de santé", "subdivision", "arrondissement"),
            ("code commune", "pcode zs", "code zs"),
        ),
    ):
        codes = (
            *code_words,
            *(f"admin{level} {w}" for w in ("pcode", "pcod", "p-code", "code", f"pcode{level}")),
            f"admin{level}pcod",
            f"admin{level}pcode",
            f"adm{level}_pcode",
            f"pcode {fr}",
        )
        columns.append(
            Column(
                f"admin{level}_name",
                fr,
                en,
                "text",
                f"#adm{level}+name",
                "dimension",
                asked=True,
                required=level < 3,
                sensitivity=int(level > 2),
                synonyms=(*name_words, f"#adm{level}"),
            )
        )
        columns.append(
            Column(
                f"admin{level}_code",
                f"P-code {fr.lower()}",
                f"{en} P-code",
                "text",
                f"#adm{level}+code",
                "dimension",
                sensitivity=int(level > 2),
                synonyms=codes,
            )
        )
    columns.append(
        Column(
            "site",
            "Site ou village",
            "Site or village",
            "text",
            "#loc+name",
            "dimension",
            asked=True,
            sensitivity=2,
            synonyms=("site", "village", "localité", "location", "site name", "quartier", "lieu", "aire de santé"),
            help_fr="Laisser vide pour les activités VBG : jamais de site.",
            help_en="Leave empty for GBV activities: never a site.",
        )
    )
    return columns


COLUMNS: tuple[Column, ...] = (
    Column(
        "report_month",
        "Mois de rapportage",
        "Reporting month",
        "month",
        "#date+reported",
        "dimension",
        asked=True,
        required=True,
        synonyms=("mois", "month", "reporting month", "mois rapporté", "période", "period", "mois de rapport"),
        help_fr="Le mois au cours duquel l’activité a eu lieu (AAAA-MM).",
        help_en="The month the activity took place (YYYY-MM).",
    ),
    Column(
        "organisation",
        "Organisation",
        "Organisation",
        "text",
        "#org+lead",
        "dimension",
        asked=True,
        required=True,
        synonyms=(
            "organisation",
            "organization",
            "organisation acronyme",
            "organisation accronyme",
            "programme organization",
            "programme organisation",
            "lead organisation",
            "nom organization",
            "nom organisation",
            "acronyme",
            "reporting organisation",
            "agence",
            "partenaire",
            "org",
            "#org",
            "#org+name",
            "#org+prog",
            "#org+reporting",
        ),
        help_fr="L’organisation responsable du projet.",
        help_en="The organisation responsible for the project.",
    ),
    Column(
        "organisation_type",
        "Type d’organisation",
        "Type of organisation",
        "code",
        "#org+type+code",
        "dimension",
        codelist="org_type",
        synonyms=("type organisation", "type organization", "implementing org type", "org type", "type d organisation"),
    ),
    Column(
        "implementing_partner",
        "Partenaire d’exécution",
        "Implementing partner",
        "text",
        "#org+impl",
        "dimension",
        asked=True,
        synonyms=(
            "implementing partner",
            "implementing organization",
            "implementing organisation",
            "partenaire de mise en oeuvre",
            "partenaire d exécution",
            "IP",
            "implementing full org name",
            "#org+implementing",
        ),
    ),
    Column(
        "donor",
        "Bailleur",
        "Donor",
        "text",
        "#org+funding",
        "attribute",
        asked=True,
        sensitivity=1,
        synonyms=(
            "donor",
            "bailleur",
            "bailleurs",
            "donateur",
            "donors",
            "funding source",
            "#org+funder",
            "#org+donor",
        ),
    ),
    Column(
        "project_code",
        "Code du projet",
        "Project code",
        "text",
        "#activity+project+code",
        "attribute",
        asked=True,
        sensitivity=1,
        synonyms=("project code", "code projet", "code hrp", "id projet", "fts code", "hpc project"),
        help_fr="Code HRP ou FTS ; «hors HRP» sinon.",
        help_en="HRP or FTS code; 'hors HRP' otherwise.",
    ),
    Column(
        "project_title",
        "Intitulé du projet",
        "Project title",
        "text",
        "#activity+project+name",
        "attribute",
        sensitivity=1,
        synonyms=("project title", "titre du projet", "projet", "project name", "intitulé projet"),
    ),
    Column(
        "sector",
        "Secteur déclaré",
        "Sector as reported",
        "text",
        "#sector+name",
        "attribute",
        synonyms=("sector", "sectors", "secteur", "secteur domaine", "#sector"),
    ),
    Column(
        "aor",
        "Domaine de responsabilité",
        "Area of responsibility",
        "code",
        "#subsector+code",
        "dimension",
        codelist="aor",
        asked=True,
        synonyms=(
            "aor",
            "cluster",
            "sous-cluster",
            "sub-cluster",
            "subsector",
            "sub sector",
            "domaine de responsabilité",
            "groupe thématique",
            "#subsector",
        ),
    ),
    Column(
        "objective",
        "Objectif",
        "Objective",
        "code",
        "#activity+objective+code",
        "dimension",
        codelist="objective",
        asked=True,
        synonyms=(
            "objectif",
            "objective",
            "hrp objective",
            "cluster objective",
            "objectif du cluster",
            "objectif stratégique",
        ),
    ),
    Column(
        "activity",
        "Activité",
        "Activity",
        "text",
        "#activity+name",
        "dimension",
        asked=True,
        synonyms=(
            "activity",
            "activities",
            "activité",
            "activités",
            "nom activité projet",
            "activity description",
            "nom activite projet2",
            "#activity",
            "#activity+desc",
        ),
    ),
    Column(
        "indicator",
        "Indicateur",
        "Indicator",
        "text",
        "#indicator+name",
        "dimension",
        asked=True,
        synonyms=(
            "indicator",
            "indicators",
            "indicateur",
            "indicateurs",
            "nom indicateur",
            "#indicator",
            "#indicator+desc",
        ),
    ),
    Column(
        "unit",
        "Unité",
        "Unit",
        "code",
        "#indicator+unit",
        "attribute",
        codelist="indicator_unit",
        synonyms=("unit", "unité", "unit of measure", "unité de mesure"),
    ),
    Column(
        "continuum",
        "Continuum de protection",
        "Protection continuum",
        "code",
        "#activity+continuum",
        "dimension",
        codelist="continuum",
        asked=True,
        synonyms=("continuum", "niveau de protection"),
    ),
    Column(
        "action_type",
        "Type d’action",
        "Type of action",
        "code",
        "#activity+type",
        "dimension",
        codelist="action_type",
        asked=True,
        synonyms=("type d action", "action type", "type action"),
    ),
    Column(
        "modality",
        "Modalité",
        "Modality",
        "code",
        "#modality+code",
        "dimension",
        codelist="modality",
        asked=True,
        synonyms=(
            "modality",
            "modalité",
            "modalite s cash",
            "modalite cash dans le projet",
            "modalités",
            "cash modality",
            "delivery modality",
        ),
    ),
    Column(
        "status",
        "Statut de l’activité",
        "Activity status",
        "code",
        "#status+code",
        "dimension",
        codelist="activity_status",
        asked=True,
        synonyms=("status", "statut", "état projet", "etat projet", "activity status", "état"),
    ),
    Column(
        "start_date",
        "Date de début",
        "Start date",
        "date",
        "#date+start",
        "attribute",
        asked=True,
        synonyms=("start date", "date début", "date debut", "début", "date de début"),
    ),
    Column(
        "end_date",
        "Date de fin",
        "End date",
        "date",
        "#date+end",
        "attribute",
        asked=True,
        synonyms=("end date", "date fin", "fin", "date de fin"),
    ),
    *_place_columns(),
    Column(
        "population_status",
        "Statut de population",
        "Population status",
        "code",
        "#population+type+code",
        "dimension",
        codelist="population_status",
        asked=True,
        synonyms=(
            "population status",
            "statut population",
            "groupe de population",
            "population group",
            "type de bénéficiaires",
            "type de beneficiaires",
            "beneficiary type",
            "statut des bénéficiaires",
        ),
    ),
    Column(
        "target",
        "Cible",
        "Target",
        "integer",
        "#targeted",
        "count",
        "personnes",
        asked=True,
        synonyms=(
            "target",
            "targeted",
            "g targeted",
            "cible",
            "ciblés",
            "total targeted",
            "personnes ciblées",
            "nombre ciblé",
        ),
    ),
    *_group_columns("target", "Cible", "Target", ("target", "targeted", "ciblés")),
    Column(
        "reached",
        "Nouveaux bénéficiaires",
        "New beneficiaries",
        "integer",
        "#reached",
        "count",
        "personnes",
        asked=True,
        synonyms=(
            "reached",
            "g reached",
            "total reached",
            "atteints",
            "nouveaux bénéficiaires",
            "personnes atteintes",
            "nombre bénéficiaires directs",
            "nombre beneficiaires directs",
            "beneficiaries",
            "bénéficiaires",
            "nombre de bénéficiaires atteints",
        ),
        help_fr="Personnes atteintes pour la première fois ce mois-ci par cette activité ; ne pas cumuler.",
        help_en="Persons reached for the first time this month by this activity; not cumulative.",
    ),
    *_sex_age_columns(),
    *_group_columns("reached", "Atteints", "Reached", ("reached", "atteints")),
    Column(
        "persons_with_disabilities",
        "dont personnes en situation de handicap",
        "of whom persons with disabilities",
        "integer",
        "#reached+disabled",
        "count",
        "personnes",
        asked=True,
        synonyms=(
            "psh",
            "pwd",
            "assisted pwd",
            "persons with disabilities",
            "personnes handicapées",
            "handicap",
            "personnes en situation de handicap",
            "disabled",
        ),
    ),
    Column(
        "recurrent",
        "Bénéficiaires récurrents",
        "Recurrent beneficiaries",
        "integer",
        "#reached+recurrent",
        "count",
        "personnes",
        asked=True,
        synonyms=(
            "recurrent",
            "récurrents",
            "bénéficiaires récurrents",
            "recurrent beneficiaries",
            "anciens bénéficiaires",
        ),
    ),
    Column(
        "directness",
        "Directs ou indirects",
        "Direct or indirect",
        "code",
        "#reached+directness",
        "dimension",
        codelist="directness",
        asked=True,
        synonyms=("direct indirect", "directs ou indirects", "direct / indirect"),
    ),
    Column(
        "cash_usd",
        "Montant en espèces",
        "Cash amount",
        "decimal",
        "#value+cash+usd",
        "amount",
        "USD",
        asked=True,
        synonyms=("cash usd", "montant usd", "montant cash", "cash value usd", "montant en espèces"),
    ),
    Column(
        "comment",
        "Commentaire",
        "Comment",
        "text",
        "#meta+comment",
        "attribute",
        asked=True,
        sensitivity=2,
        synonyms=("comment", "comments", "remarks", "commentaire", "commentaires", "observations", "remarques"),
    ),
    # Worked out by Danbe
    Column(
        "activity_id",
        "Identifiant de la ligne",
        "Row identifier",
        "text",
        "#meta+id",
        "key",
        derived=True,
        sensitivity=1,
    ),
    Column(
        "organisation_id",
        "Organisation résolue",
        "Resolved organisation",
        "text",
        "#org+lead+code",
        "dimension",
        derived=True,
    ),
    Column(
        "implementing_partner_id",
        "Partenaire résolu",
        "Resolved implementing partner",
        "text",
        "#org+impl+code",
        "dimension",
        derived=True,
    ),
    Column(
        "indicator_id", "Indicateur résolu", "Resolved indicator", "text", "#indicator+code", "dimension", derived=True
    ),
    Column("place", "Lieu résolu", "Resolved place", "text", "#loc+code", "dimension", derived=True, sensitivity=1),
    Column("region", "Région résolue", "Resolved region", "text", "#adm1+id", "dimension", derived=True),
    Column("cercle", "Cercle résolu", "Resolved cercle", "text", "#adm2+id", "dimension", derived=True),
    Column(
        "commune", "Commune résolue", "Resolved commune", "text", "#adm3+id", "dimension", derived=True, sensitivity=1
    ),
    Column("batch", "Lot d’import", "Import batch", "text", "#meta+batch", "attribute", derived=True, sensitivity=1),
    Column(
        "source_row",
        "Ligne du fichier",
        "Row of the file",
        "integer",
        "#meta+row",
        "attribute",
        derived=True,
        sensitivity=1,
    ),
    Column(
        "warnings",
        "Avertissements",
        "Warnings",
        "text",
        "#meta+warnings",
        "attribute",
        derived=True,
        sensitivity=1,
        help_fr="Identifiants des règles d’avertissement, séparés par une espace.",
        help_en="Identifiers of warning rules, separated by a space.",
    ),
)

ACTIVITIES = Dataset(
    "activities",
    "Activités (5W)",
    "Activities (5W)",
    "Une ligne par organisation, activité, lieu, mois et groupe de population.",
    "One row per organisation, activity, place, month and population group.",
    COLUMNS,
    key=("activity_id",),
    source="Cluster Protection, 5W ; OCHA 3W/5W",
)
