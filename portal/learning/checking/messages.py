"""What the learner reads for each rule. Pages translate the sentence and fill in its parameters.

`N_` marks a sentence for extraction and returns it unchanged; parameters are `%(expected)s` and `%(typed)s`.
"""

from collections.abc import Callable
from types import MappingProxyType

N_: Callable[[str], str] = lambda sentence: sentence  # noqa: E731

SENTENCES = MappingProxyType(
    {
        "N1": N_("Correct."),
        "N2": N_("Correct. Capital letters and punctuation are not graded."),
        "N2.opening": N_("Correct. In Spanish, questions and exclamations also open with ¿ or ¡."),
        "N3": N_("Correct. A hyphen, a space or nothing: all are fine here."),
        "N4": N_("Correct. Periods in an abbreviation are not graded."),
        "O1.correct": N_("Correct. This word order works too."),
        "K1": N_("Correct. The short form and the full form are both fine."),
        "M1.correct": N_("Correct. Digits and words are both fine."),
        "M2": N_("Correct. %(expected)s and %(typed)s are spellings of the same word."),
        "M3": N_("Correct. Solo may be written with or without its accent."),
        "A1": N_("Almost: mind the accent. It is written %(expected)s."),
        "A2": N_("Almost: the accent tells two words apart here. It is written %(expected)s."),
        "A3": N_("The accent matters here: %(expected)s and %(typed)s are two different words."),
        "A4": N_("The added accent makes another word: %(typed)s is not %(expected)s."),
        "A5": N_("Almost: no accent is needed there. It is written %(expected)s."),
        "E1": N_("The ñ is a letter of its own: %(typed)s and %(expected)s are different words."),
        "E2": N_("Almost: n and ñ are two letters. It is written %(expected)s."),
        "T1": N_("Almost: a small slip. It is written %(expected)s."),
        "T2": N_("%(typed)s is another word. Here it is %(expected)s."),
        "T3": N_("%(typed)s is too far from %(expected)s to count as a slip."),
        "T3.many": N_("There are several slips in this answer. Look at the differences and try again."),
        "K2": N_("Almost: only the apostrophe is off. It is written %(expected)s."),
        "K2.wrong": N_("The apostrophe matters here. It is written %(expected)s."),
        "K3": N_("They sound alike, but here it is %(expected)s, not %(typed)s."),
        "M1.wrong": N_("The number is different: %(expected)s, not %(typed)s."),
        "S1": N_("Almost: mind the space. It is written %(expected)s."),
        "S2": N_("Almost: %(typed)s is there twice."),
        "S3": N_("Written together or apart, these are different words. Here it is %(expected)s."),
        "G1": N_("Almost: before this sound it is %(expected)s, not %(typed)s."),
        "G1.wrong": N_("Before this sound it is %(expected)s, not %(typed)s."),
        "G2": N_("Almost: %(typed)s becomes %(expected)s."),
        "G2.wrong": N_("%(typed)s becomes %(expected)s."),
        "O1.wrong": N_("The words are right, but their order is not."),
        "W1": N_("The answer has words missing or words too many."),
        "W1.missing": N_("A word is missing: %(expected)s."),
        "W1.extra": N_("There is a word too many: %(typed)s."),
        "W1.long": N_("This is much longer than the answer. Keep to the sentence asked for."),
        "V1": N_("Here it is %(expected)s, not %(typed)s."),
        "L1": N_("Give one answer, not two at once."),
        "L1.blend": N_("This mixes two different answers. Choose one of them."),
        "X1": N_("This is in the other language. Try it in the language you are learning."),
        "X2": N_("There is no answer yet. Type what you think; a try always helps."),
        "X3": N_("The answer holds signs that belong to code, not to a sentence. Use plain words."),
    }
)
