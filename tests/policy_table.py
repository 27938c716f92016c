"""Who may come to which route: one line an endpoint. A route that is not here fails the tests.

Actors are the demo's ten officials ("learner_usw" … "administrator_mineros") and "nobody". Addresses with a
parameter are tried with an object of the USW's, so the other union's people show that it stays hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.demo import ROLES, World

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
    "accounts.withdraw_invitation": Access(frozenset(), lambda _world: {"invitation_id": 2**31 - 1}),
    "accounts.trail": Access(only("administrator")),
    "accounts.roster": Access(only("administrator")),
    "accounts.upload_roster": Access(only("administrator")),
    "accounts.roster_preview": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
    "accounts.confirm_roster": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
    "accounts.discard_roster": Access(frozenset(), lambda _world: {"upload_id": 2**31 - 1}),
}
