"""Visits that were cancelled, by whom, and what it counts: ATT-03, ATT-10, SCH-07."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
)
from services.scheduling.appointment.commands import (
    Arrive,
    CancelAppointment,
    CheckIn,
    HoldDate,
    MarkInError,
    MissAppointment,
    MoveDate,
)
from services.scheduling.appointment.states import Booked, Cancelled, InError
from services.scheduling.attendance_case.aggregate import AskForReview
from services.scheduling.booking_request.aggregate import (
    RequestAgain,
)
from services.scheduling.referral_record.aggregate import CountCancellation, ForgetAppointment
from services.scheduling.referral_record.states import Record
from services.scheduling.waiting_list.commands import JoinAgain
from tests.support.deciding import TARGET, like, refused
from tests.unit.scheduling.situations import (
    BOOK,
    CLERK,
    DAY,
    FIRST_VISIT,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    PATIENT,
    PAUL,
    REFERRER,
    follows,
    visit,
)

MOVE = MoveDate(clinician_id=PAUL, start=IN_11_DAYS, by="clinic", reason="ill")
CANCEL = CancelAppointment(by="patient", reason="ill")
LATE = IN_10_DAYS + timedelta(minutes=15)
HOLD = HoldDate(matter=FIRST_VISIT, clinician_id=PAUL, start=IN_10_DAYS, joint_day_id=DAY, hold_until=LATE)
A, B, C = (derive(ROOT, f"earlier {number}") for number in range(3))


def cancelled(**changes: Any) -> AppointmentCancelled:
    said: dict[str, Any] = {
        "version": 1,
        "by": "patient",
        "reason": "ill",
        "notice_hours": 48,
        "counts": True,
        "cna_count": 1,
    }
    return AppointmentCancelled(**said | changes)


@pytest.mark.parametrize(
    ("at", "hours"),
    [(IN_10_DAYS - timedelta(hours=1), 1), (IN_10_DAYS - timedelta(minutes=90), 1), (LATE, 0), (MADE, 240)],
    ids=["an hour before", "ninety minutes before", "after the start", "ten days before"],
)
def test_a_patient_who_cancels_late_has_cancelled_and_not_been_missed(at: datetime, hours: int) -> None:
    late = visit(BOOK, at).when(PATIENT, CANCEL).then_state(Cancelled)
    late.then(like(AppointmentCancelled, by="patient", counts=True, cna_count=1, notice_hours=hours))


def test_the_clinic_cancels_then_the_patient_twice_makes_two_and_no_review() -> None:
    clinic = visit(BOOK, record=Record()).when(CancelAppointment(by="clinic", reason="ill"))
    clinic.then(like(AppointmentCancelled, counts=False, cna_count=0))
    assert CountCancellation not in map(type, follows(clinic.only_facts[0]))
    for known, count in (((), 1), ((A,), 2)):
        again = visit(BOOK, record=Record(cancelled=known)).when(PATIENT, CANCEL)
        again.then(like(AppointmentCancelled, counts=True, cna_count=count))
        after = follows(again.only_facts[0])
        assert [type(each) for each in after] == [CountCancellation, RequestAgain, JoinAgain]


def test_the_third_time_a_clinician_looks_before_another_date_is_visit() -> None:
    third = visit(BOOK, record=Record(cancelled=(A, B))).when(PATIENT, CANCEL)
    third.then(like(AppointmentCancelled, cna_count=3))
    after = follows(third.only_facts[0])
    assert after == [CountCancellation(appointment_id=TARGET), AskForReview(trigger="ATT-03", cna_count=3)]


@pytest.mark.parametrize("by", ["clinic", "referrer"])
def test_what_others_cancel_never_counts_and_another_date_follows(by: Any) -> None:
    fact = cancelled(by=by, counts=False, cna_count=2)
    assert [type(each) for each in follows(fact)] == [RequestAgain, JoinAgain]


def test_what_a_fact_cancels_is_not_booked_again() -> None:
    assert follows(cancelled(by="system", reason="discharged", counts=False)) == []


def test_nobody_cancels_as_somebody_else() -> None:
    as_clinic = CancelAppointment(by="clinic", reason="ill")
    visit(BOOK).when(PATIENT, as_clinic).then(refused(code="not-permitted"))
    visit(BOOK).when(REFERRER, as_clinic).then(refused(code="not-permitted"))
    visit(BOOK).when(CancelAppointment(by="system", reason="ill")).then(refused(code="not-permitted"))
    visit(BOOK).when(CANCEL).then(like(AppointmentCancelled, by="patient", counts=True))
    visit(BOOK).when(REFERRER, CancelAppointment(by="referrer", reason="ill")).then(
        like(AppointmentCancelled, counts=False)
    )


def test_who_is_here_can_only_leave() -> None:
    visit(BOOK, Arrive()).when(CancelAppointment(by="clinic", reason="ill")).then(
        refused(code="patient-is-here")
    )
    gone = visit(BOOK, Arrive(), CheckIn()).when(CancelAppointment(by="clinic", reason="left_before_seen"))
    gone.then(like(AppointmentCancelled, reason="left_before_seen"))


def test_only_a_registrar_says_that_it_was_entered_in_error() -> None:
    wrong = CancelAppointment(by="clinic", reason="entered_in_error")
    visit(BOOK).when(wrong).then(refused(code="not-permitted", instead="MarkInError"))
    visit(BOOK).when(MarkInError(reason="wrong_patient")).then(refused(code="not-permitted"))
    visit(BOOK).when(CLERK, MarkInError(reason="wrong_patient")).then(AppointmentCancelled).then_state(
        InError
    )


def test_what_was_entered_in_error_counts_no_more() -> None:
    lost = visit(BOOK, PATIENT, CANCEL, record=Record(cancelled=(A, TARGET)))
    marked = lost.when(CLERK, MarkInError(reason="wrong_patient")).then(
        like(AppointmentCancelled, cna_count=1)
    )
    after = follows(marked.only_facts[0])
    assert after == [ForgetAppointment(appointment_id=TARGET)]


@pytest.mark.parametrize(
    "steps",
    [(HOLD,), (BOOK,), (BOOK, Arrive()), (BOOK, Arrive(), CheckIn()), (BOOK, LATE, MissAppointment())],
    ids=["held", "booked", "here", "checked in", "missed"],
)
def test_whatever_has_a_date_can_turn_out_to_be_a_mistake(steps: tuple[Any, ...]) -> None:
    marked = visit(*steps).when(CLERK, MarkInError(reason="wrong_patient"))
    marked.then(like(AppointmentCancelled, version=1, counts=False)).then_state(InError)


def test_a_date_that_is_held_is_booked_or_cancelled() -> None:
    visit(HOLD).when(PATIENT, CANCEL).then_state(Cancelled)
    visit(HOLD).when(PATIENT, BOOK).then(AppointmentBooked).then_state(Booked)
