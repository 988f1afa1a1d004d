"""Plants leaks of every kind into protected releases and counts how many the verifier refuses; also false alarms.

Usage: python bench/disclosure_leaks.py [--leaks 1000] [--seed 1]. Kinds: a needed complement (or small cell) shown in one file of one
format; a number in a sentence of a page, a PDF or a text; a share with one decimal; an earlier edition; a class of a map; an
organisation's own records. Exit code 1 where a leak passes or a protected release is refused.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.protect.planted import LEAKS, plant, plantable, publish, world

from danbe.protect.verify import audit


def main(wanted: int, seed: int, each: int = 3) -> int:
    refused: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    alarms = worlds = 0
    seconds = 0.0
    while sum(refused.values()) + sum(passed.values()) < wanted:
        found = world(seed + worlds)
        worlds += 1
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / "base"
            publish(found, base)
            start = time.perf_counter()
            if false := audit([base]).leaks:
                alarms += 1
                print(f"  false alarm, world {seed + worlds - 1}: {false[0]}")
            for kind in LEAKS:
                cells = plantable(found, kind)
                for n, cell in enumerate(cells[:: max(1, len(cells) // each)][:each]):
                    leak = plant(found, base, Path(folder) / f"{kind}{n}", kind, cell, 100 * worlds + n)
                    if audit([leak.folder], list(leak.previous), leak.own).leaks:
                        refused[kind] += 1
                    else:
                        passed[kind] += 1
                        print(f"  passed: {kind} at {cell} = {found.cells[cell]}, world {seed + worlds - 1}")
            seconds += time.perf_counter() - start
    print(f"{worlds} protected releases, {alarms} false alarms")
    for kind in LEAKS:
        print(f"  {kind:12} planted {refused[kind] + passed[kind]:5}  refused {refused[kind]:5}")
    total = sum(refused.values()) + sum(passed.values())
    print(
        f"  {'all':12} planted {total:5}  refused {sum(refused.values()):5}  ({100 * sum(refused.values()) / total:.1f} %), {seconds:.0f} s"
    )
    return 1 if passed or alarms else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leaks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(main(given.leaks, given.seed))
