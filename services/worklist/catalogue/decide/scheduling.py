"""Work that facts of scheduling make."""

from datetime import datetime
from typing import Any

from backbone.model import Event
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
    SessionInOrder,
    SessionOutOfOrder,
    VisitsApart,
    VisitsOverlap,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested, BookingTakenUp
from schemas.scheduling.v1.group_time import GroupSettled, GroupShort
from schemas.scheduling.v1.joint_day import JointDayBooked, JointDayBroken
from schemas.scheduling.v1.slot import FreedSlotClosed, FreedSlotLeft, SlotFreed
from schemas.scheduling.v1.unavailability import (
    UnavailabilityEnded,
    UnavailabilityRefused,
    UnavailabilityRequested,
)
from schemas.scheduling.v1.waitlist import WaitlistLeft
from services.worklist.catalogue.decide.due import Before, Within, start_of
from services.worklist.catalogue.decide.row import Detail, Row, Subject, When, named, of
from services.worklist.rules import Rules
from services.worklist.visit.facts import VisitBegan


def missed_appointment(
    event: Event[AppointmentBooked | AttendanceReviewed | PatientDidNotAttend | AttendanceCorrected],
) -> str:
    """The appointment that was missed: named by its own fact, by its case, or by the one that replaces it."""
    match event.fact:
        case AppointmentBooked():
            return str(event.fact.replaces)
        case AttendanceReviewed():
            return event.fact.case_id
        case _:
            return event.head.aggregate_id


MISSED = Subject(
    "appointment",
    missed_appointment,
    {AppointmentBooked, AttendanceReviewed, PatientDidNotAttend, AttendanceCorrected}.__contains__,
)


def case_of(event: Event[AttendanceReviewRequested | AttendanceReviewed | AttendanceCorrected]) -> str:
    """The case has the id of its appointment."""
    return event.head.aggregate_id if isinstance(event.fact, AttendanceCorrected) else event.fact.case_id


CASE = Subject(
    "attendance_case",
    case_of,
    {AttendanceReviewRequested, AttendanceReviewed, AttendanceCorrected}.__contains__,
)


def to_fill(fact: type[SlotFreed] | type[FreedSlotLeft]) -> Row[Any]:
    """A freed time of the next days that nobody is asked for."""
    return Row(
        item="SLOT_FILL",
        queue="coordination",
        subject=named("slot", "slot_id"),
        opens=fact,
        when=lambda fact: fact.soon,
        priority="urgent",
        due=lambda event, rules: event.fact.start,
        detail=Detail("purpose"),
        about=Detail("discipline"),
        closes=(FreedSlotClosed,),
    )


def is_booked(left: WaitlistLeft) -> bool:
    """Whoever left for another reason was not booked: nothing more is to be done (`drop_booking`)."""
    return left.reason == "booked"


def last_day(fact: BookingRequested | BookingTakenUp, rules: Rules) -> datetime | None:
    """It is booked before the day after which it would be too late."""
    day = fact.not_after if isinstance(fact, BookingRequested) else None
    return rules.calendar.daily(day) if day else None


TO_BOOK = Before(Within(lambda due: due.book_visit), last_day)

SCHEDULING_ROWS = (
    Row(
        item="BOOK_VISIT",
        queue="coordination",
        subject=named("booking_request", "booking_request_id"),
        opens=BookingRequested,
        priority=lambda event, rules: event.fact.priority,
        due=TO_BOOK,
        detail=Detail("purpose"),
        about=Detail("discipline"),
        closes=(When(BookingFulfilled, lambda fact: fact.reason is None), When(WaitlistLeft, is_booked)),
    ),
    Row(
        item="VISIT_READY",
        queue=lambda event, rules: event.fact.discipline,
        subject=of("appointment", mirror="visit"),
        opens=VisitBegan,
        priority="urgent",
        due=lambda event, rules: event.fact.start,
        closes=(PatientAttended, AppointmentCancelled),
    ),
    Row(
        item="DNA_FOLLOWUP",
        queue="coordination",
        subject=MISSED,
        opens=PatientDidNotAttend,
        priority="routine",
        due=Within(lambda due: due.dna_followup),
        detail=Detail("purpose"),
        closes=(
            When(AppointmentBooked, lambda fact: fact.replaces is not None),
            AttendanceReviewed,
            AttendanceCorrected,
        ),
    ),
    Row(
        item="ATT_REVIEW",
        queue="medical",
        subject=CASE,
        opens=AttendanceReviewRequested,
        priority="routine",
        due=Within(lambda due: due.att_review),
        detail=Detail("trigger"),
        closes=(AttendanceReviewed, AttendanceCorrected),
    ),
    Row(
        item="JOINT_DAY_BROKEN",
        queue="coordination",
        subject=named("joint_day", "joint_day_id"),
        opens=JointDayBroken,
        when=lambda fact: fact.left != 0,
        priority="urgent",
        due=Before(Within(lambda due: due.joint_day_broken), start_of),
        detail=Detail("lost"),
        closes=(JointDayBooked, When(JointDayBroken, lambda fact: fact.left == 0)),
    ),
    Row(
        item="SESSION_EARLY",
        queue="coordination",
        subject=of("appointment"),
        opens=SessionOutOfOrder,
        priority="urgent",
        due=Before(Within(lambda due: due.session_early), start_of),
        about=Detail("discipline"),
        closes=(
            *(SessionInOrder, AppointmentMoved, AppointmentCancelled),
            *(PatientAttended, PatientDidNotAttend),
        ),
    ),
    Row(
        item="VISITS_OVERLAP",
        queue="coordination",
        subject=of("appointment"),
        opens=VisitsOverlap,
        priority="urgent",
        due=Before(Within(lambda due: due.visits_overlap), start_of),
        about=Detail("discipline"),
        closes=(VisitsApart, AppointmentCancelled, PatientAttended, PatientDidNotAttend),
    ),
    Row(
        item="GROUP_SHORT",
        queue="coordination",
        subject=named("group", "group_id"),
        opens=GroupShort,
        priority="urgent",
        due=Before(Within(lambda due: due.group_short), start_of),
        about=Detail("discipline"),
        closes=(GroupSettled,),
    ),
    to_fill(SlotFreed),
    to_fill(FreedSlotLeft),
    Row(
        item="ABSENCE_CHECK",
        queue="coordination",
        subject=of("unavailability"),
        opens=UnavailabilityRequested,
        priority="routine",
        due=Within(lambda due: due.absence_check),
        detail=Detail("kind"),
        closes=(UnavailabilityEnded, UnavailabilityRefused),
    ),
)
