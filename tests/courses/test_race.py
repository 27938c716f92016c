"""Fifty people ask for the last three seats at the same moment, through the whole portal, on real threads."""

from __future__ import annotations

import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from portal import clock, jobs
from portal.courses import queries
from portal.courses.models import Enrollment, EnrollmentState
from portal.events import Event
from portal.extensions import db
from tests.courses.helpers import cohort, join_all, names, people, reload
from tests.pages import Browser

CROWD = 50


def all_at_once(devices: list[Browser], address: str) -> list[int]:
    """Send one form from each device when all stand ready; each thread has a connection of its own."""
    start = threading.Barrier(len(devices))

    def send(device: Browser) -> int:
        start.wait(timeout=30)
        form = {"csrf_token": device.token, "idempotency_key": f"once-{id(device)}"}
        return device.client.post(address, data=form).status_code

    with ThreadPoolExecutor(len(devices)) as pool:
        waiting = [pool.submit(contextvars.Context().run, send, device) for device in devices]
        return [each.result(timeout=60) for each in waiting]


def test_fifty_ask_for_the_last_three_seats(make, browser):
    group = cohort(make, capacity=5)
    first, second, *crowd = people(make, CROWD + 2)
    join_all(group, [first, second], now=clock.now())
    devices = [ready(browser, member, group) for member in crowd]

    answers = all_at_once(devices, f"/spanish/cohorts/{group.id}/join")

    db.session.rollback()  # look again, at what stands there now
    assert answers == [303] * CROWD
    enrolled = names(group, EnrollmentState.ENROLLED)
    waiting = names(group, EnrollmentState.WAITLISTED)
    assert (len(enrolled), len(waiting)) == (5, 47)
    assert sorted(enrolled + waiting) == sorted(member.name for member in [first, second, *crowd])
    assert reload(group).seats_taken == 5
    by_number = {queries.place_of(member, group).position: member.name for member in crowd}
    assert [by_number[number] for number in range(1, 48)] == waiting
    joined = db.session.scalars(
        select(Enrollment.joined_at)
        .where(Enrollment.state == EnrollmentState.WAITLISTED)
        .order_by(Enrollment.id)
    ).all()
    assert joined == sorted(joined)


def test_who_leaves_while_others_join_leaves_no_seat_free_and_tells_the_next_once(make, browser):
    group = cohort(make, capacity=8)
    seated, crowd = people(make, 8), people(make, 24)
    join_all(group, seated, now=clock.now())
    leaving = [ready(browser, member, group) for member in seated]
    joining = [ready(browser, member, group) for member in crowd]
    address = f"/spanish/cohorts/{group.id}"

    with ThreadPoolExecutor(2) as pool:
        left = pool.submit(all_at_once, leaving, f"{address}/leave")
        joined = pool.submit(all_at_once, joining, f"{address}/join")
        answers = left.result(60) + joined.result(60)

    db.session.rollback()  # look again, at what stands there now
    assert answers == [303] * 32
    rows = db.session.execute(
        select(Enrollment.state, func.count().label("count")).group_by(Enrollment.state)
    )
    counts = {row.state: row.count for row in rows}
    assert counts == {
        EnrollmentState.ENROLLED: 8,
        EnrollmentState.WAITLISTED: 16,
        EnrollmentState.WITHDRAWN: 8,
    }
    assert reload(group).seats_taken == 8
    promoted = set(db.session.scalars(select(Event.subject_id).where(Event.kind == "seat.promoted")))
    letters = db.session.scalars(select(jobs.Job.key).where(jobs.Job.kind == "mail.send")).all()
    assert sorted(letters) == sorted(f"seat_promoted:{enrollment_id}" for enrollment_id in promoted)


def ready(browser: Browser, member, group) -> Browser:
    """A signed-in device that has the cohort's page open."""
    device = browser.as_(member)
    page = device.get(f"/spanish/cohorts/{group.id}").text
    device.token = page.split('name="csrf_token" value="')[1].split('"')[0]
    return device
