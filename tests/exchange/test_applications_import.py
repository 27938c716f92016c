"""Applications from the files of offices: a truthful preview, then on one's word; twice changes nothing."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import imports, jobs
from portal.exchange.models import Application
from portal.exchange.words import ApplicationState, RoundState
from portal.extensions import db
from portal.sheets import APPLICATIONS, Reading, open_table
from tests.exchange.people import CANARY

FILES = Path(__file__).parent / "files"
EXPECTED = json.loads((FILES / "expected.json").read_text(encoding="utf-8"))
CODES = {
    "usw-applications.xlsx": ("usw", [f"MX-{number}" for number in range(101, 106)]),
    "solicitudes-mineros.csv": ("mineros", ["US-201", "US-202", "US-203", "CA-301", "CA-302"]),
}
HEADINGS = "Correo;Nombre;Fechas;Idiomas;Ramo;Plazas;Pasaporte;Visa EE. UU.;Constancias;Intérprete\n"
ROW = (
    "luz@example.org;Luz Ejemplo;1 mar 2027 – 30 abr 2027;Inglés B1;minería;CLA-1;2031-05-02;2028-10-08;"
    "Primeros auxilios 2028-06-30;no\n"
)


def outcomes(upload) -> dict[int, str]:
    return {row["number"]: row["status"] for row in upload.report["rows"]}


def sent(exchange, content: bytes, by, filename="list.csv") -> imports.Upload:
    upload = imports.upload(
        "applications", content, filename, by=by, now=exchange.now, target_id=exchange.round.id
    )
    db.session.commit()
    jobs.work_off()
    db.session.refresh(upload)
    return upload


def confirmed(exchange, upload, by, *, without_refused=False) -> imports.Upload:
    imports.confirm(upload, without_refused=without_refused, by=by, now=exchange.now)
    db.session.commit()
    jobs.work_off()
    db.session.refresh(upload)
    return upload


@pytest.fixture
def luz(exchange, make):
    exchange.placement(exchange.host("usw", "Local 1557", "Clairton"), code="CLA-1")
    return make.member("Luz Ejemplo", union="mineros", email="luz@example.org", locale="es_MX")


def test_a_row_becomes_an_application_that_is_sent_in(exchange, luz):
    upload = sent(exchange, (HEADINGS + ROW).encode(), exchange.paz)
    assert outcomes(upload) == {2: "new"}
    assert db.session.query(Application).count() == 0

    confirmed(exchange, upload, exchange.paz)

    found = db.session.scalars(select(Application)).one()
    assert (found.member_id, found.union_id, found.state) == (
        luz.id,
        luz.union_id,
        ApplicationState.SUBMITTED,
    )
    assert found.windows == [["2027-03-01", "2027-04-30"]]
    assert found.languages == {"en": "B1"}
    assert found.sectors == ["mining"]
    assert len(found.prefs) == 1
    assert found.passport_until.isoformat() == "2031-05-02"
    assert found.entry["US"][1] == "2028-10-08"
    assert found.certificates == {"first_aid": "2028-06-30"}
    assert found.wants_interpreter is False


def test_the_same_file_twice_changes_nothing(exchange, luz):
    confirmed(exchange, sent(exchange, (HEADINGS + ROW).encode(), exchange.paz), exchange.paz)
    before = db.session.scalars(select(Application)).one().updated_at

    again = sent(exchange, (HEADINGS + ROW).encode(), exchange.paz)

    assert outcomes(again) == {2: "unchanged"}
    confirmed(exchange, again, exchange.paz)
    assert db.session.scalars(select(Application)).one().updated_at == before


def test_a_change_is_shown_before_and_after_in_the_senders_language(exchange, luz):
    confirmed(exchange, sent(exchange, (HEADINGS + ROW).encode(), exchange.paz), exchange.paz)

    upload = sent(exchange, (HEADINGS + ROW.replace("B1", "B2")).encode(), exchange.paz)

    assert outcomes(upload) == {2: "changed"}
    assert upload.report["rows"][0]["changes"] == [["Languages", "English B1", "English B2"]]


def test_empty_cells_leave_what_is_known(exchange, luz):
    confirmed(exchange, sent(exchange, (HEADINGS + ROW).encode(), exchange.paz), exchange.paz)
    bare = "Correo;Nombre;Fechas\nluz@example.org;Luz Ejemplo;1 mar 2027 – 30 abr 2027\n"

    assert outcomes(sent(exchange, bare.encode(), exchange.paz)) == {2: "unchanged"}


@pytest.mark.parametrize(
    ("change", "cell", "sentence"),
    [
        (("luz@example.org", "nobody@example.org"), "A2", "Nobody in your union has this address here."),
        (("luz@example.org", "pat@usw.example"), "A2", "Nobody in your union has this address here."),
        (("minería", "astronautics"), "E2", "“astronautics” names no sector that is known here"),
        (("CLA-1", "MARS-1"), "F2", "“MARS-1” is no open placement of this round for your union."),
        (("1 mar 2027 – 30 abr 2027", "sometime"), "C2", "is not a stretch of days"),
    ],
)
def test_a_row_is_refused_with_the_reason_and_the_cell(exchange, luz, make, change, cell, sentence):
    make.member("Other Example", union="usw", email="pat@usw.example")
    upload = sent(exchange, (HEADINGS + ROW.replace(*change)).encode(), exchange.paz)

    assert outcomes(upload) == {2: "refused"}
    problem = upload.report["rows"][0]["problems"][0]
    assert problem["cell"] == cell
    assert sentence in imports.say(problem)


def test_a_person_of_the_other_union_and_a_person_twice_are_refused(exchange, luz):
    text = (
        "Correo;Nombre;Fechas;Sindicato\n"
        "luz@example.org;Luz Ejemplo;1 mar 2027 – 30 abr 2027;Los Mineros\n"
        "luz@example.org;Luz Ejemplo;1 mar 2027 – 30 abr 2027;Los Mineros\n"
        "ana@example.org;Ana Example;1 mar 2027 – 30 abr 2027;USW\n"
    )
    upload = sent(exchange, text.encode(), exchange.paz)

    assert outcomes(upload) == {2: "new", 3: "refused", 4: "refused"}
    said = [imports.say(row["problems"][0]) for row in upload.report["rows"][1:]]
    assert said[0] == "This person stands in row 2 already; that row is used."
    assert said[1].startswith("This person is written as of the other union.")


def test_who_took_the_application_back_is_not_sent_in_again(exchange, luz):
    application = exchange.applicant(member=luz, state=ApplicationState.WITHDRAWN)

    upload = sent(exchange, (HEADINGS + ROW).encode(), exchange.paz)

    assert outcomes(upload) == {2: "refused"}
    assert application.state is ApplicationState.WITHDRAWN


def test_a_round_that_takes_none_refuses_every_row(exchange, luz):
    exchange.round.state = RoundState.PUBLISHED
    db.session.commit()

    assert outcomes(sent(exchange, (HEADINGS + ROW).encode(), exchange.paz)) == {2: "refused"}


@pytest.mark.parametrize("filename", CODES)
def test_an_offices_messy_file_is_taken_as_far_as_it_can_be(exchange, make, filename):
    union, codes = CODES[filename]
    by = {"usw": exchange.pat, "mineros": exchange.paz}[union]
    host = exchange.host("mineros" if union == "usw" else "usw", "Somewhere", "Somewhere")
    for code in codes:
        exchange.placement(host, code=code)
    content = (FILES / filename).read_bytes()
    country = "US" if union == "usw" else "MX"
    with open_table(content, APPLICATIONS, Reading(today=exchange.today, country=country)) as table:
        for email in sorted({row.values["email"] for row in table if row.values["email"]}):
            make.member("Somebody Example", union=union, email=email.lower())
    faulty = {int(number) for number in EXPECTED[filename]["refused"]}

    upload = sent(exchange, content, by, filename)
    found = outcomes(upload)

    assert {number for number, status in found.items() if status == "refused"} >= faulty
    assert {status for number, status in found.items() if number not in faulty} <= {"new", "refused"}
    taken = [number for number, status in found.items() if status == "new"]
    assert len(taken) >= 40
    confirmed(exchange, upload, by, without_refused=True)
    assert db.session.query(Application).count() == len(taken)
    again = sent(exchange, content, by, filename)
    assert {outcomes(again)[number] for number in taken} == {"unchanged"}


def test_the_pages_lead_from_the_file_to_the_list(exchange, luz, browser):
    paz = browser.as_(exchange.paz)
    address = f"/exchange/rounds/{exchange.round.id}/import"
    text = HEADINGS + ROW + ROW.replace("luz@", "nobody@")

    kept = paz.post(address, {"file": (BytesIO(text.encode()), "lista.csv"), "country": ""})
    assert kept.status_code == 303
    jobs.work_off()
    shown = paz.get(kept.location).text
    assert "1 new" in shown
    assert "1 refused" in shown
    refused = paz.post(f"{kept.location}/confirm")
    assert refused.status_code == 422
    assert "Some rows were refused." in refused.text
    assert paz.post(f"{kept.location}/confirm", {"without_refused": "y"}).status_code == 303
    jobs.work_off()

    assert "Imported." in paz.get(kept.location).text
    assert "Luz Ejemplo" in paz.get(f"/exchange/rounds/{exchange.round.id}/applications").text


def test_a_file_can_be_put_aside(exchange, luz, browser):
    paz = browser.as_(exchange.paz)
    upload = sent(exchange, (HEADINGS + ROW).encode(), exchange.paz)

    assert paz.post(f"/exchange/rounds/{exchange.round.id}/import/{upload.id}/discard").status_code == 303
    assert db.session.query(imports.Upload).count() == 0


def test_the_other_unions_coordinator_finds_no_trace_of_the_file(exchange, luz, browser):
    upload = sent(exchange, (HEADINGS + ROW.replace("Luz Ejemplo", CANARY)).encode(), exchange.paz)
    pat = browser.as_(exchange.pat)
    address = f"/exchange/rounds/{exchange.round.id}/import/{upload.id}"

    assert pat.get(address).status_code == 404
    assert pat.post(f"{address}/confirm").status_code == 404
    assert pat.post(f"{address}/discard").status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"file": ""},
        {"file": (BytesIO(b""), "")},
        {"file": (BytesIO(b""), "empty.csv")},
        {"file": (BytesIO(b"x"), "a.csv"), "country": "ZZ"},
    ],
)
def test_a_faulty_upload_comes_back_with_the_reason(exchange, browser, data):
    response = browser.as_(exchange.paz).post(f"/exchange/rounds/{exchange.round.id}/import", data)

    assert response.status_code == 422
    assert "error-summary" in response.text


def test_a_file_that_is_no_table_says_so(exchange, browser):
    upload = sent(exchange, b"%PDF-1.7 not a table", exchange.paz, "list.pdf")

    text = browser.as_(exchange.paz).get(f"/exchange/rounds/{exchange.round.id}/import/{upload.id}").text

    assert "This is a PDF." in text
