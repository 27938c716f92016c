"""From an exercise as a teacher writes it to one a player can show: prompt, answers, choices, pieces."""

import re
from typing import Any

from portal.learning.lesson_fields import LANGUAGE_NAMES, MISSING, FieldReader
from portal.learning.lesson_text import INNER_MARK, pieces, same_words, shuffled
from portal.learning.lesson_types import CheckMode, Exercise, ExerciseType, Sentence
from portal.learning.lesson_yaml import Keys

FIELDS_OF_TYPE: dict[ExerciseType, tuple[tuple[str, ...], tuple[str, ...]]] = {
    ExerciseType.CHOOSE: (("wrong",), ("prompt",)),
    ExerciseType.CLOZE: (("blank",), ("accept",)),
    ExerciseType.ORDER: ((), ()),
    ExerciseType.TRANSLATE: (("from",), ()),
    ExerciseType.DICTATION: ((), ()),
}
GAP = "____"
FEWEST_PIECES = 3
MOST_PIECES = 12


class ExerciseReader:
    """Builds the exercises of one lesson, whose sentences are already read."""

    def __init__(
        self,
        reader: FieldReader,
        lesson_id: str,
        language: str,
        explained_in: tuple[str, ...],
        sentences: dict[str, Sentence],
        sentence_keys: frozenset[str],
        names: frozenset[str],
    ) -> None:
        self.reader = reader
        self.lesson_id = lesson_id
        self.language = language
        self.explained_in = explained_in
        self.sentences = sentences
        self.sentence_keys = sentence_keys
        self.names = names

    def read(self, where: Keys, value: Any, ordinal: int) -> Exercise | None:
        if not isinstance(value, dict):
            self.reader.problem(
                where, "An exercise needs named fields: type, sentence and what the type needs."
            )
            return None
        kind = self.reader.one_of(
            (*where, "type"),
            value.get("type", MISSING),
            "The type of this exercise",
            [str(t) for t in ExerciseType],
        )
        if not kind:
            if "type" not in value:
                self.reader.problem(where, "An exercise needs the field 'type'.")
            return None
        exercise_type = ExerciseType(kind)
        required, optional = FIELDS_OF_TYPE[exercise_type]
        self.reader.fields(
            where, value, f"A {kind} exercise", ("type", "sentence", *required), ("id", "hint", *optional)
        )
        key = self.reader.key((*where, "id"), value.get("id", f"e{ordinal:02}"), "An exercise")
        hint = self.reader.by_language((*where, "hint"), value.get("hint", MISSING), "The hint")
        sentence = self._sentence(where, value.get("sentence", MISSING))
        if not key or sentence is None:
            return None
        build = getattr(self, f"_{kind}")
        return build(where, value, f"{self.lesson_id}.{key}", sentence, hint)

    def _sentence(self, where: Keys, value: Any) -> Sentence | None:
        if value is MISSING:
            return None
        if str(value) not in self.sentence_keys:
            self.reader.problem((*where, "sentence"), f"There is no sentence {value!r} in this lesson.")
        return self.sentences.get(str(value))

    def _meaning(self, sentence: Sentence) -> dict[str, str]:
        return {
            language: sentence.translations[language][0]
            for language in self.explained_in
            if sentence.translations.get(language)
        }

    def _exercise(self, exercise_id: str, kind: ExerciseType, sentence: Sentence, **parts: Any) -> Exercise:
        whole: dict[str, Any] = {
            "mode": CheckMode.SENTENCE,
            "prompt": self._meaning(sentence),
            "meaning": {},
            "answer_language": self.language,
            "expected": sentence.accepted,
            "choices": (),
            "tokens": (),
            "listen": None,
        }
        return Exercise(
            id=exercise_id, type=kind, sentence=sentence.id, words=sentence.uses, **{**whole, **parts}
        )

    def _choose(
        self, where: Keys, value: Any, key: str, sentence: Sentence, hint: dict[str, str]
    ) -> Exercise | None:
        at = (*where, "wrong")
        wrong = self.reader.texts(
            at, value.get("wrong", MISSING), "The list of wrong answers", least=2, most=5
        )
        sound = len(wrong) >= 2
        for place, text in enumerate(wrong):
            if any(same_words(text, good) for good in sentence.accepted):
                self.reader.problem(
                    (*at, place), f"“{text}” is listed as wrong, but it is also an accepted answer."
                )
                sound = False
            if any(same_words(text, other) for other in wrong[:place]):
                self.reader.problem((*at, place), f"“{text}” is the same as another wrong answer.")
                sound = False
        prompt = self._meaning(sentence)
        if "prompt" in value:
            prompt = self.reader.by_language(
                (*where, "prompt"), value["prompt"], "The prompt", self.explained_in, longest=300
            )
        if not sound:
            return None
        return self._exercise(
            key,
            ExerciseType.CHOOSE,
            sentence,
            hint=hint,
            prompt=prompt,
            expected=(sentence.text,),
            choices=shuffled((sentence.text, *wrong), key),
        )

    def _cloze(
        self, where: Keys, value: Any, key: str, sentence: Sentence, hint: dict[str, str]
    ) -> Exercise | None:
        blank = self.reader.text((*where, "blank"), value.get("blank", MISSING), "The blank", longest=60)
        accept: tuple[str, ...] = ()
        if "accept" in value:
            accept = self.reader.texts(
                (*where, "accept"), value["accept"], "The list of other answers", longest=60
            )
        if not blank:
            return None
        places = list(re.finditer(rf"(?<!\w){re.escape(blank)}(?!\w)", sentence.text))
        if len(places) != 1:
            many = "not" if not places else f"{len(places)} times"
            self.reader.problem(
                (*where, "blank"),
                f"“{blank}” is {many} in the sentence “{sentence.text}”. It must be there once.",
            )
            return None
        if same_words(blank, sentence.text):
            self.reader.problem(
                (*where, "blank"), "The blank is the whole sentence. Leave some words to read."
            )
            return None
        gapped = sentence.text[: places[0].start()] + GAP + sentence.text[places[0].end() :]
        return self._exercise(
            key,
            ExerciseType.CLOZE,
            sentence,
            hint=hint,
            mode=CheckMode.CLOZE,
            prompt={self.language: gapped},
            meaning=self._meaning(sentence),
            expected=(blank, *(text for text in accept if text != blank)),
        )

    def _order(
        self, where: Keys, value: Any, key: str, sentence: Sentence, hint: dict[str, str]
    ) -> Exercise | None:
        tokens = pieces(sentence.text, self.names)
        problem = ""
        if not FEWEST_PIECES <= len(tokens) <= MOST_PIECES:
            problem = (
                f"needs a sentence of {FEWEST_PIECES} to {MOST_PIECES} words; this one has {len(tokens)}"
            )
        elif INNER_MARK.search(sentence.text):
            problem = "needs a sentence in one piece; around a comma or a stop the parts could change places"
        else:
            same_pieces = sorted(token.casefold() for token in tokens)
            for other in sentence.accepted[1:]:
                if sorted(token.casefold() for token in pieces(other, self.names)) == same_pieces:
                    problem = f"has more than one solution: “{other}” is made of the same words"
        if problem:
            self.reader.problem(where, f"An order exercise {problem}.")
            return None
        return self._exercise(
            key,
            ExerciseType.ORDER,
            sentence,
            hint=hint,
            expected=(sentence.text,),
            tokens=shuffled(tokens, key),
        )

    def _translate(
        self, where: Keys, value: Any, key: str, sentence: Sentence, hint: dict[str, str]
    ) -> Exercise | None:
        source = value.get("from", MISSING)
        allowed = (self.language, self.explained_in[0])
        if source is MISSING or not self.reader.one_of(
            (*where, "from"), source, "The language to translate from", allowed
        ):
            return None
        if source != self.language:
            return self._exercise(key, ExerciseType.TRANSLATE, sentence, hint=hint)
        into = self.explained_in[0]
        answers = sentence.translations.get(into, ())
        if not answers:
            self.reader.problem(where, f"The sentence has no translation in {LANGUAGE_NAMES[into]}.")
            return None
        return self._exercise(
            key,
            ExerciseType.TRANSLATE,
            sentence,
            hint=hint,
            prompt={self.language: sentence.text},
            answer_language=into,
            expected=answers,
        )

    def _dictation(
        self, where: Keys, value: Any, key: str, sentence: Sentence, hint: dict[str, str]
    ) -> Exercise | None:
        return self._exercise(
            key,
            ExerciseType.DICTATION,
            sentence,
            hint=hint,
            mode=CheckMode.DICTATION,
            prompt={},
            meaning=self._meaning(sentence),
            expected=(sentence.text,),
            listen=sentence.text,
        )
