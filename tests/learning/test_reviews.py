"""Review: the due word, its answer, its rating, and taking it back; and the log that is the truth."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock
from portal.errors import Refused
from portal.extensions import db
from portal.learning import actions, queries
from portal.learning.memory import Rating
from portal.learning.models import Item, ReviewLog, Skill
from tests.conftest import MONDAY
from tests.learning.helpers import FIRST, finish, hidden, load, words_of_page

DAY = timedelta(days=1)
TUESDAY = MONDAY + DAY
PUERTA = f"{FIRST}:puerta"


@pytest.fixture
def ana(make):
    load(MONDAY)
    member = make.member("Ana Ejemplo")
    finish(member, now=MONDAY)
    return member


@pytest.fixture
def hers(browser, make):
    """A learner on the web whose thirteen words of the first lesson are due now."""
    load()
    member = make.member("Ana Ejemplo")
    finish(member, now=clock.now() - 2 * DAY)
    return browser.as_(member)


def card(member, item_id=PUERTA):
    return queries.card_or_hidden(member, item_id, Skill.WRITE)


def review(member, rating, at, *, id=None, item_id=PUERTA):
    line = actions.Line(id or str(uuid.uuid4()), rating, at)
    done = actions.review(card(member, item_id), line, now=at)
    db.session.commit()
    return line.id if done else None


def test_a_review_is_logged_and_moves_the_card(ana):
    review(ana, Rating.GOOD, TUESDAY)

    held = card(ana)
    assert (held.due_at, held.reviews, held.lapses) == (TUESDAY + 2 * DAY, 1, 0)
    log = db.session.scalars(select(ReviewLog)).one()
    assert (log.rating, log.reviewed_at, log.member_id) == (3, TUESDAY, ana.id)


def test_a_review_sent_twice_counts_once(ana):
    one = str(uuid.uuid4())

    assert review(ana, Rating.GOOD, TUESDAY, id=one) == one
    assert review(ana, Rating.GOOD, TUESDAY, id=one) is None
    assert card(ana).reviews == 1


def test_the_due_count_is_what_is_due_and_nothing_else(ana):
    assert queries.due(ana, MONDAY) == queries.Due(0, MONDAY + timedelta(hours=21), 13)
    assert queries.due(ana, TUESDAY).count == 13

    review(ana, Rating.AGAIN, TUESDAY)

    assert queries.due(ana, TUESDAY) == queries.Due(12, TUESDAY + timedelta(minutes=10), 13)


def test_undo_puts_the_card_back_and_keeps_both_lines(ana):
    before = card(ana).memory
    one = review(ana, Rating.EASY, TUESDAY)

    actions.undo(one, ana, undo_id=str(uuid.uuid4()), now=TUESDAY)

    assert card(ana).memory == before
    assert db.session.scalar(select(func.count(ReviewLog.id))) == 2


def test_undo_takes_back_the_last_review_only_and_each_once(ana):
    first = review(ana, Rating.GOOD, TUESDAY)
    second = review(ana, Rating.HARD, TUESDAY + timedelta(minutes=1), item_id=f"{FIRST}:soy")

    with pytest.raises(Refused, match="Only your last answer"):
        actions.undo(first, ana, undo_id=str(uuid.uuid4()), now=TUESDAY)
    actions.undo(second, ana, undo_id=str(uuid.uuid4()), now=TUESDAY)
    with pytest.raises(Refused, match="Only your last answer"):
        actions.undo(second, ana, undo_id=str(uuid.uuid4()), now=TUESDAY)
    actions.undo(first, ana, undo_id=str(uuid.uuid4()), now=TUESDAY)
    assert queries.last_review(ana) is None


def test_an_undone_review_does_not_count_when_an_older_one_arrives_late(ana):
    one = review(ana, Rating.EASY, TUESDAY + DAY)
    actions.undo(one, ana, undo_id=str(uuid.uuid4()), now=TUESDAY + DAY)

    review(ana, Rating.GOOD, TUESDAY)

    assert card(ana).due_at == TUESDAY + 2 * DAY


LOGS = st.lists(
    st.tuples(st.uuids().map(str), st.sampled_from(Rating), st.integers(0, 60 * 86_400)),
    min_size=1,
    max_size=7,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LOGS, st.randoms(use_true_random=False))
def test_reviews_arriving_in_any_order_and_twice_leave_the_same_card(ana, log, random):
    lines = [actions.Line(id_, rating, TUESDAY + timedelta(seconds=at)) for id_, rating, at in log]

    def arrive(ordered):
        with db.session.begin_nested() as inner:
            held = card(ana)
            for line in ordered:
                actions.review(held, line, now=TUESDAY)
            found = held.memory, held.last_review_id
            inner.rollback()
        db.session.expire_all()
        return found

    shuffled = lines + random.choices(lines, k=3)
    random.shuffle(shuffled)
    assert arrive(shuffled) == arrive(sorted(lines, key=lambda line: (line.at, line.id)))


def asked(browser):
    page = browser.get("/lessons/review")
    assert page.status_code == 200
    return page.text, {"item": hidden(page.text, "item"), "skill": "write"}


def test_a_word_is_asked_answered_rated_and_taken_back_without_scripts(hers):
    text, item = asked(hers)
    assert "13 words are due." in words_of_page(text)
    expected = db.session.get(Item, item["item"]).expected[0]

    answered = hers.post("/lessons/review/check", {**item, "answer": expected})
    assert answered.status_code == 200
    assert 'name="rating" value="3" checked' in answered.text
    assert "in 2 days" in words_of_page(answered.text)
    rating = {**item, "review": hidden(answered.text, "review"), "answer": expected, "rating": "3"}
    rated = hers.post("/lessons/review/rate", rating)
    assert (rated.status_code, rated.location) == (303, "/lessons/review?done=1#review")

    after = hers.get(rated.location).text
    assert "12 words are due." in words_of_page(after)
    assert "(Good)" in words_of_page(after)
    undone = hers.post("/lessons/review/undo", {"review": rating["review"]})
    assert undone.status_code == 303
    again = hers.get(undone.location).text
    assert "13 words are due." in words_of_page(again)
    assert hidden(again, "item") == item["item"]


@pytest.mark.parametrize(
    ("typed", "proposed"), [("la puerta", "3"), ("puerta", "3"), ("la pureta", "2"), ("la salida", "1")]
)
def test_the_verdict_proposes_the_rating(hers, typed, proposed):
    answered = hers.post("/lessons/review/check", {"item": PUERTA, "skill": "write", "answer": typed})

    assert f'name="rating" value="{proposed}" checked' in answered.text


def test_the_person_may_overrule_the_verdict(hers):
    rating = {
        "item": PUERTA,
        "skill": "write",
        "answer": "la salida",
        "review": str(uuid.uuid4()),
        "rating": "4",
    }

    hers.post("/lessons/review/rate", rating)

    log = db.session.scalars(select(ReviewLog)).one()
    assert (log.rating, log.verdict) == (4, "wrong")


def test_show_me_shows_the_word_without_blame(hers):
    answered = hers.post("/lessons/review/check", {"item": PUERTA, "skill": "write", "reveal": "1"})
    text = words_of_page(answered.text)

    assert "Here it is la puerta" in text
    assert "Not yet" not in text


def test_checking_keeps_nothing(hers):
    for _time in range(2):
        hers.post("/lessons/review/check", {"item": PUERTA, "skill": "write", "answer": "x"}, key="same")

    assert db.session.scalar(select(func.count(ReviewLog.id))) == 0


def test_the_same_rating_sent_twice_is_one_review(hers):
    rating = {"item": PUERTA, "skill": "write", "answer": "", "review": str(uuid.uuid4()), "rating": "3"}

    hers.post("/lessons/review/rate", rating, key="one")
    hers.post("/lessons/review/rate", rating, key="two")

    assert db.session.scalar(select(func.count(ReviewLog.id))) == 1


def test_a_review_fragment_is_the_card_alone(hers):
    answered = hers.fragment(
        "/lessons/review/check",
        "review",
        method="POST",
        data={"item": PUERTA, "skill": "write", "answer": "puerta"},
    )

    assert answered.text.strip().startswith('<section id="review"')
    assert "<html" not in answered.text


def test_what_is_typed_is_shown_as_text(hers):
    for typed in ("<script>alert(1)</script>", 'pu"><script>alert(1)</script>', "la <b>puerta</b>"):
        answered = hers.post("/lessons/review/check", {"item": PUERTA, "skill": "write", "answer": typed})
        assert "<script>alert" not in answered.text
        assert "<b>puerta" not in answered.text


GOOD = {"item": PUERTA, "skill": "write", "answer": "puerta", "rating": "3"}


@pytest.mark.parametrize(
    "change",
    [
        {"item": "x" * 5000},
        {"item": "no:such"},
        {"item": ""},
        {"item": ["a", PUERTA]},
        {"skill": "fly"},
        {"skill": ""},
        {"rating": "9"},
        {"rating": ""},
        {"rating": ["1", "2"]},
        {"rating": "9" * 400},
        {"review": "not-a-uuid"},
        {"review": ""},
        {"answer": "x" * 100_000},
        {"answer": "a\x00\u202eb"},
        {"answer": "%(x)s {0} %"},
    ],
    ids=range(15),
)
def test_bad_input_never_breaks_a_review(hers, change):
    data = {**GOOD, "review": str(uuid.uuid4()), **change}

    for address in ("/lessons/review/check", "/lessons/review/rate", "/lessons/review/undo"):
        assert hers.post(address, data).status_code in (200, 303, 404, 422)
    assert hers.get("/lessons/review").status_code == 200


def test_a_missing_rating_is_asked_for_and_the_answer_kept(hers):
    sent = hers.post("/lessons/review/rate", {**GOOD, "rating": "", "review": str(uuid.uuid4())})

    assert sent.status_code == 422
    assert "Choose how well you knew it" in sent.text
    assert 'name="answer" value="puerta"' in sent.text


def test_a_card_of_somebody_else_is_a_404(browser, make, hers):
    sam = browser.as_(make.member("Sam Sample"))
    data = {**GOOD, "review": str(uuid.uuid4())}

    assert sam.post("/lessons/review/check", data).status_code == 404
    assert sam.post("/lessons/review/rate", data).status_code == 404
    assert db.session.scalar(select(func.count(ReviewLog.id))) == 0


def test_somebody_elses_review_cannot_be_taken_back(browser, make, hers):
    one = str(uuid.uuid4())
    hers.post("/lessons/review/rate", {**GOOD, "review": one})

    sent = browser.as_(make.member("Sam Sample")).post("/lessons/review/undo", {"review": one})

    assert sent.status_code == 422
    assert db.session.scalar(select(func.count(ReviewLog.id))) == 1


def test_nothing_due_says_when_the_next_review_is(browser, make):
    load()
    member = make.member("Ana Ejemplo", zone="America/Hermosillo")
    hers = browser.as_(member)

    assert "Nothing to review yet" in words_of_page(hers.get("/lessons/review").text)
    finish(member, now=clock.now())
    assert "Next review tomorrow, 7:00 AM." in words_of_page(hers.get("/lessons/review").text)


def test_a_rating_takes_few_statements(hers, statements):
    hers.post("/lessons/review/check", GOOD)  # so that the form's token is there
    with statements() as seen:
        hers.post("/lessons/review/rate", {**GOOD, "review": str(uuid.uuid4())})

    assert len(seen) <= 5, "\n".join(seen)
