from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.learning import voice
from portal.learning.voice import Failure, VoiceFailed, VoicesMade, make_voices, synthesize, voice_name


@dataclass
class Said:
    listen: str | None
    answer_language: str = "es"


@dataclass
class OneLesson:
    exercises: list[Said]

    def lessons(self):
        yield self


def test_a_sentence_becomes_a_small_mp3(tmp_path: Path):
    path = tmp_path / "alto.mp3"
    synthesize("¡Alto! ¡Cuidado!", "es", path)

    assert path.read_bytes()[:3] == b"ID3"
    assert 2_000 < path.stat().st_size < 20_000
    assert list(tmp_path.iterdir()) == [path]


def test_slow_speech_is_longer(tmp_path: Path):
    synthesize("Please wait here.", "en", tmp_path / "normal.mp3")
    synthesize("Please wait here.", "en", tmp_path / "slow.mp3", speed=voice.SLOW_SPEED)

    assert (tmp_path / "slow.mp3").stat().st_size > (tmp_path / "normal.mp3").stat().st_size


@pytest.mark.parametrize(
    ("text", "lang", "speed", "told"),
    [
        ("Bonjour", "fr", 140, "There is no voice for 'fr'."),
        (" ", "es", 140, "The text is empty or too long to be spoken."),
        ("a" * 401, "es", 140, "The text is empty or too long to be spoken."),
        ("Alto", "es", 1000, "The speed must be from 80 to 260 words a minute."),
    ],
)
def test_what_cannot_be_spoken_is_told_and_leaves_no_file(tmp_path: Path, text, lang, speed, told):
    with pytest.raises(VoiceFailed, match=told.replace(".", r"\.")):
        synthesize(text, lang, tmp_path / "x.mp3", speed=speed)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_made_once_and_nothing_is_removed(tmp_path: Path):
    (tmp_path / "old.mp3").write_bytes(b"old")
    content = OneLesson([Said("Hola."), Said("Hola."), Said(None), Said("Hello.", "en")])

    assert make_voices(content, tmp_path) == VoicesMade(made=2, kept=0, failed=())
    assert make_voices(content, tmp_path) == VoicesMade(made=0, kept=2, failed=())
    assert {path.name for path in tmp_path.iterdir()} == {
        "old.mp3",
        voice_name("Hola.", "es"),
        voice_name("Hello.", "en"),
    }


def test_one_failure_does_not_silence_the_others(tmp_path: Path):
    content = OneLesson([Said("Hola."), Said("Salut.", "fr"), Said("Adiós.")])

    assert make_voices(content, tmp_path) == VoicesMade(
        made=2, kept=0, failed=(Failure("Salut.", "fr", "There is no voice for 'fr'."),)
    )


def test_a_child_that_dies_costs_one_sentence_only(tmp_path: Path, monkeypatch):
    dying = tmp_path / "dying.py"
    dying.write_text(
        "import os, sys\n"
        f"sys.path.insert(0, {str(Path(voice.__file__).parents[2])!r})\n"
        "from portal.learning import voice\n"
        "def lines():\n"
        "    for line in sys.stdin:\n"
        "        if 'CRASH' in line:\n"
        "            os.abort()\n"
        "        yield line\n"
        "for result in voice.work(lines()):\n"
        "    print(result, flush=True)\n"
    )
    monkeypatch.setattr(voice, "__file__", str(dying))
    folder = tmp_path / "voices"
    made = make_voices(OneLesson([Said("Uno."), Said("CRASH"), Said("Dos.")]), folder)

    assert made == VoicesMade(2, 0, (Failure("CRASH", "es", "The voice engine stopped with status -6."),))
    assert len(list(folder.iterdir())) == 2


def test_without_any_engine_everything_is_reported_and_nothing_raised(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(voice.sys, "executable", str(tmp_path / "no-python"))
    said = [Said(f"Frase {number}.") for number in range(6)]
    made = make_voices(OneLesson(said), tmp_path / "voices")

    assert (made.made, made.kept, len(made.failed)) == (0, 0, 6)
    assert made.failed[0].reason == "The voice engine could not be started: No such file or directory."
    assert made.failed[5].reason == "The voice engine stopped too often; this one was not tried."


def test_names_differ_by_text_language_speed_and_nothing_else():
    names = {voice_name("Hola", "es"), voice_name("Hola.", "es"), voice_name("Hola", "en"),
             voice_name("Hola", "es", speed=100), voice_name("Hola", "es")}  # fmt: skip

    assert len(names) == 4
