"""The demo's people, all invented, in the unions and locals of the directory."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.directory import load_directory
from portal.accounts.models import Local, Member, Role, RoleName, Standing, Union
from portal.accounts.passwords import hash_password
from portal.demo import PASSWORD, ROLES, World
from portal.extensions import db

FIRST = {
    "usw": (
        "Dolores Ray Monique Walter Aïcha Chantal Earl Bernice Hank Odile Darnell Peggy Luc Rosalyn Vern Mireille "
        "Clyde Wanda Étienne Gail Otis Noreen Marcel Faye Irving Joëlle Lonnie Ruthann Benoît Hattie"
    ).split(),
    "mineros": (
        "Rosario Eulalio Itzel Chuy Begoña Fermín Xóchitl Nicanor Maricela Toño Ofelia Evaristo Lupita Ñico Jacinta "
        "Higinio Socorro Beto Amparo Cuauhtémoc Tere Zeferino Inés Lázaro Remedios Óscar Nayeli Porfirio Delfina Chema"
    ).split(),
}
LAST = {"usw": ("Example", "Sample", "Exemple"), "mineros": ("Ejemplo", "Muestra", "Prueba")}
OFFICIALS = {
    "usw": ("Pat Example", "Sam Sample", "Kim Example", "Lou Sample", "Max Example"),
    "mineros": ("Paz Ejemplo", "Sol Muestra", "Cruz Prueba", "Luz Ejemplo", "Ángel Muestra"),
}
GROUPS = {
    "usw": (("staff", 24, Standing.STAFF), ("rank", 6, Standing.MEMBERSHIP)),
    "mineros": (("leader", 24, Standing.LEADERSHIP), ("base", 6, Standing.MEMBERSHIP)),
}


def seed(world: World) -> None:
    load_directory(now=world.now)
    world.unions = {union.code: union for union in db.session.scalars(select(Union))}
    codes = {union.id: code for code, union in world.unions.items()}
    for local in db.session.scalars(select(Local).order_by(Local.id)):
        world.locals[f"{codes[local.union_id]}_{local.number}"] = local
    password = hash_password(PASSWORD)
    for code in ("usw", "mineros"):
        _officials(world, code, password)
        _groups(world, code, password)
    db.session.add_all(world.members.values())
    db.session.flush()


def _officials(world: World, code: str, password: str) -> None:
    standing = Standing.STAFF if code == "usw" else Standing.LEADERSHIP
    first_local = next(local for key, local in world.locals.items() if key.startswith(code))
    for role, name in zip(ROLES, OFFICIALS[code], strict=True):
        world.members[f"{role}_{code}"] = _member(
            world, code, first_local, name, f"{role}@{code}.example", standing, password, role
        )


def _groups(world: World, code: str, password: str) -> None:
    locals_ = [local for key, local in world.locals.items() if key.startswith(code)]
    number = 0
    for prefix, count, standing in GROUPS[code]:
        for place in range(1, count + 1):
            name = f"{FIRST[code][number]} {LAST[code][number % 3]}"
            email = f"{prefix}{place}@{code}.example"
            local = locals_[number % len(locals_)]
            world.members[f"{prefix}_{place}"] = _member(
                world, code, local, name, email, standing, password, "learner"
            )
            number += 1


def _member(
    world: World, code: str, local: Local, name: str, email: str, standing: Standing, password: str, role: str
) -> Member:
    locale = "es_MX" if code == "mineros" else "fr_CA" if local.region == "Québec" else "en"
    joined = world.now - timedelta(weeks=12)
    return Member(
        union_id=world.unions[code].id,
        local_id=local.id,
        name=name,
        email=email,
        standing=standing,
        locale=locale,
        zone=local.zone,
        password_hash=password,
        joined_at=joined,
        grants=[Role(name=RoleName(role), granted_at=joined)],
    )
