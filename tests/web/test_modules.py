"""An area of responsibility downloads its workbook, fills it, sends it, looks, keeps it, and has a receipt."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from danbe.curate.models import ModuleRow
from danbe.reference.catalogue.aor_modules import MODULES
from danbe.register.models import Organisation, Role, User

# One good row of each module, as people write it: labels, not codes.
ROWS: dict[str, dict[str, Any]] = {
    "aor_aggregates": {"Région": "Mopti", "Période": "2025-01", "Module": "VBG", "Type": "3", "Cas ou violations rapportés": 40, "Fournisseurs de données": 3},
    "explosive_accidents": {"Région": "Mopti", "Cercle": "Bankass", "Accident": "A1", "Date": "2025-02-03", "Engin": "EEI"},
    "explosive_victims": {"Région": "Mopti", "Cercle": "Bankass", "Groupe": "G1", "Accident": "A1", "Date": "2025-02-03", "Engin": "EEI", "Victimes": 2},
    "hlp_disputes": {"Région": "Mopti", "Cercle": "Bankass", "Différend": "D1", "Date": "2025-02-03", "Ménages": 4},
    "civil_documents": {"Région": "Mopti", "Cercle": "Bankass", "Ligne": "C1", "Date": "2025-02-03", "Personnes": 12},
    "social_cohesion": {"Région": "Mopti", "Cercle": "Bankass", "Activité": "S1", "Date": "2025-02-03", "Participants": 30, "dont femmes": 12},
}  # fmt: skip


@pytest.fixture
def mali(administrator: Any) -> User:
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")
    return administrator


def person(name: str, role: str, **more: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(f"{name}@exemple.org", role=role, **more))
    return client


def filled(book: bytes, *rows: dict[str, Any]) -> bytes:
    """The downloaded workbook with rows; a needed column left out takes the first word of its list."""
    found = openpyxl.load_workbook(BytesIO(book))
    data, lists = found.worksheets
    headers = [c.value for c in data[3]]
    offered = {lists.cell(1, c).value: lists.cell(2, c).value for c in range(1, lists.max_column + 1)}
    for number, row in enumerate(rows, start=4):
        for at, header in enumerate(headers, start=1):
            bold = data.cell(3, at).font.bold
            value = row.get(header, offered.get(header) if bold else None)
            data.cell(number, at).value = offered.get(header) if value == "EEI" else value
    content = BytesIO()
    found.save(content)
    return content.getvalue()


def downloaded(client: Client, module: str) -> bytes:
    answer = client.get(f"/suivi/modules/{module}.xlsx")
    assert answer.status_code == 200, answer.headers
    return b"".join(answer.streaming_content)


def sent(client: Client, module: str, content: bytes) -> Any:
    file = SimpleUploadedFile(f"{module}.xlsx", content)
    return client.post(f"/suivi/modules/{module}/", {"classeur": file}, follow=True)


@pytest.mark.parametrize("module", list(MODULES))
def test_each_workbook_comes_back_filled_and_is_kept_once_looked_at(mali: Any, module: str) -> None:
    coordinator = person("coordination", Role.COORDINATOR)
    shown = sent(coordinator, module, filled(downloaded(coordinator, module), ROWS[module]))
    assert "Enregistrer 1 ligne" in shown.text, shown.text
    assert not ModuleRow.objects.exists()
    at = shown.redirect_chain[-1][0]
    receipt = coordinator.post(at, follow=True)
    assert "Reçu" in receipt.text and "SHA-256" in receipt.text
    assert ModuleRow.objects.get().dataset == module
    assert "1 ligne tenue" in coordinator.get("/suivi/modules/").text
    assert "Inchangées" in coordinator.get(at).text


def test_rows_that_cannot_be_true_stay_out_and_are_told(mali: Any) -> None:
    coordinator = person("coordination", Role.COORDINATOR)
    good = ROWS["social_cohesion"]
    wrong = {**good, "Activité": "S2", "dont femmes": 99}
    shown = sent(coordinator, "social_cohesion", filled(downloaded(coordinator, "social_cohesion"), good, wrong))
    assert "Ligne 5, dont femmes" in shown.text and "dépasse" in shown.text
    coordinator.post(shown.redirect_chain[-1][0])
    assert ModuleRow.objects.get().row_key == "S1"
    assert "Choisissez un classeur" in coordinator.post("/suivi/modules/social_cohesion/", follow=True).text
    other = sent(coordinator, "hlp_disputes", filled(downloaded(coordinator, "aor_aggregates"), ROWS["aor_aggregates"]))
    assert "Colonnes absentes" in other.text or "Aucune feuille" in other.text


def test_each_area_hands_in_its_own_and_no_one_else(mali: Any) -> None:
    gbv = person("vbg", Role.SUBCLUSTER, aor="SCVBG")
    page = gbv.get("/suivi/modules/").text
    assert "aor_aggregates" in page and "hlp_disputes" not in page and "Modules" in gbv.get("/").text
    assert gbv.get("/suivi/modules/hlp_disputes.xlsx").status_code == 404
    book = downloaded(gbv, "aor_aggregates")
    mine = sent(gbv, "aor_aggregates", filled(book, ROWS["aor_aggregates"]))
    gbv.post(mine.redirect_chain[-1][0])
    assert ModuleRow.objects.count() == 1
    foreign = sent(gbv, "aor_aggregates", filled(book, {**ROWS["aor_aggregates"], "Module": "MRM", "Type": "1"}))
    assert "autre domaine" in foreign.text and "Enregistrer" not in foreign.text
    assert gbv.post(foreign.redirect_chain[-1][0]).status_code == 200 and ModuleRow.objects.count() == 1
    mines = person("mines", Role.SUBCLUSTER, aor="GT-LAMH")
    assert mines.get(mine.redirect_chain[-1][0]).status_code == 404
    home = Organisation.objects.create(code="alpha", name="Alpha", search_key="alpha")
    for role in (Role.MONITOR, Role.SUPERVISOR, Role.PARTNER):
        assert person(str(role), role, organisation=home).get("/suivi/modules/").status_code == 403


def test_the_command_writes_checks_and_loads(mali: Any, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from danbe.commands import app

    User.objects.create(username="danbe", role=Role.ADMINISTRATOR)

    def run(*words: str) -> Any:
        done = CliRunner().invoke(app, ["modules", *words, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    book = tmp_path / "m.xlsx"
    run("template", "civil_documents", "-o", str(book))
    book.write_bytes(filled(book.read_bytes(), ROWS["civil_documents"]))
    assert run("load", "civil_documents", str(book), "--dry-run")["added"] == 1 and not ModuleRow.objects.exists()
    assert run("load", "civil_documents", str(book)) == {"kept": True, "added": 1, "changed": 0, "problems": []}
