"""Codes of work items. Conventions of this project (C)."""

from typing import Annotated

from schemas.code_list import CodeList

SUBJECT_TYPE = CodeList(
    "SUBJECT_TYPE",
    "referral red_flag parking stuck_fact break_glass appointment booking_request joint_day attendance_case "
    "unavailability consultation care_plan plan_review activity measure_request submission safety_alert mdt_case "
    "mdt_action message contact episode escalation roster letter patient slot opioid_check procedure override gate "
    "conflict investigation group",
)
SubjectType = Annotated[str, SUBJECT_TYPE]
"""What an item is about."""

RELEASE_REASON = CodeList("RELEASE_REASON", "not_needed_now handed_over end_of_shift claimed_by_mistake idle")
ReleaseReason = Annotated[str, RELEASE_REASON]
HOLD_REASON = CodeList("HOLD_REASON", "waits_for_patient waits_for_others waits_for_date")
HoldReason = Annotated[str, HOLD_REASON]
TRANSFER_REASON = CodeList("TRANSFER_REASON", "wrong_queue other_expertise workload patient_wish")
TransferReason = Annotated[str, TRANSFER_REASON]
ITEM_CAUSE = CodeList(
    "ITEM_CAUSE",
    "opened_again information_not_received triaged overdue escalation_timed_out lead plan_held plan_resumed moved "
    "suspended taken_up",
)
ItemCause = Annotated[str, ITEM_CAUSE]
"""Why an item is more urgent, due at another time, or open again."""
CANCEL_REASON = CodeList(
    "CANCEL_REASON", "rejected redirected withdrawn completed discharged marked_in_error linked deceased"
)
CancelReason = Annotated[str, CANCEL_REASON]
