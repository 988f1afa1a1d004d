"""The cluster itself: members, bodies, contacts by function, meetings and what they decide, the law's way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

TODAY = date(2025, 7, 1)


@pytest.fixture
def cluster(administrator):
    from danbe.register.actions.cluster import record_body

    whole = record_body(administrator, {"code": "CP", "name_fr": "Cluster Protection", "kind": "CLUSTER"})
    gbv = record_body(
        administrator, {"code": "SCVBG", "name_fr": "Sous-cluster VBG", "kind": "SC", "aor": "SCVBG"}, whole
    )
    return administrator, whole, gbv


@pytest.fixture
def organisation(administrator):
    from danbe.register.actions.organisations import OrganisationRequest, register_organisations

    return register_organisations(administrator, [OrganisationRequest("Organisation Exemple", "OEX", "ONGN")], True)[0]


def someone(role: str, **said):
    from danbe.register.models import User

    return User.objects.create_user(f"user-{role}", f"{role}@exemple.org", role=role, **said)


def test_a_membership_has_its_time_and_its_history(cluster, organisation):
    from danbe.register.actions.cluster import record_member
    from danbe.register.queries.cluster import members

    user, *_ = cluster
    said = {"status": "Membre", "local": "oui", "aors": "VBG; PE", "public": True, "valid_from": "2024-01-01"}
    kept = record_member(user, organisation, said)
    assert (kept.status, kept.local, set(kept.aors.split())) == ("MEMBRE", True, {"SCVBG", "SCPE"})
    assert [m.pk for m in members(user, aor="SCPE", on=TODAY)] == [kept.pk]
    assert not members(user, aor="SCPE", on=date(2023, 12, 31))
    record_member(user, organisation, {**said, "status": "OBS"})
    assert next(h.status for h in kept.history.all()) == "OBS"
    assert "MEMBRE" in {h.status for h in kept.history.all()}


def test_every_fault_is_told_with_its_remedy(cluster, organisation):
    from danbe.register.actions.cluster import record_contact, record_member
    from danbe.register.cluster import ClusterRefused

    user, whole, _gbv = cluster
    with pytest.raises(ClusterRefused) as refused:
        record_member(user, organisation, {"status": "ami", "local": "peut-être", "valid_from": "2025-02-01", "valid_until": "2025-01-01"})  # fmt: skip
    assert {f for f, _text in refused.value.texts("en")} == {"status", "local", "valid_until"}
    with pytest.raises(ClusterRefused, match="adresse ou un téléphone"):
        record_contact(user, whole, {"function_fr": "Coordination"})
    with pytest.raises(ClusterRefused, match="nommer une personne"):
        record_contact(user, whole, {"function_fr": "Mme Aminata Traoré, coordinatrice", "email": "cp@exemple.org"})


def test_a_body_is_no_part_of_itself(cluster):
    from danbe.register.actions.cluster import record_body
    from danbe.register.cluster import ClusterRefused
    from danbe.register.models import Body

    user, _whole, gbv = cluster
    with pytest.raises(ClusterRefused):
        record_body(user, {"code": "CP", "name_fr": "Cluster Protection", "kind": "CLUSTER"}, gbv)
    assert Body.objects.get(code="CP").parent is None


def test_who_sees_a_contact_and_who_writes_it(cluster, organisation):
    from danbe.register.actions.cluster import record_contact
    from danbe.register.audit import NotAllowed
    from danbe.register.queries.cluster import contacts

    user, whole, gbv = cluster
    for seen in ("PUBLIC", "MEMBRES", "COORD"):
        record_contact(user, gbv, {"function_fr": f"Fonction {seen}", "email": "cp@exemple.org", "visible_to": seen})
    partner, coordinator = someone("partner", organisation=organisation), someone("subcluster", aor="SCVBG")
    assert {c.visible_to for c in contacts(partner)} == {"PUBLIC", "MEMBRES"}
    assert len(contacts(coordinator)) == 3
    assert record_contact(coordinator, gbv, {"function_fr": "Suppléance", "phone": "00 00 00 01"}).pk
    for who, body in ((coordinator, whole), (partner, gbv)):
        with pytest.raises(NotAllowed):
            record_contact(who, body, {"function_fr": "Suppléance", "phone": "00 00 00 01"})


def test_what_a_meeting_decided_is_on_the_next_agenda_until_it_is_done(cluster, organisation):
    from danbe.register.actions.cluster import close_follow_up, hold_meeting
    from danbe.register.queries.cluster import follow_ups

    user, whole, gbv = cluster
    decided = [
        {
            "what": "Diffuser la carte des services",
            "owner": "Gestion de l’information",
            "deadline": TODAY - timedelta(1),
        },
        {"what": "Relancer le bailleur", "owner": "Coordination", "deadline": TODAY},
    ]
    meeting = hold_meeting(user, whole, {"held_on": "2025-06-01", "title": "Réunion mensuelle", "minutes": "# Points\n\n- un"}, [organisation], decided)  # fmt: skip
    assert meeting.minutes.count("\n") == 2
    standing = follow_ups(user, body=whole, on=TODAY)
    assert [f.overdue for f in standing] == [True, False]
    assert follow_ups(user, body=gbv, on=TODAY) == []
    close_follow_up(user, standing[0].follow_up, "Carte envoyée aux membres", TODAY)
    assert [f.follow_up.owner for f in follow_ups(user, body=whole, on=TODAY)] == ["Coordination"]


def test_an_instrument_keeps_its_way(cluster):
    from danbe.register.actions.cluster import record_legal_step
    from danbe.register.cluster import ClusterRefused
    from danbe.register.queries.cluster import legal_steps

    user, *_ = cluster
    kampala = {"instrument": "kampala", "name_fr": "Convention de Kampala", "evidence": "info-matin.ml", "public": True}
    record_legal_step(user, {**kampala, "stage": "DEP", "reached_on": "2012-11"})
    record_legal_step(user, {**kampala, "stage": "RAT", "reached_on": "2010-06-16"})
    assert [s.stage for s in legal_steps(user)] == ["RAT", "DEP"]
    with pytest.raises(ClusterRefused, match="une année, un mois ou un jour"):
        record_legal_step(user, {**kampala, "stage": "VAL", "reached_on": "été 2019"})


def test_the_snapshot_holds_what_is_in_force_and_the_release_what_is_public(cluster, organisation, tmp_path):
    import pyarrow.parquet as pq

    from danbe.curate.snapshots import read_tables
    from danbe.protect.registers import registers_of, write_registers
    from danbe.register.actions.cluster import record_contact, record_legal_step, record_member
    from danbe.register.actions.geography import load_pack

    user, whole, _gbv = cluster
    load_pack(user, "mli")
    from danbe.register.models import Place

    mopti = Place.objects.get(place_id="mli2021/ML05")
    record_member(user, organisation, {"status": "MEMBRE", "local": True, "aors": "SCVBG", "public": True}, [mopti])
    for seen, until in (("PUBLIC", ""), ("MEMBRES", ""), ("PUBLIC", "2020-01-01")):
        record_contact(user, whole, {"function_fr": "Coordination", "email": "cp@exemple.org", "visible_to": seen, "valid_until": until})  # fmt: skip
    record_legal_step(user, {"instrument": "kampala", "name_fr": "Convention de Kampala", "stage": "RAT", "reached_on": "2010-06-16", "evidence": "info-matin.ml", "public": True})  # fmt: skip
    tables, _names = read_tables()
    assert tables["contacts"].num_rows == 2
    for name in ("members", "cluster_structure", "contacts", "legal_tracker", "places", "organisations"):
        pq.write_table(tables[name], tmp_path / f"{name}.parquet")
    write_registers(tmp_path, tmp_path / "out", registers_of("mli"), TODAY)
    released = {p.stem: pq.read_table(p).to_pylist() for p in (tmp_path / "out").glob("*.parquet")}
    assert released["members"][0]["areas"] == "mli2021/ML05" and "public" not in released["members"][0]
    assert [c["email"] for c in released["contacts"]] == ["cp@exemple.org"]
    assert {b["body_id"] for b in released["cluster_structure"]} == {"CP", "SCVBG"}
    assert released["legal_tracker"][0]["reached_on"] == "2010-06-16"
