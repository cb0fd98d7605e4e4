"""From plan to release: everything is checked again when the time has come (NOT-09)."""

from typing import assert_never

import msgspec

from backbone.model import Content, Decision, Given, Refused, Table, by
from schemas.notifications.v1.codes import Channel, Suppression
from schemas.notifications.v1.message import MessageCancelled, MessageScheduled, MessageSuppressed
from services.notifications.agenda.states import Agenda
from services.notifications.contact.aggregate import NoContact, Reachable, contact_id
from services.notifications.message.decide.checks import (
    Drop,
    Go,
    Later,
    Look,
    Verdict,
    channel_for,
    channels_of,
    to_patient,
    to_professional,
)
from services.notifications.message.decide.wording import allowed, worded
from services.notifications.message.facts import (
    MessageDeferred,
    MessageDescribed,
    MessageLookedFor,
    MessageReleased,
)
from services.notifications.message.states import (
    AnyMessage,
    CancelByHand,
    CancelMessage,
    Letter,
    NoMessage,
    Over,
    Scheduled,
    ScheduleMessage,
    Sending,
    Sent,
    TrySend,
)
from services.notifications.roles import COORDINATOR
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def schedule(state: NoMessage, command: ScheduleMessage, given: Given[Rules]) -> Decision:
    letter = command.letter
    kind = KINDS[letter.template]
    return [
        MessageScheduled(
            message_id=given.target,
            template=letter.template,
            message_class=kind.message_class,
            audience=kind.audience,
            subject_id=letter.subject_id,
            subject_version=letter.subject_version,
            send_at=letter.planned_at,
            channel=likely_channel(letter, given),
        ),
        MessageDescribed(
            recipient_id=letter.recipient_id, start=letter.start, location=letter.location, by=letter.by
        ),
    ]


def schedule_again(state: AnyMessage, command: ScheduleMessage, given: Given[Rules]) -> Decision:
    """NOT-10: the same key is the same message."""
    return ()


def likely_channel(letter: Letter, given: Given[Rules]) -> Channel:
    """As far as it is known now."""
    audience, contact = KINDS[letter.template].audience, contact_of(letter, given)
    if audience == "staff":
        return "email"
    if audience == "ref":
        return next(iter(channels_of(contact)), "email")
    agenda: Agenda = given.others[letter.recipient_id]
    return channel_for(agenda, contact or NoContact(), (), given.rules) or "sms"


def contact_of(letter: Letter, given: Given[Rules]) -> Reachable | NoContact | None:
    contact: Reachable | NoContact | None = given.others.get(contact_id(letter.recipient_id))
    return contact


def try_send(state: Scheduled, command: TrySend, given: Given[Rules]) -> Decision:
    verdict = verdict_of(state, given)
    match verdict:
        case Look():
            return [MessageLookedFor(looks=state.looks + 1)]
        case Later(at):
            return [MessageDeferred(send_at=at)]
        case Drop(reason):
            return suppressed(state, reason, given)
        case Go(channel):
            return release(state, channel, given)
        case _:
            assert_never(verdict)


def verdict_of(state: Scheduled, given: Given[Rules]) -> Verdict:
    contact = contact_of(state.letter, given)
    if KINDS[state.letter.template].audience != "pt":
        return to_professional(state, contact, given.at, given.rules)
    agenda: Agenda = given.others[state.letter.recipient_id]
    if given.target not in agenda.notes:
        return Drop("not_relevant")
    return to_patient(given.target, state, agenda, contact or NoContact(), given.at, given.rules)


def suppressed(state: Scheduled, reason: Suppression, given: Given[Rules]) -> Decision:
    kind = KINDS[state.letter.template]
    return [
        MessageSuppressed(
            message_id=given.target,
            template=state.letter.template,
            reason=reason,
            message_class=kind.message_class,
        )
    ]


def release(state: Scheduled, channel: Channel, given: Given[Rules]) -> Decision:
    """It says what is true now, not what was true when it was planned."""
    contact = contact_of(state.letter, given)
    reachable = contact if isinstance(contact, Reachable) else None
    zone = given.rules.zone(reachable.time_zone if reachable else None)
    agenda = given.others.get(state.letter.recipient_id)
    wording = worded(given.target, state.letter, agenda, zone, given.rules)
    if not allowed(wording, channel, given.rules):
        return suppressed(state, "content_not_allowed", given)
    ref = given.ref("wording")
    return [
        Content(ref, "wording", msgspec.json.encode(wording)),
        MessageReleased(
            message_id=given.target,
            template=state.letter.template,
            channel=channel,
            attempt=state.attempts + 1,
            text_ref=ref,
            contact_ref=reachable.contact_ref if reachable else None,
        ),
    ]


def try_again(state: Sending | Sent | Over, command: TrySend, given: Given[Rules]) -> Decision:
    return ()


def cancel(state: Scheduled, command: CancelMessage, given: Given[Rules]) -> Decision:
    return [MessageCancelled(message_id=given.target, template=state.letter.template, reason=command.reason)]


def cancel_too_late(
    state: NoMessage | Sending | Sent | Over, command: CancelMessage, given: Given[Rules]
) -> Decision:
    """What has left can't be called back."""
    return ()


@by(COORDINATOR)
def cancel_by_hand(state: Scheduled, command: CancelByHand, given: Given[Rules]) -> Decision:
    """Never what is about safety."""
    if KINDS[state.letter.template].message_class == "safety":
        return Refused("a safety message can't be cancelled", code="safety-message")
    return [MessageCancelled(message_id=given.target, template=state.letter.template, reason=command.reason)]


SENDING = Table(schedule, schedule_again, try_send, try_again, cancel, cancel_too_late, cancel_by_hand)
