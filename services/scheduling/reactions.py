"""Facts → orders: what other services' facts ask of scheduling, and what its own lead to."""

from backbone.model import On, on
from schemas.care_plan.v1.activity import (
    ActivityAccepted,
    ActivityCancelled,
    ActivityCompleted,
    ActivityPaused,
    ActivityResumed,
    ActivityStopped,
    SessionCompleted,
)
from schemas.care_plan.v1.consultation import (
    ConsultationCompleted,
    ConsultationStarted,
    InvestigationResultRecorded,
)
from schemas.care_plan.v1.discharge import PatientDischarged, PifuUsed
from schemas.care_plan.v1.plan import PlanClosed, PlanHeld, PlanResumed, PlanReviewFellDue, PlanRevoked
from schemas.care_plan.v1.safety import SafetyAlertRaised
from schemas.notifications.v1.message import MessageDelivered, MessageFailed, MessageReplied
from schemas.referral.v1.referral import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
)
from schemas.scheduling.v1.appointment import (
    AppointmentCancelled,
    AppointmentMoved,
    AttendanceCorrected,
    PatientDidNotAttend,
)
from schemas.scheduling.v1.attendance import AttendanceReviewed
from schemas.scheduling.v1.offer import OfferDeclined, OfferExpired
from schemas.scheduling.v1.unavailability import UnavailabilityEnded, UnavailabilityRecorded
from services.scheduling.appointment import reactions as visiting
from services.scheduling.booking_request.reactions import requests as requesting
from services.scheduling.referral_record import reactions as attending

REACTIONS: tuple[On, ...] = (
    on(ReferralAccepted, requesting.book_first_visit),
    on(ReferralTriaged, requesting.rank_entries),
    on(ReferralRejected, requesting.end_everything),
    on(ReferralRedirected, requesting.end_everything),
    on(ReferralCompleted, requesting.end_everything),
    on(ActivityAccepted, requesting.book_activity),
    on(ActivityPaused, requesting.suspend_activity),
    on(ActivityResumed, requesting.take_up_activity),
    on(ActivityStopped, requesting.end_activity),
    on(ActivityCancelled, requesting.end_activity),
    on(ActivityCompleted, requesting.end_activity),
    on(SessionCompleted, visiting.end_session),
    on(ConsultationStarted, visiting.begin_visit),
    on(ConsultationCompleted, visiting.end_visit),
    on(InvestigationResultRecorded, requesting.book_after_investigation),
    on(PlanReviewFellDue, requesting.book_review),
    on(PlanHeld, requesting.suspend_plan),
    on(PlanResumed, requesting.take_up_plan),
    on(PlanRevoked, requesting.end_plan),
    on(PlanClosed, requesting.end_plan),
    on(PifuUsed, requesting.book_after_contact),
    on(PatientDischarged, requesting.end_everything),
    on(SafetyAlertRaised, attending.note_crisis),
    on(MessageDelivered, attending.note_reminder),
    on(MessageFailed, attending.note_failed_reminder),
    on(MessageReplied, visiting.confirm),
    on(OfferDeclined, visiting.free_slots, attending.go_back_to_the_list),
    on(OfferExpired, visiting.free_slots, attending.go_back_to_the_list),
    on(AppointmentMoved, visiting.free_slots),
    on(AppointmentCancelled, visiting.free_slots, attending.follow_cancellation),
    on(PatientDidNotAttend, attending.follow_non_attendance),
    on(AttendanceCorrected, attending.uncount),
    on(AttendanceReviewed, attending.book_again_after_review),
    on(UnavailabilityRecorded, attending.pause_entries),
    on(UnavailabilityEnded, attending.pause_entries),
)
