"""What a clinician tells of a referral without a visit, and the ends that follow from a death (TID 08, 09, 19, 24, 29,
31, 32, X12)."""

from backbone.model import Decision, Given, Refused, Table, by, decider, ignores
from schemas.referral.v1.codes import REFERRAL_OUTCOME
from schemas.referral.v1.referral import CancellationRequested as AskedBack
from schemas.referral.v1.referral import ReferralCompleted, ReferralWithdrawn
from services.referral.referral.commands import (
    EndWithDeath,
    FollowOutside,
    GiveUpMissedVisit,
    NoteInterim,
    RecordOutcome,
)
from services.referral.referral.decide.information import noted
from services.referral.referral.decide.visits import progressed
from services.referral.referral.states import (
    GOES_ON,
    Accepted,
    Active,
    AppointmentLost,
    AwaitingInformation,
    CancellationRequested,
    Draft,
    Over,
    Received,
    Scheduled,
    Unattended,
    VisitCompleted,
    Waitlisted,
)
from services.referral.roles import CLINICIAN, COORDINATOR, OUTSIDE_SYSTEM
from services.referral.rules import Rules

NOT_A_PERSON_S = GOES_ON | {"discharged", "died"}
"""Care goes on, or something else says so: a discharge, a death."""


@by(CLINICIAN)
def note_interim(state: Accepted | VisitCompleted, command: NoteInterim, given: Given[Rules]) -> Decision:
    """TID 08, 29"""
    if not command.note.strip():
        return Refused("a note is mandatory", code="reason-missing")
    tid = "08" if isinstance(state, Accepted) else "29"
    return [progressed(state, "visit_completed", tid), *noted(command.note, "note_interim", given)]


@by(CLINICIAN)
def record_outcome(
    state: Accepted | Waitlisted | CancellationRequested, command: RecordOutcome, given: Given[Rules]
) -> Decision:
    """TID 09, X12, 24"""
    if command.outcome not in REFERRAL_OUTCOME or command.outcome in NOT_A_PERSON_S:
        return Refused(f"{command.outcome} ends no referral without a visit", code="unknown-code")
    if not command.note.strip():
        return Refused("a note is mandatory", code="reason-missing")
    decider(given)
    return [ReferralCompleted(outcome=command.outcome), *noted(command.note, "record_outcome", given)]


@by(OUTSIDE_SYSTEM)
def follow_outside(state: Accepted, command: FollowOutside, given: Given[Rules]) -> Decision:
    """TID 31, 32"""
    return [progressed(state, "active", "31" if command.move == "visit_scheduled" else "32")]


@by(COORDINATOR)
def give_up_missed_visit(state: Unattended, command: GiveUpMissedVisit, given: Given[Rules]) -> Decision:
    """TID 19"""
    return [progressed(state, "appointment_cancelled", "19")]


def end_with_death(
    state: Accepted | Waitlisted | Scheduled | VisitCompleted | CancellationRequested,
    command: EndWithDeath,
    given: Given[Rules],
) -> Decision:
    """TID 09, X12, 16, 30, 24"""
    return [ReferralCompleted(outcome="died")]


def take_back_after_death(
    state: Received | AwaitingInformation | Active | Unattended | AppointmentLost,
    command: EndWithDeath,
    given: Given[Rules],
) -> Decision:
    """These have no outcome: taken back and confirmed in one (TID 04, X05, 20, 22, 34, then 23)."""
    return [
        AskedBack(by="patient", reason="died"),
        ReferralWithdrawn(by="patient", reason="died", confirmed_by=command.decided_by),
    ]


OUTCOME = Table(
    *(note_interim, record_outcome, follow_outside),
    *(give_up_missed_visit, end_with_death, take_back_after_death),
    ignores(EndWithDeath, when=Draft | Over),
)
