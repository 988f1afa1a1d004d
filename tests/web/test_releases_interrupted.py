"""A kill or Ctrl-C in the middle of the gate or of the site: nothing is published, what stands stands, one can go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_stopped_in_the_middle_nothing_is_published_and_the_previous_stands(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DANBE_DATA": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "danbe.settings.embedded",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.releases_interrupted"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert [(r["work"], r["signal"]) for r in told["runs"]] == [
        ("gate", "SIGKILL"), ("gate", "SIGINT"), ("site", "SIGKILL"), ("site", "SIGINT"),
    ]  # fmt: skip
    for run in told["runs"]:
        assert run["standing"] == run["online"] == told["first"] and run["page"], run
        assert run["second"] == "signed" and len(run["releases"]) == 2, run
    # The killed draft left no word, the interrupted one did: both read as stopped.
    assert told["runs"][-1]["drafts"] == ["stopped", "stopped"]
    assert told["after"] == {"online": told["after"]["second"], "second": told["after"]["second"], "third": "preview"}
