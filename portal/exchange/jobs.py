"""What the worker does for the exchange: work out plans, end offers nobody answered."""

from __future__ import annotations

import logging
import time
from typing import Any

import orjson

from portal import clock, jobs
from portal.exchange import offer_actions, plan_queries
from portal.exchange.matching import BadRound, TooLarge, solve
from portal.exchange.matching import Cancelled as StoppedInside
from portal.exchange.models import Plan
from portal.exchange.plan_actions import SOLVE, keep_failure, keep_result
from portal.exchange.words import PlanState
from portal.extensions import db
from portal.logs import where

ASK_EVERY = 1.0  # seconds between two looks at whether somebody asked to stop
log = logging.getLogger("relevo.exchange")


class Watch:
    """Tells the job row how far it is, and the solver whether to stop."""

    def __init__(self, run: jobs.Run):
        self.run = run
        self.fraction, self.phase = 0.0, "eligibility"
        self.asked_at = time.monotonic()
        self.stopped = False

    def progress(self, fraction: float, phase: str) -> None:
        self.fraction, self.phase = fraction, phase
        self._tell()

    def cancelled(self) -> bool:
        if not self.stopped and time.monotonic() - self.asked_at >= ASK_EVERY:
            self._tell()
        return self.stopped

    def _tell(self) -> None:
        """A request to stop is kept for `cancelled`: nothing may be raised through the solver."""
        self.asked_at = time.monotonic()
        try:
            self.run.progress(min(self.fraction, 0.99), self.phase)
        except jobs.Cancelled:
            self.stopped = True


@jobs.job(SOLVE, stepwise=True)
def work_out(run: jobs.Run) -> None:
    """Solve the stored input of a plan. The result is kept with the mark "done", or not at all."""
    with run.step():
        plan = db.session.get_one(Plan, run.payload["plan"])
        text = plan.input_json if plan.state is PlanState.SOLVING else None
    if text is None:
        with run.finish():
            return
    watch = Watch(run)
    result: dict[str, Any] | None = None
    failure = ""
    try:
        result = solve(orjson.loads(text), progress=watch.progress, cancelled=watch.cancelled)
    except StoppedInside:
        with run.step():
            keep_failure(db.session.get_one(Plan, run.payload["plan"]), "cancelled", now=clock.now())
        raise jobs.Cancelled from None
    except TooLarge:
        failure = "too_large"
    except BadRound as fault:
        failure = f"bad_round: {fault.path}"
    except jobs.LeaseLost:
        raise
    except Exception as fault:
        # The same input would fail again: say so at once instead of trying four more times.
        log.error("plan %s could not be worked out: %s", run.payload["plan"], where(fault))
        failure = "unexpected"
    with run.finish():
        plan = db.session.get_one(Plan, run.payload["plan"])
        if result is None:
            keep_failure(plan, failure, now=clock.now())
        else:
            keep_result(plan, result, now=clock.now())


@jobs.periodic(seconds=900)
def let_unanswered_offers_lapse() -> None:
    now = clock.now()
    offer_actions.lapse(plan_queries.overdue(now), now=now)
