"""What must hold between the parts of a lesson and between lessons."""

from collections.abc import Iterator, Mapping

from portal.learning.lesson_reader import LessonFile
from portal.learning.lesson_text import holds, unknown_words, words_of
from portal.learning.lesson_types import Course, Unit
from portal.learning.lesson_yaml import Problem

FEWEST_USES = 2


class CourseCheck:
    """All lessons of one course, with what each may take as known."""

    def __init__(self, course: Course, units: Mapping[str, Unit], files: list[LessonFile]) -> None:
        self.course = course
        self.units = units
        self.files = files
        self.by_id = {file.lesson.id: file for file in files}
        names = (token for name in course.names for token in words_of(name))
        self.loose = frozenset(course.function_words) | frozenset(names)

    def problems(self) -> Iterator[Problem]:
        for file in self.files:
            yield from self._references(file)
            yield from self._uses(file)
            yield from self._untaught(file)
        yield from self._circles()
        yield from self._repeats()

    def before(self, file: LessonFile) -> list[LessonFile]:
        """The lesson and every lesson it needs, directly or through others; circles are walked once."""
        seen: dict[str, LessonFile] = {}
        waiting = [file.lesson.id]
        while waiting:
            lesson_id = waiting.pop()
            if lesson_id in self.by_id and lesson_id not in seen:
                seen[lesson_id] = self.by_id[lesson_id]
                waiting.extend(seen[lesson_id].lesson.needs)
        return list(seen.values())

    def _references(self, file: LessonFile) -> Iterator[Problem]:
        lesson, document = file.lesson, file.document
        for place, needed in enumerate(lesson.needs):
            if needed not in self.by_id:
                yield Problem(
                    file.path,
                    document.line("needs", place),
                    f"It needs the lesson {needed!r}, which is not there.",
                )
        unit = self.units.get(lesson.unit_id)
        known = {can_do.id for can_do in unit.can_do} if unit else set()
        for place, can_do in enumerate(lesson.can_do):
            if unit and can_do not in known:
                yield Problem(
                    file.path,
                    document.line("can_do", place),
                    f"The can-do statement {can_do!r} is not in the unit's unit.yaml.",
                )
        if unit and unit.level and lesson.level and unit.level != lesson.level:
            yield Problem(
                file.path,
                document.line("level"),
                f"The level is {lesson.level}, but the unit's is {unit.level}.",
            )

    def _uses(self, file: LessonFile) -> Iterator[Problem]:
        lesson = file.lesson
        words = {word.key: word for known in self.before(file) for word in known.lesson.words}
        words |= {word.key: word for word in lesson.words}
        for sentence in lesson.sentences:
            for key in file.declared_uses.get(sentence.id, ()):
                line = file.lines[sentence.id]
                if key not in words:
                    if file.words_sound:
                        yield Problem(
                            file.path,
                            line,
                            f"uses: there is no word {key!r} in this lesson or those it needs.",
                        )
                elif not any(holds(sentence.text, form) for form in words[key].forms):
                    forms = ", ".join(words[key].forms)
                    yield Problem(
                        file.path,
                        line,
                        f"The sentence says it uses {key!r}, but none of its forms ({forms}) is in “{sentence.text}”.",
                    )
        practiced = {word_id for exercise in lesson.exercises for word_id in exercise.words}
        for word in lesson.words:
            count = sum(word.id in sentence.uses for sentence in lesson.sentences)
            if count < FEWEST_USES:
                times = "one sentence" if count else "no sentence"
                yield Problem(
                    file.path,
                    file.lines[word.id],
                    f"The word “{word.text}” is in {times}; it needs {FEWEST_USES}.",
                )
            if word.id not in practiced:
                yield Problem(
                    file.path, file.lines[word.id], f"No exercise practices the word “{word.text}”."
                )

    def _untaught(self, file: LessonFile) -> Iterator[Problem]:
        """A word nobody taught; silent while a lesson before it has words that cannot be read."""
        known = self.before(file)
        if not all(each.words_sound for each in known) or any(
            needed not in self.by_id for each in known for needed in each.lesson.needs
        ):
            return
        forms = {words_of(form) for each in known for word in each.lesson.words for form in word.forms}
        lesson = file.lesson
        texts = [(file.lines[sentence.id], sentence.text) for sentence in lesson.sentences]
        texts += [
            (file.lines[f"{lesson.id}:dialogue:{place}"], line.text)
            for place, line in enumerate(lesson.dialogue)
        ]
        texts += [(file.lines[exercise.id], text) for exercise in lesson.exercises for text in exercise.wrong]
        for line, text in texts:
            for token in unknown_words(text, forms, self.loose):
                yield Problem(
                    file.path,
                    line,
                    f"“{token}” in “{text}” is not taught before: add it to the words of this lesson or of one "
                    "it needs, or to the forms of a word, the function words or the names.",
                )

    def _circles(self) -> Iterator[Problem]:
        done: set[str] = set()
        for file in self.files:
            trail: list[str] = []
            self_id = file.lesson.id
            stack = [(self_id, iter(file.lesson.needs))]
            trail.append(self_id)
            if self_id in done:
                continue
            while stack:
                lesson_id, rest = stack[-1]
                for needed in rest:
                    if needed in trail:
                        circle = " → ".join([*trail[trail.index(needed) :], needed])
                        last = self.by_id[lesson_id]
                        yield Problem(
                            last.path,
                            last.document.line("needs"),
                            f"These lessons need each other: {circle}.",
                        )
                    elif needed in self.by_id and needed not in done:
                        stack.append((needed, iter(self.by_id[needed].lesson.needs)))
                        trail.append(needed)
                        break
                else:
                    done.add(lesson_id)
                    stack.pop()
                    trail.pop()

    def _repeats(self) -> Iterator[Problem]:
        """The same sentence or the same word twice in a course."""
        sentences: dict[tuple[str, ...], str] = {}
        taught: dict[tuple[str, ...], str] = {}
        for file in self.files:
            for sentence in file.lesson.sentences:
                line = file.lines[sentence.id]
                first = sentences.setdefault(words_of(sentence.text), f"{file.path}:{line}")
                if first != f"{file.path}:{line}":
                    yield Problem(file.path, line, f"The sentence “{sentence.text}” is already at {first}.")
            for word in file.lesson.words:
                line = file.lines[word.id]
                first = taught.setdefault(words_of(word.text), f"{file.path}:{line}")
                if first != f"{file.path}:{line}":
                    yield Problem(file.path, line, f"The word “{word.text}” is already taught at {first}.")
