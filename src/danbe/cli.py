"""The ``danbe`` command. Each room's commands live in ``commands/<room>.py``-like files and are thin.

Exit codes: 0 done; 1 refused for a reason the user can act on; 2 wrong use of the command; 3 done, with rows kept out.
"""

from __future__ import annotations

import os


def main() -> None:
    """Starts Django and runs the command given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danbe.settings.embedded")
    import django

    django.setup()
    from danbe.commands import app

    app()
