"""Judge typed answers in Spanish (Mexico) and English. Pure: knows no request, no database and no page."""

from portal.learning.checking.checker import MODES, check
from portal.learning.checking.messages import SENTENCES
from portal.learning.checking.verdict import Mark, Message, Op, Verdict

__all__ = ["MODES", "SENTENCES", "Mark", "Message", "Op", "Verdict", "check"]
