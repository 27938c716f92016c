"""Where an application stands, as steps for the person it is about."""

from __future__ import annotations

from portal.exchange.models import Application, Offer
from portal.exchange.words import ApplicationState, OfferState
from portal.i18n import _, format_day, format_moment

Step = tuple[str, str | None, str]  # label, detail, done | now | ahead


def steps(application: Application, offer: Offer | None, zone: str) -> list[Step]:
    """From the application to the word of both sides; what has ended says so in its own step.

    `zone` is the IANA zone of the reader.
    """
    sent = application.state is ApplicationState.SUBMITTED
    found = [_sent_in(application)]
    state = offer.state if offer else None
    if state in (OfferState.OFFERED, OfferState.ACCEPTED, OfferState.CONFIRMED) and offer is not None:
        place = offer.placement
        where = _("%(host)s, %(city)s", host=place.host.name, city=place.host.city)
        found.append((_("Matched"), where, "done"))
        found.append(_own_answer(offer, zone))
        found.append(_host_answer(state))
        return found
    found.append((_("Matched"), _ended(state), "now" if sent else "ahead"))
    found.append((_("Your answer"), None, "ahead"))
    found.append((_("Confirmed by the host"), None, "ahead"))
    return found


def _sent_in(application: Application) -> Step:
    if application.state is ApplicationState.WITHDRAWN:
        return (_("Applied"), _("You took it back."), "now")
    if application.state is ApplicationState.DRAFT or application.submitted_at is None:
        return (_("Applied"), _("A draft, not sent in yet."), "now")
    return (_("Applied"), format_day(application.submitted_at.date()), "done")


def _own_answer(offer: Offer, zone: str) -> Step:
    if offer.state is OfferState.OFFERED:
        until = format_moment(offer.answer_by, zone)
        return (_("Your answer"), _("Please answer by %(day)s.", day=until), "now")
    return (_("Your answer"), _("You accepted."), "done")


def _host_answer(state: OfferState | None) -> Step:
    if state is OfferState.CONFIRMED:
        return (_("Confirmed by the host"), _("You are going."), "done")
    if state is OfferState.ACCEPTED:
        return (_("Confirmed by the host"), _("The host answers next."), "now")
    return (_("Confirmed by the host"), None, "ahead")


def _ended(state: OfferState | None) -> str | None:
    return (
        {
            OfferState.DECLINED: _("You declined an offer. We go on looking for you."),
            OfferState.REFUSED: _("The host could not take you. We go on looking for you."),
            OfferState.LAPSED: _("An offer was not answered in time. Ask your exchange coordinator."),
            OfferState.REPLACED: _("An offer had to be taken back. We go on looking for you."),
        }.get(state)
        if state
        else _("The coordinators of both unions match everybody together.")
    )
