"""The steps of ``danbe demo``: the synthetic year written as workbooks and taken in through the usual door."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danbe.packs.mli.demo import DemoReport, DemoWorld
    from danbe.reference.geography import Gazetteer
    from danbe.register.models import Organisation, User

MARKER = "synthetic"
USERS = "demo-users.txt"
ADMINISTRATOR, PARTNER = "administrateur@exemple.org", "partenaire@exemple.org"
# The two people who approve what is published: neither may do it alone.
COORDINATION, INFORMATION = "coordination@exemple.org", "information@exemple.org"
# The first of those who send the synthetic monitoring, and who reviews them.
MONITOR, SUPERVISOR = "moniteur1@exemple.org", "superviseur@exemple.org"

# Starting another process pays from this many workbooks on.
WRITE_AHEAD_FROM = 40

# done, total
Progress = Callable[[int, int], None]


class RealDataHere(RuntimeError):
    """The data folder already holds uploads that are not synthetic."""


@dataclass
class YearDone:
    """What taking in the year did, for the report of the command."""

    workbooks: int = 0
    already_there: int = 0
    nothing_to_report: int = 0
    rows: int = 0
    accepted: int = 0
    blocked: int = 0
    expected_blocked: int = 0
    surprises: list[str] = field(default_factory=list)

    def add(self, report: DemoReport, blocked: int, accepted: int) -> None:
        """Counts one workbook; a surprise is one whose rows kept out are not those its mistakes foretell."""
        self.workbooks += 1
        self.nothing_to_report += report.nothing_to_report
        self.rows += len(report.rows)
        self.accepted += accepted
        self.blocked += blocked
        self.expected_blocked += report.expected_blocked
        if blocked != report.expected_blocked:
            self.surprises.append(f"{report.filename}: {blocked} ≠ {report.expected_blocked}")


def mark_synthetic(data: Path, notice: str) -> None:
    """Marks the data folder, so that every snapshot and page made from it says «données synthétiques».

    Raises ``RealDataHere`` rather than mix made-up rows with real ones.
    """
    from danbe.collect.models import Upload

    marker = data / MARKER
    if not marker.exists() and Upload.objects.exists():
        raise RealDataHere(str(data))
    marker.write_text(notice + "\n", "utf-8")


def register_organisations(user: User, world: DemoWorld) -> dict[str, Organisation]:
    """The fictitious organisations in the register: acronym → organisation."""
    from danbe.register.actions.organisations import OrganisationRequest
    from danbe.register.actions.organisations import register_organisations as register

    requests = [OrganisationRequest(o.name, o.acronym, o.organisation_type) for o in world.organisations]
    found = register(user, requests, verified=True)
    return {o.acronym: organisation for o, organisation in zip(world.organisations, found, strict=True)}


def load_year_tables(user: User, folder: Path, gazetteer: Gazetteer, seed: int) -> dict[str, int]:
    """Writes the synthetic needs and targets as CSV files and loads those: dataset → cells stored."""
    from danbe.curate.actions.needs import load_needs, load_targets
    from danbe.packs.mli.demo import need_rows, target_rows
    from danbe.reference.catalogue import PEOPLE_IN_NEED, TARGETS

    source = "Démonstration (données synthétiques)"
    done = {}
    for dataset, rows, load in (
        (PEOPLE_IN_NEED, need_rows(gazetteer, seed), load_needs),
        (TARGETS, target_rows(gazetteer, seed), load_targets),
    ):
        path = _write_csv(folder / f"{dataset.name}_synthetique.csv", rows)
        loaded = load(user, path, source)
        if loaded.problems:
            first = loaded.problems[0]
            raise ValueError(f"{path.name}, row {first.row}, {first.column} {first.value!r}: {first.en}")
        done[dataset.name] = loaded.added + loaded.changed + loaded.unchanged
    return done


def _write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    from danbe.reference.catalogue import ACTIVITIES, PEOPLE_IN_NEED, TARGETS

    labels = {c.name: c.fr for d in (ACTIVITIES, PEOPLE_IN_NEED, TARGETS) for c in d.columns}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writerow({name: labels[name] for name in rows[0]})
        writer.writerows(rows)
    return path


def write_report(path: Path, report: DemoReport, gazetteer: Gazetteer, lines: Sequence[Any]) -> Path:
    """The workbook of a report: the cluster's template filled in, or the organisation's own old file.

    ``lines`` is the framework as ``indicator_lines`` gives it. The same report gives the same bytes.
    """
    from danbe.collect.workbooks.template import TemplateContext, write_template
    from danbe.packs.mli.demo import NOTICE, write_legacy

    organisation = report.organisation
    if organisation.format != "template" and report.rows:
        return write_legacy(path, report, gazetteer, NOTICE)
    return write_template(
        path,
        TemplateContext(
            organisation=organisation.acronym,
            organisation_name=organisation.name,
            month=report.month,
            indicators=tuple(line for line in lines if line.aor in organisation.areas),
            places=tuple(u for level in (1, 2, 3) for u in gazetteer.units(level, gazetteer.current)),
            rows=report.rows,
            nothing_to_report=report.nothing_to_report,
            partners=(organisation.partner,) if organisation.partner else (),
            notice=NOTICE,
            empty_rows=5,
        ),
    )


def take_in_year(
    user: User, world: DemoWorld, gazetteer: Gazetteer, organisations: dict[str, Organisation], folder: Path,
    months: int = 12, progress: Progress | None = None,
) -> YearDone:  # fmt: skip
    """Writes every workbook of the year into ``folder`` and imports it, in order of arrival.

    A workbook already taken in is passed by, so that an interrupted run goes on where it stopped and a second run
    changes nothing: in particular a first report does not come back over its own correction.
    """
    from danbe.packs.mli import framework_rows
    from danbe.packs.mli.demo import make_reports

    lines = indicator_lines(framework_rows())
    reports = make_reports(world, months)
    paths = [folder / report.month / report.filename for report in reports]
    done = YearDone()
    with _Writer(gazetteer, lines, ahead=len(reports) > WRITE_AHEAD_FROM) as writer:
        written = [writer.start(path, report) for path, report in zip(paths, reports, strict=True)]
        for number, report in enumerate(reports):
            if progress:
                progress(number, len(reports))
            _take_in(user, report, written[number](), organisations[report.organisation.acronym], done)
    if progress:
        progress(len(reports), len(reports))
    return done


class _Writer:
    """Writes workbooks; ``ahead``: in a process of its own, while the ones before are being imported."""

    def __init__(self, gazetteer: Gazetteer, lines: Sequence[Any], ahead: bool) -> None:
        self._tools = (gazetteer, lines)
        # A fresh process, not a fork: it must not share the connection to the database.
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), _keep_tools, self._tools) if ahead else None

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def start(self, path: Path, report: DemoReport) -> Callable[[], Path]:
        """Begins (or puts off) the writing; what it returns waits for the file and gives its path."""
        if self._pool:
            return self._pool.submit(_write_there, path, report).result
        return partial(write_report, path, report, *self._tools)


_kept: tuple[Any, ...] = ()


def _keep_tools(*tools: Any) -> None:
    global _kept
    _kept = tools


def _write_there(path: Path, report: DemoReport) -> Path:
    return write_report(path, report, *_kept)


def indicator_lines(rows: Sequence[dict[str, Any]]) -> list[Any]:
    """The framework as the template offers it, in French."""
    from danbe.collect.workbooks.template import IndicatorLine

    return [
        IndicatorLine(r["indicator_id"], r["aor"], r["objective"], r["activity_fr"], r["name_fr"], r["unit"])
        for r in rows
    ]


def _take_in(user: User, report: DemoReport, path: Path, organisation: Organisation, done: YearDone) -> None:
    from danbe.collect.actions import receive
    from danbe.curate.actions.response import ImportOptions, import_workbook
    from danbe.curate.models import Batch
    from danbe.reference.folders import sha256_of

    if Batch.objects.filter(upload__sha256=sha256_of(path), state=Batch.State.COMMITTED).exists():
        done.already_there += 1
        return
    upload = receive(user, path, report.filename, organisation)
    options = ImportOptions(organisation=organisation.code, month=report.month)
    batch = import_workbook(user, upload, options, received_on=report.received_on)
    done.add(report, batch.result.get("rows_blocked", 0), batch.result.get("added", 0))


def open_accounts(user: User, data: Path, organisation: Organisation) -> dict[str, str]:
    """The six accounts of the demonstration and their passwords, kept in a file that only its owner may read.

    Made once per data folder; later runs read the file.
    """
    from danbe.register.actions import users as actions
    from danbe.register.models import Role
    from danbe.register.models import User as Account

    path = data / USERS
    known = dict(line.split() for line in path.read_text("utf-8").splitlines() if line) if path.exists() else {}
    wanted = (
        (ADMINISTRATOR, Role.ADMINISTRATOR, ""),
        (COORDINATION, Role.COORDINATOR, ""),
        (INFORMATION, Role.ADMINISTRATOR, ""),
        (PARTNER, Role.PARTNER, organisation.code),
        (SUPERVISOR, Role.SUPERVISOR, organisation.code),
        (MONITOR, Role.MONITOR, organisation.code),
    )
    for email, role, code in wanted:
        if email in known:
            continue
        if Account.objects.filter(username=email).exists():
            known[email] = actions.reset_password(user, email).password
        else:
            known[email] = actions.add(user, email, role=role, organisation=code).password
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{email} {password}\n" for email, password in known.items()), "utf-8")
    return known
