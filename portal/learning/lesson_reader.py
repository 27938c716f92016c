"""From one content file to a course, a unit or a lesson. Whatever can be read is; the rest is told."""

import json
import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from portal.learning.lesson_exercises import ExerciseReader
from portal.learning.lesson_fields import (
    LANGUAGES,
    LONGEST_NOTE,
    LONGEST_SENTENCE,
    MISSING,
    FieldReader,
    listed,
)
from portal.learning.lesson_text import emphasis_is_closed, headwords, holds, words_of
from portal.learning.lesson_types import CanDo, Course, Lesson, Line, Sentence, Tandem, Unit, Word
from portal.learning.lesson_yaml import Document, Keys, Problem

LEVELS = ("A1", "A2", "B1", "B2", "C1")
PARTS_OF_SPEECH = ("n", "v", "adj", "adv", "pron", "prep", "conj", "num", "det", "int", "phr")
GENDERS = ("m", "f", "mf")
TAUGHT = ("es", "en")
REVIEWERS = ("es", "en", "steward")
REVIEW = re.compile(r"\S.{1,80}, (\d{4}-\d{2}-\d{2})")
CAN_DO_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")

LESSON_FIELDS = (
    "id", "title", "level", "can_do", "needs", "words", "sentences", "dialogue",
    "grammar", "exercises", "tandem", "sources", "reviewed",
)  # fmt: skip


@dataclass(frozen=True)
class LessonFile:
    """A lesson with what the checks across files need: its lines, and whether all its words could be read."""

    document: Document
    lesson: Lesson
    lines: dict[str, int]
    words_sound: bool
    declared_uses: dict[str, tuple[str, ...]]

    @property
    def path(self) -> str:
        return self.document.path


def version_of(document: Document) -> str:
    """A fingerprint of what the file says; comments, quotes and line breaks leave it alone."""
    said = json.dumps(document.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()[:32]


def read_course(document: Document, expected_id: str, problems: list[Problem]) -> Course | None:
    reader = FieldReader(document, problems)
    names = ("id", "language", "explained_in", "title", "about", "function_words", "names")
    value = reader.fields((), document.data, "A course", names)
    if value is None:
        return None
    _own_id(reader, value, expected_id)
    language = reader.one_of(("language",), value.get("language", MISSING), "The language taught", TAUGHT)
    explained_in = reader.texts(("explained_in",), value.get("explained_in", MISSING), "explained_in")
    for name in explained_in:
        if name not in LANGUAGES or name == language:
            reader.problem(("explained_in",), f"A course cannot be explained in {name!r} here.")
            return None
    function_words = [
        reader.text(("function_words", place), word, "A function word", 40).casefold()
        for place, word in enumerate(
            reader.items(
                ("function_words",), value.get("function_words", MISSING), "function_words", most=400
            )
        )
    ]
    people = [
        reader.text(("names", place), name, "A name", 60)
        for place, name in enumerate(reader.items(("names",), value.get("names", MISSING), "names", most=400))
    ]
    if not language or not explained_in:
        return None
    return Course(
        id=expected_id,
        language=language,
        explained_in=explained_in,
        title=reader.by_language(("title",), value.get("title", MISSING), "The title", LANGUAGES),
        about=reader.by_language(
            ("about",), value.get("about", MISSING), "The text", LANGUAGES, LONGEST_NOTE
        ),
        function_words=tuple(filter(None, function_words)),
        names=tuple(filter(None, people)),
        units=(),
    )


def read_unit(document: Document, expected_id: str, problems: list[Problem]) -> Unit | None:
    reader = FieldReader(document, problems)
    value = reader.fields((), document.data, "A unit", ("id", "level", "title", "about", "can_do"))
    if value is None:
        return None
    _own_id(reader, value, expected_id)
    can_do: dict[str, CanDo] = {}
    for place, entry in enumerate(
        reader.items(("can_do",), value.get("can_do", MISSING), "The list of can-do statements", least=1)
    ):
        where = ("can_do", place)
        fields = reader.fields(where, entry, "A can-do statement", ("id", *LANGUAGES))
        if fields is None:
            continue
        key = str(fields.get("id", ""))
        if not CAN_DO_ID.fullmatch(key):
            reader.problem(where, "A can-do statement needs an id like a1.greet.say_hello.")
        elif key in can_do:
            reader.problem(where, f"The can-do statement {key!r} is here twice.")
        else:
            text = reader.by_language(
                where,
                {k: v for k, v in fields.items() if k != "id"},
                "The statement",
                longest=LONGEST_SENTENCE,
            )
            can_do[key] = CanDo(id=key, text=text)
    return Unit(
        id=expected_id,
        course_id=expected_id.split(".")[0],
        level=reader.one_of(("level",), value.get("level", MISSING), "The level", LEVELS),
        title=reader.by_language(("title",), value.get("title", MISSING), "The title", LANGUAGES),
        about=reader.by_language(
            ("about",), value.get("about", MISSING), "The text", LANGUAGES, LONGEST_NOTE
        ),
        can_do=tuple(can_do.values()),
        lessons=(),
    )


def read_lesson(
    document: Document, expected_id: str, course: Course, problems: list[Problem]
) -> LessonFile | None:
    reader = FieldReader(document, problems)
    value = reader.fields((), document.data, "A lesson", LESSON_FIELDS)
    if value is None:
        return None
    _own_id(reader, value, expected_id)
    return _LessonReader(reader, value, expected_id, course).read()


def _own_id(reader: FieldReader, value: dict[str, Any], expected_id: str) -> None:
    if "id" in value and value["id"] != expected_id:
        reader.problem(
            ("id",), f"The id is {value['id']!r}; from where the file stands it must be {expected_id!r}."
        )


class _LessonReader:
    def __init__(self, reader: FieldReader, value: dict[str, Any], lesson_id: str, course: Course) -> None:
        self.reader = reader
        self.value = value
        self.id = lesson_id
        self.course = course
        self.language = course.language
        self.lines: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self.declared_uses: dict[str, tuple[str, ...]] = {}

    def part(self, name: str) -> Any:
        return self.value.get(name, MISSING)

    def read(self) -> LessonFile:
        reader, document = self.reader, self.reader.document
        raw_words = reader.items(("words",), self.part("words"), "The list of words", least=1)
        words = [self._word(("words", place), entry) for place, entry in enumerate(raw_words)]
        raw_sentences = reader.items(("sentences",), self.part("sentences"), "The list of sentences", least=1)
        sentences = [
            self._sentence(("sentences", place), entry, [word for word in words if word])
            for place, entry in enumerate(raw_sentences)
        ]
        exercises = self._exercises([sentence for sentence in sentences if sentence])
        lesson = Lesson(
            id=self.id,
            course_id=self.course.id,
            unit_id=self.id.rpartition(".")[0],
            language=self.language,
            level=reader.one_of(("level",), self.part("level"), "The level", LEVELS),
            title=reader.by_language(("title",), self.part("title"), "The title", LANGUAGES),
            can_do=reader.texts(("can_do",), self.part("can_do"), "can_do"),
            needs=reader.texts(("needs",), self.part("needs"), "needs", least=0),
            words=tuple(word for word in words if word),
            sentences=tuple(sentence for sentence in sentences if sentence),
            dialogue=self._dialogue(),
            grammar=self._grammar(),
            exercises=exercises,
            tandem=self._tandem(),
            sources=reader.texts(("sources",), self.part("sources"), "sources"),
            reviewed=self._reviewed(),
            version=version_of(document),
        )
        return LessonFile(document, lesson, self.lines, None not in words, self.declared_uses)

    def _keep_key(self, where: Keys, key: str, what: str) -> bool:
        """Remember an id of this lesson; False when it is empty or taken."""
        if not key:
            return False
        line = self.reader.document.line(*where)
        if key in self.keys:
            self.reader.problem(where, f"The id {key!r} is already used for {self.keys[key]}.")
            return False
        self.keys[key] = f"{what} on line {line}"
        self.lines[f"{self.id}:{key}"] = line
        return True

    def _word(self, where: Keys, entry: Any) -> Word | None:
        reader, known = self.reader, len(self.reader.problems)
        needed = ("id", self.language, *self.course.explained_in, "pos")
        spare = tuple(name for name in LANGUAGES if name not in needed)
        fields = reader.fields(where, entry, "A word", needed, (*spare, "gender", "note", "forms"))
        if fields is None:
            return None
        key = reader.key((*where, "id"), fields.get("id", MISSING), "A word")
        kept = self._keep_key(where, key, "the word")
        text = reader.text((*where, self.language), fields.get(self.language, MISSING), "The word", 80)
        meanings = {
            language: meaning
            for language in LANGUAGES
            if language != self.language
            and language in fields
            and (
                meaning := reader.text((*where, language), fields[language], "The meaning", LONGEST_SENTENCE)
            )
        }
        pos = reader.one_of(
            (*where, "pos"), fields.get("pos", MISSING), "The part of speech (pos)", PARTS_OF_SPEECH
        )
        gender = None
        if "gender" in fields:
            gender = reader.one_of((*where, "gender"), fields["gender"], "The gender", GENDERS) or None
        elif self.language == "es" and pos == "n":
            reader.problem(where, f"A Spanish noun needs its gender: {listed(GENDERS)}.")
        notes = reader.by_language(
            (*where, "note"), fields.get("note", MISSING), "The note", longest=LONGEST_NOTE
        )
        forms = dict.fromkeys(headwords(text, self.language))
        if "forms" in fields:
            forms |= dict.fromkeys(
                reader.texts((*where, "forms"), fields["forms"], "The list of forms", longest=80)
            )
        if not kept or len(reader.problems) > known:
            return None
        return Word(
            id=f"{self.id}:{key}", key=key, text=text, meanings=meanings, pos=pos, gender=gender, notes=notes,
            forms=tuple(forms),
        )  # fmt: skip

    def _sentence(self, where: Keys, entry: Any, words: list[Word]) -> Sentence | None:
        reader = self.reader
        needed = ("id", self.language, *self.course.explained_in)
        spare = tuple(name for name in LANGUAGES if name not in needed)
        fields = reader.fields(where, entry, "A sentence", needed, (*spare, "uses"))
        if fields is None:
            return None
        key = reader.key((*where, "id"), fields.get("id", MISSING), "A sentence")
        kept = self._keep_key(where, key, "the sentence")
        texts = {
            language: reader.texts((*where, language), fields.get(language, MISSING), "The sentence")
            for language in LANGUAGES
            if language in fields
        }
        accepted = texts.pop(self.language, ())
        declared = reader.texts((*where, "uses"), fields.get("uses", MISSING), "uses", least=0)
        if not kept or not accepted:
            return None
        self.declared_uses[f"{self.id}:{key}"] = declared
        return Sentence(
            id=f"{self.id}:{key}",
            key=key,
            text=accepted[0],
            accepted=accepted,
            translations=texts,
            uses=tuple(word.id for word in words if any(holds(accepted[0], form) for form in word.forms)),
        )

    def _exercises(self, sentences: list[Sentence]) -> tuple[Any, ...]:
        reader = self.reader
        sentence_keys = frozenset(key for key, what in self.keys.items() if what.startswith("the sentence"))
        names = frozenset(token for name in self.course.names for token in words_of(name)) | {"i", "i'm"}
        build = ExerciseReader(
            reader,
            self.id,
            self.language,
            self.course.explained_in,
            {sentence.key: sentence for sentence in sentences},
            sentence_keys,
            names if self.language == "en" else names - {"i", "i'm"},
        )
        found: dict[str, Any] = {}
        raw = reader.items(("exercises",), self.part("exercises"), "The list of exercises", least=1)
        for place, entry in enumerate(raw):
            where = ("exercises", place)
            exercise = build.read(where, entry, place + 1)
            if exercise is None:
                continue
            if exercise.id in found:
                reader.problem(where, f"The exercise id {exercise.id.rpartition('.')[2]!r} is used twice.")
                continue
            self.lines[exercise.id] = reader.document.line(*where)
            found[exercise.id] = exercise
        return tuple(found.values())

    def _dialogue(self) -> tuple[Line, ...]:
        reader, lines = self.reader, []
        needed = ("who", self.language, *self.course.explained_in)
        spare = tuple(name for name in LANGUAGES if name not in needed)
        for place, entry in enumerate(reader.items(("dialogue",), self.part("dialogue"), "The dialogue")):
            where = ("dialogue", place)
            fields = reader.fields(where, entry, "A line of the dialogue", needed, spare)
            if fields is None:
                continue
            said = {k: v for k, v in fields.items() if k in LANGUAGES}
            texts = reader.by_language(where, said, "The line", longest=LONGEST_SENTENCE)
            text = texts.pop(self.language, "")
            who = reader.text((*where, "who"), fields.get("who", MISSING), "Who speaks", 60)
            self.lines[f"{self.id}:dialogue:{len(lines)}"] = reader.document.line(*where)
            lines.append(Line(who=who, text=text, translations=texts))
        return tuple(lines)

    def _grammar(self) -> dict[str, str]:
        where = ("grammar",)
        notes = self.reader.by_language(
            where, self.part("grammar"), "The grammar note", self.course.explained_in, LONGEST_NOTE
        )
        for language, text in notes.items():
            if not emphasis_is_closed(text):
                self.reader.problem(
                    (*where, language),
                    "Emphasis is *like this* or **like this**: closed, and not one in the other.",
                )
        return notes

    def _tandem(self) -> Tandem | None:
        reader, where = self.reader, ("tandem",)
        if self.part("tandem") is MISSING:
            return None
        fields = reader.fields(
            where, self.value["tandem"], "The tandem card", ("minutes", "es", "en"), ("fr",)
        )
        if fields is None:
            return None
        minutes = reader.number((*where, "minutes"), fields.get("minutes", MISSING), "The tandem card", 5, 60)
        said = {k: v for k, v in fields.items() if k in LANGUAGES}
        prompts = reader.by_language(where, said, "The tandem card", longest=LONGEST_SENTENCE)
        return Tandem(minutes=minutes, prompts=prompts) if minutes else None

    def _reviewed(self) -> dict[str, str | None]:
        reader, where = self.reader, ("reviewed",)
        stamps: dict[str, str | None] = dict.fromkeys(REVIEWERS)
        if self.part("reviewed") is MISSING:
            return stamps
        fields = reader.fields(where, self.value["reviewed"], "The review", REVIEWERS) or {}
        for name in REVIEWERS:
            stamp = fields.get(name)
            if stamp is None:
                continue
            if not _is_stamp(stamp):
                reader.problem(
                    (*where, name), "A review is null or a name and a day: “Ana Ruiz, 2026-03-14”."
                )
                continue
            stamps[name] = stamp
        return stamps


def _is_stamp(stamp: Any) -> bool:
    found = REVIEW.fullmatch(stamp) if isinstance(stamp, str) else None
    if not found:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True
