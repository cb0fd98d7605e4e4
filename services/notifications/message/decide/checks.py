"""May this message go now? Consent, contact, quiet hours, caps, lateness: one answer. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.notifications.v1.codes import Channel, Suppression
from services.notifications.agenda.states import Agenda, Note
from services.notifications.contact.aggregate import NoContact, Reachable
from services.notifications.message.states import Letter, Scheduled
from services.notifications.rules import Rules, at_local
from services.notifications.templates.content import KINDS, Kind

WEEK = 7


@dataclass(frozen=True, slots=True)
class Go:
    channel: Channel


@dataclass(frozen=True, slots=True)
class Look:
    """No contact yet."""


@dataclass(frozen=True, slots=True)
class Later:
    at: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    reason: Suppression


Verdict = Go | Look | Later | Drop


def to_professional(
    state: Scheduled, contact: Reachable | NoContact | None, now: datetime, rules: Rules
) -> Verdict:
    """Referrers by their return channel, staff by e-mail. No quiet hours, no caps."""
    if KINDS[state.letter.template].audience == "staff":
        return Go("email")
    if late(state, now, rules):
        return Drop("too_late")
    found = next((each for each in channels_of(contact) if each not in state.failed), None)
    return Go(found) if found else without_channel(state, contact, now, rules)


def to_patient(
    message_id: str,
    state: Scheduled,
    agenda: Agenda,
    contact: Reachable | NoContact,
    now: datetime,
    rules: Rules,
) -> Verdict:
    """In the order of the rules: too late, no way to reach them, night, enough for now."""
    if late(state, now, rules):
        return Drop("too_late")
    channel = channel_for(agenda, contact, state.failed, rules)
    if channel is None:
        withdrawn = agenda.consents.get(state.channel) is False
        return Drop("opted_out") if withdrawn else without_channel(state, contact, now, rules)
    if channel == "portal":
        return Go(channel)
    zone = rules.zone(contact.time_zone if isinstance(contact, Reachable) else None)
    if night := quiet(state.letter, now, zone, rules):
        return night
    if capped := over_cap(
        message_id, KINDS[state.letter.template], agenda, now.astimezone(zone).date(), zone, rules
    ):
        return beyond_cap(state.letter, agenda, capped)
    return Go(channel)


def beyond_cap(letter: Letter, agenda: Agenda, capped: Suppression) -> Verdict:
    """Only the notice of a letter is pushed: without it the letter is still in the portal."""
    is_letter = KINDS[letter.template].message_class == "information"
    return Go("portal") if is_letter and agenda.consents.get("portal") else Drop(capped)


def late(state: Scheduled, now: datetime, rules: Rules) -> bool:
    """NOT-11; and a reminder whose time had passed when it was planned."""
    reminder = KINDS[state.letter.template].moment == "before_visit"
    limit = timedelta(hours=rules.notifications.lateness.values.hours)
    return (reminder and state.letter.planned_at < state.since) or now > state.send_at + limit


def channel_for(
    agenda: Agenda, contact: Reachable | NoContact, failed: Iterable[Channel], rules: Rules
) -> Channel | None:
    """NOT-01: the first agreed channel that the contact has. The portal alone serves who agreed to nothing else."""
    agreed = [each for each in rules.notifications.consent.values.order if agenda.consents.get(each)]
    for channel in agreed:
        if channel in channels_of(contact) and channel not in failed:
            return channel
    return "portal" if agenda.consents.get("portal") and not failed else None


def channels_of(contact: Reachable | NoContact | None) -> tuple[Channel, ...]:
    return contact.channels if isinstance(contact, Reachable) else ()


def without_channel(
    state: Scheduled, contact: Reachable | NoContact | None, now: datetime, rules: Rules
) -> Verdict:
    """NOT-17: a fact may come before the contact."""
    if isinstance(contact, Reachable) or now >= state.send_at + rules.grace():
        return Drop("no_channel")
    return Look()


def quiet(letter: Letter, now: datetime, zone: ZoneInfo, rules: Rules) -> Verdict | None:
    """NOT-02: to the start of the window, unless that is of no use any more."""
    hours, local = rules.notifications.quiet_hours.values, now.astimezone(zone)
    if not hours.covers(local.time()):
        return None
    day = local.date() + timedelta(days=local.time() >= hours.begins)
    at = at_local(day, hours.ends, zone)
    kind = KINDS[letter.template]
    useless = kind.message_class == "appointment" and letter.start is not None and letter.start <= at
    return Drop("quiet_hours_expired") if useless else Later(at)


def over_cap(
    message_id: str, kind: Kind, agenda: Agenda, today: date, zone: ZoneInfo, rules: Rules
) -> Suppression | None:
    """NOT-12: the day, and each 7 days that contain it. What was sent fills a cap, what is planned reserves it."""
    caps = rules.notifications.caps.values
    others = {name: note for name, note in agenda.notes.items() if name != message_id}
    sent, planned = days_sent(others), days_planned(others, kind.rank, zone)
    if (found := exceeded([today], [today], sent, planned, caps.per_day)) is not None:
        return "cap_day" if found else "cap_reserved"
    verdicts = [
        exceeded(window, [today], sent, planned, caps.per_week)
        for window in (
            [today + timedelta(days=first + n) for n in range(WEEK)] for first in range(1 - WEEK, 1)
        )
    ]
    if True in verdicts:
        return "cap_week"
    return "cap_reserved" if False in verdicts else None


def exceeded(
    window: list[date], mine: list[date], sent: list[date], planned: list[date], cap: int
) -> bool | None:
    """None when there is room; else whether what was sent alone fills the cap."""
    gone = sum(day in window for day in sent)
    kept = sum(day in window for day in planned)
    if gone + kept + len(mine) <= cap:
        return None
    return gone + len(mine) > cap


def days_sent(notes: Mapping[str, Note]) -> list[date]:
    """One entry for each pushed message under the cap."""
    return [note.pushed_on for note in notes.values() if note.pushed_on and counts(note)]


def days_planned(notes: Mapping[str, Note], rank: int, zone: ZoneInfo) -> list[date]:
    """Those of a higher rank that are still to go."""
    return [
        note.send_at.astimezone(zone).date()
        for note in notes.values()
        if note.pushed_on is None and counts(note) and KINDS[note.template].rank < rank
    ]


def counts(note: Note) -> bool:
    """Safety messages are outside the caps."""
    return KINDS[note.template].message_class != "safety"
