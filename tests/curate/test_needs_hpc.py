"""HPC needs files: rows in = rows stored + rows reported, and no area of responsibility is added into Protection."""

from __future__ import annotations

import csv
import json
from collections import Counter

import pytest

from danbe.curate.actions.needs_hpc import DATASET, load_hpc
from danbe.curate.models import ModuleRow
from danbe.curate.needs_hpc import PROTECTION_CODES, MixedCaseloads, NeedsFileRefused, read_needs, total
from danbe.register.audit import NotAllowed
from danbe.register.models import ActionLog, Organisation, Role, User

HEADER = "Country ISO3,Admin 1 PCode,Admin 1 Name,Admin 2 PCode,Admin 2 Name,Description,Cluster,Category,Population,In Need,Targeted,Affected,Reached,Info\n"
HXL = "#country+code,#adm1+code,#adm1+name,#adm2+code,#adm2+name,#description,#sector+code,#category,#population,#inneed,#targeted,#affected,#reached,#meta\n"

# Rows in and rows that must be reported, by file.
FILES = {
    "progress-2024.json": (2, 2),
    "1185-responsemonitoring.json": (931, 1),
    "1188-responsemonitoring.json": (127, 9),
    "afg_hpc_needs_api_2024.csv": (931, 1),
    "sdn_hpc_needs_api_2021.csv": (127, 9),
    "hpc_hno_2024.csv": (1058, 10),
    "hdx_hapi_humanitarian_needs_global_2024.csv": (1942, 18),
}


@pytest.fixture
def administrator(db) -> User:
    return User.objects.create_user("chef", role=Role.ADMINISTRATOR)


def written(tmp_path, *lines, name="hpc_2025.csv"):
    path = tmp_path / name
    path.write_text(HEADER + "".join(line + "\n" for line in lines), "utf-8")
    return path


def test_what_cannot_stand_is_reported_with_its_row_and_why(tmp_path):
    path = written(
        tmp_path,
        HXL.strip(),
        "MLI,,,,,Protection (overall),PRO,,,3500000,3000000,,,",
        "MLI,,,,,Protection (overall),PRO,,,3500000,3000000,,,",
        "MLI,ML05,Mopti,,,Protection (overall),PRO,PDI,,-4,,,,",
        "MLI,ML05,Mopti,,,Protection (overall),PRO,PDI,,beaucoup,,,,",
        "MLI,ML99,Nulle part,,,Protection (overall),PRO,PDI,,10,,,,",
        "MLI,ML05,Mopti,,,Protection (overall),PRO,Filles,,,,,,",
        "MLI,,,,,Réfugiés,,,,5,,,,",
        "MLI,ML05,Mopti,,,Protection (overall),PRO,Filles,,10,7.6,,,",
    )
    read = read_needs(path, places={"MLI": {"ML05"}})
    assert (read.rows, len(read.kept), len(read.reported)) == (9, 2, 7)
    told = {r.row: r.text("fr") for r in read.reported}
    assert "HXL" in told[2] and "ligne 3" in told[4] and "négatif" in told[5] and "pas un nombre" in told[6]
    assert "ML99" in told[7] and "Aucun chiffre" in told[8] and "Réfugiés" in told[9]
    assert read.kept[1].value("targeted") == 8
    assert [r.text("en") for r in read.remarks if r.kept] == ["Decimal number rounded to the unit: 7.6."]
    assert all(r.text("en") != r.text("fr") for r in read.remarks)


def test_caseloads_are_never_added_together(tmp_path):
    path = written(
        tmp_path,
        "MLI,,,,,Protection (overall),PRO,,,100,,,,",
        "MLI,,,,,GBV,PRO-GBV,,,60,,,,",
        "MLI,ML05,Mopti,,,GBV,PRO-GBV,,,40,,,,",
        "MLI,ML07,Gao,,,GBV,PRO-GBV,,,20,,,,",
        "MLI,ML07,Gao,,,GBV,PRO-GBV,Filles,,9,,,,",
    )
    overall, gbv, mopti, gao, girls = read_needs(path).kept
    assert total([mopti, gao]) == 60
    for mixed in ([overall, gbv], [gbv, mopti], [gao, girls], [gao, gao]):
        with pytest.raises(MixedCaseloads):
            total(mixed)


def test_a_file_without_country_or_known_columns_says_what_to_do(tmp_path):
    other = tmp_path / "besoins.csv"
    other.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(NeedsFileRefused, match="Cluster, Category, In Need"):
        read_needs(other)
    plan = tmp_path / "77-responsemonitoring.json"
    plan.write_text(json.dumps({"data": {"locations": [], "caseloads": []}}), "utf-8")
    with pytest.raises(NeedsFileRefused, match="--country"):
        read_needs(plan)


@pytest.mark.django_db
def test_a_file_loaded_again_takes_its_own_place(administrator, tmp_path):
    first = "MLI,,,,,Protection,PRO,,,100,,,,"
    load_hpc(administrator, [written(tmp_path, first, "MLI,,,,,GBV,PRO-GBV,,,60,,,,")])
    (again,) = load_hpc(administrator, [written(tmp_path, "MLI,,,,,Protection,PRO,,,110,,,,")])
    assert (again.added, again.replaced, again.removed) == (0, 1, 1)
    assert [r.values["values"]["in_need"] for r in ModuleRow.objects.filter(dataset=DATASET)] == [110]
    assert ActionLog.objects.filter(verb="needs.load_hpc").count() == 2


@pytest.mark.django_db
def test_a_partner_may_not_load_needs(db, tmp_path):
    organisation = Organisation.objects.create(code="ong", name="ONG", search_key="ong")
    partner = User.objects.create_user("p", role=Role.PARTNER, organisation=organisation)
    with pytest.raises(NotAllowed):
        load_hpc(partner, [written(tmp_path, "MLI,,,,,Protection,PRO,,,1,,,,")])


def sums(path):
    """{code: sum of all people in need on its rows}, by plain csv and json."""
    found: Counter[str] = Counter()
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if "In Need" in row:
                    found[row["Cluster"]] += int(row["In Need"] or 0)
                elif row["population_status"] == "INN":
                    found[row["sector_code"]] += int(row["population"])
        return found
    for case in json.loads(path.read_text("utf-8"))["data"].get("caseloads", []):
        code = case["availableGlobalClusterCode"]
        code = "PRO" if code == "n/a" and case["caseloadCustomRef"].startswith("CLPRO/") else code
        found[code] += case["inNeed"] or 0
        for part in case["disaggregatedAttachments"]:
            found[code] += sum(m["value"] for m in part["dataMatrix"] if m["metricType"] == "inNeed")
    return found


@pytest.mark.real
@pytest.mark.django_db
def test_every_published_file_is_stored_or_reported_row_by_row(administrator, real_data):
    paths = [real_data / "needs" / name for name in FILES]
    done = dict(zip(FILES, load_hpc(administrator, paths[::-1])[::-1], strict=True))
    for name, path in zip(FILES, paths, strict=True):
        read = done[name].read
        rows = ModuleRow.objects.filter(dataset=DATASET, source=name)
        assert (read.rows, len(read.reported)) == FILES[name]
        assert rows.count() == done[name].stored == read.rows - len(read.reported)
        kept: Counter[str] = Counter()
        for row in rows:
            kept[row.values["code"]] += row.values["values"].get("in_need", 0)
        independent = sums(path)
        assert {c: kept[c] for c in PROTECTION_CODES} == {c: independent[c] for c in PROTECTION_CODES}


@pytest.mark.real
def test_the_joint_figure_of_protection_is_neither_an_area_nor_their_sum(real_data):
    read = read_needs(real_data / "needs" / "afg_hpc_needs_api_2024.csv")
    found = {(code, text): n for (_, code, text), n in read.national().items()}
    assert found["PRO", "Protection (overall)"] == 20_806_009
    assert found["PRO", "General Protection"] == 14_809_904
    assert (found["PRO-GBV", "Gender-Based Violence (GBV)"], found["PRO-CPN", "Child Protection"]) == (
        13_253_951,
        9_213_752,
    )
    assert (found["PRO-HLP", "Housing, Land and Property"], found["PRO-MIN", "Mine Action"]) == (6_296_804, 4_182_879)
