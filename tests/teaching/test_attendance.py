"""Marks, their meaning in words, and notes: the promises to instructors and learners, one sentence each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.courses import actions as courses
from portal.courses import planning
from portal.courses.models import Meeting
from portal.errors import Hidden, Refused
from portal.extensions import db
from portal.sheets import write_csv
from portal.teaching import actions, queries
from portal.teaching.export import attendance_rows
from portal.teaching.models import Attendance, Mark, Note
from portal.teaching.presence import Person
from portal.teaching.week import Step, week_of
from tests.conftest import MONDAY
from tests.teaching.helpers import A, E, L, P, R, facts, group, rows

NOON = MONDAY + timedelta(hours=2)  # when the class of that Monday begins
EVENING = MONDAY + timedelta(hours=8)


@pytest.fixture
def class_(make):
    """Three learners; meetings three, two and one weeks ago, today at noon, and two more."""
    return group(make, now=MONDAY)


def person(class_, number: int) -> Person:
    return Person(class_.learners[number].id, class_.learners[number].name, "Local 1557", MONDAY)


def tap(class_, meeting: Meeting, number: int, mark: Mark, *, now=EVENING) -> Attendance:
    return actions.mark(meeting, person(class_, number), mark, by=class_.instructor, now=now)


def presences(class_, *, now=EVENING):
    return queries.roster(class_.cohort, now=now).presences


# --- marks ---------------------------------------------------------------------------------------


def test_the_class_meets_on_mondays_at_noon(class_):
    assert [meeting.starts_at for meeting in class_.meetings] == [
        NOON + timedelta(weeks=week) for week in range(-3, 3)
    ]


def test_one_tap_records_how_somebody_was_and_who_said_so(class_):
    meeting = class_.meetings[3]

    row = tap(class_, meeting, 0, Mark.LATE)

    assert (row.mark, row.in_bulk, row.recorded_by_id, row.recorded_at, row.union_id) == (
        Mark.LATE, False, class_.instructor.id, EVENING, class_.cohort.union_id,
    )  # fmt: skip
    assert facts("attendance.%") == [
        {
            "kind": "attendance.marked",
            "by": class_.instructor.id,
            "union": class_.cohort.union_id,
            "meeting": meeting.id,
            "member": class_.learners[0].id,
            "mark": "late",
            "before": None,
        }
    ]


def test_another_tap_changes_the_one_row_and_remembers_what_stood_before(class_):
    meeting, ana = class_.meetings[3], class_.learners[0]
    tap(class_, meeting, 0, Mark.ABSENT)

    tap(class_, meeting, 0, Mark.EXCUSED)

    assert rows() == [(meeting.id, ana.id, "excused")]
    assert [(fact["before"], fact["mark"]) for fact in facts("attendance.marked")] == [
        (None, "absent"),
        ("absent", "excused"),
    ]


def test_the_same_tap_twice_changes_nothing(class_):
    first = tap(class_, class_.meetings[3], 0, Mark.PRESENT)
    again = tap(class_, class_.meetings[3], 0, Mark.PRESENT, now=EVENING + timedelta(hours=1))

    assert again is first
    assert first.recorded_at == EVENING
    assert len(facts("attendance.%")) == 1


def test_a_cleared_mark_is_not_recorded_again_rather_than_absent(class_):
    meeting = class_.meetings[3]
    tap(class_, meeting, 0, Mark.ABSENT)

    actions.clear(meeting, person(class_, 0), by=class_.instructor, now=EVENING)
    actions.clear(meeting, person(class_, 0), by=class_.instructor, now=EVENING)

    assert rows() == []
    assert [fact["before"] for fact in facts("attendance.cleared")] == ["absent"]
    assert presences(class_)[0].counts == {None: 4}


def test_a_cancelled_meeting_takes_no_attendance(class_):
    meeting = class_.meetings[4]
    planning.cancel_meeting(meeting, by=class_.instructor, now=MONDAY)

    for mark in Mark:
        with pytest.raises(Refused, match="This meeting was cancelled"):
            tap(class_, meeting, 0, mark)
    with pytest.raises(Refused, match="This meeting was cancelled"):
        actions.mark_others_present(meeting, by=class_.instructor, now=EVENING)
    assert rows() == []


def test_before_its_day_a_meeting_takes_excuses_only(class_):
    ahead = class_.meetings[4]

    tap(class_, ahead, 0, Mark.EXCUSED)

    for mark in (Mark.PRESENT, Mark.LATE, Mark.REMOTE, Mark.ABSENT):
        with pytest.raises(Refused, match="This meeting is on Monday, January 18, 2027"):
            tap(class_, ahead, 1, mark)
    assert rows() == [(ahead.id, class_.learners[0].id, "excused")]


def test_all_marks_open_in_the_morning_of_the_day_on_the_wall_of_the_class(class_):
    ahead = class_.meetings[4]
    midnight = NOON + timedelta(weeks=1) - timedelta(hours=12)

    with pytest.raises(Refused):
        tap(class_, ahead, 0, Mark.PRESENT, now=midnight - timedelta(seconds=1))
    assert tap(class_, ahead, 0, Mark.PRESENT, now=midnight).mark is Mark.PRESENT


def test_everybody_present_leaves_marks_that_stand_and_can_be_undone_as_one(class_):
    meeting = class_.meetings[3]
    ana, bea, cid = class_.learners
    tap(class_, meeting, 0, Mark.EXCUSED)

    assert actions.mark_others_present(meeting, by=class_.instructor, now=EVENING) == 2
    assert rows() == [
        (meeting.id, ana.id, "excused"),
        (meeting.id, bea.id, "present"),
        (meeting.id, cid.id, "present"),
    ]
    assert actions.mark_others_present(meeting, by=class_.instructor, now=EVENING) == 0
    tap(class_, meeting, 1, Mark.LATE)

    assert actions.undo_marking_others(meeting, by=class_.instructor, now=EVENING) == 1
    assert rows() == [(meeting.id, ana.id, "excused"), (meeting.id, bea.id, "late")]
    assert actions.undo_marking_others(meeting, by=class_.instructor, now=EVENING) == 0
    assert [fact["members"] for fact in facts("attendance.others%")] == [[bea.id, cid.id], [cid.id]]


def test_after_twelve_hours_marks_are_taken_back_one_by_one_only(class_):
    meeting, late = class_.meetings[3], EVENING + timedelta(hours=12)
    actions.mark_others_present(meeting, by=class_.instructor, now=EVENING)

    assert queries.sheet(meeting, now=late - timedelta(seconds=1)).in_bulk == 3
    assert queries.sheet(meeting, now=late).in_bulk == 0
    assert actions.undo_marking_others(meeting, by=class_.instructor, now=late) == 0
    assert len(rows()) == 3


def test_a_tap_that_confirms_a_mark_made_at_once_keeps_it_from_the_undo(class_):
    meeting = class_.meetings[3]
    actions.mark_others_present(meeting, by=class_.instructor, now=EVENING)

    tap(class_, meeting, 2, Mark.PRESENT)
    actions.undo_marking_others(meeting, by=class_.instructor, now=EVENING)

    assert rows() == [(meeting.id, class_.learners[2].id, "present")]


# --- what marks say ------------------------------------------------------------------------------


def test_the_roster_says_when_each_was_last_seen_and_what_is_recorded(class_):
    for meeting, marks in zip(class_.meetings, ([P, A, E], [L, None, A], [R, A, None]), strict=False):
        class_.mark(meeting, marks, now=EVENING)

    roster = queries.roster(class_.cohort, now=EVENING)

    assert [(each.person.name, each.person.local) for each in roster.presences] == [
        (learner.name, "Local 1557") for learner in class_.learners
    ]
    assert [each.last_seen.day.isoformat() if each.last_seen else None for each in roster.presences] == [
        "2027-01-04", None, None,
    ]  # fmt: skip
    assert [each.in_words for each in roster.presences] == [
        "present once, late once, remote once, and not recorded once",
        "absent 2 times and not recorded 2 times",
        "excused once, absent once, and not recorded 2 times",
    ]
    assert [roster.recorded[meeting.id] for meeting in class_.meetings] == [3, 2, 2, 0, 0, 0]
    assert [roster.expected[meeting.id] for meeting in class_.meetings] == [3, 3, 3, 3, 0, 0]


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ([P, P, P, P], ""),
        ([P, P, P, A], ""),
        ([P, P, A, A], "Missed the last 2 meetings. Last seen on Monday, December 28, 2026."),
        ([P, A, E, A], "Missed the last 2 meetings. Last seen on Monday, December 21, 2026."),
        ([L, A, None, A], "Missed the last 2 meetings. Last seen on Monday, December 21, 2026."),
        ([P, E, E, E], ""),
        ([P, A, A, R], ""),
        ([A, None, None, None], "Not seen yet: missed the one meeting recorded so far."),
        ([A, A, E, A], "Not seen yet: missed 3 meetings so far."),
        ([E, E, E, E], ""),
        ([None, None, None, None], ""),
    ],
)
def test_who_is_asked_after_and_why(make, marks, why):
    class_ = group(make, now=MONDAY, learners=1)
    for meeting, mark in zip(class_.meetings, marks, strict=False):
        class_.mark(meeting, [mark], now=EVENING)

    assert presences(class_)[0].why == why


def test_a_cancelled_meeting_counts_for_nobody(class_):
    planning.cancel_meeting(class_.meetings[3], by=class_.instructor, now=MONDAY)
    db.session.commit()

    assert [each.counts for each in presences(class_)] == [{None: 3}] * 3


def test_what_was_before_somebody_joined_is_not_held_against_them(make):
    class_ = group(make, now=MONDAY, learners=2)
    class_.cohort.capacity, class_.cohort.closes_at = 3, MONDAY
    db.session.commit()
    late = make.member("Tarda Ejemplo")
    courses.join(class_.cohort, late, now=MONDAY - timedelta(days=10))
    db.session.commit()

    found = {each.person.name: [meeting.id for meeting, _mark in each.meetings] for each in presences(class_)}

    assert found["Tarda Ejemplo"] == [meeting.id for meeting in class_.meetings[2:4]]
    assert [entry.person.name for entry in queries.sheet(class_.meetings[0], now=EVENING).entries] == [
        learner.name for learner in class_.learners
    ]


def test_who_has_left_is_off_the_roster_but_what_was_recorded_stays(class_):
    bea = class_.learners[1]
    class_.mark(class_.meetings[0], [P, L, A], now=EVENING)
    courses.leave(class_.cohort, bea, now=EVENING)
    db.session.commit()

    roster = queries.roster(class_.cohort, now=EVENING)

    assert [each.person.id for each in roster.presences] == [class_.learners[0].id, class_.learners[2].id]
    assert [(each.person.id, each.in_words) for each in roster.left] == [(bea.id, "late once")]
    assert [entry.person.id for entry in queries.sheet(class_.meetings[0], now=EVENING).entries] == [
        m.id for m in class_.learners
    ]
    assert len(queries.sheet(class_.meetings[1], now=EVENING).entries) == 2


def test_the_roster_is_in_the_order_of_the_alphabet_whatever_the_accents(make):
    class_ = group(make, now=MONDAY, names=["Zoila Ejemplo", "Ñico Muestra", "Ángel Prueba"])

    assert [each.person.name for each in presences(class_)] == [
        "Ángel Prueba",
        "Ñico Muestra",
        "Zoila Ejemplo",
    ]


def test_who_waits_is_on_no_roster(class_):
    waiting = class_.learners[0]
    courses.leave(class_.cohort, class_.learners[1], now=MONDAY - timedelta(days=20))
    db.session.commit()
    stranger = Person(10_000, "Nadie Ejemplo", "", MONDAY)

    assert waiting.id in [each.person.id for each in presences(class_)]
    with pytest.raises(Hidden):
        queries.presence_or_404(class_.cohort, stranger.id, now=EVENING)


# --- the week ------------------------------------------------------------------------------------


def week(class_, now):
    taught = queries.cohorts_taught(class_.instructor, today=now.date())
    return week_of(queries.rosters(taught, now=now), "America/New_York", now=now)


def test_the_week_goes_from_monday_to_sunday_and_names_what_follows(class_):
    found = week(class_, MONDAY)

    assert [day.line.meeting.id for day in found.days] == [class_.meetings[3].id]
    assert found.later.line.meeting.id == class_.meetings[4].id


def test_the_next_step_is_todays_class_until_everybody_is_recorded(class_):
    for meeting in class_.meetings[:3]:
        class_.mark(meeting, [P, P, P], now=EVENING)
    assert (week(class_, MONDAY).next.step, week(class_, MONDAY).next.title) == (
        Step.TODAY,
        "Take attendance for today’s class",
    )

    class_.mark(class_.meetings[3], [P, P, None], now=EVENING)
    assert week(class_, EVENING).next.step is Step.TODAY
    class_.mark(class_.meetings[3], [None, None, P], now=EVENING)

    assert (week(class_, EVENING).next.step, week(class_, EVENING).next.title) == (
        Step.PREPARE,
        "Your next class is on Monday, January 18, 2027",
    )


def test_then_what_is_unfinished_then_people_then_nothing(make):
    class_ = group(make, now=MONDAY - timedelta(days=1), weeks=3)  # three Sundays, the last eight days ago
    eve = MONDAY - timedelta(days=2)
    class_.mark(class_.meetings[0], [P, P, P], now=EVENING)
    class_.mark(class_.meetings[1], [P, A, P], now=EVENING)

    assert week(class_, eve).next.title == "Finish the attendance of Sunday, January 3, 2027"
    class_.mark(class_.meetings[2], [P, A, P], now=EVENING)
    assert week(class_, eve).next.title == "Ask after Learner 2 Ejemplo"
    tap(class_, class_.meetings[2], 1, Mark.PRESENT)
    assert week(class_, eve).next.step is Step.REST


def test_cohorts_of_others_and_those_long_ended_are_in_no_week(make, class_):
    other = make.member("Otra Ejemplo", "instructor")

    assert queries.cohorts_taught(other, today=MONDAY.date()) == []
    assert (
        len(queries.cohorts_taught(class_.instructor, today=class_.cohort.ends_on + timedelta(days=14))) == 1
    )
    assert queries.cohorts_taught(class_.instructor, today=class_.cohort.ends_on + timedelta(days=15)) == []


# --- the file ------------------------------------------------------------------------------------


def test_the_file_holds_every_mark_and_no_spreadsheet_runs_a_name(make):
    class_ = group(make, now=MONDAY, names=["=cmd|' /C calc'!A0", 'Bea, "la" Ejemplo', "+52 Ejemplo"])
    class_.mark(class_.meetings[0], [P, L, None], now=EVENING)
    class_.mark(class_.meetings[1], [A, R, E], now=EVENING)
    class_.mark(class_.meetings[4], [None, E, None], now=EVENING)
    actions.write_note(class_.cohort, person(class_, 0), "canary", by=class_.instructor, now=EVENING)

    text = write_csv(attendance_rows(queries.roster(class_.cohort, now=EVENING))).decode("utf-8-sig")

    assert text == (
        "Name,Local,Last seen,Present,Late,Remote,Excused,Absent,Not recorded,"
        "2026-12-21 12:00,2026-12-28 12:00,2027-01-04 12:00,2027-01-11 12:00,2027-01-18 12:00\r\n"
        "'+52 Ejemplo,Local 1557,,0,0,0,1,0,3,,Excused,,,\r\n"
        "'=cmd|' /C calc'!A0,Local 1557,2026-12-21,1,0,0,0,1,2,Present,Absent,,,\r\n"
        '"Bea, ""la"" Ejemplo",Local 1557,2026-12-28,0,1,1,1,0,2,Late,Remote,,,Excused\r\n'
    )


# --- notes ---------------------------------------------------------------------------------------


def test_a_note_is_kept_changed_removed_and_brought_back(class_):
    note = actions.write_note(
        class_.cohort, person(class_, 0), "Works nights.", by=class_.instructor, now=MONDAY
    )

    actions.change_note(note, "Works nights until May.", by=class_.instructor, now=EVENING)
    actions.remove_note(note, by=class_.instructor, now=EVENING)
    actions.remove_note(note, by=class_.instructor, now=EVENING + timedelta(minutes=9))
    with pytest.raises(Refused, match="This note was removed"):
        actions.change_note(note, "x", by=class_.instructor, now=EVENING)
    actions.restore_note(note, by=class_.instructor, now=EVENING + timedelta(minutes=9, seconds=59))

    assert (note.text, note.changed_at, note.removed_at) == ("Works nights until May.", EVENING, None)
    assert [fact["kind"] for fact in facts("note.%")] == [
        "note.written", "note.changed", "note.removed", "note.restored",
    ]  # fmt: skip
    assert all("nights" not in str(fact) for fact in facts("%"))


def test_a_removed_note_is_gone_after_ten_minutes(class_):
    gone = actions.write_note(class_.cohort, person(class_, 0), "Old.", by=class_.instructor, now=MONDAY)
    kept = actions.write_note(class_.cohort, person(class_, 0), "New.", by=class_.instructor, now=MONDAY)
    actions.remove_note(gone, by=class_.instructor, now=MONDAY)
    after = MONDAY + timedelta(minutes=10)

    with pytest.raises(Refused, match="ten minutes"):
        actions.restore_note(gone, by=class_.instructor, now=after)
    assert queries.notes_about(class_.learners[0].id, class_.cohort, now=after) == [kept]
    actions.forget_removed_notes(now=after - timedelta(seconds=1))
    assert db.session.scalar(select(func.count(Note.id))) == 2
    actions.forget_removed_notes(now=after)
    assert db.session.scalars(select(Note.text)).all() == ["New."]
