"""`flask --app portal serve` and `up`: the server and the worker, started and stopped as one."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import click
from flask import Flask, current_app

from portal import demo
from portal.config import PROJECT, Settings
from portal.extensions import db
from portal.tenancy import across_unions

THREADS = 4
PATIENCE = 10.0  # seconds to end by itself before it is ended
START_LIMIT = 60.0
LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1


def _where(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))(command)
    return click.option("--host", default="127.0.0.1", show_default=True)(command)


def register(app: Flask) -> None:
    settings: Settings = app.extensions["relevo"]

    @app.cli.command("serve")
    @_where
    def serve_command(host: str, port: int) -> None:
        """Start the server and its worker."""
        refuse_taken_port(host, port)
        sys.exit(serve(settings, host, port))

    @app.cli.command("up")
    @_where
    @click.pass_context
    def up_command(context: click.Context, host: str, port: int) -> None:
        """Prepare database, content and demo as far as they are missing, then serve."""
        refuse_taken_port(host, port)
        _invoke(context, "migrate")
        _invoke(context, "content", "load")
        if settings.environment != "production" and not demo.is_there():
            _invoke(context, "demo", "seed")
        sys.exit(serve(settings, host, port))


def _invoke(context: click.Context, *names: str) -> None:
    command: click.Command | None = current_app.cli
    for name in names:
        assert isinstance(command, click.Group)
        command = command.get_command(context, name)
    assert command is not None
    context.invoke(command)


def refuse_taken_port(host: str, port: int) -> None:
    """Say so and exit when somebody listens there; Granian would share the port without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            click.echo(
                f"Relevo cannot use {host}:{port} ({os.strerror(fault.errno or 0).lower()}). "
                f"Perhaps it is running already. Another port: make run PORT={port + 1}",
                err=True,
            )
            sys.exit(1)


def serve(settings: Settings, host: str, port: int) -> int:
    """Run until told to stop (0) or until the server dies (not 0); a worker that dies is started again."""
    with across_unions("looks whether the people of the demo are here"):
        sign_ins = demo.sign_ins()
    db.session.remove()
    db.engine.dispose()
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda which, _frame: told.append(which))
    address = f"http://{host}:{port}"
    environment = {"PUBLIC_URL": address, **os.environ, "PYTHONUNBUFFERED": "1"}
    server = Child(_server_command(settings, host, port), environment)
    worker = Child([sys.executable, "-m", "flask", "--app", "portal", "work"], environment)
    try:
        server.start()
        worker.start()
        ready_by = time.monotonic() + START_LIMIT
        greeted = False
        while not told:
            if server.is_over:
                click.echo("The server ended, so everything ends. Its last words stand above.", err=True)
                return server.exit_code or 1
            if not greeted and _answers(host, port):
                greeted = True
                _greet(address, sign_ins)
            if not greeted and time.monotonic() > ready_by:
                click.echo(f"The server did not answer within {START_LIMIT:.0f} seconds.", err=True)
                return 1
            worker.keep_running()
            time.sleep(0.2)
        return 0
    finally:
        end(server, worker)


def _server_command(settings: Settings, host: str, port: int) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--http": "1",
        "--host": host,
        "--port": str(port),
        "--workers": str(settings.server_workers),
        "--blocking-threads": str(THREADS),
        "--respawn-interval": "0.1",
        "--workers-kill-timeout": str(int(PATIENCE)),
        "--working-dir": str(PROJECT),
        "--log-level": "error",
    }
    words = [word for pair in options.items() for word in pair]
    return [
        sys.executable,
        "-m",
        "granian",
        *words,
        "--no-ws",
        "--respawn-failed-workers",
        "--factory",
        "portal:create_app",
    ]


@dataclass
class Child:
    """A process of ours, in a group of its own, so that nothing it started outlives it."""

    command: list[str]
    environment: dict[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _pauses: list[float] = field(default_factory=list)

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    @property
    def is_over(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    @property
    def exit_code(self) -> int:
        return self._process.returncode if self._process else 0

    def keep_running(self) -> None:
        """Start again what has died, at once at first, then after longer and longer pauses."""
        if not self.is_over:
            return
        now = time.monotonic()
        if now - self._started > 2 * LONGEST_PAUSE:
            self._pauses.clear()
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** len(self._pauses))
        if now - self._started < pause:
            return
        self._pauses.append(pause)
        click.echo(f"The worker ended with code {self.exit_code}; starting it again.", err=True)
        self.start()

    def reap(self) -> None:
        if self._process is not None:
            self._process.wait()

    def tell(self, number: signal.Signals, *, all_of_it: bool = False) -> None:
        """Signal the process, or with `all_of_it` its whole group, also when the process itself is gone."""
        if self._process is None or (self.is_over and not all_of_it):
            return
        try:
            (os.killpg if all_of_it else os.kill)(self._process.pid, number)
        except ProcessLookupError:
            return


def end(*children: Child) -> None:
    """Ask all to end, wait, then insist."""
    for child in children:
        child.tell(signal.SIGTERM)
    begun = asked = time.monotonic()
    while not all(child.is_over for child in children) and time.monotonic() - begun < PATIENCE:
        time.sleep(0.05)
        if time.monotonic() - asked > 1:  # a server process that is just starting misses the first word
            asked = time.monotonic()
            for child in children:
                if not child.is_over:
                    child.tell(signal.SIGTERM, all_of_it=True)
    for child in children:
        child.tell(signal.SIGKILL, all_of_it=True)
        child.reap()


def _end_with_parent() -> None:
    """Ask Linux to end this process when the supervisor is killed and can no longer do it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _greet(address: str, sign_ins: list[tuple[str, str, str]]) -> None:
    click.echo(f"\nRelevo is at {address}\n")
    if sign_ins:
        click.echo("The demo's people are invented. Sign in as one of them:\n")
        widths = [max(len(row[column]) for row in sign_ins) for column in range(3)]
        for row in sign_ins:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            click.echo("  " + "   ".join(cells).rstrip())
        click.echo()
    click.echo("Ctrl-C stops it.")
