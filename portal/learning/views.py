"""Today, the path, a lesson and the way through it, progress."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.models import Member
from portal.courses import agenda
from portal.courses import queries as courses
from portal.courses.programs import PROGRAMS, Program
from portal.errors import Hidden
from portal.i18n import _, format_day
from portal.learning import actions, bp, queries, today, voices
from portal.learning.forms import ExerciseForm
from portal.learning.judging import differs_little, judge, meaning_of
from portal.learning.lesson_types import Exercise, ExerciseType, Lesson
from portal.learning.models import LessonAnswer, LessonRun
from portal.learning.outline import CourseOutline, LessonOutline
from portal.learning.progress import weeks
from portal.learning.voice import voice_name
from portal.learning.wording import hours, reader_language, when
from portal.policy import Permission, authorize, me
from portal.web import page, problem, seen

MEETINGS_SHOWN = 3
BRIDGE_GOAL = 80
VOICE = re.compile(r"[0-9a-f]{32}\.mp3")
A_YEAR = 31_536_000
RULES_OF_ONE_WORD = {"V1", "T2", "T3", "W1", "K3"}
PROGRAM = "<any(spanish, english):program>"


def own_program(member: Member) -> Program:
    return next(
        (each for each in PROGRAMS.values() if each.union_code == member.union.code),
        next(iter(PROGRAMS.values())),
    )


def _address(course_id: str, lesson_id: str, endpoint: str = "learning.lesson") -> str:
    program = next(each.code for each in PROGRAMS.values() if each.teaches == course_id)
    return url_for(endpoint, program=program, place=lesson_id.partition(".")[2])


@bp.app_context_processor
def addresses_of_lessons() -> dict[str, Any]:
    return {"lesson_url": _address}


# --- today ---------------------------------------------------------------------------------------


@bp.get("/today", endpoint="today")
def show_today() -> ResponseReturnValue:
    authorize(Permission.LESSON_STUDY)
    member, now = me(), clock.now()
    outlines = queries.outlines()
    done = queries.done_by(member)
    due = queries.due(member, now)
    meetings = courses.upcoming_meetings(member, now, most=MEETINGS_SHOWN)
    wanted = [own_program(member).teaches, *(run.course_id for run in done.open)]
    wanted += [meeting.cohort.program.teaches for meeting in meetings]
    mine = [outlines[code] for code in dict.fromkeys(wanted) if code in outlines]
    built = queries.built()
    return page(
        "learning/today.html",
        day=now.astimezone(ZoneInfo(member.zone)).date(),
        step=today.next_step(mine, done, due, meetings),
        due=due,
        minutes=today.minutes_for(due.count),
        next_review=when(due.next_at, now, member.zone) if due.next_at else None,
        lines=agenda.lines(meetings, member.zone),
        built=built,
        goal=_goal(max(built.spanish, built.english), BRIDGE_GOAL),
        joint_goal=_goal(built.joint, 8),
        finished=len(done.finished),
    )


def _goal(reached: int, first: int) -> int:
    """The bridge is drawn whole at a round number, which doubles when it has been passed."""
    goal = first
    while reached > goal:
        goal *= 2
    return goal


# --- the path ------------------------------------------------------------------------------------


@bp.get("/lessons")
def lessons() -> ResponseReturnValue:
    authorize(Permission.LESSON_READ)
    return _path(own_program(me()))


@bp.get(f"/lessons/{PROGRAM}")
def path(program: str) -> ResponseReturnValue:
    authorize(Permission.LESSON_READ)
    return _path(PROGRAMS[program])


def _path(program: Program) -> Response:
    course = queries.outline_or_hidden(program.teaches)
    done = queries.done_by(me())
    return page(
        "learning/path.html",
        program=program,
        others=[
            (each, outline)
            for each in PROGRAMS.values()
            if each is not program and (outline := queries.outlines().get(each.teaches))
        ],
        course=course,
        done=done,
        upcoming=today.next_lesson(course, done),
    )


# --- a lesson ------------------------------------------------------------------------------------


def _find(program: str, place: str) -> tuple[CourseOutline, LessonOutline]:
    course = queries.outline_or_hidden(PROGRAMS[program].teaches)
    lesson = course.lesson(f"{course.id}.{place}")
    if lesson is None:
        raise Hidden
    return course, lesson


@bp.get(f"/lessons/{PROGRAM}/<place>")
def lesson(program: str, place: str) -> ResponseReturnValue:
    authorize(Permission.LESSON_READ)
    course, found = _find(program, place)
    run = queries.open_run(me(), found.id)
    version = run.version if run else queries.current_version(found.id)
    if version is None:
        raise Hidden
    return page(
        "learning/lesson.html",
        program=PROGRAMS[program],
        course=course,
        outline=found,
        unit=course.unit(found.unit_id),
        lesson=queries.lesson_of(version),
        reader=course.reader_language(reader_language()),
        run=run,
        is_known=queries.has_finished(me(), found.id),
    )


@bp.post(f"/lessons/{PROGRAM}/<place>/begin")
def begin(program: str, place: str) -> ResponseReturnValue:
    authorize(Permission.LESSON_STUDY)
    course, found = _find(program, place)
    version = queries.current_version(found.id)
    if version is None:
        raise Hidden
    run = actions.begin(
        version,
        queries.lesson_of(version),
        me(),
        reader=course.reader_language(reader_language()),
        now=clock.now(),
    )
    return seen(".run", run_id=run.id)


# --- the player ----------------------------------------------------------------------------------


@bp.get("/lessons/run/<int:run_id>")
def run(run_id: int) -> ResponseReturnValue:
    found = queries.run_or_hidden(run_id)
    authorize(Permission.LESSON_STUDY, found)
    after = request.args.get("after", type=int)
    given = queries.answer_in(found, after) if after and 0 < after < 2**31 else None
    context = _player(found, given)
    if found.is_over and given is None:
        context |= _summary(found, context["lesson"])
    return page("learning/run.html", "exercise", **context)


def _player(
    run: LessonRun, given: LessonAnswer | None = None, form: ExerciseForm | None = None
) -> dict[str, Any]:
    """What the player shows: the answer just given and why, or the next exercise, or the end."""
    course = queries.outline_or_hidden(run.course_id)
    lesson = queries.lesson_of(run.version)
    number = given.exercise if given else run.todo[0] if run.todo else None
    exercise = lesson.exercises[number] if number is not None else None
    context: dict[str, Any] = {
        "run": run,
        "course": course,
        "lesson": lesson,
        "number": number,
        "exercise": exercise,
        "given": given,
        "form": form,
        "voice": _voice(exercise) if exercise else None,
        "options": [(choice, choice) for choice in exercise.choices] if exercise else [],
    }
    if given and exercise:
        verdict = judge(
            exercise, run.reader, given.typed, course.words.get(exercise.answer_language, frozenset())
        )
        right = verdict.nearest or exercise.expected[0]
        context |= {
            "verdict": verdict,
            "sentence": _why(exercise, verdict),
            "right": exercise.expected[0] if exercise.type is ExerciseType.CHOOSE else right,
            "chosen_means": meaning_of(given.typed, lesson, run.reader),
        }
    return context


def _why(exercise: Exercise, verdict: Any) -> str:
    """The sentence of the rule that decided; where the answers are far apart, one word explains nothing."""
    if not verdict.accepted and verdict.rule in RULES_OF_ONE_WORD and not differs_little(verdict):
        if exercise.type is ExerciseType.CHOOSE:
            return _("That says something else.")
        return _("Several words are different. Compare the two.")
    return _(verdict.message.template, **verdict.message.params)


def _voice(exercise: Exercise) -> str | None:
    """The address of the dictation's sound, or None while there is none."""
    if not exercise.listen:
        return None
    name = voice_name(exercise.listen, exercise.answer_language)
    held = (voices.folder_of(current_app.extensions["relevo"]) / name).exists()
    return url_for("learning.voice", name=name) if held else None


def _summary(run: LessonRun, lesson: Lesson) -> dict[str, Any]:
    member, now = me(), clock.now()
    done, due = queries.done_by(member), queries.due(member, now)
    course = queries.outline_or_hidden(run.course_id)
    unit = course.unit(lesson.unit_id)
    return {
        "upcoming": today.next_lesson(course, done),
        "due": due,
        "next_review": when(due.next_at, now, member.zone) if due.next_at else None,
        "can_do": [each for each in unit.can_do if each.id in lesson.can_do] if unit else [],
        "unit_done": unit is not None and done.finished.issuperset(each.id for each in unit.lessons),
    }


@bp.post("/lessons/run/<int:run_id>/answer")
def answer(run_id: int) -> ResponseReturnValue:
    found = queries.run_or_hidden(run_id)
    authorize(Permission.LESSON_STUDY, found)
    form = ExerciseForm()
    number = form.exercise.data
    if found.is_over or number is None or found.todo[:1] != [number]:
        flash(_("That exercise is behind you already. Here is where you are."), "info")
        return seen(".run", "exercise", run_id=run_id)
    lesson = queries.lesson_of(found.version)
    exercise = lesson.exercises[number]
    typed = "" if form.reveal.data else (form.answer.data or "").strip()
    if not form.validate():
        return problem("learning/run.html", "exercise", **_player(found, form=form))
    words = queries.outline_or_hidden(found.course_id).words
    verdict = judge(exercise, found.reader, typed, words.get(exercise.answer_language, frozenset()))
    if verdict.rule == "X2" and not form.reveal.data:
        form.answer.errors = [_nothing_yet(exercise)]
        return problem("learning/run.html", "exercise", **_player(found, form=form))
    given = actions.answer(found, lesson, number, typed, verdict, me(), now=clock.now())
    if given is None:
        return seen(".run", "exercise", run_id=run_id)
    return seen(".run", "exercise", run_id=run_id, after=given.id)


def _nothing_yet(exercise: Exercise) -> str:
    if exercise.type is ExerciseType.CHOOSE:
        return _("Choose one of the sentences; a try always helps.")
    return _("There is no answer yet. Type what you think; a try always helps.")


@bp.get("/lessons/voice/<name>")
def voice(name: str) -> ResponseReturnValue:
    """A dictation's sound. The name changes with what is said, so it may be kept."""
    authorize(Permission.LESSON_READ)
    file = voices.folder_of(current_app.extensions["relevo"]) / name
    if not VOICE.fullmatch(name) or not file.is_file():
        raise Hidden
    response = Response(file.read_bytes(), mimetype="audio/mpeg")  # a few seconds of speech: some kilobytes
    response.set_etag(name)
    response.cache_control.private = True
    response.cache_control.max_age = A_YEAR
    response.cache_control.immutable = True
    # Phones ask for sound in parts.
    return response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)


# --- progress ------------------------------------------------------------------------------------


@bp.get("/lessons/progress")
def progress() -> ResponseReturnValue:
    member = me()
    authorize(Permission.PROGRESS_READ, member)
    now = clock.now()
    spent = queries.time_spent(member)
    found = weeks(spent, queries.words_learned_at(member), now, member.zone)
    return page(
        "learning/progress.html",
        minute_rows=[(format_day(week.monday, short=True), week.minutes) for week in found],
        word_rows=[(format_day(week.monday, short=True), week.words) for week in found],
        hours=hours(sum(each.seconds for each in spent)),
        strengths=queries.strengths(member),
        reviews=queries.reviews_of(member),
        courses=list(queries.outlines().values()),
        done=queries.done_by(member),
    )
