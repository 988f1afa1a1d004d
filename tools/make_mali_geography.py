"""Writes the geography of the Mali pack (packs/mli/geography) from the facts it was drawn from.

Run by hand, once per new set of facts: `python tools/make_mali_geography.py FOLDER TOPOJSON`. FOLDER holds
`gazetteer_points.csv`, the two crosswalks and the settlements (COD-AB and COD-PP Mali 2015, HDX global P-codes of
2021-12-20); TOPOJSON is `countries-50m.json` of the npm package world-atlas 2.0.2 (Natural Earth, public domain).
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from danbe.reference.text import search_key

PACK = Path(__file__).parent.parent / "src/danbe/packs/mli/geography"

# French spellings as Malian administration writes them; the source files hold the same names without accents.
WORDS = """
Bafoulabé Diéma Kéniéba Yélimané Dioïla Kolondiéba Baraouéli Barouéli Ségou Djenné Ténenkou Diré Niafunké Abeïbara
Ménaka Andéramboukane Inékar Tidermène Maoudé Rharous Séféto Sébékoro Falémé Djélébou Colimbiné Ségala Médine Liberté
Dembéla Niéna Kléla Zégoua Misséni Kaï Dialloubé Ouroubé Doudé Sasalbé Femaye Pétaka Déberé Kéréna Bériel
Douékiré Kaneye Télé Aïcha Léré Koumaïra Dianké Saréyamou Tinguéréguif Haïbongo Téméra Gabéro Gounzouréye
Séréré Banicane Tinzawatène Anéfif Diafarabé Toguéré Coumbé Kéréri Guiré Togué Farimaké Déboye Bimbéré Kani-Bonzon
Habé Ségué Pélou Kendé Kendié Lowol Guéou Iré Béré Dougouténé Koporokendié Barapiréli Ténéni Téné Djéguéna Diéli
Bénéna Mafouné Sanékuy Béguéné Diéna Kéméni Tiéména Fatiné Katiéna Sakoïba Soignébougou Sébougou Pélengana
Boidié Dougoufié Kalaké Saminé Monimpébougou Wéré Tongué Souleye Néguéla Naréna Sélefougou Kérela Diébé
Guégnéka Kémékafo Méguétan Sébété Didiéni Gueneibé Guiré Zanférébougou Diomaténé Dioumaténé Zaniéna Kébila
Ména Tousséguéla Miéna Konséguéla Koningué Kolonigué Mallé Zanfigué Bladié Tiémala Faradiélé Kokélé Méridiéla
Zantiébougou Kéléya Débélin Défina Ouéléssébougou Sangarébougou Tiélé Yélékébougou Baguinéda Mandé Guénégoré Faléa
Bamafélé Dieoura Lakamané Guédébiné Dianguirdé Sansankidé Béma Diangounté Gavinané Guétéma Sandaré Troungoumbé Yéréré
Diabigué Koréra Koré Banière Fassou Débé Krémis Kirané Guidimé Marékaffo Fégui Gopéla Koussané Maréna Samé Kéniégué
Sérou Séro Goumera Nampala Tédié Haïré Boré Témacine Dandéresso Nongo-Souala Wassoulou Ballé Goudié
Diédougou Sébécoro Oualia Sidibéla Kontéla Ménamba Ourikéla Kaniégué Djaptodji Boudofo Yérédon Nampé Zébala
""".split()  # noqa: SIM905 - a list of words reads best as words
ACCENTED = {search_key(word): word for word in WORDS}

# Spellings met in partners' files and on other maps; (level, name of the unit, spelling).
SPELLINGS = [
    (1, "Koulikoro", "Koulikouro"), (1, "Tombouctou", "Timbuktu"), (1, "Tombouctou", "Timbouctou"),
    (1, "Tombouctou", "TBT"), (1, "Tombouctou", "Tomboctou"), (1, "Bamako", "District de Bamako"),
    (1, "Bamako", "BKO"), (2, "Tombouctou", "Timbuktu"), (2, "Tombouctou", "Timbouctou"),
    (2, "Baraouéli", "Barouéli"), (2, "Nioro", "Nioro du Sahel"), (2, "Niafunké", "Niafounké"),
    (2, "Gourma-Rharous", "Rharous"), (2, "Gourma-Rharous", "G Rharous"), (2, "Gourma-Rharous", "Gourma"),
    (2, "Macina", "Ké-Macina"), (2, "Tin-Essako", "Tinessako"), (2, "Tin-Essako", "Ti-n-Essako"),
    (2, "Ténenkou", "Téninkou"), (2, "Abeïbara", "Abeybara"), (2, "Andéramboukane", "Anderaboukane"),
    (2, "Andéramboukane", "Andéramboucane"), (2, "Inékar", "In-Ekar"), (2, "Inékar", "Inekhar"),
    (2, "Tidermène", "Tidarmene"), (2, "Douentza", "Douenza"), (2, "Yélimané", "Yelimane"),
    (2, "Bamako", "District de Bamako"), (2, "Kéniéba", "Kenyeba"), (2, "Djenné", "Dienné"),
]  # fmt: skip


def accented(name: str) -> str:
    """The name with French accents: whole name first, then word by word, hyphens and the rest kept."""
    if search_key(name) in ACCENTED:
        return ACCENTED[search_key(name)]
    out, word = [], ""
    for character in [*name, ""]:
        if character and character not in " -":
            word += character
            continue
        out.append(ACCENTED.get(search_key(word), word) + character)
        word = ""
    return "".join(out)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, head: list[str], rows: list[list[object]]) -> None:
    with (PACK / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def outline(topojson: Path) -> dict[str, object]:
    """Mali (ISO 466) out of a quantised TopoJSON: arcs are delta-encoded, ~i means arc i walked backwards."""
    topology = json.loads(topojson.read_text("utf-8"))
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    country = next(g for g in topology["objects"]["countries"]["geometries"] if g.get("id") == "466")

    def arc(index: int) -> list[list[float]]:
        x = y = 0
        points = []
        for dx, dy in topology["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            points.append([round(x * kx + x0, 4), round(y * ky + y0, 4)])
        return points if index >= 0 else points[::-1]

    ring: list[list[float]] = []
    for index in country["arcs"][0]:
        ring += arc(index)[1 if ring else 0 :]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {
        "type": "Feature",
        "properties": {"name": "Mali", "iso3": "MLI", "source": "Natural Earth 1:50m, public domain"},
        "geometry": geometry,
    }


def main(folder: Path, topojson: Path) -> None:
    gazetteer = read(folder / "gazetteer_points.csv")
    crosswalk = read(folder / "mli_crosswalk_codab2015_to_2021_adm3.csv")
    capitals: dict[tuple[str, str], str] = {}
    for place in read(folder / "mali_settlements_codpp_2015.csv"):
        if not place["featureNam"].isascii():
            capitals[place["admin3Pcod"], search_key(place["featureNam"])] = place["featureNam"]

    units: list[list[object]] = []
    aliases: list[list[object]] = []
    ab, hdx, knowledge = "COD-AB Mali 2015", "HDX P-codes 2021-12-20", "usage"
    head = ["id", "version", "level", "code", "name", "parent_id", "longitude", "latitude", "population", "source"]
    units.append(["mli2021/ML", "2021", 0, "ML", "Mali", "", -3.5274, 17.3504, "", hdx])
    units.append(["mli2015/ML", "2015", 0, "ML", "Mali", "", -3.5274, 17.3504, "", ab])

    new_id, point = {}, {}
    for row in gazetteer:
        level = int(row["level"])
        name = accented(row["name"])
        if level == 3:
            name = capitals.get((row["pcode_2015"], search_key(row["name"])), name) if name.isascii() else name
            identifier = new_id[row["pcode_2015"]] = f"mli2021/2015-{row['pcode_2015']}"
            point[row["pcode_2015"]] = (row["lon"], row["lat"])
        else:
            identifier = f"mli2021/{row['pcode_2021']}"
        parent = f"mli2021/{row['parent_pcode_2021']}"
        units.append(
            [
                identifier,
                "2021",
                level,
                row["pcode_2021"],
                name,
                parent,
                row["lon"],
                row["lat"],
                row["population_2021"],
                ab if level == 3 else hdx,
            ]
        )
        if level < 3:
            for _, _, spelling in [s for s in SPELLINGS if s[:2] == (level, name)]:
                aliases.append([level, "", spelling, identifier, knowledge])

    names_2021 = {u[0]: u[4] for u in units}
    seen: dict[str, list[object]] = {}
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    for row in crosswalk:
        region, cercle, commune = (f"mli2015/{row[f'adm{i}_pcode_2015']}" for i in (1, 2, 3))
        lon, lat = point[row["adm3_pcode_2015"]]
        to_commune = new_id[row["adm3_pcode_2015"]]
        seen.setdefault(
            region,
            [region, "2015", 1, row["adm1_pcode_2015"], accented(row["adm1_name_2015"]), "mli2015/ML", "", "", "", ab],
        )
        seen.setdefault(
            cercle, [cercle, "2015", 2, row["adm2_pcode_2015"], accented(row["adm2_name_2015"]), region, "", "", "", ab]
        )
        seen[commune] = [commune, "2015", 3, row["adm3_pcode_2015"], names_2021[to_commune], cercle, lon, lat, "", ab]
        shares[commune][to_commune] += 1
        shares[cercle][f"mli2021/{row['adm2_pcode_2021']}"] += 1
        shares[region][f"mli2021/{row['adm1_pcode_2021']}"] += 1
    units += sorted(seen.values(), key=lambda u: (u[2], str(u[3])))

    links: list[list[object]] = [["mli2015/ML", "mli2021/ML", 1, "whole"]]
    for old in sorted(shares, key=lambda i: (len(i), i)):
        total = sum(shares[old].values())
        for new, count in sorted(shares[old].items()):
            links.append([old, new, round(count / total, 6), "whole" if count == total else "share of communes"])

    PACK.mkdir(parents=True, exist_ok=True)
    write("units.csv", head, units)
    write("links.csv", ["old_id", "new_id", "weight", "basis"], links)
    write("aliases.csv", ["level", "parent", "spelling", "unit_id", "source"], aliases)
    (PACK / "outline.geojson").write_text(json.dumps(outline(topojson), ensure_ascii=False) + "\n", "utf-8")
    known = sum(1 for u in units if not str(u[4]).isascii())
    print(f"{len(units)} units ({known} names with accents), {len(links)} links, {len(aliases)} aliases")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
