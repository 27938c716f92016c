"""The codes of the matching, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.exchange.discretion import WITHHELD
from portal.exchange.words import Certificate, Language
from portal.i18n import _, _l, ngettext

# Why one person cannot go to one placement.
PAIR = {
    "window": _l("The days they can travel leave too short a stay."),
    "passport": _l("Their passport is not valid long enough."),
    "entry": _l("They have no permission to enter the country on these days."),
    "dates_combined": _l("Each of their dates fits by itself, but together they leave too short a stay."),
    "sector": _l("They asked for other sectors."),
    "language": _l("Their language is below the level asked for, and there is no interpreter seat for them."),
    "ban": _l("They are not to go here: a coordinator said so, or an offer ended."),
    "not_acceptable": _l("They want the placements on their list only, and this is not one of them."),
    "pinned_elsewhere": _l("A coordinator pinned them to another placement."),
    WITHHELD: _l("For a reason their own union knows."),
}
# The same as a part of a sum: "4 of 9: outside the days they can travel".
COUNTED = {
    "window": _l("outside the days they can travel"),
    "passport": _l("their passport ends too early"),
    "entry": _l("no permission to enter the country"),
    "dates_combined": _l("all their dates together leave too short a stay"),
    "sector": _l("another sector than they asked for"),
    "language": _l("language below the level, and no interpreter seat"),
    "ban": _l("not to go there"),
    "not_acceptable": _l("not on their list"),
    "pinned_elsewhere": _l("pinned to another placement"),
    "cert": _l("a certificate is missing or ends too early"),
    WITHHELD: _l("for a reason their own union knows"),
}
UNPLACED = {
    "no_placement": _l("No open placement fits."),
    "delegation_without_common_placement": _l("No placement fits everybody in their delegation."),
    "confined": _l("The placements that fit are full, and nobody there could go elsewhere."),
    "rules_of_the_round": _l("A rule of the round leaves no place: group sizes, the balance or the budget."),
}
EMPTY = {
    "nobody_eligible": _l("Nobody who applied fits here."),
    "everyone_eligible_is_placed": _l("Everybody who fits here has a place."),
    "delegation_larger_than_free_seats": _l("Only delegations larger than the free seats still wait for it."),
    "interpreter_seats_taken": _l(
        "Those who still fit need an interpreter, and the interpreter seats are taken."
    ),
    "rules_of_the_round": _l("A rule of the round keeps it empty: group sizes, the balance or the budget."),
}
RULES = {
    "max_head_difference": _l("the difference between the unions"),
    "budget": _l("the budget"),
    "capacity": _l("the seats"),
    "interpreter_cap": _l("the interpreter seats"),
    "min_group": _l("the smallest group"),
}
PHASES = {
    "eligibility": _l("Checking who can go where"),
    "placed": _l("Placing as many people as possible"),
    "kept": _l("Keeping what was offered"),
    "waited": _l("Those who waited longest first"),
    "rank_sum": _l("Following people's wishes"),
    "host_rank_sum": _l("Following the hosts' wishes"),
    "interpreters": _l("Sparing interpreter seats"),
    "day_imbalance": _l("Balancing the days between the unions"),
    "cost": _l("Sparing money"),
    "tie_break": _l("Choosing between equally good plans"),
    "explain": _l("Finding the reasons"),
    "done": _l("Done"),
}
LEVELS = {
    "placed": _l("People placed"),
    "kept": _l("Keep the place they were offered"),
    "waited": _l("Rounds waited before, of those placed"),
    "rank_sum": _l("Sum of the choices they get (1 is a first choice)"),
    "interpreters": _l("Interpreter seats used"),
    "day_imbalance": _l("Days one union sends more than the other"),
    "cost": _l("Cost, US dollars"),
}
FAILURES = {
    "cancelled": _l("It was stopped before it was finished."),
    "overtaken": _l("An answer came in meanwhile, so a newer plan was started."),
    "too_large": _l("This round is too large for the memory of the portal."),
    "unexpected": _l("Something failed on our side. It is noted; try again, and tell the administrators."),
    "bad_round": _l("The round could not be read for matching."),
}


def language(code: str) -> str:
    return str(Language(code).label) if code in {each.value for each in Language} else code


def certificate(code: str) -> str:
    return str(Certificate(code).label) if code in {each.value for each in Certificate} else code


def pair(code: str) -> str:
    """One reason why one person cannot go to one placement."""
    kind, _colon, name = code.partition(":")
    if kind == "cert":
        return _("Certificate missing or not valid to the end: %(name)s.", name=certificate(name))
    return str(PAIR[kind])


def counted(ineligible: Mapping[str, list[str]]) -> list[str]:
    """Why the placements of the other union fall away for one person, each reason with its count."""
    numbers: dict[str, int] = {}
    rows = [codes for codes in ineligible.values() if "same_union" not in codes]
    for codes in rows:
        for kind in {code.partition(":")[0] for code in codes}:
            numbers[kind] = numbers.get(kind, 0) + 1
    return [
        ngettext("%(num)s placement: %(why)s", "%(num)s placements: %(why)s", number, why=COUNTED[kind])
        for kind, number in sorted(numbers.items(), key=lambda found: (-found[1], found[0]))
    ]


def change(found: Mapping[str, Any], who: str | None = None) -> str:
    """The cheapest change that would place somebody, as one sentence; `who` is named where it is not clear."""
    code, place = str(found["code"]), str(found.get("placement", ""))
    kind, _colon, name = code.partition(":")
    days = int(found.get("amount", 0))
    if kind == "cert":
        text = _("A valid certificate “%(name)s” would open %(place)s.", name=certificate(name), place=place)
    elif kind in ("window", "dates_combined"):
        text = ngettext(
            "%(num)s more day would open %(place)s.",
            "%(num)s more days would open %(place)s.",
            days,
            place=place,
        )
    elif kind == "passport":
        text = ngettext(
            "A passport valid %(num)s day longer would open %(place)s.",
            "A passport valid %(num)s days longer would open %(place)s.",
            days,
            place=place,
        )
    elif kind == "entry":
        text = _("Permission to enter the country would open %(place)s.", place=place)
    elif kind == "sector":
        text = _("Taking one more sector would open %(place)s.", place=place)
    elif kind == "language":
        text = ngettext(
            "One level more in the language would open %(place)s.",
            "%(num)s levels more in the language would open %(place)s.",
            days,
            place=place,
        )
    elif kind == "ban":
        text = _("Lifting the ban would open %(place)s.", place=place)
    elif kind == "pinned_elsewhere":
        text = _("Lifting the pin would open %(place)s.", place=place)
    elif kind == "not_acceptable":
        text = _("Putting it on their list would open %(place)s.", place=place)
    else:
        text = _of_the_host(kind, place, days)
    if who:
        text = _("%(who)s: %(text)s", who=who, text=text)
    if found.get("moves"):
        moved = ", ".join(f"{person} → {target}" for person, target in found["moves"].items())
        text += " " + _("(These would move: %(moved)s.)", moved=moved)
    return text


def _of_the_host(kind: str, place: str, amount: int) -> str:
    if kind == "seat":
        return ngettext(
            "%(num)s more seat at %(place)s.", "%(num)s more seats at %(place)s.", amount, place=place
        )
    if kind == "interpreter_seat":
        return ngettext(
            "%(num)s more interpreter seat at %(place)s.",
            "%(num)s more interpreter seats at %(place)s.",
            amount,
            place=place,
        )
    if kind == "min_group":
        return _("A smaller group allowed at %(place)s.", place=place)
    if kind == "budget":
        return _("%(num)s US dollars more in the budget.", num=f"{amount:,}")
    return ngettext(
        "A difference between the unions larger by %(num)s person.",
        "A difference between the unions larger by %(num)s people.",
        amount,
    )


def certificate_of(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Why no more people can be placed, in numbers to count; `names` of the unions by code."""
    by = next(each for each in found["arguments"] if each["code"] == found["by"])
    placed, bound = found["placed"], found["bound"]
    if by["code"] == "confined" and by["people"] == 0:
        return _("Everybody is placed.")
    if by["code"] == "confined":
        text = _confined(by)
    elif by["code"] == "budget":
        text = _("Even in the cheapest seats the budget reaches for %(people)s people.", people=bound)
    else:
        most = ", ".join(f"{names.get(union, union)} {number}" for union, number in by["most"].items())
        text = _(
            "At most these could be placed: %(most)s. The two may differ by %(difference)s, so %(people)s is the "
            "most.",
            most=most,
            difference=by["difference"],
            people=bound,
        )
    if found["proof"] == "search":
        text += " " + _(
            "That counting would allow %(bound)s; a complete search proved that %(placed)s is the most.",
            bound=bound,
            placed=placed,
        )
    elif found["proof"] == "open":
        text += " " + _("Whether more than %(placed)s is possible is not proven.", placed=placed)
    return text


def _confined(by: Mapping[str, Any]) -> str:
    if not by["seats"]:
        return ngettext(
            "%(num)s person fits no placement that has a seat.",
            "%(num)s people fit no placement that has a seat.",
            by["people"],
        )
    seats = ngettext("%(num)s seat", "%(num)s seats", by["seats"])
    places = ngettext("%(num)s placement", "%(num)s placements", by["slots"] + by["pools"])
    return ngettext(
        "%(num)s person fits only %(places)s with %(seats)s, so at least %(out)s must stay out.",
        "%(num)s people fit only %(places)s with %(seats)s, so at least %(out)s must stay out.",
        by["people"],
        places=places,
        seats=seats,
        out=by["stay_out"],
    )


def clash(rule: Mapping[str, Any]) -> str:
    """One reason why no plan is possible."""
    code = rule["code"]
    if code in ("pin", "delegation") and "because" in rule:
        why = " ".join(pair(each) for each in rule["because"])
        return _(
            "%(person)s cannot go to %(place)s: %(why)s",
            person=rule["participant"],
            place=rule["placement"],
            why=why,
        )
    if code == "delegation":
        return _(
            "One delegation is pinned to several placements: %(places)s.",
            places=", ".join(rule["placements"]),
        )
    if code == "budget":
        return _(
            "The pins cost %(pinned)s; the budget is %(most)s.", pinned=rule["pinned"], most=rule["most"]
        )
    if code in ("capacity", "interpreter_cap"):
        return _(
            "At %(place)s %(pinned)s are pinned, and there are only %(most)s of %(what)s.",
            place=rule["placement"],
            pinned=rule["pinned"],
            most=rule["most"],
            what=RULES[code],
        )
    rules = ", ".join(str(RULES[each]) for each in rule["rules"])
    pins = ", ".join(f"{person} → {place}" for person, place in rule["pins"].items())
    return _("These cannot hold together: %(rules)s; pins: %(pins)s.", rules=rules or "–", pins=pins or "–")


def failure(code: str | None) -> str:
    return str(FAILURES[(code or "unexpected").partition(":")[0]])
