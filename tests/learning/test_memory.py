"""The schedule of cards: pure, without chance, the same whatever order the log arrives in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.learning.judging import LONGEST_PAUSE, active_time
from portal.learning.memory import Memory, Rating, Review, after, first_due, replay, waits
from tests.conftest import MONDAY

DAY = timedelta(days=1)
REVIEWS = st.builds(
    Review,
    id=st.uuids().map(str),
    reviewed_at=st.integers(0, 200 * 86_400).map(lambda seconds: MONDAY + timedelta(seconds=seconds)),
    rating=st.sampled_from(Rating),
)


def test_the_first_review_is_the_next_morning_on_the_learners_wall():
    late = datetime(2027, 1, 12, 4, 30, tzinfo=UTC)  # still January 11 in all of Mexico

    assert first_due(late, "America/Hermosillo") == datetime(2027, 1, 12, 14, 0, tzinfo=UTC)
    assert first_due(late, "America/New_York") == datetime(2027, 1, 12, 12, 0, tzinfo=UTC)


def test_the_morning_after_the_clocks_change_is_seven_on_the_new_clock():
    saturday = datetime(2027, 3, 13, 20, 0, tzinfo=UTC)

    assert first_due(saturday, "America/New_York") == datetime(2027, 3, 14, 11, 0, tzinfo=UTC)


def test_better_ratings_rest_longer_and_a_forgotten_word_comes_back_in_ten_minutes():
    found = waits(Memory(MONDAY), MONDAY)

    assert found == {
        Rating.AGAIN: timedelta(minutes=10),
        Rating.HARD: timedelta(minutes=15),
        Rating.GOOD: 2 * DAY,
        Rating.EASY: 8 * DAY,
    }


def test_a_lapse_is_a_strong_word_forgotten():
    known = after(Memory(MONDAY), Rating.EASY, MONDAY)
    forgotten = after(known, Rating.AGAIN, known.due_at)

    assert (known.lapses, forgotten.lapses, forgotten.reviews) == (0, 1, 2)
    assert forgotten.due_at - known.due_at == timedelta(minutes=10)


def test_the_schedule_is_that_of_the_package():
    from fsrs import Card, Scheduler
    from fsrs import Rating as Theirs

    scheduler = Scheduler(
        learning_steps=[timedelta(minutes=10)], relearning_steps=[timedelta(minutes=10)], enable_fuzzing=False
    )
    card, memory, at = Card(card_id=1, due=MONDAY), Memory(MONDAY), MONDAY
    for rating in (3, 3, 1, 2, 3, 4, 3, 1, 1, 3):
        card, _log = scheduler.review_card(card, Theirs(rating), at)
        memory = after(memory, Rating(rating), at)
        assert (memory.due_at, memory.stability, memory.difficulty) == (
            card.due,
            card.stability,
            card.difficulty,
        )
        at = card.due + timedelta(hours=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(REVIEWS, max_size=12, unique_by=lambda line: line.id), st.randoms(use_true_random=False))
def test_a_log_in_any_order_and_with_doubles_makes_the_same_memory(log, random):
    undone = [Review(f"undo-{line.id}", line.reviewed_at + DAY, None, line.id) for line in log[::3]]
    whole = log + undone
    shuffled = whole + random.choices(whole, k=5) if whole else []
    random.shuffle(shuffled)

    assert replay(MONDAY, shuffled) == replay(MONDAY, whole)


@settings(max_examples=60, deadline=None)
@given(st.lists(REVIEWS, min_size=1, max_size=12, unique_by=lambda line: line.id))
def test_taking_back_all_reviews_leaves_a_card_as_new(log):
    undone = [Review(f"undo-{line.id}", line.reviewed_at, None, line.id) for line in log]

    assert replay(MONDAY, log + undone) == Memory(MONDAY)


@given(st.integers(-3600, 7200))
def test_time_is_counted_up_to_a_pause_of_fifteen_minutes(seconds):
    passed = timedelta(seconds=seconds)

    counted = active_time(MONDAY, MONDAY + passed)

    assert counted == (passed if timedelta(0) <= passed <= LONGEST_PAUSE else timedelta(0))
