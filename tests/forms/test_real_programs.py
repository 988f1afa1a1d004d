"""Against programs of others: pyxform's own examples, ODK Validate, JavaRosa filling a form, a form of the field."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.forms.conftest import Phone, xlsform

FILL = Path(__file__).parent / "Fill.java"


def java(*needed: str) -> None:
    for program in ("java", *needed):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")


def jar() -> Path:
    from pyxform.validators import odk_validate

    return Path(odk_validate.ODK_VALIDATE_PATH)


@pytest.fixture
def checked(people: Any) -> Any:
    """Publishes as the field does, ODK Validate included."""
    from danbe.collect.actions import receive
    from danbe.collect.actions.forms import publish_form

    return lambda content, name: publish_form(people["coordinator"], receive(people["coordinator"], content, name))


def test_odk_validate_looks_at_what_pyxform_made(checked: Any) -> None:
    java()
    assert checked(xlsform(), "alerte.xlsx").checked_by == "pyxform, ODK Validate"


def test_what_odk_validate_refuses_is_told_in_its_words(checked: Any) -> None:
    from danbe.collect.messages import FormRefused
    from danbe.collect.models import Form

    java()
    survey = [["type", "name", "label", "calculation"], ["calculate", "c", "", "fonction-qui-n-existe-pas(1)"]]
    survey.append(["text", "q", "Q", ""])
    with pytest.raises(FormRefused) as refused:
        checked(xlsform(survey=survey), "a.xlsx")
    assert refused.value.rule == "form.validate" and "fonction-qui-n-existe-pas" in str(refused.value)
    assert not Form.objects.exists()


def test_without_java_pyxform_alone_answers_for_the_form(publish: Any) -> None:
    assert publish().checked_by == "pyxform"


def test_javarosa_fills_a_form_and_its_xml_is_taken(form: Any, phone: Phone, tmp_path: Path) -> None:
    """The engine of ODK Collect opens our XForm, answers every question, and writes what a phone would send."""
    from danbe.collect.models import Submission

    java("javac")
    subprocess.run(["javac", "-cp", jar(), "-d", tmp_path, FILL], check=True, capture_output=True, timeout=120)
    xform = tmp_path / "form.xml"
    xform.write_bytes(b"".join(phone.get(f"forms/{form.pk}/form.xml").streaming_content))
    command = ["java", "-cp", f"{jar()}:{tmp_path}", "Fill", str(xform)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    answer = phone.post(done.stdout)
    assert answer.status_code == 201, answer.text
    kept = Submission.objects.get()
    assert kept.answers["households"] == 7 and kept.answers["admin1"] == "tst05"
    assert kept.answers["person"][0]["age"] == 7 and kept.instance_id.startswith("uuid:")


def test_pyxforms_example_forms_convert_or_are_refused_in_its_words(monkeypatch: Any, tmp_path: Path) -> None:
    """Forms as pyxform's documentation and tests write them; each opens, or its refusal quotes pyxform."""
    from danbe.collect.forms import convert, isolated
    from danbe.collect.messages import FormRefused

    def here(command: list[str], **_options: Any) -> Any:
        """The same conversion without a process for each: that door has its own tests."""
        return subprocess.CompletedProcess(command, 0, json.dumps(isolated._convert(command[-1])).encode())

    monkeypatch.setattr(convert, "java_present", lambda: False)
    monkeypatch.setattr(convert.subprocess, "run", here)
    opened, refused = [], {}
    for name, (survey, choices) in EXAMPLES.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(xlsform(form_id=name, survey=survey, choices=choices))
        try:
            opened.append(convert.convert(path, path.name).read.form_id)
        except FormRefused as error:
            refused[name] = str(error)
    assert set(refused) == {name for name in EXAMPLES if name.startswith("refused_")}
    assert opened == [name for name in EXAMPLES if name not in refused] and len(opened) >= 20
    for name, told in refused.items():
        assert "pyxform dit" in told and WORDS[name] in told, f"{name}: {told}"


@pytest.mark.real
def test_the_reach_msna_publishes(checked: Any, real_data: Path) -> None:
    path = real_data / "forms" / "reach_msna_2024.xlsx"
    version = checked(path.read_bytes(), path.name)
    fields = version.schema["fields"]
    assert [f["path"] for f in fields if f["type"] == "repeat"] == [
        "consented/demographics/roster", "consented/edu/edu_ind", "consented/health/health_ind", "consented/nutrition/nut_ind",
    ]  # fmt: skip
    assert len(fields) == 300 and version.schema["languages"] == ["english", "french"]


H = ["type", "name", "label"]
EXAMPLES: dict[str, tuple[list[list[str]], list[list[str]]]] = {
    "cascade": (
        [[*H, "choice_filter"], ["select_one r", "region", "Région", ""], ["select_one c", "cercle", "Cercle", "region=${region}"]],
        [["list_name", "name", "label", "region"], ["r", "a", "A", ""], ["c", "a1", "A1", "a"]],
    ),
    "repeat_count": (
        [[*H, "repeat_count"], ["integer", "n", "Combien", ""], ["begin repeat", "p", "Personne", "${n}"], ["text", "x", "X", ""],
         ["end repeat", "", "", ""]],
        [],
    ),
    "external_file": ([H, ["select_one_from_file communes.csv", "commune", "Commune"]], []),
    "ranking": ([H, ["rank b", "besoins", "Classez"]], [["list_name", "name", "label"], ["b", "eau", "Eau"], ["b", "abri", "Abri"]]),
    "media": ([[*H, "media::image"], ["note", "n", "Voyez", "carte.png"], ["image", "p", "Photo", ""]], []),
    "or_other": ([H, ["select_one b or_other", "besoin", "Besoin"]], [["list_name", "name", "label"], ["b", "eau", "Eau"]]),
    "nested_repeats": (
        [H, ["begin repeat", "menage", "Ménage"], ["begin repeat", "membre", "Membre"], ["integer", "age", "Âge"], ["end repeat", "", ""],
         ["end repeat", "", ""]],
        [],
    ),
    "indexed_repeat": (
        [[*H, "calculation"], ["begin repeat", "p", "P", ""], ["text", "nom", "Surnom", ""], ["end repeat", "", "", ""],
         ["calculate", "premier", "", "indexed-repeat(${nom}, ${p}, 1)"]],
        [],
    ),
    "constraint": ([[*H, "constraint", "constraint_message"], ["integer", "age", "Âge", ". >= 0 and . < 120", "Entre 0 et 119"]], []),
    "relevant_group": (
        [[*H, "relevant"], ["select_one on", "oui", "Oui ?", ""], ["begin group", "g", "G", "${oui} = 'o'"], ["text", "q", "Q", ""], ["end group", "", "", ""]],
        [["list_name", "name", "label"], ["on", "o", "Oui"], ["on", "n", "Non"]],
    ),
    "metadata": ([H, ["start", "start", ""], ["end", "end", ""], ["today", "today", ""], ["deviceid", "deviceid", ""], ["text", "q", "Q"]], []),
    "audit": ([[*H, "parameters"], ["audit", "audit", "", "location-priority=balanced location-min-interval=60 location-max-age=120"], ["text", "q", "Q", ""]], []),
    "geo": ([H, ["geopoint", "p", "Point"], ["geotrace", "t", "Tracé"], ["geoshape", "s", "Contour"], ["barcode", "b", "Code"]], []),
    "range": ([[*H, "parameters"], ["range", "r", "Note", "start=0 end=10 step=2"]], []),
    "dates": ([H, ["date", "d", "Jour"], ["time", "t", "Heure"], ["dateTime", "dt", "Moment"], ["acknowledge", "ok", "Lu"]], []),
    "files": ([H, ["audio", "a", "Son"], ["video", "v", "Film"], ["file", "f", "Fichier"]], []),
    "dynamic_default": ([[*H, "default"], ["date", "d", "Jour", "today()"]], []),
    "trigger": ([[*H, "calculation", "trigger"], ["text", "q", "Q", "", ""], ["calculate", "quand", "", "now()", "${q}"]], []),
    "table_list": (
        [[*H, "appearance"], ["begin group", "t", "Tableau", "table-list"], ["select_one on", "a", "A", ""], ["select_one on", "b", "B", ""],
         ["end group", "", "", ""]],
        [["list_name", "name", "label"], ["on", "o", "Oui"], ["on", "n", "Non"]],
    ),
    "languages": ([["type", "name", "label::Français (fr)", "label::العربية (ar)", "hint::Français (fr)"], ["text", "q", "Question", "سؤال", "Aide"]], []),
    "markdown_and_output": ([H, ["text", "lieu", "Lieu"], ["note", "n", "**Merci** pour ${lieu} & les autres <1"]], []),
    "pulldata": ([[*H, "calculation"], ["text", "code", "Code", ""], ["calculate", "nom", "", "pulldata('lieux', 'nom', 'code', ${code})"]], []),
    "csv_external": ([H, ["csv-external", "lieux", ""], ["text", "q", "Q"]], []),
    "last_saved": ([[*H, "default"], ["text", "q", "Q", "${last-saved#q}"]], []),
    "randomize": (
        [[*H, "parameters"], ["select_one b", "besoin", "Besoin", "randomize=true"]],
        [["list_name", "name", "label"], ["b", "eau", "Eau"], ["b", "abri", "Abri"]],
    ),
    "choices_from_repeat": (
        [H, ["begin repeat", "p", "P"], ["text", "nom", "Surnom"], ["end repeat", "", ""], ["select_one ${nom}", "chef", "Lequel ?"]],
        [],
    ),
    "refused_missing_list": ([H, ["select_one absente", "q", "Q"]], []),
    "refused_twice": ([H, ["text", "q", "Q"], ["text", "q", "Q encore"]], []),
    "refused_unclosed": ([H, ["begin group", "g", "G"], ["text", "q", "Q"]], []),
    "refused_unknown_reference": ([[*H, "relevant"], ["text", "q", "Q", "${absente}='x'"]], []),
    "refused_type": ([H, ["telepathie", "q", "Q"]], []),
    "refused_name": ([H, ["text", "1 q", "Q"]], []),
    "refused_no_name": ([H, ["text", "", "Q"]], []),
    "refused_range": ([[*H, "parameters"], ["range", "r", "Note", "start=zero"]], []),
    "refused_choice_without_name": ([H, ["select_one b", "q", "Q"]], [["list_name", "name", "label"], ["b", "", "Eau"]]),
}  # fmt: skip
# What each refusal says, as pyxform says it.
WORDS = {
    "refused_missing_list": "absente", "refused_twice": "q", "refused_unclosed": "g", "refused_unknown_reference": "absente",
    "refused_type": "telepathie", "refused_name": "letter or underscore", "refused_no_name": "name", "refused_range": "start", "refused_choice_without_name": "name",
}  # fmt: skip
