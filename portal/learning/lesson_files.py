"""The content folder: courses, units and lessons as YAML files that teachers write and review.

    es/course.yaml   es/a1/u01/unit.yaml   es/a1/u01/l01.yaml

An id says where a file stands: es/a1/u01/l01.yaml is es.a1.u01.l01. docs/content.md explains the format.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from portal.learning.lesson_answers import answer_problems
from portal.learning.lesson_checks import CourseCheck
from portal.learning.lesson_reader import LessonFile, read_course, read_lesson, read_unit
from portal.learning.lesson_types import Content, Course, Unit
from portal.learning.lesson_yaml import Document, Problem, Unreadable, read_document

CONTENT = Path(__file__).with_name("content")
MOST_FILES = 5000
COURSE_FILE = re.compile(r"([a-z]{2})/course\.yaml")
UNIT_FILE = re.compile(r"([a-z]{2}/[abc][12]/u\d\d)/unit\.yaml")
LESSON_FILE = re.compile(r"([a-z]{2}/[abc][12]/u\d\d/l\d\d)\.yaml")


class ContentProblems(Exception):
    """The content cannot be used as it is; `problems` holds everything to put right."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def check_tree(root: Path = CONTENT, *, answers: bool = False) -> list[Problem]:
    """All problems of the content under `root`, by file and line; an empty list means it can be used.

    With `answers`, every answer and every wrong choice is also put to the answer checker.
    """
    content, problems, files = _read_tree(root)
    if answers:
        for course in content.courses:
            for file in files.get(course.id, []):
                problems.extend(answer_problems(course, file))
    return sorted(problems)


def load_tree(root: Path = CONTENT) -> Content:
    """Raises ContentProblems, with all of them, when there is any."""
    content, problems, _ = _read_tree(root)
    if problems:
        raise ContentProblems(problems)
    return content


def _read_tree(root: Path) -> tuple[Content, list[Problem], dict[str, list[LessonFile]]]:
    problems: list[Problem] = []
    documents = _documents(root, problems)
    courses: dict[str, Course] = {}
    units: dict[str, Unit] = {}
    files: dict[str, list[LessonFile]] = {}
    for path, document in documents.items():
        if found := COURSE_FILE.fullmatch(path):
            if course := read_course(document, found[1], problems):
                courses[course.id] = course
        elif (found := UNIT_FILE.fullmatch(path)) and (
            unit := read_unit(document, found[1].replace("/", "."), problems)
        ):
            units[unit.id] = unit
    for path, document in documents.items():
        if not (found := LESSON_FILE.fullmatch(path)):
            continue
        lesson_id = found[1].replace("/", ".")
        course_id, unit_id = lesson_id.split(".")[0], lesson_id.rpartition(".")[0]
        if f"{course_id}/course.yaml" not in documents:
            problems.append(
                Problem(path, 1, f"There is no course file {course_id}/course.yaml for this lesson.")
            )
        if f"{unit_id.replace('.', '/')}/unit.yaml" not in documents:
            problems.append(Problem(path, 1, "There is no unit.yaml beside this lesson."))
        course = courses.get(course_id)
        if course and (file := read_lesson(document, lesson_id, course, problems)):
            files.setdefault(course_id, []).append(file)
    for course_id, course in courses.items():
        problems.extend(CourseCheck(course, units, files.get(course_id, [])).problems())
    return _assemble(courses, units, files), sorted(set(problems)), files


def _documents(root: Path, problems: list[Problem]) -> dict[str, Document]:
    """Every file of the tree by its path under `root`, in order. Links are never followed."""
    documents: dict[str, Document] = {}
    if not root.is_dir():
        problems.append(Problem(str(root), 1, "There is no such folder."))
        return documents
    paths = sorted(path for path in root.rglob("*") if path.suffix in (".yaml", ".yml"))
    if len(paths) > MOST_FILES:
        problems.append(Problem(str(root), 1, f"The folder holds more than {MOST_FILES} files."))
    for path in paths[:MOST_FILES]:
        shown = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.is_file():
            problems.append(Problem(shown, 1, "This is a link or no file. Put the file itself here."))
            continue
        if not any(pattern.fullmatch(shown) for pattern in (COURSE_FILE, UNIT_FILE, LESSON_FILE)):
            problems.append(
                Problem(
                    shown,
                    1,
                    "The file stands where nothing looks for it. A lesson is like es/a1/u01/l01.yaml.",
                )
            )
            continue
        try:
            document = read_document(path, shown)
        except Unreadable as error:
            problems.append(Problem(shown, error.line, error.message))
            continue
        problems.extend(
            Problem(shown, line, f"The field {name!r} is here twice.") for line, name in document.repeated
        )
        documents[shown] = document
    return documents


def _assemble(
    courses: dict[str, Course], units: dict[str, Unit], files: dict[str, list[LessonFile]]
) -> Content:
    whole = []
    for course in courses.values():
        lessons = [file.lesson for file in files.get(course.id, [])]
        whole.append(
            replace(
                course,
                units=tuple(
                    replace(unit, lessons=tuple(each for each in lessons if each.unit_id == unit.id))
                    for unit in units.values()
                    if unit.course_id == course.id
                ),
            )
        )
    return Content(courses=tuple(whole))
