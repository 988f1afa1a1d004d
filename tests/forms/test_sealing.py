"""Submissions of sensitive forms: nothing of their texts lies in clear, and each reading is a line in the log."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.forms.conftest import SURVEY, Phone, filled

TOLD = "Aminata, au puits de Bankass, a vu les hommes partir vers le nord"
SURVEY_TOLD = [[*row, ""] for row in SURVEY]
SURVEY_TOLD[0][-1] = "appearance"
SURVEY_TOLD.append(["text", "recit", "Que s’est-il passé ?", "What happened?", "", "multiline"])
BODY = (
    f"<admin1>tst05</admin1><remark>Appeler Aminata</remark><households>2</households><photo>p.jpg</photo><needs>eau</needs>"
    f"<person><age>34</age><document><kind>carte de Aminata</kind></document></person><recit>{TOLD}</recit>"
)


@pytest.fixture
def told(publish: Any, phone: Phone) -> Any:
    """A form that asks for a narrative, and one submission of it with a photo."""
    from danbe.collect.models import Submission

    publish(survey=SURVEY_TOLD)
    assert phone.post(filled("uuid:1", body=BODY), {"p.jpg": b"une photo de Aminata"}).status_code == 201
    return Submission.objects.get()


def lying(data: Path, word: bytes) -> list[str]:
    """The files of the data folder in which the word can be read."""
    return [str(p) for p in data.rglob("*") if p.is_file() and word in p.read_bytes()]


def test_a_form_that_asks_for_a_narrative_is_sensitive_from_its_first_submission(told: Any, data_folder: Path) -> None:
    assert told.form.sensitive and told.sealed
    assert told.answers == {
        "admin1": "tst05", "households": 2, "photo": "p.jpg", "needs": ["eau"], "meta": {"instanceID": "uuid:1"},
        "person": [{"age": 34, "document": [{}]}],
    }  # fmt: skip
    assert told.region.place_id == "tst05"
    assert not lying(data_folder, b"Aminata") and list((data_folder / "sealed").glob("*.age"))


def test_the_same_again_is_202_and_another_text_409(told: Any, phone: Phone) -> None:
    assert phone.post(filled("uuid:1", body=BODY), {"p.jpg": b"une photo de Aminata"}).status_code == 202
    assert phone.post(filled("uuid:1", body=BODY.replace("nord", "sud"))).status_code == 409
    assert told.attachments.count() == 1


def test_reading_leaves_a_line_and_is_not_for_everyone(told: Any, people: Any) -> None:
    from danbe.register.models import ActionLog

    def browse(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    page = f"/soumissions/{told.pk}/"
    supervisor = browse("supervisor")
    shown = supervisor.get(page).text
    assert "sous clé" in shown and "Aminata" not in shown and "Lire les textes" in shown
    assert TOLD in supervisor.post(f"{page}textes/").text
    photo = told.attachments.get()
    assert supervisor.get(f"{page}fichiers/{photo.pk}/").status_code == 405
    assert b"".join(supervisor.post(f"{page}fichiers/{photo.pk}/").streaming_content) == b"une photo de Aminata"
    assert TOLD.encode() in b"".join(supervisor.post(f"{page}document/").streaming_content)
    lines = ActionLog.objects.filter(verb__startswith="submissions.open").order_by("pk")
    assert [(line.verb, line.user) for line in lines] == [
        (f"submissions.{v}", people["supervisor"]) for v in ("open_texts", "open_file", "open_file")
    ]
    assert "Lire les textes" not in browse("administrator").get(page).text
    assert browse("administrator").post(f"{page}textes/").status_code == 403
    assert browse("other").post(f"{page}textes/").status_code == 404


def test_an_export_holds_no_text_unless_asked_by_who_may_read_it(told: Any, people: Any, tmp_path: Path) -> None:
    from danbe.collect.actions.submissions import export
    from danbe.register.audit import NotAllowed
    from danbe.register.models import ActionLog

    def written(user: Any, where: str, **more: Any) -> dict[str, str]:
        folder = tmp_path / where
        folder.mkdir()
        export(user, told.form, "csv", **more).write(folder, files=True)
        assert (folder / "fichiers").exists() == bool(more)
        return next(csv.DictReader((folder / "alerte.csv").open(encoding="utf-8-sig")))

    plain = written(people["coordinator"], "a")
    assert plain["recit"] == plain["remark"] == "" and plain["households"] == "2"
    assert written(people["coordinator"], "b", texts=True)["recit"] == TOLD
    assert ActionLog.objects.filter(verb="submissions.export").latest("pk").details["texts"] is True
    with pytest.raises(NotAllowed):
        export(people["administrator"], told.form, "csv", texts=True)


def test_a_narrative_goes_from_lock_to_lock_into_its_incident(told: Any, people: Any, data_folder: Path) -> None:
    from danbe.curate.actions.mapping import apply, confirm, declare
    from danbe.curate.models import Narrative
    from danbe.curate.monitoring.narratives import unlock
    from danbe.register.models import ActionLog

    columns = {"event_date": {"value": "2025-03-01"}, "record_type": {"value": "FLASH"}, "narrative": {"path": "recit"}}
    rules = {"sources": [{"table": "incidents", "repeat": "", "columns": columns}]}
    confirm(people["coordinator"], declare(people["coordinator"], "alerte", "", rules))
    done = apply(people["coordinator"], "alerte")
    assert (done.incidents, done.opened) == (1, 1)
    assert unlock(Narrative.objects.get().ciphertext) == TOLD
    assert ActionLog.objects.filter(verb="mapping.apply").latest("pk").details["opened"] == 1
    assert not lying(data_folder, b"Aminata")


def test_the_coordination_may_say_that_a_form_is_sensitive(
    form: Any, phone: Phone, people: Any, data_folder: Path
) -> None:
    from danbe.collect.actions.forms import protect
    from danbe.collect.models import Submission
    from danbe.collect.sealing import opened

    assert not form.form.sensitive
    protect(people["coordinator"], form.form)
    phone.post(filled("uuid:2"))
    kept = Submission.objects.get()
    assert "remark" not in kept.answers and kept.answers["distance"] == 1.5
    assert opened(kept)["remark"] == "Deux familles, «près» du puits" and not lying(data_folder, "«près»".encode())


def test_a_workbook_of_a_sensitive_form_lies_locked_too(publish: Any, people: Any) -> None:
    from danbe.collect.actions.exports import load
    from danbe.collect.models import Submission
    from danbe.collect.sealing import opened
    from tests.forms.test_exported import in_force, uploaded, workbook

    version = publish(survey=SURVEY_TOLD)
    sheets = {"alerte": [["_uuid", "households", "recit"], ["a", 3, TOLD]]}
    upload = uploaded(people, workbook(sheets))
    mapping = in_force(people, version, upload)
    assert load(people["coordinator"], mapping, upload).report["created"] == 1
    kept = Submission.objects.get()
    assert kept.sealed and kept.answers == {"households": 3} and opened(kept)["recit"] == TOLD
    assert load(people["coordinator"], mapping, upload).report["already"] == 1
    sheets["alerte"][1][2] = TOLD + " puis revenir"
    assert load(people["coordinator"], mapping, uploaded(people, workbook(sheets))).report["edited"] == 1
