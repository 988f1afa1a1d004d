"""The cluster itself on the public site: pages that appear with their registers, light, whole, in both languages."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from danbe.publish.site import sections
from danbe.publish.site.build import build_site
from danbe.publish.site.check import problems
from tests.publish import world


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = world.make_release(tmp_path_factory.mktemp("release"))
    member = {
        "organisation_id": "org-a",
        "organisation_type": "ONGN",
        "status": "MEMBRE",
        "local": True,
        "aors": "SCVBG SCPE",
    }
    rows = {
        "members": [member, {**member, "organisation_id": "org-b", "organisation_type": "BAIL", "status": "OBS", "local": None}],
        "cluster_structure": [{"body_id": "CP", "kind": "CLUSTER", "name_fr": "Cluster Protection", "name_en": "Protection Cluster"}],
        "contacts": [{"body_id": "CP", "contact_id": "1", "function_fr": "Coordination", "function_en": None, "email": "cp@exemple.org", "phone": None}],
        "legal_tracker": [{"instrument": "kampala", "name_fr": "Convention de Kampala", "name_en": None, "stage": "RAT", "reached_on": "2010-06-16",
                           "obstacle": None, "next_step": None, "evidence": "info-matin.ml"}],
    }  # fmt: skip
    (folder / "registers").mkdir(exist_ok=True)
    for name, held in rows.items():
        pq.write_table(pa.Table.from_pylist(held), folder / "registers" / f"{name}.parquet")
    return build_site(folder, tmp_path_factory.mktemp("site") / "out", search=False).folder


def test_each_page_says_what_its_register_holds(site):
    assert problems(site) == []
    said = {
        "fr/composition": ("Observateurs", "Violences basées sur le genre"), "en/composition": ("Observers", "of which 1"),
        "fr/contacts": ("cp@exemple.org", "Cluster Protection"), "en/contacts": ("Protection Cluster", "Coordination"),
        "fr/suivi-juridique": ("Convention de Kampala", "Ratifié"), "en/legal-tracker": ("Ratified", "2010-06-16"),
    }  # fmt: skip
    for name, words in said.items():
        text = (site / f"{name}.html").read_text("utf-8")
        assert [w for w in words if w.lower() not in text.lower()] == [], name
        assert len(gzip.compress(text.encode())) < 100_000


def test_without_registers_no_page_and_no_link(tmp_path):
    from danbe.publish.release import Release

    keys = {s.key for s in sections.shown(Release(world.make_release(tmp_path)))}
    assert not keys & {"composition", "contacts", "legal"}
