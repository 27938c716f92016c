"""Seats and the waiting list: the union's promises, one sentence each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal import jobs
from portal.accounts.models import Standing
from portal.courses import actions, queries
from portal.courses.models import NEXT_STATES, Enrollment, EnrollmentState
from portal.errors import Refused
from portal.events import Event
from portal.extensions import db
from tests.conftest import MONDAY
from tests.courses.helpers import cohort, join_all, names, people

ENROLLED, WAITLISTED = EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED
WITHDRAWN, COMPLETED = EnrollmentState.WITHDRAWN, EnrollmentState.COMPLETED
AN_HOUR = timedelta(hours=1)


def events() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Event).where(Event.kind.like("seat.%")).order_by(Event.id))
    return [(event.kind, event.data["state"]) for event in rows]


def letters() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == "mail.send").order_by(jobs.Job.id))
    return [(row.payload["name"], row.payload["template"]) for row in rows]


@pytest.fixture
def one_seat(make):
    return cohort(make, now=MONDAY, capacity=1)


def test_a_learner_takes_a_seat_and_it_is_written_down(make, one_seat):
    (ana,) = people(make, 1)

    enrollment = actions.join(one_seat, ana, now=MONDAY)

    assert (enrollment.state, enrollment.joined_at, enrollment.union_id) == (
        ENROLLED,
        MONDAY,
        one_seat.union_id,
    )
    assert (one_seat.seats_taken, one_seat.seats_left) == (1, 0)
    assert events() == [("seat.taken", "enrolled")]


def test_joining_twice_keeps_the_one_seat(make, one_seat):
    (ana,) = people(make, 1)

    first = actions.join(one_seat, ana, now=MONDAY)
    second = actions.join(one_seat, ana, now=MONDAY + AN_HOUR)

    assert second is first
    assert one_seat.seats_taken == 1


def test_who_comes_when_every_seat_is_taken_waits_in_order(make, one_seat):
    ana, luz, max_ = people(make, 3)

    join_all(one_seat, [ana, luz, max_], now=MONDAY)

    assert names(one_seat, ENROLLED) == [ana.name]
    assert names(one_seat, WAITLISTED) == [luz.name, max_.name]
    assert [queries.place_of(member, one_seat).position for member in (ana, luz, max_)] == [None, 1, 2]
    assert [queries.place_of(member, one_seat).waiting for member in (ana, luz, max_)] == [2, 2, 2]


def test_the_order_is_that_of_the_lock_where_clocks_disagree(make, one_seat):
    ana, luz, max_ = people(make, 3)
    actions.join(one_seat, ana, now=MONDAY)
    actions.join(one_seat, luz, now=MONDAY + AN_HOUR)
    actions.join(one_seat, max_, now=MONDAY)

    assert names(one_seat, WAITLISTED) == [luz.name, max_.name]


def test_a_seat_left_goes_to_the_first_who_waits_and_a_letter_is_queued_once(make, one_seat):
    ana, luz, max_ = people(make, 3)
    join_all(one_seat, [ana, luz, max_], now=MONDAY)

    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == [luz.name]
    assert names(one_seat, WAITLISTED) == [max_.name]
    assert one_seat.seats_taken == 1
    assert letters() == [(luz.name, "seat_promoted")]
    assert events()[-2:] == [("seat.left", "withdrawn"), ("seat.promoted", "enrolled")]
    promoted = db.session.scalars(select(Event).where(Event.kind == "seat.promoted")).one()
    assert promoted.actor_id is None


def test_a_promotion_that_is_rolled_back_queues_no_letter(make, one_seat):
    ana, luz = people(make, 2)
    join_all(one_seat, [ana, luz], now=MONDAY)

    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)
    db.session.rollback()

    assert letters() == []
    assert names(one_seat, ENROLLED) == [ana.name]


def test_the_letter_is_in_the_language_of_its_reader(make, outbox):
    full = cohort(make, now=MONDAY, capacity=1)
    ana, luc = people(make, 1) + people(make, 1, locale="fr_CA")
    join_all(full, [ana, luc], now=MONDAY)
    actions.leave(full, ana, now=MONDAY + AN_HOUR)
    db.session.commit()

    jobs.work_off(now=MONDAY + AN_HOUR)

    (letter,) = [file.read_text() for file in outbox.glob("*.eml")]
    assert "Content-Language: fr-CA" in letter
    assert f"http://localhost/spanish/cohorts/{full.id}" in letter


def test_nobody_joins_before_enrollment_opens_or_after_it_closes(make, one_seat):
    (ana,) = people(make, 1)

    with pytest.raises(
        Refused, match=r"^Enrollment opens on Monday, January 4, 2027, 10:00 AM \(New York\)\.$"
    ):
        actions.join(one_seat, ana, now=one_seat.opens_at - timedelta(seconds=1))
    with pytest.raises(
        Refused, match=r"^Enrollment closed on Monday, January 25, 2027, 10:00 AM \(New York\)\.$"
    ):
        actions.join(one_seat, ana, now=one_seat.closes_at)
    assert actions.join(one_seat, ana, now=one_seat.closes_at - timedelta(seconds=1)).is_enrolled


@pytest.mark.parametrize("standing", [Standing.LEADERSHIP, Standing.MEMBERSHIP])
def test_spanish_is_for_staff_and_the_reason_is_said_in_words(make, one_seat, standing):
    luz = make.member("Luz Ejemplo", standing=standing)

    with pytest.raises(Refused) as refusal:
        actions.join(one_seat, luz, now=MONDAY)

    assert str(refusal.value) == (
        "Spanish is for the staff of the United Steelworkers. Your coordinator can admit you with a reason."
    )


def test_english_is_for_leadership_of_los_mineros(make):
    from tests.courses.helpers import ENGLISH

    english = cohort(make, ENGLISH, now=MONDAY)
    leader = make.member("Luz Ejemplo", union="mineros", standing=Standing.LEADERSHIP)
    staff = make.member("Max Ejemplo", union="mineros", standing=Standing.STAFF)
    steelworker = make.member("Ana Ejemplo", union="usw", standing=Standing.LEADERSHIP)

    assert actions.join(english, leader, now=MONDAY).is_enrolled
    for other in (staff, steelworker):
        with pytest.raises(Refused, match=r"^English is for the leadership of Los Mineros"):
            actions.join(english, other, now=MONDAY)


def test_a_coordinator_admits_another_member_and_the_reason_stays_with_the_seat(make, one_seat):
    luz = make.member("Luz Ejemplo", standing=Standing.MEMBERSHIP)
    cora = make.member("Cora Ejemplo", "coordinator")

    enrollment = actions.admit(one_seat, luz, by=cora, reason="Interprets in May", now=MONDAY)

    assert (enrollment.state, enrollment.admitted_by_id, enrollment.admission_reason) == (
        ENROLLED,
        cora.id,
        "Interprets in May",
    )
    assert letters() == [("Luz Ejemplo", "seat_admitted")]
    assert events() == [("seat.taken", "enrolled"), ("seat.admitted", "enrolled")]
    assert "Interprets" not in str([event.data for event in db.session.scalars(select(Event))])


def test_the_admitted_wait_behind_those_who_wait_and_get_their_turn(make, one_seat):
    ana, max_ = people(make, 2)
    luz = make.member("Luz Ejemplo", standing=Standing.MEMBERSHIP)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, [ana, max_], now=MONDAY)

    actions.admit(one_seat, luz, by=cora, reason="Interprets in May", now=MONDAY + AN_HOUR)
    assert names(one_seat, WAITLISTED) == [max_.name, luz.name]
    actions.leave(one_seat, ana, now=MONDAY + 2 * AN_HOUR)
    actions.leave(one_seat, max_, now=MONDAY + 2 * AN_HOUR)

    assert names(one_seat, ENROLLED) == [luz.name]


def test_nobody_is_admitted_twice_or_from_the_other_union(make, one_seat):
    (ana,) = people(make, 1)
    luz = make.member("Luz Ejemplo", union="mineros")
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, [ana], now=MONDAY)

    with pytest.raises(Refused, match=r"^Learner 1 Ejemplo has a place in this cohort already"):
        actions.admit(one_seat, ana, by=cora, reason="Twice is better", now=MONDAY)
    with pytest.raises(Refused, match=r"^Seats of this cohort are for members of its own union"):
        actions.admit(one_seat, luz, by=cora, reason="A neighbor of ours", now=MONDAY)


def test_a_waiter_no_longer_eligible_is_skipped_and_keeps_the_place(make, one_seat):
    ana, luz, max_ = people(make, 3)
    join_all(one_seat, [ana, luz, max_], now=MONDAY)
    luz.standing = Standing.MEMBERSHIP

    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == [max_.name]
    assert names(one_seat, WAITLISTED) == [luz.name]
    assert queries.place_of(luz, one_seat).position == 1


def test_a_waiter_admitted_meanwhile_gets_the_free_seat_at_once(make, one_seat):
    ana, luz = people(make, 2)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, [ana, luz], now=MONDAY)
    luz.standing = Standing.MEMBERSHIP
    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)
    assert names(one_seat, ENROLLED) == []

    actions.admit(one_seat, luz, by=cora, reason="Interprets in May", now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == [luz.name]


def test_a_waiter_admitted_while_every_seat_is_taken_gets_the_letter_that_was_promised(make, one_seat):
    ana, luz = people(make, 2)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, [ana, luz], now=MONDAY)
    luz.standing = Standing.MEMBERSHIP

    actions.admit(one_seat, luz, by=cora, reason="Interprets in May", now=MONDAY + AN_HOUR)

    assert letters() == [(luz.name, "seat_admitted")]


def test_a_newcomer_never_passes_the_queue(make, one_seat):
    ana, luz, max_ = people(make, 3)
    join_all(one_seat, [ana, luz], now=MONDAY)
    luz.standing = Standing.MEMBERSHIP
    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)
    luz.standing = Standing.STAFF  # eligible again; nothing has looked at the queue since

    actions.join(one_seat, max_, now=MONDAY + 2 * AN_HOUR)

    assert names(one_seat, ENROLLED) == [luz.name]
    assert names(one_seat, WAITLISTED) == [max_.name]


def test_an_inactive_waiter_gets_no_seat(make, one_seat):
    ana, luz = people(make, 2)
    join_all(one_seat, [ana, luz], now=MONDAY)
    luz.is_active = False

    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == []


def test_seats_are_not_passed_on_once_enrollment_has_closed(make, one_seat):
    ana, luz = people(make, 2)
    join_all(one_seat, [ana, luz], now=MONDAY)

    actions.leave(one_seat, ana, now=one_seat.closes_at)

    assert (names(one_seat, ENROLLED), names(one_seat, WAITLISTED)) == ([], [luz.name])
    assert one_seat.seats_taken == 0


def test_leaving_the_queue_moves_the_others_up(make, one_seat):
    ana, luz, max_ = people(make, 3)
    join_all(one_seat, [ana, luz, max_], now=MONDAY)

    actions.leave(one_seat, luz, now=MONDAY + AN_HOUR)

    assert queries.place_of(max_, one_seat).position == 1
    assert one_seat.seats_taken == 1


def test_there_is_nothing_to_leave_without_a_place(make, one_seat):
    (ana,) = people(make, 1)

    with pytest.raises(Refused, match=r"^You have no place in this cohort"):
        actions.leave(one_seat, ana, now=MONDAY)


def test_nobody_leaves_a_cohort_that_has_ended(make, one_seat):
    (ana,) = people(make, 1)
    join_all(one_seat, [ana], now=MONDAY)

    with pytest.raises(Refused, match=r"^This cohort ended on Sunday, February 21, 2027"):
        actions.leave(one_seat, ana, now=MONDAY + timedelta(days=50))


def test_leaving_a_seat_is_undone_while_it_is_free(make, one_seat):
    (ana,) = people(make, 1)
    join_all(one_seat, [ana], now=MONDAY)
    left = actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    back = actions.undo_leaving(one_seat, ana, now=MONDAY + AN_HOUR + timedelta(minutes=9))

    assert back.id != left.id
    assert (left.state, left.left_as) == (WITHDRAWN, ENROLLED)
    assert (back.state, back.joined_at) == (ENROLLED, MONDAY)
    assert one_seat.seats_taken == 1
    assert events()[-1] == ("seat.restored", "enrolled")


def test_undoing_twice_gives_one_seat(make, one_seat):
    (ana,) = people(make, 1)
    join_all(one_seat, [ana], now=MONDAY)
    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    first = actions.undo_leaving(one_seat, ana, now=MONDAY + AN_HOUR)

    assert actions.undo_leaving(one_seat, ana, now=MONDAY + AN_HOUR) is first
    assert one_seat.seats_taken == 1


def test_leaving_is_not_undone_after_ten_minutes(make, one_seat):
    (ana,) = people(make, 1)
    join_all(one_seat, [ana], now=MONDAY)
    actions.leave(one_seat, ana, now=MONDAY)

    with pytest.raises(Refused, match=r"^Leaving can be undone for ten minutes only"):
        actions.undo_leaving(one_seat, ana, now=MONDAY + timedelta(minutes=10))


def test_leaving_is_not_undone_when_the_seat_has_gone_to_the_next(make, one_seat):
    ana, luz = people(make, 2)
    join_all(one_seat, [ana, luz], now=MONDAY)
    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    with pytest.raises(Refused, match=r"^Your seat has gone to the next person"):
        actions.undo_leaving(one_seat, ana, now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == [luz.name]


def test_undoing_gives_the_old_place_in_the_queue_back(make, one_seat):
    ana, luz, max_ = people(make, 3)
    join_all(one_seat, [ana, luz, max_], now=MONDAY)
    actions.leave(one_seat, luz, now=MONDAY + AN_HOUR)

    actions.undo_leaving(one_seat, luz, now=MONDAY + AN_HOUR)

    assert names(one_seat, WAITLISTED) == [luz.name, max_.name]


def test_undoing_into_the_queue_takes_a_seat_that_is_free_by_now(make, one_seat):
    ana, luz = people(make, 2)
    join_all(one_seat, [ana, luz], now=MONDAY)
    actions.leave(one_seat, luz, now=MONDAY + AN_HOUR)
    actions.leave(one_seat, ana, now=MONDAY + AN_HOUR)

    back = actions.undo_leaving(one_seat, luz, now=MONDAY + AN_HOUR)

    assert back.is_enrolled


def test_more_seats_promote_exactly_that_many(make, one_seat):
    members = people(make, 5)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, members, now=MONDAY)

    actions.set_capacity(one_seat, 3, by=cora, now=MONDAY + AN_HOUR)

    assert names(one_seat, ENROLLED) == [member.name for member in members[:3]]
    assert names(one_seat, WAITLISTED) == [member.name for member in members[3:]]
    assert [letter[0] for letter in letters()] == [member.name for member in members[1:3]]


def test_fewer_seats_evict_nobody(make):
    three = cohort(make, now=MONDAY, capacity=3)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(three, people(make, 2), now=MONDAY)

    with pytest.raises(Refused, match=r"^2 people hold a seat already"):
        actions.set_capacity(three, 1, by=cora, now=MONDAY)
    for number in (0, -1, 501, 10**12):
        with pytest.raises(Refused, match=r"^A cohort has between 1 and 500 seats"):
            actions.set_capacity(three, number, by=cora, now=MONDAY)
    actions.set_capacity(three, 2, by=cora, now=MONDAY)

    assert (three.capacity, three.seats_taken) == (2, 2)


def test_a_completed_enrollment_holds_no_seat_and_is_never_revived(make, one_seat):
    (ana,) = people(make, 1)
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(one_seat, [ana], now=MONDAY)

    done = actions.complete(one_seat, ana, by=cora, now=MONDAY + AN_HOUR)

    assert (done.state, one_seat.seats_taken) == (COMPLETED, 0)
    with pytest.raises(Refused, match=r"^This enrollment is already completed"):
        done.move_to(ENROLLED, now=MONDAY + AN_HOUR)
    with pytest.raises(Refused, match="holds no seat"):
        actions.complete(one_seat, ana, by=cora, now=MONDAY + AN_HOUR)


def test_every_state_says_where_it_may_go():
    assert set(NEXT_STATES) == set(EnrollmentState)
    assert [state for state in EnrollmentState if not NEXT_STATES[state]] == [WITHDRAWN, COMPLETED]


def test_the_database_itself_refuses_one_seat_too_many(make, one_seat):
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE cohort SET seats_taken = 2"))
    db.session.rollback()


def test_the_database_itself_refuses_a_second_live_place(make, one_seat):
    (ana,) = people(make, 1)
    join_all(one_seat, [ana], now=MONDAY)
    second = Enrollment(
        union_id=one_seat.union_id,
        cohort_id=one_seat.id,
        member_id=ana.id,
        state=WAITLISTED,
        joined_at=MONDAY,
        changed_at=MONDAY,
    )

    with pytest.raises(IntegrityError):
        make.add(second)
    db.session.rollback()
