"""The code lists: complete in both languages, found by any spelling a partner uses."""

import pytest

from danbe.reference.codelists import codelist, names


def test_every_item_has_both_languages_and_a_source():
    for name in names():
        items = codelist(name).items
        assert len({i.code for i in items}) == len(items), name
        for item in items:
            assert item.fr and item.en and item.src, f"{name}: {item.code}"


def test_areas_of_responsibility_are_found_under_their_english_and_french_names():
    aor = codelist("aor")
    assert aor.find("GBV") == aor.find("VBG") == aor.find("Violences basées sur le genre") == "SCVBG"
    assert aor.find(" child  PROTECTION ") == aor.find("Protection de l'enfance") == "SCPE"
    assert aor.find("WASH") == "HORS"
    assert aor.find("") is None
    assert aor.find("astronomie") is None


def test_an_unknown_list_names_those_that_exist():
    with pytest.raises(KeyError, match="org_type"):
        codelist("nothing")


def test_no_spelling_means_two_codes_of_one_list():
    from danbe.reference.text import search_key

    for name in ("aor", "population_status", "activity_status", "org_type", "modality"):
        seen: dict[str, str] = {}
        for item in codelist(name).items:
            for spelling in (item.code, item.fr, item.en, *item.synonyms):
                assert seen.setdefault(search_key(spelling), item.code) == item.code, f"{name}: {spelling}"
