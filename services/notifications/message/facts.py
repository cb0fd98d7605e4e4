"""Private facts: steps that nobody outside needs. They stand in this service's journal only."""

from typing import Annotated, ClassVar, Literal

from schemas.fact import Code, Day, Id, Instant, PrivateFact
from schemas.notifications.v1.codes import TEMPLATE, Channel, Reply

Template = Annotated[str, TEMPLATE.passed_on]


class ContactFact(PrivateFact):
    aggregate: ClassVar[str] = "contact"


class ContactFiled(ContactFact):
    """How somebody can be reached; the values are content."""

    type: Literal["notifications.contact_filed.v1"] = "notifications.contact_filed.v1"
    contact_ref: Id
    channels: tuple[Channel, ...]
    time_zone: str | None = None
    language: str | None = None


class PhoneFact(PrivateFact):
    aggregate: ClassVar[str] = "phone"


class PhoneBelongs(PhoneFact):
    """A number by which this patient is reached."""

    type: Literal["notifications.phone_belongs.v1"] = "notifications.phone_belongs.v1"
    patient_id: Id


class AgendaFact(PrivateFact):
    aggregate: ClassVar[str] = "agenda"


class SourceHeard(AgendaFact):
    """A fact of a thing elsewhere was taken in; it is not taken in twice."""

    type: Literal["notifications.source_heard.v1"] = "notifications.source_heard.v1"
    source_id: Id
    sequence: int


class VisitNoted(AgendaFact):
    """A date of the patient, or its latest version."""

    type: Literal["notifications.visit_noted.v1"] = "notifications.visit_noted.v1"
    appointment_id: Id
    version: int
    start: Instant
    location: Code
    remote: bool
    series: bool
    referral_id: Id | None = None


class VisitDropped(AgendaFact):
    type: Literal["notifications.visit_dropped.v1"] = "notifications.visit_dropped.v1"
    appointment_id: Id


class MessageWanted(AgendaFact):
    """A message is planned. `covers`: the dates that it is about; `day`: of the visits, the week, the due date."""

    type: Literal["notifications.message_wanted.v1"] = "notifications.message_wanted.v1"
    message_id: Id
    template: Template
    subject_id: Id
    subject_version: int | None = None
    send_at: Instant
    covers: tuple[Id, ...]
    day: Day | None = None
    start: Instant | None = None
    location: Code | None = None
    referral_id: Id | None = None


class MessageCovers(AgendaFact):
    """It is about these dates now."""

    type: Literal["notifications.message_covers.v1"] = "notifications.message_covers.v1"
    message_id: Id
    covers: tuple[Id, ...]


class MessageUnwanted(AgendaFact):
    """It must not be sent any more."""

    type: Literal["notifications.message_unwanted.v1"] = "notifications.message_unwanted.v1"
    message_id: Id
    reason: Code


class MessageOver(AgendaFact):
    """It was not sent, and does not count."""

    type: Literal["notifications.message_over.v1"] = "notifications.message_over.v1"
    message_id: Id


class MessagePushed(AgendaFact):
    """It left, on this local day; only pushed ones count (NOT-13)."""

    type: Literal["notifications.message_pushed.v1"] = "notifications.message_pushed.v1"
    message_id: Id
    on: Day
    channel: Channel


class ConsentNoted(AgendaFact):
    type: Literal["notifications.consent_noted.v1"] = "notifications.consent_noted.v1"
    channel: Channel
    given: bool


class TextAnswered(AgendaFact):
    """The patient wrote back; what they wrote is content."""

    type: Literal["notifications.text_answered.v1"] = "notifications.text_answered.v1"
    inbound_id: Id
    message_id: Id
    reply: Reply
    text_ref: Id


class CircleFact(PrivateFact):
    aggregate: ClassVar[str] = "circle"


class CircleHeard(CircleFact):
    type: Literal["notifications.circle_heard.v1"] = "notifications.circle_heard.v1"
    source_id: Id
    sequence: int


class ReferrerKnown(CircleFact):
    type: Literal["notifications.referrer_known.v1"] = "notifications.referrer_known.v1"
    organisation_id: Id


class TeamKnown(CircleFact):
    """Who works with this patient."""

    type: Literal["notifications.team_known.v1"] = "notifications.team_known.v1"
    members: tuple[Id, ...]
    disciplines: tuple[Code, ...]


class ProfessionalTold(CircleFact):
    """A message to the referrer or to a member of staff is wanted."""

    type: Literal["notifications.professional_told.v1"] = "notifications.professional_told.v1"
    message_id: Id
    recipient_id: Id
    template: Template
    subject_id: Id
    subject_version: int | None = None
    send_at: Instant


class MessageStep(PrivateFact):
    aggregate: ClassVar[str] = "message"


class MessageDescribed(MessageStep):
    """What the public fact must not say: to whom, and about which date."""

    type: Literal["notifications.message_described.v1"] = "notifications.message_described.v1"
    recipient_id: Id
    start: Instant | None = None
    location: Code | None = None
    by: Day | None = None


class MessageReleased(MessageStep):
    """All checks passed: it goes to the provider now. `text_ref`: what it says."""

    type: Literal["notifications.message_released.v1"] = "notifications.message_released.v1"
    message_id: Id
    template: Template
    channel: Channel
    attempt: int
    text_ref: Id
    contact_ref: Id | None = None


class MessageLookedFor(MessageStep):
    """No contact yet: it waits (NOT-17)."""

    type: Literal["notifications.message_looked_for.v1"] = "notifications.message_looked_for.v1"
    looks: int


class MessageDeferred(MessageStep):
    """Quiet hours: later (NOT-02)."""

    type: Literal["notifications.message_deferred.v1"] = "notifications.message_deferred.v1"
    send_at: Instant


class MessageToRetry(MessageStep):
    """The provider did not take or deliver it (NOT-06)."""

    type: Literal["notifications.message_to_retry.v1"] = "notifications.message_to_retry.v1"
    send_at: Instant
    channel: Channel
    exhausted: bool


class DeliveryUnknown(MessageStep):
    """Nobody said for a day whether it arrived."""

    type: Literal["notifications.delivery_unknown.v1"] = "notifications.delivery_unknown.v1"
