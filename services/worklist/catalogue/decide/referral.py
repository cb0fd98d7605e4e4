"""Work that facts of the referral service make."""

from backbone.model import Event
from schemas.codes import LIVES, Priority, Queue
from schemas.referral.v1.duplicate import DuplicateDismissed, DuplicateLinked, DuplicateSuspected
from schemas.referral.v1.patient import DeathDoubted, DeathSettled
from schemas.referral.v1.referral import (
    AmendmentReviewed,
    CancellationRequested,
    FoundComplete,
    FoundIncomplete,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralAmended,
    ReferralCompleted,
    ReferralProgressed,
    ReferralReceived,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    ReferralWithdrawn,
    TargetChanged,
    TriageSuggested,
)
from schemas.referral.v1.wait import WaitBreached, WaitBreachForecast, WaitReviewed, WaitReviewFellDue
from schemas.scheduling.v1.appointment import AppointmentBooked, AttendanceCorrected, PatientAttended
from services.worklist.catalogue.decide.due import (
    Safety,
    SoonOrWithin,
    Within,
    end_of,
    safety_ack,
    safety_due,
)
from services.worklist.catalogue.decide.row import (
    PATHWAY,
    REFERRAL,
    Detail,
    Row,
    Subject,
    When,
    always,
    by_referral,
    named,
    of,
)
from services.worklist.rules import Rules

AFTER_REMINDER = Within(lambda due: due.ref_info_after_reminder)
"""REF-08: how long the referrer has once more, after the reminder."""


def priority_of_flag(event: Event[Safety], rules: Rules) -> Priority:
    return "asap" if event.fact.severity == "urgent" else "stat"


def nothing_unclear(fact: RedFlagResolved | RedFlagRaised) -> bool:
    """Nobody has to be asked any more."""
    return not fact.still_unclear


def first_visit(fact: AppointmentBooked | PatientAttended) -> bool:
    return fact.purpose == "initial_consultation"


NO_LONGER_LATE = (
    When(AppointmentBooked, first_visit),
    When(PatientAttended, first_visit),
    AttendanceCorrected,
    ReferralCompleted,
)
"""The first visit has a date, took place, or was found to have taken place; the end of the referral closes too."""


DUPLICATE = Subject(
    "referral",
    lambda event: (
        event.fact.duplicate_id if isinstance(event.fact, DuplicateLinked) else event.head.aggregate_id
    ),
    REFERRAL.names,
)
"""The referral that may be a duplicate. The fact that links it is told of the one that is kept, whose own question is
answered with it; what else is suspected there is told anew."""

PERSON = Subject("patient", lambda event: str(event.head.lane_key), always)
"""Under whichever record. What a death ended, a person takes up again."""

EVALUATED_ANEW = frozenset({"received", "information_requested", None})
"""What is sent before the decision is part of it. None: as an earlier release told it."""
SEEN = frozenset({"visit_completed", "completed"})
OVER = frozenset({"completed", "rejected", "cancelled", "entered_in_error"})


def whose_news(event: Event[ReferralAmended | DuplicateLinked], rules: Rules) -> Queue:
    """Whoever treats the patient, or has yet to see them."""
    return "medical" if event.fact.status in SEEN else rules.triage_queue


def priority_of_amendment(event: Event[ReferralAmended], rules: Rules) -> Priority:
    """Somebody may act on what was known before; when it is over, nobody does."""
    return "routine" if event.fact.status in OVER else "urgent"


REFERRAL_ROWS = (
    Row(
        item="REF_COMPLETE",
        queue="coordination",
        subject=REFERRAL,
        opens=FoundIncomplete,
        priority="routine",
        due=Within(lambda due: due.ref_complete),
        detail=Detail("missing"),
        closes=(InformationRequested, FoundComplete, ReferralRejected, ReferralWithdrawn),
    ),
    Row(
        item="REF_INFO_WAIT",
        queue="coordination",
        subject=REFERRAL,
        opens=InformationRequested,
        priority="routine",
        due=lambda event, rules: end_of(event.fact.reminder_on, event, rules),
        detail=Detail("missing"),
        closes=(
            InformationSupplied,
            FoundComplete,
            ReferralRejected,
            ReferralWithdrawn,
            When(ReferralProgressed, lambda fact: fact.tid == "X03"),
        ),
    ),
    Row(
        item="REF_CALL_REFERRER",
        queue="nursing",
        subject=REFERRAL,
        opens=RedFlagUnclear,
        priority="urgent",
        due=Within(lambda due: due.ref_call_referrer),
        detail=Detail("flags"),
        closes=(When(RedFlagResolved, nothing_unclear), When(RedFlagRaised, nothing_unclear)),
    ),
    Row(
        item="RED_FLAG",
        queue=lambda event, rules: rules.queue_of_flag(event.fact.flag),
        subject=named("red_flag", "flag_id"),
        opens=RedFlagRaised,
        priority=priority_of_flag,
        due=safety_due,
        ack=safety_ack,
        detail=Detail("flag"),
        closes=(RedFlagResolved,),
        safety=True,
        cleaned_up=False,
        lives=lambda fact: fact.because == LIVES,
    ),
    Row(
        item="REF_TRIAGE",
        queue=lambda event, rules: rules.triage_queue,
        subject=REFERRAL,
        opens=TriageSuggested,
        priority=lambda event, rules: "asap" if rules.is_soon(event.fact.category) else "routine",
        due=SoonOrWithin(lambda due: due.ref_triage_soon, lambda due: due.ref_triage),
        category=lambda fact: fact.category,
        detail=Detail("category"),
        closes=(
            *(ReferralTriaged, ReferralRejected, ReferralRedirected, InformationRequested),
            ReferralWithdrawn,
        ),
    ),
    Row(
        item="REF_DUPLICATE_CHECK",
        queue=lambda event, rules: (
            rules.triage_queue if "seen_recently" in event.fact.basis else "coordination"
        ),
        subject=DUPLICATE,
        opens=DuplicateSuspected,
        priority="routine",
        due=Within(lambda due: due.ref_duplicate_check),
        detail=Detail("basis"),
        closes=(DuplicateLinked, by_referral(DuplicateLinked), DuplicateDismissed),
    ),
    Row(
        item="DEATH_CHECK",
        queue="coordination",
        subject=of("patient"),
        opens=DeathDoubted,
        priority="urgent",
        due=Within(lambda due: due.death_check),
        closes=(DeathSettled,),
        cleaned_up=False,
    ),
    Row(
        item="LIVES_AFTER_ALL",
        queue="coordination",
        subject=PERSON,
        opens=DeathSettled,
        when=lambda fact: fact.lives,
        priority="urgent",
        due=Within(lambda due: due.lives_after_all),
        closes=(ReferralReceived,),
        cleaned_up=False,
        of_the_living=True,
        lives=lambda fact: True,
    ),
    Row(
        item="CANCEL_CONFIRM",
        queue="coordination",
        subject=REFERRAL,
        opens=CancellationRequested,
        priority="routine",
        due=Within(lambda due: due.cancel_confirm),
        detail=Detail("reason"),
        closes=(ReferralWithdrawn, ReferralCompleted),
    ),
    Row(
        item="REF_AMENDED",
        queue=whose_news,
        subject=REFERRAL,
        opens=ReferralAmended,
        when=lambda fact: fact.status not in EVALUATED_ANEW,
        priority=priority_of_amendment,
        due=Within(lambda due: due.ref_amended),
        detail=Detail("changed"),
        closes=(AmendmentReviewed, ReferralTriaged),
    ),
    Row(
        item="REF_AMENDED",
        queue=whose_news,
        subject=REFERRAL,
        opens=DuplicateLinked,
        when=lambda fact: fact.status not in EVALUATED_ANEW,
        priority="urgent",
        due=Within(lambda due: due.ref_amended),
        closes=(),
    ),
    Row(
        item="WAIT_RECHECK",
        queue="nursing",
        subject=PATHWAY,
        opens=WaitReviewFellDue,
        priority="routine",
        due=Within(lambda due: due.wait_recheck),
        closes=(WaitReviewed, PatientAttended),
    ),
    Row(
        item="WAIT_FORECAST",
        queue="management",
        subject=PATHWAY,
        opens=WaitBreachForecast,
        priority="urgent",
        due=Within(lambda due: due.wait_forecast),
        closes=(*NO_LONGER_LATE, WaitBreached, When(TargetChanged, lambda fact: fact.standing == "in_time")),
    ),
    Row(
        item="WAIT_BREACH",
        queue="management",
        subject=PATHWAY,
        opens=WaitBreached,
        priority="asap",
        due=Within(lambda due: due.wait_breach),
        closes=(
            *NO_LONGER_LATE,
            When(TargetChanged, lambda fact: fact.standing in ("in_time", "short")),
        ),
    ),
)
