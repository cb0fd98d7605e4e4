"""From plan to release: everything is checked again when the time has come (NOT-09)."""

import msgspec
from msgspec.structs import replace

from backbone.model import Content, Decision, Given, Refused, Table, by, ignores, like
from schemas.notifications.v1.codes import Channel
from schemas.notifications.v1.message import MessageCancelled, MessageScheduled, MessageSuppressed, ToldWith
from services.notifications.agenda.states import Agenda
from services.notifications.contact.states import Reachable
from services.notifications.message.commands import (
    CancelByHand,
    CancelMessage,
    SayAfterAll,
    SayToPractice,
    ScheduleMessage,
    TrySend,
)
from services.notifications.message.content import Wording
from services.notifications.message.decide.checks import channel_for, contact_of, of, suppressed, verdict_of
from services.notifications.message.decide.wording import allowed, covered, worded
from services.notifications.message.facts import MessageDescribed, MessageLeftUnsaid, MessageReleased
from services.notifications.message.states import (
    Cancelled,
    Delivered,
    Failed,
    KeptBack,
    Letter,
    NoMessage,
    Over,
    Planned,
    Scheduled,
    Sending,
    Sent,
)
from services.notifications.roles import COORDINATOR
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def schedule(state: NoMessage, command: ScheduleMessage, given: Given[Rules]) -> Decision:
    return planned(command.letter, given)


def say_after_all(state: KeptBack, command: SayAfterAll, given: Given[Rules]) -> Decision:
    """Planned anew: all checks run again when its time has come."""
    return planned(replace(state.letter, planned_at=command.send_at), given)


def is_for_practice(state: KeptBack) -> bool:
    """A practice could not be reached."""
    unreached = isinstance(state, Failed) or state.reason == "no_channel"
    return unreached and KINDS[state.letter.template].audience == "ref"


def say_to_practice(state: KeptBack, command: SayToPractice, given: Given[Rules]) -> Decision:
    """At once: a practice has no quiet hours and no caps."""
    if not is_for_practice(state) or channel_for(state.letter, (), given) is None:
        return ()
    return planned(replace(state.letter, planned_at=given.at), given)


def planned(letter: Letter, given: Given[Rules]) -> Decision:
    kind = KINDS[letter.template]
    scheduled = of(
        MessageScheduled,
        letter,
        given,
        message_class=kind.message_class,
        audience=kind.audience,
        send_at=letter.planned_at,
        channel=likely_channel(letter, given),
    )
    return [scheduled, like(MessageDescribed, letter)]


def likely_channel(letter: Letter, given: Given[Rules]) -> Channel:
    """As far as it is known now."""
    usual: Channel = "sms" if KINDS[letter.template].audience == "pt" else "email"
    return channel_for(letter, (), given) or usual


def try_send(state: Scheduled, command: TrySend, given: Given[Rules]) -> Decision:
    verdict = verdict_of(state, given)
    if isinstance(verdict, str):
        return release(state, verdict, given)
    return unsaid(state, verdict, given) if isinstance(verdict, MessageSuppressed) else [verdict]


def unsaid(state: Scheduled, fact: MessageSuppressed, given: Given[Rules]) -> Decision:
    """What is not said of a date or a decision, a person says instead: with these words."""
    if fact.message_class == "measure":
        return [fact]
    words = kept(state, wording_of(state, state.channel, given), given)
    return [words, fact, MessageLeftUnsaid(text_ref=words.ref)]


def kept(state: Scheduled, wording: Wording, given: Given[Rules]) -> Content:
    """What practices and staff are told about a patient is not the patient's to read."""
    ref, body = given.ref("wording"), msgspec.json.encode(wording)
    if KINDS[state.letter.template].audience == "pt":
        return Content(ref, "wording", body)
    return Content(ref, "professional_wording", body)


def wording_of(state: Scheduled, channel: Channel, given: Given[Rules]) -> Wording:
    """It says what is true now, not what was true when it was planned."""
    contact = contact_of(state.letter, given)
    agenda = given.others.get(("agenda", state.letter.recipient_id))
    return worded(given.target, state.letter, channel, agenda, contact, given.rules)


def release(state: Scheduled, channel: Channel, given: Given[Rules]) -> Decision:
    contact, wording = contact_of(state.letter, given), wording_of(state, channel, given)
    if not allowed(wording, channel, given.rules):
        return unsaid(state, suppressed(state.letter, "content_not_allowed", given), given)
    words = kept(state, wording, given)
    released = MessageReleased(
        message_id=given.target,
        template=state.letter.template,
        channel=channel,
        attempt=state.attempts + 1,
        text_ref=words.ref,
        contact_ref=contact.contact_ref if isinstance(contact, Reachable) else None,
        also=told_with(state, given) or None,
    )
    return [words, released]


def cancel(state: Scheduled | KeptBack, command: CancelMessage, given: Given[Rules]) -> Decision:
    return [of(MessageCancelled, state.letter, given, reason=command.reason)]


def told_with(state: Scheduled, given: Given[Rules]) -> tuple[ToldWith, ...]:
    """The other dates that it tells of, as they are now."""
    agenda = given.others.get(("agenda", state.letter.recipient_id))
    dates = covered(given.target, agenda) if isinstance(agenda, Agenda) else {}
    return tuple(
        ToldWith(appointment_id=name, version=visit.version, referral_id=visit.referral_id)
        for name, visit in dates.items()
        if name != state.letter.subject_id
    )


@by(COORDINATOR)
def cancel_by_hand(state: Scheduled, command: CancelByHand, given: Given[Rules]) -> Decision:
    """Never what is about safety."""
    if KINDS[state.letter.template].message_class == "safety":
        return Refused("a safety message can't be cancelled", code="safety-message")
    return [of(MessageCancelled, state.letter, given, reason=command.reason)]


RELEASE = Table(
    *(schedule, say_after_all, say_to_practice, try_send, cancel, cancel_by_hand),
    ignores(ScheduleMessage, when=Planned),  # NOT-10: the same key is the same message
    ignores(TrySend, when=Sending | Sent | Over),
    ignores(SayAfterAll, SayToPractice, when=NoMessage | Scheduled | Sending | Sent | Delivered | Cancelled),
    ignores(
        CancelMessage, when=NoMessage | Sending | Sent | Delivered | Cancelled
    ),  # what has left can't be called back
)
