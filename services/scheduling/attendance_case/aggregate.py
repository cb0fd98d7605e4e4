"""The attendance case: a clinician looks before anything follows from visits that were missed or cancelled, or from
dates that were declined (ATT-02, ATT-03, ATT-04).

Its id is the appointment's, or follows from the offer that was declined.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from backbone.model import (
    Aggregate,
    Command,
    Content,
    Decision,
    Given,
    Head,
    Refused,
    Ruled,
    State,
    Table,
    by,
    decider,
    ignores,
    like,
)
from config.rules import Rule
from schemas.scheduling.v1.attendance import AttendanceReviewed, AttendanceReviewRequested
from schemas.scheduling.v1.codes import AttendanceDecision, AttendanceTrigger, Exemption
from services.scheduling.attendance_case.facts import CaseWithdrawn
from services.scheduling.protection.states import exemptions_of, is_alarmed, protection_seen
from services.scheduling.referral_record.states import record_of
from services.scheduling.roles import CLINICIAN
from services.scheduling.rules import Rules


class NoCase(State, tag="none", frozen=True, kw_only=True):
    pass


class OpenCase(State, tag="open", frozen=True, kw_only=True):
    trigger: AttendanceTrigger
    referral_id: str | None = None
    exemptions: tuple[Exemption, ...] = ()
    """What spoke for the patient when they did not come (ATT-07)."""


class Reviewed(State, tag="reviewed", frozen=True, kw_only=True):
    trigger: AttendanceTrigger
    referral_id: str | None = None
    decision: AttendanceDecision


class Withdrawn(State, tag="withdrawn", frozen=True, kw_only=True):
    """The record of the visit was corrected before anybody looked."""

    trigger: AttendanceTrigger
    referral_id: str | None = None


AttendanceCase = NoCase | OpenCase | Reviewed | Withdrawn


class AskForReview(Command, tag="ask_for_review", kw_only=True, frozen=True):
    trigger: AttendanceTrigger
    dna_count: int = 0
    cna_count: int = 0
    refusal_count: int = 0
    exemptions: tuple[Exemption, ...] | None = None


class ReviewAttendance(Command, tag="review_attendance", kw_only=True, frozen=True):
    """`despite`: what speaks for the patient, and was looked at before they are let go. `patient_id`: whose alerts
    count."""

    decision: AttendanceDecision
    note: str | None = None
    despite: tuple[Exemption, ...] = ()
    patient_id: str | None = None


class WithdrawCase(Command, tag="withdraw_case", kw_only=True, frozen=True):
    """The record of the visit was corrected."""


def ask(state: NoCase, command: AskForReview, given: Given[Rules]) -> Decision:
    settings = given.rules.scheduling
    asking: tuple[Rule[Any], ...] = (settings.refusals, settings.cancellations, settings.non_attendance)
    [rule] = [each for each in asking if each.id == command.trigger]
    return [Ruled(like(AttendanceReviewRequested, command, case_id=given.target), (rule,))]


@by(CLINICIAN)
def review(state: OpenCase, command: ReviewAttendance, given: Given[Rules]) -> Decision:
    """ATT-07: nobody is let go while a warning about them is open, or before a clinician has looked at each thing that
    speaks for them."""
    if record_of(state.referral_id, given).is_over:
        return Refused("the referral is over: nothing is left to decide", code="referral-over")
    letting_go = command.decision == "discharge"
    if letting_go and is_alarmed(given):
        return Refused("a safety alert is open", code="open-safety-alert")
    unseen = [each for each in speaks_for_them(state, given) if each not in command.despite]
    if letting_go and unseen:
        said = f"despite: name what you looked at before you let them go: {', '.join(unseen)}"
        return Refused(said, instead=("ReviewAttendance",), code="exempt")
    note = given.ref("note")
    return [
        Content(note, "note", msgspec.json.encode(command.note or "")),
        AttendanceReviewed(
            case_id=given.target,
            decision=command.decision,
            decided_by=decider(given),
            note_ref=note,
            despite=command.despite or None,
        ),
    ]


def speaks_for_them(state: OpenCase, given: Given[Rules]) -> Iterable[Exemption]:
    """After a visit that was missed: what was known then, and what holds by itself now."""
    if state.trigger != given.rules.scheduling.non_attendance.id:
        return ()
    return dict.fromkeys((*state.exemptions, *exemptions_of(given)))


def withdraw(state: OpenCase, command: WithdrawCase, given: Given[Rules]) -> Decision:
    return [CaseWithdrawn()]


def opened(state: NoCase, fact: AttendanceReviewRequested, head: Head) -> OpenCase:
    return like(OpenCase, fact, referral_id=head.pathway_id, exemptions=fact.exemptions or ())


def reviewed(state: OpenCase, fact: AttendanceReviewed, head: Head) -> Reviewed:
    return like(Reviewed, state, decision=fact.decision)


def withdrawn(state: OpenCase, fact: CaseWithdrawn, head: Head) -> Withdrawn:
    return like(Withdrawn, state)


def needs(state: AttendanceCase, command: Command) -> Iterable[tuple[str, str]]:
    if isinstance(command, ReviewAttendance):
        yield from protection_seen(command.patient_id)
        if isinstance(state, OpenCase) and state.referral_id:
            yield "referral_record", state.referral_id


ATTENDANCE_CASE = Aggregate[AttendanceCase](
    "attendance_case",
    NoCase(),
    decide=Table(
        *(ask, review, withdraw),
        ignores(AskForReview, when=(OpenCase, Reviewed, Withdrawn)),
        ignores(WithdrawCase, when=(NoCase, Reviewed, Withdrawn)),
    ),
    evolve=Table(opened, reviewed, withdrawn),
    needs=needs,
)
