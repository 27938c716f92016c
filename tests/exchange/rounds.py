"""Rounds made for the tests and the benchmark: small random ones, and large ones with a planted maximum."""

import random
from datetime import date, timedelta

UNIONS = ("USW", "LM")
SECTORS = ("mine", "mill", "smelter", "refinery", "office")
LEVELS = ("none", "A1", "A2", "B1", "B2", "C1", "C2")


def participant(id_: str, union: str, **changes) -> dict:
    return {
        "id": id_,
        "union": union,
        "country": "US" if union == "USW" else "MX",
        "windows": [["2027-01-01", "2027-12-31"]],
        "passport_expiry": "2030-01-01",
        "entry": {"US": "open", "MX": "open", "CA": "open"},
        "languages": {"en": "B2", "es": "B2"},
        "sectors": [],
        "certs": {},
        "prefs": [],
        "waited": 0,
    } | changes


def placement(id_: str, host_union: str, **changes) -> dict:
    return {
        "id": id_,
        "host": id_.split("-")[0],
        "host_union": host_union,
        "country": "US" if host_union == "USW" else "MX",
        "sector": "mine",
        "start": "2027-03-01",
        "end": "2027-03-28",
        "min_days": 14,
        "capacity": 1,
        "language": "en" if host_union == "USW" else "es",
        "min_level": "none",
        "interpreter_cap": 0,
        "certs": [],
        "cost": 1000,
        "host_prefs": [],
    } | changes


def round_of(participants: list[dict], placements: list[dict], **options) -> dict:
    return {
        "schema": "exchange-match/1",
        "id": "test",
        "unions": list(UNIONS),
        "participants": participants,
        "placements": placements,
    } | options


def shuffled(round_: dict, seed: int) -> dict:
    """The same round with its rows, keys and lists without meaning in another order."""
    draw = random.Random(seed)

    def mixed(rows: list) -> list:
        return draw.sample(rows, len(rows))

    def keys(row: dict) -> dict:
        return dict(mixed(list(row.items())))

    other = keys(round_)
    other["participants"] = [
        keys(p)
        | {
            "windows": mixed(p["windows"]),
            "sectors": mixed(p["sectors"]),
            "prefs": [mixed(t) for t in p["prefs"]],
        }
        for p in mixed(round_["participants"])
    ]
    other["placements"] = [keys(p) for p in mixed(round_["placements"])]
    for name in ("delegations", "bans"):
        if name in other:
            other[name] = mixed(other[name])
    return other


def _tiers(draw: random.Random, names: list[str], most: int) -> list[list[str]]:
    chosen = draw.sample(names, draw.randint(0, min(most, len(names))))
    tiers = []
    while chosen:
        size = draw.choice((1, 1, 2))
        tiers.append(chosen[:size])
        chosen = chosen[size:]
    return tiers


def small(seed: int) -> dict:
    """At most eight people and four placements, with every rule of the schema now and then."""
    draw = random.Random(seed)
    people_ids = [f"p{at}" for at in range(draw.randint(3, 8))]
    place_ids = [f"{'ABCD'[at]}-1" for at in range(draw.randint(2, 4))]
    first = date(2027, 3, 1)

    def day(least: int, most: int) -> str:
        return (first + timedelta(draw.randint(least, most))).isoformat()

    main = draw.choice(UNIONS)
    people = []
    for id_ in people_ids:
        windows = [[day(0, 14), day(38, 60)]]
        if draw.random() < 0.3:
            windows = [[day(0, 5), day(14, 24)], [day(22, 30), day(44, 60)]]
        entry = {"US": "open", "MX": "open"}
        if draw.random() < 0.2:
            entry[draw.choice(("US", "MX"))] = [day(0, 15), day(25, 60)]
        if draw.random() < 0.04:
            entry = {}
        union = draw.choice(("USW", main, main))
        people.append(
            participant(
                id_,
                union,
                country=draw.choice(("US", "CA") if union == "USW" else ("MX", "MX", "US")),
                windows=windows,
                passport_expiry=draw.choice((None, "2027-04-10", "2030-01-01", "2030-01-01")),
                entry=entry,
                languages={"en": draw.choice(LEVELS[1:]), "es": draw.choice(LEVELS[1:])},
                no_interpreter=draw.random() < 0.15,
                sectors=draw.choice(([], [], [], ["mine"], ["mine", "mill"])),
                certs={"safety": day(25, 70)} if draw.random() < 0.8 else {},
                prefs=_tiers(draw, place_ids, 4),
                only_listed=draw.random() < 0.1,
                waited=draw.choice((0, 0, 1, 2)),
            )
        )
    places = []
    for id_ in place_ids:
        capacity = draw.randint(1, 3)
        places.append(
            placement(
                id_,
                draw.choice((UNIONS[1 - UNIONS.index(main)], *UNIONS)),
                sector=draw.choice(("mine", "mine", "mill")),
                start=day(0, 15),
                end=day(32, 60),
                min_days=draw.choice((7, 14, 14, 21)),
                **({"max_days": draw.choice((21, 28))} if draw.random() < 0.4 else {}),
                capacity=capacity,
                min_level=draw.choice(("none", "none", "A2", "B1")),
                interpreter_cap=draw.choice((0, 1, 2)),
                certs=["safety"] if draw.random() < 0.2 else [],
                **({"passport_margin_days": draw.choice((0, 5, 30))} if draw.random() < 0.3 else {}),
                cost=draw.randrange(500, 3000, 100),
                host_prefs=_tiers(draw, people_ids, 4),
                **({"min_group": draw.randint(2, 3)} if draw.random() < 0.2 else {}),
            )
        )
    options: dict = {}
    if draw.random() < 0.6:
        size = draw.choice((2, 2, 3))
        options["delegations"] = [{"id": "d1", "members": people_ids[:size]}]
        if len(people_ids) >= size + 2 and draw.random() < 0.5:
            options["delegations"].append({"id": "d2", "members": people_ids[-2:]})
    if draw.random() < 0.15:
        options["pins"] = {draw.choice(people_ids): draw.choice(place_ids)}
    if draw.random() < 0.3:
        options["bans"] = [[draw.choice(people_ids), draw.choice([*place_ids, places[0]["host"]])]]
    if draw.random() < 0.4:
        options["incumbent"] = {id_: draw.choice(place_ids) for id_ in people_ids if draw.random() < 0.5}
    if draw.random() < 0.4:
        options["ledger_days"] = {union: draw.randint(0, 60) for union in UNIONS}
    if draw.random() < 0.3:
        options["max_head_difference"] = draw.randint(0, 2)
    if draw.random() < 0.3:
        options["budget"] = draw.randrange(1000, 8000, 500)
    return round_of(people, places, **options)


def planted(people: int, seed: int, *, delegated: float = 0.1, listed: int = 8) -> tuple[dict, int]:
    """A round and the most people it can place.

    Crowded slots are filled by their own guests, and everybody left over can only go to crowded slots; the
    guests of the other slots all have a seat. So the crowded seats and those guests are the maximum.
    """
    draw = random.Random(seed)
    placements: list[dict] = []
    guests: list[dict] = []
    delegations: list[dict] = []
    home: dict[str, str] = {}
    crowded: set[str] = set()
    placed = int(people * 0.85)
    while len(guests) < placed:
        place = _slot(draw, len(placements) + 1)
        placements.append(place)
        is_crowded = draw.random() < 0.6
        seated = min(place["capacity"], placed - len(guests))
        if is_crowded:
            crowded.add(place["id"])
            place["capacity"] = seated
        else:
            seated = draw.randint(0, seated)
        inside = [f"P{len(guests) + at:06}" for at in range(1, seated + 1)]
        below = inside[: place["interpreter_cap"]]
        for id_ in inside:
            guests.append(_guest(draw, id_, place))
            home[id_] = place["id"]
            if id_ in below and draw.random() < 0.5:
                guests[-1]["languages"][place["language"]] = "A1"
        if seated > 1 and draw.random() < delegated * 2.2:
            members = inside[: draw.randint(2, min(5, seated))]
            delegations.append({"id": f"D{len(delegations):04}", "members": members})
    full = [place for place in placements if place["id"] in crowded]
    guests += [_guest(draw, f"P{at:06}", draw.choice(full)) for at in range(placed + 1, people + 1)]
    _wishes(draw, guests, placements, home, crowded, listed)
    draw.shuffle(guests)
    options = {"delegations": delegations, "id": f"planted-{people}-{seed}"}
    return round_of(guests, placements, **options), placed


def _slot(draw: random.Random, at: int) -> dict:
    start = date(2027, 1, 4) + timedelta(weeks=draw.randint(0, 40))
    return placement(
        f"S{at:05}",
        draw.choice(UNIONS),
        host=f"H{(at + 1) // 2:04}",
        sector=draw.choice(SECTORS),
        start=start.isoformat(),
        end=(start + timedelta(days=27)).isoformat(),
        capacity=draw.choice((1, 1, 2, 2, 3, 4, 5, 6, 8)),
        min_level="A2",
        interpreter_cap=draw.choice((0, 0, 1, 2)),
        cost=draw.randrange(500, 3100, 100),
    )


def _guest(draw: random.Random, id_: str, place: dict) -> dict:
    start = date.fromisoformat(place["start"])
    return participant(
        id_,
        UNIONS[1 - UNIONS.index(place["host_union"])],
        windows=[
            [
                (start - timedelta(weeks=draw.randint(0, 3))).isoformat(),
                (start + timedelta(days=27 + 7 * draw.randint(0, 4))).isoformat(),
            ]
        ],
        entry={place["country"]: "open"},
        languages={place["language"]: draw.choice(("A2", "B1", "B2"))},
        sectors=sorted({place["sector"], *draw.sample(SECTORS, draw.randint(0, 2))}),
        waited=draw.choice((0, 0, 0, 1, 2)),
        only_listed=True,
    )


def _wishes(
    draw: random.Random,
    guests: list[dict],
    placements: list[dict],
    home: dict[str, str],
    crowded: set[str],
    listed: int,
) -> None:
    """Rank slots that overlap the windows; who is at home in a crowded slot, or nowhere, only crowded ones."""
    for guest in guests:
        (first, last), own = guest["windows"][0], home.get(guest["id"])
        near = [
            place["id"]
            for place in draw.sample(placements, min(len(placements), 100 * listed))
            if place["host_union"] != guest["union"]
            and place["sector"] in guest["sectors"]
            and place["start"] <= last
            and place["end"] >= first
            and place["id"] != own
            and ((own is not None and own not in crowded) or place["id"] in crowded)
        ][: listed - 1]
        if own is not None:
            near.insert(draw.randint(0, len(near)), own)
        guest["prefs"] = [[name] for name in near]
