"""What the tests need beside Python: a PostgreSQL of their own, and Chromium."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

OLDEST_POSTGRESQL = 15
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
POSTGRESQL_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class Missing(Exception):
    """A service cannot be had here; the message says what to install."""


def chromium() -> Path:
    """Find Chromium, or install it where that needs no question. Raises `Missing`."""
    found = _find_chromium()
    if not found and _install("chromium"):
        found = _find_chromium()
    if not found:
        raise Missing("Chromium was not found. Install it, or set CHROMIUM to its path.")
    return found


def _find_chromium() -> Path | None:
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    return Path(found) if found else None


def postgresql_programs() -> Path:
    """Find the folder of `initdb` and `postgres`, or install them. Raises `Missing`."""
    found = _find_postgresql()
    if not found and _install("postgresql"):
        found = _find_postgresql()
    if not found:
        raise Missing(f"PostgreSQL {OLDEST_POSTGRESQL} or newer was not found (initdb and postgres).")
    return found


def _find_postgresql() -> Path | None:
    folders = [path for pattern in POSTGRESQL_FOLDERS for path in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    usable = [folder for folder in folders if _major(folder) >= OLDEST_POSTGRESQL]
    return max(usable, key=_major, default=None)


def _major(folder: Path) -> int:
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return 0
    says = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", says.stdout)
    return int(number[1]) if number else 0


def _install(package: str) -> bool:
    """Install one Debian package, when we may: as root, on a machine with apt."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package} ...", flush=True)
    apt = [
        "apt-get",
        "-qq",
        "-o",
        "DPkg::Lock::Timeout=180",
        "-o",
        "Acquire::Retries=3",
        "-o",
        "Acquire::http::Timeout=60",
    ]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    last = ""
    for attempt in range(3):
        time.sleep(attempt * 5)
        for step in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            done = subprocess.run(
                [*apt, *step],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            last = done.stderr.strip()
            if done.returncode:
                break
        else:
            return True
    print(f"apt-get could not install {package}: {last[-500:]}", file=sys.stderr, flush=True)
    return False


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """Run a throw-away cluster and give its URL; nothing of it is left afterwards. Raises `Missing`.

    It forgets everything at a power cut: it is for tests only.
    """
    programs = postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="relevo-postgresql-"))
    owner = _unprivileged()
    if owner.user is not None:
        shutil.chown(folder, owner.user, owner.group)
    port = free_port()
    try:
        _quietly([programs / "initdb", "-D", folder / "data", *_cluster_style()], folder, owner)
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *_cluster_settings(folder, port)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(folder / "log").open("wb"),
            start_new_session=True,  # a Ctrl-C is for us; we stop the server afterwards
            user=owner.user,
            group=owner.group,
            extra_groups=owner.extra_groups,
        )
        try:
            _wait_until_ready(server, port, folder / "log")
            yield f"postgresql+psycopg://relevo@127.0.0.1:{port}/postgres"
        finally:
            stop(server, signal.SIGINT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Owner(NamedTuple):
    """Whom a child process runs as; all None is whoever we are."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


def _unprivileged() -> Owner:
    """PostgreSQL refuses to run as root: name somebody else then. Raises `Missing`."""
    if os.geteuid() != 0:
        return Owner()
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Owner(entry.pw_uid, entry.pw_gid, ())
    raise Missing("PostgreSQL does not run as root, and this machine has no other user for it.")


def _cluster_style() -> list[str]:
    locales = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    locale = "C.UTF-8" if "c.utf" in locales else "C"
    return [
        "-U",
        "relevo",
        "-A",
        "trust",
        "-E",
        "UTF8",
        f"--locale={locale}",
        "--no-sync",
        "--no-instructions",
    ]


def _cluster_settings(folder: Path, port: int) -> list[str]:
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 200,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "shared_buffers": "128MB",
    }
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _quietly(command: Sequence[str | Path], folder: Path, owner: Owner) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        user=owner.user,
        group=owner.group,
        extra_groups=owner.extra_groups,
    )
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user="relevo", dbname="postgres").close()
            return
        time.sleep(0.05)
    raise Missing(f"PostgreSQL did not start: {log.read_text(errors='replace')[-1000:]}")


def stop(
    process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, *, seconds: float = 15
) -> int:
    """Ask a process to end, insist after `seconds`, and give its exit code."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
