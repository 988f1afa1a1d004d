"""Adding a column to the catalogue is all it takes: template, matching, checks, rows, Parquet, HXL, open data, docs."""

from __future__ import annotations

import pytest

from danbe.reference.catalogue import ACTIVITIES, Column

KITS = Column(
    "dignity_kits",
    "Kits de dignité remis",
    "Dignity kits handed over",
    "integer",
    "#output+kits",
    "count",
    "kits",
    asked=True,
    synonyms=("kits de dignité",),
)


def _forget() -> None:
    """Drops what the house remembers of the catalogue."""
    import functools
    import gc

    for cache in [o for o in gc.get_objects() if type(o) is functools._lru_cache_wrapper]:
        if (cache.__module__ or "").startswith("danbe."):
            cache.cache_clear()


@pytest.fixture
def with_kits(monkeypatch):
    """The catalogue as it would be with one more column declared."""
    monkeypatch.setitem(ACTIVITIES.__dict__, "columns", (*ACTIVITIES.columns, KITS))
    derived = ("by_name", "asked", "readable")
    for name in derived:
        ACTIVITIES.__dict__.pop(name, None)
    _forget()
    yield ACTIVITIES
    _forget()
    for name in derived:
        ACTIVITIES.__dict__.pop(name, None)


def test_the_template_asks_it_and_its_reader_finds_it(with_kits, tmp_path):
    from danbe.collect.workbooks.columns import propose
    from danbe.collect.workbooks.reading import open_workbook
    from danbe.collect.workbooks.sheets import read_table
    from danbe.collect.workbooks.template import IndicatorLine, TemplateContext, write_template
    from danbe.reference.geography.pack import load_pack

    gazetteer = load_pack("mli").gazetteer()
    places = tuple(u for level in (1, 2, 3) for u in gazetteer.units(level, gazetteer.current))
    indicators = (IndicatorLine("SCVBG-01", "SCVBG", "OS3", "Kits", "Nombre de femmes ayant reçu un kit"),)
    row = {"reached": 4, "dignity_kits": 30, "comment": "un"}
    path = write_template(tmp_path / "5w.xlsx", TemplateContext("FIC-IBIS", "2025-03", indicators, places, rows=(row,)))
    table = read_table(open_workbook(path))
    found = {m.column: m for m in propose(table, with_kits)}
    assert found["dignity_kits"].header.startswith(KITS.fr)
    assert table.columns[found["dignity_kits"].index] == [30]


def test_the_importer_matches_and_checks_it(with_kits):
    from danbe.collect.workbooks.columns import mapping_of, propose
    from danbe.collect.workbooks.table import Table
    from danbe.curate.response.options import ImportOptions
    from danbe.curate.response.reading import parse

    headers = ["Organisation", "Région", "Cercle", "Mois", "Nombre", "Kits de dignité"]
    lines = [["FIC-IBIS", "Mopti", "Bankass", "2025-03", 4, kits] for kits in (30, "beaucoup", None)]
    table = Table("5W", 1, headers, [list(c) for c in zip(*lines, strict=True)], [2, 3, 4], [""] * 6)
    mapping = mapping_of(propose(table, with_kits))
    assert mapping["dignity_kits"] == 5
    rows, issues = parse(table, mapping, ImportOptions())
    assert rows.values["dignity_kits"][0] == 30
    about = [i for i, column in enumerate(issues.columns) if column == "dignity_kits"]
    assert [(issues.rules[i], issues.positions[i], issues.values[i]) for i in about] == [
        ("unreadable_number", 1, "beaucoup")
    ]


def test_a_row_keeps_it_and_the_snapshot_has_it(with_kits, administrator, tmp_path, settings):
    import pyarrow.parquet as pq

    from danbe.collect.actions import receive
    from danbe.curate.actions.response import ImportOptions, import_workbook
    from danbe.curate.actions.snapshots import make_snapshot
    from danbe.register.actions.geography import load_pack

    load_pack(administrator, "mli")
    content = "Organisation;Région;Cercle;Mois;Kits de dignité\nFIC-IBIS;Mopti;Bankass;2025-03;30\n".encode()
    upload = receive(administrator, content, "5w.csv")
    batch = import_workbook(administrator, upload, ImportOptions(register=frozenset({"organisations"})))
    assert batch.result["added"] == 1
    snapshot = make_snapshot(administrator)
    table = pq.read_table(settings.DATA / "snapshots" / snapshot.snapshot_id / "activities.parquet")
    assert table.column("dignity_kits").to_pylist() == [30]
    assert table.schema.field("dignity_kits").metadata[b"hxl"] == b"#output+kits"


def test_schemas_tags_and_documents_show_it(with_kits):
    from danbe.reference.catalogue.derive import arrow_schema, dictionary_markdown, hxl_tags, table_schema

    assert arrow_schema(with_kits).names[-1] == "dignity_kits"
    assert hxl_tags(with_kits)[-1] == "#output+kits"
    assert table_schema(with_kits, "en")["fields"][-1]["title"] == KITS.en
    assert KITS.fr in dictionary_markdown(with_kits, "fr")
