"""Work that referrals make."""

from collections.abc import Mapping

from schemas.work.commands import (
    ASK,
    BOOK_FIRST,
    BY_TIME,
    ELSEWHERE,
    END,
    MERGE,
    REDIRECT,
    REFERRAL,
    REJECT,
    RESOLVE,
    SUPPLY,
    TRIAGE,
    UNCLEAR,
    WITHDRAW,
    referral,
)
from schemas.work.parts import Offer, Work

SUSPECTED = Offer("suspect.suspicions", "other_referral_id", ("label", "clock_start"))
ENDED = Offer("referrals.referrals", "id", ("clock_start", "status"))
REFERRAL_WORK: Mapping[str, Work] = {
    "REF_COMPLETE": Work(
        (ASK, SUPPLY, REJECT), ("referral", "package"), {"referral.withdrawn.v1": ELSEWHERE}
    ),
    "REF_INFO_WAIT": Work(
        (SUPPLY, referral("go_on_without", "referral.progressed.v1"), REJECT),
        ("referral",),
        otherwise={"referral.withdrawn.v1": ELSEWHERE},
    ),
    "REF_CALL_REFERRER": Work(
        (
            referral("resolve_red_flag", RESOLVE, path={**REFERRAL, "flag_id": UNCLEAR}),
            referral("raise_red_flag", "referral.red_flag_raised.v1"),
        ),
        ("referral", "package"),
    ),
    "RED_FLAG": Work(
        (referral("resolve_red_flag", RESOLVE, path={**REFERRAL, "flag_id": "subject_id"}),),
        ("referral", "package"),
    ),
    "REF_TRIAGE": Work(
        (TRIAGE, ASK, REJECT, REDIRECT), ("referral", "package"), {"referral.withdrawn.v1": ELSEWHERE}
    ),
    "REF_DUPLICATE_CHECK": Work(
        (
            *(
                referral(
                    operation,
                    f"referral.{fact}.v1",
                    path={"referral_id": "subject_id"},
                    seen="suspect",
                    action=action,
                    offers={field: SUSPECTED},
                )
                for operation, fact, field, action in (
                    ("link_duplicate", "duplicate_linked", "kept_id", "link_as_duplicate"),
                    ("dismiss_duplicate", "duplicate_dismissed", "other_referral_id", ""),
                )
            ),
            MERGE,
        ),
        ("suspect", "referrals"),
    ),
    "DEATH_CHECK": Work(
        (
            referral(
                "settle_death",
                "referral.death_settled.v1",
                path={"patient_id": "subject_id"},
                seen="deceased",
            ),
        )
    ),
    "LIVES_AFTER_ALL": Work(
        (
            referral(
                "reopen_referral",
                "referral.received.v1",
                path={"referral_id": ENDED},
                action="reopen",
            ),
        ),
        ("referrals",),
    ),
    "CANCEL_CONFIRM": Work((WITHDRAW, END), ("referral", "visits")),
    "REF_AMENDED": Work(
        (referral("review_amendment", "referral.amendment_reviewed.v1"), TRIAGE), ("referral", "package")
    ),
    "WAIT_RECHECK": Work(
        (referral("review_wait", "referral.wait_reviewed.v1"),),
        ("referral", "visits"),
        otherwise={"scheduling.patient_attended.v1": ELSEWHERE},
    ),
    "WAIT_FORECAST": Work(
        (BOOK_FIRST, END),
        ("referral", "visits"),
        otherwise={
            **dict.fromkeys(
                ("scheduling.patient_attended.v1", "scheduling.attendance_corrected.v1"), ELSEWHERE
            ),
            "referral.wait_breached.v1": BY_TIME,
            "referral.target_changed.v1": ELSEWHERE,
        },
    ),
    "WAIT_BREACH": Work(
        (BOOK_FIRST, END),
        ("referral", "visits"),
        otherwise=dict.fromkeys(
            (
                *("scheduling.patient_attended.v1", "scheduling.attendance_corrected.v1"),
                "referral.target_changed.v1",
            ),
            ELSEWHERE,
        ),
    ),
}
