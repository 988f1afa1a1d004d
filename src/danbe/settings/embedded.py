"""One machine, one folder: SQLite in WAL mode. What ``make demo`` and a small cluster run on."""

import os
import secrets

from danbe.settings.base import *  # noqa: F403
from danbe.settings.base import DATA

DEBUG = False
ALLOWED_HOSTS = os.environ.get("DANBE_HOSTS", "localhost 127.0.0.1 [::1] testserver").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("DANBE_ORIGINS", "").split()


def _secret() -> str:
    """A key made once and kept in the data folder, readable by its owner only."""
    if key := os.environ.get("DANBE_SECRET_KEY"):
        return key
    path = DATA / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), "utf-8")
    return path.read_text("utf-8").strip()


SECRET_KEY = _secret()

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "danbe.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
