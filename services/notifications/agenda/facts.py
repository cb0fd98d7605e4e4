"""Private facts of a patient's agenda."""

from typing import Literal

from schemas.codes import Severity
from schemas.fact import Code, Day, Id, Instant, PrivateFact
from schemas.notifications.v1.codes import Channel, Reply
from services.notifications.templates.content import AnyTemplate


class SourceHeard(PrivateFact):
    """A fact of a thing elsewhere was taken in; it is not taken in twice."""

    type: Literal["notifications.source_heard.v1"] = "notifications.source_heard.v1"
    source_id: Id
    sequence: int


class VisitNoted(PrivateFact):
    """A date of the patient, or its latest version."""

    type: Literal["notifications.visit_noted.v1"] = "notifications.visit_noted.v1"
    appointment_id: Id
    version: int
    start: Instant
    location: Code
    remote: bool
    series: bool
    referral_id: Id | None = None


class VisitDropped(PrivateFact):
    type: Literal["notifications.visit_dropped.v1"] = "notifications.visit_dropped.v1"
    appointment_id: Id


class MessageWanted(PrivateFact):
    """A message is planned. `covers`: the dates that it is about; `day`: of the visits, the week, the due date.
    `depends_on`: the visit without which it is of no use; `changes`: the first date that is not as it was;
    `own`: as the patient themselves made it."""

    type: Literal["notifications.message_wanted.v1"] = "notifications.message_wanted.v1"
    message_id: Id
    template: AnyTemplate
    subject_id: Id
    subject_version: int | None = None
    send_at: Instant
    covers: tuple[Id, ...]
    day: Day | None = None
    start: Instant | None = None
    location: Code | None = None
    referral_id: Id | None = None
    depends_on: Id | None = None
    changes: Instant | None = None
    own: bool = False


class MessageCovers(PrivateFact):
    """It is about these dates now."""

    type: Literal["notifications.message_covers.v1"] = "notifications.message_covers.v1"
    message_id: Id
    covers: tuple[Id, ...]


class MessageUnwanted(PrivateFact):
    """It must not be sent any more."""

    type: Literal["notifications.message_unwanted.v1"] = "notifications.message_unwanted.v1"
    message_id: Id
    reason: Code


class MessageOver(PrivateFact):
    """It is not planned any more, and does not count against the caps."""

    type: Literal["notifications.message_over.v1"] = "notifications.message_over.v1"
    message_id: Id


class MessageKeptBack(PrivateFact):
    """It did not reach the patient, who is still to be told."""

    type: Literal["notifications.message_kept_back.v1"] = "notifications.message_kept_back.v1"
    message_id: Id
    reason: Code


class MessageWantedAgain(PrivateFact):
    """The patient can be reached now: what was kept back is said after all."""

    type: Literal["notifications.message_wanted_again.v1"] = "notifications.message_wanted_again.v1"
    message_id: Id
    send_at: Instant


class MessagePutOff(PrivateFact):
    """It goes later: it keeps a place on that day, and none on the one before."""

    type: Literal["notifications.message_put_off.v1"] = "notifications.message_put_off.v1"
    message_id: Id
    send_at: Instant


class MessagePushed(PrivateFact):
    """It left, on this local day; only pushed ones count (NOT-13)."""

    type: Literal["notifications.message_pushed.v1"] = "notifications.message_pushed.v1"
    message_id: Id
    on: Day
    channel: Channel
    template: AnyTemplate | None = None
    also: tuple[Id, ...] = ()
    """Other records of the person, which count it too."""


class PushCounted(PrivateFact):
    """A message that left under another record of the person: it counts against the same caps."""

    type: Literal["notifications.push_counted.v1"] = "notifications.push_counted.v1"
    message_id: Id
    template: AnyTemplate
    on: Day


class DeathNoted(PrivateFact):
    """Nothing is planned for this patient any more (NOT-14)."""

    type: Literal["notifications.death_noted.v1"] = "notifications.death_noted.v1"


class LifeNoted(PrivateFact):
    """They did not die."""

    type: Literal["notifications.life_noted.v1"] = "notifications.life_noted.v1"


class ConsentNoted(PrivateFact):
    type: Literal["notifications.consent_noted.v1"] = "notifications.consent_noted.v1"
    channel: Channel
    given: bool
    also: tuple[Id, ...] = ()
    """Other records of the person, for which it holds too."""


class TextAnswered(PrivateFact):
    """The patient wrote back; what they wrote is content."""

    type: Literal["notifications.text_answered.v1"] = "notifications.text_answered.v1"
    inbound_id: Id
    message_id: Id | None = None
    """What was never sent stands for nothing (`unasked_id`)."""
    reply: Reply
    text_ref: Id
    severity: Severity | None = None


class CrisisWordsFound(PrivateFact):
    """The patient wrote of dying or of harming themselves: somebody must speak with them."""

    type: Literal["notifications.crisis_words_found.v1"] = "notifications.crisis_words_found.v1"
    inbound_id: Id
    message_id: Id | None = None
    severity: Severity
