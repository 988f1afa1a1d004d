"""A throw-away PostgreSQL for the benches that speak to a real database."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextmanager
def postgresql() -> Iterator[dict[str, str] | None]:
    """A throw-away server with its usual guarantees (fsync on); None where PostgreSQL is not installed."""
    script = (
        f"cd {ROOT}; . tools/debian.sh; PG_BIN=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1);"
        "start_postgresql >&2; as_postgres $PG_BIN/psql -h $PG_DIR -U danbe -d postgres -qc 'alter system set fsync=on' >&2;"
        "as_postgres $PG_BIN/psql -h $PG_DIR -U danbe -d postgres -qc 'alter system set full_page_writes=on' >&2;"
        "as_postgres $PG_BIN/psql -h $PG_DIR -U danbe -d postgres -qc 'select pg_reload_conf()' >&2;"
        "as_postgres $PG_BIN/createdb -h $PG_DIR -U danbe danbe >&2; echo $PG_DIR; read stop; stop_postgresql"
    )
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        yield None
        return
    with tempfile.TemporaryDirectory() as log:
        with (Path(log) / "log").open("w") as quiet:
            shell = subprocess.Popen(
                ["bash", "-c", script.replace("-c fsync=off -c full_page_writes=off", "")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet, text=True,
            )  # fmt: skip
            assert shell.stdin and shell.stdout
            folder = shell.stdout.readline().strip()
        try:
            yield {"DANBE_DB_HOST": folder, "DANBE_DB_USER": "danbe", "DANBE_SECRET_KEY": "bench"}
        finally:
            shell.stdin.write("\n")
            shell.stdin.close()
            shell.wait(60)
