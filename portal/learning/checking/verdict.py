"""What the checker says about one answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.learning.checking.messages import SENTENCES


class Mark(StrEnum):
    CORRECT = "correct"
    ALMOST = "almost"
    WRONG = "wrong"


class Op(StrEnum):
    """What became of a stretch of text between the typed and the expected answer."""

    SAME = "same"
    EXTRA = "extra"  # typed, not expected
    MISSING = "missing"  # expected, not typed


@dataclass(frozen=True, slots=True)
class Message:
    """A key of `messages.SENTENCES` and what fills its parameters; both are plain text, never markup."""

    key: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        return SENTENCES[self.key]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` names the rule of the checking document that decided, such as A1; `diff` is against `nearest`."""

    verdict: Mark
    rule: str
    message: Message
    diff: tuple[tuple[Op, str], ...] = ()
    nearest: str = ""

    @property
    def accepted(self) -> bool:
        return self.verdict is not Mark.WRONG

    def sentence(self) -> str:
        """The message in English."""
        return self.message.template % dict(self.message.params)
