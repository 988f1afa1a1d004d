"""The OpenRosa door as phones meet it: lists, forms, media, and submissions that arrive once whatever the line does."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from tests.forms.conftest import Phone, filled, xlsform

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"


def local_path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def test_the_list_names_each_form_with_its_hash_and_its_address(form: Any, phone: Phone) -> None:
    answer = phone.get("formList?deviceID=collect:abc")
    assert answer.status_code == 200 and "text/xml" in answer["Content-Type"]
    assert answer["X-OpenRosa-Version"] == "1.0"
    (entry,) = etree.fromstring(answer.content)
    told = {child.tag.removeprefix(LIST): child.text for child in entry}
    assert (told["formID"], told["name"], told["version"]) == ("alerte", "Alerte", "1")
    assert told["hash"] == f"md5:{form.xform_md5}" and "manifestUrl" not in told
    xform = phone.client.get(local_path(told["downloadUrl"]))
    import hashlib

    assert hashlib.md5(b"".join(xform.streaming_content)).hexdigest() == form.xform_md5


def test_a_form_with_media_has_a_manifest(publish: Any, phone: Phone) -> None:
    publish(media=[("guide.jpg", b"une image")])
    (entry,) = etree.fromstring(phone.get("formList").content)
    address = entry.find(f"{LIST}manifestUrl").text
    (medium,) = etree.fromstring(phone.client.get(local_path(address)).content)
    assert medium.find(f"{MANIFEST}filename").text == "guide.jpg"
    assert medium.find(f"{MANIFEST}hash").text.startswith("md5:")
    got = phone.client.get(local_path(medium.find(f"{MANIFEST}downloadUrl").text))
    assert b"".join(got.streaming_content) == b"une image"


def test_one_bad_form_leaves_the_others_on_the_list(form: Any, publish: Any, phone: Phone) -> None:
    from danbe.collect.models import FormVersion
    from danbe.collect.storage import upload_path

    bad, nameless = publish(form_id="abime"), publish(form_id="sans-nom")
    upload_path(bad.xform_sha256).unlink()
    FormVersion.objects.filter(pk=nameless.pk).update(title="")
    entries = etree.fromstring(phone.get("formList").content)
    assert [e.find(f"{LIST}formID").text for e in entries] == ["alerte"]


def test_head_answers_204_and_nothing_else(form: Any, phone: Phone) -> None:
    answer = phone.client.head(f"{phone.key}/submission?deviceID=x")
    assert answer.status_code == 204 and int(answer["X-OpenRosa-Accept-Content-Length"]) > 0


def test_a_submission_is_kept_verbatim_with_its_answers_beside_it(form: Any, phone: Phone, people: Any) -> None:
    from danbe.collect.models import Submission
    from danbe.collect.storage import upload_path

    xml = filled("uuid:1")
    assert phone.post(xml).status_code == 201
    kept = Submission.objects.get()
    assert upload_path(kept.raw_sha256).read_bytes() == xml
    assert kept.answers == {
        "admin1": "tst05",
        "remark": "Deux familles, «près» du puits",
        "households": 2,
        "distance": 1.5,
        "needs": ["eau", "abri"],
        "place": {"site": "École"},
        "person": [{"age": 34, "document": [{"kind": "carte"}, {"kind": "acte"}]}, {"age": 7}],
        "meta": {"instanceID": "uuid:1"},
    }
    assert (kept.form_version, kept.user, kept.device_id) == (form, people["monitor"], "collect:abc")
    assert (kept.organisation, kept.region) == (people["alpha"], people["tst05"])


def test_the_same_again_is_no_second_submission(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Submission

    xml = filled()
    assert [phone.post(xml).status_code for _again in range(3)] == [201, 202, 202]
    assert Submission.objects.count() == 1


def test_another_xml_under_the_same_id_is_a_conflict(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Submission

    phone.post(filled("uuid:1"))
    answer = phone.post(filled("uuid:1", body="<remark>autre</remark>"))
    assert answer.status_code == 409 and "même identifiant" in answer.text
    assert Submission.objects.get().answers["households"] == 2


@pytest.mark.parametrize("what", [{"form_id": "inconnu"}, {"version": "99"}])
def test_an_unknown_form_or_version_is_never_guessed(form: Any, phone: Phone, what: dict[str, str]) -> None:
    from danbe.collect.models import Submission

    assert phone.post(filled(**what)).status_code == 404
    assert not Submission.objects.exists()


def test_a_draft_takes_nothing_and_an_earlier_version_still_does(publish: Any, phone: Phone, people: Any) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import draft_form

    publish(version="1")
    publish(version="2")
    draft_form(people["coordinator"], receive(people["coordinator"], xlsform("3"), "a.xlsx"))
    assert [phone.post(filled(version=v)).status_code for v in "123"] == [201, 201, 404]


def test_a_closed_form_leaves_the_list_and_still_takes_what_phones_hold(form: Any, phone: Phone, people: Any) -> None:
    from danbe.collect.actions.forms import set_open

    set_open(people["coordinator"], form.form, False)
    assert len(etree.fromstring(phone.get("formList").content)) == 0
    assert phone.post(filled()).status_code == 201


def test_a_submission_in_several_posts_is_joined(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Submission
    from danbe.collect.storage import upload_path

    xml = filled(body="<photo>un.jpg</photo>")
    assert phone.post(xml, {"un.jpg": b"1"}, incomplete=True).status_code == 201
    assert not Submission.objects.get().complete
    assert phone.post(xml, {"deux.jpg": b"2"}).status_code == 202
    kept = Submission.objects.get()
    assert kept.complete and kept.expected == ["un.jpg"]
    files = {a.filename: upload_path(a.sha256).read_bytes() for a in kept.attachments.all()}
    assert files == {"un.jpg": b"1", "deux.jpg": b"2"}


def test_meta_is_found_with_and_without_a_namespace(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Submission

    meta = (
        '<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:ns</orx:instanceID>'
        "<orx:instanceName>x</orx:instanceName></orx:meta>"
    )
    assert phone.post(filled(meta=meta)).status_code == 201
    assert phone.post(filled("uuid:plain")).status_code == 201
    assert set(Submission.objects.values_list("instance_id", flat=True)) == {"uuid:ns", "uuid:plain"}


def test_xml_sent_as_a_plain_field_is_read_too(form: Any, phone: Phone) -> None:
    answer = phone.client.post(f"{phone.key}/submission", {"xml_submission_file": filled().decode()})
    assert answer.status_code == 201


HOSTILE = {
    "entities": b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><data id="alerte" version="1"><x>&b;</x></data>',
    "a file": b'<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><data id="alerte" version="1"><x>&f;</x></data>',
    "no form": b"<data/>",
    "cut short": b'<data id="alerte" version="1"><x>',
    "nothing": b"",
    "depth": b'<data id="alerte" version="1">' + b"<a>" * 5000 + b"</a>" * 5000 + b"</data>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused(form: Any, phone: Phone, name: str) -> None:
    from danbe.collect.models import Submission

    assert phone.post(HOSTILE[name]).status_code == 400
    assert not Submission.objects.exists()


def test_a_post_without_a_submission_is_refused(form: Any, phone: Phone) -> None:
    assert phone.client.post(f"{phone.key}/submission", {"autre": "x"}).status_code == 400
    assert phone.client.post(f"{phone.key}/submission", b"{}", content_type="application/json").status_code == 400


def test_an_attachment_under_an_evil_name_stays_among_the_files(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Attachment

    phone.post(filled(), {"../../etc/passwd": b"x"})
    assert "/" not in Attachment.objects.get().filename


def test_more_photos_than_djangos_hundred(form: Any, phone: Phone) -> None:
    from danbe.collect.models import Attachment

    assert phone.post(filled(), {f"{n}.jpg": b"%d" % n for n in range(150)}).status_code == 201
    assert Attachment.objects.count() == 150


def test_an_access_taken_away_opens_nothing(form: Any, phone: Phone, people: Any) -> None:
    from danbe.collect.actions.accesses import revoke

    revoke(people["coordinator"], phone.access)
    assert phone.get("formList").status_code == 403
    assert phone.post(filled()).status_code == 403


def test_a_closed_account_takes_its_phones_with_it(form: Any, phone: Phone, people: Any) -> None:
    people["monitor"].is_active = False
    people["monitor"].save()
    assert phone.get("formList").status_code == 403


def test_a_role_that_sends_nothing_is_refused(form: Any, people: Any) -> None:
    from danbe.register.models import Role, User

    reader = User.objects.create_user("sc@exemple.org", role=Role.SUBCLUSTER)
    phone = Phone(reader, people["coordinator"])
    assert phone.post(filled()).status_code == 403
    assert len(etree.fromstring(phone.get("formList").content)) == 0
