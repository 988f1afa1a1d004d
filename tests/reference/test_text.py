"""Names as partners type them meet the names as the register holds them."""

from hypothesis import given
from hypothesis import strategies as st

from danbe.reference.text import clean, search_key, slug


def test_spellings_of_one_place_share_a_key():
    assert search_key("Gourma-Rharous ") == search_key("GOURMA\u00a0RHAROUS") == "gourma rharous"
    assert search_key("Ménaka") == search_key("menaka") == "menaka"


def test_integers_read_as_floats_lose_their_decimals():
    assert clean(68.0) == "68"
    assert clean(68.5) == "68.5"


def test_a_missing_cell_is_empty_text():
    assert clean(None) == search_key(None) == slug(None) == ""


@given(st.text())
def test_a_key_is_stable_and_plain(text):
    key = search_key(text)
    assert search_key(key) == key
    assert key.isascii()
    assert key == " ".join(key.split())


@given(st.text(), st.sampled_from(["upper", "lower", "swapcase", "title"]))
def test_case_never_separates_ascii_names(text, change):
    plain = text.encode("ascii", "ignore").decode()
    assert search_key(getattr(plain, change)()) == search_key(plain)
