"""From what a referrer sent to the orders that it means. Here identity data part from the clinical package."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from backbone.model import Cause, Invalid, Order, Orders, Send, Snapshot, one, together
from backbone.model.invalid import wrong
from schemas.referral.v1.intake import (
    ReferralSubmission,
    ReturnChannel,
    SubmittedAnswers,
    SubmittedPatient,
    SuppliedInformation,
    SuppliedPatient,
)
from services.referral.likeness.aggregate import look
from services.referral.organisation.aggregate import ORGANISATION, OrganisationContact, RecordOrganisation
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.decide.registration import age_on
from services.referral.patient.states import Contact, Identity, RegisterPatient
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import GoOnFrom, ReceiveReferral, Reopen, SupplyInformation
from services.referral.referral.content import Answers, Package
from services.referral.referral.states import Course, Known
from services.referral.rules import Rules


def receive_referral(submission: ReferralSubmission, cause: Cause, rules: Rules) -> Orders:
    """The same for HTTP and Kafka: the person, the referral and the sender's return channel, or nothing of it.

    Raises Invalid.
    """
    check_days(submission, rules.calendar.day(cause.at))
    identifier, sender = submission.patient.identifier, submission.referrer
    patient = PATIENT.by(identifier=(identifier.system, identifier.value))
    referral = REFERRAL.by(source=(submission.source_system, submission.source_id))
    said = replace(registration(submission.patient, rules), is_submission=True)
    yield together(
        PATIENT.send(said, to=patient),
        *look(said.identity, said.contact),
        REFERRAL.send(receipt(submission, cause.at, rules, cause.sent_at), to=referral),
        *return_channel(sender.organisation_id, sender.name, sender.return_channel, rules),
        about=patient,
        pathway=referral,
    )


def reopen(
    ended: Snapshot[Known], package: Package, successor_id: str, reason: str, expecting: int | None
) -> Order:
    """The one that ended names the one that goes on, which is received as the other stood: both or neither. Whoever
    was seen waits anew."""
    course = ended.state.course
    before = GoOnFrom(referral_id=ended.id, unclear=course.unclear)
    if not course.visit.attended_at:
        before = replace(before, clock_start=course.clock_start, unavailable=course.unavailable)
    received = ReceiveReferral(
        source_system=course.source_system,
        source_id=ended.id,
        package=replace(package, predecessor_id=ended.id),
        age_years=course.age_years,
        goes_on_from=before,
    )
    successor = one(successor_id)
    return together(
        REFERRAL.send(
            Reopen(successor_id=successor_id, reason=reason), to=one(ended.id), expecting=expecting
        ),
        REFERRAL.send(received, to=successor),
        about=one(course.patient_id),
        pathway=successor,
    )


def check_days(said: ReferralSubmission | SuppliedInformation, today: date) -> None:
    """Raises Invalid with every field."""
    late = still_to_come(said, today)
    if late:
        raise Invalid([wrong(place, "in_the_future", "It is still to come.") for place in late])


def still_to_come(said: ReferralSubmission | SuppliedInformation, today: date) -> Sequence[tuple[str, ...]]:
    """Where it names a day that must have been, and has not: of a birth, of pain, of a treatment, of the referral."""
    onset = said.answers.onset.began_on if said.answers.onset else None
    days: list[tuple[tuple[str, ...], date | None]] = [
        (("patient", "birth_date"), said.patient.birth_date if said.patient else None),
        (("answers", "onset", "began_on"), onset),
        (("referred_on",), said.referred_on if isinstance(said, ReferralSubmission) else None),
    ]
    for no, each in enumerate(said.answers.prior_treatments or ()):
        days.append((("answers", "prior_treatments", str(no), "from_date"), each.from_date))
    return [place for place, day in days if day is not None and day > today]


def answer_request(course: Course, supplied: SuppliedInformation, answer: Send, rules: Rules) -> Order:
    """What answers an information request: what it says of the person, of the referral and of its sender, together."""
    patient = supplied.patient
    return together(
        *([PATIENT.send(registration(patient, rules), to=one(course.patient_id))] if patient else []),
        answer,
        *return_channel(course.referrer_org_id, None, supplied.return_channel, rules),
    )


def registration(patient: SubmittedPatient | SuppliedPatient, rules: Rules) -> RegisterPatient:
    """What the registry learns. Nothing that was not said."""
    identifier = patient.identifier if isinstance(patient, SubmittedPatient) else None
    identity = Identity(
        system=identifier.system if identifier else None,
        value=identifier.value if identifier else None,
        family_name=patient.family_name,
        given_names=patient.given_names,
        birth_date=patient.birth_date,
    )
    return RegisterPatient(identity=identity, contact=contact_of(patient, rules))


def receipt(
    submission: ReferralSubmission, at: datetime, rules: Rules, sent_at: datetime | None = None
) -> ReceiveReferral:
    """The clinical package, without who the person is."""
    patient, referrer = submission.patient, submission.referrer
    answers = answers_of(
        submission.answers,
        identity=is_identified(patient, rules),
        referrer=is_readable(referrer.return_channel, rules),
    )
    return ReceiveReferral(
        source_system=submission.source_system,
        source_id=submission.source_id,
        package=Package(
            patient_key=(patient.identifier.system, patient.identifier.value),
            referrer_type=referrer.type,
            referrer_org_id=referrer.organisation_id,
            predecessor_id=submission.predecessor_id,
            answers=answers,
        ),
        received_at=sent_at or at,
        referred_on=submission.referred_on,
        age_years=age_at(patient.birth_date, at, rules),
    )


def supply(supplied: SuppliedInformation, at: datetime, rules: Rules) -> SupplyInformation:
    """What answers an information request."""
    patient = supplied.patient
    return SupplyInformation(
        answers=answers_of(
            supplied.answers, identity=None, referrer=is_readable(supplied.return_channel, rules)
        ),
        about_patient=patient is not None,
        age_years=age_at(patient.birth_date, at, rules) if patient else None,
    )


def contact_of(patient: SubmittedPatient | SuppliedPatient, rules: Rules) -> Contact:
    """A number that can't be read is none: nobody is called or texted on a guess."""
    said: dict[str, Any] = patient.contact.model_dump(exclude_none=True) if patient.contact else {}
    contact = msgspec.convert(said, Contact)
    asked = contact.confidential
    return replace(
        contact,
        phone=rules.clinic.e164(contact.phone),
        confidential=replace(asked, phone=rules.clinic.e164(asked.phone)) if asked else None,
        language=patient.language,
        interpreter_needed=patient.interpreter_needed,
        time_zone=patient.time_zone,
    )


def is_readable(to: ReturnChannel | None, rules: Rules) -> bool | None:
    return True if to and return_address(to, rules) else None


def return_address(to: ReturnChannel, rules: Rules) -> str | None:
    """A fax has a telephone number."""
    return rules.clinic.e164(to.address) if to.kind == "fax" else to.address


def unreadable(sent: ReferralSubmission | SuppliedInformation, rules: Rules) -> tuple[str, ...]:
    """Telephone numbers that are none, as the sender named them: received as not said."""
    contact = sent.patient.contact if sent.patient else None
    asked = contact.confidential if contact else None
    sender = sent.referrer if isinstance(sent, ReferralSubmission) else sent
    to, place = sender.return_channel, "" if sender is sent else "referrer."
    numbers = {
        "patient.contact.phone": contact and contact.phone,
        "patient.contact.confidential.phone": asked and asked.phone,
        f"{place}return_channel.address": to.address if to and to.kind == "fax" else None,
    }
    return tuple(name for name, number in numbers.items() if number and not rules.clinic.e164(number))


def return_channel(
    organisation_id: str, name: str | None, to: ReturnChannel | None, rules: Rules
) -> list[Send]:
    """Where letters to the referrer go, if it was said."""
    address = return_address(to, rules) if to else None
    if to is None or address is None:
        return []
    is_mail = to.kind == "secure_email"
    contact = OrganisationContact(
        name=name,
        channel=to.kind,
        email=address if is_mail else None,
        address=None if is_mail else address,
    )
    return [ORGANISATION.send(RecordOrganisation(contact=contact), to=one(organisation_id))]


def answers_of(said: SubmittedAnswers, **settled: bool | None) -> Answers:
    """The contract's fields have the names of the data set: one conversion for all."""
    fields: dict[str, Any] = said.model_dump(mode="json", exclude_none=True)
    return msgspec.convert({**fields, **settled}, Answers)


def is_identified(patient: SubmittedPatient, rules: Rules) -> bool | None:
    """A name, one is enough, birth date, a way to reach the person, and the language or an interpreter."""
    reachable = contact_of(patient, rules).is_reachable
    a_name = patient.family_name or patient.given_names
    speaks = patient.language or patient.interpreter_needed
    return True if reachable and patient.birth_date and speaks and a_name else None


def age_at(birth_date: date | None, at: datetime, rules: Rules) -> int | None:
    return age_on(birth_date, rules.calendar.day(at))
