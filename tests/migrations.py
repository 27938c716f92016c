"""Build the database from nothing by its migrations, on both engines, and compare it with the models."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from tests import services
from tests.process import RunningPortal


def faults_on(database_url: str) -> str:
    """What the migrations did wrong on this empty database; empty when nothing."""
    with tempfile.TemporaryDirectory(prefix="relevo-migrations-") as folder:
        portal = RunningPortal(Path(folder) / "portal", database_url=database_url)
        for command in ("migrate", "db-check"):
            done = portal.flask(command)
            if done.returncode:
                return f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return ""


def main() -> int:
    found = {"SQLite": faults_on("")}
    with contextlib.ExitStack() as stack:
        try:
            found["PostgreSQL"] = faults_on(stack.enter_context(services.postgresql()))
        except services.Missing as fault:
            print(f"NOT CHECKED on PostgreSQL. {fault}")
            if os.environ.get("CI"):
                return 1
    for engine, faults in found.items():
        if faults:
            print(f"{engine}: {faults}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
