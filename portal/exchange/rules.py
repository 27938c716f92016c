"""Who may do what in the exchange. A round is run by the coordinators of both unions together."""

from typing import Any

from portal.accounts.models import Member
from portal.exchange.words import RoundState
from portal.policy import Permission, rule


@rule(Permission.ROUND_READ)
def members_see_rounds_once_they_are_announced(actor: Member, round_: Any) -> bool:
    return actor.coordinates or round_ is None or round_.state is not RoundState.DRAFT


@rule(Permission.ROUND_MANAGE)
def coordinators_of_both_unions_run_rounds(actor: Member, _round: Any) -> bool:
    return actor.coordinates


@rule(Permission.HOST_MANAGE)
def coordinators_look_after_the_hosts_of_their_own_union(actor: Member, host: Any) -> bool:
    return actor.coordinates and (host is None or host.union_id == actor.union_id)


@rule(Permission.PLACEMENT_READ)
def members_see_what_hosts_offer(actor: Member, placement: Any) -> bool:
    return actor.coordinates or placement is None or placement.round.state is not RoundState.DRAFT


@rule(Permission.APPLICATION_READ)
def applications_are_read_by_their_person_and_that_unions_coordinators(
    actor: Member, application: Any
) -> bool:
    if application is None:
        return actor.coordinates
    own_union = application.union_id == actor.union_id
    return application.member_id == actor.id or (actor.coordinates and own_union)


@rule(Permission.APPLICATION_EDIT)
def people_write_their_own_application(actor: Member, application: Any) -> bool:
    return application is None or application.member_id == actor.id


@rule(Permission.APPLICATION_IMPORT)
def coordinators_import_applications_of_their_own_union(actor: Member, upload: Any) -> bool:
    return actor.coordinates and (upload is None or upload.union_id == actor.union_id)


@rule(Permission.PLAN_READ)
def coordinators_of_both_unions_read_plans(actor: Member, _plan: Any) -> bool:
    return actor.coordinates


@rule(Permission.PLAN_SOLVE)
def coordinators_of_both_unions_have_plans_worked_out(actor: Member, _plan: Any) -> bool:
    return actor.coordinates


@rule(Permission.PLAN_PUBLISH)
def coordinators_of_both_unions_publish_plans(actor: Member, _plan: Any) -> bool:
    return actor.coordinates


@rule(Permission.OFFER_ANSWER)
def people_answer_their_own_offers(actor: Member, offer: Any) -> bool:
    return offer.member_id == actor.id


@rule(Permission.OFFER_CONFIRM)
def coordinators_of_the_hosts_union_answer_for_the_host(actor: Member, offer: Any) -> bool:
    return actor.coordinates and offer.placement.host.union_id == actor.union_id
