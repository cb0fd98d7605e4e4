"""Visits that were missed, and those that took place: ATT-04, ATT-07, SCH-05, SCH-06."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Command
from schemas.notifications.v1.message import MessageDelivered
from schemas.scheduling.v1.appointment import (
    AttendanceCorrected,
    PatientArrived,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.codes import EXEMPTION
from services.scheduling.appointment.commands import (
    Arrive,
    Attend,
    CheckIn,
    CorrectAttendance,
    EndConsultation,
    MissAppointment,
    MoveDate,
)
from services.scheduling.appointment.states import Arrived, Fulfilled, NoShow
from services.scheduling.attendance_case.aggregate import ATTENDANCE_CASE, AskForReview
from services.scheduling.booking_request.aggregate import (
    RequestAgain,
)
from services.scheduling.joint_day.aggregate import BookedDay, Leg
from services.scheduling.protection.states import Protection
from services.scheduling.referral_record.aggregate import CountNonAttendance, NoteMoveNotice, NoteReminder
from services.scheduling.referral_record.states import Delivered, Missed, Record
from services.scheduling.waiting_list.commands import JoinAgain
from tests.support.deciding import LANE, TARGET, deciding, like, nothing, refused, ruled
from tests.unit.scheduling.situations import (
    BOOK,
    DAY,
    FIRST_VISIT,
    IN_10_DAYS,
    IN_11_DAYS,
    NURSE,
    PAUL,
    PHYSICIAN,
    follows,
    rules,
    visit,
)

MOVE = MoveDate(clinician_id=PAUL, start=IN_11_DAYS, by="clinic", reason="ill")
LATE = IN_10_DAYS + timedelta(minutes=15)
A, B = (derive(ROOT, f"earlier {number}") for number in range(2))


def message(version: int = 1) -> Delivered:
    return Delivered(A, TARGET, version)


REMINDED = Record(delivered=(message(),))


def test_nobody_is_missed_before_the_grace_is_over() -> None:
    too_soon = LATE - timedelta(seconds=1)
    visit(BOOK, too_soon, record=REMINDED).when(MissAppointment()).then(refused(code="within-grace"))
    missed = visit(BOOK, LATE, record=REMINDED).when(MissAppointment())
    missed.then(
        ruled(like(PatientDidNotAttend, counts=True, dna_count=1, reminders_delivered=1), "SCH-06", "ATT-07")
    )


def test_no_timer_and_no_fact_says_that_somebody_did_not_come() -> None:
    visit(BOOK, LATE).when(SYSTEM, MissAppointment()).then(refused(code="not-permitted"))


@pytest.mark.parametrize(
    ("record", "reminders"),
    [
        (Record(failed=(A,)), 0),
        (Record(delivered=(message(version=2),)), 0),
        (Record(delivered=(Delivered(A, B, 1),)), 0),
    ],
    ids=["the only one failed", "of another version", "of another appointment"],
)
def test_without_a_delivered_reminder_it_stands_but_does_not_count(record: Record, reminders: int) -> None:
    missed = visit(BOOK, LATE, record=record).when(MissAppointment())
    missed.then(like(PatientDidNotAttend, counts=False, dna_count=0, reminders_delivered=reminders))
    missed.then_state(NoShow)


def test_a_reminder_of_the_date_before_the_move_does_not_count_for_the_new_one() -> None:
    """Moved v1 to v2, a late delivery for v1: ignored for v2."""
    later = IN_11_DAYS + timedelta(minutes=15)
    record = Record(delivered=(message(1),), told=(message(2),))
    missed = visit(BOOK, MOVE, later, record=record).when(MissAppointment())
    missed.then(like(PatientDidNotAttend, version=2, counts=False, reminders_delivered=0))


@pytest.mark.parametrize(("told", "counts"), [((), False), ((message(1),), False), ((message(2),), True)])
def test_after_a_move_it_counts_only_if_the_patient_was_told_of_it(
    told: tuple[Delivered, ...], counts: bool
) -> None:
    later = IN_11_DAYS + timedelta(minutes=15)
    record = Record(delivered=(message(2),), told=told)
    missed = visit(BOOK, MOVE, later, record=record).when(MissAppointment())
    missed.then(like(PatientDidNotAttend, version=2, counts=counts, dna_count=int(counts)))


def test_delivered_reminders_and_notices_are_noted_by_version() -> None:
    def told(template: Any) -> list[Command]:
        fact = MessageDelivered(message_id=A, template=template, subject_id=B, subject_version=2)
        return follows(fact)

    reminder = NoteReminder(message_id=A, appointment_id=B, version=2, delivered=True)
    assert told("APPT_D3") == told("APPT_D1") == [reminder]
    assert told("APPT_MOVED") == [NoteMoveNotice(message_id=A, appointment_id=B, version=2)]
    assert told("APPT_CONFIRMED") == []


@pytest.mark.parametrize("exemption", EXEMPTION)
def test_what_exempts_makes_it_not_count(exemption: Any) -> None:
    missed = visit(BOOK, LATE, record=REMINDED).when(MissAppointment(exemptions=(exemption,)))
    missed.then(like(PatientDidNotAttend, counts=False, dna_count=0, exemptions=(exemption,)))


@pytest.mark.parametrize(("days", "exempt"), [(5, True), (30, True), (31, False)])
def test_a_suicide_alert_of_the_last_thirty_days_exempts_by_itself(days: int, exempt: bool) -> None:
    closed = Protection(at=LATE - timedelta(days=days), closed_at=LATE - timedelta(days=days - 1))
    missed = visit(BOOK, LATE, record=REMINDED).beside({LANE: closed}).when(MissAppointment())
    exemptions = ("mental_health_crisis",) if exempt else ()
    missed.then(like(PatientDidNotAttend, counts=not exempt, exemptions=exemptions))


def test_a_suicide_alert_exempts_as_long_as_it_is_open() -> None:
    old = Protection(at=LATE - timedelta(days=90))
    missed = visit(BOOK, LATE, record=REMINDED).beside({LANE: old}).when(MissAppointment())
    missed.then(like(PatientDidNotAttend, counts=False, exemptions=("mental_health_crisis",)))


def test_an_exemption_that_is_said_and_known_is_told_once() -> None:
    situation = visit(BOOK, LATE, record=REMINDED).beside({LANE: Protection(at=LATE)})
    missed = situation.when(MissAppointment(exemptions=("mental_health_crisis",)))
    missed.then(like(PatientDidNotAttend, exemptions=("mental_health_crisis",)))


def joint_day(*legs: str) -> dict[str, Any]:
    return {
        DAY: BookedDay(
            on=IN_10_DAYS.date(), legs=tuple(Leg("medical", each, PAUL, IN_10_DAYS) for each in legs)
        )
    }


def test_the_reminder_of_a_joint_day_serves_each_of_its_visits() -> None:
    leg = msgspec.structs.replace(BOOK, joint_day_id=DAY)
    record = Record(delivered=(Delivered(B, A, 1),))
    alone = visit(leg, LATE, record=record).beside(joint_day(TARGET))
    alone.when(MissAppointment()).then(like(PatientDidNotAttend, reminders_delivered=0, counts=False))
    together = visit(leg, LATE, record=record).beside(joint_day(A, TARGET))
    together.when(MissAppointment()).then(like(PatientDidNotAttend, reminders_delivered=1, counts=True))


def test_a_joint_day_that_was_missed_is_one() -> None:
    record = Record(delivered=(message(),), missed=(Missed(A, DAY), Missed(B)))
    leg = msgspec.structs.replace(BOOK, joint_day_id=DAY)
    missed = visit(leg, LATE, record=record).beside(joint_day(TARGET)).when(MissAppointment())
    missed.then(like(PatientDidNotAttend, counts=True, dna_count=2))


@pytest.mark.parametrize("counts", [True, False])
def test_a_clinician_looks_in_any_case_and_nothing_is_booked_before(counts: bool) -> None:
    missed = visit(BOOK, LATE, record=REMINDED if counts else Record()).when(MissAppointment())
    after = follows(missed.only_facts[0])
    assert [type(each) for each in after] == [CountNonAttendance] * counts + [AskForReview]


@pytest.mark.parametrize(
    ("decision", "again"),
    [("reoffer", True), ("reset_clock", True), ("refer_back", False), ("discharge", False)],
)
def test_another_date_follows_only_from_what_the_clinician_decided(decision: Any, again: bool) -> None:
    fact = AttendanceReviewed(case_id=A, decision=decision, decided_by=PHYSICIAN.id or "", note_ref=B)
    after = follows(fact)
    assert [type(each) for each in after] == [RequestAgain, JoinAgain] * again


def test_who_came_late_and_was_seen_is_corrected_the_same_day_only() -> None:
    missed = visit(BOOK, LATE, MissAppointment())
    corrected = missed.when(NURSE, CorrectAttendance(reason="late")).then(AttendanceCorrected)
    corrected.then_state(Arrived)
    visit(corrected.state).when(PHYSICIAN, Attend()).then(PatientAttended)
    tomorrow = visit(BOOK, LATE, MissAppointment(), LATE + timedelta(days=1))
    tomorrow.when(NURSE, CorrectAttendance(reason="late")).then(refused(code="too-late-to-correct"))


def test_nobody_is_seen_who_has_not_arrived_unless_the_visit_is_remote() -> None:
    visit(BOOK).when(PHYSICIAN, Attend()).then(refused(code="not-arrived", instead="Arrive"))
    visit(BOOK, Arrive()).when(PHYSICIAN, Attend()).then(PatientAttended).then_state(Fulfilled)
    remote = msgspec.structs.replace(BOOK, matter=msgspec.structs.replace(FIRST_VISIT, remote=True))
    visit(remote).when(PHYSICIAN, Attend()).then(PatientAttended)


def test_a_completed_consultation_is_a_visit_whether_or_not_the_desk_saw_the_patient_come() -> None:
    visit(BOOK).when(SYSTEM, EndConsultation()).then(PatientAttended).then_state(Fulfilled)
    visit(BOOK, SYSTEM, EndConsultation()).when(EndConsultation()).then(nothing())


def test_what_speaks_for_a_patient_in_words_of_a_later_release_is_passed_on_to_who_looks() -> None:
    later = ("a_later_word",)
    asked = deciding(ATTENDANCE_CASE, rules())().when(AskForReview(trigger="ATT-04", exemptions=later))
    asked.then(like(AttendanceReviewRequested, exemptions=later))


def test_who_arrives_twice_arrived_once() -> None:
    visit(BOOK).when(Arrive()).then(PatientArrived)
    visit(BOOK, Arrive(), CheckIn()).when(Arrive()).then(nothing())
