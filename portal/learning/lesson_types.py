"""What a course is made of once its files are read: plain frozen data, ready for a player or a database."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from portal.learning.lesson_text import words_of


class ExerciseType(StrEnum):
    CHOOSE = "choose"
    CLOZE = "cloze"
    ORDER = "order"
    TRANSLATE = "translate"
    DICTATION = "dictation"


class CheckMode(StrEnum):
    """How strictly the typed answer is read; the names are those of the answer checker."""

    SENTENCE = "sentence"
    CLOZE = "cloze"
    DICTATION = "dictation"


class LessonState(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or set phrase; its `id` is also the id of its review card."""

    id: str
    key: str
    text: str
    meanings: dict[str, str]
    pos: str
    gender: str | None
    notes: dict[str, str]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """`text` is the model; `accepted` starts with it and lists every other good wording."""

    id: str
    key: str
    text: str
    accepted: tuple[str, ...]
    translations: dict[str, tuple[str, ...]]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One turn of a dialogue."""

    who: str
    text: str
    translations: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One task.

    `prompt` maps a language to the text in it: the languages the course explains in, or the one taught.
    `meaning` helps beside a gap, `listen` is what the voice says, `words` are the review cards it practices.
    The first of `expected` is the one to show.
    """

    id: str
    type: ExerciseType
    sentence: str
    mode: CheckMode
    prompt: dict[str, str]
    meaning: dict[str, str]
    hint: dict[str, str]
    answer_language: str
    expected: tuple[str, ...]
    choices: tuple[str, ...]
    tokens: tuple[str, ...]
    listen: str | None
    words: tuple[str, ...]

    def prompt_for(self, reader: str) -> tuple[str, str]:
        """The prompt as (language, text) for someone who reads `reader`; ("", "") for a dictation."""
        for language in (reader, *self.prompt):
            if language in self.prompt:
                return language, self.prompt[language]
        return "", ""

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(choice for choice in self.choices if choice not in self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tandem:
    """A question for two people who each speak the other's language."""

    minutes: int
    prompts: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """`version` changes when anything a learner could see changes, and only then."""

    id: str
    course_id: str
    unit_id: str
    language: str
    level: str
    title: dict[str, str]
    can_do: tuple[str, ...]
    needs: tuple[str, ...]
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    dialogue: tuple[Line, ...]
    grammar: dict[str, str]
    exercises: tuple[Exercise, ...]
    tandem: Tandem | None
    sources: tuple[str, ...]
    reviewed: dict[str, str | None]
    version: str

    @property
    def state(self) -> LessonState:
        return LessonState.REVIEWED if all(self.reviewed.values()) else LessonState.DRAFT

    def exercises_for(self, reader: str) -> tuple[Exercise, ...]:
        """The exercises someone who reads `reader` can answer: in the taught language or in their own."""
        return tuple(e for e in self.exercises if e.answer_language in (self.language, reader))

    def sentence(self, sentence_id: str) -> Sentence:
        """Raises KeyError when the lesson has no such sentence."""
        for sentence in self.sentences:
            if sentence.id == sentence_id:
                return sentence
        raise KeyError(sentence_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanDo:
    """Something the learner will be able to do, said in every language of the portal."""

    id: str
    text: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    id: str
    course_id: str
    level: str
    title: dict[str, str]
    about: dict[str, str]
    can_do: tuple[CanDo, ...]
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`function_words` need no teaching (and, de, the); `names` are people and places of the stories."""

    id: str
    language: str
    explained_in: tuple[str, ...]
    title: dict[str, str]
    about: dict[str, str]
    function_words: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[Unit, ...]

    def lessons(self) -> Iterator[Lesson]:
        for unit in self.units:
            yield from unit.lessons

    def reader_language(self, locale: str) -> str:
        """The language to explain in for an interface locale such as fr-CA or es_MX."""
        language = locale.replace("_", "-").split("-")[0].casefold()
        return language if language in self.explained_in else self.explained_in[0]

    def vocabulary(self, language: str) -> frozenset[str]:
        """Every word the course writes in `language`, casefolded: what a spelling check must not refuse."""
        texts = list(self.names)
        if language == self.language:
            texts += self.function_words
        for lesson in self.lessons():
            for sentence in lesson.sentences:
                texts += (
                    sentence.accepted
                    if language == self.language
                    else sentence.translations.get(language, ())
                )
            if language == self.language:
                texts += (form for word in lesson.words for form in word.forms)
        return frozenset(token for text in texts for token in words_of(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All courses of one content folder."""

    courses: tuple[Course, ...]

    def lessons(self) -> Iterator[Lesson]:
        for course in self.courses:
            yield from course.lessons()

    def course(self, course_id: str) -> Course:
        """Raises KeyError when there is no such course."""
        return {course.id: course for course in self.courses}[course_id]

    def lesson(self, lesson_id: str) -> Lesson:
        """Raises KeyError when there is no such lesson."""
        return {lesson.id: lesson for lesson in self.lessons()}[lesson_id]


def pack_lesson(lesson: Lesson) -> bytes:
    """The lesson as JSON, to be stored beside its version and read back by `unpack_lesson`."""
    return msgspec.json.encode(lesson)


def unpack_lesson(packed: bytes) -> Lesson:
    """Raises msgspec.ValidationError when `packed` was not made by `pack_lesson`."""
    return msgspec.json.decode(packed, type=Lesson)
