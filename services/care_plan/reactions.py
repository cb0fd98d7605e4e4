"""Facts → orders: what other services' facts tell this one, and what its own lead to."""

from backbone.model import On, on
from schemas.care_plan.v1 import activity, consultation, discharge, measure, opioid, plan, safety
from schemas.referral.v1 import referral
from schemas.scheduling.v1 import appointment, joint_day
from services.care_plan import following, measuring

REACTIONS: tuple[On, ...] = (
    on(referral.ReferralReceived, measuring.note_sites),
    on(referral.MedicationsListed, measuring.assess_exposure),
    on(referral.ReferralRejected, following.end_with_referral, measuring.drop_requests),
    on(referral.ReferralRedirected, following.end_with_referral, measuring.drop_requests),
    on(referral.ReferralCompleted, following.end_with_referral, measuring.drop_requests),
    on(appointment.AppointmentBooked, following.note_visit, measuring.plan_baseline, following.note_booked),
    on(appointment.AppointmentMoved, following.move_visit, measuring.move_baseline),
    on(appointment.AppointmentCancelled, following.end_visit, measuring.drop_baseline),
    on(appointment.PatientAttended, following.end_visit),
    on(appointment.PatientDidNotAttend, following.end_visit, following.note_missed_session),
    on(joint_day.JointDayBooked, following.finish_joint_day_action),
    on(consultation.ConsultationCompleted, following.follow_consultation, measuring.look_at_exposure),
    on(plan.PlanDrafted, following.note_draft),
    on(plan.PlanActivated, following.follow_activation, measuring.plan_first_review, measuring.note_start),
    on(plan.PlanReviewed, following.follow_review, measuring.plan_next_review, measuring.note_review),
    on(plan.PlanClosed, following.end_interval),
    on(plan.PlanRevoked, following.end_interval, following.end_activities),
    on(activity.ActivityOrdered, measuring.count_ordered),
    on(activity.ActivityAccepted, following.join_team),
    on(activity.ActivityDeclined, measuring.count_ended),
    on(activity.ActivityCompleted, following.leave_team, measuring.count_ended),
    on(activity.ActivityStopped, following.leave_team, measuring.count_ended),
    on(activity.ActivityCancelled, following.leave_team, measuring.count_ended),
    on(measure.MeasureScored, measuring.note_score),
    on(opioid.OpioidExposureAssessed, measuring.note_dose),
    on(safety.SafetyAlertRaised, measuring.note_alert),
    on(safety.SafetyAlertClosed, measuring.note_alert_closed),
    on(discharge.PatientDischarged, measuring.plan_followups, following.end_activities),
)
