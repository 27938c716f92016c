"""Time and memory of the answer checker: `python tests/benchmarks/bench_checking.py`.

Budgets: 2 ms an answer once warm, 60 MB for the word lists of both languages.
"""

import csv
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "learning" / "answers.csv"
ROUNDS = 5


def resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise SystemExit("Resident memory is not known on this machine.")


def main() -> int:
    started = time.perf_counter()
    from portal.learning.checking import check

    import_ms = (time.perf_counter() - started) * 1000
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = [
            (row["mode"], row["lang"], row["expected"].split(" || "), row["typed"])
            for row in csv.DictReader(file)
        ]
    before = resident_mb()
    started = time.perf_counter()
    for lang in ("es", "en"):
        check("sentence", lang, ["huelga"], "huelgo")
    first_ms = (time.perf_counter() - started) * 1000
    times = []
    for turn in range(ROUNDS):
        for row in rows:
            started = time.perf_counter()
            check(*row)
            if turn:
                times.append((time.perf_counter() - started) * 1000)
    memory = resident_mb() - before
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"import {import_ms:.0f} ms, first answer in each language {first_ms:.0f} ms, memory {memory:.1f} MB"
    )
    print(
        f"warm: mean {statistics.mean(times):.3f} ms, p95 {p95:.3f} ms, worst {max(times):.3f} ms of {len(times)}"
    )
    return 0 if p95 <= 2 and memory <= 60 else 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
