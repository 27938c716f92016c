"""Applications of one union's people, from the files its offices send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Member, Union
from portal.events import record
from portal.exchange import actions, queries, sentences
from portal.exchange.models import Application, Placement, Round
from portal.exchange.words import (
    CERTIFICATE_WORDS,
    SECTOR_WORDS,
    ApplicationState,
    Certificate,
    RoundState,
    Sector,
)
from portal.extensions import db
from portal.i18n import N_, _, format_day, in_locale
from portal.imports import Importer, Outcome, RowStatus, Upload, importer, label_of, refused
from portal.sheets import APPLICATIONS, Cell, Column, Reading, Refusal, Row, fold
from portal.sheets.dates import day
from portal.sheets.validity import certificates as read_certificates
from portal.sheets.words import list_of, ranked

NOBODY = N_("Nobody in your union has this address here. Invite the person, or bring in your roster first.")
OTHER_UNION = N_("This person is written as of the other union. Its own coordinator sends that application.")
TWICE = N_("This person stands in row %(number)s already; that row is used.")
WITHDRAWN = N_("This person has taken the application back. Only they can open it again.")
NO_PLACEMENT = N_("“%(text)s” is no open placement of this round for your union. Known are: %(known)s.")
SECTOR = N_("“%(text)s” names no sector that is known here, such as mining, steel or office.")
LATE = N_("This round does not take applications now.")
HOME = {"usw": "US", "mineros": "MX"}
UNION_CODES = {"USW": "usw", "LM": "mineros"}
LANGUAGE_COLUMNS = {"english": "en", "spanish": "es", "french": "fr"}
ENTRY_COLUMNS = {"entry_us": "US", "entry_ca": "CA", "entry_mx": "MX"}
_SECTORS = {fold(word): sector for sector, words in SECTOR_WORDS.items() for word in words.split(",")} | {
    fold(sector.value): sector for sector in Sector
}
_CERTIFICATES = {
    fold(word): kind for kind, words in CERTIFICATE_WORDS.items() for word in words.split(",")
} | {fold(kind.value): kind for kind in Certificate}


class CellText(str):
    """A text that remembers its cell, so that a refusal found later can point at it."""

    cell: str = ""


class CellTiers(tuple[tuple[str, ...], ...]):
    """Ranked choices that remember their cell."""

    cell: str = ""


def sector(cell: Cell) -> str:
    if found := _SECTORS.get(fold(cell.text)):
        return found.value
    raise Refusal(SECTOR, text=cell.text[:80])


def certificates(cell: Cell) -> dict[str, str]:
    """By our code where the certificate is known here, else by the name the office wrote."""
    found = read_certificates(cell)
    return {
        (kind.value if (kind := _CERTIFICATES.get(fold(name))) else name[:60]): until.isoformat()
        for name, until in found.items()
    }


def _with_cell(column: Column) -> Column:
    def parse(cell: Cell) -> CellText:
        found = CellText(column.parse(cell))
        found.cell = cell.address
        return found

    return replace(column, parse=parse)


def _tiers(cell: Cell) -> CellTiers:
    found = CellTiers(ranked(cell))
    found.cell = cell.address
    return found


_PARSERS: dict[str, Any] = {
    "sectors": list_of(sector),
    "certificates": certificates,
    "placements": _tiers,
    "passport_until": day,
}
COLUMNS = tuple(
    _with_cell(column)
    if column.key in ("email", "union")
    else replace(column, parse=_PARSERS.get(column.key, column.parse))
    for column in APPLICATIONS
)


def reading(upload: Upload, today: date) -> Reading:
    """Dates are read as in the country of the union, or in the one the sender named."""
    union = db.session.get_one(Union, upload.union_id)
    return Reading(today=today, country=upload.options.get("country") or HOME.get(union.code))


def apply(upload: Upload, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Write the rows as applications that were sent in. Absent columns and empty cells leave what is known."""
    round_ = db.session.get_one(Round, upload.target_id)
    actor = db.session.scalars(
        select(Member).where(Member.id == upload.member_id).options(joinedload(Member.union))
    ).one()
    if round_.state not in (RoundState.OPEN, RoundState.MATCHING):
        return [refused(row, LATE) for row in rows]
    people = {
        member.email: member
        for member in db.session.scalars(select(Member).where(Member.union_id == upload.union_id))
    }
    held = {
        application.member_id: application
        for application in db.session.scalars(
            select(Application).where(
                Application.round_id == round_.id, Application.union_id == upload.union_id
            )
        )
    }
    places = _names_of(queries.rankable(round_.id, upload.union_id))
    seen: dict[int, int] = {}
    outcomes = []
    with in_locale(actor.locale):
        for row in rows:
            email = row.values["email"]
            member = people.get(email.lower())
            if row.values.get("union") and UNION_CODES[row.values["union"]] != actor.union.code:
                outcomes.append(refused(row, OTHER_UNION, column="union", cell=_cell(row, "union")))
            elif member is None:
                outcomes.append(refused(row, NOBODY, column="email", cell=_cell(row, "email")))
            elif member.id in seen:
                outcomes.append(
                    refused(row, TWICE, column="email", cell=_cell(row, "email"), number=seen[member.id])
                )
            else:
                seen[member.id] = row.number
                outcomes.append(_take(row, member, held.get(member.id), round_, places, actor, now))
    return outcomes


def _cell(row: Row, key: str) -> str:
    return getattr(row.values[key], "cell", "")


def _names_of(places: Sequence[Placement]) -> dict[str, Placement]:
    """Placements by their code, and by host or city where only one placement has it."""
    found: dict[str, Placement | None] = {}
    for place in places:
        for name in {fold(place.host.name), fold(place.host.city)}:
            found[name] = None if name in found else place
    for place in places:
        found[fold(place.code)] = place
    return {name: place for name, place in found.items() if place is not None}


def _take(
    row: Row,
    member: Member,
    application: Application | None,
    round_: Round,
    places: Mapping[str, Placement],
    actor: Member,
    now: datetime,
) -> Outcome:
    if application is not None and application.state is ApplicationState.WITHDRAWN:
        return refused(row, WITHDRAWN, column="email", cell=_cell(row, "email"))
    tiers = row.values.get("placements") or ()
    unknown = next((name for tier in tiers for name in tier if fold(name) not in places), None)
    if unknown is not None:
        known = ", ".join(sorted({place.code for place in places.values()}))
        cell = _cell(row, "placements")
        return refused(row, NO_PLACEMENT, column="placements", cell=cell, text=unknown[:80], known=known)
    wanted = _fields(row, places, round_)
    if application is None:
        application = actions.new_application(round_, member, now=now)
        db.session.flush()
        status, changes = RowStatus.NEW, []
    else:
        status, changes = RowStatus.CHANGED, _changes(application, wanted, places)
        if not changes and application.state is ApplicationState.SUBMITTED:
            return Outcome(row.number, RowStatus.UNCHANGED, label_of(row))
    for name, value in wanted.items():
        setattr(application, name, value)
    application.updated_at = now
    if application.state is ApplicationState.DRAFT:
        application.move_to(ApplicationState.SUBMITTED)
        application.submitted_at = now
        application.waited = queries.times_passed_over(member.id, round_.id)
        if status is RowStatus.CHANGED:
            changes.append((_("State"), ApplicationState.DRAFT.label, ApplicationState.SUBMITTED.label))
    record("application.imported", application, by=actor, at=now, columns=sorted(wanted))
    shown = [(str(name), str(before), str(after)) for name, before, after in changes]
    return Outcome(row.number, status, label_of(row), shown)


def _fields(row: Row, places: Mapping[str, Placement], round_: Round) -> dict[str, Any]:
    """What the row says, as columns of an application; what it does not say is not in it."""
    values = row.values
    found: dict[str, Any] = {
        "windows": [[first.isoformat(), last.isoformat()] for first, last in values["windows"]]
    }
    spoken = dict(values.get("languages") or {})
    spoken |= {code: values[key] for key, code in LANGUAGE_COLUMNS.items() if values.get(key)}
    if spoken := {code: level for code, level in spoken.items() if level != "none"}:
        found["languages"] = spoken
    if values.get("sectors"):
        found["sectors"] = sorted(set(values["sectors"]))
    if values.get("placements"):
        tiers, ranked_already = [], set()
        for tier in values["placements"]:
            ids = [places[fold(name)].id for name in tier]
            tiers.append([id_ for id_ in dict.fromkeys(ids) if id_ not in ranked_already])
            ranked_already.update(ids)
        found["prefs"] = [tier for tier in tiers if tier]
    if values.get("passport_until"):
        found["passport_until"] = values["passport_until"]
    entry = dict(values.get("entry") or {})
    entry |= {country: values[key] for key, country in ENTRY_COLUMNS.items() if values.get(key)}
    if entry:
        # Offices write the last day only; what counts is that it is granted when the round opens.
        first = round_.opens_on
        found["entry"] = {
            country: "open" if until == "open" else [min(first, until).isoformat(), until.isoformat()]
            for country, until in entry.items()
        }
    if values.get("certificates"):
        found["certificates"] = values["certificates"]
    if values.get("interpreter") is not None:
        found["wants_interpreter"] = values["interpreter"]
    return found


def _changes(
    application: Application, wanted: Mapping[str, Any], places: Mapping[str, Placement]
) -> list[tuple[str, str, str]]:
    codes = {place.id: place.code for place in places.values()}
    labels = {
        "windows": _("Dates"),
        "languages": _("Languages"),
        "sectors": _("Sectors"),
        "prefs": _("Placements"),
        "passport_until": _("Passport valid until"),
        "entry": _("Entry permissions"),
        "certificates": _("Certificates"),
        "wants_interpreter": _("Interpreter"),
    }
    return [
        (labels[name], shown(name, getattr(application, name), codes), shown(name, value, codes))
        for name, value in wanted.items()
        if getattr(application, name) != value
    ]


def shown(name: str, value: Any, codes: Mapping[int, str]) -> str:
    """One answer as people read it, in the reader's language."""

    def spelled(text: str) -> str:
        return format_day(date.fromisoformat(text), short=True)

    if value is None or value == [] or value == {}:
        return "–"
    if name == "windows":
        return ", ".join(f"{spelled(first)} – {spelled(last)}" for first, last in value)
    if name == "languages":
        return ", ".join(f"{sentences.language(code)} {level}" for code, level in sorted(value.items()))
    if name == "sectors":
        return ", ".join(str(Sector(code).label) for code in value)
    if name == "prefs":
        return " > ".join(" = ".join(codes.get(id_, "?") for id_ in tier) for tier in value)
    if name == "passport_until":
        return format_day(value)
    if name == "entry":
        return ", ".join(
            f"{country} {_('open') if span == 'open' else spelled(span[1])}"
            for country, span in sorted(value.items())
        )
    if name == "certificates":
        return ", ".join(
            f"{sentences.certificate(code)} {spelled(day)}" for code, day in sorted(value.items())
        )
    return _("yes") if value else _("no")


importer("applications", Importer(columns=COLUMNS, reading=reading, apply=apply))
