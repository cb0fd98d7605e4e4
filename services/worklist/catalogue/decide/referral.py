"""Work that facts of the referral service make."""

from backbone.model import Event
from schemas.codes import Priority
from schemas.referral.v1.referral import (
    FoundComplete,
    FoundIncomplete,
    InformationRequested,
    InformationSupplied,
    RedFlagRaised,
    RedFlagResolved,
    RedFlagUnclear,
    ReferralProgressed,
    ReferralRedirected,
    ReferralRejected,
    ReferralTriaged,
    TriageSuggested,
)
from services.worklist.catalogue.decide.due import (
    Safety,
    SoonOrWithin,
    Within,
    end_of,
    safety_ack,
    safety_due,
)
from services.worklist.catalogue.decide.row import REFERRAL, Row, When, named
from services.worklist.rules import Rules

AFTER_REMINDER = Within(lambda due: due.ref_info_after_reminder)
"""REF-08: how long the referrer has once more, after the reminder."""


def priority_of_flag(event: Event[Safety], rules: Rules) -> Priority:
    return "asap" if event.fact.severity == "urgent" else "stat"


REFERRAL_ROWS = (
    Row(
        item="REF_COMPLETE",
        queue="coordination",
        subject=REFERRAL,
        opens=FoundIncomplete,
        priority="routine",
        due=Within(lambda due: due.ref_complete),
        closes=(InformationRequested, FoundComplete, ReferralRejected),
    ),
    Row(
        item="REF_INFO_WAIT",
        queue="coordination",
        subject=REFERRAL,
        opens=InformationRequested,
        priority="routine",
        due=lambda event, rules: end_of(event.fact.reminder_on, event, rules),
        closes=(
            InformationSupplied,
            FoundComplete,
            ReferralRejected,
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
        closes=(RedFlagResolved, RedFlagRaised),
    ),
    Row(
        item="RED_FLAG",
        queue=lambda event, rules: rules.queue_of_flag(event.fact.flag),
        subject=named("red_flag", "flag_id"),
        opens=RedFlagRaised,
        priority=priority_of_flag,
        due=safety_due,
        ack=safety_ack,
        closes=(RedFlagResolved,),
        safety=True,
        cleaned_up=False,
    ),
    Row(
        item="REF_TRIAGE",
        queue=lambda event, rules: rules.triage_queue,
        subject=REFERRAL,
        opens=TriageSuggested,
        priority=lambda event, rules: "asap" if rules.is_soon(event.fact.category) else "routine",
        due=SoonOrWithin(lambda due: due.ref_triage_soon, lambda due: due.ref_triage),
        category=lambda fact: fact.category,
        closes=(ReferralTriaged, ReferralRejected, ReferralRedirected, InformationRequested),
    ),
)
