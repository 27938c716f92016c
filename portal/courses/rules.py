"""Who may see cohorts, hold seats in them, and run them."""

from portal.accounts.models import Member
from portal.courses.models import Cohort
from portal.courses.programs import Program
from portal.policy import Permission, rule


@rule(Permission.CATALOG_READ)
def members_read_the_program_of_their_union_and_instructors_both(
    actor: Member, program: Program | None
) -> bool:
    return program is None or actor.teaches or actor.union.code == program.union_code


@rule(Permission.COHORT_READ)
def members_read_cohorts_of_their_union_and_instructors_those_they_teach(
    actor: Member, cohort: Cohort
) -> bool:
    return actor.union_id == cohort.union_id or actor.id == cohort.instructor_id


@rule(Permission.COHORT_MANAGE)
def coordinators_open_and_run_the_cohorts_of_their_union(actor: Member, thing: Cohort | Program) -> bool:
    if isinstance(thing, Program):
        return actor.coordinates and actor.union.code == thing.union_code
    return actor.coordinates and actor.union_id == thing.union_id


@rule(Permission.MEETING_CANCEL)
def coordinators_and_the_instructor_call_meetings_off(actor: Member, cohort: Cohort) -> bool:
    coordinates = actor.coordinates and actor.union_id == cohort.union_id
    return coordinates or (actor.teaches and actor.id == cohort.instructor_id)


@rule(Permission.SEAT_TAKE)
def learners_take_seats_in_their_own_union(actor: Member, cohort: Cohort) -> bool:
    return actor.learns and actor.union_id == cohort.union_id


@rule(Permission.SEAT_LEAVE)
def members_leave_seats_in_their_own_union(actor: Member, cohort: Cohort) -> bool:
    return actor.union_id == cohort.union_id


@rule(Permission.SEAT_ADMIT)
def coordinators_admit_to_cohorts_of_their_union(actor: Member, cohort: Cohort) -> bool:
    return actor.coordinates and actor.union_id == cohort.union_id


@rule(Permission.AGENDA_READ)
def learners_and_instructors_have_an_agenda(actor: Member, _thing: object) -> bool:
    return actor.learns or actor.teaches
