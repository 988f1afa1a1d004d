"""Builds the site of a release and prints how long it takes, what it weighs, what each page weighs on first load (gzip), and
how many files a rebuild after one changed figure rewrites.

Usage: python bench/site.py [releases/<id>], by default the latest release of the data folder.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from danbe.publish.site.build import build_site, publish_site
from danbe.publish.site.check import read


def main(release: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        start = time.perf_counter()
        report = build_site(release, site)
        print(f"site: {report.pages} pages, {report.files} files, {time.perf_counter() - start:.1f} s with search")
        weight = sum(p.stat().st_size for p in site.rglob("*") if p.is_file())
        print(
            f"total weight: {weight / 1e6:.1f} MB, of which pages {sum(p.stat().st_size for p in site.rglob('*.html')) / 1e6:.1f} MB"
        )
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
        rebuild(release, Path(folder))


def rebuild(release: Path, folder: Path) -> None:
    """The site of the same release with one figure changed (reports received in one month), over the one that stands."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    publish_site(release, folder / "root", search=False)
    changed = folder / ("f" * 16)
    shutil.copytree(release, changed, copy_function=shutil.copyfile)
    path = changed / "tables" / "completeness.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[-1]["received"] += 1
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    manifest = json.loads((changed / "manifest.json").read_text("utf-8"))
    (changed / "manifest.json").write_text(json.dumps(manifest | {"release_id": "f" * 16}), "utf-8")
    start = time.perf_counter()
    report = publish_site(changed, folder / "root", search=False)
    pages = [n for n in report.changed if n.endswith(".html") and "/" in n]
    print(
        f"one figure changed: {len(pages)} of {report.pages} pages rewritten, {time.perf_counter() - start:.1f} s; {', '.join(pages)}"
    )


def latest() -> Path:
    """The last release built in the data folder."""
    releases = [p.parent for p in Path(os.environ.get("DANBE_DATA", "var"), "releases").glob("*/manifest.json")]
    if not releases:
        sys.exit("no release here: run `make demo SERVE=0` first")
    return max(releases, key=lambda p: json.loads((p / "manifest.json").read_text("utf-8"))["made_at"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else latest())
