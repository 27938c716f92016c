"""Server time and queries of each role's pages: `python -m tests.benchmarks pages`.

Budgets: at most 8 queries a page, the same in a small portal and in a large one; a page of the main menu takes at
most twice the processor time of a bare Flask page with the same number of queries, measured in turn with it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.baseline import create_baseline
from tests.benchmarks.portals import counted, cpu_ms, grown, pages_of, people, portal_in, seeded

MOST_QUERIES = 8
MOST_TIMES = 2.0
ROWS = 1000
TURNS, ROUNDS = 8, 10
UNANSWERED = 10_000


def queries_in(instance: Path, pages: Iterable[tuple[str, str]] = ()) -> dict[tuple[str, str], int]:
    """The queries of these pages; none named: of each role's own."""
    found = {}
    with portal_in(instance) as app:
        for role, person in people(app).items():
            for path in [path for who, path in pages if who == role] or pages_of(person):
                person.get(path)
                with counted() as statements:
                    response = person.get(path)
                if response.status_code == 200:
                    found[role, path] = len(statements)
                else:
                    print(f"{role:<15}{path:<34}answers {response.status_code}")
                    found[role, path] = UNANSWERED
    return found


def times_in(instance: Path, pages: dict[tuple[str, str], int]) -> dict[tuple[str, str], tuple[float, float]]:
    """For each page: its median time and that of the bare page with as many queries, in milliseconds."""
    found = {}
    bare = create_baseline(f"sqlite:///{instance / 'relevo.sqlite3'}").test_client()
    bare.get("/sign-in/1")
    with portal_in(instance) as app:
        persons = people(app)
        for (role, path), queries in pages.items():
            if queries == UNANSWERED:
                continue
            ask = [lambda: persons[role].get(path), lambda: bare.get(f"/{max(1, queries)}")]  # noqa: B023
            spent: list[list[float]] = [[], []]
            for _ in range(TURNS):
                for which in (0, 1):
                    spent[which] += cpu_ms(ask[which], rounds=ROUNDS)
            found[role, path] = (statistics.median(spent[0]), statistics.median(spent[1]))
    return found


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="relevo-bench-") as folder:
        small = seeded(Path(folder) / "small")
        large, sizes = grown(small, Path(folder) / "large", rows=ROWS)
        few = queries_in(small)
        many = queries_in(large, few)
        times = times_in(small, few)
    over = sum(UNANSWERED in (few[page], many[page]) for page in few)
    print(f"large: {sum(sizes.values())} rows, the largest table {max(sizes.values())}")
    print(f"{'role':<15}{'page':<34}{'queries':>8}{'large':>7}{'ms':>7}{'bare':>7}{'times':>7}")
    for (role, path), (ours, bare) in times.items():
        queries = few[role, path]
        faults = [
            "too many queries" if max(queries, many[role, path]) > MOST_QUERIES else "",
            "queries grow with rows" if many[role, path] > queries else "",
            "slow" if ours > MOST_TIMES * bare else "",
        ]
        verdict = ", ".join(filter(None, faults)) or "ok"
        over += verdict != "ok"
        print(
            f"{role:<15}{path:<34}{queries:>8}{many[role, path]:>7}{ours:>7.2f}{bare:>7.2f}{ours / bare:>7.2f}"
            f"  {verdict}"
        )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
