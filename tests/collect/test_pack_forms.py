"""Danbe's own forms: pyxform takes them without a remark, both languages are whole, cascades lead somewhere."""

from __future__ import annotations

import re
import zipfile

import pytest
from pyxform.xls2xform import convert

from danbe.packs.mli.forms import FLASH, FORMS, workbook_path
from danbe.packs.mli.forms.questions import ENGLISH, FRENCH
from danbe.packs.mli.forms.workbook import write_form
from danbe.reference.geography.pack import load_pack

forms = pytest.mark.parametrize("form", FORMS.values(), ids=lambda f: f.form_id)


@pytest.fixture(scope="module")
def gazetteer():
    return load_pack("mli").gazetteer()


@forms
def test_pyxform_has_nothing_to_remark(form):
    made = convert(str(workbook_path(form.form_id)), validate=False, warnings=[])
    assert made.warnings == []
    assert f'id="{form.form_id}"' in made.xform and f'version="{form.version}"' in made.xform


@forms
def test_the_file_beside_is_what_is_declared(form, gazetteer, tmp_path):
    """Sheet by sheet: `.venv/bin/python tools/make_forms.py` brings it up to date."""
    fresh = write_form(tmp_path / "form.xlsx", form, gazetteer)
    with zipfile.ZipFile(fresh) as made, zipfile.ZipFile(workbook_path(form.form_id)) as kept:
        parts = [n for n in made.namelist() if n.startswith("xl/worksheets/") or n.endswith("sharedStrings.xml")]
        assert parts and all(made.read(n) == kept.read(n) for n in parts)


@forms
def test_both_languages_are_whole(form, gazetteer):
    for question in form.questions:
        if question.asks or question.kind == "note" or question.kind.startswith("begin"):
            assert question.fr and question.en, question.name
        assert bool(question.hint_fr) == bool(question.hint_en), question.name
        assert bool(question.wrong_fr) == bool(question.wrong_en), question.name
        assert not question.constraint or question.wrong_fr, f"{question.name}: says no and not why"
    assert all(c.fr and c.en for c in form.choices(gazetteer))
    made = convert(str(workbook_path(form.form_id)), validate=False).xform
    assert set(re.findall(r'<translation[^>]*lang="([^"]+)"', made)) == {FRENCH, ENGLISH}


@forms
def test_no_question_takes_a_name_or_any_free_text(form):
    assert not [
        q.name for q in form.questions if q.kind.split()[0] in ("text", "audio", "image", "geopoint", "barcode")
    ]
    assert not [q.name for q in form.questions if q.kind in ("username", "phonenumber", "email", "deviceid")]


@forms
def test_gbv_is_never_sought_and_a_disclosure_leads_to_referral_only(form, gazetteer):
    asked = " ".join(f"{q.fr} {q.en}" for q in form.questions if q.asks).casefold()
    assert "genre" not in asked and "sexuel" not in asked and "gender" not in asked and "sexual" not in asked
    codes = {(c.list_name, c.name) for c in form.choices(gazetteer)}
    assert not {("violation_category_v2020", "VSLC"), ("paf_risk", "PAF-08")} & codes
    if form.form_id != "danbe_mouvement":
        (note,) = [q for q in form.questions if q.name == "referral_only"]
        assert note.kind == "note" and "72 heures" in note.fr and "72" in note.en


@forms
def test_every_cascade_leads_somewhere(form, gazetteer):
    choices = form.choices(gazetteer)
    names = {level: {c.name for c in choices if c.list_name == level} for level in ("region", "cercle", "commune")}
    assert (len(names["region"]), len(names["cercle"]), len(names["commune"])) == (10, 53, 701)
    above = {c.above for c in choices if c.list_name == "cercle"}
    assert above == names["region"], "every region has a cercle, every cercle a region"
    assert {c.above for c in choices if c.list_name == "commune"} <= names["cercle"]
    known = {q.name for q in form.questions}
    for question in form.questions:
        for said in (question.relevant, question.constraint, question.choice_filter):
            assert set(re.findall(r"\$\{(\w+)\}", said)) <= known, question.name


def test_the_flash_alert_is_short():
    """Under two minutes: twelve questions at most, of which a case shows ten."""
    asked = [q for q in FLASH.questions if q.asks]
    assert len(asked) <= 12
    assert sum(not q.relevant or "MVT" not in q.relevant for q in asked) <= 10
    assert not any(q.kind.startswith("begin_repeat") for q in FLASH.questions)


def test_what_the_demonstration_sends_is_what_the_forms_ask():
    """Every element of the synthetic instances is a question of its form, and every answer one of its choices."""
    from danbe.collect.forms.schema import read_xform
    from danbe.collect.forms.xml import parse
    from danbe.packs.mli.demo.monitoring import monitoring_year

    gazetteer = load_pack("mli").gazetteer()
    year = monitoring_year(gazetteer, months=1)
    for form in FORMS.values():
        schema = read_xform(convert(str(workbook_path(form.form_id)), validate=False).xform.encode()).schema
        fields = {f["path"]: f for f in schema["fields"]}
        for sent in [r for r in year if r.form_id == form.form_id][:25]:
            for path, value in _leaves(parse(sent.xml, 10**6), ""):
                if path.startswith("meta/"):
                    continue
                assert path in fields, (form.form_id, path)
                listed = fields[path].get("choices")
                options = schema["choices"].get(listed, {}) if isinstance(listed, str) else listed
                if value and options and fields[path]["type"] == "select_one":
                    assert value in options, (path, value)


def _leaves(element, prefix):
    for child in element:
        path = f"{prefix}/{child.tag}" if prefix else child.tag
        if len(child):
            yield from _leaves(child, path)
        else:
            yield path, (child.text or "").strip()


def test_the_same_seed_sends_the_same_bytes():
    from danbe.packs.mli.demo.monitoring import monitoring_year

    gazetteer = load_pack("mli").gazetteer()
    once, again = (monitoring_year(gazetteer, months=1) for _ in range(2))
    assert [r.xml for r in once] == [r.xml for r in again]
    assert len({r.instance_id for r in once}) == len(once)
