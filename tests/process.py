"""A portal as people run it: supervisor, server and worker, on a free port and a folder of its own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.services import free_port, stop

PROJECT = Path(__file__).resolve().parent.parent


class RunningPortal:
    """Start it with `start`, end it with `stop`; the same folder may be started again and again."""

    def __init__(self, folder: Path, *, database_url: str = "", workers: int = 2):
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log"
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUBLIC_URL")
        } | {
            "RELEVO_ENV": "development",
            "INSTANCE_PATH": str(folder / "instance"),
            "SERVER_WORKERS": str(workers),
            "DATABASE_URL": database_url,
        }
        folder.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "portal", *words],
            cwd=PROJECT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, command: str = "serve", *, seconds: float = 90) -> RunningPortal:
        """Start and wait until the portal says where it is. Raises RuntimeError when it does not."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "portal", command, "--port", str(self.port)],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.address in self.said:
                return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"{command} did not start:\n{self.said}")

    @property
    def supervisor(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def is_over(self) -> bool:
        return self.process is None or self.process.poll() is not None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End the supervisor and give its exit code."""
        return stop(self.process, how, seconds=30) if self.process else 0

    def ended(self, *, seconds: float = 30) -> int:
        """Wait until the supervisor has ended by itself and give its exit code."""
        assert self.process is not None
        return self.process.wait(seconds)

    def answers(self, path: str = "/health") -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def servers(self) -> list[int]:
        """The processes that answer requests: the children of Granian's main process."""
        return [pid for main in self.main_server() for pid in children_of(main)]

    def main_server(self) -> list[int]:
        return [pid for pid in self._children() if "granian" in command_of(pid)]

    def workers(self) -> list[int]:
        return [pid for pid in self._children() if command_of(pid)[-1:] == ["work"]]

    def _children(self) -> list[int]:
        return children_of(self.supervisor)


def children_of(pid: int) -> list[int]:
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in table.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def command_of(pid: int) -> list[str]:
    shown = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.split()


def is_running(pid: int) -> bool:
    """Whether the process is there and more than a zombie."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.strip().startswith("Z")


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(holds: object, *, seconds: float = 20) -> bool:
    """Ask `holds()` again and again until it is true."""
    assert callable(holds)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False
