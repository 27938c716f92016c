"""Imports of people's files: uploaded once, previewed by the real write rolled back, confirmed by the same write.

A feature registers an `Importer`. Reading and writing happen in a job, so that a long file shows progress and a
browser may leave. The preview runs exactly what the confirmation runs; only the last word differs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, delete
from sqlalchemy.orm import Mapped, deferred, mapped_column

from portal import clock, jobs
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import DEFAULT, N_, _, _l, format_day, in_locale
from portal.sheets import CellProblem, Column, Limits, Reading, Row, Unreadable, open_table
from portal.sheets.problems import sentence
from portal.tenancy import OwnedByUnion, acting_for

KEPT = timedelta(days=2)
REPORT_EVERY = 250  # rows
DECIDED = N_("This file has been confirmed or dropped already. Load the page again and look.")


class UploadState(StrEnum):
    READING = "reading"
    PREVIEWED = "previewed"
    UNREADABLE = "unreadable"
    SAVING = "saving"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return {
            "reading": _l("Being read"),
            "previewed": _l("Waiting for your word"),
            "unreadable": _l("Could not be read"),
            "saving": _l("Being saved"),
            "imported": _l("Imported"),
        }[self.value]


class RowStatus(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return {
            "new": _l("New"),
            "changed": _l("Changed"),
            "unchanged": _l("Unchanged"),
            "refused": _l("Refused"),
        }[self.value]


class Upload(OwnedByUnion, db.Model):
    """One file somebody sent, with what would come of it. The content is forgotten after two days."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int | None]  # what it is imported into (a round), where the kind needs it
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    options: Mapped[dict[str, Any]]
    state: Mapped[UploadState] = mapped_column(default=UploadState.READING)
    report: Mapped[dict[str, Any]]
    job_id: Mapped[int | None]
    uploaded_at: Mapped[datetime]


@dataclass
class Outcome:
    """What comes of one row. `changes` are (column, before, after) as shown to people."""

    number: int
    status: RowStatus
    label: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Importer:
    """How one kind of file becomes records.

    `apply(upload, rows, now)` writes (flushes, never commits) and returns an outcome for every row it was given, the
    refused ones included; rows with problems of reading are refused before and not passed on. It runs in the
    language of who sent the file, so that `changes` may be put in words.
    """

    columns: Sequence[Column]
    reading: Callable[[Upload, date], Reading]
    apply: Callable[[Upload, Sequence[Row], datetime], list[Outcome]]


_importers: dict[str, Importer] = {}


def importer(kind: str, how: Importer) -> None:
    _importers[kind] = how


def refused(row: Row, message: str, *, cell: str = "", column: str = "", **params: Any) -> Outcome:
    """A row that cannot be taken for the reason `message` (marked with N_, with %(name)s places)."""
    problem = CellProblem(cell or f"A{row.number}", column, message, params, "")
    return Outcome(row.number, RowStatus.REFUSED, label_of(row), problems=[_packed(problem)])


def label_of(row: Row) -> str:
    return str(row.values.get("name") or row.values.get("email") or "")


def _packed(problem: CellProblem) -> dict[str, Any]:
    params = {
        name: {"day": v.isoformat()} if isinstance(v, date) else v for name, v in problem.params.items()
    }
    return {"cell": problem.cell, "message": problem.message_key, "params": params, "text": problem.text}


def say(problem: dict[str, Any]) -> str:
    """One stored problem as a sentence in the reader's language."""
    params = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) and "day" in value else value
        for name, value in problem["params"].items()
    }
    return sentence(problem["message"], params, _, format_day)


def upload(
    kind: str,
    file: bytes,
    filename: str,
    *,
    by: Any,
    now: datetime,
    target_id: int | None = None,
    options: dict[str, Any] | None = None,
) -> Upload:
    """Keep the file and have it read; returns at once. Raises `Refused` when it is empty."""
    if not file:
        raise Refused(_("The file is empty."))
    row = Upload(
        kind=kind,
        union_id=by.union_id,
        member_id=by.id,
        target_id=target_id,
        filename=filename[-200:] or "file",
        content=file,
        options={"locale": by.locale, **(options or {})},
        report={},
        uploaded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    row.job_id = jobs.enqueue("import.read", {"upload": row.id, "commit": False}, now=now).id
    return row


def confirm(row: Upload, *, without_refused: bool, by: Any, now: datetime) -> None:
    """Write what the preview showed. With refused rows in the file the rest is taken only when asked.

    Raises `Refused` then, and when the file does not wait for a word any more.
    """
    db.session.refresh(row, ["state", "report"], with_for_update=True)
    if row.state is not UploadState.PREVIEWED:
        raise Refused(_(DECIDED))
    if row.report["counts"].get("refused") and not without_refused:
        raise Refused(
            _("Some rows were refused. Mend the file, or say that the rest may be imported without them.")
        )
    row.state = UploadState.SAVING
    row.job_id = jobs.enqueue("import.read", {"upload": row.id, "commit": True}, now=now).id
    record("import.confirmed", row, by=by, at=now, importer=row.kind)


def discard(row: Upload, *, by: Any, now: datetime) -> None:
    """Forget the file. Raises `Refused` once it has been confirmed."""
    db.session.refresh(row, ["state"], with_for_update=True)
    if row.state in (UploadState.SAVING, UploadState.IMPORTED):
        raise Refused(_(DECIDED))
    record("import.discarded", row, by=by, at=now, importer=row.kind)
    db.session.delete(row)


@jobs.job("import.read", stepwise=True)
def read(run: jobs.Run) -> None:
    """Read the whole file outside any transaction, then write it in one: kept, or rolled back after the report."""
    commits = bool(run.payload["commit"])
    with run.step():
        row = db.session.get(Upload, run.payload["upload"])
        if row is None or (commits and row.state is not UploadState.SAVING):
            found = None
        else:
            found = (
                row.content,
                row.filename,
                _importers[row.kind].reading(row, clock.now().date()),
                row.kind,
            )
    if found is None:  # discarded meanwhile, or imported already
        with run.finish():
            return
    content, filename, reading, kind = found
    try:
        report, rows = _read_rows(run, content, filename, reading, _importers[kind].columns)
    except Unreadable as fault:
        problem = CellProblem(fault.cell, "", fault.message, fault.params, "")
        _store(run, UploadState.UNREADABLE, {"problem": _packed(problem), "counts": {}})
        return
    usable = [row for row in rows if not row.problems]
    if commits:
        with run.finish():
            row = db.session.get_one(Upload, run.payload["upload"], with_for_update=True)
            if row.state is UploadState.SAVING:
                _fill(report, rows, _apply(row, usable))
                row.report, row.state, row.content = report, UploadState.IMPORTED, b""
        return
    outcomes: list[Outcome] = []
    try:
        with run.step():
            outcomes = _apply(db.session.get_one(Upload, run.payload["upload"]), usable)
            raise _RollBack
    except _RollBack:
        pass
    _fill(report, rows, outcomes)
    _store(run, UploadState.PREVIEWED, report)


class _RollBack(Exception):
    """Undo the write of a preview."""


def _apply(row: Upload, usable: Sequence[Row]) -> list[Outcome]:
    with acting_for(row.union_id), in_locale(row.options.get("locale", DEFAULT)):
        outcomes = _importers[row.kind].apply(row, usable, clock.now())
        db.session.flush()
        return outcomes


def _limits() -> Limits:
    """On SQLite everybody else waits while a file is written: no file may take as long as they are ready to wait."""
    return Limits(max_rows=10_000) if db.engine.dialect.name == "sqlite" else Limits()


def _read_rows(
    run: jobs.Run, content: bytes, filename: str, reading: Reading, columns: Sequence[Column]
) -> tuple[dict[str, Any], list[Row]]:
    rows: list[Row] = []
    run.progress(0.0, "reading")
    with open_table(BytesIO(content), columns, reading, limits=_limits()) as table:
        for row in table:
            rows.append(row)
            if len(rows) % REPORT_EVERY == 0:
                run.progress(0.9 * table.fraction_read, "reading")
        report = {
            "sheet": table.sheet,
            "other_sheets": table.other_sheets,
            "unknown": [heading.text for heading in table.unknown],
            "skipped": [asdict(skipped) for skipped in table.skipped],
            "notes": [_packed(note) for note in table.notes],
        }
    run.progress(0.9, "checking")
    return report, rows


def _fill(report: dict[str, Any], rows: Sequence[Row], outcomes: Sequence[Outcome]) -> None:
    unread = [
        Outcome(row.number, RowStatus.REFUSED, label_of(row), problems=[_packed(p) for p in row.problems])
        for row in rows
        if row.problems
    ]
    notes = {row.number: [_packed(note) for note in row.notes] for row in rows if row.notes}
    for outcome in outcomes:
        outcome.notes = notes.get(outcome.number, [])
    every = sorted([*unread, *outcomes], key=lambda outcome: outcome.number)
    report["rows"] = [asdict(outcome) for outcome in every]
    report["counts"] = Counter(outcome.status.value for outcome in every)


def _store(run: jobs.Run, state: UploadState, report: dict[str, Any]) -> None:
    with run.finish():
        row = db.session.get(Upload, run.payload["upload"])
        if row is not None:
            row.report, row.state = report, state


@jobs.periodic(seconds=3600)
def forget_old_uploads() -> None:
    db.session.execute(delete(Upload).where(Upload.uploaded_at < clock.now() - KEPT))
