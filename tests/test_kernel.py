"""The edge keeps its promises: one commit, no write without a rule, one effect a form, nothing hidden leaks."""

from __future__ import annotations

import contextvars
import gzip
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern

import brotli
import pytest
from flask import Flask, make_response
from psycopg.errors import DiskFull
from sqlalchemy import event, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from portal import clock, create_app, events, jobs, mail
from portal.accounts.models import Member, Union
from portal.database import is_outage, transaction, writing
from portal.errors import Hidden, Refused, SignInNeeded
from portal.extensions import db
from portal.policy import Permission, allows, authorize, me
from portal.tenancy import acting_for
from portal.web import local_path, seen
from tests.conftest import MONDAY
from tests.pages import Browser


@pytest.fixture
def probes(app: Flask) -> Iterator[Browser]:
    """A stranger's browser at a portal with views of the test's own."""
    portal = create_app(app.extensions["relevo"])

    def rename(name: str, *, rule: bool = True, refuse: bool = False) -> object:
        if rule:
            authorize(Permission.SIGNED_IN)
        member = db.session.get(Member, me().id)
        assert member is not None
        member.name = name
        db.session.flush()
        if refuse:
            raise Refused("Not today.")
        return seen("index")

    views = {
        "/probe/<name>": rename,
        "/probe/careless/<name>": lambda name: rename(name, rule=False),
        "/probe/refused/<name>": lambda name: rename(name, refuse=True),
        "/probe/count": count_up,
        "/probe/once": only_once,
        "/probe/twin": twin,
    }
    for address, view in views.items():
        portal.add_url_rule(address, address, view, methods=["POST"])
    yield Browser(portal)
    with portal.app_context():
        db.engine.dispose()


def count_up() -> object:
    authorize(Permission.SIGNED_IN)
    jobs.enqueue("probe", {}, now=MONDAY)
    return seen("index")


def only_once() -> object:
    """Puts the refusal on the page itself, as forms do."""
    authorize(Permission.SIGNED_IN)
    if db.session.query(jobs.Job).count():
        return make_response("There is one already.", 422)
    return count_up()


def twin() -> object:
    """Claims success with a row still unwritten that the database will not take."""
    authorize(Permission.SIGNED_IN)
    db.session.add(Union(code="usw", name="Twin", short_name="Twin"))
    return seen("index")


def names() -> list[str]:
    return list(db.session.scalars(select(Member.name)))


def test_a_successful_write_is_committed_at_the_edge(probes, make):
    ana = make.member("Ana Ejemplo")

    response = probes.as_(ana).post("/probe/Luz")

    assert (response.status_code, response.location) == (303, "/")
    assert names() == ["Luz"]


def test_a_write_that_asked_no_rule_does_not_commit(probes, make):
    ana = make.member("Ana Ejemplo")

    response = probes.as_(ana).post("/probe/careless/Luz")

    assert response.status_code == 500
    assert names() == ["Ana Ejemplo"]


def test_a_refused_write_leaves_nothing_and_says_why(probes, make):
    ana = make.member("Ana Ejemplo")

    response = probes.as_(ana).post("/probe/refused/Luz")

    assert response.status_code == 422
    assert "Not today." in response.text
    assert names() == ["Ana Ejemplo"]


def test_the_same_form_twice_has_one_effect_and_one_answer(probes, make):
    device = probes.as_(make.member())

    first = device.post("/probe/count", key="same")
    second = device.post("/probe/count", key="same")

    assert [(r.status_code, r.location) for r in (first, second)] == [(303, "/")] * 2
    assert db.session.query(jobs.Job).count() == 1


def test_a_form_sent_twice_gets_its_first_answer_though_the_second_is_refused(probes, make):
    device = probes.as_(make.member())

    first = device.post("/probe/once", key="same")
    second = device.post("/probe/once", key="same")

    assert [(r.status_code, r.location) for r in (first, second)] == [(303, "/")] * 2
    assert device.post("/probe/once", key="other").status_code == 422


def test_a_write_the_database_refuses_at_the_last_moment_is_never_called_a_success(probes, make):
    device = probes.as_(make.member())

    assert device.post("/probe/twin").status_code == 422


def test_changed_input_under_an_old_key_is_a_new_form(probes, make):
    device = probes.as_(make.member())

    device.post("/probe/count", {"day": "Monday"}, key="same")
    device.post("/probe/count", {"day": "Tuesday"}, key="same")

    assert db.session.query(jobs.Job).count() == 2


def test_two_people_may_use_the_same_key(probes, make):
    for name in ("Ana Ejemplo", "Luz Ejemplo"):
        probes.as_(make.member(name)).post("/probe/count", key="same")

    assert db.session.query(jobs.Job).count() == 2


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({"Origin": "https://elsewhere.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({}, {"csrf_token": "forged"}),
        ({}, {"idempotency_key": ""}),
    ],
)
def test_a_write_from_elsewhere_or_without_its_hidden_fields_is_refused(probes, make, headers, data):
    device = probes.as_(make.member())

    response = device.post("/probe/Luz", data, headers=headers)

    assert response.status_code == 403
    assert names() == ["Ana Ejemplo"]


def test_every_answer_carries_the_security_headers(browser):
    headers = browser.get("/").headers

    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Target", "Cookie", "Accept-Language"} <= {
        v.strip() for v in headers["Vary"].split(",")
    }


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/spanish?x=1", "/spanish?x=1"),
        ("http://localhost/spanish", "/spanish"),
        ("https://elsewhere.example/x", None),
        ("//elsewhere.example/x", None),
        ("/\\elsewhere.example", None),
        ("javascript:alert(1)", None),
        ("spanish", None),
        ("/a\nb", None),
        ("", None),
        (None, None),
    ],
)
def test_nobody_is_sent_to_another_site(app, address, path):
    with app.test_request_context("/"):
        assert local_path(address) == path


def test_a_stranger_is_sent_to_sign_in_and_a_member_sees_a_404(app, make):
    with app.test_request_context("/"), pytest.raises(SignInNeeded):
        authorize(Permission.AUDIT_READ)
    ana = make.member()
    assert not allows(Permission.AUDIT_READ, actor=ana)
    with app.test_request_context("/"):
        app.login_manager._update_request_context_with_user(ana)
        with pytest.raises(Hidden):
            authorize(Permission.AUDIT_READ)


def test_a_permission_without_a_rule_is_denied(make, monkeypatch):
    from portal.policy import RULES

    monkeypatch.delitem(RULES, Permission.AUDIT_READ)
    assert not allows(Permission.AUDIT_READ, actor=make.member("Ana Ejemplo", "administrator"))


def test_queries_see_only_the_union_of_the_person_acting(make):
    make.member("Ana Ejemplo", union="usw")
    luz = make.member("Luz Ejemplo", union="mineros")

    with acting_for(luz.union_id):
        assert names() == ["Luz Ejemplo"]
        assert db.session.scalars(select(Member)).all() == [luz]
    with acting_for(-1):
        assert names() == []


def test_bulk_writes_are_narrowed_to_the_union_too(make):
    ana = make.member("Ana Ejemplo", union="usw")
    make.member("Luz Ejemplo", union="mineros")

    with acting_for(ana.union_id):
        db.session.execute(db.update(Member).values(name="Changed"))

    assert sorted(names()) == ["Changed", "Luz Ejemplo"]


def test_events_are_sealed_in_one_chain_a_union(make):
    ana, luz = make.member("Ana Ejemplo"), make.member("Luz Ejemplo", union="mineros")
    for member in (ana, luz, ana):
        events.record("probe.done", member, by=member, at=MONDAY, number=1)

    assert events.seal() == 3

    db.session.commit()
    chains = db.session.execute(
        select(events.Seal.chain, events.Seal.position).order_by(events.Seal.event_id)
    ).all()
    assert [tuple(row) for row in chains] == [(ana.union_id, 1), (luz.union_id, 1), (ana.union_id, 2)]
    assert events.first_broken_link(ana.union_id) is None


@pytest.mark.parametrize("change", ["UPDATE event SET kind = 'other'", "DELETE FROM event"])
def test_the_database_refuses_to_change_what_happened(make, change):
    ana = make.member()
    events.record("probe.done", ana, by=ana, at=MONDAY)
    db.session.commit()

    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(text(change))
    db.session.rollback()


def test_a_job_runs_once_and_its_writes_are_one_with_the_mark_done(make):
    make.member("Ana Ejemplo")

    @jobs.job("probe.rename")
    def rename(run: jobs.Run) -> None:
        db.session.execute(db.update(Member).values(name=run.payload["name"]))

    with transaction():
        jobs.enqueue("probe.rename", {"name": "Luz"}, now=MONDAY)

    assert jobs.work_off(now=MONDAY) == 1
    assert jobs.work_off(now=MONDAY) == 0
    assert names() == ["Luz"]


def test_a_failed_job_writes_nothing_keeps_no_names_and_is_tried_again(make, caplog):
    make.member("Ana Ejemplo")

    @jobs.job("probe.fail")
    def fail(_run: jobs.Run) -> None:
        db.session.execute(db.update(Member).values(name="Half"))
        raise ValueError("Ana Ejemplo")

    with transaction():
        row = jobs.enqueue("probe.fail", {}, now=MONDAY)
    run = jobs.claim(MONDAY)
    assert run is not None

    jobs.perform(run)

    assert names() == ["Ana Ejemplo"]
    assert "ValueError at" in caplog.text
    assert "Ana Ejemplo" not in caplog.text
    db.session.refresh(row)
    assert (row.state, row.error, row.attempts) == (jobs.JobState.QUEUED, "ValueError", 1)


def test_a_job_whose_worker_died_is_taken_over_and_the_dead_one_can_write_nothing(make):
    with transaction():
        row = jobs.enqueue("probe.lost", {}, now=MONDAY)
    first = jobs.claim(MONDAY)
    assert jobs.claim(MONDAY) is None
    with transaction():
        row.lease_until = MONDAY - timedelta(seconds=1)

    second = jobs.claim(MONDAY)

    assert second is not None
    assert second.id == first.id
    with pytest.raises(jobs.LeaseLost), first.finish():
        pass
    with second.finish():
        pass


def test_a_job_that_every_worker_dies_of_is_given_up_after_five(make):
    with transaction():
        row = jobs.enqueue("probe.deadly", {}, now=MONDAY)
    later = MONDAY
    for _worker in range(jobs.MOST_ATTEMPTS):
        assert jobs.claim(later) is not None
        later += jobs.LEASE + timedelta(seconds=1)

    assert jobs.claim(later) is None

    db.session.refresh(row)
    assert (row.state, row.finished_at) == (jobs.JobState.FAILED, later)


def test_what_a_failed_job_was_about_is_forgotten_after_a_week(make):
    ended = clock.now() - jobs.PAYLOAD_KEPT
    for hours in (-1, 1):
        make.add(
            jobs.Job(
                kind="mail.send",
                payload={"email": "ana@example.org"},
                state=jobs.JobState.FAILED,
                created_at=ended,
                run_at=ended,
                finished_at=ended + timedelta(hours=hours),
            )
        )

    jobs.forget_old_payloads()

    assert [row.payload for row in db.session.scalars(select(jobs.Job).order_by(jobs.Job.id))] == [
        {},
        {"email": "ana@example.org"},
    ]


def test_a_letter_that_takes_long_holds_nobody_else_up(app, make):
    ana = make.member("Ana Ejemplo")
    written: list[str] = []

    class Slow(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with db.engine.connect() as other, writing(), other.begin():
                other.execute(db.update(Member).values(name="Written meanwhile"))
                written.append("yes")

    with socketserver.TCPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=contextvars.copy_context().run, args=(server.handle_request,))
        thread.start()
        settings = app.extensions["relevo"]
        app.extensions["relevo"] = replace(settings, mail_url=f"smtp://127.0.0.1:{server.server_address[1]}")
        try:
            with transaction():
                mail.send("password_reset", to=ana, now=MONDAY, link="x")
            run = jobs.claim(MONDAY)
            assert run is not None
            jobs.perform(run)
        finally:
            app.extensions["relevo"] = settings
            thread.join(15)

    assert written == ["yes"]


def test_a_key_allows_one_job_for_one_cause(make):
    first = jobs.enqueue("probe", {}, now=MONDAY, key="seat-1")
    assert jobs.enqueue("probe", {}, now=MONDAY, key="seat-1") is first


def test_numbers_too_large_and_control_characters_in_addresses_are_not_found(browser):
    assert browser.get("/static/%00").status_code == 404
    assert browser.get("/no/such/page").status_code == 404


@pytest.mark.parametrize("address", ["/health", "/account/sign-in"])
def test_a_database_that_is_away_is_a_503_with_retry_after(app, address):
    settings = replace(app.extensions["relevo"], database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    stranded = create_app(settings).test_client()
    stranded.set_cookie("relevo", "somebody's", domain="localhost")

    response = contextvars.Context().run(stranded.get, address)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "<h1>" in response.text


@pytest.mark.parametrize(
    ("accepted", "encoding", "read"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_pages_leave_in_the_smallest_form_the_browser_takes(browser, accepted, encoding, read):
    plain = browser.get("/account/forgot").data
    response = browser.get("/account/forgot", headers={"Accept-Encoding": accepted})

    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"] or encoding is None
    assert read(response.data)[:200] == plain[:200]  # further down the hidden fields differ


def test_an_error_page_asks_the_database_nothing(make, browser, statements):
    device = browser.as_(make.member())

    with statements() as seen:
        response = device.get("/no/such/page")

    assert response.status_code == 404
    assert len(seen) == 1  # who is asking, before anything went wrong


def test_a_request_under_a_name_that_is_not_ours_is_turned_away(app):
    settings = replace(
        app.extensions["relevo"], environment="production", public_url="https://relevo.example"
    )
    portal = create_app(settings)

    answers = [
        contextvars.Context().run(portal.test_client().get, "/account/sign-in", base_url=f"https://{name}")
        for name in ("relevo.example", "elsewhere.example")
    ]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[0].headers["Strict-Transport-Security"].startswith("max-age=")
    with portal.app_context():
        db.engine.dispose()


def test_a_full_disk_is_a_503_and_writes_nothing(probes, make):
    device = probes.as_(make.member("Ana Ejemplo"))
    device.post("/probe/count")
    with probes.app.app_context():
        if db.engine.dialect.name != "sqlite":
            full = DiskFull("could not extend file: No space left on device")
            assert is_outage(OperationalError("INSERT", {}, full))  # filling the server's disk would be rude
            return

        @event.listens_for(db.engine, "begin")
        def no_room(connection: Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        db.engine.dispose()
    answers = [device.post("/probe/count", {"text": "x" * 1000}).status_code for _ in range(400)]

    assert set(answers) == {303, 503}
    assert db.session.query(jobs.Job).count() == 1 + answers.count(303)


def test_a_letter_is_written_in_the_language_of_its_reader_and_leaves_no_address_behind(make, outbox):
    ana = make.member("Ana Ejemplo", locale="es_MX")
    with transaction():
        mail.send("password_reset", to=ana, now=MONDAY, link="http://localhost/x")
    jobs.work_off(now=MONDAY)

    letter = message_from_bytes(next(outbox.glob("*.eml")).read_bytes(), policy=modern)
    assert (letter["To"], letter["Content-Language"]) == (ana.email, "es-MX")
    assert "http://localhost/x" in letter.get_content()
    assert db.session.scalars(select(jobs.Job)).one().payload == {}


def test_the_same_letter_asked_for_twice_leaves_once(make, outbox):
    ana = make.member()
    with transaction():
        for _ in range(2):
            mail.send("password_reset", to=ana, now=MONDAY, key="once", link="x")

    assert jobs.work_off(now=MONDAY) == 1


def test_letters_go_over_smtp_when_a_server_is_set(app, make):
    received: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            data = False
            while line := self.rfile.readline():
                if data:
                    received.append(line)
                    if line == b".\r\n":
                        data = False
                        self.wfile.write(b"250 ok\r\n")
                elif line.upper().startswith(b"DATA"):
                    data = True
                    self.wfile.write(b"354 go\r\n")
                elif line.upper().startswith(b"QUIT"):
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")

    ana = make.member()
    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        settings = app.extensions["relevo"]
        app.extensions["relevo"] = replace(settings, mail_url=f"smtp://127.0.0.1:{server.server_address[1]}")
        try:
            with transaction():
                mail.send("password_reset", to=ana, now=MONDAY, link="http://localhost/x")
            jobs.work_off(now=MONDAY)
        finally:
            app.extensions["relevo"] = settings
            thread.join(5)

    assert b"http://localhost/x\r\n" in received
