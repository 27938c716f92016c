"""Invitations, roles and rosters: an administrator's work, for one union only."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import clock, imports, jobs
from portal.accounts import actions, queries
from portal.accounts.models import Country, Local, Member, Standing
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from tests.conftest import MONDAY

FILES = Path(__file__).parent / "files"


@pytest.fixture
def admin(make):
    return make.member("Admin Ejemplo", "administrator", union="usw")


def invite(admin, now=MONDAY, **changes):
    queries.member_or_404(admin.id)  # with its union, as the page has it
    wishes = {
        "email": "Nueva@example.org",
        "name": "Nueva Ejemplo",
        "standing": Standing.STAFF,
        "local": None,
        "roles": ["learner"],
        "locale": "es_MX",
    }
    return actions.invite(by=admin, now=now, **{**wishes, **changes})


def link_in(outbox):
    letter = max(outbox.glob("*.eml")).read_text().replace("=\n", "")
    return re.search(r"http://localhost(/account/invitation/\S+)", letter).group(1)


def test_an_invitation_leads_by_its_letter_to_an_account(admin, browser, outbox):
    form = {
        "email": "nueva@example.org",
        "name": "Nueva Ejemplo",
        "standing": "staff",
        "local": admin.local_id,
        "locale": "es_MX",
        "roles": ["learner", "instructor"],
    }
    assert browser.as_(admin).post("/account/invitations", form).status_code == 303
    jobs.work_off()
    link = link_in(outbox)
    answers = {
        "name": "Nueva Ejemplo",
        "password": "tres palabras sueltas",
        "locale": "es_MX",
        "zone": "America/Toronto",
    }

    assert browser.get(link).status_code == 200
    assert browser.post(link, answers).status_code == 303

    member = db.session.scalars(select(Member).where(Member.email == "nueva@example.org")).one()
    assert (member.union_id, member.roles, member.zone) == (
        admin.union_id,
        frozenset({"learner", "instructor"}),
        "America/Toronto",
    )
    assert "Welcome, Nueva Ejemplo." in browser.get("/account/profile").text
    assert browser.get(link).status_code == 404


def test_an_invitation_works_for_fourteen_days_and_until_it_is_withdrawn(admin):
    first = invite(admin)
    assert queries.is_open(first, MONDAY + timedelta(days=13, hours=23))
    assert not queries.is_open(first, MONDAY + timedelta(days=14))

    second = invite(admin)
    assert not queries.is_open(first, MONDAY)

    actions.withdraw_invitation(second, by=admin, now=MONDAY)
    assert not queries.is_open(second, MONDAY)


def test_a_member_of_ones_own_union_is_not_invited_again_but_of_the_other_nothing_is_said(admin, make):
    make.member("Ana Ejemplo", email="ana@example.org", password_hash="hers")
    make.member("Luz Ejemplo", email="luz@example.org", union="mineros")

    with pytest.raises(Refused, match="has this address already"):
        invite(admin, email="ana@example.org")
    invitation = invite(admin, email="luz@example.org")
    with pytest.raises(Refused, match="has an account already"):
        actions.accept_invitation(
            invitation, name="Luz", password="x" * 12, locale="en", zone="America/Toronto", now=MONDAY
        )


def test_somebody_the_roster_brought_gets_in_by_an_invitation_and_stays_the_same_person(
    admin, make, browser, outbox
):
    ana = make.member("Ana Ejemplo", "instructor", email="ana@example.org")
    office = browser.as_(admin)
    assert "has no account yet" in office.get(f"/account/people/{ana.id}").text

    assert office.post(f"/account/people/{ana.id}/invite").status_code == 303
    jobs.work_off()
    answers = {"name": "Ana Ejemplo", "password": "x" * 12, "locale": "en", "zone": "America/Toronto"}
    assert browser.post(link_in(outbox), answers).status_code == 303

    assert db.session.query(Member).filter_by(email="ana@example.org").one().id == ana.id
    assert (ana.roles, ana.zone) == ({"instructor"}, "America/Toronto")
    assert actions.authenticate("ana@example.org", "x" * 12) is ana
    assert office.post(f"/account/people/{ana.id}/invite").status_code == 422


def test_all_who_have_no_account_are_invited_at_once_and_each_once(admin, make, browser, outbox):
    admin.password_hash = "somebody's"
    for number in range(3):
        make.member(f"Persona {number} Ejemplo")
    make.member("Cerrada Ejemplo", is_active=False)
    make.member("Luz Muestra", union="mineros")
    office = browser.as_(admin)
    assert "3 people on your roster have no account yet" in office.get("/account/invitations").text

    for _time in range(2):
        assert office.post("/account/invitations/rest").status_code == 303
        jobs.work_off()

    assert len(list(outbox.glob("*.eml"))) == 3
    assert "no account yet" not in office.get("/account/invitations").text


def test_a_closed_account_is_not_invited_and_a_stranger_with_its_link_does_not_open_it(admin, make):
    ana = make.member("Ana Ejemplo", email="ana@example.org")
    invitation = invite(admin, email="ana@example.org")
    actions.set_active(ana, False, by=admin, now=MONDAY)

    with pytest.raises(Refused, match="is closed"):
        invite(admin, email="ana@example.org")
    with pytest.raises(Refused, match="has an account already"):
        actions.accept_invitation(
            invitation, name="Ana", password="x" * 12, locale="en", zone="America/Toronto", now=MONDAY
        )


def test_roles_are_granted_and_taken_but_not_ones_own_administration(admin, make):
    ana = make.member("Ana Ejemplo")

    actions.set_roles(ana, ["instructor", "coordinator"], by=admin, now=MONDAY)

    assert ana.roles == {"instructor", "coordinator"}
    with pytest.raises(Refused, match="your own administrator role"):
        actions.set_roles(admin, ["learner"], by=admin, now=MONDAY)


def test_a_closed_account_is_signed_out_at_once_and_can_be_opened_again(admin, make, browser):
    ana = make.member("Ana Ejemplo")
    hers, office = browser.as_(ana), browser.as_(admin)

    office.post(f"/account/people/{ana.id}/close")
    assert hers.get("/account/profile").status_code == 303

    office.post(f"/account/people/{ana.id}/open")
    assert browser.as_(ana).get("/account/profile").status_code == 200


def test_the_trail_names_ones_own_people_and_of_the_other_union_only_that_it_was_them(admin, make, browser):
    luz = make.member("Luz Muestra", "instructor", union="mineros")
    for actor in (admin, luz, None):
        record("probe.done", admin, by=actor, at=MONDAY)

    text = browser.as_(admin).get("/account/trail").text

    assert "Luz" not in text
    assert [text.count(who) for who in ("Somebody of the other union", "Relevo itself")] == [1, 1]


def test_an_administrator_sees_their_own_union_only(admin, make, browser):
    make.member("Ana Ejemplo")
    luz = make.member("Luz Muestra", union="mineros")
    office = browser.as_(admin)

    listed = office.get("/account/people").text

    assert "Ana Ejemplo" in listed
    assert "Luz Muestra" not in listed
    assert office.get(f"/account/people/{luz.id}").status_code == 404
    assert office.post(f"/account/people/{luz.id}/roles", {"roles": ["administrator"]}).status_code == 404
    assert luz.roles == {"learner"}


@pytest.mark.parametrize("role", ["learner", "instructor", "coordinator", "commission"])
@pytest.mark.parametrize("page", ["people", "invitations", "trail", "roster"])
def test_only_administrators_come_to_these_pages(make, browser, role, page):
    assert browser.as_(make.member("Ana Ejemplo", role)).get(f"/account/{page}").status_code == 404


def test_a_long_list_of_people_costs_as_many_statements_as_a_short_one(admin, make, browser, statements):
    office = browser.as_(admin)
    with statements() as few:
        office.get("/account/people")
    db.session.add_all(
        Member(
            union_id=admin.union_id,
            name=f"Person {number}",
            email=f"person{number}@example.org",
            standing=Standing.STAFF,
            joined_at=MONDAY,
        )
        for number in range(300)
    )
    db.session.commit()
    with statements() as many:
        office.get("/account/people")

    assert len(many) == len(few) <= 8


# --- rosters -------------------------------------------------------------------------------------


@pytest.fixture
def roster_locals(make):
    """The locals the committed files speak of, beside the fixtures' own."""
    return lambda code, *numbers: [
        make.add(
            Local(
                union_id=make.union(code).id,
                number=number,
                name=f"Local {number}",
                city=f"City {number}",
                region="Region",
                country=Country.MX if code == "mineros" else Country.US,
                zone="America/Hermosillo" if code == "mineros" else "America/New_York",
                sector="steel",
                employer="Example Works",
            )
        )
        for number in numbers
    ]


def roster(*rows, header="Name;E-mail;Local;Standing"):
    return "\n".join([header, *rows]).encode()


def read(content, admin, filename="roster.csv"):
    upload = imports.upload("roster", content, filename, by=admin, now=clock.now())
    db.session.commit()
    jobs.work_off()
    db.session.expire_all()
    return upload


def take(upload, admin, *, without_refused=True):
    imports.confirm(upload, without_refused=without_refused, by=admin, now=clock.now())
    db.session.commit()
    jobs.work_off()
    db.session.expire_all()
    return upload


def test_the_preview_says_what_would_happen_and_writes_nothing(admin, make):
    make.member("Ana Ejemplo", email="ana@example.org", standing=Standing.STAFF)
    make.member("Bea Ejemplo", email="bea@example.org", standing=Standing.STAFF)

    upload = read(
        roster(
            "Ana Ejemplo;ana@example.org;1557;staff",
            "Beatriz Ejemplo;bea@example.org;1557;officer",
            "Nuevo Ejemplo;nuevo@example.org;1557;member",
            "Nadie Ejemplo;nadie;1557;member",
            "Otro Ejemplo;otro@example.org;9999;member",
        ),
        admin,
    )

    assert upload.state is imports.UploadState.PREVIEWED
    assert [row["status"] for row in upload.report["rows"]] == [
        "unchanged",
        "changed",
        "new",
        "refused",
        "refused",
    ]
    assert upload.report["rows"][3]["problems"][0]["cell"] == "B5"
    assert db.session.query(Member).count() == 3


def test_confirming_writes_what_the_preview_showed_and_the_same_file_then_changes_nothing(admin):
    content = roster(
        "Nueva Ejemplo;nueva@example.org;1557;staff", "Otra Ejemplo;otra@example.org;1557;member"
    )

    upload = take(read(content, admin), admin)

    assert upload.state is imports.UploadState.IMPORTED
    assert upload.content == b""
    assert upload.report["counts"] == {"new": 2}
    assert read(content, admin).report["counts"] == {"unchanged": 2}


def test_refused_rows_hold_the_rest_back_until_it_is_asked_for(admin):
    upload = read(
        roster("Nueva Ejemplo;nueva@example.org;1557;staff", "Nadie Ejemplo;nadie;1557;staff"), admin
    )

    with pytest.raises(Refused, match="Some rows were refused"):
        imports.confirm(upload, without_refused=False, by=admin, now=MONDAY)
    take(upload, admin)

    assert [member.name for member in db.session.scalars(select(Member).order_by(Member.id))] == [
        "Admin Ejemplo",
        "Nueva Ejemplo",
    ]


def test_an_address_of_the_other_union_is_refused_without_saying_whose_it_is(admin, make):
    make.member("Luz Muestra", email="luz@example.org", union="mineros")

    upload = read(roster("Luz Otra;luz@example.org;1557;staff"), admin)

    assert upload.report["counts"] == {"refused": 1}
    assert "Muestra" not in str(upload.report)


def test_an_address_given_twice_is_used_once(admin):
    upload = read(
        roster("Una Ejemplo;una@example.org;1557;staff", "Dos Ejemplo;UNA@example.org;1557;staff"), admin
    )
    assert [row["status"] for row in upload.report["rows"]] == ["new", "refused"]


def test_a_roster_never_takes_roles_or_standing_away(admin, make):
    ana = make.member("Ana Ejemplo", "coordinator", email="ana@example.org")
    take(read(roster("Ana Ejemplo;ana@example.org;1557", header="Name;E-mail;Local"), admin), admin)
    assert (ana.roles, ana.standing) == ({"coordinator"}, Standing.STAFF)


@pytest.mark.parametrize(
    ("name", "code"),
    [("usw-district-99.xlsx", "usw"), ("metallos-quebec.csv", "usw"), ("mineros-seccion-65.csv", "mineros")],
)
def test_the_files_of_real_offices_go_in_whole_and_the_second_time_change_nothing(
    make, roster_locals, name, code
):
    admin = make.member("Admin Ejemplo", "administrator", union=code)
    content = (FILES / name).read_bytes()
    preview = read(content, admin, name)
    missing = {
        problem["params"]["text"]
        for row in preview.report["rows"]
        for problem in row["problems"]
        if problem["message"].startswith("Your union has no local")
    }
    roster_locals(code, *sorted({number for text in missing for number in re.findall(r"\d[\d-]*", text)}))

    first = take(read(content, admin, name), admin)
    second = take(read(content, admin, name), admin)

    assert first.report["counts"]["new"] >= 180
    assert second.report["counts"].get("new", 0) == 0
    assert second.report["counts"].get("changed", 0) == 0
    assert first.report["counts"].get("refused", 0) == second.report["counts"].get("refused", 0) <= 40


def test_the_roster_is_imported_by_its_pages(admin, browser):
    office = browser.as_(admin)
    file = (
        BytesIO(roster("Nueva Ejemplo;nueva@example.org;1557;staff", "Nadie;nadie;1557;staff")),
        "lista.csv",
    )
    preview = office.post("/account/roster", {"file": file}, content_type="multipart/form-data")

    assert "Waiting for its turn" in office.get(preview.location).text
    jobs.work_off()
    text = office.get(preview.location).text
    assert "1 new" in text
    assert "B3" in text

    assert office.post(f"{preview.location}/confirm").status_code == 422
    office.post(f"{preview.location}/confirm", {"without_refused": "y"})
    jobs.work_off()
    assert "Imported." in office.get(preview.location).text
    assert "Nueva Ejemplo" in office.get("/account/people").text


def test_a_file_is_imported_once_however_often_it_is_confirmed(admin):
    upload = read(roster("Nueva Ejemplo;nueva@example.org;1557;staff"), admin)
    imports.confirm(upload, without_refused=False, by=admin, now=clock.now())
    jobs.enqueue("import.read", {"upload": upload.id, "commit": True}, now=clock.now())
    db.session.commit()
    jobs.work_off()
    db.session.expire_all()

    assert (upload.state, upload.report["counts"]) == (imports.UploadState.IMPORTED, {"new": 1})
    for decide in (
        lambda **by: imports.confirm(upload, without_refused=True, **by),
        partial(imports.discard, upload),
    ):
        with pytest.raises(Refused, match="confirmed or dropped already"):
            decide(by=admin, now=MONDAY)


def test_a_long_roster_is_written_together_and_not_row_by_row(admin, statements):
    rows = [f"Persona Ejemplo {chr(97 + n % 26)};p{n}@example.org;1557;staff" for n in range(400)]

    with statements() as seen:
        upload = read(roster(*rows), admin)

    assert upload.report["counts"] == {"new": 400}
    assert sum(statement.startswith("INSERT INTO role") for statement in seen) == 1


def test_changes_are_told_in_the_words_of_who_sent_the_file(admin, make, roster_locals):
    roster_locals("usw", "937")
    admin.locale = "es_MX"
    make.member("Ana Ejemplo", email="ana@example.org", standing=Standing.MEMBERSHIP)

    upload = read(roster("Ana Ejemplo;ana@example.org;937;staff"), admin)

    assert upload.report["rows"][0]["changes"] == [
        ["Sección", "Local 1557", "Local 937"],
        ["Situación", "Agremiado/a", "Personal del sindicato"],
    ]


def test_a_city_with_several_locals_is_asked_about(admin, roster_locals):
    for local in roster_locals("usw", "937", "938"):
        local.city = "Tucson"

    upload = read(roster("Una Ejemplo;una@example.org;Tucson;staff"), admin)

    problem = upload.report["rows"][0]["problems"][0]
    assert imports.say(problem) == "Your union has several locals in “Tucson”: 937, 938. Write the number."


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Name;E-mail;Local", f"{'a' * 121};una@example.org;1557"),
        ("First name;Last name;E-mail;Local", f"{'a' * 80};{'b' * 80};una@example.org;1557"),
    ],
)
def test_a_name_longer_than_there_is_room_for_is_refused_in_its_row(admin, header, row):
    upload = read(roster(row, header=header), admin)

    assert upload.report["counts"] == {"refused": 1}
    assert "the most that fits is 120" in imports.say(upload.report["rows"][0]["problems"][0])


def test_the_preview_shows_what_was_passed_over_and_what_to_look_at(admin, browser):
    content = roster(
        "Nueva Ejemplo;nueva@example.org;1557;call me", "Total;1;;", header="Name;E-mail;Local;Telephone"
    )

    text = browser.as_(admin).get(f"/account/roster/{read(content, admin).id}").text

    assert "1 row was passed over" in text
    assert "D2 “call me” is not a telephone number in digits." in text


def test_another_union_never_sees_an_upload(admin, make, browser):
    upload = read(roster("Nueva Ejemplo;nueva@example.org;1557;staff"), admin)
    other = browser.as_(make.member("Sol Muestra", "administrator", union="mineros"))

    assert other.get(f"/account/roster/{upload.id}").status_code == 404
    assert other.post(f"/account/roster/{upload.id}/confirm").status_code == 404


@pytest.mark.parametrize(
    ("content", "filename"),
    [(b"%PDF-1.7 ...", "roster.csv"), (b"PK\x03\x04broken", "roster.xlsx"), (b"\x00" * 99, "r.csv")],
)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(admin, browser, content, filename):
    upload = read(content, admin, filename)

    assert upload.state is imports.UploadState.UNREADABLE
    assert "could not be read" in browser.as_(admin).get(f"/account/roster/{upload.id}").text


def test_a_form_without_a_file_says_so(admin, browser):
    assert "Choose a file first." in browser.as_(admin).post("/account/roster", {}).text


def test_on_sqlite_a_file_too_long_to_be_written_while_others_wait_is_to_be_split(admin):
    rows = [f"Person Example;person{number}@example.org;1557;staff" for number in range(10_001)]

    upload = read(roster(*rows), admin)

    if db.engine.dialect.name != "sqlite":  # PostgreSQL lets others write meanwhile
        assert upload.report["counts"] == {"new": 10_001}
        return
    assert upload.state is imports.UploadState.UNREADABLE
    assert "more than 10000 rows" in imports.say(upload.report["problem"])
