"""Free text never passes: a person named bars it, a figure in a sentence is a released cell, a typed one is refused."""

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect.reasons import Refused
from danbe.protect.text import ReleasedCells, check_editorial, check_folder, reason_of, render, settle_folder
from danbe.reference.personal import detect

LISTS = json.loads(files("danbe.packs").joinpath("mli", "personal.json").read_text("utf-8"))
TEXTS = files("danbe.packs").joinpath("mli", "texts")

ROWS = [
    {"period": "2025-01/2025-12", "level": "0", "place": "ML", "aor": "TOTAL", "target": 40_000, "reached": 12_345, "gap": 27_655, "coverage": 0.3086, "withheld": None},
    {"period": "2025-01/2025-12", "level": "0", "place": "ML", "aor": "SCPE", "target": 900, "reached": None, "gap": None, "coverage": 0.004, "withheld": "reached gap"},
    {"period": "2024-01/2024-12", "level": "0", "place": "ML", "aor": "TOTAL", "target": 30_000, "reached": 10_000, "gap": 20_000, "coverage": 0.3333, "withheld": None},
    {"period": "2025-01/2025-12", "level": "1", "place": "ML05", "aor": "TOTAL", "target": None, "reached": 4_000, "gap": None, "coverage": None, "withheld": None},
]  # fmt: skip
CELLS = ReleasedCells.from_tables(
    {"need_target_reached": (("period", "level", "place", "aor"), ROWS)},
    level="0",
    place="ML",
    period="2025-01/2025-12",
)
T = "need_target_reached"


def rules(text, **more):
    return [r.rule for r in check_editorial(text, CELLS, "fr", **more)]


# A person in a text


@given(st.sampled_from(LISTS["given"]), st.sampled_from(LISTS["family"]), st.sampled_from([str, str.upper, str.lower]))
@settings(deadline=None)
def test_a_reason_never_repeats_the_name(first, last, typed):
    name = f"{typed(first)} {typed(last)}"
    text = f"Hier, {name} a été vu au marché."
    (finding,) = [f for f in detect(text) if f.kind == "name"]
    assert finding.certain and name not in reason_of(finding, text).text("fr") + reason_of(finding, text).text("en")


# A sentence over released cells


def test_a_sentence_takes_its_figures_from_released_cells():
    sentence = (
        f"Le cluster a atteint {{figure:{T}.reached}} personnes, soit {{share:{T}.reached / {T}.target}} de la cible."
    )
    assert render(sentence, CELLS, "fr") == "Le cluster a atteint 12\u202f345 personnes, soit 31\u202f% de la cible."
    assert render(f"{{figure:{T}.reached[level=1, place=ML05]}} in the region", CELLS, "en") == "4,000 in the region"
    assert render(f"{{figure:{T}.coverage}}", CELLS, "en") == "31%"
    assert render(f"{{change:{T}.reached / {T}.reached[period=2024-01/2024-12]}}", CELLS, "en") == "+23%"
    assert render(f"{{figure:{T}.target[level=1, place=ML05]}}", CELLS, "fr") == "n.d."


def test_a_withheld_cell_is_written_protected():
    sentence = f"Protection de l’enfance : {{figure:{T}.reached[aor=SCPE]}}."
    assert render(sentence, CELLS, "fr") == "Protection de l’enfance : protégé."
    assert render(f"{{figure:{T}.reached[aor=SCPE]}}", CELLS, "en") == "withheld"


@pytest.mark.parametrize(
    "sentence",
    [
        f"{{share:{T}.reached[aor=SCPE] / {T}.reached}}",
        f"{{share:{T}.target[aor=SCPE] / {T}.reached[aor=SCPE]}}",
        f"{{change:{T}.reached[aor=SCPE] / {T}.reached}}",
        f"{{figure:{T}.coverage[aor=SCPE]}}",
    ],
)
def test_a_sentence_that_would_tell_a_withheld_cell_is_refused(sentence):
    with pytest.raises(Refused, match=r"text\.tells"):
        render(sentence, CELLS, "fr")


@pytest.mark.parametrize(
    ("placeholder", "rule"),
    [
        ("{figure:table_inconnue.reached}", "text.unknown_table"),
        (f"{{figure:{T}.survivors}}", "text.unknown_measure"),
        (f"{{figure:{T}.reached[commune=X]}}", "text.unknown_dimension"),
        (f"{{figure:{T}.reached[aor=CP]}}", "text.no_cell"),
        (f"{{figure:{T}.reached[aor]}}", "text.placeholder"),
        (f"{{share:{T}.reached}}", "text.placeholder"),
        (f"{{share:{T}.coverage / {T}.reached}}", "text.unlike"),
        ("{12}", "text.placeholder"),
        ("{raw:4}", "text.placeholder"),
    ],
)
def test_a_placeholder_that_does_not_hold_says_what_is_wrong(placeholder, rule):
    text = f"Première ligne.\nEn tout {placeholder} personnes."
    with pytest.raises(Refused) as error:
        render(text, CELLS, "fr")
    (reason,) = error.value.reasons
    assert reason.rule == rule and (reason.details["line"], reason.details["column"]) == (2, 9)
    assert rule in rules(text)


def test_a_dimension_without_default_must_be_given():
    cells = ReleasedCells.from_tables({"presence": (("period", "place"), [{"period": "2025", "place": "A", "n": 1}])})
    with pytest.raises(Refused, match=r"text\.missing_dimension"):
        render("{figure:presence.n[place=A]}", cells, "fr")


# Editorial texts of a release


def test_the_texts_of_the_pack_may_leave():
    assert check_folder(TEXTS, CELLS) == {}


@pytest.mark.parametrize(
    "text",
    [
        "En 2025, 12 345 personnes ont été atteintes.",
        "Soit 31 % de la cible.",
        "**1,5 million** de déplacés",
        "Près de 3M USD",
        "< 5 victimes",
        "2025 personnes",
        "Trois filles ont été recrutées.",
        "Une personne sur deux est déplacée.",
        "La moitié des ménages a fui.",
        "Dozens of families fled.",
        "Two survivors were referred.",
        "cinquante pour cent",
        "`7` incidents",
        "<!-- 7 incidents -->",
    ],
)
def test_a_typed_figure_is_refused(text):
    assert set(rules(text)) <= {"text.number", "text.number_word"} and rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Depuis 2012, la crise s’étend ; voir le plan 2025–2026 (IASC, 2016).",
        "La loi n° 2024-027 du 13 décembre 2024, art. 324-11, et la résolution 1325 (2000) du Conseil de sécurité.",
        "Resolution 2664 (2022); articles 3 and 5; IMAS 05.10; ISO 3166.",
        "1. **Données.** Le 5W de chaque mois.\n2. Le 1er trimestre.",
        "Un enfant, une famille, les deux parties, l’objectif 4, PAF-12, OS1, T3 2024, COVID-19, 24h/24.",
        "Voir [le plan](https://exemple.org/plan/2025/3402).",
        "Le 8 mars 2025 et le 12 février.",
        f"Le cluster a atteint {{figure:{T}.reached[period=2025-01/2025-12]}} personnes.",
    ],
)
def test_years_laws_lists_and_placeholders_are_not_typed_figures(text):
    assert rules(text) == []


def test_what_the_cluster_approved_passes_as_it_stands():
    text = "Numéro vert : 80 00 00 00. Les nombres inférieurs à 5 sont masqués. cluster@exemple.org"
    assert set(rules(text)) == {"text.phone", "text.number", "text.email"}
    allowed = ["80 00 00 00", "inférieurs à 5", "cluster@exemple.org"]
    assert rules(text, allowed=allowed) == []


def test_a_reason_says_where_in_both_languages():
    (reason,) = check_editorial("Bonjour.\n\nAtteints : 412.", CELLS, "fr")
    assert (reason.details["line"], reason.details["column"], reason.details["value"]) == (3, 12, "412")
    assert "Ligne 3" in reason.text("fr") and "Line 3" in reason.text("en")


def test_persons_in_an_editorial_text_are_refused():
    assert rules("Rencontre avec M. Nomfictif le mois dernier.") == ["text.name"]
    assert rules("Incident au point 14.4843, -4.1821.") == ["text.coordinates"]
    assert rules("Un Titre En Capitales Inhabituelles") == [], "a guess does not bar a release"


def test_a_folder_of_texts_is_written_with_its_figures_or_not_at_all(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "home.fr.md").write_text(f"Atteints : {{figure:{T}.reached}}.", "utf-8")
    (source / "home.en.md").write_text(f"Reached: {{figure:{T}.reached}}.", "utf-8")
    assert [p.name for p in settle_folder(source, target, CELLS)] == ["home.en.md", "home.fr.md"]
    assert (target / "home.en.md").read_text("utf-8") == "Reached: 12,345."
    (source / "about.fr.md").write_text("Depuis toujours.\n412 incidents.", "utf-8")
    with pytest.raises(Refused, match=r"about\.fr\.md, Ligne 2, caractère 1"):
        settle_folder(source, tmp_path / "again", CELLS)
    assert not (tmp_path / "again").exists()


def test_the_cells_are_those_of_a_release_folder(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "tables").mkdir()
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "tables" / f"{T}.parquet")
    pq.write_table(pa.Table.from_pylist([{"place_id": "ML", "level": "0"}]), tmp_path / "tables" / "places.parquet")
    facts = {"dimensions": ["period", "level", "place", "aor"], "measures": ["target", "reached", "gap", "coverage"]}
    manifest = {"period": {"start": "2025-01", "end": "2025-12"}, "tables": {T: facts, "places": {"rows": 1}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    cells = ReleasedCells.from_folder(tmp_path)
    assert render(f"{{figure:{T}.reached}}", cells, "en") == "12,345"
    assert render(f"{{figure:{T}.gap[aor=SCPE]}}", cells, "en") == "withheld"


def test_a_release_is_refused_with_a_typed_figure_and_carries_those_it_has(tmp_path):
    from tests.protect.test_gate import quiet
    from tests.publish.world import make_release

    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "home.fr.md").write_text("En juin, 1 234 personnes ont été touchées.", "utf-8")
    with pytest.raises(Refused) as refusal:
        make_release(tmp_path / "a", tables=quiet(), texts=texts)
    assert "1 234" in refusal.value.text() and "home.fr.md" in refusal.value.text()
    assert not any(p.is_dir() for p in (tmp_path / "a" / "releases").glob("*"))
    (texts / "home.fr.md").write_text("**{figure:presence.organisations[level=0, aor=TOTAL]}** organisations.", "utf-8")
    release = make_release(tmp_path / "b", tables=quiet(), texts=texts)
    assert (release / "texts" / "home.fr.md").read_text("utf-8").split("**")[1].isdigit()
