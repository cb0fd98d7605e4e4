"""Every fact that scheduling follows, once, with the commands that it leads to and in which order."""

from datetime import date
from typing import Any

import pytest

from backbone.ids import ROOT, derive
from backbone.model import PersonJoined, PersonParted, tag_of
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityReviewed,
    ActivityStarted,
    ActivityStopped,
    SessionCompleted,
)
from schemas.care_plan.v1.antithrombotic import (
    AntithromboticPlanInvalidated,
    AntithromboticPlanRequested,
    AntithromboticPlanSigned,
)
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    InvestigationResultRecorded,
)
from schemas.care_plan.v1.discharge import PatientDischarged, PifuUsed
from schemas.care_plan.v1.override import OverrideLapsed, OverrideRecorded, OverrideRequested
from schemas.care_plan.v1.plan import PlanClosed, PlanHeld, PlanResumed, PlanReviewFellDue, PlanRevoked
from schemas.care_plan.v1.procedure import (
    ProcedureCancelled,
    ProcedureOrdered,
    ProcedureOutcomeNeeded,
    ProcedureOutcomeRecorded,
    ProcedureOutcomeSettled,
    ProcedurePerformed,
)
from schemas.care_plan.v1.safety import SafetyAlertClosed, SafetyAlertRaised
from schemas.codes import GATE_KIND
from schemas.fact import Fact
from schemas.notifications.v1.message import (
    MessageDelivered,
    MessageFailed,
    MessageReplied,
    MessageSuppressed,
)
from schemas.referral.v1.ends import ENDS
from schemas.referral.v1.patient import (
    DeathSettled,
    MergeUndone,
    PatientDeceased,
    PatientRegistered,
    PatientsMerged,
    PatientUpdated,
)
from schemas.referral.v1.referral import (
    CancellationRequested,
    RedFlagRaised,
    RedFlagResolved,
    ReferralAccepted,
    ReferralTriaged,
    TargetChanged,
)
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentHeld,
    AppointmentMoved,
    AttendanceCorrected,
    PatientAttended,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed
from schemas.scheduling.v1.authorisation import AuthorisationExpired, AuthorisationRecorded
from schemas.scheduling.v1.booking import BookingFulfilled, BookingRequested
from schemas.scheduling.v1.codes import DATE_REASON
from schemas.scheduling.v1.gate import GateClosed, GateFailed, GateOpened, GateSatisfied, GateWaived
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from schemas.scheduling.v1.waitlist import WaitlistLeft
from services.scheduling.appointment.commands import CancelAppointment
from services.scheduling.diary.facts import OverlapFound, OverlapGone, TimeFreed, TimeTaken
from services.scheduling.procedure_record.facts import ConsentGone, OutcomeNoted
from services.scheduling.service import SERVICE
from services.scheduling.slot.facts import SlotReleased, SlotTaken
from tests.support.deciding import TARGET
from tests.support.told import at_clinic
from tests.unit.scheduling.situations import MADE, asked, staff

THING, TODAY = derive(ROOT, "a thing"), date(2027, 2, 1)
MESSAGE = {"message_id": THING, "subject_id": THING, "subject_version": 1}
ACTIVITY = {"activity_id": THING, "discipline": "physiotherapy", "remote": False, "not_before": None}
URGENCY = {"category": "cat_2", "target_date": TODAY}
MISSED = {"purpose": "review", "counts": True, "dna_count": 1}
HELD_AT = at_clinic("2027-02-03 12:30")
SEAT = {"clinician_id": staff("priya.nair").id, "start": HELD_AT, "appointment_id": THING, "place": 3}
CANCELLED = {"version": 1, "by": "patient", "reason": "ill", "counts": True}
REQUEST, ERROR = {"booking_request_id": THING}, {"by": "system", "reason": "entered_in_error"}
END_OF_CARE_TOO = "leave_list withdraw_request cancel_appointment"
END_OF_REFERRAL = f"note_end close_gate {END_OF_CARE_TOO}"
END_OF_CARE = "withdraw_request cancel_appointment"
AGAIN = "request_again join_again"
PROCEDURE, DRUGS = {"procedure_id": THING}, {"antithrombotic_plan_id": THING}
PLACE = {"region": "cervical", "side": "right", "sequence_role": "mbb_1", "not_before": None}
FOLLOW_ALL = " ".join(["follow_date"] * len(GATE_KIND.codes))
ASKED_TO_CANCEL = "suspend_request stop_offer"


def told(fact: type[Fact], **said: Any) -> Fact:
    """With as much as the reactions read."""
    return fact.model_construct(**said)


OVERLAPS, COMPARES = (OverlapFound, OverlapGone), (TimeTaken, TimeFreed, PersonJoined, PersonParted)
COMPARED = "compare_times compare_times"
FOLLOWS = (
    (told(BookingRequested, **REQUEST, purpose="review"), "note_review_asked"),
    (told(BookingFulfilled, **REQUEST), "note_review_settled"),
    (told(ReferralTriaged, **URGENCY), "note_urgency rank_entry"),
    (told(ReferralAccepted, **URGENCY), "note_urgency request_booking join_list"),
    *((told(each), END_OF_REFERRAL) for each in ENDS),
    (told(CancellationRequested), ASKED_TO_CANCEL),
    (told(PatientDischarged), END_OF_CARE_TOO),
    (told(PatientsMerged, surviving_id=TARGET, merged_id=THING), "join_person"),
    (told(MergeUndone, surviving_id=TARGET, restored_id=THING), "part_person"),
    (told(PatientDeceased), "note_death"),
    (told(DeathSettled, lives=True), "note_life"),
    (told(ActivityAccepted, **ACTIVITY, assessment=True, sessions=8), "request_booking request_booking"),
    (told(ActivityAccepted, **ACTIVITY, assessment=False, sessions=None), ""),
    (told(ActivityPaused, activity_id=THING), "suspend_request stop_offer"),
    (told(ActivityResumed, activity_id=THING), "take_up_request"),
    (told(ActivityStopped, activity_id=THING), END_OF_CARE),
    (told(ActivityCancelled, activity_id=THING), END_OF_CARE),
    (told(ActivityCompleted, activity_id=THING), END_OF_CARE),
    (told(SessionCompleted, appointment_id=THING), "end_consultation"),
    (told(SessionCompleted, appointment_id=None), ""),
    (told(ConsultationStarted, consultation_id=THING, appointment_id=THING), "begin_consultation"),
    (told(ConsultationCompleted, consultation_id=THING), "end_consultation"),
    (
        told(InvestigationResultRecorded, consultation_id=THING, result="back_to_clinic"),
        "request_booking",
    ),
    (told(InvestigationResultRecorded, consultation_id=THING, result="to_referrer"), ""),
    (told(PlanReviewFellDue, plan_id=THING, due_on=TODAY, high_risk=True), "request_booking"),
    (told(PlanHeld, review_on=TODAY), "suspend_request stop_offer"),
    (told(PlanResumed), "take_up_request"),
    (told(PlanRevoked, reason="withdrawn"), END_OF_CARE),
    (told(PlanClosed, reason="completed"), END_OF_CARE),
    (told(PifuUsed, plan_id=THING, on=TODAY), "request_booking"),
    (told(SafetyAlertRaised, alert_id=THING, code="suicide_risk"), "note_crisis hear_of_alert"),
    (told(SafetyAlertRaised, alert_id=THING, code="dna_high_risk"), "hear_of_alert"),
    (told(SafetyAlertClosed, alert_id=THING), "note_crisis_end hear_of_alert"),
    (told(RedFlagRaised, flag_id=THING, flag="suicide_mental_health"), "note_crisis_flag hear_of_alert"),
    (told(RedFlagRaised, flag_id=THING, flag="infection"), "hear_of_alert"),
    (told(RedFlagResolved, flag_id=THING), "hear_of_alert"),
    (told(PatientRegistered, is_adult=False), "note_minor"),
    (told(PatientRegistered, is_adult=True), "note_minor"),
    (told(PatientRegistered, is_adult=None), ""),
    (told(PatientUpdated, is_adult=False), "note_minor"),
    (told(PatientUpdated, is_adult=None), ""),
    (
        told(ActivityReviewed, activity_id=THING, decision="extend", sessions=4),
        "request_more",
    ),
    (told(ActivityReviewed, activity_id=THING, decision="stop", sessions=None), ""),
    (told(ActivityStarted, activity_id=THING), "withdraw_request look_at_assessment"),
    (told(AppointmentMoved, purpose="assessment", activity_id=THING), "release_slot look_at_assessment"),
    (told(AppointmentMoved, purpose="session", activity_id=THING), "release_slot"),
    (told(MessageDelivered, **MESSAGE, template="APPT_D1"), "note_reminder"),
    (told(MessageDelivered, **MESSAGE, template="APPT_MOVED"), "note_move_notice"),
    (told(MessageFailed, **MESSAGE, template="APPT_D1"), "note_reminder"),
    (told(MessageFailed, **MESSAGE, template="REF_RECEIVED"), ""),
    (told(MessageFailed, **MESSAGE, template="WAITLIST_OFFER"), "stop_offer"),
    (told(MessageSuppressed, **MESSAGE, template="WAITLIST_OFFER"), "stop_offer"),
    (told(MessageSuppressed, **MESSAGE, template="APPT_D1"), ""),
    (told(MessageReplied, **MESSAGE, reply="confirm"), "confirm_appointment"),
    (told(MessageReplied, **MESSAGE, reply="cancel"), ""),
    (told(OfferDeclined, offer_id=THING, counts=True, count=1), "release_slot count_refusal go_back"),
    (
        told(OfferDeclined, offer_id=THING, counts=True, count=2),
        "release_slot count_refusal go_back ask_for_review",
    ),
    (told(OfferDeclined, offer_id=THING, counts=False), "release_slot go_back"),
    (told(OfferExpired, offer_id=THING, counts=False), "release_slot go_back"),
    (told(AppointmentMoved), "release_slot"),
    (
        told(AppointmentCancelled, **CANCELLED, cna_count=2),
        f"release_slot free_time count_cancellation {AGAIN}",
    ),
    (
        told(AppointmentCancelled, **CANCELLED, cna_count=3),
        "release_slot free_time count_cancellation ask_for_review",
    ),
    (
        told(PatientDidNotAttend, **MISSED, reminders_delivered=1, exemptions=()),
        "count_non_attendance ask_for_review",
    ),
    (told(AttendanceCorrected), "uncount_non_attendance withdraw_case"),
    (
        told(
            ProcedureOrdered, **PROCEDURE, **PLACE, family="mbb_ct", gates=("authorisation", "escort"), met=()
        ),
        "note_procedure need_authorisation open_gate open_gate request_booking look_at_blocks",
    ),
    (
        told(ProcedureOrdered, **PROCEDURE, **PLACE, family="tpi", gates=(), met=()),
        "note_procedure request_booking look_at_blocks",
    ),
    (told(ProcedurePerformed, **PROCEDURE, appointment_id=THING), "note_done close_gate end_consultation"),
    (told(ProcedureOutcomeRecorded, **PROCEDURE), "note_outcome"),
    (told(ProcedureOutcomeNeeded, **PROCEDURE, previous_id=THING), "await_outcome"),
    (told(ProcedureOutcomeSettled, **PROCEDURE, previous_id=THING, known=True), "settle_outcome"),
    (
        told(ProcedureCancelled, **PROCEDURE),
        "drop_procedure withdraw_request cancel_appointment close_gate",
    ),
    (told(AntithromboticPlanRequested, **PROCEDURE, **DRUGS, blocking=True), "await_plan"),
    (told(AntithromboticPlanRequested, **PROCEDURE, **DRUGS, blocking=False), ""),
    (
        told(AntithromboticPlanSigned, **PROCEDURE, **DRUGS, appointment_id=THING, appointment_version=1),
        "take_plan take_plan",
    ),
    (told(AntithromboticPlanInvalidated, **DRUGS), "drop_plan drop_plan"),
    (told(OverrideRequested, override_id=THING, subject_id=THING, rule="PRC-01"), "await_override"),
    (told(OverrideRequested, override_id=THING, subject_id=THING, rule="OPI-01"), ""),
    (told(OverrideRecorded, override_id=THING, granted=True), "take_override"),
    (told(OverrideLapsed, override_id=THING), "take_override"),
    (told(PatientAttended, procedure_id=None), ""),
    (told(PatientAttended, **PROCEDURE), "note_done close_gate"),
    (told(AppointmentHeld, procedure_id=None), ""),
    (told(AppointmentHeld, **PROCEDURE, start=MADE), f"check_reach {FOLLOW_ALL}"),
    (told(AppointmentBooked, purpose="review", procedure_id=None), ""),
    (told(AppointmentBooked, **PROCEDURE, purpose="procedure", start=MADE), f"count_booked {FOLLOW_ALL}"),
    (told(AppointmentMoved, **PROCEDURE, start=MADE), "release_slot check_reach"),
    (
        told(AppointmentCancelled, **CANCELLED | PROCEDURE | REQUEST, cna_count=2),
        f"release_slot free_time count_cancellation {FOLLOW_ALL} withdraw_request {AGAIN}",
    ),
    (
        told(AppointmentCancelled, **CANCELLED | PROCEDURE | REQUEST | {"version": 0}, cna_count=2),
        "release_slot free_time count_cancellation pass_appointment",
    ),
    (
        told(AppointmentCancelled, **CANCELLED | REQUEST | {"by": "system"}, cna_count=2),
        "release_slot free_time count_cancellation pass_appointment",
    ),
    (
        told(AppointmentCancelled, **CANCELLED | REQUEST | ERROR, cna_count=2),
        f"release_slot free_time forget_appointment pass_appointment {AGAIN}",
    ),
    (told(AuthorisationRecorded), "look_again"),
    (told(AuthorisationExpired, **PROCEDURE), "look_again"),
    (told(OutcomeNoted, **PROCEDURE), "look_again"),
    (told(ConsentGone), "look_again"),
    (told(SlotTaken, **SEAT), "sell_place"),
    (told(SlotReleased, **SEAT), "give_place_back"),
    (told(GateOpened, **PROCEDURE, kind="escort"), "look_at_blocks look_at_gates"),
    (told(GateSatisfied, **PROCEDURE, kind="escort"), "look_at_blocks look_at_gates"),
    (told(GateWaived, **PROCEDURE, kind="escort"), "look_at_blocks look_at_gates"),
    (told(GateFailed, **PROCEDURE, kind="escort"), "look_at_gates"),
    (told(GateClosed, **PROCEDURE, kind="authorisation"), "end_need look_at_blocks"),
    (told(GateClosed, **PROCEDURE, kind="escort"), "look_at_blocks"),
    (told(TargetChanged, target_date=TODAY), "note_target rank_entry"),
    (
        told(AppointmentCancelled, **CANCELLED | {"joint_day_id": THING}, cna_count=2),
        f"release_slot free_time count_cancellation {AGAIN} lose_leg",
    ),
    (told(MessageDelivered, **MESSAGE, template="APPT_DIGEST"), "note_reminder"),
    (told(MessageDelivered, **MESSAGE | {"channel": "portal"}, template="APPT_D1"), ""),
    (told(AttendanceReviewed, decision="reoffer", case_id=THING), AGAIN),
    (told(WaitlistLeft, reason="booked", **REQUEST), ""),
    (told(WaitlistLeft, reason="removed", **REQUEST), "withdraw_request stop_offer"),
    *((told(each, also=(THING,), other_id=THING), COMPARED) for each in COMPARES),
    *((told(each, appointment_id=THING, other_id=TARGET), "look_at_overlap") for each in OVERLAPS),
    (told(UnavailabilityRecorded, period_id=THING, start=TODAY, end=None), "note_absence"),
    (told(UnavailabilityEnded, period_id=THING, start=date(2027, 1, 4), end=TODAY), "note_absence"),
)


@pytest.mark.parametrize(("fact", "commands"), FOLLOWS)
def test_a_fact_leads_to_these_commands_in_this_order(fact: Fact, commands: str) -> None:
    assert " ".join(tag_of(type(each)) for each in asked(fact)) == commands


def test_dates_are_cancelled_for_a_reason_of_scheduling_whatever_the_fact_gives_as_its_own() -> None:
    ends = [fact for fact, commands in FOLLOWS if "cancel_appointment" in commands]
    ends += [told(PlanClosed, reason="COMPLETED_GOALS"), told(PlanRevoked, reason="patient_choice")]
    reasons = {each.reason for fact in ends for each in asked(fact) if isinstance(each, CancelAppointment)}
    assert reasons <= set(DATE_REASON.codes)


def test_every_fact_that_is_followed_stands_here() -> None:
    assert {type(fact) for fact, _ in FOLLOWS} == {row.fact for row in SERVICE.reactions}
