"""Joining, leaving and being admitted. Every change of seats happens under the lock of its cohort.

After each of them `_fill` has given every free seat to the first in the queue who may take it, so no action
leaves a seat free while an eligible person waits, and nobody who comes later passes the queue.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from portal import mail
from portal.accounts.models import Member
from portal.courses import queries
from portal.courses.models import MOST_SEATS, Cohort, Enrollment, EnrollmentState
from portal.courses.schedule import today_in
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import _, format_day, format_moment, in_locale, ngettext


def join(cohort: Cohort, member: Member, *, now: datetime) -> Enrollment:
    """Give the member a seat or, when every seat is taken, the last place on the waiting list.

    Who has a place already keeps it. Raises `Refused` outside the enrollment window and for whom the program
    is not meant.
    """
    _lock(cohort)
    held = queries.enrollment_of(member, cohort)
    if held is not None and held.is_live:
        return held
    _check_window(cohort, now)
    if not cohort.suits(member):
        raise Refused(why_not(cohort))
    _fill(cohort, now)
    enrollment = Enrollment(cohort=cohort, member=member, union_id=cohort.union_id)
    return _seat_or_queue(enrollment, by=member, now=now)


def admit(cohort: Cohort, member: Member, *, by: Member, reason: str, now: datetime) -> Enrollment:
    """Let in somebody the program is not meant for, with the coordinator's reason; the queue is not passed.

    Raises `Refused` outside the enrollment window, for members of another union, and for whom has a place.
    """
    _lock(cohort)
    if member.union_id != cohort.union_id:
        raise Refused(_("Seats of this cohort are for members of its own union."))
    held = queries.enrollment_of(member, cohort)
    _check_window(cohort, now)
    if held is not None and held.is_live and (held.is_enrolled or held.is_admitted or cohort.suits(member)):
        raise Refused(_("%(name)s has a place in this cohort already.", name=member.name))
    if held is None or not held.is_live:
        _fill(cohort, now)
        held = Enrollment(cohort=cohort, member=member, union_id=cohort.union_id)
        held.admitted_by_id, held.admission_reason = by.id, reason
        _seat_or_queue(held, by=by, now=now)
        record("seat.admitted", held, by=by, at=now, cohort=cohort.id, state=held.state.value)
        _tell("seat_admitted", held, now=now, waits=held.waits)
    else:  # waited without being eligible any more: keeps the place and counts from now on
        held.admitted_by_id, held.admission_reason = by.id, reason
        record("seat.admitted", held, by=by, at=now, cohort=cohort.id, state=held.state.value)
        _fill(cohort, now)
        if held.waits:
            _tell("seat_admitted", held, now=now, waits=True)
    return held


def leave(cohort: Cohort, member: Member, *, now: datetime) -> Enrollment:
    """Give up the seat or the place in the queue; a seat goes to the next person in the same transaction.

    Raises `Refused` when there is nothing to leave or the cohort has ended.
    """
    _lock(cohort)
    held = queries.enrollment_of(member, cohort)
    if held is None or not held.is_live:
        raise Refused(_("You have no place in this cohort, so there is nothing to leave."))
    if today_in(cohort.zone, now) > cohort.ends_on:
        raise Refused(_("This cohort ended on %(day)s.", day=format_day(cohort.ends_on)))
    held_a_seat = held.is_enrolled
    held.move_to(EnrollmentState.WITHDRAWN, now=now)
    _record("seat.left", held, by=member, now=now)
    if held_a_seat:
        _free_a_seat(cohort)
        _fill(cohort, now)
    return held


def undo_leaving(cohort: Cohort, member: Member, *, now: datetime) -> Enrollment:
    """Take back leaving within ten minutes, while the seat is free; a place in the queue comes back as it was.

    The enrollment that ended stays ended; the new one has its date of joining and its admission.
    """
    _lock(cohort)
    left = queries.enrollment_of(member, cohort)
    if left is not None and left.is_live:
        return left
    if left is None or not left.may_be_undone(now):
        raise Refused(_("Leaving can be undone for ten minutes only. You can join again like everyone else."))
    _fill(cohort, now)
    if left.left_as is EnrollmentState.ENROLLED and not _claim_a_seat(cohort):
        raise Refused(
            _("Your seat has gone to the next person in the meantime. You can join the waiting list.")
        )
    restored = Enrollment(
        cohort=cohort,
        member=member,
        union_id=cohort.union_id,
        state=left.left_as,
        joined_at=left.joined_at,
        changed_at=now,
        admitted_by_id=left.admitted_by_id,
        admission_reason=left.admission_reason,
    )
    db.session.add(restored)
    _record("seat.restored", restored, by=member, now=now)
    _fill(cohort, now)
    return restored


def complete(cohort: Cohort, member: Member, *, by: Member, now: datetime) -> Enrollment:
    """Say that the member has taken the course to its end. Raises `Refused` for who holds no seat."""
    _lock(cohort)
    held = queries.enrollment_of(member, cohort)
    if held is None or not held.is_enrolled:
        raise Refused(_("%(name)s holds no seat in this cohort.", name=member.name))
    held.move_to(EnrollmentState.COMPLETED, now=now)
    _record("seat.completed", held, by=by, now=now)
    _free_a_seat(cohort)
    _fill(cohort, now)
    return held


def set_capacity(cohort: Cohort, capacity: int, *, by: Member, now: datetime) -> None:
    """Change how many seats there are; new ones go to the queue, nobody loses one. Raises `Refused`."""
    _lock(cohort)
    if not 1 <= capacity <= MOST_SEATS:
        raise Refused(_("A cohort has between 1 and %(most)s seats.", most=MOST_SEATS))
    if capacity < cohort.seats_taken:
        raise Refused(
            ngettext(
                "%(num)s person holds a seat already; there cannot be fewer seats.",
                "%(num)s people hold a seat already; there cannot be fewer seats.",
                cohort.seats_taken,
            )
        )
    record("cohort.resized", cohort, by=by, at=now, before=cohort.capacity, after=capacity)
    cohort.capacity = capacity
    db.session.flush()
    _fill(cohort, now)


def why_not(cohort: Cohort) -> str:
    """Why somebody whom the program is not meant for cannot take a seat by themselves, and who can help."""
    return _(
        "%(for_whom)s Your coordinator can admit you with a reason.",
        for_whom=cohort.program.for_whom,
    )


# --- under the lock ------------------------------------------------------------------------------


def _lock(cohort: Cohort) -> None:
    """Let one request at a time change this cohort; the row as it stands now is loaded."""
    db.session.refresh(
        cohort,
        ["capacity", "seats_taken", "opens_at", "closes_at", "starts_on", "ends_on"],
        with_for_update=True,
    )


def _check_window(cohort: Cohort, now: datetime) -> None:
    if now < cohort.opens_at:
        raise Refused(
            _("Enrollment opens on %(moment)s.", moment=format_moment(cohort.opens_at, cohort.zone))
        )
    if now >= cohort.closes_at:
        raise Refused(
            _("Enrollment closed on %(moment)s.", moment=format_moment(cohort.closes_at, cohort.zone))
        )


def _seat_or_queue(enrollment: Enrollment, *, by: Member, now: datetime) -> Enrollment:
    cohort = enrollment.cohort
    enrollment.joined_at = enrollment.changed_at = now
    if _claim_a_seat(cohort):
        enrollment.state = EnrollmentState.ENROLLED
        kind = "seat.taken"
    else:
        # Whoever gets the lock first is ahead, even where the clocks of two servers disagree.
        enrollment.joined_at = max(now, queries.last_in_queue(cohort) or now)
        enrollment.state = EnrollmentState.WAITLISTED
        kind = "seat.waited"
    db.session.add(enrollment)
    _record(kind, enrollment, by=by, now=now)
    return enrollment


def _claim_a_seat(cohort: Cohort) -> bool:
    return _count(cohort, update(Cohort).where(Cohort.seats_taken < Cohort.capacity), +1)


def _free_a_seat(cohort: Cohort) -> None:
    _count(cohort, update(Cohort).where(Cohort.seats_taken > 0), -1)


def _count(cohort: Cohort, guarded, change: int) -> bool:
    """Change the number of seats taken in one guarded statement; False where the guard says no."""
    db.session.flush()
    seats = db.session.scalar(
        guarded.where(Cohort.id == cohort.id)
        .values(seats_taken=Cohort.seats_taken + change)
        .returning(Cohort.seats_taken)
        .execution_options(synchronize_session=False)
    )
    if seats is None:
        return False
    set_committed_value(cohort, "seats_taken", seats)
    return True


def _fill(cohort: Cohort, now: datetime) -> None:
    """Give each free seat to the first who may take it, while enrollment is open."""
    while cohort.seats_left > 0 and cohort.takes_people(now):
        enrollment = queries.first_to_promote(cohort)
        if enrollment is None or not _claim_a_seat(cohort):
            return
        enrollment.move_to(EnrollmentState.ENROLLED, now=now)
        _record("seat.promoted", enrollment, by=None, now=now)
        _tell("seat_promoted", enrollment, now=now)


def _record(kind: str, enrollment: Enrollment, *, by: Member | None, now: datetime) -> None:
    record(
        kind,
        enrollment,
        by=by,
        at=now,
        cohort=enrollment.cohort_id or enrollment.cohort.id,
        state=enrollment.state.value,
    )


def _tell(template: str, enrollment: Enrollment, *, now: datetime, **context: bool) -> None:
    """Write to the person once, in their language; the letter leaves after the commit."""
    cohort, member = enrollment.cohort, enrollment.member
    with in_locale(member.locale):
        starts_on = format_day(cohort.starts_on)
    mail.send(
        template,
        to=member,
        now=now,
        key=f"{template}:{enrollment.id}",
        course=cohort.course.title_in(member.locale),
        cohort=cohort.name,
        starts_on=starts_on,
        link=mail.link(f"{cohort.program.code}.cohort", cohort_id=cohort.id),
        **context,
    )
