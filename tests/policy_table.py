"""Who may come to which route: one line an endpoint. A route that is not here fails the tests.

Actors are the demo's ten officials ("learner_usw" … "administrator_mineros") and "nobody". Addresses with a
parameter are tried with an object of the USW's, so the other union's people show that it stays hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.courses.models import Cohort, Meeting
from portal.demo import ROLES, World
from portal.exchange.models import Application, Host, Offer, Placement, Plan, Round
from portal.extensions import db
from portal.learning.models import LessonRun
from portal.teaching.models import Note

UNIONS = ("usw", "mineros")
MEMBERS = frozenset(f"{role}_{union}" for role in ROLES for union in UNIONS)
ANYBODY = MEMBERS | {"nobody"}


def only(*actors: str) -> frozenset[str]:
    """Some actors by key; "administrator" alone means of both unions, on what is their own."""
    return frozenset(key for actor in actors for key in ([actor] if actor in MEMBERS else by_role(actor)))


def by_role(role: str) -> list[str]:
    return [f"{role}_{union}" for union in UNIONS]


@dataclass(frozen=True)
class Access:
    """Who is let in, and the parameters of the address for trying it."""

    who: frozenset[str]
    values: Callable[[World], dict[str, Any]] = lambda _world: {}


def member_of_usw(world: World) -> dict[str, Any]:
    return {"member_id": world.members["staff_1"].id}


NO_TOKEN: Callable[[World], dict[str, Any]] = lambda _world: {"token": "no-such-token"}  # noqa: E731


def _first(model: Any, *conditions: Any) -> int:
    """The id of the oldest row that meets the conditions."""
    return db.session.scalars(select(model.id).where(*conditions).order_by(model.id)).first() or 0


def cohort_of(union: str) -> Callable[[World], dict[str, Any]]:
    """The cohort under way of one union; the USW's is taught by the Mineros' instructor, and the other way round."""
    return lambda world: {"cohort_id": _first(Cohort, Cohort.union_id == world.unions[union].id)}


def meeting_in(union: str) -> Callable[[World], dict[str, Any]]:
    """The last meeting of that cohort: it lies ahead."""

    def values(world: World) -> dict[str, Any]:
        cohort = cohort_of(union)(world)
        last = select(Meeting.id).where(Meeting.cohort_id == cohort["cohort_id"]).order_by(Meeting.id.desc())
        return {**cohort, "meeting_id": db.session.scalars(last).first() or 0}

    return values


def meeting_of_usw(world: World) -> dict[str, Any]:
    return {"meeting_id": _first(Meeting, Meeting.cohort_id == cohort_of("usw")(world)["cohort_id"])}


def person_of_usw(world: World) -> dict[str, Any]:
    return {**cohort_of("usw")(world), "member_id": world.members["learner_usw"].id}


def note_of_usw(world: World) -> dict[str, Any]:
    return {"note_id": _first(Note, Note.author_id == world.members["instructor_mineros"].id)}


def a_round(_world: World) -> dict[str, Any]:
    return {"round_id": _first(Round)}


def a_plan(_world: World) -> dict[str, Any]:
    return {"plan_id": _first(Plan)}


def host_of_usw(world: World) -> dict[str, Any]:
    return {"host_id": _first(Host, Host.union_id == world.unions["usw"].id)}


def placement_of_usw(world: World) -> dict[str, Any]:
    return {"placement_id": _first(Placement, Placement.host_id == host_of_usw(world)["host_id"])}


def application_of_learner(world: World) -> dict[str, Any]:
    return {"application_id": _first(Application, Application.member_id == world.members["learner_usw"].id)}


def offer_to_learner(world: World) -> dict[str, Any]:
    return {
        "offer_id": _first(Offer, Offer.application_id == application_of_learner(world)["application_id"])
    }


def run_of_learner(world: World) -> dict[str, Any]:
    return {"run_id": _first(LessonRun, LessonRun.member_id == world.members["learner_usw"].id)}


def a_lesson(_world: World) -> dict[str, Any]:
    return {"program": "spanish", "place": "a1.u01.l01"}


def and_(values: Callable[[World], dict[str, Any]], **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {**values(world), **more}


NOBODY: frozenset[str] = frozenset()
USW, MINEROS = frozenset(f"{role}_usw" for role in ROLES), frozenset(f"{role}_mineros" for role in ROLES)
IN_SPANISH = USW | {"instructor_mineros"}
IN_ENGLISH = MINEROS | {"instructor_usw"}
READS_ROSTER = only("instructor_mineros", "coordinator_usw", "administrator_usw")
LAST = 2**31 - 1

TABLE: dict[str, Access] = {
    # site
    "index": Access(ANYBODY),
    "static": Access(ANYBODY, lambda _world: {"filename": "css/relevo.css"}),
    "set_locale": Access(ANYBODY, lambda _world: {"locale": "fr_CA"}),
    "styleguide": Access(ANYBODY),
    "offline": Access(ANYBODY),
    "health": Access(ANYBODY),
    "outbox": Access(ANYBODY),
    # accounts: signing in
    "accounts.sign_in": Access(ANYBODY),
    "accounts.sign_in_now": Access(ANYBODY),
    "accounts.sign_out": Access(ANYBODY),
    "accounts.forgot": Access(ANYBODY),
    "accounts.forgot_now": Access(ANYBODY),
    "accounts.reset": Access(frozenset(), NO_TOKEN),
    "accounts.reset_now": Access(frozenset(), NO_TOKEN),
    "accounts.accept": Access(frozenset(), NO_TOKEN),
    "accounts.accept_now": Access(frozenset(), NO_TOKEN),
    # accounts: one's own
    "accounts.profile": Access(MEMBERS),
    "accounts.edit_profile": Access(MEMBERS),
    "accounts.change_password": Access(MEMBERS),
    "accounts.end_session": Access(frozenset(), lambda _world: {"session_id": 2**31 - 1}),
    "accounts.end_other_sessions": Access(MEMBERS),
    # accounts: administration
    "accounts.members": Access(only("administrator")),
    "accounts.member": Access(only("administrator_usw"), member_of_usw),
    "accounts.set_roles": Access(only("administrator_usw"), member_of_usw),
    "accounts.close_account": Access(only("administrator_usw"), member_of_usw),
    "accounts.open_account": Access(only("administrator_usw"), member_of_usw),
    "accounts.invitations": Access(only("administrator")),
    "accounts.invite": Access(only("administrator")),
    "accounts.invite_member": Access(only("administrator_usw"), member_of_usw),
    "accounts.invite_the_rest": Access(only("administrator")),
    "accounts.withdraw_invitation": Access(frozenset(), lambda _world: {"invitation_id": 2**31 - 1}),
    "accounts.trail": Access(only("administrator")),
    "accounts.roster": Access(only("administrator")),
    "accounts.upload_roster": Access(only("administrator")),
    "accounts.roster_preview": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
    "accounts.confirm_roster": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
    "accounts.discard_roster": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
    # courses
    "courses.agenda": Access(only("learner", "instructor")),
    "courses.make_feed": Access(only("learner", "instructor")),
    "courses.close_feed": Access(only("learner", "instructor")),
    "courses.calendar": Access(NOBODY, NO_TOKEN),
    "spanish.index": Access(IN_SPANISH | only("instructor")),
    "spanish.course": Access(IN_SPANISH | only("instructor"), lambda _world: {"code": "a1"}),
    "spanish.cohort": Access(IN_SPANISH, cohort_of("usw")),
    "spanish.join": Access(only("learner_usw"), cohort_of("usw")),
    "spanish.ask_to_leave": Access(USW, cohort_of("usw")),
    "spanish.leave": Access(USW, cohort_of("usw")),
    "spanish.undo_leaving": Access(USW, cohort_of("usw")),
    "spanish.cancel_meeting": Access(only("coordinator_usw", "instructor_mineros"), meeting_in("usw")),
    "spanish.restore_meeting": Access(only("coordinator_usw", "instructor_mineros"), meeting_in("usw")),
    "spanish.open_cohort": Access(only("coordinator_usw")),
    "spanish.people": Access(only("coordinator_usw"), cohort_of("usw")),
    "spanish.admit": Access(only("coordinator_usw"), cohort_of("usw")),
    "spanish.set_capacity": Access(only("coordinator_usw"), cohort_of("usw")),
    "english.index": Access(IN_ENGLISH | only("instructor")),
    "english.course": Access(IN_ENGLISH | only("instructor"), lambda _world: {"code": "a1"}),
    "english.cohort": Access(IN_ENGLISH, cohort_of("mineros")),
    "english.join": Access(only("learner_mineros"), cohort_of("mineros")),
    "english.ask_to_leave": Access(MINEROS, cohort_of("mineros")),
    "english.leave": Access(MINEROS, cohort_of("mineros")),
    "english.undo_leaving": Access(MINEROS, cohort_of("mineros")),
    "english.cancel_meeting": Access(only("coordinator_mineros", "instructor_usw"), meeting_in("mineros")),
    "english.restore_meeting": Access(only("coordinator_mineros", "instructor_usw"), meeting_in("mineros")),
    "english.open_cohort": Access(only("coordinator_mineros")),
    "english.people": Access(only("coordinator_mineros"), cohort_of("mineros")),
    "english.admit": Access(only("coordinator_mineros"), cohort_of("mineros")),
    "english.set_capacity": Access(only("coordinator_mineros"), cohort_of("mineros")),
    # learning
    "learning.today": Access(only("learner")),
    "learning.lessons": Access(only("learner", "instructor")),
    "learning.path": Access(only("learner", "instructor"), lambda _world: {"program": "spanish"}),
    "learning.lesson": Access(only("learner", "instructor"), a_lesson),
    "learning.begin": Access(only("learner"), a_lesson),
    "learning.run": Access(only("learner_usw"), run_of_learner),
    "learning.answer": Access(only("learner_usw"), run_of_learner),
    "learning.voice": Access(NOBODY, lambda _world: {"name": "no-such-voice.mp3"}),
    "learning.review": Access(only("learner")),
    "learning.check": Access(only("learner")),
    "learning.rate": Access(only("learner")),
    "learning.undo": Access(only("learner")),
    "learning.progress": Access(only("learner")),
    # teaching
    "teaching.week": Access(only("instructor")),
    "teaching.classes": Access(only("learner")),
    "teaching.cohort": Access(READS_ROSTER, cohort_of("usw")),
    "teaching.attendance_csv": Access(READS_ROSTER, cohort_of("usw")),
    "teaching.print_sheet": Access(READS_ROSTER, meeting_of_usw),
    "teaching.attendance": Access(only("instructor_mineros"), meeting_of_usw),
    "teaching.mark": Access(
        only("instructor_mineros"),
        lambda world: {**meeting_of_usw(world), "member_id": world.members["learner_usw"].id},
    ),
    "teaching.mark_others_present": Access(only("instructor_mineros"), meeting_of_usw),
    "teaching.undo_marking_others": Access(only("instructor_mineros"), meeting_of_usw),
    "teaching.person": Access(only("instructor_mineros"), person_of_usw),
    "teaching.write_note": Access(only("instructor_mineros"), person_of_usw),
    "teaching.note": Access(only("instructor_mineros"), note_of_usw),
    "teaching.change_note": Access(only("instructor_mineros"), note_of_usw),
    "teaching.remove_note": Access(only("instructor_mineros"), note_of_usw),
    "teaching.restore_note": Access(only("instructor_mineros"), note_of_usw),
    # exchange
    "exchange.index": Access(MEMBERS),
    "exchange.new_round": Access(only("coordinator")),
    "exchange.round": Access(MEMBERS, a_round),
    "exchange.edit_round": Access(only("coordinator"), a_round),
    "exchange.move_round": Access(only("coordinator"), a_round),
    "exchange.hosts": Access(only("coordinator")),
    "exchange.new_host": Access(only("coordinator")),
    "exchange.edit_host": Access(only("coordinator_usw"), host_of_usw),
    "exchange.move_host": Access(only("coordinator_usw"), host_of_usw),
    "exchange.placements": Access(MEMBERS, a_round),
    "exchange.placement": Access(MEMBERS, placement_of_usw),
    "exchange.new_placement": Access(only("coordinator"), a_round),
    "exchange.edit_placement": Access(only("coordinator_usw"), placement_of_usw),
    "exchange.move_placement": Access(only("coordinator_usw"), placement_of_usw),
    "exchange.apply": Access(MEMBERS, a_round),
    "exchange.application": Access(only("learner_usw", "coordinator_usw"), application_of_learner),
    "exchange.submit": Access(only("learner_usw"), application_of_learner),
    "exchange.withdraw": Access(only("learner_usw"), application_of_learner),
    "exchange.applications": Access(only("coordinator"), a_round),
    "exchange.applications_csv": Access(only("coordinator"), a_round),
    "exchange.import": Access(only("coordinator"), a_round),
    "exchange.import_preview": Access(NOBODY, and_(a_round, upload_id=LAST)),
    "exchange.confirm_import": Access(NOBODY, and_(a_round, upload_id=LAST)),
    "exchange.discard_import": Access(NOBODY, and_(a_round, upload_id=LAST)),
    "exchange.solve": Access(only("coordinator"), a_round),
    "exchange.plan": Access(only("coordinator"), a_plan),
    "exchange.plan_file": Access(only("coordinator"), and_(a_plan, which="result")),
    "exchange.stop": Access(only("coordinator"), a_plan),
    "exchange.hold": Access(only("coordinator"), a_plan),
    "exchange.lift": Access(NOBODY, and_(a_plan, hold_id=LAST)),
    "exchange.publish": Access(only("coordinator"), a_plan),
    "exchange.offers": Access(only("coordinator"), a_round),
    "exchange.accept": Access(only("learner_usw"), offer_to_learner),
    "exchange.decline": Access(only("learner_usw"), offer_to_learner),
    "exchange.confirm": Access(only("coordinator_mineros"), offer_to_learner),
    "exchange.refuse": Access(only("coordinator_mineros"), offer_to_learner),
}
