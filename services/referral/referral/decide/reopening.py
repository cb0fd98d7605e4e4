"""What ended by mistake, or too early for the patient (CON-03). Terminal states stay terminal: it goes on as another
referral, which keeps the clock unless the patient was seen."""

from backbone.model import Decision, Given, Refused, Step, Table, by, decider
from services.referral.patient.decide.registration import record_of
from services.referral.patient.states import Merged, Patient, Registered
from services.referral.referral.commands import GoOnFrom, Reopen
from services.referral.referral.decide.information import noted
from services.referral.referral.facts import ReferralContinued, ReferralReopened, UnavailabilityNoted
from services.referral.referral.states import Cancelled, Completed, EnteredInError, Over, Rejected
from services.referral.roles import COORDINATOR
from services.referral.rules import Rules


@by(COORDINATOR)
def reopen(state: Over, command: Reopen, given: Given[Rules]) -> Decision:
    """Nothing about care is decided: a clinician triages what goes on."""
    if refused := cannot_go_on(state, given.others["patient", state.course.patient_id]):
        return refused
    told = ReferralReopened(successor_id=command.successor_id, by_id=decider(given))
    return [told, *noted(command.reason, "reopen", given)]


def cannot_go_on(state: Over, patient: Patient) -> Refused | None:
    course = state.course
    if course.successor_id:
        return Refused(f"it goes on as {course.successor_id}", code="decided-already")
    if isinstance(patient, Registered | Merged) and record_of(patient).is_dead:
        return Refused("the patient died", code="deceased")
    match state:
        case Cancelled(kept_id=str(kept_id)):
            return Refused(f"it goes on as {kept_id}, with which it was linked", code="linked")
        case Completed(outcome="died"):
            return None
        case Completed() if course.visit.attended_at and not course.visit.was_too_early:
            return Refused("the patient was seen: a new referral is needed", code="seen-already")
        case Cancelled() | Completed() | Rejected() | EnteredInError():
            return None


def continued(before: GoOnFrom | None) -> list[Step]:
    """What the new referral has of the one that ended."""
    if before is None:
        return []
    absent = (
        UnavailabilityNoted(period_id=each.period_id, start=each.start, end=each.end)
        for each in before.unavailable
    )
    return [ReferralContinued(predecessor_id=before.referral_id), *absent]


REOPENING = Table(reopen)
