"""Many taps at the same moment, through the whole portal, on real threads."""

from __future__ import annotations

import contextvars
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape

from portal import clock
from portal.extensions import db
from tests.pages import HIDDEN, Browser
from tests.teaching.helpers import facts, group, rows

MARKS = ("present", "late", "remote", "excused", "absent")


def test_taps_at_once_leave_one_row_and_the_last_one_counts(make, browser):
    class_ = group(make, now=clock.now() - timedelta(days=1))
    meeting, ana = class_.meetings[2].id, class_.learners[0].id
    devices = [browser.as_(class_.instructor) for _device in range(10)]
    tokens = [token_of(device, f"/teaching/meetings/{meeting}") for device in devices]
    start = threading.Barrier(len(devices))

    def tap(number: int) -> int:
        start.wait(timeout=30)
        form = {"csrf_token": tokens[number], "idempotency_key": f"tap-{number}", "mark": MARKS[number % 5]}
        address = f"/teaching/meetings/{meeting}/people/{ana}"
        return devices[number].client.post(address, data=form).status_code

    with ThreadPoolExecutor(len(devices)) as pool:
        waiting = [pool.submit(contextvars.Context().run, tap, number) for number in range(len(devices))]
        answers = [each.result(timeout=60) for each in waiting]

    db.session.rollback()  # look again, at what stands there now
    assert answers == [303] * 10
    told = facts("attendance.marked")
    assert [(fact["before"], fact["mark"]) for fact in told] == [
        (before["mark"] if before else None, fact["mark"])
        for before, fact in zip([None, *told], told, strict=False)
    ]
    assert rows() == [(meeting, ana, told[-1]["mark"])]


def token_of(device: Browser, address: str) -> str:
    page = device.get(address).text
    return unescape(dict(re.findall(HIDDEN, page))["csrf_token"])
