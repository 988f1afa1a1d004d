"""The results framework of the pack: right by the catalogue, whole, and loaded without doing anything twice."""

from __future__ import annotations

import pytest

from danbe.packs.mli import FOLDER, PackError, framework_rows
from danbe.reference.codelists import codelist
from danbe.register.actions.framework import load_framework
from danbe.register.models import Indicator


def test_the_framework_covers_every_objective_and_area():
    rows = framework_rows()
    assert {r["objective"] for r in rows} == {i.code for i in codelist("objective").items}
    assert {r["aor"] for r in rows} == {i.code for i in codelist("aor").items} - {"HORS"}
    assert all(r["activity_en"] and r["name_en"] for r in rows)


def test_what_is_counted_apart_or_added_is_declared_for_persons_only():
    for row in framework_rows():
        if row["mass_awareness"] or row["disjoint_set"]:
            assert row["unit"] == "PERS", row["indicator_id"]
        assert not (row["mass_awareness"] and row["disjoint_set"]), row["indicator_id"]


def test_loading_twice_changes_nothing(administrator):
    first, again = load_framework(administrator), load_framework(administrator)
    assert first.added == first.indicators == Indicator.objects.count()
    assert (again.added, again.changed) == (0, 0)


def test_an_indicator_changed_by_hand_returns_to_the_pack(administrator):
    load_framework(administrator)
    Indicator.objects.filter(code="CP-201").update(unit="AUT")
    assert load_framework(administrator).changed == 1
    assert Indicator.objects.get(code="CP-201").unit == "PERS"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("CP-101,CP,OS1", "CP-101,XX,OS1", "line 2: aor 'XX'"), ("CP-102,CP", "CP-101,CP", "'CP-101' occurs twice")],
)
def test_a_wrong_line_is_named(tmp_path, old, new, told):
    path = tmp_path / "framework.csv"
    path.write_text((FOLDER / "framework.csv").read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(PackError, match=told):
        framework_rows(path)
