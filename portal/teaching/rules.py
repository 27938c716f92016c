"""Who reads rosters, who takes attendance, and who reads what instructors write down."""

from portal.accounts.models import Member
from portal.courses.models import Cohort
from portal.policy import Permission, rule
from portal.teaching.models import Note


def _instructs(actor: Member, cohort: Cohort) -> bool:
    return actor.teaches and actor.id == cohort.instructor_id


@rule(Permission.WEEK_READ)
def instructors_have_a_week(actor: Member, _thing: object) -> bool:
    return actor.teaches


@rule(Permission.ROSTER_READ)
def instructors_read_their_rosters_and_officers_those_of_their_union(actor: Member, cohort: Cohort) -> bool:
    officer = actor.coordinates or actor.administers
    return _instructs(actor, cohort) or (officer and actor.union_id == cohort.union_id)


@rule(Permission.COHORT_TEACH)
def instructors_look_after_the_people_of_their_cohorts(actor: Member, cohort: Cohort) -> bool:
    return _instructs(actor, cohort)


@rule(Permission.ATTENDANCE_TAKE)
def instructors_take_attendance_in_their_cohorts(actor: Member, cohort: Cohort) -> bool:
    return _instructs(actor, cohort)


@rule(Permission.NOTE_EDIT)
def authors_edit_their_notes_while_they_teach_the_cohort(actor: Member, note: Note) -> bool:
    return actor.id == note.author_id and _instructs(actor, note.cohort)


@rule(Permission.ATTENDANCE_READ)
def learners_read_their_own_attendance(actor: Member, _thing: object) -> bool:
    return actor.learns
