"""The monthly reports of the synthetic year: rows, when they arrive, what is wrong with them, who is silent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from danbe.packs.mli.demo.mistakes import KINDS, Mistake, add_mistakes
from danbe.packs.mli.demo.profiles import SEASON, sex_age_weights
from danbe.packs.mli.demo.world import DemoOrganisation, DemoWorld, Line, Project
from danbe.reference.codelists import codelist

Row = dict[str, Any]
# Habits of partners, as shares of the organisation-months expected.
SILENT, NOTHING, LATE, FAULTY, CORRECTED = 0.06, 0.03, 0.16, 0.28, 0.35
_CONTINUUM = {"OS1": "SPEC", "OS2": "SPEC", "OS3": "SPEC", "OS4": "TRANS"}
_ACTION = {"OS1": "ENV", "OS2": "ENV", "OS3": "CORR", "OS4": "ENV"}


@dataclass(frozen=True)
class DemoReport:
    """One file of one organisation for one month.

    ``rows`` hold labels in French by catalogue name (what a person sees in the cells); ``received_on`` is the day it
    arrives; ``correction`` marks a file that replaces an earlier one. ``nothing_to_report`` files have no rows.
    """

    organisation: DemoOrganisation
    month: str
    received_on: date
    rows: tuple[Row, ...] = ()
    mistakes: tuple[Mistake, ...] = field(default=())
    nothing_to_report: bool = False
    correction: bool = False

    @property
    def filename(self) -> str:
        """The name under which the file arrives."""
        suffix = "_corrige" if self.correction else ""
        return f"5w_{self.organisation.acronym.lower()}_{self.month}{suffix}.xlsx"

    @property
    def expected_blocked(self) -> int:
        """How many of its rows must be kept out."""
        return len({m.row for m in self.mistakes if m.blocks})


def make_reports(world: DemoWorld, months: int = 12) -> list[DemoReport]:
    """All reports of the first ``months`` of the year, in order of arrival; the same world gives the same reports."""
    reports: list[DemoReport] = []
    wanted = _Rota(list(KINDS))
    for month in range(1, months + 1):
        for organisation in world.organisations:
            projects = world.projects_of(organisation, month)
            if projects:
                reports += _reports_of(organisation, projects, month, world, wanted)
    return sorted(reports, key=lambda r: (r.received_on, r.organisation.acronym, r.correction))


class _Rota:
    """Hands out kinds of mistakes in turn, so that a whole year holds every kind."""

    def __init__(self, kinds: list[str]) -> None:
        self._kinds, self._next = kinds, 0

    def take(self, count: int) -> list[str]:
        taken = [self._kinds[(self._next + n) % len(self._kinds)] for n in range(count)]
        self._next += count
        return taken


def _reports_of(
    organisation: DemoOrganisation, projects: list[Project], month: int, world: DemoWorld, wanted: _Rota
) -> list[DemoReport]:
    label = f"{world.year}-{month:02d}"
    rng = Random(f"{world.seed}/{organisation.acronym}/{label}")  # noqa: S311 - synthetic data, to be made again alike
    chance, received = rng.random(), _received(world.year, month, rng)
    if chance < SILENT:
        return []
    if chance < SILENT + NOTHING:
        return [DemoReport(organisation, label, received, nothing_to_report=True)]
    # Drawn before the mistakes, so that a correction is the same report without them.
    clean = [row for project in projects for row in _rows(project, month, label, world, rng)]
    if not clean:
        return [DemoReport(organisation, label, received, nothing_to_report=True)]
    rows, made = [dict(r) for r in clean], []
    if rng.random() < FAULTY:
        made = add_mistakes(rows, wanted.take(rng.randint(1, 3)), rng, world)
    reports = [DemoReport(organisation, label, received, _bare(rows), tuple(made))]
    if any(m.blocks for m in made) and rng.random() < CORRECTED:
        again = received + timedelta(days=rng.randint(2, 5))
        reports.append(DemoReport(organisation, label, again, _bare(clean), correction=True))
    return reports


def _received(year: int, month: int, rng: Random) -> date:
    """Most send in the five days after the month; some are late (field brief §1.4, «Cycle»)."""
    start = date(year + month // 12, month % 12 + 1, 1)
    return start + timedelta(days=rng.randint(6, 21) if rng.random() < LATE else rng.randint(0, 4))


def _bare(rows: list[Row]) -> tuple[Row, ...]:
    """Rows without what only the mistakes needed to know."""
    return tuple({name: value for name, value in row.items() if not name.startswith("_")} for row in rows)


def _rows(project: Project, month: int, label: str, world: DemoWorld, rng: Random) -> list[Row]:
    share = rng.uniform(0.5, 0.85)
    rows = []
    for line in project.lines:
        active = rng.random() < share
        count = round(line.scale * SEASON[month - 1] * rng.lognormvariate(0, 0.28))
        if active and count > 0:
            rows.append(_row(project, line, month, label, count, world, rng))
    return rows


def _row(project: Project, line: Line, month: int, label: str, count: int, world: DemoWorld, rng: Random) -> Row:
    indicator = line.indicator
    code, objective = str(indicator["indicator_id"]), str(indicator["objective"])
    mass = bool(indicator["mass_awareness"])
    last = project.last == month
    row: Row = {
        "report_month": label,
        "organisation": project.organisation.acronym,
        "implementing_partner": project.partner,
        "donor": project.donor,
        "project_code": project.code,
        "aor": _label("aor", project.aor),
        "objective": _label("objective", objective),
        "activity": indicator["activity_fr"],
        "indicator": indicator["name_fr"],
        "continuum": _label("continuum", _CONTINUUM[objective]),
        "action_type": _label(
            "action_type", "REAC" if code in ("GBV-301", "GBV-303", "LAM-302", "CP-301") else _ACTION[objective]
        ),
        "modality": _label("modality", _modality(code, mass)),
        "status": _label("activity_status", "TERM" if last else "COURS"),
        "start_date": f"{world.year}-{project.first:02d}-01",
        "end_date": _end(world.year, project.last),
        "admin1_name": line.region.name,
        "admin2_name": line.cercle.name,
        "admin3_name": line.commune.name,
        "site": line.site,
        "population_status": _label("population_status", line.population_status) if line.population_status else "",
        "target": max(count, round(line.scale * rng.uniform(1.3, 1.7), -1 if line.scale > 40 else 0)),
        "reached": count,
        "directness": _label("directness", "IND" if mass else "DIR"),
        "_aor": project.aor,
        "_cercle_id": line.cercle.id,
    }
    row["target"] = int(row["target"])
    if indicator["unit"] == "PERS" and not mass:
        row |= _sex_age(code, count, rng)
        row["persons_with_disabilities"] = sum(rng.random() < 0.055 for _ in range(min(count, 600)))
        if code.split("-")[1].startswith("3"):
            row["recurrent"] = round(count * rng.uniform(0.1, 0.5))
        if code == "CP-302":
            row["cash_usd"] = count * rng.choice((45, 60, 75, 90))
    return {name: value for name, value in row.items() if value != ""}


def _sex_age(code: str, count: int, rng: Random) -> Row:
    """``count`` persons shared out by sex and age; the parts add up to it."""
    weights = sex_age_weights(code)
    shared = dict.fromkeys(weights, 0)
    for name in rng.choices(list(weights), list(weights.values()), k=count):
        shared[name] += 1
    return {name: n for name, n in shared.items() if n}


def _modality(code: str, mass: bool) -> str:
    if mass:
        return "SENS"
    if code == "CP-302":
        return "CASH"
    if code == "GBV-305":
        return "NAT"
    if "-4" in code or code in ("CP-204", "PE-202"):
        return "FORM"
    return "SERV"


def _label(name: str, code: str) -> str:
    return codelist(name).label(code, "fr")


def _end(year: int, month: int) -> str:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).isoformat()
