"""Who may do what with people's accounts."""

from portal.accounts.models import Invitation, Member
from portal.policy import Permission, rule


@rule(Permission.MEMBER_EDIT)
def administrators_edit_their_own_union(actor: Member, member: Member | None) -> bool:
    return actor.administers and (member is None or member.union_id == actor.union_id)


@rule(Permission.MEMBER_INVITE)
def administrators_invite_to_their_own_union(actor: Member, thing: Member | Invitation | None) -> bool:
    return actor.administers and (thing is None or thing.union_id == actor.union_id)


@rule(Permission.ROLE_GRANT)
def administrators_grant_roles_in_their_own_union(actor: Member, member: Member | None) -> bool:
    return actor.administers and (member is None or member.union_id == actor.union_id)


@rule(Permission.ROSTER_IMPORT)
def administrators_import_the_roster_of_their_own_union(actor: Member, _thing: object) -> bool:
    return actor.administers


@rule(Permission.AUDIT_READ)
def administrators_read_the_trail_of_their_own_union(actor: Member, _thing: object) -> bool:
    return actor.administers
