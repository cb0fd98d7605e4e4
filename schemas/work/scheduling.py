"""Work that dates make."""

from collections.abc import Mapping

from schemas.work.commands import BOOK_FIRST, COMPLETE_CONSULTATION, FIRST_VISIT, care, dates, free
from schemas.work.parts import Offer, Work

OFFERED = Offer(
    "visits.appointments", "offer_id", ("matter.purpose",), {"matter.booking_request_id": "subject_id"}
)
PLACE = Offer("waiting.entries", "id", ("category", "target_date"), {"referral_id": "referral_id"})
CHOICES = Offer("visits.appointments.choices", "start", ("start", "clinician_id"))

REVIEW_ATTENDANCE = dates(
    "review_attendance", {"case_id": "subject_id"}, "scheduling.attendance_reviewed.v1", seen="missed"
)

CLEARED, CANCELLED = "scheduling.gates_cleared.v1", "scheduling.appointment_cancelled.v1"
GATE = Offer("gates_of_visit.gates", "id", ("kind", "status"))
SHOW_GATE = dates("record_evidence", {"gate_id": GATE}, CLEARED)
IT_TOOK_PLACE = {
    "scheduling.patient_attended.v1": "the procedure took place",
    "scheduling.patient_did_not_attend.v1": "the patient did not come",
}

SCHEDULING_WORK: Mapping[str, Work] = {
    "BOOK_VISIT": Work(
        (
            dates(
                "book_appointments",
                {"request_id": "subject_id"},
                "scheduling.booking_fulfilled.v1",
                action="book_date",
                offers={"slots": free("free")},
            ),
            dates("offer_dates", {"request_id": "subject_id"}, offers={"slots": free("free")}),
            dates(
                "accept_offer",
                {"offer_id": OFFERED},
                "scheduling.booking_fulfilled.v1",
                action="book_date",
                offers={"start": CHOICES},
            ),
            dates("decline_offer", {"offer_id": OFFERED}),
            dates("agree_to_short_notice", {"entry_id": PLACE}),
            dates(
                "remove_entry",
                {"entry_id": PLACE},
                "scheduling.waitlist_left.v1",
            ),
        ),
        ("request",),
    ),
    "VISIT_READY": Work(
        (
            dates(
                "record_attendance",
                {"appointment_id": "subject_id"},
                "scheduling.patient_attended.v1",
                seen="appointment",
                action="attend",
            ),
            dates("check_in", {"appointment_id": "subject_id"}, seen="appointment"),
            care("start_consultation", {}, given={"appointment_id": "subject_id"}),
            *(
                care(each, {"activity_id": "appointment.matter.activity_id"}, seen="course", given=given)
                for each, given in (
                    ("start_activity", {}),
                    ("complete_session", {"appointment_id": "subject_id"}),
                )
            ),
            COMPLETE_CONSULTATION._replace(
                path={"consultation_id": "appointment.consultation_id"}, seen="held"
            ),
            care(
                "record_procedure_performed",
                {"procedure_id": "appointment.matter.procedure_id"},
                seen="its_procedure",
                given={"appointment_id": "subject_id"},
            ),
            dates(
                "cancel_appointment",
                {"appointment_id": "subject_id"},
                "scheduling.appointment_cancelled.v1",
                seen="appointment",
            ),
        ),
        ("appointment",),
    ),
    "AUTH_OBTAIN": Work(
        (
            dates(
                "record_authorisation",
                {"procedure_id": "subject_id"},
                "scheduling.gate_satisfied.v1",
                seen="authorisation",
            ),
            dates(
                "waive_gate",
                {"gate_id": Offer("gates.gates", "id", ("kind", "status"), {"kind": "authorisation"})},
                "scheduling.gate_waived.v1",
            ),
        ),
        ("procedure", "authorisation"),
        {"scheduling.gate_closed.v1": "the procedure took place, or is not going ahead"},
    ),
    "CONSENT_OBTAIN": Work(
        (dates("record_evidence", {"gate_id": "subject_id"}, "scheduling.gate_satisfied.v1", seen="gate"),),
        otherwise={"scheduling.gate_closed.v1": "the procedure took place, or is not going ahead"},
    ),
    "PROC_CHECKLIST": Work(
        (
            SHOW_GATE,
            dates("waive_gate", {"gate_id": GATE}, CLEARED),
            dates("cancel_appointment", {"appointment_id": "subject_id"}, CANCELLED, seen="appointment"),
        ),
        ("appointment", "gates_of_visit"),
        IT_TOOK_PLACE,
    ),
    "GATE_RELEASE": Work(
        (
            dates("release_date", {"appointment_id": "subject_id"}, CANCELLED, seen="appointment"),
            dates(
                "move_appointment",
                {"appointment_id": "subject_id"},
                "scheduling.appointment_moved.v1",
                seen="appointment",
                action="move_date",
                offers={"slot": free("free_later")},
            ),
            SHOW_GATE,
        ),
        ("appointment", "gates_of_visit"),
        IT_TOOK_PLACE,
    ),
    "DAY_GATE": Work(
        (
            dates("record_evidence", {"gate_id": "subject_id"}, "scheduling.gate_satisfied.v1", seen="gate"),
            dates("waive_gate", {"gate_id": "subject_id"}, "scheduling.gate_waived.v1", seen="gate"),
        ),
        otherwise={
            "scheduling.gate_opened.v1": "the procedure is moved or cancelled",
            "scheduling.gate_closed.v1": "the procedure took place, or is not going ahead",
        },
    ),
    "DNA_FOLLOWUP": Work(
        (
            REVIEW_ATTENDANCE,
            BOOK_FIRST,
            dates(
                "correct_attendance",
                {"appointment_id": "subject_id"},
                "scheduling.attendance_corrected.v1",
                seen="appointment",
            ),
        ),
        ("appointment", "visits"),
    ),
    "ATT_REVIEW": Work(
        (
            REVIEW_ATTENDANCE,
            dates(
                "correct_attendance",
                {"appointment_id": "subject_id"},
                "scheduling.attendance_corrected.v1",
                seen="appointment",
            ),
        ),
        ("appointment", "visits"),
    ),
    "JOINT_DAY_BROKEN": Work(
        (
            dates(
                "replace_leg",
                {"day_id": "subject_id"},
                "scheduling.joint_day_booked.v1",
                seen="joint_day",
                offers={
                    "booking_request_id": FIRST_VISIT,
                    "slot": free("free_for_leg", by="booking_request_id"),
                },
            ),
            dates("keep_rest", {"day_id": "subject_id"}, "scheduling.joint_day_booked.v1", seen="joint_day"),
        ),
        ("visits",),
        {"scheduling.joint_day_broken.v1": "the last of its visits is cancelled"},
    ),
    "SESSION_EARLY": Work(
        (
            dates(
                "move_appointment",
                {"appointment_id": "subject_id"},
                "scheduling.appointment_moved.v1",
                seen="appointment",
                action="move_date",
                offers={"slot": free("free_later")},
            ),
            dates("cancel_appointment", {"appointment_id": "subject_id"}, CANCELLED, seen="appointment"),
        ),
        ("appointment", "visits"),
        {
            "scheduling.session_in_order.v1": "its assessment comes before it, or nobody needs one",
            "scheduling.patient_attended.v1": "the session took place",
            "scheduling.patient_did_not_attend.v1": "the patient did not come",
        },
    ),
    "VISITS_OVERLAP": Work(
        (
            dates(
                "move_appointment",
                {"appointment_id": "subject_id"},
                "scheduling.visits_apart.v1",
                seen="appointment",
                action="move_date",
                offers={"slot": free("free_later")},
            ),
            dates("cancel_appointment", {"appointment_id": "subject_id"}, CANCELLED, seen="appointment"),
        ),
        ("appointment", "visits"),
        {
            "scheduling.patient_attended.v1": "the visit took place",
            "scheduling.patient_did_not_attend.v1": "the patient did not come",
        },
    ),
    "GROUP_SHORT": Work(
        tuple(
            dates(operation, {"group_id": "subject_id"}, "scheduling.group_settled.v1", seen="group")
            for operation in ("keep_group", "call_off_group")
        ),
        ("group",),
    ),
    "SLOT_FILL": Work(
        (dates("offer_freed_slot", {"slot_id": "subject_id"}, action="offer_dates"),),
        otherwise={"scheduling.freed_slot_closed.v1": "the patient who was asked takes it, or it passes"},
        why="Offer the time to who comes next. This closes when somebody has taken it, or when it has passed.",
    ),
    "ABSENCE_CHECK": Work(
        (
            *(
                dates(operation, {"period_id": "subject_id"}, f"scheduling.{fact}.v1", seen="absence")
                for operation, fact in (
                    ("decide_absence", "unavailability_refused"),
                    ("end_unavailability", "unavailability_ended"),
                )
            ),
        ),
        ("visits",),
    ),
}
