"""The pages of teaching: what they show, to whom they open, and what they make of nonsense."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from portal import clock
from portal.courses import planning
from portal.extensions import db
from portal.teaching import actions, queries
from portal.teaching.models import Note
from tests.teaching.helpers import A, L, P, group, rows

CANARY = "canary-private-words"
BIDI = "\u202egnp.exe\u202c"


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def class_(make, now):
    """A class whose fourth meeting was one day ago; its instructor is of the same union."""
    return group(make, now=now - timedelta(days=1))


@pytest.fixture
def teacher(browser, class_):
    return browser.as_(class_.instructor)


@pytest.fixture
def abroad(make, now):
    """A class of the USW with an instructor of Los Mineros."""
    return group(make, now=now - timedelta(days=1), union="mineros")


def keep_note(class_, number=0, text=CANARY) -> int:
    person = queries.presence_or_404(class_.cohort, class_.learners[number].id, now=clock.now()).person
    note = actions.write_note(class_.cohort, person, text, by=class_.instructor, now=clock.now())
    db.session.commit()
    return note.id


def addresses(class_) -> dict[str, str]:
    """Every page of the class by name."""
    cohort, meeting, member = class_.cohort.id, class_.meetings[2].id, class_.learners[0].id
    note = db.session.scalar(select(Note.id).where(Note.cohort_id == cohort).order_by(Note.id)) or keep_note(
        class_
    )
    return {
        "cohort": f"/teaching/cohorts/{cohort}",
        "csv": f"/teaching/cohorts/{cohort}/attendance.csv",
        "sheet": f"/teaching/meetings/{meeting}/sheet",
        "attendance": f"/teaching/meetings/{meeting}",
        "person": f"/teaching/cohorts/{cohort}/people/{member}",
        "note": f"/teaching/notes/{note}",
    }


def forms(class_) -> dict[str, tuple[str, dict[str, str]]]:
    """Every form of the class by name, filled well."""
    meeting, member = class_.meetings[2].id, class_.learners[0].id
    note = addresses(class_)["note"]
    return {
        "mark": (f"/teaching/meetings/{meeting}/people/{member}", {"mark": "present"}),
        "all": (f"/teaching/meetings/{meeting}/present", {}),
        "undo": (f"/teaching/meetings/{meeting}/present/undo", {}),
        "write": (f"/teaching/cohorts/{class_.cohort.id}/people/{member}/notes", {"text": "Hello"}),
        "change": (note, {"text": "Hello"}),
        "remove": (f"{note}/remove", {}),
        "restore": (f"{note}/restore", {}),
    }


def text_of(response) -> str:
    """The words of a page, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


# --- who comes in --------------------------------------------------------------------------------


def test_the_instructor_sees_every_page(teacher, class_):
    assert {
        name: teacher.get(address).status_code for name, address in addresses(class_).items()
    } == dict.fromkeys(addresses(class_), 200)


def test_an_instructor_of_the_other_union_sees_exactly_their_cohort(browser, abroad, class_):
    visitor = browser.as_(abroad.instructor)

    assert {visitor.get(address).status_code for address in addresses(abroad).values()} == {200}
    note = keep_note(class_)
    foreign = {**addresses(class_), "note": f"/teaching/notes/{note}"}
    assert {visitor.get(address).status_code for address in foreign.values()} == {404}


def test_an_instructor_abroad_takes_attendance_and_learns_names_and_locals_only(browser, abroad):
    visitor, ana = browser.as_(abroad.instructor), abroad.learners[0]

    for address, data in forms(abroad).values():
        assert visitor.post(address, data).status_code == 303
    assert rows()[0] == (abroad.meetings[2].id, ana.id, "present")
    for address in addresses(abroad).values():
        page = visitor.get(address).text
        assert not any(learner.email in page for learner in abroad.learners)
    assert "Local 1557" in visitor.get(addresses(abroad)["cohort"]).text


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_officers_of_the_union_read_the_roster_but_no_note(browser, make, class_, role):
    keep_note(class_)
    officer = browser.as_(make.member("Olga Ejemplo", role))
    stranger = browser.as_(make.member("Oto Ejemplo", role, union="mineros"))

    opened = {name: officer.get(address) for name, address in addresses(class_).items()}

    assert {name: response.status_code for name, response in opened.items()} == {
        "cohort": 200, "csv": 200, "sheet": 200, "attendance": 404, "person": 404, "note": 404,
    }  # fmt: skip
    assert not any(CANARY in response.text or ">Notes<" in response.text for response in opened.values())
    assert {stranger.get(address).status_code for address in addresses(class_).values()} == {404}
    assert {officer.post(address, data).status_code for address, data in forms(class_).values()} == {404}


@pytest.mark.parametrize(
    "who", ["learner of the class", "other instructor", "commission", "instructor no more"]
)
def test_everybody_else_finds_nothing(browser, make, class_, who):
    note = keep_note(class_)
    member = {
        "learner of the class": lambda: class_.learners[0],
        "other instructor": lambda: make.member("Otra Ejemplo", "instructor"),
        "commission": lambda: make.member("Coco Ejemplo", "commission"),
        "instructor no more": lambda: class_.instructor,
    }[who]()
    if who == "instructor no more":
        member.grants.clear()
    visitor = browser.as_(member)

    assert {visitor.get(address).status_code for address in addresses(class_).values()} == {404}
    assert {visitor.post(address, data).status_code for address, data in forms(class_).values()} == {404}
    assert rows() == []
    assert db.session.get(Note, note).text == CANARY


def test_a_stranger_is_sent_to_sign_in(browser, class_):
    for address in ("/teaching", "/classes", *addresses(class_).values()):
        assert "/account/sign-in" in browser.get(address).headers["Location"]


def test_another_instructor_of_the_same_cohort_reads_notes_but_does_not_change_them(browser, make, class_):
    note = keep_note(class_)
    class_.cohort.instructor = make.member("Sustituta Ejemplo", "instructor")
    db.session.commit()
    substitute = browser.as_(class_.cohort.instructor)

    assert CANARY in substitute.get(addresses(class_)["person"]).text
    assert substitute.post(f"/teaching/notes/{note}", {"text": "Mine"}).status_code == 404
    assert browser.as_(class_.instructor).get(f"/teaching/notes/{note}").status_code == 404


def test_notes_are_on_no_page_but_the_one_about_the_person(teacher, class_):
    keep_note(class_)

    holding = {name for name, address in addresses(class_).items() if CANARY in teacher.get(address).text}

    assert holding == {"person", "note"}
    assert CANARY not in teacher.get("/teaching").text


# --- the week and the roster ---------------------------------------------------------------------


def test_the_week_says_what_to_do_next_and_whom_to_ask_after(teacher, class_):
    for meeting in class_.meetings[:3]:
        class_.mark(meeting, [P, A, P], now=clock.now())

    words = text_of(teacher.get("/teaching"))

    assert "Next step Finish the attendance of" in words
    assert "Learner 2 Ejemplo Not seen yet: missed 3 meetings so far." in words


def test_an_instructor_without_a_cohort_is_told_so(browser, make):
    response = browser.as_(make.member("Ines Ejemplo", "instructor")).get("/teaching")

    assert "You teach no cohort at the moment" in response.text


def test_instructors_start_at_their_week_and_learners_do_not_have_one(browser, make, teacher, class_):
    learner = browser.as_(class_.learners[0])

    assert teacher.get("/").headers["Location"] == "/teaching"
    assert learner.get("/teaching").status_code == 404
    assert 'href="/teaching"' not in learner.get("/account", follow_redirects=True).text


def test_the_roster_shows_presence_as_a_picture_with_words(teacher, class_):
    class_.mark(class_.meetings[0], [P, L, A], now=clock.now())

    page = teacher.get(addresses(class_)["cohort"]).text

    assert 'aria-label="Latest meetings: late once and not recorded 3 times."' in page
    assert "3 people" in page


# --- one tap -------------------------------------------------------------------------------------


def test_a_tap_without_scripts_leads_back_to_the_person(teacher, class_):
    address, data = forms(class_)["mark"]

    response = teacher.post(address, data)

    meeting, ana = class_.meetings[2].id, class_.learners[0].id
    assert response.status_code == 303
    assert response.headers["Location"] == f"/teaching/meetings/{meeting}?person={ana}#person-{ana}"
    page = teacher.get(response.headers["Location"]).text
    assert page.count('aria-pressed="true"') == 1
    assert page.count(f'id="person-{ana}"') == 1
    assert "1 of 3 recorded, 1 here" in page


def test_a_tap_with_scripts_brings_back_one_line_and_the_count(teacher, class_):
    address, data = forms(class_)["mark"]
    ana = class_.learners[0].id

    location = teacher.fragment(address, f"person-{ana}", method="POST", data=data).headers["Location"]
    fragment = teacher.fragment(location.partition("#")[0], f"person-{ana}").text

    assert fragment.strip().startswith(f'<li id="person-{ana}">')
    assert fragment.count("<li ") == 1
    assert re.search(r'id="recorded"[^>]*hx-swap-oob="true"', fragment)
    assert re.search(rf'id="present-{ana}"[^>]*aria-pressed="true"', fragment.replace("\n", " "))
    assert "<h1" not in fragment


def test_the_last_of_many_taps_counts_even_from_one_page(teacher, class_):
    address, _data = forms(class_)["mark"]

    for mark in ("present", "absent", "present", "late", "present"):
        assert teacher.post(address, {"mark": mark}, key="the key of one page").status_code == 303

    assert rows() == [(class_.meetings[2].id, class_.learners[0].id, "present")]
    teacher.post(address, {"mark": "none"}, key="the key of one page")
    assert rows() == []


def test_everybody_present_and_its_undo(teacher, class_):
    (everybody, _), (undo, _) = forms(class_)["all"], forms(class_)["undo"]

    teacher.post(everybody)
    page = teacher.get(addresses(class_)["attendance"]).text
    assert "3 people are marked present." in page
    assert "Undo: 3 people marked at once" in page
    assert "3 of 3 recorded, 3 here" in page
    teacher.post(undo)

    assert rows() == []


@pytest.mark.parametrize(
    "mark", ["here", "", "PRESENT", "x" * 20_000, "a\x00b", BIDI, "<script>alert(1)</script>"]
)
def test_no_mark_is_made_of_nonsense(teacher, class_, mark):
    address, _data = forms(class_)["mark"]

    response = teacher.post(address, {"mark": mark})

    assert response.status_code == 422
    assert "That is none of the marks." in response.text
    assert "<script>alert" not in response.text
    assert rows() == []


def test_a_tap_without_a_mark_or_for_somebody_else_changes_nothing(teacher, class_, make):
    address, data = forms(class_)["mark"]
    stranger = make.member("Ajena Ejemplo")
    meeting = class_.meetings[2].id

    assert teacher.post(address).status_code == 422
    for other in (stranger.id, class_.instructor.id, 0, 2**31 - 1, 2**31, "x"):
        assert teacher.post(f"/teaching/meetings/{meeting}/people/{other}", data).status_code == 404
    assert (
        teacher.post(f"/teaching/meetings/{2**31 - 1}/people/{class_.learners[0].id}", data).status_code
        == 404
    )
    for person in ("x", "-1", str(stranger.id), "9" * 60):
        assert teacher.get(f"/teaching/meetings/{meeting}?person={person}").status_code == 200
    assert rows() == []


def test_a_meeting_ahead_offers_excuses_only_and_a_cancelled_one_nothing(teacher, class_):
    ahead, cancelled = class_.meetings[4].id, class_.meetings[5]
    planning.cancel_meeting(cancelled, by=class_.instructor, now=clock.now())
    ana = class_.learners[0].id

    page = teacher.get(f"/teaching/meetings/{ahead}").text
    assert set(re.findall(r'value="(present|late|remote|excused|absent)"', page)) == {"excused"}
    assert 'id="all-present"' not in page
    assert teacher.post(f"/teaching/meetings/{ahead}/people/{ana}", {"mark": "present"}).status_code == 422
    assert teacher.post(f"/teaching/meetings/{ahead}/present").status_code == 422
    assert "This meeting was cancelled" in teacher.get(f"/teaching/meetings/{cancelled.id}").text
    assert (
        teacher.post(f"/teaching/meetings/{cancelled.id}/people/{ana}", {"mark": "late"}).status_code == 422
    )


# --- notes ---------------------------------------------------------------------------------------


def test_a_note_goes_its_way_on_the_page(teacher, class_):
    found, filled = addresses(class_), forms(class_)

    teacher.post(filled["write"][0], {"text": f"<b>Works nights</b>\r\n{BIDI}"})
    page = teacher.get(found["person"]).text
    assert "&lt;b&gt;Works nights&lt;/b&gt;<br>" in page
    teacher.post(filled["remove"][0])
    assert "Note removed." in teacher.get(found["person"]).text
    assert CANARY not in teacher.get(found["person"]).text
    teacher.post(filled["restore"][0])

    assert CANARY in teacher.get(found["person"]).text
    assert CANARY in teacher.get(found["note"]).text
    teacher.post(filled["change"][0], {"text": "Other words"})
    assert "Other words" in teacher.get(found["person"]).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write what you want to remember"),
        ("  \u202e\u200f ", "Write what you want to remember"),
        ("\x00", "Write what you want to remember"),
        ("ñ" * 2_001, "Use at most 2,000 letters"),
        ("<script>alert(1)</script>" * 1_000, "Use at most 2,000 letters"),
    ],
)
def test_a_note_that_cannot_be_kept_comes_back_with_the_reason(teacher, class_, text, sentence):
    filled = forms(class_)
    before = db.session.scalars(select(Note.text)).all()

    for name in ("write", "change"):
        response = teacher.post(filled[name][0], {"text": text})
        assert response.status_code == 422
        assert sentence in response.text
        assert "<script>alert" not in response.text
        if len(text) > 100:
            assert text[:50] in unescape(response.text)
    assert teacher.post(filled["write"][0]).status_code == 422
    assert db.session.scalars(select(Note.text)).all() == before


def test_a_bad_note_comes_back_alone_to_htmx(teacher, class_):
    address, _data = forms(class_)["write"]

    response = teacher.fragment(address, "notes", method="POST", data={"text": ""})

    assert response.status_code == 422
    assert response.text.strip().startswith('<section id="notes"')


def test_a_note_sent_twice_is_kept_once(teacher, class_):
    address, _data = forms(class_)["write"]

    for _twice in range(2):
        teacher.post(address, {"text": "Once"}, key="one form")

    assert db.session.scalars(select(Note.text).where(Note.text == "Once")).all() == ["Once"]


def test_notes_about_others_cannot_be_written(teacher, class_, make):
    outsider = make.member("Ajena Ejemplo")

    for member in (outsider.id, class_.instructor.id, 2**31 - 1):
        address = f"/teaching/cohorts/{class_.cohort.id}/people/{member}"
        assert teacher.get(address).status_code == 404
        assert teacher.post(f"{address}/notes", {"text": "x"}).status_code == 404


# --- files and paper -----------------------------------------------------------------------------


def test_the_file_opens_as_a_table(teacher, class_):
    class_.learners[0].name = "@SUM(A1) Ejemplo"
    class_.mark(class_.meetings[0], [P, L, A], now=clock.now())

    response = teacher.get(addresses(class_)["csv"])

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="attendance-{class_.cohort.id}.csv"'
    )
    assert "no-store" in response.headers["Cache-Control"]
    table = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    day = class_.meetings[0].day.isoformat()
    assert table[0][:10] == [
        "Name", "Local", "Last seen", "Present", "Late", "Remote", "Excused", "Absent", "Not recorded", f"{day} 12:00",
    ]  # fmt: skip
    assert [row[:4] + row[9:10] for row in table[1:]] == [
        ["'@SUM(A1) Ejemplo", "Local 1557", day, "1", "Present"],
        ["Learner 2 Ejemplo", "Local 1557", day, "0", "Late"],
        ["Learner 3 Ejemplo", "Local 1557", "", "0", "Absent"],
    ]


def test_the_paper_list_has_a_box_for_each_mark(teacher, class_):
    class_.mark(class_.meetings[2], [P, None, A], now=clock.now())

    page = teacher.get(addresses(class_)["sheet"]).text

    assert page.count('aria-label="ticked"') == 2
    assert page.count('aria-label="empty box"') == 13
    assert all(learner.name in page for learner in class_.learners)


# --- a learner's own -----------------------------------------------------------------------------


def test_learners_see_their_own_attendance_in_words_and_nobody_elses(browser, class_):
    class_.mark(class_.meetings[0], [P, A, L], now=clock.now())
    class_.mark(class_.meetings[1], [L, A, L], now=clock.now())
    keep_note(class_)

    response = browser.as_(class_.learners[0]).get("/classes")

    assert "So far: present once, late once, and not recorded 2 times." in text_of(response)
    assert "absent once" not in response.text
    assert CANARY not in response.text
    assert "Learner 2" not in response.text


def test_who_has_no_class_is_told_so_and_instructors_have_no_such_page(browser, make, teacher):
    assert "You have no class yet" in browser.as_(make.member()).get("/classes").text
    assert teacher.get("/classes").status_code == 404


# --- budgets -------------------------------------------------------------------------------------


def numbers_of_statements(browser, class_, statements) -> dict[str, int]:
    teacher, learner = browser.as_(class_.instructor), browser.as_(class_.learners[0])
    numbers = {}
    for name, address in {**addresses(class_), "week": "/teaching", "classes": "/classes"}.items():
        visitor = learner if name == "classes" else teacher
        visitor.get(address)
        with statements() as seen:
            assert visitor.get(address).status_code == 200
        numbers[name] = len(seen)
    return numbers


def test_pages_ask_the_database_as_often_for_sixty_learners_as_for_five(browser, make, statements, now):
    few = group(make, now=now - timedelta(days=1), learners=5)
    many = group(
        make, now=now - timedelta(days=1), learners=60, weeks_ago=20, weeks=30,
        instructor=make.member("Dora Ejemplo", "instructor"),
    )  # fmt: skip
    for class_ in (few, many):
        for meeting in class_.meetings[:3]:
            actions.mark_others_present(meeting, by=class_.instructor, now=now)
    db.session.commit()

    small, large = (numbers_of_statements(browser, class_, statements) for class_ in (few, many))

    assert small == large
    assert max(large.values()) <= 8


def test_a_tap_costs_as_many_statements_for_sixty_as_for_five(browser, make, statements, now):
    numbers = []
    for learners in (5, 60):
        class_ = group(
            make, now=now - timedelta(days=1), learners=learners,
            instructor=make.member("Dora Ejemplo", "instructor"),
        )  # fmt: skip
        teacher = browser.as_(class_.instructor)
        address, _data = forms(class_)["mark"]
        teacher.post(address, {"mark": "late"})
        with statements() as seen:
            assert teacher.post(address, {"mark": "present"}).status_code == 303
        numbers.append(len(seen))

    assert numbers[0] == numbers[1]
    assert numbers[0] <= 12
