"""Files kept verbatim and matchings remembered, each within the organisation of who brings them."""

from __future__ import annotations

import hashlib
import io

import pytest

from danbe.collect.actions import confirm_mapping, receive
from danbe.collect.messages import WorkbookRefused
from danbe.collect.models import Upload
from danbe.collect.queries import remembered_mapping, uploads
from danbe.collect.storage import upload_path
from danbe.register.actions.organisations import OrganisationRequest, register_organisations
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations(administrator):
    return register_organisations(administrator, [OrganisationRequest("Alpha"), OrganisationRequest("Beta")])


@pytest.fixture
def partner(organisations):
    return User.objects.create_user("alpha", role=Role.PARTNER, organisation=organisations[0])


@pytest.mark.parametrize("shape", ["bytes", "path", "file"])
def test_a_file_is_kept_as_it_came(administrator, tmp_path, data_folder, shape):
    content = b"Organisation;Cercle\n" * 100_000
    (tmp_path / "x").write_bytes(content)
    given = {"bytes": content, "path": tmp_path / "x", "file": io.BytesIO(content)}[shape]
    upload = receive(administrator, given, "C:\\Rapports\\mars 2025.csv")
    assert upload.filename == "mars 2025.csv"
    assert upload.sha256 == hashlib.sha256(content).hexdigest()
    assert upload_path(upload.sha256).read_bytes() == content
    assert upload_path(upload.sha256).parent == data_folder / "uploads"
    line = ActionLog.objects.get(verb="collect.receive")
    assert line.details["sha256"] == upload.sha256


def test_the_same_file_twice_is_stored_once(administrator, data_folder):
    first, second = (receive(administrator, b"a;b\n", f"{n}.csv") for n in (1, 2))
    assert first.pk != second.pk and first.sha256 == second.sha256
    assert [p.name for p in (data_folder / "uploads").iterdir()] == [first.sha256]


def test_a_file_too_large_leaves_nothing(administrator, settings, data_folder):
    settings.UPLOAD_LIMIT_BYTES = 3 * 1024 * 1024
    with pytest.raises(WorkbookRefused) as caught:
        receive(administrator, io.BytesIO(b"x" * (4 * 1024 * 1024)), "gros.xlsx")
    assert caught.value.rule == "file.size" and "gros.xlsx" in caught.value.fr
    assert not Upload.objects.exists() and not list((data_folder / "uploads").iterdir())


def test_an_empty_file_is_refused(administrator):
    with pytest.raises(WorkbookRefused) as caught:
        receive(administrator, b"", "vide.xlsx")
    assert caught.value.rule == "file.empty"


def test_no_path_is_made_of_what_is_no_hash():
    with pytest.raises(ValueError, match="SHA-256"):
        upload_path("../../etc/passwd")


def test_a_partner_brings_and_sees_its_own_files_only(administrator, partner, organisations):
    mine = receive(partner, b"a", "a.csv")
    other = receive(administrator, b"b", "b.csv", organisations[1])
    assert mine.organisation == organisations[0]
    assert list(uploads(partner)) == [mine]
    assert list(uploads(administrator)) == [other, mine]
    with pytest.raises(NotAllowed):
        receive(partner, b"c", "c.csv", organisations[1])


def test_a_mapping_is_remembered_own_over_everyones(administrator, partner, organisations):
    alpha, beta = organisations
    confirm_mapping(administrator, None, {"Structure": "organisation", "Couleur": ""})
    confirm_mapping(partner, alpha, {"STRUCTURE ": "implementing_partner"})
    assert remembered_mapping(alpha) == {"structure": "implementing_partner", "couleur": ""}
    assert remembered_mapping(beta) == remembered_mapping(None) == {"structure": "organisation", "couleur": ""}
    confirm_mapping(partner, None, {"Zone": "admin2_name"})
    assert remembered_mapping(alpha)["zone"] == "admin2_name", "a partner speaks for itself, never for everyone"
    assert "zone" not in remembered_mapping(None)
    with pytest.raises(NotAllowed):
        confirm_mapping(partner, beta, {"Zone": "admin2_name"})


@pytest.mark.parametrize("column", ["no_such_column", "activity_id"])
def test_a_mapping_names_columns_that_a_file_can_hold(administrator, column):
    with pytest.raises(ValueError, match=column):
        confirm_mapping(administrator, None, {"X": column})
