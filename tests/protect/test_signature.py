"""Signatures of releases: two approvals, one key, and every way in which they may not hold."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danbe.protect import signature
from danbe.protect.release import Damaged
from danbe.protect.signature import Approval, SignatureError
from tests.publish.world import make_release

TWO = [Approval("COORD", "2026-01-10T08:00:00+00:00"), Approval("IM", "2026-01-10T09:00:00+00:00")]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), roles=())


@pytest.fixture
def release(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "releases" / made.name))


@pytest.fixture
def keys(tmp_path) -> Path:
    return tmp_path / "keys"


def test_two_approvals_are_signed_and_anyone_may_check(release, keys):
    made = signature.seal(release, TWO, keys)
    found = signature.verify_seal(release, signature.public_keys(keys))
    assert found == made
    assert [a["fr"] for a in found.statement["approvals"]] == [
        "Coordination du cluster", "Gestion de l’information du cluster",
    ]  # fmt: skip
    said, signed = signature.beside(release)
    before = said.read_bytes(), signed.read_bytes()
    signature.seal(release, TWO, keys)
    assert (said.read_bytes(), signed.read_bytes()) == before, "the same approvals give the same bytes"


def test_one_person_is_not_enough(release, keys):
    with pytest.raises(SignatureError, match="2 personnes"):
        signature.seal(release, TWO[:1], keys)
    assert not any(path.exists() for path in signature.beside(release))
    with pytest.raises(SignatureError, match="pas encore signée"):
        signature.verify_seal(release, signature.public_keys(keys))


def test_a_release_touched_after_its_approval_is_told(release, keys):
    signature.seal(release, TWO, keys)
    public = signature.public_keys(keys)
    file = release / "audit.json"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Damaged, match=r"audit\.json"):
        signature.verify_seal(release, public)


def test_a_manifest_rewritten_with_its_id_is_not_the_one_approved(release, keys):
    """The id covers the files only; the signature covers the manifest as well."""
    signature.seal(release, TWO, keys)
    path = release / "manifest.json"
    path.chmod(0o644)
    path.write_text(json.dumps({**json.loads(path.read_text()), "synthetic": False}))
    with pytest.raises(SignatureError, match="autre publication"):
        signature.verify_seal(release, signature.public_keys(keys))


def test_approvals_changed_or_signed_by_a_stranger_do_not_hold(release, keys, tmp_path):
    signature.seal(release, TWO, keys)
    said, _ = signature.beside(release)
    said.chmod(0o644)
    said.write_text(said.read_text().replace("COORD", "LEAD"))
    with pytest.raises(SignatureError, match="aucune clé connue"):
        signature.verify_seal(release, signature.public_keys(keys))
    signature.seal(release, TWO, tmp_path / "other")
    with pytest.raises(SignatureError, match="aucune clé connue"):
        signature.verify_seal(release, signature.public_keys(keys))


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 63), st.integers(1, 255))
def test_no_changed_signature_is_good(tmp_path_factory, message, at, change):
    keys = tmp_path_factory.getbasetemp() / "shared-keys"
    signed = bytearray(signature.sign(message, keys))
    assert signature.check(message, bytes(signed), signature.public_keys(keys))
    signed[at] ^= change
    with pytest.raises(SignatureError):
        signature.check(message, bytes(signed), signature.public_keys(keys))


def test_the_private_key_is_its_owners_alone(release, keys):
    signature.ensure_key(keys)
    private = keys / signature.PRIVATE
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.read_text().strip() not in (keys / signature.PUBLIC).read_text()
    private.chmod(0o640)
    with pytest.raises(SignatureError, match="chmod 600"):
        signature.sign(b"x", keys)


def test_old_keys_stay_good_for_what_they_signed(release, keys, monkeypatch):
    monkeypatch.setattr(signature, "_now", lambda: "2026-01-01T00:00:00+00:00")
    first = signature.ensure_key(keys)
    signature.seal(release, TWO, keys)
    monkeypatch.setattr(signature, "_now", lambda: "2026-02-01T00:00:00+00:00")
    second = signature.rotate(keys)
    known = signature.public_keys(keys)
    assert [k.id for k in known] == [second.id, first.id] and known[1].until
    assert signature.verify_seal(release, known).key.id == first.id
    assert signature.check(b"x", signature.sign(b"x", keys), known).id == second.id


def test_a_key_signs_nothing_after_it_was_withdrawn(release, keys, monkeypatch):
    """Whoever kept a copy of the old private key cannot approve in its name."""
    monkeypatch.setattr(signature, "_now", lambda: "2026-01-01T00:00:00+00:00")
    signature.ensure_key(keys)
    signature.seal(release, TWO, keys)
    monkeypatch.setattr(signature, "_now", lambda: "2026-01-05T00:00:00+00:00")
    signature.rotate(keys)
    with pytest.raises(SignatureError, match="retirée"):
        signature.verify_seal(release, signature.public_keys(keys))


def test_a_lost_or_unreadable_key_is_replaced(keys):
    first = signature.ensure_key(keys)
    (keys / signature.PRIVATE).write_text("illisible !")
    with pytest.raises(SignatureError, match="rotate-key"):
        signature.sign(b"x", keys)
    second = signature.rotate(keys)
    (keys / signature.PRIVATE).unlink()
    third = signature.ensure_key(keys)
    assert [k.id for k in signature.public_keys(keys)] == [third.id, second.id, first.id]


def test_a_file_that_holds_no_keys_is_refused(tmp_path):
    path = tmp_path / "k.json"
    for text in ("{}", "[]", '{"keys": [{}]}', "non"):
        path.write_text(text)
        with pytest.raises(SignatureError, match="clés publiques"):
            signature.read_keys(path)


def test_openssl_checks_a_signature_without_danbe(release, keys, tmp_path):
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    signature.seal(release, TWO, keys)
    said, signed = signature.beside(release)
    pem = tmp_path / "key.pem"
    pem.write_text(signature.ensure_key(keys).pem)
    command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", pem, "-rawin", "-in", said, "-sigfile", signed]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    said.chmod(0o644)
    said.write_text(said.read_text() + " ")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_open_data_is_signed_file_by_file(release, keys, tmp_path):
    from danbe.publish.data import Signer, export
    from danbe.publish.release import Release

    signature.seal(release, TWO, keys)
    signer = Signer(signature.keys_document(signature.public_keys(keys)), lambda message: signature.sign(message, keys))
    out = tmp_path / "data"
    files = {f.path for f in export(Release(release), out, signer)}
    assert {"approvals.json", "approvals.sig", "manifest.json", "public-keys.json", "SHA256SUMS.sig"} <= files
    known = signature.read_keys(out / "public-keys.json")
    key, n = signature.verify_open_data(out, known)
    assert key.id == signature.ensure_key(keys).id and n == len(files) - 1
    (out / "monthly.csv").write_text("n")
    with pytest.raises(Damaged, match=r"monthly\.csv"):
        signature.verify_open_data(out, known)
