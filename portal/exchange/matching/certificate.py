"""Why no more people can be placed, in numbers a person can count."""

from typing import Any

from .schema import Round
from .seating import Reached, Seating


def count(round_: Round, seating: Seating, placed: int, *, proven: bool) -> tuple[dict[str, Any], Reached]:
    """The certificate for `placed` people, and what it confines. Moves people about in `seating`."""
    reached = seating.split_apart()
    confined = _confined(round_, seating, reached)
    arguments = [confined]
    people = len(round_.participants)
    bounds = [people - confined["stay_out"]]
    if round_.max_head_difference is not None:
        arguments.append(argument := _heads(round_, seating, reached))
        bounds.append(argument["people"])
    if round_.budget is not None:
        arguments.append(argument := _budget(round_))
        bounds.append(argument["people"])
    best = min(range(len(bounds)), key=bounds.__getitem__)
    proof = "counting" if bounds[best] == placed else "search" if proven else "open"
    return {
        "placed": placed,
        "bound": bounds[best],
        "proof": proof,
        "by": arguments[best]["code"],
        "arguments": arguments,
        "sentence": _sentence(arguments[best], placed, bounds[best], proof),
    }, reached


def _confined(round_: Round, seating: Seating, reached: Reached) -> dict[str, Any]:
    pools = sorted(reached.pools - reached.slots)
    slots = sorted(reached.slots)
    seats = sum(seating.capacity[at] for at in slots) + sum(seating.pool[at] for at in pools)
    return {
        "code": "confined",
        "people": len(reached.people),
        "slots": len(slots),
        "pools": len(pools),
        "seats": seats,
        "stay_out": len(reached.people) - seats,
        "people_ids": sorted(round_.participants[at].id for at in reached.people),
        "slot_ids": [round_.placements[at].id for at in slots],
        "pool_ids": [round_.placements[at].id for at in pools],
    }


def _heads(round_: Round, seating: Seating, reached: Reached) -> dict[str, Any]:
    """Each union's own most, and what the allowed difference makes of the smaller."""
    most = {}
    for union in round_.unions:
        guests = [at for at, person in enumerate(round_.participants) if person.union == union]
        inside = sum(at in reached.people for at in guests)
        seats = sum(
            seating.capacity[at] for at in reached.slots if round_.placements[at].host_union != union
        ) + sum(
            seating.pool[at]
            for at in reached.pools - reached.slots
            if round_.placements[at].host_union != union
        )
        most[union] = len(guests) - (inside - seats)
    fewest = min(most.values())
    difference = round_.max_head_difference
    return {
        "code": "max_head_difference",
        "most": most,
        "difference": difference,
        "people": min(sum(most.values()), 2 * fewest + difference),
    }


def _budget(round_: Round) -> dict[str, Any]:
    """The cheapest seats one after the other, as long as the money lasts."""
    left, people = round_.budget, 0
    for place in sorted(round_.placements, key=lambda place: place.cost):
        seats = place.capacity if place.cost == 0 else min(place.capacity, left // place.cost)
        people += seats
        left -= seats * place.cost
    people = min(people, len(round_.participants))
    return {"code": "budget", "budget": round_.budget, "people": people}


def _sentence(argument: dict[str, Any], placed: int, bound: int, proof: str) -> str:
    """The argument in plain English, for reports and the command line; pages translate from the codes."""
    if argument["code"] == "confined" and argument["people"] == 0:
        return "Everybody is placed."
    if argument["code"] == "confined":
        pools = f" and {_count(argument['pools'], 'interpreter pool')}" if argument["pools"] else ""
        verb = "is" if argument["people"] == 1 else "are"
        text = (
            f"{_count(argument['people'], 'person', 'people')} {verb} confined to"
            f" {_count(argument['slots'], 'slot')}{pools} with {_count(argument['seats'], 'seat')},"
            f" so at least {argument['stay_out']:,} {'stays' if argument['stay_out'] == 1 else 'stay'} out."
        )
    elif argument["code"] == "budget":
        text = (
            f"Even in the cheapest seats, the budget of {argument['budget']:,} reaches for {bound:,} people."
        )
    else:
        each = " and ".join(f"{number:,} of {union}" for union, number in argument["most"].items())
        text = (
            f"At most {each} can be placed, and the two numbers may differ by {argument['difference']:,},"
            f" so {bound:,} is the most."
        )
    if proof == "search":
        text += f" That counting allows {bound:,}; that {placed:,} is the most was proven by complete search."
    if proof == "open":
        text += f" {placed:,} are placed; whether more could be is not proven."
    return text


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
