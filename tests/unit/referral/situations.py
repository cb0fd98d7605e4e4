"""What the referral's tests share: the shipped rules, people of the staff directory, commands from
submissions."""

from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from backbone.ids import ROOT, derive
from backbone.model import Actor
from config.loading import SHIPPED
from schemas.referral.v1.intake import ReferralSubmission
from services.referral.patient.aggregate import PATIENT
from services.referral.patient.states import Registered
from services.referral.referral.aggregate import REFERRAL
from services.referral.referral.commands import (
    Accept,
    GoOnWithout,
    ReceiveReferral,
    Redirect,
    Reject,
    RequestInformation,
    SupplyInformation,
    Triage,
)
from services.referral.referral.content import Answers
from services.referral.referral.reactions.intake import receipt
from services.referral.rules import Rules, load_rules
from tests.support.deciding import LANE, START, Deciding, deciding
from tests.support.submissions import PRACTICE, a_submission


@cache
def rules() -> Rules:
    return load_rules(SHIPPED)


def staff(login: str) -> Actor:
    member = rules().staff.by_login[login]
    return Actor("user", member.id, member.roles[0])


NURSE = staff("nora.quinn")
OTHER_NURSE = staff("tomas.reyes")
COORDINATOR = staff("cora.lind")
PHYSICIAN = staff("maya.stein")
PSYCHOLOGIST = staff("priya.nair")
CLERK = staff("ines.park")
REGISTRAR = Actor("user", CLERK.id, "registrar")
MANAGER = staff("mina.cho")
REFERRER = Actor("referrer", PRACTICE)
STRANGER = Actor("referrer", "0d9c2f3e-6a51-4f5e-9a3c-5a4b1b7c2dff")

given: Deciding = deciding(REFERRAL, rules(), actor=REFERRER)
given_patient: Deciding = deciding(PATIENT, rules(), actor=REFERRER)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def receive(
    submission: dict[str, Any] | None = None, on: datetime = START, **changes: Any
) -> ReceiveReferral:
    return receipt(ReferralSubmission.model_validate(submission or a_submission(**changes)), on, rules())


def supply(**answers: Any) -> SupplyInformation:
    return SupplyInformation(answers=msgspec.convert(answers, Answers))


def triage(category: str = "cat_2", comment: str = "as proposed", **more: Any) -> Triage:
    return Triage(category=category, comment=comment, **more)


def reject(code: str = "UNDER_OTHER_PAIN_SERVICE", **more: Any) -> Reject:
    return Reject(code=code, text="cared for elsewhere", advice="please stay with them", **more)


def redirect(code: str = "OUT_OF_CATCHMENT") -> Redirect:
    return Redirect(
        code=code, to_service="rheumatology", text="out of our area", advice="the clinic in the north"
    )


ASK = RequestInformation()
ACCEPT = Accept()
GO_ON = GoOnWithout(reason="the patient was seen by a colleague")
OTHER = derive(ROOT, "another referral")
BESIDE = {
    LANE: Registered(patient_id=LANE, language="en", interpreter_needed=False, time_zone="UTC"),
}
"""Whose referral it is."""

ENDS_THE_CALL = {"red_flag_raised", "red_flag_resolved"}
OPENS = {
    "found_incomplete": {"REF_COMPLETE"},
    "information_requested": {"REF_INFO_WAIT"},
    "triage_suggested": {"REF_TRIAGE"},
}
ENDED = {"REF_COMPLETE", "REF_INFO_WAIT", "REF_TRIAGE", "REF_DUPLICATE_CHECK", "CANCEL_CONFIRM"}
OPENS |= {
    "duplicate_suspected": {"REF_DUPLICATE_CHECK"},
    "cancellation_requested": {"CANCEL_CONFIRM"},
}
CLOSES = {
    "duplicate_dismissed": {"REF_DUPLICATE_CHECK"},
    "withdrawn": ENDED,
    "completed": ENDED,
    "marked_in_error": ENDED,
    "information_requested": {"REF_COMPLETE", "REF_TRIAGE"},
    "found_complete": {"REF_COMPLETE", "REF_INFO_WAIT"},
    "information_supplied": {"REF_INFO_WAIT"},
    "progressed": {"REF_INFO_WAIT"},
    "triaged": {"REF_TRIAGE"},
    "rejected": ENDED,
    "redirected": ENDED,
}
