"""``danbe serve``: the application, the worker and the public site, started and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from danbe.commands.output import console, errors, refuse

STOP_AFTER = 10.0


def serve(
    port: Annotated[int, typer.Option(help="Port de l’application.")] = 8000,
    site_port: Annotated[int, typer.Option(help="Port du site public ; 0 : ne pas le servir.")] = 8001,
    host: Annotated[str, typer.Option(help="Adresse d’écoute ; 0.0.0.0 pour tout le réseau.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Processus de l’application.")] = 1,
) -> None:
    """Sert l’application et le site public, et lance le travail de fond. Ctrl-C arrête tout."""
    from django.conf import settings
    from django.core.management import call_command

    _check_ports(host, [p for p in (port, site_port) if p])
    _check_database()
    call_command("collectstatic", verbosity=0, interactive=False)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "danbe.settings.embedded"),
        "DANBE_DATA": str(settings.DATA),
    }
    started = [
        _start(_granian(host, port, workers, "danbe.web.wsgi:application"), environment),
        _start([sys.executable, "-m", "django", "db_worker", "--interval", "0.5", "-v", "0"], environment),
    ]
    if site_port:
        command = _granian(host, site_port, 1, "danbe.web.site:application")
        started.append(_start(command, {**environment, "DANBE_SERVE_SITE": "1"}))
    console.print(f"Application : http://{_shown(host)}:{port}/")
    if site_port:
        published = (Path(settings.DATA) / "site" / "current").is_dir()
        console.print(
            f"Site public : http://{_shown(host)}:{site_port}/" + ("" if published else " (rien de publié encore)")
        )
    console.print("Ctrl-C arrête tout.")
    raise typer.Exit(_wait(started))


def _granian(host: str, port: int, workers: int, target: str) -> list[str]:
    """Blocking threads are few: SQLite has one writer, and a small server little memory."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning", target,
    ]  # fmt: skip


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[Any]:
    # A session of its own: Ctrl-C reaches this process only, which then stops the others in order.
    return subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603


def _wait(started: list[subprocess.Popen[Any]]) -> int:
    """Until Ctrl-C (0), or until one of the processes ends by itself (1); the others are stopped then."""
    asked = False

    def stop(signum: int, frame: object) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        while not asked and all(p.poll() is None for p in started):
            time.sleep(0.2)
    finally:
        failed = next((p for p in started if p.poll() not in (None, 0)), None)
        _stop(started)
    if failed is not None and not asked:
        errors.print(
            f"Un processus s’est arrêté de lui-même (code {failed.returncode}) ; tout est arrêté. Voir ci-dessus."
        )
        return 1
    console.print("Arrêté.")
    return 0


def _stop(started: list[subprocess.Popen[Any]]) -> None:
    for process in started:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + STOP_AFTER
    for process in started:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _check_ports(host: str, ports: list[int]) -> None:
    for port in ports:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                refuse(f"{host}:{port} : {error.strerror}. Choisissez un autre port (--port, --site-port).")


def _check_database() -> None:
    """Refuses to serve over a database that does not fit the code: ``danbe setup`` is what changes it."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except OperationalError as error:
        refuse(f"La base de données ne répond pas : {error}. Voir docs/installation.md.")
    if behind:
        refuse("La base de données n’est pas à jour : lancez d’abord «danbe setup».")


def _shown(host: str) -> str:
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104


def register(app: typer.Typer) -> None:
    app.command()(serve)
