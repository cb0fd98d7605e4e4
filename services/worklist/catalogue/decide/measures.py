"""Work that measures make: answers that do not come, findings that somebody looks at."""

from collections.abc import Callable
from datetime import datetime

from schemas.care_plan.v1.activity import ActivityOrdered
from schemas.care_plan.v1.measure import (
    FindingReviewed,
    MeasureEnteredInError,
    MeasureNotReceived,
    MeasureNotScored,
    MeasureScored,
)
from schemas.care_plan.v1.plan import PlanReviewed
from services.worklist.catalogue.decide.due import Before, Within, end_of
from services.worklist.catalogue.decide.row import Detail, Row, When, by_referral, named, of
from services.worklist.rules import Rules

SEVERE = frozenset({"phq9_severe", "phq9_rise", "dass21_depression_severe", "dass21_anxiety_severe"})
WORSE = frozenset({"peg_worse"})
FOR_PSYCHOLOGY = frozenset({"pcs_high", "pseq_low", "phq2_positive", "start_back_high"})
SUBSTANCES = frozenset({"ort_oud_high", "audit_c_positive", "dast10_moderate"})

IN_ERROR = frozenset({"score_in_error"})

SUBMISSION = named("submission", "submission_id")
MEASURE_REQUEST = of("measure_request")


def found(findings: frozenset[str]) -> Callable[[MeasureScored], bool]:
    return lambda fact: not findings.isdisjoint(fact.findings)


def is_left(
    fact: FindingReviewed | MeasureEnteredInError, findings: frozenset[str], of_request: bool
) -> bool:
    """Others of these wait still: of the submission, or of the whole request."""
    return any(
        each.finding in findings and (of_request or each.submission_id == fact.submission_id)
        for each in fact.left or ()
    )


def looked_at(findings: frozenset[str], of_request: bool = False) -> When[FindingReviewed]:
    """Somebody looked at the last one of these."""
    return When(
        FindingReviewed, lambda fact: fact.finding in findings and not is_left(fact, findings, of_request)
    )


def withdrawn(findings: frozenset[str], of_request: bool = False) -> When[MeasureEnteredInError]:
    """The score is none, and there is nothing else to look at."""

    def holds(fact: MeasureEnteredInError) -> bool:
        return not findings.isdisjoint(fact.findings) and not is_left(fact, findings, of_request)

    return When(MeasureEnteredInError, holds)


def their_day(fact: MeasureNotReceived, rules: Rules) -> datetime | None:
    """They are for the visit of that day."""
    return rules.calendar.daily(fact.due_on) if fact.due_on else None


MEASURE_ROWS = (
    Row(
        item="MEASURE_CALL",
        queue="coordination",
        subject=MEASURE_REQUEST,
        opens=MeasureNotReceived,
        when=lambda fact: fact.stage == "D-1",
        priority="routine",
        due=Before(lambda event, rules: end_of(None, event, rules), their_day),
        detail=Detail("outstanding"),
        closes=(
            MeasureScored,
            MeasureNotScored,
            When(MeasureNotReceived, lambda fact: fact.stage == "missed"),
        ),
    ),
    Row(
        item="SCORE_REVIEW",
        queue="psychology",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(SEVERE),
        priority="urgent",
        due=Within(lambda due: due.score_review),
        detail=Detail("findings", SEVERE),
        about=Detail("instrument"),
        closes=(looked_at(SEVERE), withdrawn(SEVERE)),
    ),
    Row(
        item="SCORE_WORSE",
        queue="medical",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(WORSE),
        priority="urgent",
        due=Within(lambda due: due.score_worse),
        detail=Detail("findings", WORSE),
        about=Detail("instrument"),
        closes=(looked_at(WORSE), withdrawn(WORSE), by_referral(PlanReviewed)),
    ),
    Row(
        item="PSY_SUGGEST",
        queue="medical",
        subject=MEASURE_REQUEST,
        opens=MeasureScored,
        when=found(FOR_PSYCHOLOGY),
        priority="routine",
        due=Within(lambda due: due.psy_suggest),
        detail=Detail("findings", FOR_PSYCHOLOGY),
        about=Detail("instrument"),
        closes=(
            looked_at(FOR_PSYCHOLOGY, of_request=True),
            withdrawn(FOR_PSYCHOLOGY, of_request=True),
            by_referral(ActivityOrdered, lambda fact: fact.discipline == "psychology"),
        ),
    ),
    Row(
        item="SUBSTANCE_CHECK",
        queue="medical",
        subject=SUBMISSION,
        opens=MeasureScored,
        when=found(SUBSTANCES),
        priority="routine",
        due=Within(lambda due: due.substance_check),
        detail=Detail("findings", SUBSTANCES),
        about=Detail("instrument"),
        closes=(looked_at(SUBSTANCES), withdrawn(SUBSTANCES)),
    ),
    Row(
        item="SCORE_ERROR",
        queue="medical",
        subject=SUBMISSION,
        opens=MeasureEnteredInError,
        priority="urgent",
        due=Within(lambda due: due.score_error),
        detail=Detail("reason"),
        about=Detail("instrument"),
        closes=(looked_at(IN_ERROR),),
    ),
)
