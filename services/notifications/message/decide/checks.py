"""May this message go now, and by which channel? Consent, contact, quiet hours, caps, lateness: one answer."""

from collections.abc import Collection
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from backbone.model import Given, like
from schemas.notifications.v1.codes import Channel, Suppression
from schemas.notifications.v1.message import MessageFact, MessageSuppressed
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import (
    NoContact,
    Reach,
    Reachable,
    channels_of,
    contact_id,
    zone_of,
)
from services.notifications.message.decide.caps import next_day, over_cap
from services.notifications.message.decide.wording import covered
from services.notifications.message.facts import MessageDeferred, MessageLookedFor
from services.notifications.message.states import Letter, Scheduled
from services.notifications.rules import Rules, at_local
from services.notifications.templates.content import AHEAD, KINDS

F = TypeVar("F", bound=MessageFact)
Verdict = Channel | MessageLookedFor | MessageDeferred | MessageSuppressed
"""The channel by which it goes; or what happens instead."""


def of(fact: type[F], letter: Letter, given: Given[Rules], **more: object) -> F:
    """A public fact of this message: which one it is, and `more`."""
    return like(fact, letter, message_id=given.target, **more)


def suppressed(letter: Letter, reason: Suppression, given: Given[Rules]) -> MessageSuppressed:
    message_class = KINDS[letter.template].message_class
    return of(MessageSuppressed, letter, given, reason=reason, message_class=message_class)


def contact_of(letter: Letter, given: Given[Rules]) -> Reach:
    contact: Reach = given.others.get(("contact", contact_id(letter.recipient_id)), NoContact())
    return contact


def verdict_of(state: Scheduled, given: Given[Rules]) -> Verdict:
    match KINDS[state.letter.template].audience:
        case "staff":
            return state.letter.only or "email"
        case "ref":
            return to_referrer(state, given)
        case "pt":
            return to_patient(state, given.others["agenda", state.letter.recipient_id], given)


def to_referrer(state: Scheduled, given: Given[Rules]) -> Verdict:
    """By their return channel. No quiet hours, no caps."""
    if late(state, given):
        return suppressed(state.letter, "too_late", given)
    return channel_for(state.letter, state.failed, given) or without_channel(state, given)


def to_patient(state: Scheduled, agenda: Agenda, given: Given[Rules]) -> Verdict:
    """In the order of the rules: over, too late, no way to reach them, night, enough for now."""
    letter = state.letter
    if agenda.deceased or given.target not in agenda.notes or has_begun(letter, agenda, given):
        return suppressed(letter, "deceased" if agenda.deceased else "not_relevant", given)
    if late(state, given):
        return suppressed(letter, "too_late", given)
    channel = channel_for(letter, state.failed, given)
    if channel is None:
        withdrawn = agenda.consents.get(state.channel) is False
        return suppressed(letter, "opted_out", given) if withdrawn else without_channel(state, given)
    if channel == "portal":
        return channel
    zone = zone_of(contact_of(letter, given), given.rules)
    if night := quiet(letter, zone, given):
        return night
    if capped := over_cap(letter, agenda, zone, given):
        return beyond_cap(letter, agenda, capped, zone, given)
    return channel


def beyond_cap(
    letter: Letter, agenda: Agenda, capped: Suppression, zone: ZoneInfo, given: Given[Rules]
) -> Verdict:
    """Only the notice of a letter is pushed: without it the letter is still in the portal. Anything else waits for a
    day with room for it while it is of use; what the patient did themselves they know."""
    if KINDS[letter.template].message_class == "information" and agenda.consents.get("portal"):
        return "portal"
    if letter.own:
        return suppressed(letter, "duplicate", given)
    day = next_day(letter, agenda, zone, given)
    return MessageDeferred(send_at=day, reason=capped) if day else suppressed(letter, capped, given)


def late(state: Scheduled, given: Given[Rules]) -> bool:
    """NOT-11; and a reminder whose time had passed when it was planned, which says nothing of its next attempts."""
    first_reminder = KINDS[state.letter.template].moment == "before_visit" and not state.attempts
    limit = timedelta(hours=given.rules.notifications.lateness.values.hours)
    return (first_reminder and state.letter.planned_at < state.since) or given.at > state.send_at + limit


def has_begun(letter: Letter, agenda: Agenda, given: Given[Rules]) -> bool:
    """Every visit that it is about: nobody is told of it any more as of something to come."""
    visits = covered(given.target, agenda).values()
    last = max((visit.start for visit in visits), default=letter.start)
    return KINDS[letter.template].moment in AHEAD and last is not None and last <= given.at


def channel_for(letter: Letter, failed: Collection[Channel], given: Given[Rules]) -> Channel | None:
    """The first that serves and was not given up. Staff as they are paged, or by e-mail; referrers by their
    return channel."""
    has = channels_of(contact_of(letter, given))
    match KINDS[letter.template].audience:
        case "staff":
            return None if failed else letter.only or "email"
        case "ref":
            return next((each for each in has if each not in failed), None)
        case "pt":
            return agreed_channel(given.others["agenda", letter.recipient_id], has, failed, given.rules)


def agreed_channel(
    agenda: Agenda, has: Collection[Channel], failed: Collection[Channel], rules: Rules
) -> Channel | None:
    """NOT-01: the first agreed channel that the contact has. The portal alone serves who agreed to nothing else. Under
    the exemption whoever gave an address has agreed, until they say no."""
    consent = rules.notifications.consent.values
    unasked = consent.model == "exemption"
    agreed = [each for each in consent.order if agenda.consents.get(each, unasked)]
    for channel in agreed:
        if channel in has and channel not in failed:
            return channel
    return "portal" if agenda.consents.get("portal") and not failed else None


def without_channel(state: Scheduled, given: Given[Rules]) -> Verdict:
    """NOT-17: a fact may come before the contact."""
    waited = given.at >= state.send_at + given.rules.grace()
    known = isinstance(contact_of(state.letter, given), Reachable)
    if known or waited:
        return suppressed(state.letter, "no_channel", given)
    return MessageLookedFor(looks=state.looks + 1)


def quiet(letter: Letter, zone: ZoneInfo, given: Given[Rules]) -> Verdict | None:
    """NOT-02: to the start of the window, unless that is of no use any more."""
    hours, local = given.rules.notifications.quiet_hours.values, given.at.astimezone(zone)
    if not hours.covers(local.time()):
        return None
    day = local.date() + timedelta(days=local.time() >= hours.begins)
    at = at_local(day, hours.ends, zone)
    kind = KINDS[letter.template]
    useless = kind.message_class == "appointment" and letter.start is not None and letter.start <= at
    return suppressed(letter, "quiet_hours_expired", given) if useless else MessageDeferred(send_at=at)
