"""A detector that warns before a narrative is kept: what it must see, and what is no personal data."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danbe.reference.text_privacy import find, kinds


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Le nommé Amadou Traoré a été enlevé à Koro.", "name", "Amadou Traoré"),
        ("Mme Coulibaly a porté plainte", "name", "Mme Coulibaly"),
        ("rencontré Fadimata Walet Mohamed au puits", "name", "Fadimata Walet Mohamed"),
        ("appelez le 76 12 34 56, la nuit", "phone", "76 12 34 56"),
        ("+223 66.77.88.99", "phone", "+223 66.77.88.99"),
        ("le point 14.4843, -4.1960", "coordinates", "14.4843, -4.1960"),
        ("vers 14°29'N", "coordinates", "14°29'N"),
        ("écrire à chef@exemple.org", "email", "chef@exemple.org"),
        ("NINA 18807101001014P", "identity", "18807101001014P"),
    ],
)
def test_it_sees(text, kind, found):
    assert (kind, found) in [(f.kind, f.text.strip()) for f in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Le 13/06/2022, 23 ménages ont fui Bankass vers Mopti.",
        "Attaque du village le 20220613 par des HANI : 250 têtes de bétail, 1 250 000 FCFA.",
        "Région de Mopti, Cercle de Koro, Site Nord.",
        "Le chef de village a alerté le comité de protection.",
        "423 personnes, soit 34,5 % de 1 184 ; taux 0.25",
    ],
)
def test_it_lets_pass(text):
    assert find(text) == []


@given(st.text(max_size=200))
def test_findings_are_stretches_of_the_text_in_order_and_apart(text):
    found = find(text)
    assert all(text[f.start : f.end] == f.text for f in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert sum(kinds(text).values()) == len(found)
