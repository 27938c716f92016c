"""The demo's unions, locals (public facts) and people (invented)."""

from __future__ import annotations

from datetime import timedelta

from portal.accounts.models import Country, Local, Member, Role, RoleName, Standing, Union
from portal.accounts.passwords import hash_password
from portal.demo import PASSWORD, ROLES, World
from portal.extensions import db

US, CA, MX = Country.US, Country.CA, Country.MX

# union, number, name, city, region, country, zone, sector, employer
LOCALS = (
    ("usw", "1557", "Local 1557", "Clairton", "Pennsylvania", US, "America/New_York", "steel", "U. S. Steel"),
    ("usw", "1014", "Local 1014", "Gary", "Indiana", US, "America/Chicago", "steel", "U. S. Steel"),
    ("usw", "937", "Local 937", "Tucson", "Arizona", US, "America/Phoenix", "copper mining", "Asarco"),
    ("usw", "6500", "Local 6500", "Sudbury", "Ontario", CA, "America/Toronto", "nickel mining", "Vale"),
    (
        "usw",
        "2251",
        "Local 2251",
        "Sault Ste. Marie",
        "Ontario",
        CA,
        "America/Toronto",
        "steel",
        "Algoma Steel",
    ),
    ("usw", "480", "Local 480", "Trail", "British Columbia", CA, "America/Vancouver", "smelting", "Teck"),
    ("usw", "9700", "Section locale 9700", "Bécancour", "Québec", CA, "America/Toronto", "aluminum", "ABI"),
    (
        "mineros",
        "65",
        "Sección 65",
        "Cananea",
        "Sonora",
        MX,
        "America/Hermosillo",
        "copper mining",
        "Grupo México",
    ),
    (
        "mineros",
        "271",
        "Sección 271",
        "Lázaro Cárdenas",
        "Michoacán",
        MX,
        "America/Mexico_City",
        "steel",
        "ArcelorMittal",
    ),
    ("mineros", "147", "Sección 147", "Monclova", "Coahuila", MX, "America/Monterrey", "steel", "AHMSA"),
    (
        "mineros",
        "17",
        "Sección 17",
        "Taxco",
        "Guerrero",
        MX,
        "America/Mexico_City",
        "silver mining",
        "Grupo México",
    ),
    (
        "mineros",
        "201",
        "Sección 201",
        "Sombrerete",
        "Zacatecas",
        MX,
        "America/Mexico_City",
        "zinc mining",
        "Grupo México",
    ),
)
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
    for code, name, short in (
        ("usw", "United Steelworkers", "USW"),
        ("mineros", "Sindicato Nacional de Trabajadores Mineros (Los Mineros)", "Los Mineros"),
    ):
        world.unions[code] = Union(code=code, name=name, short_name=short)
    db.session.add_all(world.unions.values())
    db.session.flush()
    for code, number, name, city, region, country, zone, sector, employer in LOCALS:
        world.locals[f"{code}_{number}"] = Local(
            union_id=world.unions[code].id,
            number=number,
            name=name,
            city=city,
            region=region,
            country=country,
            zone=zone,
            sector=sector,
            employer=employer,
        )
    db.session.add_all(world.locals.values())
    db.session.flush()
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
