"""How long the questions of the dashboards take over one and ten million incidents: p50 and p95, in milliseconds.

    .venv/bin/python bench/monitoring_queries.py [millions …]

The snapshot is made up by DuckDB (24 months, 53 cercles, 1.3 violations an incident, one victim group a violation, one
movement for twenty incidents) and lies in a temporary folder; ten million incidents take about 1 GB there. Each question is
asked over the whole country and over drawn filters (region, cercle, months, category, group), cold cache excluded.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from danbe.analyse.monitoring_queries import Dashboard, Filters
from danbe.analyse.periods import months_between
from danbe.reference.catalogue import MONITORING
from danbe.reference.catalogue.derive import arrow_schema

MONTHS = months_between("2021-01", "2022-12")
CERCLES, REGIONS = 53, 10
ROUNDS = 12


def made_up(folder: Path, incidents: int) -> Path:
    """A snapshot's monitoring datasets with so many incidents; the others are empty."""
    con = duckdb.connect()
    con.execute("SET threads = 2")
    con.execute("CREATE MACRO draw(i, salt, n) AS (hash(i * 31 + salt) % n)::INTEGER; CREATE MACRO pick(i, salt, list) AS list[1 + draw(i, salt, len(list))]")  # fmt: skip
    months = str(list(MONTHS))
    base = f"""
        pick(i, 1, {months}) AS event_month, 'o' || draw(i, 2, 30) AS organisation_id, draw(i, 3, {CERCLES}) AS c,
        'r' || (draw(i, 3, {CERCLES}) % {REGIONS}) AS region, 'c' || draw(i, 3, {CERCLES}) AS cercle, 'x' || draw(i, 4, 700) AS commune,
        pick(i, 5, ['DOC','DOC','DOC','DOC','DOC','TRI','TRI','ENCOURS','ALERTE','REJ']) AS verification, '2020' AS typology,
        pick(i, 6, ['HANI','GANE','MIL','FDS','INC','CRIM']) AS perpetrator"""
    category = "pick(v, 7, ['PROP','PROP','PROP','INTEG','INTEG','VIE','LIBSEC','SERV'])"
    # Three incidents in ten have two violations.
    con.execute(f"CREATE VIEW v AS SELECT i * 2 + k AS v, i FROM range({incidents}) t(i), range(2) u(k) WHERE k = 0 OR draw(i, 8, 10) < 3")  # fmt: skip
    written = {
        "incidents": f"""SELECT i::VARCHAR AS incident_id, 'DOC' AS record_type, 'm' || draw(i, 9, 400) AS monitor,
            (event_month || '-15')::DATE AS event_date, 'JOUR' AS date_precision, (event_month || '-15')::DATE + draw(i, 10, 9) AS reported_on,
            NULL::DATE AS validated_on, 'ROUTE' AS location_type, 'TEM' AS source_type, 'B' AS source_reliability,
            '2' AS information_credibility, 'OUI_ANON' AS consent, * FROM (SELECT i, {base} FROM range({incidents}) t(i))""",
        "violations": f"SELECT v::VARCHAR AS violation_id, i::VARCHAR AS incident_id, {category} AS category, NULL::VARCHAR AS subtype, 'PAF-12' AS risk, * FROM (SELECT v, i, {base} FROM v)",
        "victims": f"""SELECT v::VARCHAR AS group_id, v::VARCHAR AS violation_id, {category} AS category, pick(v, 11, ['F','M','M']) AS sex,
            '18-59' AS age_group, pick(v, 12, ['F_18_59','M_18_59','M_18_59','F_0_17','M_60','INC']) AS sex_age,
            pick(v, 13, ['NDEP','HOTE','PDI','INC']) AS population_status, 'DIR' AS directness, (1 + draw(v, 14, 9))::BIGINT AS victims,
            0::BIGINT AS killed, 0::BIGINT AS injured, 0::BIGINT AS with_disability, * FROM (SELECT v, i, {base} FROM v)""",
        "movements": f"""SELECT i::VARCHAR AS movement_id, NULL::VARCHAR AS incident_id, organisation_id, (event_month || '-15')::DATE AS event_date, event_month,
            NULL::DATE AS reported_on, pick(i, 15, ['CONF','ENR','ALERTE']) AS status, pick(i, 16, ['ATT','COMM','ULT','RET']) AS cause,
            commune AS origin, region AS origin_region, cercle AS origin_cercle, commune AS destination, 'r' || draw(i, 17, {REGIONS}) AS destination_region,
            'c' || draw(i, 18, {CERCLES}) AS destination_cercle, 'PDI' AS population_status, (1 + draw(i, 19, 40))::BIGINT AS households,
            (5 * (1 + draw(i, 19, 40)))::BIGINT AS individuals, FALSE AS imputed, 'DENOM' AS method, 'FAM' AS host_type, 1::BIGINT AS wave
            FROM (SELECT i, {base} FROM range({incidents // 20}) t(i))""",
    }  # fmt: skip
    for name, dataset in MONITORING.items():
        path = folder / f"{name}.parquet"
        if name not in written:
            pq.write_table(arrow_schema(dataset).empty_table(), path)
            continue
        columns = ", ".join(f'"{c.name}"' for c in dataset.columns)
        con.execute(f"COPY (SELECT {columns} FROM ({written[name]})) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)")  # fmt: skip
    return folder


def filters(rng: random.Random) -> Filters:
    """Half of the time a region or a cercle, half of the time a year or a month, at times a category or a group."""
    place, level = rng.choice([("", 0), ("", 0), (f"r{rng.randrange(REGIONS)}", 1), (f"c{rng.randrange(CERCLES)}", 2)])
    start, end = rng.choice([("", ""), ("2022-01", "2022-12"), ("2022-06", "2022-06")])
    category = rng.choice(["", "", "", "PROP", "VIE"])
    return Filters(start, end, place, level, category, rng.choice(["", "", "", "PDI"]))


QUESTIONS: dict[str, Callable[[Dashboard, Filters], object]] = {
    "strip of key figures": lambda d, f: d.strip(f),
    "strip with its change": lambda d, f: d.strip(f, Filters("2021-01", "2021-12", f.place, f.level)),
    "months × category": lambda d, f: d.by_month(f),
    "map of cercles": lambda d, f: d.by_place(f, 2),
    "category × region": lambda d, f: d.heat(f),
    "sex and age": lambda d, f: d.pyramid(f),
    "perpetrators": lambda d, f: d.perpetrators(f),
    "movements by month": lambda d, f: d.movements_by_month(f),
    "origin → destination": lambda d, f: d.arcs(f, 2),
}


def measure(millions: float) -> None:
    with tempfile.TemporaryDirectory(prefix="danbe-bench-") as folder:
        start = time.perf_counter()
        made_up(Path(folder), int(millions * 1_000_000))
        size = sum(p.stat().st_size for p in Path(folder).iterdir()) / 1e6
        print(
            f"\n{millions:g} million incidents: {size:.0f} MB of Parquet, made up in {time.perf_counter() - start:.0f} s"
        )
        start = time.perf_counter()
        dashboard = Dashboard(Path(folder))
        print(f"opened in {(time.perf_counter() - start) * 1000:.0f} ms")
        print(f"{'question':28}{'p50 ms':>9}{'p95 ms':>9}")
        everything: list[float] = []
        for name, question in QUESTIONS.items():
            rng = random.Random(name)
            asked = [Filters(), *(filters(rng) for _ in range(ROUNDS))]
            question(dashboard, Filters())
            times = [_time(dashboard, question, f) for f in asked]
            everything += times
            print(f"{name:28}{statistics.median(times):9.0f}{_p95(times):9.0f}")
        print(f"{'all':28}{statistics.median(everything):9.0f}{_p95(everything):9.0f}")


def _time(dashboard: Dashboard, question: Callable[[Dashboard, Filters], object], asked: Filters) -> float:
    start = time.perf_counter()
    question(dashboard, asked)
    return (time.perf_counter() - start) * 1000


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(0.95 * (len(times) - 1)))]


if __name__ == "__main__":
    for said in sys.argv[1:] or ["1", "10"]:
        measure(float(said))
