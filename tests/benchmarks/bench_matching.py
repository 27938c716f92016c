"""Time and memory of the matching: `python -m tests.benchmarks.bench_matching [people seed delegated]`.

Prints a table; each round runs in a process of its own, so that its peak memory is its own.
"""

import resource
import subprocess
import sys
import time

from portal.exchange import matching
from tests.exchange.rounds import planted

ROUNDS = [
    (100, 1, 0.1),
    (100, 2, 0.1),
    (1_000, 1, 0.1),
    (1_000, 2, 0.1),
    (1_000, 5, 0.1),
    (10_000, 1, 0.01),
]


def run(people: int, seed: int, delegated: float) -> str:
    round_, most = planted(people, seed, delegated=delegated)
    inside = sum(len(row["members"]) for row in round_["delegations"])
    start = time.perf_counter()
    result = matching.solve(round_)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found = result["vector"]["placed"]
    ties = "proven" if result["first_of_equals"] else "not proven"
    return (
        f"{people:>7,} {inside:>6,} {len(round_['placements']):>6,} {seconds:>8.2f} {megabytes:>6,}"
        f" {found:>7,} / {most:<7,} {result['status']:<8} {ties}"
    )


def main(arguments: list[str]) -> None:
    if arguments:
        print(run(int(arguments[0]), int(arguments[1]), float(arguments[2])))
        return
    print(" people in del  slots  seconds     MB  placed / most    status   tie-break")
    for row in ROUNDS:
        command = [sys.executable, "-m", "tests.benchmarks.bench_matching", *map(str, row)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
