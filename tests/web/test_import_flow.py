"""From a file to rows and back, as a partner does it on the screens."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import HEADERS, row, upload, workbook


def test_a_partner_sends_looks_commits_and_undoes(send: Any, alpha: Client, world: dict[str, Any]) -> None:
    from danbe.curate.models import Activity, Batch, Report

    response = upload(send, alpha, workbook(row(), row("Djenné", 20)))
    batch = Batch.objects.get()
    assert response.headers["Location"] == f"/imports/{batch.pk}/"
    columns = alpha.get(f"/imports/{batch.pk}/colonnes/").text
    assert "Nouveaux bénéficiaires" in columns and "Humeur du jour" in columns
    assert "Données 5W" in columns

    response = send(alpha, f"/imports/{batch.pk}/colonnes/")
    assert response.headers["Location"].endswith("/remarques/")
    assert "Enregistrer 2 lignes" in alpha.get(f"/imports/{batch.pk}/apercu/").text
    assert not Activity.objects.exists()

    send(alpha, f"/imports/{batch.pk}/valider/")
    assert Activity.objects.filter(withdrawn_by=None, organisation=world["alpha"]).count() == 2
    assert "2 lignes sont entrées" in alpha.get(f"/imports/{batch.pk}/").text
    assert batch.upload.sha256 in alpha.get(f"/imports/{batch.pk}/recu/").text
    assert "Reçu" in alpha.get("/?annee=2026").text

    send(alpha, f"/imports/{batch.pk}/annuler/")
    assert not Activity.objects.filter(withdrawn_by=None).exists()
    assert not Report.objects.exists()
    assert "a été annulé" in alpha.get(f"/imports/{batch.pk}/").text


def test_remarks_name_the_row_and_the_remedy_and_can_be_paged_by_rule(alpha: Client, imported: Any) -> None:
    page = alpha.get(f"/imports/{imported.pk}/remarques/").text
    assert "Nombre négatif" in page and "ligne 3" in page and "Xyzville" in page
    one = alpha.get(f"/imports/{imported.pk}/remarques/?regle=negative").text
    assert "Nombre négatif" in one and "Xyzville" not in one
    assert alpha.get(f"/imports/{imported.pk}/remarques/?regle=inventee").status_code == 404


def test_the_annotated_workbook_is_the_partners_own(alpha: Client, imported: Any) -> None:
    import openpyxl

    response = alpha.get(f"/imports/{imported.pk}/classeur-annote/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    assert "Données 5W" in book.sheetnames
    assert any(cell.comment for line in book["Données 5W"].iter_rows() for cell in line)


def test_a_column_renamed_by_hand_is_remembered_for_the_next_file(
    send: Any, alpha: Client, world: dict[str, Any]
) -> None:
    from danbe.curate.models import Batch

    headers = tuple("Machin" if h == "Nouveaux bénéficiaires" else h for h in HEADERS)
    upload(send, alpha, workbook(row(), headers=headers))
    first = Batch.objects.get()
    at = headers.index("Machin")
    response = send(alpha, f"/imports/{first.pk}/colonnes/", {f"c{at}": "reached"})
    assert response.headers["Location"] == f"/imports/{first.pk}/"
    first.refresh_from_db()
    assert first.options["mapping"]["reached"] == at
    upload(send, alpha, workbook(row(month="2026-02"), headers=headers), "suite.xlsx")
    second = Batch.objects.latest("pk")
    assert {m["header"]: m["column"] for m in second.result["matches"]}["Machin"] == "reached"


def test_two_headers_may_not_be_one_column(send: Any, alpha: Client, imported: Any) -> None:
    same = {f"c{i}": "" for i in range(len(HEADERS))} | {"c0": "comment", "c1": "comment"}
    response = send(alpha, f"/imports/{imported.pk}/colonnes/", same)
    assert response.status_code == 200 and "ne peuvent pas être la même" in response.text


def test_an_unknown_place_is_chosen_by_its_code_and_its_row_enters(send: Any, alpha: Client, imported: Any) -> None:
    page = alpha.get(f"/imports/{imported.pk}/noms/").text
    assert "Xyzville" in page
    assert imported.result["rows_blocked"] == 2
    send(alpha, f"/imports/{imported.pk}/noms/", {"o0": "tst0502"})
    imported.refresh_from_db()
    assert imported.result["rows_blocked"] == 1
    assert "Djenné" in alpha.get(f"/imports/{imported.pk}/noms/").text


def test_only_an_administrator_registers_what_is_unknown(
    send: Any, alpha: Client, admin: Client, world: dict[str, Any], imported: Any
) -> None:
    from danbe.register.models import Place

    send(alpha, f"/imports/{imported.pk}/noms/", {"register_places": "1"})
    imported.refresh_from_db()
    assert imported.result["rows_blocked"] == 2
    send(admin, f"/imports/{imported.pk}/noms/", {"register_places": "1"})
    imported.refresh_from_db()
    assert imported.result["rows_blocked"] == 1
    send(admin, f"/imports/{imported.pk}/valider/")
    assert Place.objects.get(name="Xyzville").verified is False
    assert "Xyzville" in admin.get("/lieux/").text


def test_a_compiled_file_of_unknown_organisations_is_the_administrators_to_settle(
    send: Any, admin: Client, world: dict[str, Any]
) -> None:
    from danbe.curate.models import Activity, Batch

    upload(send, admin, workbook(row(organisation="GAMMA"), row(organisation="ALPHA")))
    batch = Batch.objects.get()
    assert "GAMMA" in admin.get(f"/imports/{batch.pk}/noms/").text
    send(admin, f"/imports/{batch.pk}/noms/", {"o0": "BETA"})
    send(admin, f"/imports/{batch.pk}/valider/")
    assert set(Activity.objects.values_list("organisation__code", flat=True)) == {"alpha", "beta"}
    # The decision holds for the next file.
    upload(send, admin, workbook(row(organisation="GAMMA", month="2026-02")), "b.xlsx")
    assert Batch.objects.latest("pk").result["rows_blocked"] == 0


def test_a_corrected_file_shows_what_was_and_what_will_be(send: Any, alpha: Client) -> None:
    from danbe.curate.models import Batch

    upload(send, alpha, workbook(row(reached=10)))
    send(alpha, f"/imports/{Batch.objects.get().pk}/valider/")
    upload(send, alpha, workbook(row(reached=14)), "corrige.xlsx")
    second = Batch.objects.latest("pk")
    assert second.result["corrected"] == 1
    page = alpha.get(f"/imports/{second.pk}/apercu/").text
    assert "Lignes corrigées" in page and ">10<" in page and ">14<" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("photo.jpg", b"x", "n’est pas un classeur"), ("vide.xlsx", b"", "vide"), ("gros.xlsx", b"x" * 2048, "dépasse")],
)
def test_what_is_no_workbook_is_refused_at_the_door(
    settings: Any, alpha: Client, world: dict[str, Any], name: str, content: bytes, said: str
) -> None:
    from danbe.collect.models import Upload

    settings.UPLOAD_LIMIT_BYTES = 1024
    file = BytesIO(content)
    file.name = name
    response = alpha.post("/imports/nouveau/", {"fichier": file})
    assert response.status_code == 422 and said in response.text
    assert not Upload.objects.exists()


def test_a_file_that_only_looks_like_a_workbook_fails_with_a_sentence(send: Any, alpha: Client) -> None:
    from danbe.curate.models import Batch

    upload(send, alpha, b"<html><body>bonjour</body></html>")
    batch = Batch.objects.get()
    assert batch.state == Batch.State.FAILED
    page = alpha.get(f"/imports/{batch.pk}/")
    assert batch.result["error"]["fr"][:40] in page.text
    assert "Traceback" not in page.text


def test_progress_is_shown_until_the_worker_is_done(alpha: Client, django_capture_on_commit_callbacks: Any) -> None:
    from danbe.curate.models import Batch
    from tests.web.conftest import work

    file = BytesIO(workbook(row()))
    file.name = "a.xlsx"
    with django_capture_on_commit_callbacks(execute=True):
        alpha.post("/imports/nouveau/", {"fichier": file})
    batch = Batch.objects.get()
    waiting = alpha.get(f"/imports/{batch.pk}/").text
    assert "En attente de son tour" in waiting and 'http-equiv="refresh"' in waiting
    assert "hx-get" in alpha.get(f"/imports/{batch.pk}/avancement/").text
    assert alpha.get(f"/imports/{batch.pk}/apercu/").status_code == 302
    assert not work()
    assert alpha.get(f"/imports/{batch.pk}/avancement/").headers["HX-Redirect"] == f"/imports/{batch.pk}/"


def test_a_task_that_breaks_says_so_without_a_traceback(
    alpha: Client, imported: Any, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from danbe.curate.response import importing
    from tests.web.conftest import work

    monkeypatch.setattr(importing, "_read", lambda *a, **k: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        alpha.post(f"/imports/{imported.pk}/valider/")
    assert work()
    page = alpha.get(f"/imports/{imported.pk}/").text
    assert "Une erreur est survenue" in page and "ZeroDivision" not in page
