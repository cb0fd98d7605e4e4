"""Facts → a clinician looks: at every visit that was missed, the third that the patient cancelled, the second offer
that was declined. Pure."""

from backbone.ids import derive
from backbone.model import Event, On, Orders, on, one
from schemas.scheduling.v1.appointment import AppointmentCancelled, AttendanceCorrected, PatientDidNotAttend
from schemas.scheduling.v1.codes import Exemption
from schemas.scheduling.v1.offer import OfferDeclined
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, AskForReview, WithdrawCase
from services.scheduling.rules import Rules


def review_refusals(event: Event[OfferDeclined], rules: Rules) -> Orders:
    """ATT-02: what is open stays open; another offer that is declined is looked at again."""
    fact, rule = event.fact, rules.scheduling.refusals
    if event.head.pathway_id and fact.counts and fact.count >= rule.values.review_after:
        command = AskForReview(trigger=rule.id, refusal_count=fact.count)
        yield ATTENDANCE_CASE.send(command, to=one(derive(fact.offer_id, "attendance case")))


def review_cancellations(event: Event[AppointmentCancelled], rules: Rules) -> Orders:
    """ATT-03"""
    if event.head.pathway_id and rules.needs_review(event.fact):
        command = AskForReview(trigger=rules.scheduling.cancellations.id, cna_count=event.fact.cna_count)
        yield ATTENDANCE_CASE.send(command, to=one(event.head.aggregate_id))


def review_non_attendance(event: Event[PatientDidNotAttend], rules: Rules) -> Orders:
    """ATT-04: in any case, whether it counts or not."""
    if event.head.pathway_id:
        fact = event.fact
        undelivered = not fact.reminders_delivered or not (fact.counts or fact.exemptions)
        unheard: tuple[Exemption, ...] = ("undelivered_message",) if undelivered else ()
        command = AskForReview(
            trigger=rules.scheduling.non_attendance.id,
            dna_count=fact.dna_count,
            exemptions=tuple(dict.fromkeys((*fact.exemptions, *unheard))) or None,
        )
        yield ATTENDANCE_CASE.send(command, to=one(event.head.aggregate_id))


def withdraw_case(event: Event[AttendanceCorrected], rules: Rules) -> Orders:
    """The patient was there after all."""
    yield ATTENDANCE_CASE.send(WithdrawCase(), to=one(event.head.aggregate_id))


REACTIONS: tuple[On, ...] = (
    on(OfferDeclined, review_refusals),
    on(AppointmentCancelled, review_cancellations),
    on(PatientDidNotAttend, review_non_attendance),
    on(AttendanceCorrected, withdraw_case),
)
