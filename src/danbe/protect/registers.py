"""Registers leave as rows, not as counts: who is a member, which service is open, which document holds.

Each passes the plan of the pack (``registers_plan``): rows that may be public and are fresh, columns of sensitivity 0, places
no finer than allowed, codes of their list, and no text that could name or locate a person. A fault of one row stops
the release, as in the gate: whoever wrote it corrects it. Small counts of persons are withheld as elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from danbe.protect.places import check_places
from danbe.protect.reasons import Reason, Refused
from danbe.protect.reasons_registers import RegisterReason
from danbe.protect.registers_plan import DEFAULT_RULE, Register, parse_registers, registers_of
from danbe.reference.catalogue import DATASETS
from danbe.reference.catalogue.column import Column
from danbe.reference.codelists import codelist
from danbe.reference.personal import KINDS, detect

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "registers"
PLACES = "places"
"""``registers/places.parquet``: the units that rows of registers name, finer ones than the tables' included."""
SMALL = 5
"""Counts of persons below this are withheld, 0 apart; with them all counts of persons of their row."""
WITHHELD = "withheld"
_SEPARATORS = str.maketrans(",;", "  ")
_ALWAYS = tuple(k for k in KINDS if k not in ("name", "date_place"))

__all__ = ["FOLDER", "Register", "RegisterReport", "parse_registers", "registers_of", "write_registers"]


@dataclass
class RegisterReport:
    """What one register let out: rows in the snapshot, rows out, and how many stayed inside for which reason."""

    rows_in: int = 0
    rows_out: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    coarsened: int = 0
    withheld: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows_in": self.rows_in, "rows_out": self.rows_out, "kept_inside": dict(sorted(self.kept.items())),
            "places_coarsened": self.coarsened, "counts_withheld": self.withheld,
        }  # fmt: skip


def write_registers(
    snapshot_dir: Path, out: Path, registers: Sequence[Register], as_of: date, *, country: str = "mli", small: int = SMALL
) -> dict[str, RegisterReport]:  # fmt: skip
    """Writes ``out``/<name>.parquet for each register the snapshot holds; name → what was let out.

    ``as_of``: the day against which freshness is judged. A snapshot made before a dataset existed gives no file of it.
    Raises ``Refused`` with the reasons of every row, before anything is written.
    """
    import pyarrow.parquet as pq

    held = [r for r in registers if (snapshot_dir / f"{r.name}.parquet").is_file()]
    if not held:
        return {}
    gate = _Gate(snapshot_dir, country, small)
    decided = {r.name: gate.decide(r, pq.read_table(snapshot_dir / f"{r.name}.parquet"), as_of) for r in held}
    if gate.reasons:
        raise Refused(gate.reasons)
    out.mkdir(parents=True, exist_ok=True)
    for register in held:
        pq.write_table(_table(register, decided[register.name][0]), out / f"{register.name}.parquet")
    pq.write_table(gate.named_places(), out / f"{PLACES}.parquet")
    return {name: report for name, (_, report) in decided.items()}


class _Gate:
    """What the rows are held against: the places and organisations of the snapshot."""

    def __init__(self, snapshot_dir: Path, country: str, small: int) -> None:
        import pyarrow.parquet as pq

        self.country, self.small = country, small
        self.place_table = pq.read_table(snapshot_dir / "places.parquet")
        self.places = {p["place_id"]: p for p in self.place_table.to_pylist()}
        self.levels = {i: int(p["level"]) for i, p in self.places.items()}
        organisations = pq.read_table(snapshot_dir / "organisations.parquet").to_pylist()
        self.unverified = {o["organisation_id"] for o in organisations if o["verified"] is False}
        self.known = frozenset(str(o[c]) for o in organisations for c in ("name", "acronym") if o[c])
        self.reasons: list[Reason] = []
        self.named: set[str] = set()

    def decide(self, register: Register, table: pa.Table, as_of: date) -> tuple[list[dict[str, Any]], RegisterReport]:
        """The rows that leave, each with the columns of the plan; reasons of rows that may not are kept in ``reasons``."""
        report = RegisterReport(rows_in=table.num_rows)
        dataset = DATASETS[register.name]
        rows: list[dict[str, Any]] = []
        for row in table.to_pylist():
            if why := self._stays(register, row, as_of):
                report.kept[why] += 1
                continue
            key = " ".join(str(row.get(k)) for k in dataset.key) or str(len(rows) + 1)
            shown = {c: row[c] for c in register.columns}
            report.coarsened += self._coarsen(register, shown, key)
            self.reasons += self._faults(register, shown, key)
            report.withheld += _withhold(register, shown, self.small)
            rows.append(shown)
        placed = check_places(
            register.name, [{c: v for c, v in r.items() if c not in register.places} for r in rows], self.levels,
            {register.name: register.lowest_level}, default=DEFAULT_RULE,
        )  # fmt: skip
        self.reasons += [*placed.reasons, *(reason for found in placed.refused.values() for reason in found)]
        report.rows_out = len(rows)
        rows.sort(key=lambda r: [str(r[c]) for c in register.columns])
        return rows, report

    def _stays(self, register: Register, row: dict[str, Any], as_of: date) -> str:
        """Why a row stays inside; '' when it may leave."""
        if any(row.get(column) not in values for column, values in register.when.items()):
            return "not_public"
        if register.fresh:
            column, days = register.fresh
            if row.get(column) is None:
                return "never_verified"
            if row[column] < as_of - timedelta(days=days):
                return "stale"
        # A name nobody has verified is free text until then.
        return "unverified_organisation" if row.get("organisation_id") in self.unverified else ""

    def _coarsen(self, register: Register, row: dict[str, Any], key: str) -> int:
        """Says each place as the unit of the allowed level it lies in; how many became coarser."""
        changed = 0
        for column in register.place_columns:
            found = []
            for place in str(row[column] or "").translate(_SEPARATORS).split():
                unit: str | None = place
                while unit in self.levels and self.levels[unit] > register.lowest_level:
                    unit = self.places[unit]["parent_id"]
                if unit not in self.levels:
                    at = {"dataset": register.name, "row": key, "column": column, "value": place}
                    self.reasons.append(RegisterReason("registers.place", at))
                    continue
                changed += unit != place
                found.append(str(unit))
            row[column] = " ".join(dict.fromkeys(found)) or None
            self.named.update(found)
        return changed

    def _faults(self, register: Register, row: dict[str, Any], key: str) -> Iterator[Reason]:
        dataset = DATASETS[register.name]
        for name in register.columns:
            column, value = dataset[name], row[name]
            at = {"dataset": register.name, "row": key, "column": name}
            if value in (None, ""):
                continue
            if column.kind == "code":
                codes = _codes(column.codelist)
                for code in str(value).translate(_SEPARATORS).split():
                    if code not in codes:
                        yield RegisterReason("registers.value", at | {"value": code, "codelist": column.codelist})
            elif column.kind == "text" and name not in register.place_columns:
                for kind in dict.fromkeys(self._found(register, column, str(value))):
                    yield RegisterReason(f"registers.{kind}", at)

    def _found(self, register: Register, column: Column, value: str) -> list[str]:
        """What in a text could identify a person: everything in texts, all but names in what is no free text."""
        kinds = set(KINDS if column.name in register.texts else _ALWAYS)
        if column.name in register.contacts:
            kinds = (kinds | {"name"}) - {"phone", "email", "id_number"}
        elif column.role == "key" or column.name.endswith("_id"):
            kinds -= {"id_number", "phone"}
        return [f.kind for f in detect(value, self.known, country=self.country, kinds=kinds) if f.certain]

    def named_places(self) -> pa.Table:
        """The places that rows name and all they lie in, with the reference points of units (not of sites)."""
        import pyarrow as pa

        found = set(self.named)
        for place in self.named:
            above = self.places[place]["parent_id"]
            while above in self.places and above not in found:
                found.add(above)
                above = self.places[above]["parent_id"]
        rows = [self.places[p] for p in sorted(found)]
        return pa.Table.from_pylist(rows, schema=self.place_table.schema)


@lru_cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(i.code for i in codelist(name).items)


def _persons(register: Register) -> list[str]:
    columns = (DATASETS[register.name][c] for c in register.columns)
    return [c.name for c in columns if c.role == "count" and c.unit == "personnes"]


def _withhold(register: Register, row: dict[str, Any], small: int) -> int:
    """A small count of persons goes, and with it those of its row it could be worked out from."""
    persons = _persons(register)
    hidden = [c for c in persons if row[c] is not None]
    if not any(0 < row[c] < small for c in hidden):
        hidden = []
    row.update(dict.fromkeys(hidden))
    if persons:
        row[WITHHELD] = " ".join(hidden) or None
    return len(hidden)


def _table(register: Register, rows: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    from danbe.reference.catalogue.derive import arrow_field

    fields = [arrow_field(DATASETS[register.name][c]) for c in register.columns]
    if _persons(register):
        fields.append(pa.field(WITHHELD, pa.string()))
    return pa.Table.from_pylist(rows, schema=pa.schema(fields, metadata={"dataset": register.name}))
