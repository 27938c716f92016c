"""Taking attendance and keeping notes. A meeting's marks change under its lock, so of two taps the last one counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from portal import clock
from portal.accounts.models import Member
from portal.courses.models import Cohort, Meeting
from portal.courses.schedule import today_in
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import _, format_day
from portal.jobs import periodic
from portal.teaching import queries
from portal.teaching.models import UNDO_WITHIN, Attendance, Mark, Note
from portal.teaching.presence import Person
from portal.tenancy import across_unions


def mark(meeting: Meeting, person: Person, mark: Mark, *, by: Member, now: datetime) -> Attendance:
    """Record how the person was at the meeting, in place of what was recorded before.

    Raises `Refused` for a cancelled meeting and, before its day, for anything but "excused".
    """
    _lock(meeting)
    if mark is not Mark.EXCUSED:
        _check_day(meeting, now)
    held = queries.attendance_of(meeting).get(person.id)
    before = held.mark if held else None
    if held is None:
        held = Attendance(
            union_id=meeting.union_id,
            meeting_id=meeting.id,
            member_id=person.id,
            mark=mark,
            recorded_by_id=by.id,
            recorded_at=now,
        )
        db.session.add(held)
    elif held.mark is mark:
        held.in_bulk = False
        return held
    else:
        held.mark, held.in_bulk, held.recorded_by_id, held.recorded_at = mark, False, by.id, now
    record(
        "attendance.marked",
        held,
        by=by,
        at=now,
        meeting=meeting.id,
        member=person.id,
        mark=mark.value,
        before=before.value if before else None,
    )
    return held


def clear(meeting: Meeting, person: Person, *, by: Member, now: datetime) -> None:
    """Take the person's mark away: not recorded again. Where there is none nothing happens."""
    _lock(meeting)
    held = queries.attendance_of(meeting).get(person.id)
    if held is not None:
        record(
            "attendance.cleared",
            meeting,
            by=by,
            at=now,
            meeting=meeting.id,
            member=person.id,
            before=held.mark.value,
        )
        db.session.delete(held)
        db.session.flush()


def mark_others_present(meeting: Meeting, *, by: Member, now: datetime) -> int:
    """Mark everybody present who has no mark yet; returns how many. Raises `Refused` as `mark` does."""
    _lock(meeting)
    _check_day(meeting, now)
    added = [
        Attendance(
            union_id=meeting.union_id,
            meeting_id=meeting.id,
            member_id=entry.person.id,
            mark=Mark.PRESENT,
            in_bulk=True,
            recorded_by_id=by.id,
            recorded_at=now,
        )
        for entry in queries.sheet(meeting, now=now).entries
        if entry.mark is None
    ]
    if added:
        db.session.add_all(added)
        record(
            "attendance.others_marked",
            meeting,
            by=by,
            at=now,
            meeting=meeting.id,
            members=[each.member_id for each in added],
            mark=Mark.PRESENT.value,
        )
    return len(added)


def undo_marking_others(meeting: Meeting, *, by: Member, now: datetime) -> int:
    """Take back what `mark_others_present` did within twelve hours, marks tapped since kept; returns how many."""
    _lock(meeting)
    taken = [each for each in queries.attendance_of(meeting).values() if each.may_be_undone_at_once(now)]
    for each in taken:
        db.session.delete(each)
    if taken:
        record(
            "attendance.others_cleared",
            meeting,
            by=by,
            at=now,
            meeting=meeting.id,
            members=sorted(each.member_id for each in taken),
        )
    return len(taken)


def _lock(meeting: Meeting) -> None:
    """Let one request at a time change this meeting's attendance. Raises `Refused` when it is cancelled."""
    db.session.refresh(meeting, ["cancelled_at"], with_for_update=True)
    if meeting.is_cancelled:
        raise Refused(_("This meeting was cancelled, so there is no attendance to take."))


def _check_day(meeting: Meeting, now: datetime) -> None:
    if not is_open(meeting, now):
        raise Refused(
            _(
                "This meeting is on %(day)s. Until then you can only excuse people.",
                day=format_day(meeting.day),
            )
        )


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Whether the day of the meeting has come, on its own wall, so that any mark may be given."""
    return today_in(meeting.zone, now) >= meeting.day or now >= meeting.starts_at


# --- notes ---------------------------------------------------------------------------------------


def write_note(cohort: Cohort, person: Person, text: str, *, by: Member, now: datetime) -> Note:
    """Keep the instructor's words about the person, for the cohort's instructor alone."""
    note = Note(
        union_id=cohort.union_id,
        cohort_id=cohort.id,
        member_id=person.id,
        author_id=by.id,
        text=text,
        written_at=now,
    )
    db.session.add(note)
    _record("note.written", note, by=by, now=now)
    return note


def change_note(note: Note, text: str, *, by: Member, now: datetime) -> None:
    """Put other words in the note. Raises `Refused` when it was removed."""
    if note.is_removed:
        raise Refused(_("This note was removed. Bring it back first, then change it."))
    if text != note.text:
        note.text, note.changed_at = text, now
        _record("note.changed", note, by=by, now=now)


def remove_note(note: Note, *, by: Member, now: datetime) -> None:
    """Remove the note; it can come back for ten minutes. Doing it twice changes nothing."""
    if not note.is_removed:
        note.removed_at = now
        _record("note.removed", note, by=by, now=now)


def restore_note(note: Note, *, by: Member, now: datetime) -> None:
    """Bring a removed note back. Raises `Refused` after ten minutes."""
    if not note.is_removed:
        return
    if not note.may_come_back(now):
        raise Refused(_("A removed note can come back for ten minutes only."))
    note.removed_at = None
    _record("note.restored", note, by=by, now=now)


def _record(kind: str, note: Note, *, by: Member, now: datetime) -> None:
    record(kind, note, by=by, at=now, cohort=note.cohort_id, member=note.member_id)


def forget_removed_notes(*, now: datetime) -> None:
    """Delete the rows of notes that can no longer come back."""
    with across_unions("removed notes of all unions; the time of removal narrows instead"):
        db.session.execute(delete(Note).where(Note.removed_at <= now - UNDO_WITHIN))


@periodic(seconds=600)
def forget_removed_notes_now() -> None:
    forget_removed_notes(now=clock.now())
