"""What every test may use: the real files beside the checkout, a data folder of its own, the pack loaded once."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DANBE_DATA"] = tempfile.mkdtemp(prefix="danbe-tests-")
atexit.register(shutil.rmtree, os.environ["DANBE_DATA"], ignore_errors=True)

import pytest  # noqa: E402  the data folder must be set before Django reads it
from django.conf import settings as configured  # noqa: E402

# pytest-django may have read the settings before us: what `danbe setup` collected in var/ is not what tests serve.
configured.STATIC_ROOT = Path(os.environ["DANBE_DATA"]) / "static"
configured.STATIC_ROOT.mkdir()

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_collection_modifyitems(config, items):
    """``DANBE_SUITE=database`` keeps the tests that touch the database: the second run, on PostgreSQL."""
    if os.environ.get("DANBE_SUITE") != "database":
        return
    kept = [i for i in items if i.get_closest_marker("django_db") or DATABASE_FIXTURES & set(i.fixturenames)]
    config.hook.pytest_deselected(items=[i for i in items if i not in kept])
    items[:] = kept


def pytest_runtest_setup(item):
    """What a test needs of the machine, by its mark; it skips, saying so, where that is missing."""
    for mark, command in (("browser", "chromium"), ("pdf", "pdftoppm"), ("office", "soffice")):
        if item.get_closest_marker(mark) and not shutil.which(command):
            pytest.skip(f"{command} is not installed")


def pytest_sessionfinish(session, exitstatus):
    """``DANBE_NO_SKIP=1`` turns any skipped test into a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("DANBE_NO_SKIP") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


REAL = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture
def real_data() -> Path:
    """The folder of real files; tests that need it skip, saying so, where it is missing."""
    if not REAL.is_dir():
        pytest.skip(f"real files are not here ({REAL.name})")
    return REAL


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    """Each test writes into a data folder of its own; passwords are hashed cheaply."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings.DATA


@pytest.fixture
def administrator(db):
    from danbe.register.models import Role, User

    return User.objects.create_user("administrateur", password="x", role=Role.ADMINISTRATOR)
