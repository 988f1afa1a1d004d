"""What matching and loading tell people: a French sentence per id; the English ones are in locale/en/geography.po."""

from __future__ import annotations

from collections.abc import Mapping

from danbe.reference.words import translator

# Why a place was matched, or was not.
REASONS = {
    "nothing": "aucun lieu indiqué",
    "name": "le nom est exactement celui-là",
    "name_and_code": "le nom et le code désignent le même lieu",
    "spelling": "même nom, autre orthographe",
    "typo": "nom très proche, à quelques lettres",
    "abbreviation": "nom abrégé",
    "part": "une partie du nom seulement",
    "alias": "orthographe confirmée par une personne",
    "code": "d’après le code seul",
    "old_division": "nom d’un ancien découpage",
    "elsewhere": "un lieu de ce nom existe, mais ailleurs",
    "ambiguous": "plusieurs lieux portent ce nom",
    "several_places": "plusieurs lieux dans une même cellule",
    "not_found": "aucun lieu connu ne porte ce nom",
}

# What a person should look at, and what to do about it.
PROBLEMS = {
    "code_of_other_place": "Le code est celui d’un autre lieu que le nom : corrigez l’un des deux.",
    "code_unknown": "Ce code n’existe dans aucun découpage connu : vérifiez-le ou laissez la cellule vide.",
    "code_of_other_level": "Le code est celui d’un autre niveau (un cercle à la place d’une région, par exemple).",
    "code_of_other_country": "Le code est celui d’un autre pays.",
    "parent_mismatch": "Ce lieu ne se trouve pas dans l’unité supérieure indiquée.",
    "parent_unknown": "L’unité supérieure indiquée est inconnue.",
    "commune_outside_cercle": "Cette commune ne se trouve pas dans le cercle indiqué.",
    "old_division": "Nom ou code d’un ancien découpage, rattaché au découpage actuel.",
    "ambiguous": "Plusieurs lieux sont possibles : précisez lequel.",
    "several_places": "Plusieurs lieux dans une même cellule : faites une ligne par lieu.",
    "name_unknown": "Aucun lieu connu ne porte ce nom.",
}

# Why a geographic file was refused.
FILE_PROBLEMS = {
    "file_missing": "Fichier introuvable : vérifiez le chemin.",
    "file_too_big": "Fichier de plus de %(limit)s Mo : découpez-le ou simplifiez-le.",
    "file_unknown": (
        "Type de fichier non reconnu (%(suffix)s) : donnez un zip de shapefile, un GeoJSON ou un CSV de localités."
    ),
    "zip_broken": "Archive zip illisible ou endommagée : téléchargez-la de nouveau.",
    "zip_too_big": "L’archive se déplie en plus de %(limit)s Mo ou contient trop de fichiers : refusée.",
    "zip_bomb": "L’archive se déplie hors de proportion (bombe zip) : refusée.",
    "zip_password": "Archive protégée par un mot de passe : donnez-la sans mot de passe.",
    "zip_shapefiles": "L’archive contient %(count)s shapefile(s) : il en faut exactement un.",
    "zip_no_table": "Le shapefile n’a pas de table (.dbf) : codes et noms manquent.",
    "shapefile_broken": "Shapefile illisible ou tronqué : téléchargez-le de nouveau.",
    "projection": "Coordonnées projetées (%(projection)s) : exportez en longitude-latitude WGS 84 (EPSG:4326).",
    "json_broken": "JSON illisible ou tronqué.",
    "topojson": (
        "Ce fichier est un TopoJSON : convertissez-le en GeoJSON (avec mapshaper, par exemple) puis recommencez."
    ),
    "not_geojson": "Ce JSON n’est pas une «FeatureCollection» GeoJSON.",
    "too_many_features": "Plus de %(limit)s lignes : découpez le fichier.",
    "empty": "Le fichier ne contient aucune ligne.",
    "no_admin_columns": (
        "Aucune colonne de code ou de nom administratif reconnue (adm2_pcode, admin2Name…). Colonnes : %(columns)s"
    ),
    "crosswalk": "Table de passage entre découpages : elle est déjà dans les données du pays, rien à charger.",
    "no_points": "Pas de localités ici : il faut un nom, une longitude et une latitude. Colonnes : %(columns)s",
    "points_without_commune": (
        "Des points, mais pas la région, le cercle ni la commune de chacun (admin1Name, admin2Name, "
        "admin3Name). Colonnes : %(columns)s"
    ),
    "csv_broken": "CSV illisible : vérifiez le séparateur et les guillemets.",
}

# What was noticed in the rows of a geographic file; a count stands before.
FINDINGS = {
    "code_missing": "sans code",
    "code_twice": "code déjà porté par une autre ligne",
    "name_missing": "sans nom : laissées de côté",
    "unit_twice": "unité déjà dessinée : contours réunis",
    "unit_unknown": "unité inconnue : laissées de côté",
    "orphan_parent": "unité supérieure inconnue : laissées de côté",
    "code_of_other_place": "rattachées par leur nom, le code étant celui d’un autre lieu",
    "shape_missing": "sans contour : laissées de côté",
    "shape_repaired": "contour invalide, réparé",
    "shape_not_area": "contour sans surface : laissées de côté",
    "shape_not_degrees": "coordonnées hors des degrés : laissées de côté",
    "point_missing": "sans coordonnées",
    "point_outside": "point hors de sa commune",
    "place_twice": "même nom dans la même commune à moins de 2 km : une seule gardée",
}

_ALL = {"reason": REASONS, "problem": PROBLEMS, "file": FILE_PROBLEMS, "finding": FINDINGS}


def sentence(about: str, message_id: str, language: str = "fr", values: Mapping[str, object] | None = None) -> str:
    """The sentence of an id, in 'fr' or 'en'; ``about`` is 'reason', 'problem', 'file' or 'finding'.

    ``values`` fill its placeholders. Raises ``KeyError`` for an id nobody wrote a sentence for.
    """
    text = translator(language)(_ALL[about][message_id])
    return text % values if values else text
