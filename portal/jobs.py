"""Work that follows a change: a row written in the same transaction, claimed with a lease, run once.

A handler registered with `job` runs inside one transaction together with the mark "done", so its writes
happen exactly once. A handler registered with `stepwise=True` is for long computing: it runs outside any
transaction, reads and writes in `run.step()`, reports `run.progress()`, and stores its result in `run.finish()`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, Index, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.database import transaction
from portal.extensions import db
from portal.logs import where

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5
PAYLOAD_KEPT = timedelta(days=7)
log = logging.getLogger("relevo.jobs")


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(db.Model):
    """One piece of work. `key`, when given, allows one job of a kind for one cause."""

    __table_args__ = (
        Index("ix_job_due", "state", "run_at"),
        Index("uq_job_kind_key", "kind", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    fraction: Mapped[float] = mapped_column(Float, default=0.0)
    phase: Mapped[str | None] = mapped_column(String(64))
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Cancelled(Exception):
    """Somebody asked this job to stop."""


class LeaseLost(Exception):
    """Another worker has taken this job over; nothing of this run may be written."""


@dataclass
class Run:
    """A claimed job in the hands of its handler."""

    id: int
    kind: str
    payload: dict[str, Any]
    token: str

    @contextmanager
    def step(self) -> Iterator[None]:
        """A transaction of its own in the middle of a stepwise job."""
        with transaction():
            yield

    def progress(self, fraction: float, phase: str | None = None) -> None:
        """Store how far it is (0 to 1), renew the lease. Raises `Cancelled` or `LeaseLost`."""
        with transaction():
            job = self._held()
            job.fraction, job.phase = fraction, phase
            job.lease_until = clock.now() + LEASE
            cancelled = job.cancel_asked
        if cancelled:
            raise Cancelled

    @contextmanager
    def finish(self) -> Iterator[None]:
        """Write the result and the mark "done" together, once. Raises `LeaseLost` when the lease is gone."""
        with transaction():
            job = self._held()
            yield
            job.state, job.fraction, job.finished_at = JobState.DONE, 1.0, clock.now()

    def _held(self) -> Job:
        job = db.session.scalar(
            select(Job)
            .where(Job.id == self.id, Job.token == self.token, Job.state == JobState.RUNNING)
            .with_for_update()
        )
        if job is None:
            raise LeaseLost
        return job


Handler = Callable[[Run], None]
_handlers: dict[str, tuple[Handler, bool]] = {}
_periodic: list[tuple[float, Callable[[], object]]] = []


def job(kind: str, *, stepwise: bool = False) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = (handler, stepwise)
        return handler

    return register


def periodic(*, seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Run the function about every `seconds` in the worker, each time in a transaction of its own."""

    def register(function: Callable[[], object]) -> Callable[[], object]:
        _periodic.append((seconds, function))
        return function

    return register


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    run_at: datetime | None = None,
    key: str | None = None,
) -> Job:
    """Add a job to the present transaction. With a `key` known already, returns the job that is there."""
    if key is not None:
        held = db.session.scalar(select(Job).where(Job.kind == kind, Job.key == key))
        if held is not None:
            return held
    row = Job(kind=kind, payload=payload, key=key, created_at=now, run_at=run_at or now)
    db.session.add(row)
    db.session.flush()
    return row


def ask_to_cancel(row: Job, *, now: datetime) -> None:
    """Stop a queued job at once, a running one at its next report of progress."""
    row.cancel_asked = True
    if row.state is JobState.QUEUED:
        row.state, row.finished_at = JobState.CANCELLED, now


def claim(now: datetime) -> Run | None:
    """Take the job that has been due longest, or one whose worker has died; commits the claim.

    A job that five workers died of is given up: it may be what kills them.
    """
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING, Job.lease_until < now, Job.attempts >= MOST_ATTEMPTS)
            .values(state=JobState.FAILED, error="LeaseLost", finished_at=now)
        )
        due = (Job.state == JobState.QUEUED) & (Job.run_at <= now)
        orphaned = (Job.state == JobState.RUNNING) & (Job.lease_until < now)
        row = db.session.scalar(
            select(Job)
            .where(due | orphaned)
            .order_by(Job.run_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        token = secrets.token_hex(16)
        row.state, row.token = JobState.RUNNING, token
        row.attempts, row.lease_until = row.attempts + 1, now + LEASE
        return Run(row.id, row.kind, dict(row.payload), token)


def perform(run: Run) -> None:
    """Run a claimed job. A failure is kept with the job and tried again later, at most five times."""
    handler, stepwise = _handlers[run.kind]
    try:
        if stepwise:
            handler(run)
        else:
            with run.finish():
                handler(run)
    except LeaseLost:
        log.warning("job %s: lease lost", run.id)
    except Cancelled:
        _close(run, JobState.CANCELLED)
    except Exception as error:
        log.error("job %s (%s) failed: %s", run.id, run.kind, where(error))
        _retry(run, error)


def _close(run: Run, state: JobState) -> None:
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == run.id, Job.token == run.token)
            .values(state=state, finished_at=clock.now())
        )


def _retry(run: Run, error: Exception) -> None:
    with transaction():
        row = db.session.get(Job, run.id)
        if row is None or row.token != run.token:
            return
        row.error = type(error).__name__  # never the message: it may hold names
        if row.attempts >= MOST_ATTEMPTS:
            row.state, row.finished_at = JobState.FAILED, clock.now()
        else:
            row.state = JobState.QUEUED
            row.run_at = clock.now() + timedelta(seconds=5 * 4 ** (row.attempts - 1))


def work_off(*, now: datetime | None = None, most: int = 10_000) -> int:
    """Run every job that is due by `now` (left out: the present); returns how many ran."""
    done = 0
    while done < most and (run := claim(now or clock.now())):
        perform(run)
        done += 1
    return done


@periodic(seconds=3600)
def forget_old_payloads() -> None:
    """Empty the letters that could not be sent, and all else that failed, after a week: they hold names and links."""
    ended = Job.state.in_([JobState.FAILED, JobState.CANCELLED])
    long_ago = Job.finished_at < clock.now() - PAYLOAD_KEPT
    db.session.execute(update(Job).where(ended, long_ago).values(payload={}))


def run_periodic(last_run: dict[int, float], monotonic: float) -> None:
    """Run the periodic tasks that are due by `monotonic` seconds; `last_run` is the caller's memory."""
    for number, (seconds, function) in enumerate(_periodic):
        if monotonic - last_run.get(number, float("-inf")) >= seconds:
            last_run[number] = monotonic
            try:
                with transaction():
                    function()
            except Exception as error:
                log.error("periodic task %s failed: %s", function.__name__, where(error))
