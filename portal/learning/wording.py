"""Content is in several languages, and its reader in one: which text to show, and how to say when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from markupsafe import Markup, escape

from portal.i18n import DEFAULT, HTML_LANG, _, format_clock, format_day, locale, ngettext

EMPHASIS = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*")
NAMES = {"es": "Español", "en": "English", "fr": "Français"}


@dataclass(frozen=True)
class Told:
    """A text and the language it is in. `is_fallback` when the reader's own is not there."""

    lang: str
    text: str
    is_fallback: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)


def told(texts: dict[str, str], *wished: str) -> Told:
    """The text in the first of the `wished` languages (left out: that of the page) that is there."""
    mine = reader_language()
    for lang in (*(wished or (mine,)), DEFAULT, *texts):
        if texts.get(lang):
            return Told(lang, texts[lang], is_fallback=lang != mine)
    return Told(mine, "")


def reader_language() -> str:
    """The language of the page: en, es or fr."""
    return HTML_LANG[locale()].split("-")[0]


def note(text: str, foreign: str) -> Markup:
    """A grammar note: **bold** is a form of the `foreign` language, *italic* an example or a gloss."""
    marked = EMPHASIS.sub(
        lambda found: (
            f'<strong lang="{escape(foreign)}">{found[1]}</strong>' if found[1] else f"<em>{found[2]}</em>"
        ),
        str(escape(text)),
    )
    return Markup(marked)


def when(at: datetime, now: datetime, zone: str) -> str:
    """A moment ahead as people say it: "in 8 minutes", "today, 7:00 AM", "tomorrow, 7:00 AM", else the day."""
    if at - now < timedelta(hours=1):
        minutes = max(1, round((at - now).total_seconds() / 60))
        return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)
    here = ZoneInfo(zone)
    day, clock = at.astimezone(here).date(), format_clock(at, zone)
    days = (day - now.astimezone(here).date()).days
    if days == 0:
        return _("today, %(clock)s", clock=clock)
    if days == 1:
        return _("tomorrow, %(clock)s", clock=clock)
    return _("%(day)s, %(clock)s", day=format_day(day, short=True), clock=clock)


def hours(seconds: int) -> str:
    """Time spent as "3 h 20 min"; under an hour only the minutes."""
    whole, minutes = divmod(round(seconds / 60), 60)
    if not whole:
        return _("%(minutes)s min", minutes=minutes)
    return _("%(hours)s h %(minutes)s min", hours=whole, minutes=minutes)


def rest(wait: timedelta) -> str:
    """How long a card rests: "in 3 days"."""
    if wait < timedelta(days=1):
        return format_timedelta(wait, granularity="minute", add_direction=True, locale=locale())
    # In days for five weeks: "in 1 week" would hide what tells two ratings apart.
    return format_timedelta(wait, granularity="day", threshold=5, add_direction=True, locale=locale())
