"""Place matching measured: precision and recall on real and on damaged names, speed beside a plain rapidfuzz look-up.

    python bench/places.py FOLDER     # FOLDER holds workbooks/mli_5w_2022-03.xlsx and geography/mli/

Precision: of the places taken without asking a person, the share that is right. Recall: of all places asked, the share
taken and right. What is left goes to a person (doubtful) or stays unmatched.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from danbe.reference.geography import Gazetteer, PlaceMatch, PlaceMatcher, Unit
from danbe.reference.geography.attach import Attacher, attach_settlements
from danbe.reference.geography.files import read
from danbe.reference.geography.names import place_key
from danbe.reference.geography.pack import load_pack
from danbe.reference.text import search_key

SEED = 20220331


@dataclass
class Score:
    """Counts of what became of the places asked."""

    asked: int = 0
    right: int = 0
    wrong: int = 0
    doubtful_right: int = 0
    doubtful_wrong: int = 0
    unmatched: int = 0
    mistakes: list[str] = field(default_factory=list)

    def count(self, match: PlaceMatch, truth: str, said: str) -> None:
        self.asked += 1
        unit = match.unit if match.unit is not None and match.is_complete else None
        if unit is None:
            self.unmatched += 1
        elif match.is_certain and unit.id == truth:
            self.right += 1
        elif match.is_certain:
            self.wrong += 1
            self.mistakes.append(f"{said} → {unit.name} ({unit.id}, {match.reason}), should be {truth}")
        elif unit.id == truth:
            self.doubtful_right += 1
        else:
            self.doubtful_wrong += 1

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.asked, 1)

    def __str__(self) -> str:
        return (
            f"asked {self.asked:6}  accepted right {self.right:6}  wrong {self.wrong:4}"
            f"  doubtful {self.doubtful_right:5} right {self.doubtful_wrong:4} wrong  unmatched {self.unmatched:5}"
            f"  precision {self.precision:.4f}  recall {self.recall:.4f}"
        )


def mali_5w(workbook: Path) -> list[tuple[tuple[str, str, str, str], int]]:
    """The distinct (region code, region, cercle code, cercle) of the Mali 5W as written, with how many rows each."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(workbook).get_sheet_by_name("ML_5W").to_python()[2:]
    counts = Counter(tuple(str(v) for v in row[1:5]) for row in rows)
    return sorted(counts.items())


# The truth by hand: every cercle of the file is written with a clear name; these are all its spellings (by search key)
# that are not the name of the unit itself. Of 172 tuples one contradicts itself beyond what a reader can settle: region
# Tombouctou with both codes and the cercle of Bamako.
BY_HAND = {"baroueli": "mli2021/ML0401"}
UNCLEAR = {("MLI09", "Tombouctou", "ML0901", "Bamako")}


def truth_5w(gazetteer: Gazetteer, cercle: str) -> str:
    by_name = {search_key(u.name): u.id for u in gazetteer.units(2, "2021")}
    key = search_key(cercle)
    return BY_HAND.get(key) or by_name[key]


def damage(name: str, rng: random.Random) -> str:
    """One or two mistakes people make when they type a name (seeded)."""
    kinds = ["double", "missing", "swap", "ou_w", "k_c", "hyphen", "y_i", "case", "wrong"]
    if len(name.split()) > 1 or "-" in name:
        kinds.append("abbreviation")
    for kind in rng.sample(kinds, 2 if rng.random() < 0.25 else 1):
        at = rng.randrange(max(len(name) - 1, 1))
        if kind == "double":
            name = name[: at + 1] + name[at:]
        elif kind == "missing" and len(name) > 4:
            name = name[:at] + name[at + 1 :]
        elif kind == "swap" and len(name) > 3:
            name = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        elif kind == "ou_w":
            name = name.replace("ou", "w", 1) if "ou" in name else name.replace("u", "ou", 1)
        elif kind == "k_c":
            name = name.replace("k", "c", 1) if "k" in name else name.replace("c", "k", 1)
        elif kind == "hyphen":
            name = name.replace("-", " ") if "-" in name else name.replace(" ", "-")
        elif kind == "y_i":
            name = name.replace("y", "i", 1) if "y" in name else name.replace("i", "y", 1)
        elif kind == "case":
            name = name.upper()
        elif kind == "wrong" and len(name) > 4:
            name = name[:at] + rng.choice("aeioubdgklmnrst") + name[at + 1 :]
        elif kind == "abbreviation":
            first, _, rest = name.replace("-", " ").partition(" ")
            name = f"{first[0]}. {rest}"
    return name


def with_settlements(settlements: Path) -> tuple[Gazetteer, list[Unit]]:
    gazetteer = load_pack("mli").gazetteer()
    _, sites = attach_settlements(Attacher(gazetteer), read(settlements), {})
    return Gazetteer([*gazetteer.units(), *sites], gazetteer.links, gazetteer.aliases, gazetteer.current), sites


def chain(gazetteer: Gazetteer, unit: Unit) -> dict[int, str]:
    return {level: u.name for level, u in gazetteer.ancestors(unit.id).items() if level > 0}


def score_5w(workbook: Path) -> Score:
    gazetteer = load_pack("mli").gazetteer()
    matcher, score = PlaceMatcher(gazetteer), Score()
    for (code1, region, code2, cercle), _rows in mali_5w(workbook):
        match = matcher.match({1: region, 2: cercle}, {1: code1, 2: code2})
        if (code1, region, code2, cercle) in UNCLEAR:
            assert not match.is_certain, "a place that contradicts itself goes to a person"
            continue
        score.count(match, truth_5w(gazetteer, cercle), f"{region}/{cercle} {code1} {code2}")
    return score


def score_damaged(gazetteer: Gazetteer, units: list[Unit], parents_too: bool = False, seed: int = SEED) -> Score:
    """Each unit asked once by a damaged name below the true names of its parents (damaged too, if asked)."""
    rng, matcher, score = random.Random(seed), PlaceMatcher(gazetteer), Score()
    # Two settlements of one name in one commune cannot be told apart by name: their truth is "ask".
    names = Counter((u.parent_id, place_key(u.name)) for u in units)
    for unit in units:
        if names[unit.parent_id, place_key(unit.name)] > 1:
            continue
        asked = chain(gazetteer, unit)
        asked[unit.level] = damage(unit.name, rng)
        if parents_too:
            asked = {
                level: damage(n, rng) if level < unit.level and rng.random() < 0.3 else n for level, n in asked.items()
            }
        score.count(matcher.match(asked), unit.id, " / ".join(asked.values()))
    return score


def score_absent(gazetteer: Gazetteer, sites: list[Unit], share: float = 0.1) -> tuple[int, int, list[str]]:
    """Settlements the gazetteer lacks: how many were asked, how many were taken for another (all wrong)."""
    rng = random.Random(SEED)
    gone = {u.id for u in sites if rng.random() < share}
    kept = [u for u in gazetteer.units() if u.id not in gone]
    matcher = PlaceMatcher(Gazetteer(kept, gazetteer.links, gazetteer.aliases, gazetteer.current))
    have = {(u.parent_id, place_key(u.name)) for u in kept}
    asked, taken = 0, []
    for unit in sites:
        if unit.id not in gone or (unit.parent_id, place_key(unit.name)) in have:
            continue
        asked += 1
        match = matcher.match(chain(gazetteer, unit))
        if match.is_certain and match.is_complete and match.unit is not None:
            taken.append(f"{unit.name} → {match.unit.name} ({match.reason})")
    return asked, len(taken), taken


def speed(gazetteer: Gazetteer, sites: list[Unit]) -> None:
    from rapidfuzz import fuzz, process

    rng = random.Random(SEED)
    asked = [(chain(gazetteer, u) | {4: damage(u.name, rng)}, u.id) for u in rng.sample(sites, min(10_000, len(sites)))]
    start = time.perf_counter()
    matcher = PlaceMatcher(gazetteer)
    right = sum(
        m.unit is not None and m.is_certain and m.unit.id == t for m, t in ((matcher.match(a), t) for a, t in asked)
    )
    ours = time.perf_counter() - start
    choices = {u.id: " ".join(chain(gazetteer, u).values()) for u in sites}
    start = time.perf_counter()
    plain = 0
    for names, truth in asked[:200]:
        best = process.extractOne(" ".join(names.values()), choices, scorer=fuzz.ratio)
        plain += best is not None and best[2] == truth
    theirs = (time.perf_counter() - start) * len(asked) / 200
    rate, share = len(asked) / ours, right / len(asked)
    print(f"speed: {len(asked)} damaged settlements, matcher {ours:.2f} s ({rate:,.0f} a second, right {share:.3f})")
    ratio = theirs / ours
    print(f"       plain rapidfuzz over all names {theirs:.1f} s (right {plain / 200:.3f}); {ratio:.0f} times slower")
    start = time.perf_counter()
    for names, _ in (asked * 10)[:100_000]:
        matcher.match(names)
    print(f"       100,000 rows already seen: {time.perf_counter() - start:.2f} s")


def main(folder: Path) -> None:
    start = time.perf_counter()
    print("Mali 5W, distinct tuples  ", five := score_5w(folder / "workbooks/mli_5w_2022-03.xlsx"))
    gazetteer, sites = with_settlements(folder / "geography/mli/mali_settlements_codpp_2015.csv")
    cercles, communes = gazetteer.units(2, "2021"), gazetteer.units(3, "2021")
    scores = {
        "cercles, damaged ×20      ": _times(20, gazetteer, cercles),
        "communes, damaged ×5      ": _times(5, gazetteer, communes),
        "settlements, damaged      ": score_damaged(gazetteer, sites),
        "settlements, parents too  ": score_damaged(gazetteer, sites, parents_too=True),
    }
    for name, score in scores.items():
        print(name, score)
    asked, taken, examples = score_absent(gazetteer, sites)
    print(f"settlements not in the gazetteer: {asked} asked, {taken} taken for another ({taken / asked:.3f})")
    speed(gazetteer, sites)
    print("wrong, first ten of each:")
    for name, score in {"5W": five, **scores}.items():
        for mistake in score.mistakes[:10]:
            print("  ", name.strip(), mistake)
    for example in examples[:10]:
        print("   absent", example)
    print(f"{time.perf_counter() - start:.0f} s in all")


def _times(n: int, gazetteer: Gazetteer, units: list[Unit]) -> Score:
    total = Score()
    for seed in range(n):
        one = score_damaged(gazetteer, units, seed=SEED + seed)
        for name in ("asked", "right", "wrong", "doubtful_right", "doubtful_wrong", "unmatched"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.mistakes += one.mistakes
    return total


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
