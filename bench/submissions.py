"""Submissions through the real server (granian) into a real database, and the export of 100,000 of them.

Each client is a phone: it posts one submission, waits for its answer, posts the next. Measured with 1, 4 and 8 phones,
without and with a photo of 200 kB, on SQLite (flushed at each commit) and on PostgreSQL (fsync on); every figure is what
was acknowledged over ``SECONDS`` of wall clock, then counted in the database. Client and server share the machine.

    python bench/submissions.py            all
    python bench/submissions.py 20000      the export of so many only
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bench.databases import postgresql  # noqa: E402
from tests.forms.conftest import filled, xlsform  # noqa: E402
from tests.forms.server import Server, environment_of, migrate, prepare  # noqa: E402

SECONDS = float(os.environ.get("DANBE_BENCH_SECONDS", "8"))
EXPORTED = 100_000
PHOTO = os.urandom(200_000)


def rate(server: Server, clients: int, photo: bool) -> tuple[float, float]:
    """(submissions acknowledged per second, median answer in ms)."""
    took: list[float] = []
    lock, until = threading.Lock(), time.perf_counter() + SECONDS

    def phone() -> None:
        while time.perf_counter() < until:
            xml = filled(f"uuid:{uuid4()}", body="<photo>p.jpg</photo>" if photo else "")
            content = PHOTO[:-16] + os.urandom(16)
            started = time.perf_counter()
            status = server.post(xml, {"p.jpg": content} if photo else None)
            with lock:
                assert status == 201, status
                took.append(time.perf_counter() - started)

    started = time.perf_counter()
    phones = [threading.Thread(target=phone) for _n in range(clients)]
    for thread in phones:
        thread.start()
    for thread in phones:
        thread.join()
    return len(took) / (time.perf_counter() - started), sorted(took)[len(took) // 2] * 1000


def throughput(name: str, environment: dict[str, str], folder: Path) -> None:
    (folder / "var").mkdir()
    migrate(environment)
    (folder / "alerte.xlsx").write_bytes(xlsform())
    server = Server(environment, prepare(environment, folder / "alerte.xlsx")).start()
    try:
        rate(server, 1, False)
        for photo in (False, True):
            for clients in (1, 4, 8):
                per_second, median = rate(server, clients, photo)
                print(f"{name:11} {clients} phones {'with' if photo else 'without'} photo: {per_second:7.1f}/s, median {median:6.1f} ms", flush=True)  # fmt: skip
    finally:
        server.kill()


def fill(count: int) -> None:
    """Submissions with five persons and five documents each, straight into the rows: the door is measured above."""
    import django

    django.setup()
    from django.utils import timezone

    from danbe.collect.forms.answers import to_json, types_of
    from danbe.collect.forms.xml import parse
    from danbe.collect.models import FormVersion, Submission

    version = FormVersion.objects.get()
    body = "<admin1>tst05</admin1><remark>Deux familles arrivées hier</remark><households>2</households><distance>1.5</distance>"
    body += "<needs>eau abri</needs><place><site>École</site></place>"
    body += "<person><age>34</age><document><kind>carte</kind></document></person>" * 5
    answers = to_json(parse(filled("uuid:x", body=body), 10_000_000), types_of(version.pk, version.xform_sha256))
    for start in range(0, count, 5000):
        Submission.objects.bulk_create(
            Submission(
                form=version.form, form_version=version, instance_id=f"uuid:{n}", root_instance_id=f"uuid:{n}",
                raw_sha256="0" * 64, answers=answers, received_at=timezone.now(),
            )
            for n in range(start, min(start + 5000, count))
        )  # fmt: skip


def export(kind: str, folder: str) -> None:
    """One export in a process of its own: seconds and peak memory, told as JSON."""
    import django

    django.setup()
    from danbe.collect.actions.submissions import export as open_export
    from danbe.collect.models import Form
    from danbe.register.models import User

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    counts = open_export(User.objects.get(username="admin@exemple.org"), Form.objects.get(), kind).write(Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": time.perf_counter() - started, "before": before, "peak": peak, "rows": counts}))


def exports(count: int) -> None:
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        (folder / "var").mkdir()
        environment = environment_of(folder / "var")
        migrate(environment)
        (folder / "alerte.xlsx").write_bytes(xlsform())
        prepare(environment, folder / "alerte.xlsx")
        subprocess.run([sys.executable, __file__, "fill", str(count)], env=environment, check=True)
        for kind in ("csv", "parquet", "json"):
            (folder / kind).mkdir()
            command = [sys.executable, __file__, "export", kind, str(folder / kind)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            told: dict[str, Any] = json.loads(done.stdout)
            size = sum(p.stat().st_size for p in (folder / kind).iterdir()) / 1e6
            print(
                f"export {kind:8} {count} submissions, {sum(told['rows'].values())} rows: {told['seconds']:.1f} s, "
                f"{size:.1f} MB, peak memory {told['peak'] / 1024:.0f} MB (before: {told['before'] / 1024:.0f} MB)", flush=True,
            )  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as where:
        throughput("SQLite", environment_of(Path(where) / "var"), Path(where))
    with postgresql() as server, tempfile.TemporaryDirectory() as where:
        if server is None:
            print("PostgreSQL is not installed: skipped")
        else:
            throughput("PostgreSQL", {**environment_of(Path(where) / "var", "danbe"), **server}, Path(where))
    exports(EXPORTED)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    elif sys.argv[1:2] == ["export"]:
        export(sys.argv[2], sys.argv[3])
    elif sys.argv[1:]:
        exports(int(sys.argv[1]))
    else:
        main()
