"""Third-party files kept in the repository: fetched once, pinned by hash, never touched by hand.

`python -m portal.vendor --check` compares every file with the lock, without a network.
`python -m portal.vendor` fetches the packages again at the versions in the lock and writes the hashes anew;
that needs npm, and fonttools with brotli for the heading face.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent
LOCK = PROJECT / "static/vendor/vendor.lock.json"
FOLDERS = ("static/vendor", "tests/browser/vendor")


def faults(project: Path = PROJECT) -> list[str]:
    """Say in one sentence each what differs from the lock; an empty list when nothing does."""
    lock = json.loads((project / LOCK.relative_to(PROJECT)).read_text())
    known = {path: file["sha256"] for package in lock.values() for path, file in package["files"].items()}
    found = []
    for path, digest in known.items():
        if not (project / path).is_file():
            found.append(f"{path} is missing")
        elif _digest(project / path) != digest:
            found.append(f"{path} differs from the lock")
    present = {
        file.relative_to(project).as_posix()
        for folder in FOLDERS
        for file in (project / folder).rglob("*")
        if file.is_file() and file.name != LOCK.name
    }
    found += [f"{path} is not in the lock" for path in sorted(present - known.keys())]
    return found


def update(project: Path = PROJECT) -> None:
    """Fetch every package of the lock at its version and write the hashes of what came."""
    path = project / LOCK.relative_to(PROJECT)
    lock = json.loads(path.read_text())
    for name, package in lock.items():
        with tempfile.TemporaryDirectory() as folder:
            source = _fetch(name, package["version"], Path(folder))
            for target, file in package["files"].items():
                _place(source / file["from"], project / target, file)
                file["sha256"] = _digest(project / target)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def _fetch(name: str, version: str, folder: Path) -> Path:
    command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def _place(source: Path, target: Path, file: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if "subset" not in file:
        target.write_bytes(source.read_bytes())
        return
    subset = [sys.executable, "-m", "fontTools.subset", str(source), f"--text={file['subset']}"]
    options = ["--flavor=woff2", "--no-hinting", "--layout-features=lnum", f"--output-file={target}"]
    subprocess.run([*subset, *options], check=True)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.vendor", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the files with the lock")
    if not parser.parse_args().check:
        update()
    for fault in (found := faults()):
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
