"""Discharge: proposed by a review, hindered by what is missing, confirmed by a physician (DIS-01, OUT-07)."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from backbone.model import Decision, Given, Refused, Ruled, Table, by, decider, ignores, like
from schemas.care_plan.v1.codes import FINAL_MEASURES, LETTER
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.discharge import DischargeDeclined, PatientDischarged
from schemas.care_plan.v1.plan import PlanClosed
from services.care_plan.plan.commands import (
    DeclineDischarge,
    Discharge,
    DischargeDeceased,
    SignDischargeLetter,
    TakePlanLetterBack,
)
from services.care_plan.plan.decide.checklist import HANDOVER, lacking
from services.care_plan.plan.facts import ChecklistItemsMet
from services.care_plan.plan.states import (
    Completed,
    Draft,
    Ended,
    Follow,
    InError,
    NoPlan,
    PifuExpired,
    Revoked,
    Running,
)
from services.care_plan.risk.states import is_high_risk, risk_of
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, PHYSICIAN
from services.care_plan.rules import Rules

DIED = "DIED"


@by(PHYSICIAN)
def sign(state: Running | Follow, command: SignDischargeLetter, given: Given[Rules]) -> Decision:
    return [
        like(LetterSigned, command, kind="discharge", signed_by=decider(given)),
        ChecklistItemsMet(items=tuple(dict.fromkeys((*state.course.met, LETTER)))),
    ]


@by(PHYSICIAN)
def sign_anew(state: Completed, command: SignDischargeLetter, given: Given[Rules]) -> Decision:
    """After the discharge only what is missing: one that was recalled, or that nobody had time for."""
    if LETTER in state.course.met:
        return Refused("the summary letter is signed", code="already-signed")
    return [
        like(LetterSigned, command, kind="discharge", signed_by=decider(given), after_discharge=True),
        ChecklistItemsMet(items=(*state.course.met, LETTER)),
    ]


def take_back(
    state: Running | Follow | Completed, command: TakePlanLetterBack, given: Given[Rules]
) -> Decision:
    """What was sent in error is no summary letter (DIS-01)."""
    if state.course.letter_ref != command.letter_ref or LETTER not in state.course.met:
        return ()
    return [ChecklistItemsMet(items=tuple(each for each in state.course.met if each != LETTER))]


@by(PHYSICIAN)
def discharge(state: Running, command: Discharge, given: Given[Rules]) -> Decision:
    """DIS-01, OUT-07: complete, proposed, and no open safety task. A death needs none of it."""
    course, closed = state.course, PlanClosed(plan_id=given.target, reason=command.reason)
    if command.reason == DIED:
        return [closed, discharged(command, (), given)]
    if not course.proposed:
        return Refused("a review must come to discharge first", instead=("ReviewPlan",), code="not-proposed")
    if refusal := hindered(lacking(course, command, given), given):
        return refusal
    today = given.rules.calendar.day(given.at)
    months = given.rules.care_plan.discharge.values.followup_months
    return [closed, discharged(command, tuple(today + relativedelta(months=each) for each in months), given)]


@by(CLINICIAN_OR_COORDINATOR)
def discharge_after_pifu(state: PifuExpired, command: Discharge, given: Given[Rules]) -> Decision:
    """A coordinator confirms what a physician signed; nobody is followed up."""
    unsigned = () if LETTER in state.course.met else (LETTER,)
    if command.reason != DIED and (refusal := hindered(unsigned, given)):
        return refusal
    return [discharged(command, (), given)]


def discharge_deceased(state: Running | Follow, command: DischargeDeceased, given: Given[Rules]) -> Decision:
    """Whatever stood, it ends: nothing of DIS-01 is asked for."""
    told = Ruled(
        PatientDischarged(
            plan_id=given.target,
            reason=DIED,
            to="other",
            followup_measures_on=(),
            decided_by=command.decided_by,
        ),
        (given.rules.care_plan.discharge,),
    )
    closed = [PlanClosed(plan_id=given.target, reason=DIED)] if isinstance(state, Running) else []
    return [*closed, told]


WHAT_HELPS = {
    LETTER: "a physician signs it",
    HANDOVER: "who takes opioids needs a handover_prescriber",
    FINAL_MEASURES: "measure, or say in no_final_measures why not",
}


def hindered(lacking: tuple[str, ...], given: Given[Rules]) -> Refused | None:
    if risk_of(given).open_alerts:
        return Refused("a safety alert is open", code="open-safety-alert")
    if lacking:
        named = (f"{item} ({WHAT_HELPS[item]})" if item in WHAT_HELPS else item for item in lacking)
        return Refused(f"still missing: {', '.join(named)}", code="discharge-incomplete")
    return None


def discharged(command: Discharge, follow: tuple[date, ...], given: Given[Rules]) -> Ruled:
    fact = like(
        PatientDischarged,
        command,
        plan_id=given.target,
        followup_measures_on=follow,
        decided_by=decider(given),
    )
    return Ruled(fact, (given.rules.care_plan.discharge,))


@by(CLINICIAN)
def decline(state: Running, command: DeclineDischarge, given: Given[Rules]) -> Decision:
    if not state.course.proposed:
        return Refused("no discharge is proposed", code="not-proposed")
    today = given.rules.calendar.day(given.at)
    reviews = given.rules.care_plan.reviews
    following = command.next_review or today + timedelta(days=reviews.values.first_after(is_high_risk(given)))
    if following <= today:
        return Refused("next_review must name a day to come", code="no-next-review")
    declined = DischargeDeclined(
        plan_id=given.target, reason=command.reason, decided_by=decider(given), next_review=following
    )
    return [declined if command.next_review else Ruled(declined, (reviews,))]


DISCHARGE = Table(
    *(sign, sign_anew, take_back, discharge, discharge_after_pifu, discharge_deceased, decline),
    ignores(DischargeDeceased, when=NoPlan | Draft | Ended),
    ignores(TakePlanLetterBack, when=NoPlan | Draft | Revoked | InError),
)
