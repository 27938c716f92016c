"""Review: one word at a time, typed or recalled, rated, and taken back when it was a slip."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.errors import Refused
from portal.i18n import _
from portal.learning import actions, bp, queries, today
from portal.learning.checking import Mark, Verdict
from portal.learning.forms import RATINGS, CheckForm, RateForm, UndoForm
from portal.learning.judging import RATING_OF, judge_word
from portal.learning.memory import Rating, waits
from portal.learning.models import CardState, Skill
from portal.learning.wording import reader_language, told, when
from portal.policy import Permission, authorize, me
from portal.web import page, problem, repeatable, seen

TEMPLATE = "learning/review.html"


def _asked(card: CardState) -> Any:
    """What the card asks: the meaning in the reader's language, or in the nearest that is there."""
    return told(card.item.meanings, reader_language())


def _queue(card: CardState | None = None) -> dict[str, Any]:
    """The front of the queue with its honest count; `card` stays when it is being answered."""
    member, now = me(), clock.now()
    due = queries.due(member, now)
    card = card or (queries.next_card(member, now) if due.count else None)
    return {
        "due": due,
        "minutes": today.minutes_for(due.count),
        "card": card,
        "asked": _asked(card) if card else None,
        "next_review": when(due.next_at, now, member.zone) if due.next_at else None,
        "ratings": RATINGS,
    }


@bp.get("/lessons/review")
def review() -> ResponseReturnValue:
    authorize(Permission.REVIEW_DO)
    context = _queue()
    if request.args.get("done"):
        context["last"] = queries.last_review(me())
    return page(TEMPLATE, "review", **context)


@bp.post("/lessons/review/check")
@repeatable
def check() -> ResponseReturnValue:
    """Show the answer beside what was typed. Keeps nothing: that comes with the rating."""
    authorize(Permission.REVIEW_DO)
    form = CheckForm()
    if not form.item.data or form.skill.data not in set(Skill):
        return seen(".review")
    card = queries.card_or_hidden(me(), form.item.data, Skill(form.skill.data))
    if not form.validate():
        return problem(TEMPLATE, "review", form=form, **_queue(card))
    typed = "" if form.reveal.data else (form.answer.data or "").strip()
    verdict = _verdict(card, typed)
    if verdict.rule == "X2" and not form.reveal.data:
        form.answer.errors = [_(verdict.message.template)]
        return problem(TEMPLATE, "review", form=form, **_queue(card))
    return page(TEMPLATE, "review", **_queue(card), **_answered(card, typed, verdict, bool(form.reveal.data)))


def _verdict(card: CardState, typed: str) -> Verdict:
    return judge_word(card.item.expected, card.item.language, typed, _asked(card).text)


def _answered(card: CardState, typed: str, verdict: Verdict, revealed: bool) -> dict[str, Any]:
    return {
        "typed": typed,
        "verdict": verdict,
        "revealed": revealed,
        "sentence": _(verdict.message.template, **verdict.message.params),
        "proposed": RATING_OF[verdict.verdict],
        "waits": waits(card.memory, clock.now()),
        "review_id": str(uuid.uuid4()),
    }


@bp.post("/lessons/review/rate")
def rate() -> ResponseReturnValue:
    authorize(Permission.REVIEW_DO)
    form = RateForm()
    if not form.item.data or form.skill.data not in set(Skill):
        return seen(".review")
    card = queries.card_or_hidden(me(), form.item.data, Skill(form.skill.data))
    typed = form.answer.data or ""
    if not form.validate():
        verdict = _verdict(card, typed)
        return problem(
            TEMPLATE, "review", form=form, **_queue(card), **_answered(card, typed, verdict, not typed)
        )
    now = clock.now()
    verdict = _verdict(card, typed).verdict if typed else Mark.WRONG
    line = actions.Line(form.review.data, Rating(int(form.rating.data)), now, verdict.value)
    actions.review(card, line, now=now)
    return seen(".review", "review", done=1)


@bp.post("/lessons/review/undo")
def undo() -> ResponseReturnValue:
    authorize(Permission.REVIEW_DO)
    form = UndoForm()
    if not form.validate():
        raise Refused(_("Only your last answer can be taken back."))
    actions.undo(form.review.data, me(), undo_id=str(uuid.uuid4()), now=clock.now())
    flash(_("Taken back. The word is where it was before."), "info")
    return seen(".review", "review")
