"""The detector of personal data: what it must see in a text before it is kept or leaves, and what is no personal data."""

import json
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.reference.personal import count, detect

LISTS = json.loads(files("danbe.packs").joinpath("mli", "personal.json").read_text("utf-8"))


def found(text, **more):
    return [(f.kind, text[f.start : f.end]) for f in detect(text, **more)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Le nommé Amadou Traoré a été enlevé à Koro.", "name", "Amadou Traoré"),
        ("Mme Coulibaly a porté plainte", "name", "Mme Coulibaly"),
        ("rencontré Fadimata Walet Mohamed au puits", "name", "Fadimata Walet Mohamed"),
        ("appelez le 76 12 34 56, la nuit", "phone", "76 12 34 56"),
        ("+223 66.77.88.99", "phone", "+223 66.77.88.99"),
        ("le point 14.4843, -4.1960", "coordinates", "14.4843, -4.1960"),
        ("vers 14°29'N", "coordinates", "14°29'N"),
        ("écrire à chef@exemple.org", "email", "chef@exemple.org"),
        ("NINA 18807101001014P", "id_number", "18807101001014P"),
        ("le numéro 3188071010101 P", "id_number", "3188071010101 P"),
        ("tel76 12-34.56", "phone", "76 12-34.56"),
        ("au 33 12 34 56", "phone", "33 12 34 56"),
        ("à 18.0858, -15.9785 de l’autre côté", "coordinates", "18.0858, -15.9785"),
        ("vers 14°29' la route", "coordinates", "14°29'"),
        ("en 30PWV1234567", "coordinates", "30PWV1234567"),
        ("l’imam Nomfictif a parlé", "name", "Nomfictif"),
        ("le dénommé Nomfictif", "name", "Nomfictif"),
        ("elle s'appelle Nomfictive", "name", "Nomfictive"),
        ("prénom : Nomfictif", "name", "Nomfictif"),
        ("MME NOMFICTIVE", "name", "NOMFICTIVE"),
        ("LE DENOMME NOMFICTIF", "name", "NOMFICTIF"),
        ("vu Nomfictif Wt Autrefictif", "name", "Nomfictif Wt Autrefictif"),
        ("vu Ag Nomfictif", "name", "Ag Nomfictif"),
        ("vu Amadou\nNomfictif", "name", "Amadou\nNomfictif"),
        ("vu Nomfictif Dabo", "name", "Nomfictif Dabo"),
        ("vu Aminata Ba", "name", "Aminata Ba"),
        ("vu Fatoumata-Kamissoko hier", "name", "Fatoumata-Kamissoko"),
    ],
)
def test_it_sees(text, kind, value):
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le 13/06/2022, 23 ménages ont fui Bankass vers Mopti.",
        "Attaque du village le 20220613 par des HANI : 250 têtes de bétail, 1 250 000 FCFA.",
        "Région de Mopti, Cercle de Koro, Site Nord.",
        "Le chef de village a alerté le comité de protection.",
        "423 personnes, soit 34,5 % de 1 184 ; taux 0.25",
        "Du 13-06-2022 au 2022-06-20 ; les années 2018-2019 et 2021-2022.",
        "1,250 and 3,400 households",
        "Des réfugiés du Togo et la commune de Dabo.",
    ],
)
def test_it_lets_pass(text):
    assert found(text) == []


@given(st.sampled_from(LISTS["given"]), st.sampled_from(LISTS["family"]), st.sampled_from([str, str.upper, str.lower]))
@settings(deadline=None)
def test_a_common_name_is_found_wherever_it_stands(first, last, typed):
    name = f"{typed(first)} {typed(last)}"
    text = f"Hier, {name} a été vu au marché."
    assert ("name", name) in found(text)
    (finding,) = [f for f in detect(text) if f.kind == "name"]
    assert finding.certain


@pytest.mark.parametrize(
    "text",
    [
        "Selon M. Nomfictif, l’attaque a duré une heure.",
        "La nommée Nomfictive a fui.",
        "Mme Nomfictive-Autre a parlé.",
        "Mr Madeupname was released.",
        "Le chef, Prénomfictif ag Nomfictif, est revenu.",
        "On a vu Prénomfictif Nomfictif partir.",
        "El Hadj Nomfictif est parti.",
    ],
)
def test_names_after_a_title_between_particles_or_by_their_capitals(text):
    assert any(kind == "name" for kind, _ in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "Les Nations Unies et la Croix Rouge ont visité la Région de Mopti.",
        "Le Haut Commissariat, le Ministère de la Justice et le Sous-cluster Protection de l’Enfance se sont réunis à Gao.",
        "À Gourma Rharous comme à Ménaka, des familles peules et Kel Tamasheq ont fui vers Tombouctou.",
        "In Mopti the Protection Cluster met the Ministry of Social Development on Monday.",
        "Des hommes armés non identifiés (HANI) ont attaqué un village du cercle de Bankass en mars 2025.",
        "L’enfant a été confié à une famille d’accueil. Elle a demandé de l’aide.",
    ],
)
def test_institutions_places_and_peoples_are_not_persons(text):
    assert found(text) == []


def test_a_guess_never_hides_what_is_certain():
    (finding,) = detect("Rencontre Monsieur Nomfictif demain.")
    assert finding.certain


def test_members_of_the_cluster_are_known():
    text = "L’équipe de Tamarinier Solidaire a rencontré les familles."
    assert ("name", "Tamarinier Solidaire") in found(text)
    assert found(text, known=["Tamarinier Solidaire"]) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("appeler le 76 00 00 01", "phone", "76 00 00 01"),
        ("appeler le +223 76-00-00-01.", "phone", "+223 76-00-00-01"),
        ("ou 7600-0001", "phone", "7600-0001"),
        ("tél 0022366000001", "phone", "0022366000001"),
        ("au +226 70 00 00 01 demain", "phone", "+226 70 00 00 01"),
        ("écrire à personne@exemple.org", "email", "personne@exemple.org"),
        ("écrire à personne [at] exemple.org", "email", "personne [at] exemple.org"),
        ("carte NINA n° 10000000000000X perdue", "id_number", "10000000000000X"),
        ("passeport A0000001 perdu", "id_number", "A0000001"),
        ("dossier 000-00C00000 ouvert", "id_number", "000-00C00000"),
        ("au point 14.4843, -4.1821 près du puits", "coordinates", "14.4843, -4.1821"),
        ("vers 14°29'03\"N la route", "coordinates", "14°29'03\"N"),
        ("en FRV9+3X le soir", "coordinates", "FRV9+3X"),
    ],
)
def test_telephones_addresses_numbers_and_coordinates(text, kind, value):
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "12 345 678 personnes",
        "de 2024 à 2025",
        "le 14 mars 2025",
        "résolution 1325 (2000)",
        "environ 1 200 ménages",
        "12,5 % et 13,5 %",
    ],
)
def test_ordinary_numbers_are_not_personal(text):
    assert found(text) == []


def test_a_day_in_a_small_place_points_to_one_event():
    assert found("Le 14 mars 2025, le village de Lieufictif a été attaqué.") == [("date_place", "14 mars 2025")]
    assert found("On 14 March 2025 the hamlet of Madeup was attacked.") == [("date_place", "14 March 2025")]
    assert found("Attaque le 14/03/2025 à Dinandougou.") == [("date_place", "14/03/2025")], "a commune of the gazetteer"
    assert found("En mars 2025, le village de Lieufictif a été attaqué.") == []
    assert found("Le 14 mars 2025, le cercle de Bankass a été touché.") == []


@given(st.text(max_size=300))
@settings(deadline=None)
def test_findings_lie_in_the_text_in_order_and_do_not_overlap(text):
    last = 0
    for finding in detect(text):
        assert last <= finding.start < finding.end <= len(text)
        last = finding.end


@given(st.text(max_size=200))
@settings(deadline=None)
def test_findings_are_counted_apart(text):
    seen = detect(text)
    assert all(a.end <= b.start for a, b in pairwise(seen))
    assert sum(count(seen).values()) == len(seen)
