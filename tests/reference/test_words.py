"""French first, English complete, figures as each language writes them."""

import pytest

from danbe.reference.words import LOCALE, month_name, number, percent, plural_translator, translator


def test_figures_in_both_languages():
    assert number(12345.6, "fr", 1) == "12\u202f345,6"
    assert number(12345.6, "en", 1) == "12,345.6"
    assert percent(0.256, "fr") == "26\u202f%"


def test_a_missing_figure_is_not_zero():
    assert number(None, "fr") == percent(None, "fr") == "n.d."
    assert number(None, "en") == "n/a"


def test_months_and_spans():
    assert month_name("2025-03", "fr") == "mars 2025"
    assert month_name("2025-01/2025-12", "fr") == "janvier – décembre 2025"
    assert month_name("2024-12/2025-01", "en") == "December 2024 – January 2025"
    assert month_name("2025", "fr") == "2025"


def test_french_counts_zero_as_singular():
    assert plural_translator("fr")("ligne", "lignes", 0) == "ligne"
    assert plural_translator("en")("ligne introuvable", "lignes introuvables", 0) == "lignes introuvables"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'de'"):
        translator("de")


def test_every_room_translates_all_its_words():
    from babel.messages.pofile import read_po

    for path in sorted((LOCALE / "en").glob("*.po")):
        with path.open("rb") as file:
            missing = [m.id for m in read_po(file, locale="en") if m.id and not m.string]
        assert not missing, f"{path.name}: {missing}"
