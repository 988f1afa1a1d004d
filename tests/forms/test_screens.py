"""The screens of forms and submissions: from an XLSForm to a reviewed submission, each seeing what is theirs."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.forms.conftest import Phone, filled, xlsform


@pytest.fixture
def browse(people: dict[str, Any]) -> Any:
    """A browser in which that person is signed in."""

    def open_as(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return open_as


@pytest.fixture
def received(form: Any, people: Any) -> Any:
    from danbe.collect.actions.submissions import receive

    photo = ("photo.jpg", b"une image", "image/jpeg")
    return receive(people["monitor"], filled("uuid:1", body="<admin1>tst05</admin1><remark>Deux <b/>familles</remark>"
        "<photo>photo.jpg</photo><needs>eau abri</needs><person><age>34</age></person>"), [photo]).submission  # fmt: skip


def workbook(content: bytes, name: str = "alerte.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_upload_look_publish(publish: Any, browse: Any, people: Any) -> None:
    from danbe.collect.models import FormVersion

    page = browse("coordinator")
    answer = page.post(
        "/formulaires/nouveau/", {"fichier": workbook(xlsform()), "medias": [workbook(b"x", "g.jpg")]}, follow=True
    )
    assert "Brouillon" in answer.text and "Région" in answer.text and "Mopti" in answer.text and "g.jpg" in answer.text
    draft = FormVersion.objects.get()
    answer = page.post(f"/formulaires/{draft.form_id}/versions/{draft.pk}/publier/", follow=True)
    assert "est proposée aux téléphones" in answer.text
    draft.refresh_from_db()
    assert draft.state == "published"


def test_a_form_that_does_not_convert_is_refused_with_pyxforms_words(publish: Any, browse: Any) -> None:
    from danbe.collect.models import Form

    broken = xlsform(survey=[["type", "name", "label"], ["select_one absente", "q", "Q"]])
    answer = browse("coordinator").post("/formulaires/nouveau/", {"fichier": workbook(broken)})
    assert answer.status_code == 422 and "pyxform dit" in answer.text and "absente" in answer.text
    assert not Form.objects.exists()


def test_only_those_who_make_forms_see_drafts_and_uploads(publish: Any, browse: Any, people: Any) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import draft_form

    draft = draft_form(people["coordinator"], receive(people["coordinator"], xlsform(), "a.xlsx"))
    for name in ("supervisor", "monitor", "partner", "regional"):
        page = browse(name)
        assert page.get("/formulaires/nouveau/").status_code == 403
        assert page.get(f"/formulaires/{draft.form_id}/versions/{draft.pk}/").status_code == 404
        assert "Alerte" not in page.get("/formulaires/").text.split("<main")[1]


def test_a_new_access_shows_its_code_once(form: Any, browse: Any, people: Any) -> None:
    import re

    from danbe.collect.forms.qr import read_settings
    from danbe.collect.models import FieldAccess

    page = browse("supervisor")
    answer = page.post("/formulaires/acces/", {"personne": "monitor@exemple.org", "appareil": "Tecno bleu"})
    assert "data:image/svg+xml" in answer.text and "no-store" in answer["Cache-Control"]
    address = re.search(r"<code>(http://testserver/key/\w+)</code>", answer.text)[1]
    assert Client().get(address.removeprefix("http://testserver") + "/formList").status_code == 200
    assert "Tecno bleu" in page.get("/formulaires/acces/").text
    assert address.rsplit("/", 1)[1] not in page.get("/formulaires/acces/").text
    from danbe.collect.forms.qr import app_settings

    told = read_settings(app_settings(address, "Danbe"))
    assert told["general"]["server_url"] == address and told["general"]["form_update_mode"] == "match_exactly"

    refused = page.post("/formulaires/acces/", {"personne": "other@exemple.org"})
    assert refused.status_code == 422, "a supervisor gives accesses within its own organisation"
    access = FieldAccess.objects.get()
    page.post(f"/formulaires/acces/{access.pk}/retirer/")
    assert Client().get(address.removeprefix("http://testserver") + "/formList").status_code == 403


def test_a_submission_reads_in_the_forms_language(received: Any, browse: Any) -> None:
    page = browse("supervisor")
    text = page.get(f"/soumissions/{received.pk}/").text
    for said in ("Région", "Mopti", "Eau, Abri", "Personne 1", "Âge", "34", "photo.jpg", "Reçue"):
        assert said in text, said
    page.cookies["danbe_langue"] = "en"
    assert "Water, Shelter" in page.get(f"/soumissions/{received.pk}/").text


def test_files_and_document_come_back_as_they_arrived(received: Any, browse: Any) -> None:
    page = browse("supervisor")
    file = received.attachments.get()
    answer = page.get(f"/soumissions/{received.pk}/fichiers/{file.pk}/")
    assert b"".join(answer.streaming_content) == b"une image" and "attachment" in answer["Content-Disposition"]
    document = page.get(f"/soumissions/{received.pk}/document/")
    assert b"".join(document.streaming_content).startswith(b"<?xml")


def test_a_review_leaves_its_trace_and_a_rejection_says_why(received: Any, browse: Any) -> None:
    page = browse("supervisor")
    where = f"/soumissions/{received.pk}/decision/"
    assert "Dites pourquoi" in page.post(where, {"etat": "rejected"}, follow=True).text
    page.post(where, {"etat": "rejected", "motif": "le cercle manque"})
    page.post(where, {"etat": "triangulated"})
    text = page.get(f"/soumissions/{received.pk}/").text
    assert "le cercle manque" in text and "Triangulée" in text
    received.refresh_from_db()
    assert (received.review_state, received.reviews.count()) == ("triangulated", 2)
    assert page.get("/soumissions/?etat=attente").text.count("/soumissions/1") == 0


@pytest.mark.parametrize(
    ("name", "sees"),
    [("administrator", True), ("coordinator", True), ("regional", True), ("supervisor", True), ("monitor", True),
     ("other", False), ("partner", False)],
)  # fmt: skip
def test_each_sees_what_is_theirs(received: Any, browse: Any, name: str, sees: bool) -> None:
    page = browse(name)
    assert (page.get(f"/soumissions/{received.pk}/").status_code == 200) is sees
    assert (page.get(f"/soumissions/{received.pk}/document/").status_code == 200) is sees
    assert (f"/soumissions/{received.pk}/" in page.get("/soumissions/").text) is sees


@pytest.mark.parametrize("name", ["monitor", "partner", "other"])
def test_no_one_reviews_their_own_or_without_the_right(received: Any, browse: Any, name: str) -> None:
    answer = browse(name).post(f"/soumissions/{received.pk}/decision/", {"etat": "validated"})
    assert answer.status_code in (403, 404)
    received.refresh_from_db()
    assert received.review_state == "received"


def test_a_supervisor_does_not_review_what_it_sent_itself(form: Any, browse: Any, people: Any) -> None:
    from danbe.collect.actions.submissions import receive

    own = receive(people["supervisor"], filled()).submission
    assert browse("supervisor").post(f"/soumissions/{own.pk}/decision/", {"etat": "validated"}).status_code == 403


def test_the_export_is_an_archive(received: Any, browse: Any) -> None:
    answer = browse("coordinator").post(f"/formulaires/{received.form_id}/export/", {"format": "csv"})
    archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert set(archive.namelist()) == {"alerte.csv", "alerte-person.csv", "alerte-person-document.csv"}
    assert browse("monitor").post(f"/formulaires/{received.form_id}/export/", {"format": "csv"}).status_code == 403


def test_entry_in_a_browser_says_so_where_it_is_not_built(form: Any, browse: Any, monkeypatch: Any) -> None:
    from danbe.web.screens import entry

    monkeypatch.setattr(entry, "built", dict)
    assert "n’est pas installée ici" in browse("monitor").get(f"/saisie/{form.form_id}/").text


def test_the_policy_is_relaxed_on_the_entry_pages_alone(form: Any, browse: Any) -> None:
    page = browse("monitor")
    assert "'wasm-unsafe-eval'" in page.get(f"/saisie/{form.form_id}/").headers["Content-Security-Policy"]
    assert "unsafe" not in page.get("/formulaires/").headers["Content-Security-Policy"]


def test_the_browser_sends_as_the_person_signed_in_with_a_token(form: Any, browse: Any, people: Any) -> None:
    from danbe.collect.models import Submission

    page = Client(enforce_csrf_checks=True)
    assert page.get("/saisie/etat/").json() == {"who": None}
    page.force_login(people["monitor"])
    state = page.get("/saisie/etat/").json()
    assert state["who"] == people["monitor"].pk
    sent = {"xml_submission_file": SimpleUploadedFile("s.xml", filled("uuid:web"), "text/xml")}
    assert page.post("/saisie/envoi/", sent).status_code == 403
    sent["xml_submission_file"].seek(0)
    assert page.post("/saisie/envoi/", sent, headers={"x-csrftoken": state["token"]}).status_code == 201
    assert Submission.objects.get().source == "web"


def test_a_phone_posts_and_the_list_counts_it(form: Any, phone: Phone, browse: Any) -> None:
    phone.post(filled())
    assert "1 soumission" in browse("monitor").get("/formulaires/").text
    assert "0 soumission" in browse("other").get("/formulaires/").text
