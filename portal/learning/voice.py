"""A computer voice for dictations: espeak-ng speaks, ffmpeg makes a small MP3 that every phone plays.

espeak-ng keeps one state for its whole process and may take that process down, so it only ever runs in a
child: this file itself, which needs nothing else of the portal (tasks as JSON lines on standard input,
results on standard output). Whatever happens there, the caller gets a report and the lessons work without sound.
"""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

VOICES = {"es": "es-419", "en": "en-us"}
NORMAL_SPEED = 140
SLOW_SPEED = 100
SLOWEST, FASTEST = 80, 260
LONGEST_TEXT = 400
# Raised when the way a file is made changes, so that new files get new names.
RECIPE = "1"
PACKAGE = "espeakng-loader"

BATCH = 20
BATCH_SECONDS = 120
CRASHES_ALLOWED = 3

# From espeak-ng's speak_lib.h
AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_DONT_EXIT = 0x8000
CHARS_UTF8 = 1
PARAMETER_RATE = 1
LONGEST_DATA_PATH = 120
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class Spoken(Protocol):
    """What has a text to be heard; exercises do."""

    @property
    def listen(self) -> str | None: ...
    @property
    def answer_language(self) -> str: ...


class WithExercises(Protocol):
    @property
    def exercises(self) -> Sequence[Spoken]: ...


class WithLessons(Protocol):
    def lessons(self) -> Iterator[WithExercises]: ...


class VoiceFailed(Exception):
    """The voice could not be made; the message says why."""


@dataclass(frozen=True)
class Task:
    text: str
    lang: str
    speed: int
    path: str


@dataclass(frozen=True)
class Failure:
    text: str
    lang: str
    reason: str


@dataclass(frozen=True)
class VoicesMade:
    """How many files were made and how many were there already; what failed, and why."""

    made: int
    kept: int
    failed: tuple[Failure, ...]


@cache
def engine_version() -> str:
    try:
        return f"{PACKAGE} {version(PACKAGE)} recipe {RECIPE}"
    except PackageNotFoundError:
        return f"no engine, recipe {RECIPE}"


def voice_name(text: str, lang: str, *, speed: int = NORMAL_SPEED) -> str:
    """The name of the file that speaks `text`; another text, language, speed or engine has another name."""
    said = json.dumps([text, lang, speed, engine_version()], ensure_ascii=False)
    return f"{sha256(said.encode()).hexdigest()[:32]}.mp3"


def synthesize(text: str, lang: str, path: Path, *, speed: int = NORMAL_SPEED) -> None:
    """Write an MP3 of `text`; `speed` is in words a minute. Raises VoiceFailed and then leaves no file."""
    for failure in _run_all([Task(text, lang, speed, str(path))]):
        raise VoiceFailed(failure.reason)


def make_voices(content: WithLessons, folder: Path, *, speeds: Sequence[int] = (NORMAL_SPEED,)) -> VoicesMade:
    """Make one file for each dictation and speed. Files that are there stay as they are; none is removed."""
    tasks: dict[str, Task] = {}
    for lesson in content.lessons():
        for exercise in lesson.exercises:
            if exercise.listen:
                for speed in speeds:
                    name = voice_name(exercise.listen, exercise.answer_language, speed=speed)
                    tasks[name] = Task(
                        exercise.listen, exercise.answer_language, speed, str(folder.resolve() / name)
                    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = f"The folder cannot be made: {error.strerror}."
        return VoicesMade(0, 0, tuple(Failure(task.text, task.lang, reason) for task in tasks.values()))
    missing = [task for task in tasks.values() if not Path(task.path).exists()]
    failed = _run_all(missing)
    return VoicesMade(len(missing) - len(failed), len(tasks) - len(missing), tuple(failed))


def _run_all(tasks: Sequence[Task]) -> list[Failure]:
    failed: list[Failure] = []
    waiting = list(tasks)
    crashes = 0
    while waiting:
        if crashes > CRASHES_ALLOWED:
            reason = "The voice engine stopped too often; this one was not tried."
            failed += [Failure(task.text, task.lang, reason) for task in waiting]
            break
        batch = waiting[:BATCH]
        results, end = _run_batch(batch)
        failed += [
            Failure(task.text, task.lang, reason)
            for task, reason in zip(batch, results, strict=False)
            if reason is not None
        ]
        done = len(results)
        if done < len(batch):
            crashes += 1
            failed.append(Failure(batch[done].text, batch[done].lang, end))
            done += 1
        else:
            crashes = 0
        waiting = waiting[done:]
    return failed


def _run_batch(tasks: Sequence[Task]) -> tuple[list[str | None], str]:
    """The results of the tasks that came to an end, in order (None is success), and how the child ended."""
    lines = "".join(json.dumps(asdict(task)) + "\n" for task in tasks)
    try:
        child = subprocess.run(
            [sys.executable, "-P", __file__],
            input=lines.encode(),
            capture_output=True,
            timeout=BATCH_SECONDS,
            check=False,
        )
        output, end = child.stdout, f"The voice engine stopped with status {child.returncode}."
    except subprocess.TimeoutExpired as error:
        output, end = error.stdout or b"", f"The voice engine took longer than {BATCH_SECONDS} seconds."
    except OSError as error:
        output, end = b"", f"The voice engine could not be started: {error.strerror}."
    return list(_results(output, len(tasks))), end


def _results(output: bytes, most: int) -> Iterator[str | None]:
    for number, line in enumerate(output.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            return
        if number >= most or not isinstance(found, dict) or found.get("task") != number:
            return
        yield found.get("failed")


class Engine:
    """espeak-ng in this process. Not for threads, and only for the child. Raises VoiceFailed."""

    def __init__(self) -> None:
        try:
            import espeakng_loader

            self.library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
            data = str(espeakng_loader.get_data_path())
        except (ImportError, OSError) as error:
            raise VoiceFailed("The voice engine is not installed here.") from error
        # espeak-ng cuts off longer paths, so it is led there by a short one.
        self.short_path = tempfile.TemporaryDirectory() if len(data) > LONGEST_DATA_PATH else None
        if self.short_path:
            link = Path(self.short_path.name) / "espeak-ng-data"
            link.symlink_to(data)
            data = str(link)
        self.samples = bytearray()
        self.rate = self.library.espeak_Initialize(
            AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data), INITIALIZE_DONT_EXIT
        )
        if self.rate <= 0:
            raise VoiceFailed("The voice engine does not find its data.")
        # Kept as an attribute: the library calls it long after this line, and Python must not collect it.
        self.callback = CALLBACK(self._take)
        self.library.espeak_SetSynthCallback(self.callback)

    def _take(self, wave: Any, count: int, _events: Any) -> int:
        if wave and count > 0:
            self.samples += ctypes.string_at(wave, count * 2)
        return 0

    def speak(self, text: str, lang: str, speed: int) -> bytes:
        """16-bit mono samples at `rate`."""
        if lang not in VOICES:
            raise VoiceFailed(f"There is no voice for {lang!r}.")
        if not text.strip() or len(text) > LONGEST_TEXT or "\0" in text:
            raise VoiceFailed("The text is empty or too long to be spoken.")
        if not SLOWEST <= speed <= FASTEST:
            raise VoiceFailed(f"The speed must be from {SLOWEST} to {FASTEST} words a minute.")
        if self.library.espeak_SetVoiceByName(VOICES[lang].encode()) != 0:
            raise VoiceFailed(f"The voice {VOICES[lang]} is not there.")
        self.library.espeak_SetParameter(PARAMETER_RATE, speed, 0)
        self.samples.clear()
        said = text.encode() + b"\0"
        status = self.library.espeak_Synth(said, ctypes.c_size_t(len(said)), 0, 0, 0, CHARS_UTF8, None, None)
        self.library.espeak_Synchronize()
        if status != 0 or not self.samples:
            raise VoiceFailed("The voice engine said nothing.")
        return bytes(self.samples)


def _encode(samples: bytes, rate: int, path: Path) -> None:
    """Write the samples as MP3, whole or not at all."""
    try:
        import imageio_ffmpeg

        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:
        raise VoiceFailed("ffmpeg is not installed here.") from error
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    command = [ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    command += ["-f", "s16le", "-ar", str(rate), "-ac", "1", "-i", "pipe:0"]
    # A quarter of a second of silence first: phones swallow the beginning.
    command += ["-af", "adelay=250", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    command += ["-codec:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", str(part)]
    try:
        run = subprocess.run(command, input=samples, capture_output=True, timeout=60, check=False)
        if run.returncode != 0 or not part.stat().st_size:
            said = run.stderr.decode(errors="replace").strip().splitlines()
            raise VoiceFailed(f"ffmpeg could not make the file: {said[-1] if said else 'it said nothing'}")
        os.replace(part, path)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceFailed(f"The file could not be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def work(lines: Iterable[str]) -> Iterator[str]:
    """The child: one task a line in, one result a line out, in order."""
    engine: Engine | None = None
    for number, line in enumerate(lines):
        failed = None
        try:
            task = Task(**json.loads(line))
            engine = engine or Engine()
            _encode(engine.speak(task.text, task.lang, task.speed), engine.rate, Path(task.path))
        except VoiceFailed as error:
            failed = str(error)
        yield json.dumps({"task": number, "failed": failed})


if __name__ == "__main__":
    for result in work(sys.stdin):
        print(result, flush=True)
