"""A plan as its coordinator reads it: each person with the reasons, each empty seat, who moves, the picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.exchange import sentences
from portal.exchange.plan_queries import Guest
from portal.exchange.words import Level
from portal.i18n import _, format_day, ngettext

_ORDER = [level.value for level in Level]


@dataclass
class PersonLine:
    """One person in a plan: where to, why there, or why nowhere."""

    code: str
    label: str  # a name, or the pseudonym
    union: str
    placement: str | None
    first: date | None = None
    last: date | None = None
    reasons: list[tuple[bool, str]] = field(default_factory=list)
    change: str | None = None
    pinned: bool = False


@dataclass
class SeatLine:
    """A placement of the plan with who sits there, and why seats stay empty."""

    code: str
    host: str
    union: str
    capacity: int
    guests: list[str]
    free: int
    why: str | None = None
    change: str | None = None


@dataclass
class Move:
    code: str
    label: str
    before: str | None
    after: str | None


@dataclass
class Review:
    status: str
    people: list[PersonLine]
    seats: list[SeatLine]
    levels: list[tuple[str, int]]
    certificate: str | None
    clashes: list[str]
    moves: list[Move]
    kept: int
    stable_price: int | None

    @property
    def placed(self) -> list[PersonLine]:
        return [line for line in self.people if line.placement]

    @property
    def unplaced(self) -> list[PersonLine]:
        return [line for line in self.people if not line.placement]

    @property
    def empty_seats(self) -> list[SeatLine]:
        return [line for line in self.seats if line.free]


def pseudonym(code: str) -> str:
    return _("Guest %(code)s", code=code)


def labels(guests: Iterable[Guest]) -> dict[str, str]:
    """How each person is called on this coordinator's pages."""
    return {guest.code: guest.name or pseudonym(guest.code) for guest in guests}


def review(
    document: Mapping[str, Any],
    result: Mapping[str, Any],
    *,
    label_of: Mapping[str, str],
    host_of: Mapping[str, str],
    union_names: Mapping[str, str],
    offered: Mapping[str, list[str]],
) -> Review:
    """Put input, result and names together. Names come from the page's own query: a plan holds none.

    `offered` are the first and last day of the offers that stand.
    """
    named = {code: label_of.get(code) or pseudonym(code) for code in _codes(document)}
    assignment = result.get("assignment") or {}
    people = [_person(person, document, result, named, union_names) for person in document["participants"]]
    people.sort(key=lambda line: (line.placement is None, line.placement or "", line.label))
    possible = result["status"] != "INFEASIBLE"
    certificate = result["certificate"] if possible else None
    moves, kept = compare(document["incumbent"], result, named, offered) if possible else ([], 0)
    stable = result.get("stable")
    return Review(
        status=result["status"],
        people=people if possible else [],
        seats=[
            _seat(place, assignment, certificate, named, host_of, union_names)
            for place in document["placements"]
        ]
        if possible
        else [],
        levels=[
            (str(label), result["vector"][name])
            for name, label in sentences.LEVELS.items()
            if possible and (name != "kept" or document["incumbent"])
        ],
        certificate=sentences.certificate_of(certificate, union_names) if certificate else None,
        clashes=[sentences.clash(rule) for rule in result.get("rules", [])],
        moves=moves,
        kept=kept,
        stable_price=stable["price"]["placed"] if stable else None,
    )


def compare(
    before: Mapping[str, str],
    result: Mapping[str, Any],
    label_of: Mapping[str, str],
    offered: Mapping[str, list[str]],
) -> tuple[list[Move], int]:
    """Whose offer changes, in place or in days, is new or ends; and how many keep theirs as it is."""
    after, stays = result["assignment"], result["stays"]
    moves, kept = [], 0
    for code in sorted({*before, *after}) if before else ():
        old, new = before.get(code), after.get(code)
        label = label_of.get(code) or pseudonym(code)
        if old != new:
            moves.append(Move(code, label, old, new))
        elif code in offered and offered[code] != stays[code]:
            moves.append(Move(code, label, _with_days(old, offered[code]), _with_days(new, stays[code])))
        else:
            kept += 1
    return moves, kept


def _with_days(place: str | None, stay: list[str]) -> str:
    first, last = (format_day(date.fromisoformat(day), short=True) for day in stay)
    return f"{place}, " + _("%(first)s to %(last)s", first=first, last=last)


def _codes(document: Mapping[str, Any]) -> list[str]:
    return [person["id"] for person in document["participants"]]


def _person(
    person: Mapping[str, Any],
    document: Mapping[str, Any],
    result: Mapping[str, Any],
    named: Mapping[str, str],
    union_names: Mapping[str, str],
) -> PersonLine:
    code = person["id"]
    line = PersonLine(
        code,
        named[code],
        union_names.get(person["union"], person["union"]),
        (result.get("assignment") or {}).get(code),
        pinned=code in document["pins"],
    )
    if line.placement:
        line.first, line.last = (date.fromisoformat(day) for day in result["stays"][code])
        place = next(each for each in document["placements"] if each["id"] == line.placement)
        line.reasons = _why_here(person, place, line, document, result["stays"][code])
        return line
    advice = result.get("certificate", {}).get("unplaced", {}).get(code)
    if advice:
        line.reasons.append((False, str(sentences.UNPLACED[advice["code"]])))
        if advice["change"]:
            who = advice["change"].get("participant")
            line.change = sentences.change(advice["change"], named.get(who) if who else None)
    line.reasons += [(False, text) for text in sentences.counted(result["ineligible"].get(code, {}))]
    return line


def _why_here(
    person: Mapping[str, Any],
    place: Mapping[str, Any],
    line: PersonLine,
    document: Mapping[str, Any],
    stay: list[str],
) -> list[tuple[bool, str]]:
    """What speaks for this place, and what was accepted for the sake of the whole."""
    found: list[tuple[bool, str]] = []
    if line.pinned:
        found.append((True, _("A coordinator pinned them here.")))
    if document["incumbent"].get(line.code) == line.placement:
        found.append((True, _("Keeps the place they were offered.")))
    wishes = person.get("prefs", [])  # of the other union's people wishes are not told
    tier = next((at for at, tier in enumerate(wishes, 1) if line.placement in tier), None)
    if tier == 1:
        found.append((True, _("Their first choice.")))
    elif tier:
        found.append((True, _("Their choice number %(number)s.", number=tier)))
    elif wishes:
        found.append((False, _("Not one of the placements they named, but one they can do.")))
    spoken = person["languages"].get(place["language"], "none")
    tongue = sentences.language(place["language"])
    if _ORDER.index(spoken) >= _ORDER.index(place["min_level"]):
        if place["min_level"] != "none":
            found.append(
                (
                    True,
                    _(
                        "Speaks %(language)s %(level)s; %(least)s is asked for.",
                        language=tongue,
                        level=spoken,
                        least=place["min_level"],
                    ),
                )
            )
    else:
        found.append(
            (False, _("Uses an interpreter seat: %(language)s is below the level.", language=tongue))
        )
    first, last = (date.fromisoformat(day) for day in stay)
    days = (last - first).days + 1
    found.append(
        (
            True,
            ngettext(
                "Free and allowed to travel for %(num)s day: %(first)s to %(last)s.",
                "Free and allowed to travel for %(num)s days: %(first)s to %(last)s.",
                days,
                first=format_day(first, short=True),
                last=format_day(last, short=True),
            ),
        )
    )
    if waited := person.get("waited", 0):
        found.append(
            (
                True,
                ngettext(
                    "Waited through %(num)s earlier round.",
                    "Waited through %(num)s earlier rounds.",
                    waited,
                ),
            )
        )
    for group in document["delegations"]:
        if line.code in group["members"]:
            found.append(
                (
                    True,
                    ngettext(
                        "Travels in a delegation of %(num)s.",
                        "Travels in a delegation of %(num)s.",
                        len(group["members"]),
                    ),
                )
            )
    return found


def _seat(
    place: Mapping[str, Any],
    assignment: Mapping[str, str],
    certificate: Mapping[str, Any] | None,
    named: Mapping[str, str],
    host_of: Mapping[str, str],
    union_names: Mapping[str, str],
) -> SeatLine:
    inside = sorted(named[code] for code, target in assignment.items() if target == place["id"])
    line = SeatLine(
        place["id"],
        host_of.get(place["id"], place["id"]),
        union_names.get(place["host_union"], place["host_union"]),
        place["capacity"],
        inside,
        place["capacity"] - len(inside),
    )
    advice = (certificate or {}).get("empty_seats", {}).get(place["id"])
    if advice:
        line.why = str(sentences.EMPTY[advice["code"]])
        if advice["change"]:
            line.change = sentences.change(
                advice["change"], named.get(advice["change"].get("participant", ""))
            )
    return line
