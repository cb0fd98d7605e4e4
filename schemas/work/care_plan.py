"""Work that care plans, measures, the team and alerts make."""

from collections.abc import Mapping

from schemas.work.commands import (
    ACTIVATE,
    BY_TIME,
    CALLED_AFTER,
    CONSULTATION,
    DECIDE,
    DISCHARGE,
    DRAFT,
    ELSEWHERE,
    HERS,
    HOLD,
    JOINT_DAY,
    MEETING,
    MOVE_WHAT_IS_IN_THE_WAY,
    ORDER_PROCEDURE,
    RESUME_PLAN,
    REVIEW_PLAN,
    SCHEDULE,
    SEVERE,
    STAFF,
    SUBJECT_PLAN,
    UPDATE,
    WITH_THE_PLAN,
    WITHDRAW_CASE,
    WITHDRAWN,
    activity,
    care,
    case,
    finding,
    investigation,
)
from schemas.work.parts import Offer, Work

CARE_PLAN_WORK: Mapping[str, Work] = {
    "PLAN_DRAFT": Work((DRAFT,), ("consultations",)),
    "PLAN_OVERDUE": Work(
        (DRAFT._replace(given={**HERS, "consultation_id": "subject_id"}),), ("consultations",)
    ),
    "INVESTIGATION_WAIT": Work(
        (
            care(
                "record_investigation_result",
                {"consultation_id": CONSULTATION},
                "care_plan.investigation_result_recorded.v1",
            ),
        ),
        ("consultations",),
        {"care_plan.consultation_started.v1": ELSEWHERE},
    ),
    "INVESTIGATION_LATE": Work(
        (
            investigation("order_investigation_again", "care_plan.investigation_ordered.v1"),
            investigation("report_investigation", "care_plan.investigation_reported.v1"),
            investigation("cancel_investigation", "care_plan.investigation_settled.v1"),
        ),
        ("consultations",),
    ),
    "INVESTIGATION_READ": Work(
        (investigation("read_investigation", "care_plan.investigation_settled.v1"),), ("consultations",)
    ),
    "PLAN_HANDOVER": Work(
        (
            care("accept_handover", SUBJECT_PLAN, "care_plan.plan_handover_ended.v1", seen="subject_plan"),
            care("decline_handover", SUBJECT_PLAN, seen="subject_plan"),
            care("offer_handover", SUBJECT_PLAN, seen="subject_plan", offers={"to_id": STAFF}),
            care("withdraw_handover", SUBJECT_PLAN, "care_plan.plan_handover_ended.v1", seen="subject_plan"),
        ),
        ("plan",),
        WITH_THE_PLAN,
    ),
    "LETTER_SIGN": Work(
        (
            care("sign_outcome_letter", {"consultation_id": CONSULTATION}, "care_plan.letter_signed.v1"),
            care("write_outcome_letter", {"consultation_id": CONSULTATION}, action="write_letter"),
        ),
        ("consultations", "letters"),
    ),
    "ACT_ACCEPT": Work(
        (
            activity("accept_activity", "care_plan.activity_accepted.v1"),
            activity("decline_activity", "care_plan.activity_declined.v1"),
            activity("receive_activity"),
            activity("ask_information"),
            activity("cancel_activity", "care_plan.activity_cancelled.v1"),
        ),
        ("activity", "plan"),
    ),
    "ACT_INFO": Work(
        (activity("end_question", "care_plan.activity_information_ended.v1"),), ("activity", "plan")
    ),
    "ACT_DECLINED": Work((UPDATE,), ("activity", "plan"), WITH_THE_PLAN),
    "ACT_REVIEW": Work(
        (
            activity("review_activity", "care_plan.activity_reviewed.v1"),
            activity("complete_activity", "care_plan.activity_completed.v1"),
            activity("stop_activity", "care_plan.activity_stopped.v1"),
        ),
        ("activity", "plan", "scores"),
    ),
    "ACT_DNA": Work((activity("review_activity", "care_plan.activity_reviewed.v1"),), ("activity", "visits")),
    "PLAN_REVIEW": Work((REVIEW_PLAN, RESUME_PLAN, ORDER_PROCEDURE), ("plan", "scores"), WITH_THE_PLAN),
    "MEASURE_CALL": Work(
        (
            care(
                "answer_measures",
                {"request_id": "subject_id"},
                "care_plan.measure_scored.v1",
                seen="measures",
                keys={"answers": "measures.outstanding"},
            ),
            care(
                "decline_measures",
                {"request_id": "subject_id"},
                "care_plan.measure_not_scored.v1",
                seen="measures",
            ),
        ),
        ("measures",),
        {"care_plan.measure_not_received.v1": BY_TIME},
    ),
    "SCORE_REVIEW": Work((SEVERE,), ("scores",), WITHDRAWN),
    "SCORE_WORSE": Work((finding("subject_id", "peg_worse"), REVIEW_PLAN), ("scores", "plan"), WITHDRAWN),
    "SCORE_ERROR": Work((finding("subject_id", "score_in_error"),), ("scores", "plan")),
    "LETTER_RECALLED": Work(
        (
            care(
                "review_recall",
                {"letter_id": "subject_id"},
                "care_plan.letter_recall_reviewed.v1",
                seen="letter",
            ),
        ),
    ),
    "PSY_SUGGEST": Work(
        (
            finding("measures.submission_id", "pcs_high", "pseq_low", "phq2_positive", "start_back_high"),
            UPDATE,
        ),
        ("scores", "plan"),
        WITHDRAWN,
    ),
    "SUBSTANCE_CHECK": Work(
        (finding("subject_id", "ort_oud_high", "audit_c_positive", "dast10_moderate"), UPDATE),
        ("scores", "plan"),
        WITHDRAWN,
    ),
    "OPI_CHECK": Work(
        (
            care(
                "record_opioid_check",
                {"referral_id": "referral_id", "check_id": "subject_id"},
                "care_plan.opioid_check_recorded.v1",
            ),
            care("state_opioid_exposure", {"patient_id": "patient_id"}, action="state_exposure"),
        ),
        ("scores", "plan"),
    ),
    "OVERRIDE": Work(
        (
            care(
                "decide_override",
                {"override_id": "subject_id"},
                "care_plan.override_recorded.v1",
                seen="override",
            ),
            care(
                "cancel_procedure",
                {"procedure_id": "override.subject_id"},
                "care_plan.override_lapsed.v1",
                seen="asked_about",
            ),
        ),
        ("asked_about", "plan", "scores"),
    ),
    "POST_PROC_CALL_1": Work((CALLED_AFTER,), ("procedure", "plan")),
    "POST_PROC_CALL_2": Work((CALLED_AFTER,), ("procedure", "plan")),
    "PROC_OUTCOME": Work(
        (
            care(
                "record_procedure_outcome",
                {"procedure_id": "subject_id"},
                "care_plan.procedure_outcome_recorded.v1",
                seen="procedure",
            ),
            ORDER_PROCEDURE,
        ),
        ("procedure", "plan", "scores"),
    ),
    "CONFLICT": Work(
        (
            care(
                "accept_conflict",
                {"conflict_id": "subject_id"},
                "care_plan.conflict_resolved.v1",
                seen="conflict",
            ),
            MOVE_WHAT_IS_IN_THE_WAY,
            care("pause_activity", {"activity_id": "conflict.activity_id"}, seen="conflicting"),
            care("stop_activity", {"activity_id": "conflict.activity_id"}, seen="conflicting"),
        ),
        ("plan", "visits"),
    ),
    "MONTHLY_CONTACT": Work(
        (
            care(
                "record_contact",
                {},
                "care_plan.contact_recorded.v1",
                given={**HERS, "about": "subject_id"},
                offers={"procedure_id": Offer(list="none")},
            ),
        ),
        ("plan", "scores"),
        WITH_THE_PLAN,
    ),
    "DISCHARGE_CHECK": Work(
        (
            DISCHARGE,
            care("decline_discharge", SUBJECT_PLAN, "care_plan.discharge_declined.v1", seen="subject_plan"),
            care("sign_discharge_letter", SUBJECT_PLAN, seen="subject_plan"),
            care("write_discharge_letter", SUBJECT_PLAN, action="write_letter"),
        ),
        ("subject_plan", "scores", "letters"),
    ),
    "PIFU_EXPIRY": Work(
        (
            DISCHARGE,
            care("sign_discharge_letter", SUBJECT_PLAN, seen="subject_plan"),
            care("use_pifu", SUBJECT_PLAN, "care_plan.pifu_used.v1", seen="subject_plan"),
        ),
        ("subject_plan",),
    ),
    "MDT_LIST": Work(
        (
            case("list_case", "care_plan.mdt_case_listed.v1", meeting_id=MEETING),
            SCHEDULE,
            DECIDE,
            WITHDRAW_CASE,
        ),
        ("case", "meetings"),
    ),
    "MDT_PREP": Work(
        (
            care("open_meeting", {"meeting_id": MEETING}, action="open_mdt_meeting"),
            DECIDE,
            case("defer_case", "care_plan.mdt_case_deferred.v1", next_meeting_id=MEETING),
            WITHDRAW_CASE,
            care(
                "close_meeting",
                {"meeting_id": MEETING},
                action="close_mdt_meeting",
                offers={"attendees": STAFF, "quorum_waived_by": STAFF},
            ),
        ),
        ("case", "plan", "scores"),
    ),
    "MDT_ACTION": Work(
        (
            *(
                care(
                    f"{what}_action",
                    {"action_id": "subject_id"},
                    *causes,
                    seen="action",
                    action=f"{what}_mdt_action",
                    offers={"owner_id": STAFF} if what == "reassign" else {},
                )
                for what, causes in (
                    ("complete", ("care_plan.mdt_action_completed.v1",)),
                    ("reassign", ()),
                    ("cancel", ()),
                )
            ),
            ACTIVATE,
            JOINT_DAY,
        ),
        ("action", "cases"),
    ),
    "ANT_PLAN": Work(
        HOLD,
        ("procedure", "hold", "plan"),
        {"care_plan.procedure_cancelled.v1": ELSEWHERE, "care_plan.procedure_performed.v1": ELSEWHERE},
    ),
    "HOLD_CALL": Work((CALLED_AFTER,), ("procedure", "hold", "plan")),
    "SAFETY_ALERT": Work(
        tuple(
            care(f"{what}_alert", {"alert_id": "subject_id"}, *causes, seen="alert")
            for what, causes in (
                ("acknowledge", ()),
                ("assess", ()),
                ("close", ("care_plan.safety_alert_closed.v1",)),
            )
        ),
        ("alert", "plan", "scores"),
    ),
}
