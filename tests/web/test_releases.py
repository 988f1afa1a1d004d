"""The release flow: a draft passes the gate or is refused, two people approve, it is signed and published, or withdrawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from danbe.protect import signature
from danbe.protect.release import Damaged
from danbe.protect.signature import SignatureError
from danbe.publish.site.build import SiteError
from danbe.register.audit import NotAllowed
from danbe.web.actions import releases_approve as flow
from danbe.web.actions.releases import ReleaseError, build_preview, pass_gate, start_draft
from danbe.web.models import Approval, Draft, Release
from danbe.web.queries import releases as queries
from tests.web.releases_world import drafted, figures_are_there, light_site, snapshot


@pytest.fixture
def people(db: None, monkeypatch: Any, data_folder: Path) -> dict[str, Any]:
    """An information manager who prepares, a coordinator, a second administrator, a partner."""
    from danbe.register.models import Organisation, Role, User

    figures_are_there(monkeypatch)
    home = Organisation.objects.create(code="a", name="A", search_key="a", verified=True)
    make = User.objects.create_user
    return {
        "im": make("im@exemple.org", role=Role.ADMINISTRATOR),
        "coord": make("coord@exemple.org", role=Role.COORDINATOR),
        "lead": make("lead@exemple.org", role=Role.ADMINISTRATOR),
        "partner": make("partenaire@exemple.org", role=Role.PARTNER, organisation=home),
        "data": data_folder,
    }


@pytest.fixture
def whole_site() -> None:
    """Asked for by a test that looks at the pages themselves."""


@pytest.fixture(autouse=True)
def a_site_of_one_page(request: Any, monkeypatch: Any) -> None:
    from danbe.publish.site import build

    monkeypatch.setattr(build, "index", lambda out: "")
    if "whole_site" not in request.fixturenames:
        monkeypatch.setattr(build, "build_site", light_site)


def published(people: dict[str, Any], number: int = 1) -> Release:
    release = drafted(people["im"], snapshot(people["data"], people["im"], number))
    flow.approve_release(people["im"], release, "IM")
    flow.approve_release(people["coord"], release, "COORD")
    return flow.publish_release(people["lead"], release)


def online(people: dict[str, Any]) -> str:
    return (people["data"] / "site" / "current").resolve().name.partition(".")[0]


def test_two_people_approve_then_it_is_signed_and_published(people: dict[str, Any], whole_site: None) -> None:
    from danbe.register.models import ActionLog

    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    assert release.state == "preview" and release.against is None
    with pytest.raises(ReleaseError, match="il y en a 0"):
        flow.publish_release(people["im"], release)
    release = flow.approve_release(people["im"], release, "IM")
    assert release.state == "preview"
    with pytest.raises(ReleaseError, match="il y en a 1"):
        flow.publish_release(people["im"], release)
    release = flow.approve_release(people["coord"], release, "COORD")
    assert release.state == "signed"
    seal = signature.verify_seal(queries.folder(release), signature.public_keys(people["data"] / "keys"))
    assert [a["role"] for a in seal.statement["approvals"]] == ["IM", "COORD"]
    assert "exemple.org" not in json.dumps(seal.statement), "roles are published, never accounts"
    flow.publish_release(people["coord"], release)
    assert online(people) == release.release_id == queries.standing(people["im"]).release_id
    data = people["data"] / "site" / "current" / "data"
    assert signature.verify_open_data(data, signature.read_keys(data / "public-keys.json"))[1] > 10
    page = (people["data"] / "site" / "current" / "fr" / "index.html").read_text("utf-8")
    assert "Gestion de l’information du cluster · Coordination du cluster" in page
    verbs = list(ActionLog.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["release.draft", "release.build", "release.approve", "release.sign", "release.approve", "release.publish"]  # fmt: skip


def test_one_person_cannot_approve_twice_whatever_the_role(people: dict[str, Any]) -> None:
    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    flow.approve_release(people["im"], release, "IM")
    for role in ("IM", "COORD"):
        with pytest.raises(ReleaseError, match="une autre personne"):
            flow.approve_release(people["im"], release, role)
    assert Approval.objects.filter(void=False).count() == 1


def test_neither_partners_nor_commands_approve_nor_unknown_roles(people: dict[str, Any]) -> None:
    from danbe.register.models import Role, User

    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    with pytest.raises(NotAllowed):
        flow.approve_release(people["partner"], release, "COORD")
    system = User.objects.create_user("danbe", role=Role.ADMINISTRATOR)
    with pytest.raises(ReleaseError, match="n’est pas une personne"):
        flow.approve_release(system, release, "COORD")
    with pytest.raises(ReleaseError, match="COORD, COCOORD, IM, LEAD"):
        flow.approve_release(people["im"], release, "Mme Une-Telle")
    for text in (queries.told, queries.approvals):
        with pytest.raises(NotAllowed):
            text(people["partner"], release)
    assert not queries.releases(people["partner"]).exists()


def test_a_refused_draft_says_why_and_leaves_what_stands(people: dict[str, Any]) -> None:
    standing = published(people)
    before = {p.name for p in (people["data"] / "releases").iterdir()}
    bad = snapshot(people["data"], people["im"], 2, presence={"aor": "Un nom"})
    draft = pass_gate(people["im"], start_draft(people["im"], bad))
    assert draft.state == "refused" and draft.release is None
    assert "Un nom" in draft.reasons[0]["fr"] and draft.reasons[0]["en"] != draft.reasons[0]["fr"]
    assert {p.name for p in (people["data"] / "releases").iterdir()} == before
    assert online(people) == standing.release_id == queries.standing(people["im"]).release_id
    with pytest.raises(ReleaseError, match="déjà passé"):
        pass_gate(people["im"], draft)


def test_the_same_content_is_the_same_release_and_keeps_its_approvals(people: dict[str, Any]) -> None:
    frozen = snapshot(people["data"], people["im"])
    release = drafted(people["im"], frozen)
    flow.approve_release(people["im"], release, "IM")
    again = drafted(people["coord"], frozen)
    assert again == release and queries.approvals(people["im"], again).count() == 1


def test_approved_it_changes_no_more(people: dict[str, Any]) -> None:
    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    for who, role in (("im", "IM"), ("coord", "COORD")):
        release = flow.approve_release(people[who], release, role)
    with pytest.raises(ReleaseError, match="signée"):
        flow.approve_release(people["lead"], release, "LEAD")
    said, signed = signature.beside(queries.folder(release))
    assert not (said.stat().st_mode | signed.stat().st_mode) & 0o222
    assert all(not p.stat().st_mode & 0o222 for p in queries.folder(release).rglob("*.parquet"))


def test_a_withdrawn_release_is_not_published_and_starts_again_from_nothing(people: dict[str, Any]) -> None:
    frozen = snapshot(people["data"], people["im"])
    release = drafted(people["im"], frozen)
    for who, role in (("im", "IM"), ("coord", "COORD")):
        release = flow.approve_release(people[who], release, role)
    release = flow.withdraw_release(people["coord"], release)
    assert release.state == "withdrawn" and not any(p.exists() for p in signature.beside(queries.folder(release)))
    for refused in (flow.publish_release, flow.withdraw_release):
        with pytest.raises(ReleaseError):
            refused(people["im"], release)
    again = drafted(people["im"], frozen)
    assert again == release and again.state == "preview" and not queries.approvals(people["im"], again).exists()
    assert Approval.objects.count() == 2, "what was approved once stays on record"


def test_what_was_published_is_not_withdrawn_but_replaced(people: dict[str, Any]) -> None:
    first = published(people)
    with pytest.raises(ReleaseError, match="ne se retire pas"):
        flow.withdraw_release(people["im"], first)
    second = published(people, 2)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "published")
    assert second.against == first and online(people) == second.release_id
    assert (people["data"] / "site" / first.release_id / "fr" / "index.html").is_file(), "the previous stays on disk"
    flow.publish_release(people["im"], first)
    assert online(people) == first.release_id and Release.objects.filter(state="published").count() == 1


def test_what_changes_is_told_before_one_approves(people: dict[str, Any]) -> None:
    first = published(people)
    release = drafted(people["im"], snapshot(people["data"], people["im"], 2))
    figures = queries.told(people["coord"], release)["difference"]["figures"]
    assert {(f["table"], f["measure"]) for f in figures} == {("completeness", "received"), ("completeness", "rate")}
    with pytest.raises(ReleaseError, match="relisez ce qui change"):
        flow.approve_release(people["coord"], release, "COORD", against="")
    assert flow.approve_release(people["coord"], release, "COORD", against=first.release_id)


def test_two_drafts_at_once_the_second_passes_the_gate_again(people: dict[str, Any]) -> None:
    """Both were checked against nothing; once the first is public, the second has to be checked against it."""
    frozen = snapshot(people["data"], people["im"], 2)
    late = drafted(people["im"], frozen)
    for who, role in (("im", "IM"), ("coord", "COORD")):
        late = flow.approve_release(people[who], late, role)
    first = published(people)
    with pytest.raises(ReleaseError, match="repassez"):
        flow.publish_release(people["im"], late)
    assert online(people) == first.release_id
    again = drafted(people["im"], frozen)
    assert again.against == first and again.state == "preview"
    assert not queries.approvals(people["im"], again).exists()


def test_approvals_start_again_when_another_release_stands(people: dict[str, Any]) -> None:
    """What the approvers compared with is no longer what stands, though the release itself is the same."""
    first, second = published(people), published(people, 2)
    frozen = snapshot(people["data"], people["im"], 3)
    late = drafted(people["im"], frozen)
    for who, role in (("im", "IM"), ("coord", "COORD")):
        late = flow.approve_release(people[who], late, role)
    assert (late.state, late.against) == ("signed", second)
    flow.publish_release(people["im"], first)
    again = drafted(people["im"], frozen)
    assert again == late and again.against == first and again.state == "preview"
    assert not queries.approvals(people["im"], again).exists()
    with pytest.raises(SignatureError):
        signature.verify_seal(queries.folder(again), signature.public_keys(people["data"] / "keys"))


def test_a_file_touched_after_approval_is_never_published(people: dict[str, Any]) -> None:
    standing = published(people)
    release = drafted(people["im"], snapshot(people["data"], people["im"], 2))
    for who, role in (("im", "IM"), ("coord", "COORD")):
        release = flow.approve_release(people[who], release, role)
    file = queries.folder(release) / "audit.json"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(Damaged):
        flow.publish_release(people["im"], release)
    assert online(people) == standing.release_id == queries.standing(people["im"]).release_id


def test_a_site_that_is_not_whole_leaves_the_old_one(people: dict[str, Any], monkeypatch: Any) -> None:
    standing = published(people)
    release = drafted(people["im"], snapshot(people["data"], people["im"], 2))
    for who, role in (("im", "IM"), ("coord", "COORD")):
        release = flow.approve_release(people[who], release, role)
    with monkeypatch.context() as broken:
        broken.setattr("danbe.publish.site.build.problems", lambda _: ["fr/index.html: dead link"])
        with pytest.raises(SiteError):
            flow.publish_release(people["im"], release)
    with monkeypatch.context() as broken:
        broken.setattr("danbe.publish.site.build.swap", lambda *_: (_ for _ in ()).throw(OSError("disque plein")))
        with pytest.raises(OSError, match="disque plein"):
            flow.publish_release(people["im"], release)
    release.refresh_from_db()
    assert release.state == "signed" and online(people) == standing.release_id
    assert queries.standing(people["im"]) == standing
    flow.publish_release(people["im"], release)
    assert online(people) == release.release_id


def test_building_the_standing_site_again_never_leaves_a_gap(people: dict[str, Any], monkeypatch: Any) -> None:
    release = published(people)
    with monkeypatch.context() as broken:
        broken.setattr("danbe.publish.site.build.swap", lambda *_: (_ for _ in ()).throw(OSError("coupure")))
        with pytest.raises(OSError, match="coupure"):
            flow.publish_release(people["im"], release)
    assert (people["data"] / "site" / "current" / "fr" / "index.html").is_file()
    for _ in range(3):
        flow.publish_release(people["im"], release)
        assert online(people) == release.release_id


def test_a_key_that_cannot_be_used_keeps_the_approvals_and_says_so(people: dict[str, Any]) -> None:
    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    key = signature.ensure_key(people["data"] / "keys")
    private = people["data"] / "keys" / signature.PRIVATE
    private.chmod(0o644)
    for who, role in (("im", "IM"), ("coord", "COORD")):
        release = flow.approve_release(people[who], release, role)
    assert release.state == "approved"
    with pytest.raises(SignatureError, match="chmod 600"):
        flow.publish_release(people["im"], release)
    private.chmod(0o600)
    flow.publish_release(people["im"], release)
    assert online(people) == release.release_id
    flow.rotate_key(people["im"])
    assert (
        signature.verify_seal(queries.folder(release), signature.public_keys(people["data"] / "keys")).key.id == key.id
    )
    with pytest.raises(NotAllowed):
        flow.rotate_key(people["coord"])


def test_what_the_gate_told_stays_inside(people: dict[str, Any], whole_site: None) -> None:
    release = drafted(people["im"], snapshot(people["data"], people["im"]))
    kept = people["data"] / "releases" / f"{release.release_id}.inside.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    build_preview(people["im"], release)
    pages = people["data"] / "previews" / release.release_id
    assert "pas encore approuvé" in (pages / "fr" / "index.html").read_text("utf-8")
    flow.withdraw_release(people["im"], release)
    assert not pages.exists()


def test_a_draft_whose_process_is_gone_reads_as_stopped(people: dict[str, Any]) -> None:
    from danbe.web.actions.releases import _lock
    from danbe.web.lock import Busy, alone

    draft = start_draft(people["im"], snapshot(people["data"], people["im"]))
    with alone(_lock(draft)):
        assert queries.draft(people["im"], draft.pk).state == "gate"
        with pytest.raises(Busy):
            pass_gate(people["im"], draft)
    assert Draft.objects.get().state == "gate", "the process at it goes on"
    assert [d.state for d in queries.drafts(people["im"])] == ["stopped"]


def test_what_would_cost_less_is_tried_and_may_be_taken_up(people: dict[str, Any]) -> None:
    from danbe.web.actions.releases import suggest

    frozen = snapshot(people["data"], people["im"])
    release = suggest(people["im"], drafted(people["im"], frozen))
    kept = queries.told(people["im"], release)
    assert kept["suggested"] and kept["cells"], "what the gate told is still there"
    assert kept["suggestions"], "this world hides much, some of it for want of coarser tables"
    best = kept["suggestions"][0]
    assert best["exact"] > kept["costs"]["exact"] and best["fr"] != best["en"]
    cheaper = drafted(people["im"], frozen, suggestions=[best["id"]])
    assert cheaper != release and queries.taken_up(people["im"], cheaper) == [best["id"]]
    assert queries.told(people["im"], cheaper)["costs"]["exact"] == best["exact"]
