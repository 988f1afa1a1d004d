"""Builds the site of a release and prints how long it takes and what each page weighs on first load (gzip).

Usage: python bench/site.py [releases/<id>], by default the latest release of the data folder.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from danbe.publish.site.build import build_site
from danbe.publish.site.check import read


def main(release: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        start = time.perf_counter()
        report = build_site(release, site)
        print(f"site: {report.pages} pages, {report.files} files, {time.perf_counter() - start:.1f} s with search")
        for notice in report.notices:
            print(f"  {notice}")
        heaviest = 0
        for page in sorted(site.glob("*/**/*.html")):
            files = {page}
            for tag, _name, address in read(page).links:
                if tag in ("link", "script", "img") and not address.endswith(".html"):
                    files.add((page.parent / address).resolve())
            weight = sum(len(gzip.compress(f.read_bytes())) for f in files)
            heaviest = max(heaviest, weight)
            print(f"  {weight / 1000:6.1f} kB  {page.relative_to(site)}")
        print(f"heaviest first load: {heaviest / 1000:.1f} kB (limit 100)")


def latest() -> Path:
    """The last release built in the data folder."""
    releases = [p.parent for p in Path(os.environ.get("DANBE_DATA", "var"), "releases").glob("*/manifest.json")]
    if not releases:
        sys.exit("no release here: run `make demo SERVE=0` first")
    return max(releases, key=lambda p: json.loads((p / "manifest.json").read_text("utf-8"))["made_at"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else latest())
