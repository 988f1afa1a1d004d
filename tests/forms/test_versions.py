"""Versions of a form: each kept, one offered, none guessed; what an XForm asks is read from the XForm itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from danbe.collect.forms.schema import language_of, read_xform, words
from danbe.collect.forms.xml import BadXML
from danbe.collect.storage import upload_path
from tests.forms.conftest import CHOICES, SURVEY, xlsform


def test_a_new_version_takes_the_place_of_the_old_which_is_kept(publish: Any, people: Any) -> None:
    from danbe.collect.queries import form_versions, published_forms

    first, second = publish(version="1"), publish(version="2")
    assert [v.version for v in published_forms(people["monitor"])] == ["2"]
    states = {v.version: v.state for v in form_versions(people["coordinator"], first.form)}
    assert states == {"1": "superseded", "2": "published"} and first.form == second.form


def test_an_earlier_version_may_come_back(publish: Any, people: Any) -> None:
    from danbe.collect.actions.forms import publish_version
    from danbe.collect.queries import published_forms

    first, _second = publish(version="1"), publish(version="2")
    publish_version(people["coordinator"], first)
    assert [v.version for v in published_forms(people["monitor"])] == ["1"]


def test_the_same_file_again_is_the_same_version_and_other_content_under_its_name_is_refused(publish: Any) -> None:
    from danbe.collect.messages import FormRefused

    content = xlsform(version="1")
    assert publish(content) == publish(content)
    with pytest.raises(FormRefused, match=r"Changez « version »"):
        publish(xlsform(version="1", survey=[*SURVEY, ["text", "more", "Encore", "More", ""]]))


def test_a_form_without_a_version_gets_one_that_stays(people: Any, publish: Any) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form
    from danbe.collect.models import FormVersion

    content, who = xlsform(version=""), people["coordinator"]
    one = publish_form(who, receive(who, content, "alerte.xlsx"))
    assert len(one.version) == 15 and read_xform(upload_path(one.xform_sha256).read_bytes()).version == one.version
    FormVersion.objects.update(version="20250101-abcdef")
    FormVersion.objects.filter(pk=one.pk).update(version=one.version)
    assert publish_form(who, receive(who, content, "alerte.xlsx")).pk == one.pk


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [(b"%PDF-1.4", "form.pdf", "form.file"), (b"<html/>", "f.xml", "form.xform"), (b"PK\x03\x04abc", "f.xlsx", "form.file"),
     (b"<!DOCTYPE a [<!ENTITY b 'c'>]><html>&b;</html>", "f.xml", "form.xform")],
)  # fmt: skip
def test_what_is_no_form_is_refused_with_a_reason(people: Any, content: bytes, name: str, rule: str) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form
    from danbe.collect.messages import FormRefused
    from danbe.collect.models import Form

    who = people["coordinator"]
    with pytest.raises(FormRefused) as refused:
        publish_form(who, receive(who, content, name))
    assert refused.value.rule == rule and not Form.objects.exists()


def test_an_xform_is_published_as_it_is(publish: Any, people: Any) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form

    made = upload_path(publish().xform_sha256).read_bytes().replace(b'id="alerte"', b'id="autre"')
    version = publish_form(people["coordinator"], receive(people["coordinator"], made, "autre.xml"))
    assert version.form.form_id == "autre" and upload_path(version.xform_sha256).read_bytes() == made


def test_only_the_coordination_publishes(publish: Any, people: Any) -> None:
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form
    from danbe.register.audit import NotAllowed

    upload = receive(people["coordinator"], xlsform(), "a.xlsx")
    for name in ("regional", "supervisor", "monitor", "partner"):
        with pytest.raises(NotAllowed):
            publish_form(people[name], upload)


def test_what_a_form_asks_is_read_with_its_languages_repeats_and_choices(form: Any) -> None:
    schema = form.schema
    fields = {f["path"]: f for f in schema["fields"]}
    assert schema["languages"] == ["Français (fr)", "English (en)"]
    assert fields["admin1"]["label"] == {"Français (fr)": "Région", "English (en)": "Region"}
    assert schema["choices"][fields["needs"]["choices"]]["eau"]["English (en)"] == "Water"
    assert fields["person/document/kind"]["repeat"] == "person/document" and fields["person/age"]["repeat"] == "person"
    types = {path: f["type"] for path, f in fields.items() if not path.startswith("meta")}
    assert types == {
        "admin1": "select_one", "remark": "string", "households": "int", "distance": "decimal", "needs": "select_multiple",
        "photo": "binary", "place": "group", "place/site": "string", "person": "repeat", "person/age": "int",
        "person/document": "repeat", "person/document/kind": "string",
    }  # fmt: skip
    assert len(CHOICES) == 5


def test_words_come_in_the_language_nearest_to_the_readers() -> None:
    schema = {"languages": ["english", "french"], "default": "english"}
    assert language_of(schema, "fr") == "french"
    assert words({"english": "Yes", "french": "Oui"}, schema, "fr") == "Oui"
    assert words({"english": "Yes"}, schema, "fr") == "Yes"
    assert words({}, schema, "fr") == ""


def test_a_file_that_is_no_xform_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(BadXML, match="primary instance"):
        read_xform(b"<h:html xmlns:h='http://www.w3.org/1999/xhtml'><h:head/></h:html>")
