"""Which command changes something in which state: the state machine of the domain, as a table."""

ALWAYS = {"receive_referral", "raise_red_flag", "raise_open_flags", "resolve_red_flag", "follow_escalation"}
TRIAGE = {"ask_for_triage", "triage"}
ON_THE_WAY = TRIAGE | {
    "note_opioid_dose",
    "review_amendment",
    "note_outcome",
    "end_with_discharge",
    "note_unavailability",
}
OPEN = {"request_cancellation", "mark_in_error", "suspect_duplicate", "keep_with_duplicate", "end_with_death"}
"""TID 04, 07, 14, 20, 22, 28, X05, X09; X14; X13 at the one that is kept; a death."""
CHANGES = {
    "draft": {"receive_referral"},
    "received": ALWAYS
    | OPEN
    | TRIAGE
    | {
        "note_opioid_dose",
        "note_unavailability",
        "request_information",
        "accept",
        "reject",
        "redirect",
        "link_as_duplicate",
    },
    "information_requested": ALWAYS
    | OPEN
    | {"supply_information", "go_on_without", "remind_of_information", "ask_for_decision", "reject"}
    | {"note_opioid_dose", "note_unavailability"},
    "accepted": ALWAYS
    | OPEN
    | ON_THE_WAY
    | {"put_on_list", "schedule_visit", "reject", "note_interim", "record_outcome", "follow_outside"},
    "active": ALWAYS | OPEN | ON_THE_WAY | {"reject"},
    "waitlisted": ALWAYS
    | OPEN
    | ON_THE_WAY
    | {"schedule_visit", "decline_after_missing", "reject", "record_outcome"},
    "scheduled": ALWAYS | OPEN | ON_THE_WAY | {"reschedule_visit", "lose_visit", "attend_visit", "reject"},
    "unattended": ALWAYS
    | OPEN
    | ON_THE_WAY
    | {"put_on_list", "schedule_visit", "find_visit", "decline_after_missing", "reject"}
    | {"give_up_missed_visit"},
    "appointment_cancelled": ALWAYS
    | OPEN
    | ON_THE_WAY
    | {"put_on_list", "schedule_visit", "decline_after_missing"},
    "visit_completed": ALWAYS
    | OPEN
    | {"end_with_discharge", "note_unavailability", "note_interim", "reject", "review_amendment"},
    "cancellation_requested": ALWAYS
    | {"note_unavailability", "confirm_cancellation", "record_outcome", "mark_in_error", "end_with_death"}
    | {"end_with_discharge", "keep_with_duplicate", "dismiss_duplicate", "review_amendment"},
    "completed": ALWAYS | {"note_unavailability", "review_amendment"},
    "rejected": ALWAYS | {"note_unavailability", "review_amendment", "reopen"},
    "cancelled": ALWAYS | {"note_unavailability", "review_amendment", "reopen", "follow_link"},
    "entered_in_error": ALWAYS | {"note_unavailability", "review_amendment", "reopen"},
}
STILL_WAITING = {
    "received",
    "information_requested",
    "accepted",
    "active",
    "waitlisted",
    "scheduled",
    "unattended",
}
for waiting in (*STILL_WAITING, "appointment_cancelled"):
    CHANGES[waiting] |= {"ask_for_wait_review", "review_wait"}
    if waiting != "information_requested":  # where urgency is decided
        CHANGES[waiting] |= {"tell_breach"} | (
            {"forecast_breach"} if waiting not in ("scheduled", "active") else set()
        )
    if waiting not in ("received", "information_requested"):
        CHANGES[waiting] |= {"reset_clock"}
"""referral.md's state machine, BSeR's table and its extensions: everything else leaves the state alone."""
