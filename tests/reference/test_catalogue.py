"""One declaration, and what follows from it."""

import pyarrow as pa
import pytest

from danbe.reference.catalogue import ACTIVITIES, DATASETS, Column, Dataset
from danbe.reference.catalogue.derive import arrow_schema, dictionary_markdown, hxl_tags, table_schema
from danbe.reference.codelists import codelist


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=str)
def test_every_dataset_gives_its_schemas(dataset):
    names = [c.name for c in dataset.columns]
    assert arrow_schema(dataset).names == names
    assert [f["name"] for f in table_schema(dataset)["fields"]] == names
    assert all(f"`{name}`" in dictionary_markdown(dataset, "fr") for name in names)
    assert all(tag.startswith("#") for tag in hxl_tags(dataset))


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=str)
def test_every_column_is_complete_in_both_languages(dataset):
    for column in dataset.columns:
        assert column.fr and column.en, column.name
        assert bool(column.help_fr) == bool(column.help_en), column.name
        if column.codelist:
            assert codelist(column.codelist).items


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=str)
def test_hxl_tags_tell_the_columns_apart(dataset):
    tags = hxl_tags(dataset)
    assert len(set(tags)) == len(tags), {t for t in tags if tags.count(t) > 1}


def test_the_5w_row_has_every_column_of_the_field():
    """Field brief §1.4, in its order."""
    needed = [
        "report_month",
        "organisation",
        "organisation_type",
        "implementing_partner",
        "donor",
        "project_code",
        "aor",
        "objective",
        "activity",
        "indicator",
        "unit",
        "continuum",
        "action_type",
        "modality",
        "status",
        "start_date",
        "end_date",
        "admin1_name",
        "admin1_code",
        "admin2_name",
        "admin2_code",
        "admin3_name",
        "admin3_code",
        "site",
        "population_status",
        "target",
        "reached",
        "reached_f",
        "reached_m",
        "persons_with_disabilities",
        "recurrent",
        "directness",
        "cash_usd",
        "comment",
    ]
    assert [n for n in needed if n not in ACTIVITIES] == []


def test_sexes_and_ages_are_parts_of_the_reached():
    parts = {dict(c.facet).get("sex", "") + dict(c.facet).get("age", "") for c in ACTIVITIES.facets("reached")}
    assert {"F0-5", "M60+", "F*", "MINC"} <= parts
    assert all(ACTIVITIES[c.facet_of].role == "count" for c in ACTIVITIES.columns if c.facet_of)


def test_a_column_too_sensitive_to_store_is_refused():
    with pytest.raises(ValueError, match="cannot be stored"):
        Column("survivor_name", "Nom", "Name", sensitivity=3)


def test_a_repeated_column_is_refused():
    with pytest.raises(ValueError, match="repeated"):
        Dataset("x", "x", "x", "", "", (Column("a", "a", "a"), Column("a", "a", "a")))


def test_counts_are_whole_and_never_negative_in_open_data():
    fields = {f["name"]: f for f in table_schema(ACTIVITIES)["fields"]}
    assert fields["reached"]["type"] == "integer"
    assert fields["reached"]["constraints"]["minimum"] == 0
    assert "SCVBG" in fields["aor"]["constraints"]["enum"]
    assert arrow_schema(ACTIVITIES).field("reached").type == pa.int64()
