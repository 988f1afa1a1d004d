"""A snapshot from the register and the curated rows: what enters, under which names, and that it stays as it is."""

from __future__ import annotations

from datetime import date

import pyarrow.parquet as pq
import pytest

from danbe.analyse.compute import compute, figure_tables
from danbe.analyse.snapshot import SnapshotError, open_snapshot
from danbe.curate.actions.snapshots import make_snapshot
from danbe.curate.models import Activity, Batch, PeopleInNeed, Report, Target
from danbe.curate.queries import snapshots as queries
from danbe.curate.snapshots import CannotSnapshot
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.derive import arrow_schema
from danbe.register.models import Indicator, Organisation, Place, PlaceLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """A country of one region and two cercles; in 2015 they were one cercle, and a commune of it went to Beta."""
    made = {}
    for key, version, level, parent in (
        ("land", "2021", 0, None),
        ("region", "2021", 1, "land"),
        ("alpha", "2021", 2, "region"),
        ("beta", "2021", 2, "region"),
        ("beta-1", "2021", 3, "beta"),
        ("old-region", "2015", 1, "land"),
        ("old", "2015", 2, "old-region"),
        ("old-halves", "2015", 2, "old-region"),
        ("old-1", "2015", 3, "old"),
        ("camp", "unverified", 3, "alpha"),
    ):
        made[key] = Place.objects.create(
            place_id=key, version=version, level=level, name=key.title(), search_key=key,
            parent=made.get(parent), verified=version != "unverified",
        )  # fmt: skip
    for old, new, weight in (
        ("old-region", "region", 1.0),
        ("old", "alpha", 0.7),
        ("old", "beta", 0.3),
        ("old-1", "beta-1", 1.0),
    ):
        PlaceLink.objects.create(old=made[old], new=made[new], weight=weight)
    for new, weight in (("alpha", 0.4), ("beta", 0.35), ("region", 0.25)):
        PlaceLink.objects.create(old=made["old-halves"], new=made[new], weight=weight)
    return made


@pytest.fixture
def curated(places, administrator):
    """Two organisations that are one since a merge, one indicator, and a way to add rows."""
    from danbe.collect.models import Upload

    kept = Organisation.objects.create(code="kept", acronym="KEPT", name="Kept", search_key="kept")
    gone = Organisation.objects.create(code="gone", acronym="GONE", name="Gone", search_key="gone", merged_into=kept)
    indicator = Indicator.objects.create(code="I1", aor="CP", name_fr="Personnes appuyées", search_key="x")
    upload = Upload.objects.create(sha256="0" * 64, filename="f.xlsx", size=1, user=administrator)
    batch = Batch.objects.create(upload=upload, user=administrator, state=Batch.State.COMMITTED)

    def add(place: str, reached: int | None, *, organisation=kept, batch=batch, **more) -> Activity:
        values = {
            "report_month": "2025-01",
            "organisation": "x",
            "reached": reached,
            "population_status": "PDI",
            **more,
        }
        return Activity.objects.create(
            batch=batch, source_row=2, organisation=organisation, report_month=values["report_month"], aor="CP",
            place=places[place], indicator=indicator, row_key="k", content_hash="h", values=values,
        )  # fmt: skip

    add.kept, add.gone, add.batch, add.upload = kept, gone, batch, upload
    return add


def rows(snapshot, name="activities"):
    return pq.read_table(queries.folder(snapshot) / f"{name}.parquet").to_pylist()


def test_rows_in_force_typed_as_the_catalogue_says(curated, administrator):
    curated("beta-1", 10, start_date="2025-01-05", cash_usd=12.5)
    undone = Batch.objects.create(upload=curated.upload, state=Batch.State.UNDONE)
    curated("beta-1", 99, batch=undone)
    withdrawn = curated("beta-1", 98)
    withdrawn.withdrawn_by = curated.batch
    withdrawn.save()

    snapshot = make_snapshot(administrator)

    (row,) = rows(snapshot)
    assert (row["reached"], row["start_date"], row["cash_usd"], row["reached_f"]) == (10, date(2025, 1, 5), 12.5, None)
    for name, dataset in DATASETS.items():
        table = pq.read_table(queries.folder(snapshot) / f"{name}.parquet")
        assert table.schema.equals(arrow_schema(dataset)), name


def test_merged_organisations_are_followed(curated, administrator):
    curated("beta-1", 10, organisation=curated.gone)
    Report.objects.create(organisation=curated.gone, report_month="2025-01", received_on=date(2025, 2, 9))
    Report.objects.create(organisation=curated.kept, report_month="2025-01", received_on=date(2025, 2, 4))

    snapshot = make_snapshot(administrator)

    assert [r["organisation_id"] for r in rows(snapshot)] == ["kept"]
    assert [r["organisation_id"] for r in rows(snapshot, "organisations")] == ["kept"]
    (report,) = rows(snapshot, "reports")
    assert (report["organisation_id"], report["received_on"]) == ("kept", date(2025, 2, 4)), "the first report counts"


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("beta-1", ("region", "beta", "beta-1")),
        ("beta", ("region", "beta", None)),
        ("old-1", ("region", "beta", "beta-1")),  # an old commune, by the crosswalk
        ("old", ("region", "alpha", None)),  # an old cercle: the one that holds most of it
        ("old-halves", ("region", None, None)),  # no new cercle holds half of it: what they all lie in
        ("camp", ("region", "alpha", "camp")),  # an unverified commune keeps its own name
        ("region", ("region", None, None)),
        ("land", (None, None, None)),
    ],
)
def test_places_are_those_of_the_reference_division(curated, administrator, place, where):
    curated(place, 10)
    (row,) = rows(make_snapshot(administrator))
    assert (row["region"], row["cercle"], row["commune"]) == where


def test_needs_of_an_old_unit_are_split_in_whole_persons(curated, administrator, places):
    PeopleInNeed.objects.create(year=2025, aor="CP", place=places["old"], population_status="PDI", people_in_need=101)
    Target.objects.create(year=2025, aor="CP", place=places["beta"], population_status="PDI", target=7)
    snapshot = make_snapshot(administrator)
    assert [(r["place"], r["people_in_need"]) for r in rows(snapshot, "people_in_need")] == [
        ("alpha", 71),
        ("beta", 30),
    ]
    assert [(r["place"], r["target"]) for r in rows(snapshot, "targets")] == [("beta", 7)]


def test_the_same_data_make_the_same_snapshot(curated, administrator, data_folder):
    curated("beta-1", 10)
    first = make_snapshot(administrator, note="premier")
    files = {f.name: f.read_bytes() for f in queries.folder(first).iterdir()}
    again = make_snapshot(administrator, note="second")
    assert (again.pk, again.note) == (first.pk, "premier")
    assert {f.name: f.read_bytes() for f in queries.folder(again).iterdir()} == files

    curated("beta-1", 11)
    other = make_snapshot(administrator)
    assert other.snapshot_id != first.snapshot_id
    assert queries.find(administrator) == other
    assert queries.find(administrator, first.snapshot_id[:6]) == first
    assert sorted(f.name for f in (data_folder / "snapshots").iterdir()) == sorted(
        [first.snapshot_id, other.snapshot_id]
    )


def test_a_synthetic_data_folder_is_named_so(curated, administrator, data_folder):
    (data_folder / "synthetic").touch()
    manifest = make_snapshot(administrator).manifest
    assert manifest["synthetic"] is True
    assert manifest["period"] == {"start": None, "end": None}


def test_a_tampered_snapshot_is_refused_and_can_be_made_again(curated, administrator):
    curated("beta-1", 10)
    snapshot = make_snapshot(administrator)
    folder = queries.folder(snapshot)
    assert open_snapshot(folder).snapshot_id == snapshot.snapshot_id

    sound = (folder / "activities.parquet").read_bytes()
    (folder / "activities.parquet").write_bytes(sound[:-1] + b"x")
    with pytest.raises(SnapshotError, match=r"activities\.parquet : modifié"):
        open_snapshot(folder)
    make_snapshot(administrator)
    assert open_snapshot(folder).table("activities")["reached"].to_pylist() == [10]

    manifest = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(manifest.replace('"synthetic": false', '"synthetic": true'), "utf-8")
    with pytest.raises(SnapshotError, match="identifiant différent"):
        open_snapshot(folder)


def test_a_value_of_the_wrong_kind_is_named(curated, administrator):
    curated("beta-1", "douze")
    with pytest.raises(CannotSnapshot, match="colonne «reached»"):
        make_snapshot(administrator)


def test_partners_see_no_snapshot(curated, administrator):
    from danbe.register.models import User

    make_snapshot(administrator)
    partner = User.objects.create_user("partenaire", role="partner", organisation=curated.kept)
    assert queries.find(partner) is None
    assert list(queries.visible(partner)) == []


def test_figures_of_a_snapshot(curated, administrator, data_folder, places):
    curated("beta-1", 10)
    curated("beta", 30)
    PeopleInNeed.objects.create(year=2025, aor="CP", place=places["beta"], population_status="PDI", people_in_need=25)
    snapshot = make_snapshot(administrator)

    folder = compute(queries.folder(snapshot), data_folder / "figures")

    need = pq.read_table(folder / "need_target_reached.parquet").to_pylist()
    beta = next(r for r in need if (r["place"], r["aor"], r["population_status"]) == ("beta", "TOTAL", "TOTAL"))
    assert (beta["services_delivered"], beta["reached"], beta["excess"], beta["target"]) == (40, 25, 15, None)
    first = {f.name: f.read_bytes() for f in folder.iterdir()}
    for file in folder.iterdir():
        file.unlink()
    compute(queries.folder(snapshot), data_folder / "figures")
    assert {f.name: f.read_bytes() for f in folder.iterdir()} == first, "the same snapshot gives the same bytes"


def test_nothing_reported_yet_gives_empty_tables(administrator, places):
    tables = figure_tables(open_snapshot(queries.folder(make_snapshot(administrator))))
    assert all(len(table) == 0 for table in tables.values())
