"""A form's data that arrive as a workbook another server exported: declared, confirmed, and every row accounted for."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.forms.conftest import filled

MAIN = ["_uuid", "_index", "_submission_time", "_validation_status", "admin1", "Remarque", "households", "needs", "needs/eau", "place/site", "weight"]  # fmt: skip
PERSON = ["age", "_index", "_parent_table_name", "_parent_index", "_submission__uuid"]
DOCUMENT = ["person/document/kind", "_index", "_parent_table_name", "_parent_index"]
ONE, TWO = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SHEETS: dict[str, list[list[Any]]] = {
    "lisez-moi": [["À lire"], ["Données d’essai"]],
    "alerte": [
        MAIN,
        [ONE, 1, "2025-03-04T10:00:00", "Approved", "tst05", "deux familles", 2, "eau abri", 1, "École", 0.4],
        [TWO, 2, "2025-03-05T10:00:00", "", "tst09", None, "beaucoup", "eau", 1, None, 1.7],
    ],
    "person": [PERSON, [34, 1, "alerte", 1, ONE], [7, 2, "alerte", 1, ONE], [50, 3, "alerte", 2, TWO], [9, 4, "alerte", 8, "?"]],
    "document": [DOCUMENT, ["carte", 1, "person", 1], ["acte", 2, "person", 1], ["carte", 3, "person", 3], ["acte", 4, "person", 4]],
}  # fmt: skip


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def uploaded(people: Any, content: bytes, name: str = "export.xlsx") -> Any:
    from danbe.collect.actions import receive

    return receive(people["coordinator"], content, name)


def in_force(people: Any, version: Any, upload: Any) -> Any:
    """The proposed rules, declared and confirmed as they are."""
    from danbe.collect.actions.exports import confirm, declare
    from danbe.collect.queries.exports import grids, rules_for

    rules, _known = rules_for(people["coordinator"], version, grids(upload))
    return confirm(people["coordinator"], declare(people["coordinator"], version, rules))


def test_headers_propose_how_sheets_stand_to_the_form(form: Any, people: Any) -> None:
    from danbe.collect.queries.exports import grids, rules_for

    rules, known = rules_for(people["coordinator"], form, grids(uploaded(people, workbook(SHEETS))))
    assert known is None and rules["left_out"] == ["lisez-moi"]
    main, person, document = rules["sheets"]
    assert (main["id"], main["submitted"], main["review"]) == ("_uuid", "_submission_time", "_validation_status")
    assert main["columns"]["Remarque"] == "remark" and main["columns"]["place/site"] == "place/site"
    assert main["columns"]["needs"] == "needs" and main["columns"]["needs/eau"] == "" == main["columns"]["weight"]
    assert person["repeat"] == "person" and document["repeat"] == "person/document"
    assert person["parent"] == {"sheet": "alerte", "own": "_parent_index", "theirs": "_index"}
    assert document["parent"] == {"sheet": "person", "own": "_parent_index", "theirs": "_index"}


def test_every_row_is_stored_or_told_and_twice_changes_nothing(form: Any, people: Any) -> None:
    from danbe.collect.actions.exports import load
    from danbe.collect.models import Submission
    from danbe.collect.queries.exports import Report, sentence

    upload = uploaded(people, workbook(SHEETS))
    mapping = in_force(people, form, upload)
    report = Report(**load(people["coordinator"], mapping, upload, people["alpha"]).report)
    assert report.closes and (report.created, report.reviewed, report.odd) == (2, 1, 1)
    counted = {s["sheet"]: (s["rows"], s["stored"], s["reported"]) for s in report.sheets}
    assert counted == {"alerte": (2, 2, 0), "person": (4, 3, 1), "document": (4, 3, 1)}
    assert [(p["sheet"], p["row"], p["rule"]) for p in report.problems] == [
        ("person", 5, "export.orphan"), ("document", 5, "export.orphan"),
    ]  # fmt: skip
    assert "« alerte »" in sentence(report.problems[0], "fr") and "'alerte'" in sentence(report.problems[0], "en")
    one, two = Submission.objects.order_by("instance_id")
    assert one.answers == {
        "admin1": "tst05", "remark": "deux familles", "households": 2, "needs": ["eau", "abri"], "place": {"site": "École"},
        "person": [{"age": 34, "document": [{"kind": "carte"}, {"kind": "acte"}]}, {"age": 7}],
    }  # fmt: skip
    assert two.answers["households"] == "beaucoup", "what is no number stays as it was written"
    assert (one.instance_id, one.source, one.review_state, one.region_id) == (
        f"uuid:{ONE}",
        "workbook",
        "validated",
        people["tst05"].pk,
    )
    assert one.organisation == people["alpha"] and one.submitted_at.isoformat() == "2025-03-04T10:00:00+00:00"
    again = Report(**load(people["coordinator"], mapping, upload, people["alpha"]).report)
    assert again.closes and (again.created, again.edited, again.already) == (0, 0, 2)


def test_a_corrected_workbook_corrects_and_a_phones_submission_stays(form: Any, people: Any) -> None:
    from danbe.collect.actions.exports import load
    from danbe.collect.actions.submissions import receive
    from danbe.collect.models import Submission

    receive(people["monitor"], filled(f"uuid:{TWO}"))
    upload = uploaded(people, workbook(SHEETS))
    mapping = in_force(people, form, upload)
    assert load(people["coordinator"], mapping, upload).report["created"] == 1
    rows = [list(r) for r in SHEETS["alerte"]]
    rows[1][6], rows[2][6] = 3, 9
    done = load(people["coordinator"], mapping, uploaded(people, workbook({**SHEETS, "alerte": rows})))
    assert (done.report["edited"], done.report["already"]) == (1, 1)
    current = Submission.objects.filter(superseded_by=None)
    assert {s.root_instance_id: s.answers["households"] for s in current} == {f"uuid:{ONE}": 3, f"uuid:{TWO}": 2}
    assert Submission.objects.count() == 3


def test_a_mapping_is_versioned_and_a_draft_imports_nothing(form: Any, people: Any) -> None:
    from danbe.collect.actions.exports import declare, load
    from danbe.collect.forms.exported import RulesRefused
    from danbe.collect.messages import FieldRefused
    from danbe.collect.queries.exports import grids, rules_for
    from danbe.register.audit import NotAllowed

    upload = uploaded(people, workbook(SHEETS))
    first = in_force(people, form, upload)
    rules, known = rules_for(people["coordinator"], form, grids(upload))
    assert known == first, "the mapping in force serves the next workbook of the same headers"
    rules = json.loads(json.dumps(rules))
    rules["sheets"][0]["columns"]["Remarque"] = ""
    draft = declare(people["coordinator"], form, rules)
    assert (draft.number, draft.state) == (2, "draft")
    with pytest.raises(FieldRefused):
        load(people["coordinator"], draft, upload)
    rules["sheets"][1]["columns"]["age"] = "households"
    with pytest.raises(RulesRefused, match="households"):
        declare(people["coordinator"], form, rules)
    with pytest.raises(NotAllowed):
        load(people["supervisor"], first, upload)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(0, 9), max_size=12),
    children=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 30)), max_size=30),
)
def test_rows_in_are_rows_stored_plus_rows_told(parents: list[int], children: list[tuple[int, int]]) -> None:
    from danbe.collect.forms.exported import Grid, checked, propose
    from danbe.collect.forms.exported_rows import assemble

    schema = {"fields": [
        {"path": "q", "name": "q", "type": "int", "label": {}, "repeat": ""},
        {"path": "r", "name": "r", "type": "repeat", "label": {}, "repeat": ""},
        {"path": "r/x", "name": "x", "type": "int", "label": {}, "repeat": "r"},
    ]}  # fmt: skip
    main = Grid("main", ("_uuid", "_index", "q"), [(n, [str(p), p, n]) for n, p in enumerate(parents, start=2)])
    # A first child that fits makes the link be found whatever was drawn.
    rows = [(2, [parents[0], 1]), *[(n, [p, x]) for n, (p, x) in enumerate(children, start=3)]] if parents else []
    below = Grid("r", ("_parent_index", "x"), [(n, list(r)) for n, r in rows])
    if not parents:
        return
    found = assemble([main, below], checked(propose([main, below], schema), schema), schema, "1")
    for count in found.counted:
        stored = sum(b.rows.get(count.sheet, 0) for b in found.built)
        assert count.rows == stored + count.reported
    assert sum(len(b.record.answers.get("r", [])) for b in found.built) == sum(b.rows.get("r", 0) for b in found.built)


@pytest.mark.real
def test_the_reach_msna_dummy_data_import_with_every_row_and_repeat(publish: Any, people: Any, real_data: Path) -> None:
    """241 households and 965 rows in each of four repeats, all stored; then read through a mapping to incidents."""
    from danbe.collect.actions.exports import load
    from danbe.collect.models import Submission
    from danbe.collect.queries.exports import Report

    form = real_data / "forms" / "reach_msna_2024.xlsx"
    data = real_data / "forms" / "reach_msna_2024_dummy_data.xlsx"
    version = publish(form.read_bytes(), form.name)
    upload = uploaded(people, data.read_bytes(), data.name)
    mapping = in_force(people, version, upload)
    report = Report(**load(people["coordinator"], mapping, upload, people["alpha"]).report)
    assert report.closes and (report.created, report.problems, report.left_out) == (241, [], {})
    assert {s["sheet"]: (s["rows"], s["stored"]) for s in report.sheets} == {
        "main": (241, 241), "roster": (965, 965), "edu_ind": (965, 965), "health_ind": (965, 965), "nut_ind": (965, 965),
    }  # fmt: skip
    repeats = {"roster": "demographics", "edu_ind": "edu", "health_ind": "health", "nut_ind": "nutrition"}
    kept = [s.answers["consented"] for s in Submission.objects.all()]
    for repeat, group in repeats.items():
        assert sum(len(a[group].get(repeat, [])) for a in kept) == 965, repeat


def test_the_screen_shows_the_mapping_then_imports_with_a_receipt(form: Any, people: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from danbe.collect.models import ExportMapping, Submission

    browser = Client()
    browser.force_login(people["coordinator"])
    page = f"/formulaires/{form.form_id}/donnees/"
    assert page in browser.get(f"/formulaires/{form.form_id}/").text
    assert browser.post(page, {"classeur": SimpleUploadedFile("note.txt", b"x")}).status_code == 422
    shown = browser.post(page, {"classeur": SimpleUploadedFile("export.xlsx", workbook(SHEETS))}, follow=True)
    at = shown.redirect_chain[-1][0]
    assert "Correspondance proposée" in shown.text and "person, ligne 5" in shown.text and "Importer" not in shown.text
    assert not Submission.objects.exists() and not ExportMapping.objects.exists()
    assert "aucune colonne" not in shown.text
    assert browser.post(at, {"geste": "importer"}, follow=True).text.count("Confirmez d’abord") == 1
    wrong = browser.post(at, {"geste": "confirmer", "regles": "{"})
    assert wrong.status_code == 422 and "JSON" in wrong.text
    from danbe.collect.models import Upload
    from danbe.collect.queries.exports import grids, rules_for

    rules, _none = rules_for(people["coordinator"], form, grids(Upload.objects.latest("pk")))
    confirmed = browser.post(at, {"geste": "confirmer", "regles": json.dumps(rules)}, follow=True)
    assert "en vigueur" in confirmed.text and "Importer" in confirmed.text
    receipt = browser.post(at, {"geste": "importer", "organisation": people["alpha"].pk}, follow=True)
    assert "2 nouvelles" in receipt.text and Submission.objects.filter(organisation=people["alpha"]).count() == 2
    assert "export.xlsx" in browser.get(page).text
    other = Client()
    other.force_login(people["supervisor"])
    assert other.get(page).status_code == 403 and other.get(at).status_code == 403


def test_the_command_shows_then_imports(form: Any, people: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from typer.testing import CliRunner

    from danbe.commands import app
    from danbe.register.models import Role, User

    User.objects.create(username="danbe", role=Role.ADMINISTRATOR)
    file = tmp_path / "export.xlsx"
    file.write_bytes(workbook(SHEETS))

    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(app, ["forms", "import", "alerte", str(file), *arguments, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    looked = run()
    assert not looked["imported"] and looked["created"] == 2
    done = run("--confirm", "--organisation", "alpha")
    assert done["imported"] and (done["created"], done["already"]) == (2, 0)
    assert run()["already"] == 2
