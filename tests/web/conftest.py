"""People at a screen: two organisations, their users, a small geography, a workbook as a partner would send it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

HEADERS = (
    "Mois", "Organisation", "Cluster", "Région", "Cercle", "Commune", "Activité", "Indicateur",
    "Nouveaux bénéficiaires", "Féminin total", "Masculin total", "Humeur du jour",
)  # fmt: skip
LISTENED = "Nombre de personnes entendues par le monitoring de protection"


def row(
    cercle: str = "Mopti", reached: object = 10, organisation: str = "ALPHA", month: str = "2026-01"
) -> list[object]:
    """A row of the workbook; half of the persons are women."""
    half = reached // 2 if isinstance(reached, int) else ""
    other = reached - half if isinstance(reached, int) and isinstance(half, int) else ""
    return [month, organisation, "Protection", "Mopti", cercle, "", "Écoute", LISTENED, reached, half, other, "bonne"]


def workbook(*rows: list[object], headers: tuple[str, ...] = HEADERS) -> bytes:
    """A workbook with a page of greetings before its data."""
    import xlsxwriter

    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    book.add_worksheet("Lisez-moi").write(0, 0, "Bonjour")
    sheet = book.add_worksheet("Données 5W")
    for number, line in enumerate((list(headers), *rows)):
        sheet.write_row(number, 0, line)
    book.close()
    return content.getvalue()


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    """Organisations ALPHA and BETA with a partner each, an administrator, three places, the results framework."""
    from danbe.reference.text import search_key
    from danbe.register.actions.framework import load_framework
    from danbe.register.models import Organisation, Place, Role, User

    administrator = User.objects.create_user("admin@exemple.org", password="phrase-de-passe-1", role=Role.ADMINISTRATOR)

    def place(place_id: str, level: int, name: str, parent: Place | None) -> Place:
        return Place.objects.create(
            place_id=place_id,
            version="2021",
            level=level,
            name=name,
            code=place_id.upper(),
            search_key=search_key(name),
            parent=parent,
        )

    country = place("tst", 0, "Pays", None)
    region = place("tst05", 1, "Mopti", country)
    for code, name in (("tst0501", "Mopti"), ("tst0502", "Djenné")):
        place(code, 2, name, region)
    load_framework(administrator, "mli")
    made: dict[str, Any] = {"administrator": administrator}
    for name in ("alpha", "beta"):
        organisation = Organisation.objects.create(
            code=name,
            acronym=name.upper(),
            name=f"Organisation {name.title()}",
            search_key=f"{name} organisation {name}",
            verified=True,
        )
        made[name] = organisation
        made[f"{name}_user"] = User.objects.create_user(
            f"{name}@exemple.org", password="phrase-de-passe-1", role=Role.PARTNER, organisation=organisation
        )
    return made


@pytest.fixture
def alpha(world: dict[str, Any]) -> Client:
    """A browser in which ALPHA's user is signed in."""
    return _signed_in(world["alpha_user"])


@pytest.fixture
def beta(world: dict[str, Any]) -> Client:
    return _signed_in(world["beta_user"])


@pytest.fixture
def admin(world: dict[str, Any]) -> Client:
    return _signed_in(world["administrator"])


def _signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Iterator[None]:
    """Runs what waits for the end of the transaction, which a test never reaches."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


def work() -> list[str]:
    """Does what the worker of ``danbe serve`` would do now; returns the errors of tasks that broke."""
    from django_tasks_db.management.commands.db_worker import Worker
    from django_tasks_db.models import DBTaskResult

    worker = Worker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id="test", excluded_queue_names=[],
    )  # fmt: skip
    broken = []
    while task := DBTaskResult.objects.ready().first():
        task.claim("test")
        worker.run_task(task)
        task.refresh_from_db()
        if task.status == "FAILED":
            broken.append(task.traceback)
    return broken


@pytest.fixture
def send(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Posts to an address as a browser would, then lets the worker work."""

    def post(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(address, data or {})
        assert not work()
        return response

    return post


@pytest.fixture
def imported(send: Callable[..., Any], alpha: Client) -> Any:
    """A batch of ALPHA, read and waiting: three rows, of which one is blocked and one names an unknown cercle."""
    from danbe.curate.models import Batch

    upload(send, alpha, workbook(row(), row("Djenné", -3), row("Xyzville", 12)))
    return Batch.objects.get()


def upload(send: Callable[..., Any], client: Client, content: bytes, name: str = "rapport.xlsx", **data: Any) -> Any:
    file = BytesIO(content)
    file.name = name
    return send(client, "/imports/nouveau/", {"fichier": file, "mode": "replace", **data})
