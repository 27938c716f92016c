"""Read `exchange-match/1` rounds. Days are proleptic Gregorian ordinals, both ends of a span inclusive."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

SCHEMA = "exchange-match/1"
LEVELS = ("none", "A1", "A2", "B1", "B2", "C1", "C2")
MOST_PARTICIPANTS = 50_000
MOST_PLACEMENTS = 10_000
MOST_PAIRS = 60_000_000  # two bytes each in the table of reasons
MOST_CERTS = 20  # certificates one placement may ask for: each needs a bit
LARGEST_NUMBER = 1_000_000_000

Span = tuple[int, int]

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ROUND_KEYS = {
    "schema", "id", "trap", "unions", "participants", "placements", "delegations", "pins", "bans",
    "incumbent", "ledger_days", "max_head_difference", "budget",
}  # fmt: skip
_PARTICIPANT_KEYS = {
    "id", "union", "country", "windows", "passport_expiry", "entry", "languages", "no_interpreter",
    "sectors", "certs", "prefs", "only_listed", "waited",
}  # fmt: skip
_PLACEMENT_KEYS = {
    "id", "host", "host_union", "country", "sector", "start", "end", "min_days", "max_days", "capacity",
    "language", "min_level", "interpreter_cap", "certs", "passport_margin_days", "cost", "host_prefs",
    "min_group",
}  # fmt: skip


class BadRound(ValueError):
    """A round that cannot be read. `path` names the row, `code` the kind of mistake, for translation."""

    def __init__(self, path: str, code: str, problem: str):
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.code = code
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Participant:
    id: str
    union: str
    country: str
    windows: tuple[Span, ...]
    passport_expiry: int | None
    entry: Mapping[str, Span | None]  # None: open without limit; an absent country: no permission
    languages: Mapping[str, int]
    no_interpreter: bool
    sectors: frozenset[str]
    certs: Mapping[str, int]
    prefs: tuple[tuple[str, ...], ...]
    only_listed: bool
    waited: int


@dataclass(frozen=True, slots=True)
class Placement:
    id: str
    host: str
    host_union: str
    country: str
    sector: str
    start: int
    end: int
    min_days: int
    max_days: int | None
    capacity: int
    language: str
    min_level: int
    interpreter_cap: int
    certs: tuple[str, ...]
    passport_margin_days: int
    cost: int
    host_prefs: tuple[tuple[str, ...], ...]
    min_group: int


@dataclass(frozen=True, slots=True)
class Delegation:
    id: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One validated round; every sequence is sorted by id, so that row order cannot matter."""

    id: str
    unions: tuple[str, str]
    participants: tuple[Participant, ...]
    placements: tuple[Placement, ...]
    delegations: tuple[Delegation, ...]
    pins: Mapping[str, str]
    bans: tuple[tuple[str, str], ...]
    incumbent: Mapping[str, str]
    ledger_days: tuple[int, int]
    max_head_difference: int | None
    budget: int | None
    ignored: tuple[str, ...]  # keys nobody reads, as paths: most often a misspelled option


def read_text(text: str | bytes) -> Round:
    """Read a round from JSON. Raises `BadRound`, also for a key that is given twice in one object."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise BadRound(f"…{key!r}", "duplicate", "is given twice in the same object")
            found[key] = value
        return found

    try:
        document = json.loads(text, object_pairs_hook=unique)
    except BadRound:
        raise
    except (ValueError, RecursionError) as mistake:
        raise BadRound("file", "not_json", f"is not JSON that can be read ({mistake})") from None
    return read(document)


def read(document: Any) -> Round:
    """Validate a parsed round. Raises `BadRound` at the first mistake, naming the row."""
    top = _object(document, "round")
    if top.get("schema") != SCHEMA:
        raise BadRound("schema", "schema", f"must be {SCHEMA!r}")
    unions = _ids(top.get("unions"), "unions")
    if len(unions) != 2:
        raise BadRound("unions", "unions", "must name exactly two different unions")
    ignored = [key for key in top if key not in _ROUND_KEYS]

    people_rows = _list(top.get("participants"), "participants")
    place_rows = _list(top.get("placements"), "placements")
    for name, rows, most in (
        ("participants", people_rows, MOST_PARTICIPANTS),
        ("placements", place_rows, MOST_PLACEMENTS),
    ):
        if len(rows) > most:
            raise BadRound(name, "too_many", f"has {len(rows):,} rows; the most is {most:,}")
    if len(people_rows) * len(place_rows) > MOST_PAIRS:
        raise BadRound("round", "too_many", f"has more than {MOST_PAIRS:,} pairs of person and placement")

    participants = _unique(
        [_participant(row, path, unions, ignored) for path, row in _rows(people_rows, "participants")],
        "participants",
    )
    placements = _unique(
        [_placement(row, path, unions, ignored) for path, row in _rows(place_rows, "placements")],
        "placements",
    )
    people, places = {p.id for p in participants}, {p.id for p in placements}
    for person in participants:
        _tiers_known(person.prefs, places, f"participants ({person.id}).prefs", "placement")
    for place in placements:
        _tiers_known(place.host_prefs, people, f"placements ({place.id}).host_prefs", "participant")

    ledger = _object(top.get("ledger_days", {}), "ledger_days")
    for union in ledger:
        _known(union, set(unions), f"ledger_days.{union}", "union")
    return Round(
        id=_text(top.get("id", ""), "id", empty=True),
        unions=(unions[0], unions[1]),
        participants=participants,
        placements=placements,
        delegations=_delegations(top.get("delegations", []), people, ignored),
        pins=_plan(top.get("pins", {}), "pins", people, places),
        bans=_bans(top.get("bans", []), people, places | {p.host for p in placements}),
        incumbent=_plan(top.get("incumbent", {}), "incumbent", people, places),
        ledger_days=tuple(
            _number(ledger.get(union, 0), f"ledger_days.{union}", least=-LARGEST_NUMBER) for union in unions
        ),
        max_head_difference=_optional_number(top, "max_head_difference", "max_head_difference"),
        budget=_optional_number(top, "budget", "budget"),
        # JSON can spell half a character; what is printed cannot.
        ignored=tuple(sorted(key.encode(errors="backslashreplace").decode() for key in ignored)),
    )


def _participant(row: Any, path: str, unions: list[str], ignored: list[str]) -> Participant:
    row, path = _named(row, path)
    ignored += [f"{path}.{key}" for key in row if key not in _PARTICIPANT_KEYS]
    if "passport_expiry" not in row:
        raise BadRound(f"{path}.passport_expiry", "missing", "is missing; give a date or null")
    expiry = row["passport_expiry"]
    languages = _object(row.get("languages", {}), f"{path}.languages")
    entry = _object(row.get("entry", {}), f"{path}.entry")
    certs = _object(row.get("certs", {}), f"{path}.certs")
    windows = _list(row.get("windows"), f"{path}.windows")
    return Participant(
        id=row["id"],
        union=_known(row.get("union"), set(unions), f"{path}.union", "union"),
        country=_text(row.get("country"), f"{path}.country"),
        windows=merged(_span(span, f"{path}.windows[{at}]") for at, span in enumerate(windows)),
        passport_expiry=None if expiry is None else _day(expiry, f"{path}.passport_expiry"),
        entry={
            _text(country, f"{path}.entry"): None
            if span == "open"
            else _span(span, f"{path}.entry.{country}")
            for country, span in entry.items()
        },
        languages={
            _text(code, f"{path}.languages"): _level(level, f"{path}.languages.{code}")
            for code, level in languages.items()
        },
        no_interpreter=_yes_or_no(row.get("no_interpreter", False), f"{path}.no_interpreter"),
        sectors=frozenset(_ids(row.get("sectors", []), f"{path}.sectors")),
        certs={
            _text(code, f"{path}.certs"): _day(end, f"{path}.certs.{code}") for code, end in certs.items()
        },
        prefs=_tiers(row.get("prefs", []), f"{path}.prefs"),
        only_listed=_yes_or_no(row.get("only_listed", False), f"{path}.only_listed"),
        waited=_number(row.get("waited", 0), f"{path}.waited"),
    )


def _placement(row: Any, path: str, unions: list[str], ignored: list[str]) -> Placement:
    row, path = _named(row, path)
    ignored += [f"{path}.{key}" for key in row if key not in _PLACEMENT_KEYS]
    start, end = _span([row.get("start"), row.get("end")], f"{path}.start and end")
    min_days = _number(row.get("min_days"), f"{path}.min_days", least=1)
    max_days = _optional_number(row, "max_days", f"{path}.max_days", least=1)
    if max_days is not None and max_days < min_days:
        raise BadRound(f"{path}.max_days", "reversed", f"is {max_days}, less than min_days {min_days}")
    certs = _ids(row.get("certs", []), f"{path}.certs")
    if len(certs) > MOST_CERTS:
        raise BadRound(f"{path}.certs", "too_many", f"asks for more than {MOST_CERTS} certificates")
    return Placement(
        id=row["id"],
        host=_text(row.get("host"), f"{path}.host"),
        host_union=_known(row.get("host_union"), set(unions), f"{path}.host_union", "union"),
        country=_text(row.get("country"), f"{path}.country"),
        sector=_text(row.get("sector"), f"{path}.sector"),
        start=start,
        end=end,
        min_days=min_days,
        max_days=max_days,
        capacity=_number(row.get("capacity"), f"{path}.capacity"),
        language=_text(row.get("language"), f"{path}.language"),
        min_level=_level(row.get("min_level"), f"{path}.min_level"),
        interpreter_cap=_number(row.get("interpreter_cap", 0), f"{path}.interpreter_cap"),
        certs=tuple(sorted(certs)),
        passport_margin_days=_optional_number(row, "passport_margin_days", f"{path}.passport_margin_days")
        or 0,
        cost=_number(row.get("cost"), f"{path}.cost"),
        host_prefs=_tiers(row.get("host_prefs", []), f"{path}.host_prefs"),
        min_group=_optional_number(row, "min_group", f"{path}.min_group") or 0,
    )


def _delegations(value: Any, people: set[str], ignored: list[str]) -> tuple[Delegation, ...]:
    rows = [(_named(row, path)) for path, row in _rows(_list(value, "delegations"), "delegations")]
    names = {row["id"] for row, _ in rows}
    home: dict[str, str] = {}
    found = []
    for row, path in rows:
        ignored += [f"{path}.{key}" for key in row if key not in {"id", "members"}]
        members = _ids(row.get("members"), f"{path}.members")
        if not members:
            raise BadRound(f"{path}.members", "empty", "has nobody in it")
        for member in members:
            if member in names and member not in people:
                raise BadRound(
                    f"{path}.members",
                    "nested",
                    f"names the delegation {member!r}; only people can be members",
                )
            _known(member, people, f"{path}.members", "participant")
            if member in home:
                raise BadRound(f"{path}.members", "overlap", f"{member!r} is already in {home[member]!r}")
            home[member] = row["id"]
        found.append(Delegation(row["id"], tuple(sorted(members))))
    return _unique(found, "delegations")


def _plan(value: Any, path: str, people: set[str], places: set[str]) -> dict[str, str]:
    plan = _object(value, path)
    for person, place in plan.items():
        _known(person, people, f"{path}.{person}", "participant")
        _known(place, places, f"{path}.{person}", "placement")
    return dict(sorted(plan.items()))


def _bans(value: Any, people: set[str], targets: set[str]) -> tuple[tuple[str, str], ...]:
    bans = set()
    for path, row in _rows(_list(value, "bans"), "bans"):
        if not isinstance(row, list) or len(row) != 2:
            raise BadRound(path, "type", "must be a participant and a placement or host")
        person = _known(row[0], people, f"{path}[0]", "participant")
        bans.add((person, _known(row[1], targets, f"{path}[1]", "placement or host")))
    return tuple(sorted(bans))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join spans that overlap or touch: a window to Friday and one from Saturday are one window."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _rows(rows: list, name: str) -> Iterable[tuple[str, Any]]:
    return ((f"{name}[{at}]", row) for at, row in enumerate(rows))


def _named(row: Any, path: str) -> tuple[dict, str]:
    row = _object(row, path)
    return row, f"{path} ({_text(row.get('id'), f'{path}.id')})"


def _unique(rows: list, name: str) -> tuple:
    rows = sorted(rows, key=lambda row: row.id)
    for before, after in pairwise(rows):
        if before.id == after.id:
            raise BadRound(f"{name} ({after.id})", "duplicate", "has the same id as another row")
    return tuple(rows)


def _tiers(value: Any, path: str) -> tuple[tuple[str, ...], ...]:
    tiers = tuple(tuple(sorted(_ids(tier, f"{path}[{at}]"))) for at, tier in enumerate(_list(value, path)))
    seen: set[str] = set()
    for at, tier in enumerate(tiers):
        for name in tier:
            if name in seen:
                raise BadRound(f"{path}[{at}]", "duplicate", f"ranks {name!r} twice")
        seen.update(tier)
    return tiers


def _tiers_known(tiers: tuple[tuple[str, ...], ...], known: set[str], path: str, kind: str) -> None:
    for at, tier in enumerate(tiers):
        for name in tier:
            _known(name, known, f"{path}[{at}]", kind)


def _object(value: Any, path: str) -> dict:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise BadRound(path, "type", "must be an object")
    return value


def _list(value: Any, path: str) -> list:
    if not isinstance(value, list):
        raise BadRound(path, "type", "must be a list")
    return value


def _text(value: Any, path: str, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or empty):
        raise BadRound(path, "type", "must be a text that is not empty")
    if len(value) > 200 or not value.isprintable():
        raise BadRound(path, "text", "is longer than 200 characters or has characters that cannot be printed")
    return value


def _ids(value: Any, path: str) -> list[str]:
    names: dict[str, int] = {}
    for at, name in enumerate(_list(value, path)):
        if _text(name, f"{path}[{at}]") in names:
            raise BadRound(f"{path}[{at}]", "duplicate", f"names {name!r} twice")
        names[name] = at
    return list(names)


def _known(value: Any, known: set[str], path: str, kind: str) -> str:
    if _text(value, path) not in known:
        raise BadRound(path, "unknown", f"{value!r} is not a known {kind}")
    return value


def _number(value: Any, path: str, *, least: int = 0) -> int:
    if type(value) is not int:
        raise BadRound(path, "type", "must be a whole number")
    if not least <= value <= LARGEST_NUMBER:
        raise BadRound(path, "range", f"must be from {least:,} to {LARGEST_NUMBER:,}")
    return value


def _optional_number(row: dict, key: str, path: str, *, least: int = 0) -> int | None:
    return None if row.get(key) is None else _number(row[key], path, least=least)


def _yes_or_no(value: Any, path: str) -> bool:
    if type(value) is not bool:
        raise BadRound(path, "type", "must be true or false")
    return value


def _level(value: Any, path: str) -> int:
    if not isinstance(value, str) or value not in LEVELS:
        raise BadRound(path, "level", f"must be one of {', '.join(LEVELS)}")
    return LEVELS.index(value)


def _day(value: Any, path: str) -> int:
    if not isinstance(value, str) or not _ISO_DAY.fullmatch(value):
        raise BadRound(path, "date", "must be a date such as 2027-03-01")
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:
        raise BadRound(path, "date", f"{value} is not in the calendar") from None


def _span(value: Any, path: str) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise BadRound(path, "type", "must be a first and a last day")
    start, end = _day(value[0], path), _day(value[1], path)
    if start > end:
        raise BadRound(path, "reversed", f"ends on {value[1]}, before it starts on {value[0]}")
    return start, end
