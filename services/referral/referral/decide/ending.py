"""Declining: rejected, answered with advice only, or sent to another service (TID 03, 05, 10, 17, 25, 33, X04, X08;
REF-09, REF-13)."""

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Step, Table, by, decider
from schemas.referral.v1.referral import ReferralRedirected, ReferralRejected
from services.referral.referral.commands import Redirect, Reject
from services.referral.referral.states import (
    Accepted,
    Active,
    AwaitingInformation,
    Received,
    Rejected,
    Scheduled,
    Unattended,
    VisitCompleted,
    Waitlisted,
)
from services.referral.roles import CLINICIAN, TRIAGE_CLINICIAN
from services.referral.rules import Rules


@by(TRIAGE_CLINICIAN)
def reject(state: Received, command: Reject, given: Given[Rules]) -> Decision:
    """TID 03"""
    return rejection(command, given)


@by(CLINICIAN)
def reject_without_information(state: AwaitingInformation, command: Reject, given: Given[Rules]) -> Decision:
    """X04. Software only said that the day has come (REF-08)."""
    if command.code == INFO_NOT_RECEIVED and not state.overdue:
        return Refused(f"there is time until {state.decide_on}", instead=("GoOnWithout",), code="not-yet-due")
    return rejection(command, given)


@by(CLINICIAN)
def decline_while_waiting(state: Waitlisted, command: Reject, given: Given[Rules]) -> Decision:
    """X08"""
    return rejection(command, given)


@by(CLINICIAN)
def decline_after_acceptance(
    state: Accepted | Active | Scheduled | Unattended | VisitCompleted, command: Reject, given: Given[Rules]
) -> Decision:
    """TID 05, 10, 17, 25, 33, where the clinic's configuration allows it."""
    if given.rules.referral.endings.values.decline_after_acceptance == "never":
        return Refused("this clinic does not decline what it has accepted")
    return rejection(command, given)


@by(TRIAGE_CLINICIAN)
def redirect(state: Received, command: Redirect, given: Given[Rules]) -> Decision:
    """TID 03 with disposition."""
    if wrong := unfit(command, "redirect", given.rules):
        return wrong
    fact = ReferralRedirected(
        code=command.code,
        to_service=command.to_service,
        advice_ref=given.ref("advice"),
        decided_by=decider(given),
    )
    return [advice(command, given), Ruled(fact, (given.rules.referral.endings,))]


def decide_again(state: Rejected, command: Reject | Redirect, given: Given[Rules]) -> Decision:
    """Terminal states stay terminal; a new referral names this one as its predecessor."""
    return Refused(f"{state.disposition} already by {state.decided_by}", code="decided-already")


def rejection(command: Reject, given: Given[Rules]) -> Decision:
    if wrong := unfit(command, "advice" if command.disposition == "advice_only" else "reject", given.rules):
        return wrong
    fact = ReferralRejected(
        code=command.code,
        disposition=command.disposition,
        advice_ref=given.ref("advice"),
        decided_by=decider(given),
        may_reopen_until=command.may_reopen_until,
    )
    return [advice(command, given), Ruled(fact, (given.rules.referral.endings,))]


def unfit(command: Reject | Redirect, use: str, rules: Rules) -> Refused | None:
    """REF-09 and REF-13: a code of the closed list, free text and advice; nothing ends without them."""
    ending = rules.referral.endings.values.codes.get(command.code)
    if ending is None or not ending.on or use not in ending.uses:
        return Refused(f"{command.code} is no code to {use} with", code="unknown-code")
    if not command.text.strip() or not command.advice.strip():
        return Refused("text and advice are mandatory", code="reason-missing")
    return None


def advice(command: Reject | Redirect, given: Given[Rules]) -> Step:
    body = msgspec.json.encode({"text": command.text, "advice": command.advice})
    return Content(given.ref("advice"), "advice", body)


INFO_NOT_RECEIVED = "INFO_NOT_RECEIVED"

ENDING = Table(
    *(reject, reject_without_information, decline_while_waiting, decline_after_acceptance),
    *(redirect, decide_again),
)
