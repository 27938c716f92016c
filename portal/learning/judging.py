"""Put an answer of an exercise or of a review card to the checker."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from portal.learning.checking import Mark, Op, Verdict, check
from portal.learning.lesson_text import headwords
from portal.learning.lesson_types import Exercise, ExerciseType, Lesson, Word
from portal.learning.memory import Rating

LONGEST_PAUSE = timedelta(minutes=15)
RATING_OF = {Mark.CORRECT: Rating.GOOD, Mark.ALMOST: Rating.HARD, Mark.WRONG: Rating.AGAIN}


def judge(exercise: Exercise, reader: str, typed: str, vocabulary: Collection[str]) -> Verdict:
    """Judge what was typed or chosen; a choice is given by its text."""
    accepted = exercise.expected
    if exercise.type is ExerciseType.CHOOSE:
        if typed not in exercise.choices:
            return check(exercise.mode, exercise.answer_language, accepted, "")
        if typed not in accepted:
            return _wrong_choice(exercise, typed, vocabulary)
    prompt_language, prompt = exercise.prompt_for(reader)
    return check(
        exercise.mode,
        exercise.answer_language,
        accepted,
        typed,
        prompt=prompt if prompt_language != exercise.answer_language else None,
        course_words=vocabulary,
    )


def _wrong_choice(exercise: Exercise, typed: str, vocabulary: Collection[str]) -> Verdict:
    """What tells the wrong choice from the right one; wrong, whatever would be forgiven when typed."""
    found = check(exercise.mode, exercise.answer_language, exercise.expected, typed, course_words=vocabulary)
    return found if not found.accepted else replace(found, verdict=Mark.WRONG)


def differs_little(verdict: Verdict) -> bool:
    """Whether one word or two decide, so that the sentence about the deciding one helps."""
    changed = [text for op, text in verdict.diff if op is not Op.SAME]
    return len(" ".join(changed).split()) <= 2


def meaning_of(text: str, lesson: Lesson, reader: str) -> str:
    """What a sentence of the lesson means in the reader's language, or nothing when the lesson does not say."""
    for sentence in lesson.sentences:
        if text in sentence.accepted and sentence.translations.get(reader):
            return sentence.translations[reader][0]
    return ""


def answers_of(word: Word, language: str) -> list[str]:
    """What counts as this word: the entry as it stands, each of its parts, with the article or without."""
    parts = [part.strip() for part in word.text.split(",")]
    return list(dict.fromkeys([word.text, *parts, *headwords(word.text, language)]))


def judge_word(expected: Collection[str], language: str, typed: str, prompt: str) -> Verdict:
    return check("cloze", language, list(expected), typed, prompt=prompt)


def active_time(since: datetime, until: datetime) -> timedelta:
    """The time between two signs of life, or nothing when it was a pause of over 15 minutes."""
    passed = until - since
    return passed if timedelta(0) <= passed <= LONGEST_PAUSE else timedelta(0)
