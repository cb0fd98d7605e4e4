"""Work that facts of scheduling make."""

from datetime import datetime
from typing import Any

from backbone.model import Event
from schemas.codes import Priority, Queue
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested
from schemas.scheduling.v1.joint_day import JointDayBooked, JointDayBroken
from schemas.scheduling.v1.waitlist import WaitlistLeft
from services.worklist.catalogue.decide.due import within
from services.worklist.catalogue.decide.row import Row, Subject, When, in_queue, named, of, priority
from services.worklist.item.facts import VisitBegan
from services.worklist.rules import Rules


def priority_of_fact(event: Event[Any], rules: Rules) -> Priority:
    found: Priority = event.fact.priority
    return found


def discipline(event: Event[Any], rules: Rules) -> Queue:
    found: Queue = event.fact.discipline
    return found


def at_start(event: Event[Any], rules: Rules) -> datetime:
    start: datetime = event.fact.start
    return start


def missed_appointment(event: Event[Any]) -> str:
    """The appointment that was missed: named by its own fact, by its case, or by the one that replaces it."""
    if isinstance(event.fact, AppointmentBooked):
        return str(event.fact.replaces)
    return str(event.fact.case_id) if isinstance(event.fact, AttendanceReviewed) else event.head.aggregate_id


def replaces_another(fact: AppointmentBooked) -> bool:
    return fact.replaces is not None


SCHEDULING_ROWS: tuple[Row, ...] = (
    Row(
        item="BOOK_VISIT",
        queue=in_queue("coordination"),
        subject=named("booking_request", "booking_request_id"),
        opens=BookingRequested,
        priority=priority_of_fact,
        due=within("book_visit"),
        closes=(BookingFulfilled, WaitlistLeft),
    ),
    Row(
        item="VISIT_READY",
        queue=discipline,
        subject=of("appointment"),
        opens=VisitBegan,
        priority=priority("urgent"),
        due=at_start,
        closes=(PatientAttended, AppointmentCancelled),
    ),
    Row(
        item="DNA_FOLLOWUP",
        queue=in_queue("coordination"),
        subject=Subject("appointment", missed_appointment),
        opens=PatientDidNotAttend,
        priority=priority("routine"),
        due=within("dna_followup"),
        closes=(When(AppointmentBooked, replaces_another), AttendanceReviewed),
    ),
    Row(
        item="ATT_REVIEW",
        queue=in_queue("medical"),
        subject=named("attendance_case", "case_id"),
        opens=AttendanceReviewRequested,
        priority=priority("routine"),
        due=within("att_review"),
        closes=(AttendanceReviewed,),
    ),
    Row(
        item="JOINT_DAY_BROKEN",
        queue=in_queue("coordination"),
        subject=named("joint_day", "joint_day_id"),
        opens=JointDayBroken,
        priority=priority("urgent"),
        due=within("joint_day_broken"),
        closes=(JointDayBooked,),
    ),
)
