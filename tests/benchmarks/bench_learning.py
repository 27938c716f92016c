"""What answering costs: `python -m tests.benchmarks learning`.

Budget: the 95th percentile of keeping a review is at most twice that of a bare Flask route, signed in, that writes
one row to the same kind of file and commits; both measured in turn, by the clock, the disk included.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_login import current_user, login_required
from sqlalchemy import select, text

from portal.accounts.models import Member
from portal.extensions import db
from portal.learning.models import CardState
from tests.benchmarks.baseline import create_baseline
from tests.benchmarks.portals import counted, grown, portal_in, seeded
from tests.pages import Browser

MOST_TIMES = 2.0
ROWS = 20_000
TURNS, ROUNDS = 12, 15
LEARNER = "learner@usw.example"


def bare_with_a_write(database: Path) -> Flask:
    """The bare portal of the other benchmarks with a route that adds one row."""
    app = create_baseline(f"sqlite:///{database}")
    bare_db = app.extensions["sqlalchemy"]

    @app.post("/note")
    @login_required
    def note() -> str:
        bare_db.session.execute(
            text("INSERT INTO bench_note (member_id, said) VALUES (:member_id, 'a word')"),
            {"member_id": current_user.id},
        )
        bare_db.session.commit()
        return "kept"

    with app.app_context():
        bare_db.session.execute(
            text("CREATE TABLE bench_note (id INTEGER PRIMARY KEY, member_id INTEGER, said TEXT)")
        )
        bare_db.session.commit()
    return app


def wall_ms(ask: Callable[[], object]) -> list[float]:
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - begun) * 1000)
    return spent


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="relevo-bench-") as folder:
        instance, sizes = grown(seeded(Path(folder) / "small"), Path(folder) / "large", rows=ROWS)
        bare_app = bare_with_a_write(instance / "relevo.sqlite3")
        bare = bare_app.test_client()
        with portal_in(instance) as app:
            member = db.session.scalars(select(Member).where(Member.email == LEARNER)).one()
            cards = db.session.scalars(
                select(CardState.item_id).where(CardState.member_id == member.id)
            ).all()
            learner = Browser(app).as_(member)
            bare.get(f"/sign-in/{member.id}")
            number = iter(range(10**6))

            def rate() -> None:
                answer = {
                    "item": cards[next(number) % len(cards)],
                    "skill": "write",
                    "answer": "puerta",
                    "review": str(uuid.uuid4()),
                    "rating": "3",
                }
                response = learner.post("/lessons/review/rate", answer)
                assert response.status_code == 303, response.status_code

            def note() -> None:
                assert bare.post("/note").status_code == 200

            rate()
            with counted() as statements:
                rate()
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(TURNS):
                ours += wall_ms(rate)
                theirs += wall_ms(note)
    times = p95(ours) / p95(theirs)
    print(
        f"cards {sizes.get('card_state', 0)}, reviews {sizes.get('review_log', 0)}, {len(statements)} statements"
    )
    print(f"{'':<22}{'median ms':>10}{'p95 ms':>10}")
    for name, found in (("a review", ours), ("a bare write", theirs)):
        print(f"{name:<22}{statistics.median(found):>10.2f}{p95(found):>10.2f}")
    print(
        f"p95 {times:.2f} times the bare write, at most {MOST_TIMES:.0f}: {'ok' if times <= MOST_TIMES else 'OVER'}"
    )
    return 0 if times <= MOST_TIMES else 1


if __name__ == "__main__":
    sys.exit(main())
