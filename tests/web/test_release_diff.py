"""«Pourquoi le chiffre a changé», end to end: workbooks, two snapshots, two releases, and what a person then reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from danbe.curate.actions.snapshots import make_snapshot
from danbe.reference.change import pair, share
from danbe.web.queries import releases as queries
from tests.curate.workbooks import line, register_world, take_in, write
from tests.web.releases_world import drafted

pytestmark = pytest.mark.django_db
PEOPLE = {"reached_f_0_17": 100, "reached_m_0_17": 100, "reached_f_18_59": 120, "reached_m_18_59": 80, "reached": 400}
MORE = {**PEOPLE, "reached_f_18_59": 170, "reached": 450}


def told(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """A month in which three organisations serve each cercle, so that the gate hides nothing of what is compared."""
    others = [
        line(organisation=o, admin2_name=c, admin1_name=r, target=9000, **PEOPLE)
        for o in ("PARTENAIRE", "AUTRE")
        for r, c in (("Mopti", "Mopti"), ("Mopti", "Djenné"), ("Gao", "Gao"))
    ]
    return [*others, *rows]


@pytest.fixture
def releases(administrator: Any, data_folder: Path, tmp_path: Path) -> tuple[Any, Any]:
    """ASSO says 400 in Mopti and 400 in Djenné; then 450 in Mopti, nothing of Djenné, and 400 in Gao."""
    register_world()
    mine = {"target": 9000}
    first = told(line(**PEOPLE, **mine), line(admin2_name="Djenné", **PEOPLE, **mine))
    take_in(administrator, write(tmp_path / "mars.xlsx", first))
    before = drafted(administrator, make_snapshot(administrator))
    second = told(line(**MORE, **mine), line(admin1_name="Gao", admin2_name="Gao", **PEOPLE, **mine))
    batch = take_in(administrator, write(tmp_path / "mars corrigé.xlsx", second))
    assert [batch.result[k] for k in ("added", "corrected", "withdrawn", "rows_unchanged")] == [1, 1, 1, 6]
    return before, drafted(administrator, make_snapshot(administrator))


def test_each_figure_that_changed_has_its_causes(administrator: Any, releases: tuple[Any, Any]) -> None:
    found = queries.difference(administrator, *releases)["figures"]
    (services,) = [
        f for f in found if f["dimensions"] == {"indicator": "services_delivered", "period": "2025-03/2025-03"}
    ]
    assert (services["old"], services["new"]) == (3200, 3250)
    assert services["causes"] == {"withdrawn": -400, "corrected": 50, "added": 400}
    assert [f["table"] for f in found][:1] == ["key_figures"], "what people read first comes first"
    for figure in found:
        assert figure["causes"], f"no cause told: {figure}"
        if figure["old"] is not None and figure["new"] is not None:
            assert sum(figure["causes"].values()) == pytest.approx(figure["new"] - figure["old"])

    on_the_screen_and_in_the_terminal(administrator, *releases, {"figures": found, "more": 0})


def on_the_screen_and_in_the_terminal(administrator: Any, before: Any, after: Any, found: dict[str, Any]) -> None:
    """What a person reads of it: words, and no id."""
    from rich.console import Console

    from danbe.commands.release_cells import difference_table
    from danbe.web.queries.releases_words import words_of

    client = Client()
    client.force_login(administrator)
    page = client.get(f"/publications/comparer/?de={before.release_id}&a={after.release_id}").content.decode()
    assert "lignes corrigées : +50" in page and "lignes retirées : −400" in page
    assert "Services rendus" in page and "Djenné" in page and "mars 2025" in page
    for inside in ("withdrawn", "services_delivered", "key_figures", "2025-03"):
        assert f">{inside}" not in page, "ids are not for people"
    words = words_of(queries.folder(after).resolve())
    console = Console(width=160, record=True)
    console.print(difference_table(found, words))
    text = console.export_text()
    assert "lignes ajoutées : +400" in text and "withdrawn" not in text
    client.post("/langue/", {"language": "en"})
    page = client.get(f"/publications/comparer/?de={before.release_id}&a={after.release_id}").content.decode()
    assert "rows withdrawn: −400" in page


def test_shares_are_told_in_points_with_as_many_decimals_as_it_takes() -> None:
    assert pair(0.2436, 0.2435, True, "fr") == ("24,36\u202f%", "24,35\u202f%")
    assert pair(667171, 667028, False, "fr") == ("667\u202f171", "667\u202f028")
    assert pair(None, 1300, False, "en") == ("n/a", "1,300")
    assert share(-0.0000887, True, "fr") == "−0,0089 point"
    assert share(1300, False, "fr") == "+1\u202f300"
    assert share(-243.0, False, "en") == "−243"
