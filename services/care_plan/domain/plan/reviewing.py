"""Reviews, discharge and patient-initiated follow-up: how a plan goes on and how it ends."""

from datetime import date, timedelta

import msgspec

from backbone.model import Content, Decision, Given, Refused, Ruled, Table, by, decider
from schemas.care_plan.v1.consultation import LetterSigned
from schemas.care_plan.v1.discharge import (
    DischargeDeclined,
    DischargeProposed,
    PatientDischarged,
    PifuOpened,
    PifuUsed,
)
from schemas.care_plan.v1.discharge import (
    PifuExpired as PifuHasExpired,
)
from schemas.care_plan.v1.plan import PlanClosed, PlanReviewed, PlanReviewFellDue, PlanUpdated
from services.care_plan.domain.facts import ChecklistItemsMet, LevelsRecorded, ReviewDated
from services.care_plan.domain.measures.history import History
from services.care_plan.domain.plan.commands import (
    AnnounceReview,
    DeclineDischarge,
    Discharge,
    ExpirePifu,
    OpenPifu,
    OpenPifuAtOnce,
    RecordLevels,
    ReviewPlan,
    SignDischargeLetter,
    UsePifu,
)
from services.care_plan.domain.plan.planning import is_high_risk
from services.care_plan.domain.plan.states import (
    Active,
    Completed,
    Course,
    Draft,
    InError,
    NoPlan,
    OnHold,
    PifuExpired,
    PifuOpen,
    Revoked,
)
from services.care_plan.domain.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, PHYSICIAN
from services.care_plan.domain.rules import Rules


def announce(state: Active | OnHold, command: AnnounceReview, given: Given[Rules]) -> Decision:
    """Some weeks before its date, so that it can be booked."""
    course = state.course
    if course.review_on != command.due_on or course.announced:
        return ()
    return [
        PlanReviewFellDue(plan_id=given.target, due_on=command.due_on, high_risk=is_high_risk(course, given))
    ]


def no_review(
    state: NoPlan | Draft | PifuOpen | PifuExpired | Completed | Revoked | InError,
    command: AnnounceReview,
    given: Given[Rules],
) -> Decision:
    return ()


@by(CLINICIAN)
def record_levels(state: Active, command: RecordLevels, given: Given[Rules]) -> Decision:
    known = {goal.goal_id for goal in state.course.goals}
    if not set(command.goals) <= known:
        return Refused("not a goal of this plan", code="unknown-goal")
    return [LevelsRecorded(goals=command.goals, levels=command.levels)]


@by(CLINICIAN)
def review(state: Active, command: ReviewPlan, given: Given[Rules]) -> Decision:
    """A review is recorded on the plan. Discharge is a proposal until a physician confirms it or care goes on."""
    today = given.rules.calendar.day(given.at)
    going_on = command.result != "discharge"
    if going_on and (command.next_review is None or command.next_review <= today):
        return Refused("next_review must name a day to come", code="no-next-review")
    reviewed = PlanReviewed(
        plan_id=given.target,
        result=command.result,
        next_review=command.next_review if going_on else None,
        decided_by=decider(given),
    )
    note = given.ref("note")
    kept = [Content(note, "note", msgspec.json.encode(command.note))] if command.note else []
    if going_on:
        declined = [DischargeDeclined(plan_id=given.target, decided_by=decider(given))]
        return [*kept, reviewed, *(declined if state.course.proposed else ())]
    met = tuple(dict.fromkeys((*state.course.met, *command.met)))
    steps = [ChecklistItemsMet(items=met)] if met != state.course.met else []
    rule = given.rules.care_plan.discharge
    proposed = DischargeProposed(
        plan_id=given.target,
        basis=basis(state.course, given),
        missing=missing(state.course, met, given),
    )
    return [*kept, *steps, reviewed, Ruled(proposed, (rule.named,))]


def basis(course: Course, given: Given[Rules]) -> tuple[str, ...]:
    """What speaks for it, as the rules see it."""
    history = history_of(course, given)
    responder = history.latest("peg") is not None and history.responders() > 0
    return ("peg_responder",) if responder else ("clinical_judgement",)


def history_of(course: Course, given: Given[Rules]) -> History:
    found = given.others.get(course.referral_id or "")
    return found if isinstance(found, History) else History()


def missing(course: Course, met: tuple[str, ...], given: Given[Rules]) -> tuple[str, ...]:
    """DIS-01: what is not there yet."""
    there = set(met)
    if history_of(course, given).has_final_proms(course.started_on):
        there.add("final_proms")
    return tuple(item for item in given.rules.care_plan.discharge.values.items if item not in there)


@by(PHYSICIAN)
def sign(
    state: Active | PifuExpired | PifuOpen, command: SignDischargeLetter, given: Given[Rules]
) -> Decision:
    ref = given.ref("letter")
    return [
        Content(ref, "letter", msgspec.json.encode(command.text)),
        LetterSigned(letter_ref=ref, kind="discharge", audience=command.audience, signed_by=decider(given)),
        ChecklistItemsMet(items=tuple(dict.fromkeys((*state.course.met, "summary_letter")))),
    ]


@by(PHYSICIAN)
def discharge(state: Active, command: Discharge, given: Given[Rules]) -> Decision:
    """DIS-01, OUT-07: complete, proposed, and no open safety task. A death needs none of it."""
    course, closed = state.course, PlanClosed(plan_id=given.target, reason=command.reason)
    if command.reason == "DIED":
        return [closed, discharged(command, (), given)]
    if not course.proposed:
        return Refused("a review must come to discharge first", instead=("ReviewPlan",), code="not-proposed")
    met = tuple(dict.fromkeys((*course.met, *command.met)))
    if refusal := hindered(course, missing(course, met, given), given):
        return refusal
    months = given.rules.care_plan.discharge.values.followup_months
    today = given.rules.calendar.day(given.at)
    return [closed, discharged(command, tuple(months_later(today, each) for each in months), given)]


@by(CLINICIAN_OR_COORDINATOR)
def discharge_after_pifu(state: PifuExpired, command: Discharge, given: Given[Rules]) -> Decision:
    """A coordinator confirms what a physician signed; nobody is followed up."""
    letter = {"summary_letter"}.difference(state.course.met, command.met)
    if command.reason != "DIED" and (refusal := hindered(state.course, tuple(letter), given)):
        return refusal
    return [discharged(command, (), given)]


def hindered(course: Course, lacking: tuple[str, ...], given: Given[Rules]) -> Refused | None:
    if history_of(course, given).alert_open:
        return Refused("a safety alert is open", code="open-safety-alert")
    if lacking:
        return Refused(f"still missing: {', '.join(lacking)}", code="discharge-incomplete")
    return None


def discharged(command: Discharge, follow: tuple[date, ...], given: Given[Rules]) -> Ruled:
    fact = PatientDischarged(
        plan_id=given.target,
        reason=command.reason,
        to=command.to,
        handover_prescriber=command.handover_prescriber,
        followup_measures_on=follow,
        decided_by=decider(given),
    )
    return Ruled(fact, (given.rules.care_plan.discharge.named,))


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the last one that there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


@by(CLINICIAN)
def decline(state: Active, command: DeclineDischarge, given: Given[Rules]) -> Decision:
    if not state.course.proposed:
        return Refused("no discharge is proposed", code="not-proposed")
    return [DischargeDeclined(plan_id=given.target, decided_by=decider(given))]


@by(CLINICIAN)
def open_pifu(state: Active, command: OpenPifu, given: Given[Rules]) -> Decision:
    rule = given.rules.care_plan.pifu
    ends = months_later(given.rules.calendar.day(given.at), rule.values.months)
    return [
        PlanClosed(plan_id=given.target, reason="pifu"),
        Ruled(PifuOpened(plan_id=given.target, ends_on=ends), (rule.named,)),
    ]


@by(CLINICIAN)
def open_pifu_again(state: PifuOpen, command: OpenPifu, given: Given[Rules]) -> Decision:
    return ()


def open_pifu_at_once(state: NoPlan, command: OpenPifuAtOnce, given: Given[Rules]) -> Decision:
    rule = given.rules.care_plan.pifu
    ends = months_later(given.rules.calendar.day(given.at), rule.values.months)
    return [Ruled(PifuOpened(plan_id=given.target, ends_on=ends), (rule.named,))]


def opened_already(
    state: Draft | Active | OnHold | PifuOpen | PifuExpired | Completed | Revoked | InError,
    command: OpenPifuAtOnce,
    given: Given[Rules],
) -> Decision:
    return ()


def expire_pifu(state: PifuOpen, command: ExpirePifu, given: Given[Rules]) -> Decision:
    """`pifu.auto_discharge` is off: a person discharges."""
    if state.ends_on != command.ends_on:
        return ()
    return [PifuHasExpired(plan_id=given.target, ended_on=command.ends_on)]


def pifu_is_over(
    state: NoPlan | Draft | Active | OnHold | PifuExpired | Completed | Revoked | InError,
    command: ExpirePifu,
    given: Given[Rules],
) -> Decision:
    return ()


@by(CLINICIAN_OR_COORDINATOR)
def use_pifu(state: PifuOpen | PifuExpired, command: UsePifu, given: Given[Rules]) -> Decision:
    """The patient called: the plan goes on as a new version."""
    today = given.rules.calendar.day(given.at)
    days = given.rules.care_plan.reviews.values.first_after_days
    return [
        PifuUsed(plan_id=given.target, on=today),
        ReviewDated(review_on=today + timedelta(days=days), high_risk=False),
        PlanUpdated(plan_id=given.target, plan_version=state.course.plan_version + 1, changed=("pifu_used",)),
    ]


REVIEWING = Table(
    *(announce, no_review, record_levels, review, sign, discharge, discharge_after_pifu, decline),
    *(open_pifu, open_pifu_again, open_pifu_at_once, opened_already, expire_pifu, pifu_is_over, use_pifu),
)
