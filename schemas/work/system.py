"""Work that messages, pages, the watch and the runtime make."""

from collections.abc import Mapping

from schemas.work.commands import BY_SERVICE, CALLED, DRAFT, ELSEWHERE, END, SPOKEN, STAFF, referral
from schemas.work.parts import Do, Work

SAID_OTHERWISE = {
    "notifications.message_delivered.v1": BY_SERVICE,
    "notifications.message_cancelled.v1": BY_SERVICE,
}

SYSTEM_WORK: Mapping[str, Work] = {
    "NO_CHANNEL": Work((SPOKEN, CALLED), otherwise=SAID_OTHERWISE),
    "CONTACT_FAILED": Work((SPOKEN, CALLED), otherwise=SAID_OTHERWISE),
    "CRISIS_CALL": Work((SPOKEN,), ("replies",)),
    "REPLY_READ": Work(
        (SPOKEN, CALLED),
        ("replies", "visits"),
        dict.fromkeys(
            ("scheduling.appointment_moved.v1", "scheduling.appointment_cancelled.v1"),
            "the visit is moved or cancelled on the patient's page",
        ),
    ),
    "ESCALATION_EXHAUSTED": Work(
        (
            Do(
                "notifications",
                "record_escalation_call",
                {"escalation_id": "subject_id"},
                "escalation",
                offers={"by_id": STAFF},
                causes=("notifications.escalation_acknowledged.v1",),
                action="record_call",
            ),
        ),
        ("escalation",),
        {"notifications.escalation_resolved.v1": ELSEWHERE},
    ),
    "ROSTER_INCOMPLETE": Work(
        (),
        otherwise={"notifications.roster_found_complete.v1": "the roster is a file that is read at start"},
        why="The duty roster is part of the clinic's configuration. Whoever keeps it adds the missing duty.",
    ),
    "NEXT_STEP_MISSING": Work(
        (
            referral("ask_for_triage", "worklist.episode_owned.v1"),
            DRAFT._replace(causes=("worklist.episode_owned.v1",)),
            END,
        ),
        ("referral",),
    ),
    "PATIENT_PARKED": Work(
        (),
        otherwise={"*.patient_unparked.v1": "operations try it again, or leave one update out"},
        why="An update about this patient could not be worked on, and what came after it waits. Tell operations: they "
        "look it up, mend what is wrong, and try it again.",
    ),
    "FACT_STUCK": Work(
        (),
        otherwise={"*.fact_unstuck.v1": "it is decided again when what it waits for is known"},
        why="An update waits for something that is not known yet. Its history says what; operations can look it up.",
    ),
    "BREAK_GLASS_REVIEW": Work(
        (
            Do(
                "*",
                "review_broken_glass",
                {"glass_id": "subject_id"},
                "glass",
                causes=("*.glass_reviewed.v1",),
                action="review_glass",
            ),
        ),
        ("glass",),
    ),
}
