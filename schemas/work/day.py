"""Commands of the day that belong to no item, by what they are about: `subject_id` is its id."""

from collections.abc import Mapping

from schemas.care_plan.v1.codes import INSTRUMENT
from schemas.work.care_plan import CARE_PLAN_WORK
from schemas.work.commands import (
    CALLED,
    CALLED_AFTER,
    COMPLETE_CONSULTATION,
    DECIDED,
    DISCHARGE_LIST,
    DRAFT,
    END,
    HOLD,
    JOINT_DAY,
    MEETING,
    MERGE,
    PERSON,
    REFERRED_CODES,
    SCHEDULE,
    STAFF,
    TRIAGE,
    VISITS,
    free,
    levels,
    replaced,
)
from schemas.work.parts import Do, Offer, Source
from schemas.work.scheduling import SCHEDULING_WORK

HERS_OPEN = Offer("referrals.referrals", "id", ("clock_start", "status"))
ITS_VISITS = Offer(
    "visits.appointments", "id", ("date.start", "status"), {"matter.activity_id": "subject_id"}
)


def about(
    service: str, part: str, seen: str | None, *operations: str, actions: Mapping[str, str] | None = None
) -> tuple[Do, ...]:
    """Operations whose path names the thing itself. `actions`: names that differ from the operations'."""
    named = actions or {}
    return tuple(
        Do(service, each, {part: "subject_id"}, seen, action=named.get(each, "")) for each in operations
    )


def offering(commands: tuple[Do, ...], **offers: Mapping[str, Offer]) -> tuple[Do, ...]:
    return tuple(each._replace(offers=offers.get(each.operation, each.offers)) for each in commands)


def of_referral(do: Do, given: Mapping[str, Source] = PERSON) -> Do:
    """About a person: which of the referrals is picked."""
    return do._replace(given=given, offers={**do.offers, "referral_id": HERS_OPEN})


def as_for(item: str, part: str) -> tuple[Do, ...]:
    """What is done for such an item to the thing itself, whether or not anybody has the item."""
    commands = {**CARE_PLAN_WORK, **SCHEDULING_WORK}[item].do
    return tuple(each for each in commands if each.path.get(part) == "subject_id")


def of_person(seen: str | None, *operations: str) -> tuple[Do, ...]:
    return tuple(Do("care_plan", each, PERSON, seen) for each in operations)


ITS_INVESTIGATION = Offer("investigations.investigations", "id", ("kind", "due_on", "status"))

ITS_SCORE: Mapping[str, Source | Offer] = {
    "request_id": "subject_id",
    "instrument": Offer(codes=tuple(INSTRUMENT)),
}

DAY: Mapping[str, tuple[Do, ...]] = {
    "clinic": (
        Do("referral", "submit_referral", {}, action="receive_referral", offers=REFERRED_CODES),
        SCHEDULE,
    ),
    "patient": (
        of_referral(CALLED),
        of_referral(Do("care_plan", "request_measures", {}, offers={"appointment_id": VISITS})),
        of_referral(Do("care_plan", "ask_team", {}, action="ask_mdt")),
        of_referral(Do("care_plan", "order_investigation", {}, offers={"responsible_id": STAFF})),
        Do(
            *("care_plan", "note_not_investigated", {"investigation_id": ITS_INVESTIGATION}),
            action="note_investigation_not_done",
        ),
        of_referral(DRAFT),
        of_referral(JOINT_DAY),
        Do("care_plan", "state_opioid_exposure", PERSON, action="state_exposure"),
        of_referral(Do("scheduling", "record_unavailability", PERSON), given={}),
        Do("notifications", "record_consent", PERSON, action="give_consent"),
        Do("referral", "record_death", PERSON, "person"),
        MERGE,
        Do(
            *("referral", "undo_merge_of_patients", PERSON, "person"),
            offers={"restored_id": Offer("others.merged", "patient_id", ("label",))},
            action="give_back",
            quiet=True,
        ),
        Do("referral", "decide_erasure", PERSON, "person", action="erase", quiet=True),
    ),
    "taper": of_person("taper", "start_taper", "record_taper_step", "end_taper"),
    "referral": (
        TRIAGE,
        END,
        *about(
            *("referral", "referral_id", "suspect", "raise_red_flag", "accept_referral", "ask_for_triage"),
            *("request_cancellation", "note_interim", "give_up_missed_visit", "mark_in_error"),
            "reopen_referral",
            actions={"accept_referral": "accept", "reopen_referral": "reopen"},
        ),
    ),
    "appointment": (
        Do("care_plan", "start_consultation", {}, given={"appointment_id": "subject_id"}),
        *offering(
            about(
                *(
                    "scheduling",
                    "appointment_id",
                    "appointment",
                    "record_arrival",
                    "check_in",
                    "record_attendance",
                ),
                *("record_non_attendance", "confirm_appointment", "move_appointment", "cancel_appointment"),
                *("correct_attendance", "mark_in_error"),
                actions={
                    "record_arrival": "arrive",
                    "record_attendance": "attend",
                    "record_non_attendance": "miss_appointment",
                    "move_appointment": "move_date",
                },
            ),
            move_appointment={"slot": free("free_instead")},
        ),
    ),
    "consultation": (
        COMPLETE_CONSULTATION,
        *about(
            *("care_plan", "consultation_id", "consultation", "abandon_consultation", "add_addendum"),
            *("record_investigation_result", "sign_outcome_letter"),
        ),
        Do("care_plan", "write_outcome_letter", {"consultation_id": "subject_id"}, action="write_letter"),
    ),
    "plan": offering(
        about(
            *(
                "care_plan",
                "plan_id",
                "subject_plan",
                "activate_plan",
                "update_plan",
                "review_plan",
                "hold_plan",
                "offer_handover",
                "withdraw_handover",
            ),
            *("resume_plan", "open_pifu", "discharge_patient", "revoke_plan", "mark_plan_in_error"),
        ),
        activate_plan={"lead_id": STAFF},
        offer_handover={"to_id": STAFF},
        update_plan=replaced("subject_activities"),
        review_plan=levels("subject_goals"),
        discharge_patient=DISCHARGE_LIST,
    )
    + about("care_plan", "plan_id", None, "order_procedure"),
    "procedure": offering(
        about(
            *("care_plan", "procedure_id", "procedure", "record_procedure_performed"),
            *("record_procedure_outcome", "cancel_procedure"),
        ),
        record_procedure_performed={"appointment_id": VISITS},
    )
    + HOLD
    + as_for("AUTH_OBTAIN", "procedure_id")
    + (CALLED_AFTER,),
    "gate": as_for("DAY_GATE", "gate_id"),
    "override": as_for("OVERRIDE", "override_id"),
    "conflict": CARE_PLAN_WORK["CONFLICT"].do,
    "activity": offering(
        about(
            *(
                "care_plan",
                "activity_id",
                "activity",
                "accept_activity",
                "decline_activity",
                "start_activity",
            ),
            *(
                "complete_session",
                "review_activity",
                "pause_activity",
                "resume_activity",
                "complete_activity",
            ),
            *("stop_activity", "cancel_activity"),
        ),
        complete_session={"appointment_id": ITS_VISITS},
    ),
    "measure_request": (
        *(
            each._replace(keys={"answers": "measures.outstanding"})
            if each.operation == "answer_measures"
            else each
            for each in about("care_plan", "request_id", "measures", "answer_measures", "decline_measures")
        ),
        Do("care_plan", "mark_score_in_error", ITS_SCORE, "measures"),
    ),
    "case": offering(
        about(
            *("care_plan", "case_id", "case", "list_case", "decide_case", "defer_case", "withdraw_case"),
            actions={f"{each}_case": f"{each}_mdt_case" for each in ("list", "decide", "defer", "withdraw")},
        ),
        list_case={"meeting_id": MEETING},
        decide_case=DECIDED,
        defer_case={"next_meeting_id": MEETING},
    ),
    "action": as_for("MDT_ACTION", "action_id"),
    "booking_request": as_for("BOOK_VISIT", "request_id"),
    "joint_day": (
        *about(
            *("scheduling", "day_id", "joint_day", "accept_joint_day", "decline_joint_day"),
            actions={"accept_joint_day": "accept_day", "decline_joint_day": "decline_day"},
        ),
        *as_for("JOINT_DAY_BROKEN", "day_id"),
    ),
    "absence": as_for("ABSENCE_CHECK", "period_id"),
    "meeting": offering(
        about(
            *("care_plan", "meeting_id", "meeting", "open_meeting", "close_meeting", "cancel_meeting"),
            actions={f"{each}_meeting": f"{each}_mdt_meeting" for each in ("open", "close", "cancel")},
        ),
        close_meeting={"attendees": STAFF, "quorum_waived_by": STAFF},
    ),
    "letter": about("care_plan", "letter_id", "letter", "recall_letter"),
    "alert": about("care_plan", "alert_id", "alert", "acknowledge_alert", "assess_alert", "close_alert"),
    "message": about(
        *("notifications", "message_id", "message", "post_letter", "cancel_message", "record_contact"),
        actions={"post_letter": "note_posted", "cancel_message": "cancel_by_hand"},
    ),
    "item": tuple(
        Do("worklist", f"{what}_item", {"item_id": "item_id"}, "item", action=f"{what}_by_lead")
        for what in ("escalate", "reprioritise")
    ),
}
