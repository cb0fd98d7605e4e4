"""What makes this service act besides requests: facts that somebody is told of, contacts, and its own facts."""

from typing import Any

from backbone.model import Cause, Event, Intake, On, Orders, Send, on, one, together
from schemas.contacts import Contact
from schemas.fact import Fact
from schemas.notifications.v1.codes import Template
from schemas.notifications.v1.consent import ConsentRecorded, ConsentWithdrawn
from schemas.notifications.v1.message import (
    MessageCancelled,
    MessageFailed,
    MessageScheduled,
    MessageSuppressed,
)
from schemas.scheduling.v1.appointment import AppointmentBooked, AppointmentMoved
from services.notifications.agenda.aggregate import AGENDA
from services.notifications.agenda.states import Hear, NoteConsent, NoteOver, NotePushed, Source, Visit
from services.notifications.circle.aggregate import CIRCLE, Tell
from services.notifications.consent.aggregate import CONSENT, WithdrawConsent, consent_id
from services.notifications.contact.aggregate import CONTACT, FileContact, contact_id
from services.notifications.message.aggregate import MESSAGE
from services.notifications.message.facts import (
    MessageReleased,
    MessageUnwanted,
    MessageWanted,
    ProfessionalTold,
    TextAnswered,
)
from services.notifications.message.states import (
    CancelMessage,
    HandedOver,
    Letter,
    ScheduleMessage,
    TakeReply,
    TrySend,
)
from services.notifications.news.reactions.table import TABLE, Row, rows_of
from services.notifications.phone.aggregate import PHONE, BelongTo, by_number
from services.notifications.rules import Rules
from services.notifications.templates.content import KINDS


def told(row: Row, audience: tuple[str, ...]) -> tuple[Template, ...]:
    return tuple(template for template in row.says if KINDS[template].audience in audience)


def source_of(event: Event[Any]) -> Source:
    return Source(event.head.aggregate_id, event.head.sequence or 0)


def tell(event: Event[Any], rules: Rules) -> Orders:
    """What the table says of this fact: to the patient's agenda, and to the referral's circle."""
    for row in rows_of(type(event.fact)):
        if row.holds(event.fact):
            yield from tell_patient(row, event, rules)
            yield from tell_professionals(row, event)


def tell_patient(row: Row, event: Event[Any], rules: Rules) -> Orders:
    says, patient_id = told(row, ("pt",)), event.head.lane_key
    if patient_id and (says or row.ends):
        command = Hear(
            patient_id=patient_id,
            referral_id=event.head.pathway_id,
            source=source_of(event),
            subject_id=row.subject(event),
            subject_version=row.version(event),
            ends=row.ends,
            everything=row.everything,
            only=row.only,
            visit=visit_of(event, rules),
            moved_to=event.fact.start if isinstance(event.fact, AppointmentMoved) else None,
            due_on=row.due_on(event.fact),
            says=says,
        )
        yield AGENDA.send(command, to=one(patient_id))


def visit_of(event: Event[Any], rules: Rules) -> Visit | None:
    """A date that is booked. Of a series is who has several (NOT-16)."""
    fact = event.fact
    if not isinstance(fact, AppointmentBooked):
        return None
    series = fact.series is not None and fact.series.of >= rules.notifications.digest.values.series_of
    return Visit(fact.version, fact.start, fact.location, fact.remote, series, event.head.pathway_id)


def tell_professionals(row: Row, event: Event[Any]) -> Orders:
    says, referral_id, fact = told(row, ("ref", "staff")), event.head.pathway_id, event.fact
    if referral_id and (says or row.team):
        lead = getattr(fact, "lead_id", None)
        command = Tell(
            source=source_of(event),
            subject_id=row.subject(event),
            subject_version=row.version(event),
            referrer_id=getattr(fact, "referrer_org_id", None),
            joined=getattr(fact, "joined", (lead,) if lead else ()),
            left=getattr(fact, "left", ()),
            disciplines=getattr(fact, "disciplines", ()) if row.team else (),
            author=event.head.actor.id,
            says=says,
        )
        yield CIRCLE.send(command, to=one(referral_id))


def file_contact(contact: Contact, cause: Cause, rules: Rules) -> Orders:
    """A patient's or an organisation's. A patient's number leads replies back to them."""
    if cause.key is None:
        return
    body = contact.model_dump_json(exclude_none=True)
    yield CONTACT.send(FileContact(body=body), to=one(contact_id(cause.key)))
    if contact.kind == "patient" and contact.phone:
        yield PHONE.send(BelongTo(patient_id=cause.key), to=by_number(contact.phone))


def note_consent(event: Event[ConsentRecorded | ConsentWithdrawn], rules: Rules) -> Orders:
    if event.head.lane_key:
        given = isinstance(event.fact, ConsentRecorded)
        command = NoteConsent(channel=event.fact.channel, given=given)
        yield AGENDA.send(command, to=one(event.head.lane_key))


def schedule(event: Event[MessageWanted], rules: Rules) -> Orders:
    fact = event.fact
    letter = Letter(
        template=fact.template,
        recipient_id=event.head.aggregate_id,
        subject_id=fact.subject_id,
        subject_version=fact.subject_version,
        planned_at=fact.send_at,
        start=fact.start,
        location=fact.location,
        by=fact.day,
    )
    send = MESSAGE.send(ScheduleMessage(letter=letter), to=one(fact.message_id))
    yield together(send, pathway=one(fact.referral_id) if fact.referral_id else None)


def schedule_professional(event: Event[ProfessionalTold], rules: Rules) -> Orders:
    fact = event.fact
    letter = Letter(
        template=fact.template,
        recipient_id=fact.recipient_id,
        subject_id=fact.subject_id,
        subject_version=fact.subject_version,
        planned_at=fact.send_at,
    )
    yield MESSAGE.send(ScheduleMessage(letter=letter), to=one(fact.message_id))


def send_now(event: Event[MessageScheduled], rules: Rules) -> Orders:
    """What is due goes at once; anything else has its timer."""
    if event.fact.send_at <= event.head.occurred_at:
        yield MESSAGE.send(TrySend(), to=one(event.fact.message_id))


def cancel(event: Event[MessageUnwanted], rules: Rules) -> Orders:
    yield MESSAGE.send(CancelMessage(reason=event.fact.reason), to=one(event.fact.message_id))


def count(event: Event[MessageReleased], rules: Rules) -> Orders:
    """It leaves: what is pushed to a patient counts. The portal has it at once, the post takes its time."""
    fact, patient_id = event.fact, event.head.lane_key
    pushed = fact.channel in ("sms", "email") and KINDS[fact.template].audience == "pt"
    if pushed and patient_id:
        command = NotePushed(
            patient_id=patient_id,
            message_id=fact.message_id,
            channel=fact.channel,
            at=event.head.occurred_at,
        )
        yield AGENDA.send(command, to=one(patient_id))
    if fact.channel in ("portal", "post"):
        handed = HandedOver(attempt=fact.attempt, delivered=fact.channel == "portal")
        yield MESSAGE.send(handed, to=one(fact.message_id))


def forget(event: Event[MessageSuppressed | MessageCancelled | MessageFailed], rules: Rules) -> Orders:
    """It takes no place under the cap any more."""
    if event.head.lane_key:
        yield AGENDA.send(NoteOver(message_id=event.fact.message_id), to=one(event.head.lane_key))


def take_reply(event: Event[TextAnswered], rules: Rules) -> Orders:
    """The answer belongs to the message; an opt-out counts at once."""
    fact, patient_id = event.fact, event.head.aggregate_id
    sends: list[Send] = [MESSAGE.send(TakeReply(reply=fact.reply), to=one(fact.message_id))]
    if fact.reply == "opt_out":
        withdrawal = WithdrawConsent(channel="sms", purpose="care", via="reply")
        sends.append(CONSENT.send(withdrawal, to=one(consent_id(patient_id, "sms"))))
    yield together(*sends)


OWN: tuple[On, ...] = (
    on(ConsentRecorded, note_consent),
    on(ConsentWithdrawn, note_consent),
    on(MessageWanted, schedule),
    on(ProfessionalTold, schedule_professional),
    on(MessageScheduled, send_now),
    on(MessageUnwanted, cancel),
    on(MessageReleased, count),
    on(MessageSuppressed, forget),
    on(MessageCancelled, forget),
    on(MessageFailed, forget),
    on(TextAnswered, take_reply),
)
"""Its own facts, handled in the transaction that writes them."""

REACTIONS: tuple[On, ...] = (*(on(row.fact, tell) for row in TABLE), *OWN)
OWN_FACTS: frozenset[type[Fact]] = frozenset(row.fact for row in OWN)
INTAKES = (Intake("referral.contacts", Contact, file_contact),)
