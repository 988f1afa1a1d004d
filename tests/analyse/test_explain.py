"""Any number, explained: the steps add up to it, and the rows behind it too."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings

from danbe.analyse.compute import figure_tables
from danbe.analyse.explain import CannotExplain, Explainer, explain
from danbe.analyse.response_tables import MEASURES
from danbe.reference.catalogue.figures import FIGURES
from tests.analyse.test_reach import built, needs_, rows_
from tests.analyse.worlds import act, cell, world


def adds_up(found):
    """Whether steps and rows make up the value, part by part."""
    for part in found.parts:
        adds_up(part)
    if found.value is None:
        assert not any(r.contribution for r in found.rows)
    elif found.measure in ("coverage", "rate"):
        assert found.value == pytest.approx(found.parts[0].value / found.parts[1].value)
    elif found.measure == "gap":
        assert found.value == found.parts[0].value - found.parts[1].value == sum(s.contribution for s in found.steps)
    else:
        assert sum(s.contribution for s in found.steps) == found.value
        caps = sum(s.contribution for s in found.steps if s.kind == "cap")
        assert sum(r.contribution for r in found.rows) + caps == found.value


def test_the_steps_say_who_won_and_why():
    w = world(
        [
            act(1, "C1a", 30),
            act(2, "C1a", 25, indicator_id="I2", organisation_id="o2"),
            act(3, "C1a", 20, indicator_id="I3", aor="SCVBG"),
        ],
        people_in_need=[cell("C1", 28)],
    )
    found = explain(w, "need_target_reached", "reached")
    assert found.value == 28
    assert [s.text for s in found.steps] == [
        "Lieu C1a, Personne déplacée interne, Indicateur I1 : 30 (retenu)",
        "Lieu C1a, Personne déplacée interne, Indicateur I2 : 25 (non retenu, recouvert par «Indicateur I1»)",
        "Lieu C1a, Personne déplacée interne, Indicateur I3 : 20 "
        "(non retenu, le domaine «Protection générale» est plus grand)",
        "Lieu C1, Personne déplacée interne : plafonné aux personnes dans le besoin (-2)",
    ]  # fmt: skip
    assert [(r.id, r.organisation, r.value, r.contribution) for r in found.rows] == [
        ("1", "O1", 30, 30), ("2", "O2", 25, 0), ("3", "O1", 20, 0),
    ]  # fmt: skip
    assert "max" in found.formula
    adds_up(found)


def test_organisations_are_counted_once():
    w = world([act(1, "C1a"), act(2, "C1b"), act(3, "C1a", organisation_id="o2")])
    found = explain(w, "presence", "organisations", {"place": "C1", "period": "2025-01"})
    assert (found.value, [r.contribution for r in found.rows]) == (2, [1, 0, 1])


def test_a_need_of_zero_is_explained_by_its_row():
    snapshot = world([act(1, "C1a", 30, aor="SCVBG")], people_in_need=[cell("C1", 0, "PDI", "SCVBG")])
    period = figure_tables(snapshot)["need_target_reached"].to_pylist()[0]["period"]
    filters = {"period": period, "level": "2", "place": "C1", "aor": "TOTAL", "population_status": "PDI"}
    found = explain(snapshot, "need_target_reached", "people_in_need", filters)
    assert (found.value, [r.contribution for r in found.rows]) == (0, [0])


def test_what_does_not_exist_is_named():
    w = world([act(1, "C1a", 10)])
    for table, measure, filters, message in (
        ("nowhere", "reached", {}, "table inconnue"),
        ("presence", "reached", {}, "organisations, activities"),
        ("presence", "organisations", {"sex_age": "F_60"}, "n’a pas la dimension sex_age"),
        ("presence", "organisations", {"place": "Gao"}, "lieu inconnu"),
        ("presence", "organisations", {"period": "2031-01"}, "période inconnue"),
        ("reach_sex_age", "reached", {}, "préciser sex_age"),
        ("key_figures", "happiness", {}, "chiffre clé inconnu"),
    ):
        with pytest.raises(CannotExplain, match=message):
            explain(w, table, measure, filters)


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(rows_, needs_)
def test_every_figure_of_a_random_world_is_explained(rows, needs):
    snapshot, _ = built(rows, needs)
    snapshot = snapshot.replaced(
        targets=world([], targets=[cell(p, v, g, a) for (p, a, g), v in needs.items()]).table("targets")
    )
    explainer = Explainer(snapshot)
    tables = figure_tables(snapshot)
    for name, measures in MEASURES.items():
        keys = FIGURES[name].key
        table = tables[name].to_pylist()
        step = max(1, len(table) // 3)
        for row in table[::step]:
            if row["period"] == "2025-01":
                continue
            for measure in measures:
                found = explainer.explain(name, measure, {k: row[k] for k in keys})
                assert found.value == pytest.approx(row[measure]), (name, measure, row)
                adds_up(found)
    for row in tables["key_figures"].to_pylist():
        found = explainer.explain("key_figures", row["indicator"], {"period": row["period"]})
        assert found.value == pytest.approx(row["value"])


def test_the_explanation_speaks_english():
    w = world([act(1, "C1a", 30), act(2, "C1a", 25, indicator_id="I2")])
    found = explain(w, "need_target_reached", "reached", language="en")
    assert found.label == "People reached"
    assert found.steps[0].text.endswith("30 (kept)")
    assert "covered by" in found.steps[1].text
