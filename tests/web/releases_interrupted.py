"""Run by ``test_releases_interrupted``: a release flow killed, or interrupted, in the middle of the gate and of the site.

One process prepares a data folder of its own and publishes a first release; each child it forks is stopped by a signal
in the middle of the next one. Prints what stands afterwards, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from danbe.publish.site import build
    from danbe.register.models import Role, User
    from danbe.web.actions.releases import pass_gate, start_draft
    from danbe.web.actions.releases_approve import approve_release, publish_release
    from danbe.web.queries import releases as queries
    from tests.web.releases_world import drafted, figures_are_there, light_site, snapshot

    class Patch:
        @staticmethod
        def setattr(target: str, value: Any) -> None:
            module, _, name = target.rpartition(".")
            setattr(sys.modules.get(module) or __import__(module, fromlist=["x"]), name, value)

    data = Path(settings.DATA)
    call_command("migrate", verbosity=0)
    figures_are_there(Patch)
    whole, build.build_site = build.build_site, light_site
    users = [User.objects.create_user(f"{n}@exemple.org", role=Role.ADMINISTRATOR) for n in "ab"]

    def approved(number: int) -> Any:
        release = drafted(users[0], snapshot(data, users[0], number))
        for user, role in zip(users, ("IM", "COORD"), strict=True):
            release = approve_release(user, release, role)
        return release

    first = publish_release(users[0], approved(1))
    second = approved(2)
    third = snapshot(data, users[0], 3)

    def gate() -> None:
        """Stops while the tables of the release are being written."""
        import pyarrow.parquet as pq

        pq.write_table = _hang_after(2, pq.write_table)
        pass_gate(users[0], start_draft(users[0], third))

    def site() -> None:
        """Stops while pages are being written."""
        build.build_site = whole
        build._write = _hang_after(3, build._write)
        publish_release(users[0], second)

    told: dict[str, Any] = {"first": first.release_id, "runs": []}
    for work, number in ((gate, signal.SIGKILL), (gate, signal.SIGINT), (site, signal.SIGKILL), (site, signal.SIGINT)):
        _stopped(work, number)
        second.refresh_from_db()
        standing = queries.standing(users[0])
        told["runs"].append(
            {
                "work": work.__name__,
                "signal": number.name,
                "standing": standing.release_id if standing else None,
                "online": (data / "site" / "current").resolve().name,
                "page": (data / "site" / "current" / "fr" / "index.html").is_file(),
                "second": second.state,
                "releases": sorted(p.name for p in (data / "releases").iterdir() if p.is_dir() and p.name[0] != "."),
                "drafts": [d.state for d in queries.drafts(users[0])],
            }
        )
    # And nothing was left in a state that cannot be gone on from.
    publish_release(users[0], second)
    release = drafted(users[0], third)
    told["after"] = {
        "online": (data / "site" / "current").resolve().name,
        "second": second.release_id,
        "third": release.state,
    }
    print(json.dumps(told))


def _hang_after(calls: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function``, whose call number ``calls`` tells the parent and then never returns."""
    seen = []

    def slow(*args: Any, **kwargs: Any) -> Any:
        seen.append(1)
        if len(seen) == calls:
            os.write(_pipe[1], b"x")
            while True:
                time.sleep(60)
        return function(*args, **kwargs)

    return slow


_pipe: tuple[int, int] = (0, 0)


def _stopped(work: Callable[[], None], number: signal.Signals) -> None:
    """Does ``work`` in a child, and sends it ``number`` in the middle."""
    global _pipe
    from django.db import connections

    connections.close_all()
    _pipe = os.pipe()
    child = os.fork()
    if child == 0:
        code = 9
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            work()
        except KeyboardInterrupt:
            code = 130
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(_pipe[1])
    if os.read(_pipe[0], 1) != b"x":
        raise SystemExit(f"{work.__name__} ended before it could be stopped")
    os.kill(child, number)
    os.waitpid(child, 0)
    os.close(_pipe[0])


if __name__ == "__main__":
    main()
