"""The crosswalk of violation typologies: what an older record can say, and what it cannot."""

import pytest

from danbe.reference import typology
from danbe.reference.codelists import codelist


def test_life_and_integrity_were_one_category_and_are_not_guessed_apart():
    assert typology.in_current("VIEINT", "2018") == "INC"
    assert typology.in_current("VIEINT", "2018", "VIE.MEU") == "VIE", "the kind of violation tells"
    assert typology.in_current("PROP", "2018") == typology.in_current("PROP", "2020") == "PROP"


def test_every_kind_leads_to_a_category_and_every_category_of_violation_to_one_counted():
    counted = {i.code for i in codelist("violation_category").items}
    for item in codelist("violation_subtype_v2018_2019").items:
        assert item.parent in counted, item.code
        assert item.code in typology.kinds(item.parent)
    assert set(typology.categories("2020")) - typology.NOT_VIOLATIONS == counted - {"INC"}
    with pytest.raises(KeyError):
        typology.categories("1999")


def test_risks_are_those_of_the_paf():
    risks = {i.code for i in codelist("paf_risk").items}
    assert len(risks) == 15
    for kind in codelist("violation_subtype_v2018_2019").by_code:
        assert typology.risk(typology.in_current("", "2020", kind), kind) in risks | {""}
    assert typology.risk("INTEG") == "", "two risks: the category alone does not tell"
    assert typology.risk("INTEG", "INTEG.TOR") == "PAF-13"
