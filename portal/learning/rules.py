"""Who may read lessons, and who may do what with their own work."""

from portal.accounts.models import Member
from portal.learning.models import LessonRun
from portal.policy import Permission, rule


@rule(Permission.LESSON_READ)
def learners_and_instructors_read_lessons(actor: Member, _thing: object) -> bool:
    return actor.learns or actor.teaches


@rule(Permission.LESSON_STUDY)
def learners_study_and_go_on_with_their_own_lessons(actor: Member, run: LessonRun | None) -> bool:
    return actor.learns and (run is None or run.member_id == actor.id)


@rule(Permission.REVIEW_DO)
def learners_review_their_own_words(actor: Member, _thing: object) -> bool:
    return actor.learns


@rule(Permission.PROGRESS_READ)
def learners_read_their_own_progress(actor: Member, learner: Member | None) -> bool:
    return actor.learns and (learner is None or learner.id == actor.id)
