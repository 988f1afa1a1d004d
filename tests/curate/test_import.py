"""The life of a batch: draft, entered, the same again, corrected, undone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from danbe.collect.actions import receive
from danbe.curate.actions.response import ImportOptions, Refused, commit_import, nil_report, start_import, undo
from danbe.curate.models import Activity, Batch, Report
from danbe.curate.queries.response import activities, batches, issues, progress
from danbe.curate.response.difference import Held, New, difference
from danbe.register.audit import NotAllowed
from danbe.register.models import Organisation, OrganisationAlias, Place, Role, User
from tests.curate.workbooks import line, register_world, state, take_in, write


@pytest.fixture
def user(administrator):
    register_world()
    return administrator


@pytest.fixture
def partner(user):
    return User.objects.create_user(
        "p@asso.example", password="x", role=Role.PARTNER, organisation=Organisation.objects.get(code="asso")
    )


def test_a_draft_enters_nothing_and_tells_what_would(user, tmp_path):
    upload = receive(user, write(tmp_path / "a.xlsx", [line(), line(reached=-1)]), "a.xlsx")
    seen = []
    draft = start_import(user, upload, ImportOptions(), progress=lambda *step: seen.append(step[2]))
    assert draft.state == Batch.State.DRAFT and not Activity.objects.exists() and not Report.objects.exists()
    assert (draft.result["added"], draft.result["rows_blocked"]) == (1, 1)
    assert seen == ["reading", "matching", "checking", "done"] and progress(user, draft)["stage"] == "done"
    done = commit_import(user, draft)
    assert done.state == Batch.State.COMMITTED and Activity.objects.count() == 1
    with pytest.raises(Refused):
        commit_import(user, done)


def test_a_row_enters_with_what_it_was_resolved_to(user, tmp_path):
    take_in(user, write(tmp_path / "a.xlsx", [line(admin3_name="Konna", implementing_partner="PARTENAIRE")]))
    row = Activity.objects.get()
    assert (row.organisation.code, row.implementing_partner.code, row.indicator.code) == ("asso", "partenaire", "CP-1")
    assert (row.place.place_id, row.report_month, row.aor, row.source_row) == ("k-konna", "2025-03", "CP", 2)
    assert row.values["reached_f_18_59"] == 12 and "site" not in row.values
    assert list(Report.objects.values_list("organisation__code", "report_month", "nothing_to_report")) == [
        ("asso", "2025-03", False)
    ]


def test_the_same_file_twice_adds_nothing_and_says_so(user, tmp_path):
    path = write(tmp_path / "a.xlsx", [line(), line(admin2_name="Djenné")])
    first = take_in(user, path)
    held = state()
    again = take_in(user, path, "autre nom.xlsx")
    assert state() == held and again.result["same_as"] == first.pk
    assert [again.result[k] for k in ("added", "corrected", "withdrawn", "rows_unchanged")] == [0, 0, 0, 2]


def test_a_corrected_file_replaces_its_rows_and_shows_the_difference(user, tmp_path):
    take_in(
        user,
        write(tmp_path / "a.xlsx", [line(), line(admin2_name="Djenné"), line(admin1_name="Gao", admin2_name="Gao")]),
    )
    corrected = [
        line(),
        line(admin2_name="Djenné", target=80),
        line(indicator="Personnes orientées", admin2_name="Djenné"),
    ]
    batch = take_in(user, write(tmp_path / "b.xlsx", corrected))
    assert [batch.result[k] for k in ("added", "corrected", "withdrawn", "rows_unchanged")] == [1, 1, 1, 1]
    assert batch.result["difference"]["corrected"] == [{"row": 3, "changes": {"target": [100, 80]}, "hidden": []}]
    assert set(Activity.objects.filter(withdrawn_by=batch).values_list("withdrawn_reason", flat=True)) == {
        "corrected",
        "absent",
    }


def test_equal_rows_are_counted(user, tmp_path):
    take_in(user, write(tmp_path / "a.xlsx", [line()] * 5))
    assert take_in(user, write(tmp_path / "b.xlsx", [line()] * 7)).result["added"] == 2
    assert take_in(user, write(tmp_path / "c.xlsx", [line()] * 4)).result["withdrawn"] == 3
    assert Activity.objects.filter(withdrawn_by=None).count() == 4


def test_a_blocked_correction_leaves_the_earlier_row(user, tmp_path):
    take_in(user, write(tmp_path / "a.xlsx", [line(), line(admin2_name="Djenné")]))
    batch = take_in(user, write(tmp_path / "b.xlsx", [line(), line(admin2_name="Djenné", reached=-40)]))
    assert batch.result["shielded"] == 1 and batch.result["withdrawn"] == 0
    assert Activity.objects.filter(withdrawn_by=None).count() == 2


def test_a_compiled_file_does_not_replace_a_partners_own_rows(user, partner, tmp_path):
    take_in(partner, write(tmp_path / "a.xlsx", [line(), line(admin2_name="Djenné")]))
    compiled = take_in(user, write(tmp_path / "b.xlsx", [line(target=90), line(organisation="AUTRE")]))
    assert compiled.result["withdrawn"] == 0 and compiled.result["issues"]["reported_elsewhere"] == 1
    assert Activity.objects.filter(withdrawn_by=None).count() == 4


def test_two_sources_of_compiled_files_stand_side_by_side(user, tmp_path):
    rows = [line(), line(organisation="AUTRE")]
    take_in(user, write(tmp_path / "a.xlsx", rows), source="Mopti")
    other = [
        line(admin1_name="Gao", admin2_name="Gao"),
        line(organisation="AUTRE", admin1_name="Gao", admin2_name="Gao"),
    ]
    assert take_in(user, write(tmp_path / "b.xlsx", other), source="Gao").result["withdrawn"] == 0


def test_a_file_that_completes_only_adds(user, tmp_path):
    take_in(user, write(tmp_path / "a.xlsx", [line()]))
    path = write(tmp_path / "b.xlsx", [line(admin2_name="Djenné")])
    assert take_in(user, path, mode="add").result["added"] == 1
    assert take_in(user, path, mode="add").result["added"] == 0
    assert Activity.objects.filter(withdrawn_by=None).count() == 2


def test_undo_restores_and_is_refused_under_a_later_batch(user, tmp_path):
    first = take_in(user, write(tmp_path / "a.xlsx", [line(), line(admin2_name="Djenné")]))
    before = state()
    second = take_in(user, write(tmp_path / "b.xlsx", [line(target=70)]))
    with pytest.raises(Refused, match=str(second.pk)):
        undo(user, first)
    undo(user, second)
    assert state() == before
    undo(user, first)
    assert state() == [] and not Report.objects.exists()
    with pytest.raises(Refused):
        undo(user, first)


def test_undo_is_refused_where_a_later_batch_counts_on_rows_it_found_unchanged(user, tmp_path):
    first = take_in(user, write(tmp_path / "a.xlsx", [line()]))
    take_in(user, write(tmp_path / "b.xlsx", [line(), line(admin2_name="Djenné")]))
    with pytest.raises(Refused):
        undo(user, first)


def test_what_was_blocked_enters_once_it_is_decided_and_the_answer_is_remembered(user, tmp_path):
    path = write(tmp_path / "a.xlsx", [line(organisation="ASO Mali"), line(admin2_name="Atlantide")])
    blocked = take_in(user, path)
    assert blocked.result["added"] == 0
    (place,) = [p for p in blocked.result["places"] if not p["place_id"]]
    decided = take_in(user, path, organisations={"ASO Mali": "asso"}, places={place["key"]: "c-djenne"})
    assert decided.result["added"] == 2
    assert OrganisationAlias.objects.filter(spelling="ASO Mali").exists()
    assert take_in(user, path).result["rows_unchanged"] == 2


def test_unknown_things_are_registered_only_when_asked(user, tmp_path):
    rows = [line(organisation="Nouvelle ONG", admin2_name="Atlantide", indicator="Nombre de choses")]
    path = write(tmp_path / "a.xlsx", rows)
    assert take_in(user, path).result["added"] == 0 and not Place.objects.filter(verified=False).exists()
    batch = take_in(user, path, register={"organisations", "places", "indicators"})
    assert batch.result["registered"] == {"organisations": 1, "places": 1, "indicators": 1}
    row = Activity.objects.get()
    assert not (row.organisation.verified or row.place.verified or row.indicator.verified)
    assert row.place.parent.place_id == "r-mopti" and row.indicator.aor == "CP"


def test_a_partner_enters_and_sees_its_own_only(user, partner, tmp_path):
    other = take_in(user, write(tmp_path / "a.xlsx", [line(organisation="AUTRE")]))
    mine = take_in(
        partner, write(tmp_path / "b.xlsx", [line(), line(organisation="AUTRE")]), register={"organisations"}
    )
    assert mine.result["issues"]["not_your_organisation"] == 1 and mine.result["added"] == 1
    assert [b.pk for b in batches(partner)] == [mine.pk]
    assert [a.organisation.code for a in activities(partner)] == ["asso"]
    with pytest.raises(Batch.DoesNotExist):
        issues(partner, other)
    with pytest.raises(Refused):
        undo(partner, other)


def test_an_account_that_is_closed_writes_nothing(user, partner, tmp_path):
    path = write(tmp_path / "a.xlsx", [line()])
    upload = receive(partner, path, "a.xlsx")
    partner.is_active = False
    partner.save()
    with pytest.raises(NotAllowed):
        start_import(partner, upload)


def test_a_failure_half_way_leaves_what_was(user, tmp_path, monkeypatch):
    from danbe.curate.actions import _entering

    take_in(user, write(tmp_path / "a.xlsx", [line()]))
    before = state()
    monkeypatch.setattr(_entering, "record_reports", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_in(user, write(tmp_path / "b.xlsx", [line(target=70), line(organisation="AUTRE")]))
    assert state() == before


def test_a_file_that_is_no_workbook_fails_with_its_reason(user, tmp_path):
    from danbe.collect.messages import WorkbookRefused

    (tmp_path / "x.xlsx").write_text("<html><body>pas un classeur</body></html>")
    with pytest.raises(WorkbookRefused):
        take_in(user, tmp_path / "x.xlsx")
    failed = Batch.objects.get()
    assert failed.state == Batch.State.FAILED and failed.result["error"]["fr"]


def test_nothing_to_report(user, partner, tmp_path):
    asso = Organisation.objects.get(code="asso")
    assert nil_report(partner, asso, "2025-02").nothing_to_report
    assert nil_report(partner, asso, "2025-02") == Report.objects.get()
    with pytest.raises(Refused):
        nil_report(partner, Organisation.objects.get(code="autre"), "2025-02")
    take_in(partner, write(tmp_path / "a.xlsx", [line()]))
    with pytest.raises(Refused):
        nil_report(partner, asso, "2025-03")


rows_of_months = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("XY"), st.integers(0, 2)), max_size=8)


@given(rows_of_months, rows_of_months, st.booleans())
@settings(max_examples=200, deadline=None)
def test_after_a_replacement_the_cluster_holds_what_the_file_says(old, new, ours):
    """Whatever came before: of its own scopes the file's rows hold, each as often as it says; no other row goes."""

    def scope(row):
        return (row[0], "2025-03", "CP")

    held = [Held(n, 1, scope(r), r[0] + r[1], f"{r}", ours) for n, r in enumerate(old)]
    found = difference([New(n, scope(r), r[0] + r[1], f"{r}") for n, r in enumerate(new)], held)
    gone = {pk for _, pk in found.corrected} | set(found.withdrawn)
    entered = [new[n] for n in found.added] + [new[n] for n, _ in found.corrected]
    after = sorted([r for n, r in enumerate(old) if n not in gone] + entered)
    spoken = {scope(r) for r in new}
    assert [r for r in after if scope(r) not in spoken] == sorted(r for r in old if scope(r) not in spoken)
    if ours:
        assert [r for r in after if scope(r) in spoken] == sorted(new)
    else:
        assert not gone
    assert len(found.added) + len(found.corrected) + len(found.unchanged) == len(new)


files = st.lists(
    st.lists(st.tuples(st.sampled_from(["Mopti", "Djenné"]), st.sampled_from([50, 60])), min_size=1, max_size=4),
    min_size=1, max_size=3,
)  # fmt: skip


@given(files)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_in_reverse_order_walks_back_through_every_state(user, tmp_path, sent):
    Activity.objects.all().delete()
    Report.objects.all().delete()
    Batch.objects.all().delete()
    states, made = [state()], []
    for rows in sent:
        path = write(tmp_path / "h.xlsx", [line(admin2_name=place, target=target) for place, target in rows])
        made.append(take_in(user, path))
        states.append(state())
        assert len(states[-1]) == len(rows)
    for batch in reversed(made):
        assert state() == states.pop()
        undo(user, batch)
    assert state() == states.pop() == []
