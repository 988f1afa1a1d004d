"""The public pages of monitoring and movements: made of released cells, both languages, each unit said."""

from __future__ import annotations

from typing import Any

import pytest

from danbe.publish.release import Release
from danbe.publish.site import monitoring, movements
from danbe.publish.site.figures import Figure, Scope
from danbe.publish.site.monitoring_scope import Board
from danbe.reference.catalogue.figures import TOTAL
from danbe.ui import PROTECTED
from danbe.ui.charts.heat import heat
from tests.publish.world import COUNTRY, make_release

YEAR, BEFORE = "2024-01/2024-12", "2023-01/2023-12"
GAO, MOPTI = "2021:ML07", "2021:ML05"


class Told(Release):
    """A release whose monitoring tables are those given."""

    tables: dict[str, list[dict[str, Any]]]

    def table(self, name: str) -> list[dict[str, Any]]:
        return self.__dict__["told"].get(name, []) if name.startswith(("monit", "movem")) else super().table(name)


def row(period: str, place: str, category: str, violations: int | None) -> dict[str, Any]:
    withheld = "violations" if violations is None else None
    return {"period": period, "place": place, "category": category, "violations": violations, "withheld": withheld}


VIOLATIONS = [
    row(YEAR, COUNTRY, TOTAL, 200), row(YEAR, COUNTRY, "PROP", 120), row(YEAR, COUNTRY, "VIE", 72), row(YEAR, COUNTRY, "INC", 8),
    row(YEAR, MOPTI, TOTAL, 150), row(YEAR, MOPTI, "PROP", 100), row(YEAR, MOPTI, "VIE", None), row(YEAR, MOPTI, "INC", None),
    row(YEAR, GAO, TOTAL, None), row(BEFORE, COUNTRY, TOTAL, 100),
    row("2024-06", COUNTRY, TOTAL, 30), row("2024-06", COUNTRY, "PROP", 20), row("2024-06", COUNTRY, "VIE", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make_release(tmp_path_factory.mktemp("release"))


def scope(folder, language: str = "fr", rows=VIOLATIONS) -> Scope:
    release = Told(folder)
    release.__dict__["told"] = {"monitoring_violations": rows}
    return Scope(release, release.country, language)


def test_a_page_stands_only_where_the_release_has_its_table(folder):
    assert not monitoring.has_monitoring(Release(folder)) and not movements.has_movements(Release(folder))
    assert monitoring.has_monitoring(scope(folder).release)


def test_every_drawing_keeps_the_total_and_tells_what_is_protected(folder):
    page = monitoring.page(scope(folder))
    months: Figure = page["figures"]["months"]
    assert months.exports and months.rows[0][-1] == 30 and PROTECTED in months.rows[0]
    assert "Protégé, ensemble : 10" in months.svg or "protégé" in months.svg.lower()
    heat_rows = page["figures"]["heat"].rows
    assert heat_rows[-1][-1] == 200 and heat_rows[-2][-1] == 50


def test_the_change_is_the_field_s_and_hidden_under_thirty(folder):
    assert Board(scope(folder), "monitoring_violations").rise("monitoring_violations", "violations")[0] == "+100\u202f%"
    few = [*VIOLATIONS[:-4], row(BEFORE, COUNTRY, TOTAL, 29)]
    change, why = Board(scope(folder, rows=few), "monitoring_violations").rise("monitoring_violations", "violations")
    assert (change, why) == ("", "pas de comparaison : moins de 30 un an avant")


def test_a_sentence_is_a_query_over_released_cells_and_silent_where_one_is_withheld(folder):
    said = monitoring.page(scope(folder))["sentences"]
    assert said[0] == "La région qui en rapporte le plus est Mopti : 150 sur 200 violations (75\u202f%)."
    hidden = [{**r, "violations": None, "withheld": "violations"} if r["place"] == COUNTRY else r for r in VIOLATIONS]
    assert monitoring.page(scope(folder, rows=hidden))["sentences"] == []


def test_in_english_nothing_stays_french(folder):
    page = monitoring.page(scope(folder, "en"))
    text = " ".join([*page["sentences"], *(i["note"] for i in page["key_figures"]), *(f.title + f.note + f.source for f in page["figures"].values())])  # fmt: skip
    for word in ("région", "catégorie", "monitoring de", "précisé", "personnes", " par ", " de "):
        assert word not in text


def test_a_heat_map_marks_a_withheld_cell_and_a_missing_one():
    svg = heat([("r", "Gao")], [("a", "A"), ("b", "B"), ("c", "C")], {("r", "a"): PROTECTED, ("r", "b"): None, ("r", "c"): 7}, [5.0], "T", "violations")  # fmt: skip
    assert "protégé" in svg and "–" in svg and ">7<" in svg
