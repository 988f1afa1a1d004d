"""The for whom of a 5W row: targets and people reached, by sex, age and population group."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column

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


PEOPLE: tuple[Column, ...] = (
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
)
