"""The computer voice of the dictations: files under the instance folder, made when content is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from portal import jobs
from portal.config import Settings
from portal.learning.lesson_files import load_tree
from portal.learning.lesson_types import Content, Lesson
from portal.learning.voice import VoicesMade, make_voices, voice_name

AT_ONCE = 60  # so many files are made while the command waits; more become a job
JOB = "learning.voices"


@dataclass(frozen=True)
class OneLesson:
    lesson: Lesson

    def lessons(self) -> Iterator[Lesson]:
        yield self.lesson


def folder_of(settings: Settings) -> Path:
    return settings.instance_path / "voices"


def missing(content: Content, folder: Path) -> set[str]:
    """The names of the files that the content needs and the folder does not hold."""
    names = {
        voice_name(exercise.listen, exercise.answer_language)
        for lesson in content.lessons()
        for exercise in lesson.exercises
        if exercise.listen
    }
    return {name for name in names if not (folder / name).exists()}


def enqueue(names: set[str], *, now: datetime) -> jobs.Job:
    """Have the worker make them; asking again for the same files is the same job."""
    return jobs.enqueue(JOB, {}, now=now, key=sha256(" ".join(sorted(names)).encode()).hexdigest())


def make(content: Content, folder: Path) -> VoicesMade:
    return make_voices(content, folder)


def register(settings: Settings) -> None:
    @jobs.job(JOB, stepwise=True)
    def make_all(run: jobs.Run) -> None:
        lessons = list(load_tree().lessons())
        for number, lesson in enumerate(lessons):
            run.progress(number / len(lessons), "voices")
            make_voices(OneLesson(lesson), folder_of(settings))
        with run.finish():
            pass
