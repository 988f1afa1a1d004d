"""What leaves: every repeat in a file of its own, the review carried onto it, encrypted forms opened with their key."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.collect.forms.encryption import CFB
from danbe.collect.forms.flat import rows, tables
from tests.forms.conftest import filled


def written(user: Any, form: Any, folder: Path, kind: str, **options: Any) -> dict[str, int]:
    from danbe.collect.actions.submissions import export

    folder.mkdir(exist_ok=True)
    key = options.pop("private_key", b"")
    return export(user, form.form, kind, **options).write(folder, key)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def two(form: Any, people: Any) -> list[Any]:
    """Two submissions, the first rejected, the second with an edit."""
    from danbe.collect.actions.submissions import receive, review

    first = receive(people["monitor"], filled("uuid:1")).submission
    review(people["supervisor"], first, "rejected", "le cercle manque")
    second = receive(people["other"], filled("uuid:2", body="<households>9</households>")).submission
    third = receive(
        people["other"], filled("uuid:3", deprecated="uuid:2", body="<households>8</households>")
    ).submission
    return [first, second, third]


def test_one_csv_per_repeat_level_with_the_review_on_each_row(two: Any, form: Any, people: Any, tmp_path: Path) -> None:
    counts = written(people["coordinator"], form, tmp_path, "csv")
    assert counts == {"alerte.csv": 2, "alerte-person.csv": 2, "alerte-person-document.csv": 2}
    first, edit = table(tmp_path / "alerte.csv")
    assert first["remark"] == "Deux familles, «près» du puits" and first["needs"] == "eau abri"
    assert first["place/site"] == "École" and (first["review_state"], first["submitter"]) == (
        "rejected",
        "monitor@exemple.org",
    )
    assert (edit["instance_id"], edit["root_instance_id"], edit["households"]) == ("uuid:3", "uuid:2", "8")
    persons, documents = table(tmp_path / "alerte-person.csv"), table(tmp_path / "alerte-person-document.csv")
    assert [(p["age"], p["position"], p["review_state"]) for p in persons] == [
        ("34", "1", "rejected"),
        ("7", "2", "rejected"),
    ]
    assert {d["parent_key"] for d in documents} == {persons[0]["key"]} and persons[0]["parent_key"] == "uuid:1"
    assert [d["kind"] for d in documents] == ["carte", "acte"]
    assert {d["review_reason"] for d in documents} == {"le cercle manque"}


def test_attached_files_when_asked(form: Any, people: Any, tmp_path: Path) -> None:
    from danbe.collect.actions.submissions import export, receive

    receive(people["monitor"], filled("uuid:p"), [("p.jpg", b"image", "image/jpeg")])
    export(people["coordinator"], form.form, "csv").write(tmp_path, files=True)
    assert (tmp_path / "fichiers" / "uuid_p" / "p.jpg").read_bytes() == b"image"


def test_all_versions_when_asked(two: Any, form: Any, people: Any, tmp_path: Path) -> None:
    assert written(people["coordinator"], form, tmp_path, "csv", all_versions=True)["alerte.csv"] == 3


def test_parquet_is_typed_and_json_nested(two: Any, form: Any, people: Any, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert written(people["coordinator"], form, tmp_path, "parquet")["alerte-person.parquet"] == 2
    main = pq.read_table(tmp_path / "alerte.parquet")
    assert main["households"].to_pylist() == [2, 8] and main["distance"].to_pylist() == [1.5, None]
    assert str(main.schema.field("households").type) == "int64"
    written(people["coordinator"], form, tmp_path, "json")
    told = json.loads((tmp_path / "alerte.json").read_text("utf-8"))
    assert told[0]["answers"]["person"][0]["document"][1] == {"kind": "acte"}


def test_each_takes_only_what_it_may_see_and_leaves_a_line(two: Any, form: Any, people: Any, tmp_path: Path) -> None:
    from danbe.register.audit import NotAllowed
    from danbe.register.models import ActionLog

    assert written(people["supervisor"], form, tmp_path, "csv")["alerte.csv"] == 1
    assert written(people["regional"], form, tmp_path, "csv")["alerte.csv"] == 1
    line = ActionLog.objects.filter(verb="submissions.export").latest("pk")
    assert (line.user, line.details["rows"]) == (people["regional"], 1)
    with pytest.raises(NotAllowed):
        written(people["monitor"], form, tmp_path, "csv")


def test_questions_of_an_earlier_version_stay_in_the_export(publish: Any, people: Any, tmp_path: Path) -> None:
    from danbe.collect.actions.submissions import receive

    publish(version="1")
    receive(people["monitor"], filled("uuid:1"))
    newer = publish(version="2", survey=[["type", "name", "label"], ["text", "instance_id", "Un nom pris"]])
    receive(people["monitor"], filled("uuid:2", version="2", body="<instance_id>x</instance_id>"))
    written(people["coordinator"], newer, tmp_path, "csv")
    old, new = table(tmp_path / "alerte.csv")
    assert (old["households"], old["form_version"], new["instance_id_"], new["instance_id"]) == (
        "2",
        "1",
        "x",
        "uuid:2",
    )


# ODK's encryption, written here as a phone does it.


def wrap(public: Any, content: bytes) -> str:
    oaep = rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return base64.b64encode(public.encrypt(content, oaep)).decode()


def encrypt(xml: bytes, files: dict[str, bytes], public: Any, instance: str) -> tuple[bytes, dict[str, bytes]]:
    secret = b"k" * 32
    seed = bytearray(hashlib.md5(instance.encode() + secret).digest())
    wrapped = wrap(public, secret)
    told, sent = f"alerte\n1\n{wrapped}\n{instance}\n", {}
    for number, (name, content) in enumerate({**files, "submission.xml": xml}.items()):
        seed[number % 16] = (seed[number % 16] + 1) % 256
        padder = padding.PKCS7(128).padder()
        padded = padder.update(content) + padder.finalize()
        sent[f"{name}.enc"] = Cipher(algorithms.AES(secret), CFB(bytes(seed))).encryptor().update(padded)
        told += f"{name}::{hashlib.md5(content).hexdigest()}\n"
    media = "".join(f"<media><file>{name}.enc</file></media>" for name in files)
    manifest = (
        f'<data xmlns="http://www.opendatakit.org/xforms/encrypted" encrypted="yes" id="alerte" version="1">'
        f"<base64EncryptedKey>{wrapped}</base64EncryptedKey>"
        f'<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>{instance}</orx:instanceID></orx:meta>{media}'
        f"<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{wrap(public, hashlib.md5(told.encode()).digest())}"
        f"</base64EncryptedElementSignature></data>"
    )
    return manifest.encode(), sent


def pem(key: Any) -> bytes:
    plain = serialization.NoEncryption()
    return bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))


@pytest.fixture(scope="module")
def key() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_an_encrypted_submission_is_kept_as_it_came_and_opens_with_its_key(
    publish: Any, phone: Any, people: Any, key: Any, tmp_path: Path
) -> None:
    from danbe.collect.messages import FieldRefused
    from danbe.collect.models import Submission

    public = base64.b64encode(
        key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    form = publish(public_key=public)
    assert form.encrypted
    photos = {f"{n}.jpg": bytes([n]) * (16 + n) for n in range(20)}
    manifest, sent = encrypt(filled("uuid:e"), photos, key.public_key(), "uuid:e")
    assert phone.post(manifest, sent).status_code == 201
    kept = Submission.objects.get()
    assert kept.encrypted and kept.answers == {} and kept.expected == list(sent)

    written(people["coordinator"], form, tmp_path, "csv")
    assert table(tmp_path / "alerte.csv")[0]["encrypted"] == "True"
    counts = written(people["coordinator"], form, tmp_path, "csv", private_key=pem(key))
    assert counts["alerte-person-document.csv"] == 2
    assert table(tmp_path / "alerte.csv")[0]["remark"] == "Deux familles, «près» du puits"
    opened = {p.name: p.read_bytes() for p in (tmp_path / "fichiers" / "uuid_e").iterdir()}
    assert opened == photos
    kept.refresh_from_db()
    assert kept.answers == {}, "what was opened for an export stays in it"

    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(FieldRefused, match="clé"):
        written(people["coordinator"], form, tmp_path, "csv", private_key=pem(other))


def test_a_signature_that_does_not_hold_is_told(key: Any) -> None:
    from danbe.collect.forms.encryption import open_submission

    manifest, sent = encrypt(filled("uuid:e"), {}, key.public_key(), "uuid:e")
    assert open_submission(manifest, sent.get, key).signed
    forged = manifest.replace(b'version="1"', b'version="2"')
    assert not open_submission(forged, sent.get, key).signed


NESTED = {
    "fields": [
        {"path": "a", "name": "a", "type": "int", "label": {}, "choices": "", "repeat": ""},
        {"path": "g/r", "name": "r", "type": "repeat", "label": {}, "choices": "", "repeat": ""},
        {"path": "g/r/b", "name": "b", "type": "string", "label": {}, "choices": "", "repeat": "g/r"},
        {"path": "g/r/s", "name": "s", "type": "repeat", "label": {}, "choices": "", "repeat": "g/r"},
        {"path": "g/r/s/c", "name": "c", "type": "string", "label": {}, "choices": "", "repeat": "g/r/s"},
    ]
}


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), max_size=6))
def test_no_repeat_is_lost_and_every_row_hangs_on_one(shape: list[int]) -> None:
    answers = {"a": 1, "g": {"r": [{"b": "x", "s": [{"c": "y"}] * n} for n in shape]}}
    own = dict.fromkeys(
        ("root_instance_id", "form_version", "received_at", "submitted_at", "source", "submitter", "organisation",
         "device_id", "encrypted", "complete", "review_state", "review_reason")
    ) | {"instance_id": "i"}  # fmt: skip
    found = tables([NESTED])
    made: dict[str, list[dict[str, Any]]] = {t.repeat: [] for t in found}
    for level, row in rows(own, answers, found[0]):
        made[level.repeat].append(dict(zip(level.header, row, strict=True)))
    assert [len(made[k]) for k in ("", "g/r", "g/r/s")] == [1, len(shape), sum(shape)]
    keys = [r["key"] for r in made["g/r"]]
    assert len(set(keys)) == len(keys) and all(r["parent_key"] == "i" for r in made["g/r"])
    assert {r["parent_key"] for r in made["g/r/s"]} <= set(keys)
    assert len({r["key"] for r in made["g/r/s"]}) == sum(shape)
