"""What every test may use: the real files beside the checkout, a data folder of its own, the pack loaded once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ["DANBE_DATA"] = tempfile.mkdtemp(prefix="danbe-tests-")

import pytest

REAL = Path(__file__).parent.parent.parent / "shared" / "data"


@pytest.fixture
def real_data() -> Path:
    """The folder of real files; tests that need it skip, saying so, where it is missing."""
    if not REAL.is_dir():
        pytest.skip(f"real files are not here ({REAL.name})")
    return REAL


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path: Path) -> Path:
    """Each test writes into a data folder of its own."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


@pytest.fixture
def administrator(db):
    from danbe.register.models import Role, User

    return User.objects.create_user("administrateur", password="x", role=Role.ADMINISTRATOR)  # noqa: S106
