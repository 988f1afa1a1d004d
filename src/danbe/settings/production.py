"""PostgreSQL, https, a secret from the environment. Missing settings stop the start with their names."""

import os

from django.core.exceptions import ImproperlyConfigured

from danbe.settings.base import *  # noqa: F403


def _need(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"set {name}: see docs/installation.md") from None


DEBUG = False
SECRET_KEY = _need("DANBE_SECRET_KEY")
ALLOWED_HOSTS = _need("DANBE_HOSTS").split()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_SSL_REDIRECT = os.environ.get("DANBE_HTTPS", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Behind a proxy every sign-in comes from its address; the lock goes by the one the proxy saw.
PROXIES = int(os.environ.get("DANBE_PROXIES", "1"))
SECURE_HSTS_SECONDS = 31_536_000
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("DANBE_DB_NAME", "danbe"),
        "USER": os.environ.get("DANBE_DB_USER", ""),
        "PASSWORD": os.environ.get("DANBE_DB_PASSWORD", ""),
        "HOST": os.environ.get("DANBE_DB_HOST", ""),
        "PORT": os.environ.get("DANBE_DB_PORT", ""),
        "CONN_MAX_AGE": 60,
    }
}
