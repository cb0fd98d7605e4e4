"""A contact between staff and patient, on record."""

from collections.abc import Iterable
from datetime import date, timedelta

from backbone.model import (
    Aggregate,
    Command,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    State,
    Table,
    TooEarly,
    by,
    ignores,
    like,
)
from schemas.care_plan.v1.codes import ContactKind
from schemas.care_plan.v1.contact import ContactFellDue, ContactRecorded
from schemas.fact import Code
from services.care_plan.history.states import not_their_referral
from services.care_plan.procedure.states import Done, WithCourse
from services.care_plan.roles import CLINICIAN_OR_COORDINATOR
from services.care_plan.rules import Rules
from services.care_plan.visit.states import Unknown, not_their_visit


class NoContact(State, tag="none"):
    """Nobody spoke with the patient yet."""


class Due(State, tag="due", kw_only=True):
    """The patient is to be called."""

    kind: ContactKind
    due_on: date


class Recorded(State, tag="recorded"):
    kind: ContactKind


Contact = NoContact | Due | Recorded


class AskForContact(Command, tag="ask_for_contact", kw_only=True):
    """A month of the plan has begun."""

    kind: ContactKind
    due_on: date


class RecordContact(Command, tag="record_contact", kw_only=True):
    """`about`: the one thing that it was about, if there is one; the contact then has its id."""

    kind: ContactKind
    result: Code
    warnings: tuple[Code, ...] = ()
    patient_id: str
    referral_id: str | None = None
    about: str | None = None
    procedure_id: str | None = None


def fall_due(state: NoContact, command: AskForContact, given: Given[Rules]) -> Decision:
    return [Ruled(like(ContactFellDue, command), (given.rules.care_plan.monthly_contact,))]


@by(CLINICIAN_OR_COORDINATOR)
def record_due(state: Due, command: RecordContact, given: Given[Rules]) -> Decision:
    """The call that was asked for, and no other; but a warning is never refused."""
    if command.kind != state.kind and not command.warnings:
        return Refused(f"this is the {state.kind} contact: record another without `about`", code="other-kind")
    return another_patient(command, given) or [like(ContactRecorded, command, contact_id=given.target)]


@by(CLINICIAN_OR_COORDINATOR)
def record(state: NoContact, command: RecordContact, given: Given[Rules]) -> Decision:
    wrong = another_patient(command, given) or not_after_it(command, given)
    return wrong or [like(ContactRecorded, command, contact_id=given.target)]


@by(CLINICIAN_OR_COORDINATOR)
def record_again(state: Recorded, command: RecordContact, given: Given[Rules]) -> Decision:
    return another_patient(command, given) or ()


def another_patient(command: RecordContact, given: Given[Rules]) -> Refused | TooEarly | None:
    """Referral and appointment are the patient's; and so is the contact, when it is told again."""
    if given.lane_key != command.patient_id:
        return Refused("this contact was another patient's", code="another-patient")
    about = command.about
    visit = about if about and not isinstance(given.others["visit", about], Unknown) else None
    return not_their_referral(command.referral_id, given) or not_their_visit(visit, given)


FIRST_CALL = "post_procedure_24_72h"


def not_after_it(command: RecordContact, given: Given[Rules]) -> Refused | TooEarly | None:
    """The procedure is the patient's and was done, for the first call long enough ago; a warning is never refused."""
    if command.procedure_id is None:
        return None
    procedure = given.others["procedure", command.procedure_id]
    if not isinstance(procedure, WithCourse):
        reason, until = "this procedure is not known here", ("procedure", command.procedure_id)
        return TooEarly(reason, code="unknown-procedure", until=until)
    if procedure.patient_id != given.lane_key:
        return Refused("this procedure is another patient's", code="another-patient")
    if command.warnings or not command.kind.startswith("post_procedure"):
        return None
    if not isinstance(procedure, Done):
        return Refused("this procedure was not performed yet", code="not-performed")
    hours = given.rules.procedures.calls.values.first_after_hours
    if command.kind == FIRST_CALL and given.at < procedure.ended_at + timedelta(hours=hours):
        return Refused(f"the first call is made after {hours} hours: call again then", code="too-soon")
    return None


def fell_due(state: NoContact, fact: ContactFellDue, head: Head) -> Due:
    return like(Due, fact)


def recorded(state: NoContact | Due, fact: ContactRecorded, head: Head) -> Recorded:
    return Recorded(fact.kind)


def needs(state: Contact, command: Command) -> Iterable[tuple[str, str]]:
    if not isinstance(command, RecordContact):
        return
    if command.referral_id:
        yield "history", command.referral_id
    if command.about:
        yield "visit", command.about
    if command.procedure_id:
        yield "procedure", command.procedure_id


CONTACT = Aggregate[Contact](
    "contact",
    NoContact(),
    decide=Table(*(fall_due, record_due, record, record_again), ignores(AskForContact, when=(Due, Recorded))),
    evolve=Table(fell_due, recorded),
    needs=needs,
    has_pathway="if known",
)
