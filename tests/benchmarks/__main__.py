"""Run every benchmark of this folder, one after the other: `python -m tests.benchmarks [NAME ...]`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent


def main(names: list[str]) -> int:
    scripts = sorted(HERE.glob("bench_*.py"))
    chosen = [path for path in scripts if not names or path.stem.removeprefix("bench_") in names]
    over: list[str] = []
    for path in chosen:
        print(f"\n== {path.stem.removeprefix('bench_')} ==", flush=True)
        environment = os.environ | {"PYTHONPATH": str(PROJECT)}
        done = subprocess.run([sys.executable, str(path)], cwd=PROJECT, env=environment, check=False)
        if done.returncode:
            over.append(path.stem)
    print(
        f"\n{len(chosen) - len(over)} within budget, {len(over)} over"
        + "".join(f"\n  {name}" for name in over)
    )
    return 1 if over or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
