"""The board and the page of one thread, as those who follow it see them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from danbe.curate.actions import assessments
from danbe.curate.assessments.drafts import AssessmentDraft, FindingDraft
from tests.web.test_monitoring import DAY, field  # noqa: F401  the people and a movement on the screen


def test_a_thread_shows_its_delays_and_what_is_late(field: dict[str, Any]) -> None:  # noqa: F811
    """The movement's alert is of DAY, the visit two days later, the report seven days after that: nine."""
    boss = field["boss"]
    said = AssessmentDraft(
        DAY + timedelta(days=2), "tst0501", DAY + timedelta(days=9), focus_groups=2, people_affected=540,
        findings=[FindingDraft("PAF-15", "départs après des menaces", 4, "dit par chaque groupe")],
        recommendations=["ouvrir un point d’eau"],
    )  # fmt: skip
    made = assessments.record(boss, said)
    page = f"/suivi/evaluations/{made.pk}/"
    assert "Alertes proposées" in field["supervisor"].get(page).text
    field["supervisor"].post(f"{page}alerte/", {"alerte": f"movement:{field['movement'].pk}"})
    assessments.submit(boss, made)
    assessments.review(boss, made, "validated")
    (recommended,) = made.recommendations.all()
    assessments.act(boss, recommended, field["alpha"], date(2022, 8, 1), agreed_on=date(2022, 7, 1))
    shown = field["supervisor"].get(page).text
    assert "2 jours" in shown and "7 jours" in shown and "9 jours" in shown and "de retard" in shown
    board = field["coordinator"].get("/suivi/evaluations/").text
    assert "1 / 1 (100 %)" in board and "0 / 1 (0 %)" in board and "1 action en retard" in board
    field["coordinator"].cookies["danbe_langue"] = "en"
    assert "1 action overdue" in field["coordinator"].get("/suivi/evaluations/").text
