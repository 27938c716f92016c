"""Run every test and say once, at the end, what came of it: `python -m tests.run [STAGE ...]`.

With CI set, something that is missing and a test that is skipped are failures too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from tests import services

PROJECT = Path(__file__).resolve().parent.parent
WORKERS = max(2, min(8, os.cpu_count() or 2))


@dataclass(frozen=True)
class Stage:
    """One run of pytest, what it needs beside Python, and how long it may take, in seconds."""

    name: str
    paths: tuple[str, ...]
    budget: int
    needs: tuple[str, ...] = ()
    workers: int = WORKERS


APART = ("live", "browser", "benchmarks")
STAGES = (
    Stage("sqlite", ("tests",), 60),
    Stage("postgresql", ("tests",), 60, needs=("TEST_DATABASE_URL",)),
    Stage("live", ("tests/live",), 120, needs=("TEST_DATABASE_URL",), workers=2),
    Stage("browser", ("tests/browser",), 240, needs=("CHROMIUM",), workers=2),
)
MAKERS: dict[str, Callable[[contextlib.ExitStack], str]] = {
    "TEST_DATABASE_URL": lambda stack: stack.enter_context(services.postgresql()),
    "CHROMIUM": lambda stack: str(services.chromium()),
}


@dataclass
class Outcome:
    stage: Stage
    exit_code: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    missing: str = ""


def main(names: list[str]) -> int:
    unknown = set(names) - {stage.name for stage in STAGES}
    if unknown:
        known = ", ".join(stage.name for stage in STAGES)
        print(f"There is no stage {', '.join(sorted(unknown))}. Choose from {known}.")
        return 2
    chosen = [stage for stage in STAGES if not names or stage.name in names]
    signal.signal(signal.SIGTERM, _interrupt)
    strict = bool(os.environ.get("CI"))
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory(prefix="relevo-tests-") as folder:
        found, missing = _services({need for stage in chosen for need in stage.needs}, stack)
        outcomes = [_run(stage, found, missing, Path(folder)) for stage in chosen]
    return _summary(outcomes, strict=strict)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _services(needs: set[str], stack: contextlib.ExitStack) -> tuple[dict[str, str], dict[str, str]]:
    found: dict[str, str] = {}
    missing: dict[str, str] = {}
    for need in sorted(needs):
        try:
            found[need] = os.environ.get(need) or MAKERS[need](stack)
        except services.Missing as fault:
            missing[need] = str(fault)
    return found, missing


def _run(stage: Stage, found: dict[str, str], missing: dict[str, str], folder: Path) -> Outcome:
    outcome = Outcome(stage, missing=" ".join(missing[need] for need in stage.needs if need in missing))
    if outcome.missing:
        return outcome
    print(f"\n== {stage.name} ==", flush=True)
    report = folder / f"{stage.name}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(stage.workers), f"--junitxml={report}"]
    if stage.paths == ("tests",):
        command += [f"--ignore=tests/{name}" for name in APART]
    environment = {name: value for name, value in os.environ.items() if name not in MAKERS}
    environment |= {need: found[need] for need in stage.needs}
    started = time.monotonic()
    outcome.exit_code = _pytest([*command, *stage.paths], environment)
    outcome.seconds = time.monotonic() - started
    outcome.counts = _counts(report)
    return outcome


def _pytest(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL)
    try:
        return process.wait()
    except KeyboardInterrupt:
        services.stop(process, signal.SIGINT)
        raise


def _counts(report: Path) -> Counter[str]:
    """Count outcomes of a JUnit report; one test that fails and then errs at its end counts once."""
    counts: Counter[str] = Counter()
    if not report.exists():
        return counts
    for case in ET.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            counts["failed"] += 1
        elif "skipped" in kinds:
            counts["skipped"] += 1
        else:
            counts["passed"] += 1
    return counts


def _summary(outcomes: list[Outcome], *, strict: bool) -> int:
    total: Counter[str] = Counter()
    faults: list[str] = []
    print(f"\n{'stage':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}{'budget':>8}")
    for outcome in outcomes:
        name, counts = outcome.stage.name, outcome.counts
        total += counts
        if outcome.missing:
            print(f"{name:<12}NOT RUN. {outcome.missing}")
            faults += [f"{name} did not run: {outcome.missing}"] if strict else []
            continue
        print(
            f"{name:<12}{counts['passed']:>8}{counts['failed']:>8}{counts['skipped']:>9}"
            f"{outcome.seconds:>9.0f}{outcome.stage.budget:>8}"
        )
        if outcome.exit_code and not counts["failed"]:
            faults.append(f"{name} ended with code {outcome.exit_code}")
        if strict and counts["skipped"]:
            faults.append(f"{name} skipped {counts['skipped']} tests, and CI allows none")
    print("\n".join(faults))
    failed = total["failed"] + len(faults)
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped")
    return 1 if failed or not total["passed"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped.")
        sys.exit(130)
