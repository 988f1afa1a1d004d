"""The where of a 5W row: region, cercle and commune by name and code, and the site."""

from __future__ import annotations

from danbe.reference.catalogue.column import Column


def place_columns() -> list[Column]:
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
