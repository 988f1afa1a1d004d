"""The server dies a hundred times while four phones post: does an acknowledged submission ever get lost?

The real server (granian) is killed with -9 at moments drawn by lot and started again, on SQLite (flushed at each commit)
and on PostgreSQL (fsync and full page writes on). Afterwards every acknowledged submission is looked for in the database
and every stored file compared with its hash. A process's death is tried here, not a power cut.

    python bench/kills.py            a hundred times on each
    python bench/kills.py 20         so many times
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bench.databases import postgresql  # noqa: E402
from tests.forms.conftest import xlsform  # noqa: E402
from tests.forms.server import Server, environment_of, kill_again_and_again, migrate, prepare  # noqa: E402


def deaths(name: str, environment: dict[str, str], folder: Path, kills: int) -> bool:
    (folder / "var").mkdir()
    migrate(environment)
    (folder / "alerte.xlsx").write_bytes(xlsform())
    server = Server(environment, prepare(environment, folder / "alerte.xlsx")).start()
    began = time.perf_counter()
    try:
        told = kill_again_and_again(server, kills)
    finally:
        server.kill()
    print(f"{name:11} {json.dumps(told)} in {time.perf_counter() - began:.0f} s", flush=True)
    return bool(told["whole"]) and not told["lost"] and not told["twice"]


def main(kills: int) -> int:
    with tempfile.TemporaryDirectory() as where:
        good = deaths("SQLite", environment_of(Path(where) / "var"), Path(where), kills)
    with postgresql() as server, tempfile.TemporaryDirectory() as where:
        if server is None:
            print("PostgreSQL is not installed: skipped")
            return 0 if good else 1
        environment = {**environment_of(Path(where) / "var", "danbe"), **server}
        return 0 if deaths("PostgreSQL", environment, Path(where), kills) and good else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else 100))
