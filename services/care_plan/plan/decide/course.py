"""From draft to end: written, agreed to, changed, held, revoked."""

from datetime import timedelta

import msgspec

from backbone.model import (
    Content,
    Decision,
    Given,
    Refused,
    Ruled,
    Step,
    Table,
    by,
    decider,
    ignores,
    like,
)
from config.doses import Dose
from config.rules import Rule
from schemas.care_plan.v1.plan import (
    CareTeamChanged,
    PlanActivated,
    PlanDrafted,
    PlanHeld,
    PlanResumed,
    PlanRevoked,
    PlanUpdated,
)
from services.care_plan.activity.decide.doses import dosed
from services.care_plan.activity.states import no_procedure
from services.care_plan.consultation.states import not_their_consultation
from services.care_plan.history.states import not_to_begin
from services.care_plan.plan.commands import (
    ActivatePlan,
    DraftPlan,
    EndPlan,
    HoldPlan,
    MarkPlanInError,
    ResumePlan,
    RevokePlan,
    UpdatePlan,
)
from services.care_plan.plan.content import PlanText, repeated
from services.care_plan.plan.facts import PlanMarked, PlanWritten
from services.care_plan.plan.states import (
    Active,
    Completed,
    Course,
    Draft,
    Ended,
    Follow,
    NoPlan,
    OnHold,
    Open,
    Revoked,
)
from services.care_plan.risk.states import is_high_risk
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR, PHYSICIAN, REGISTRAR, not_one_of
from services.care_plan.rules import Rules


@by(CLINICIAN_OR_COORDINATOR)
def draft(state: NoPlan, command: DraftPlan, given: Given[Rules]) -> Decision:
    text, referral_id = command.text, command.referral_id
    wrong = not_to_begin(referral_id, given)
    wrong = wrong or not_their_consultation(text.consultation_id, referral_id, given)
    wrong = wrong or no_procedure(each.kind for each in text.activities)
    if not wrong and (twice := repeated(text)):
        said = " ".join(twice.what)
        return Refused(f"{said} is planned twice: say `again` where both are wanted", code="already-ordered")
    drafted = PlanDrafted(
        plan_id=given.target, plan_version=1, goals=len(text.goals), activities=len(text.activities)
    )
    return wrong or written(Course(plan_version=0), text, drafted, given)


def proposed(before: Course, text: PlanText, rules: Rules) -> tuple[PlanText, tuple[Rule[Dose], ...]]:
    """How much of each new work, where nobody said: it is read before it is agreed to."""
    old, new = text.activities[: len(before.activities)], text.activities[len(before.activities) :]
    filled = [dosed(each, rules) for each in new]
    used = {rule.id: rule for _, named in filled for rule in named}
    return msgspec.structs.replace(text, activities=(*old, *(each for each, _ in filled))), tuple(
        used.values()
    )


def written(
    before: Course, text: PlanText, told: PlanDrafted | PlanUpdated, given: Given[Rules]
) -> list[Step]:
    """The text is content; what is new in it is counted."""
    text, rules = proposed(before, text, given.rules)
    ref, goals = given.ref("plan"), text.goals[len(before.goals) :]
    return [
        Content(ref, "plan", msgspec.json.encode(text)),
        PlanWritten(
            plan_version=before.plan_version + 1,
            ref=ref,
            goals=text.goal_ids[len(before.goals) :],
            weights=tuple(goal.weight for goal in goals),
            baselines=tuple(goal.baseline_level for goal in goals),
            activities=text.activity_ids[len(before.activities) :],
            consultation_id=None if before.refs else text.consultation_id,
        ),
        Ruled(told, rules),
    ]


@by(PHYSICIAN)
def activate(state: Draft, command: ActivatePlan, given: Given[Rules]) -> Decision:
    rules, lead = given.rules, command.lead_id or decider(given)
    if not command.patient_agreement:
        return Refused("the patient's agreement is needed", code="no-agreement")
    if unable := not_one_of(PHYSICIAN, command.lead_id, rules):
        return unable
    reviews, today = rules.care_plan.reviews.values, rules.calendar.day(given.at)
    high_risk = is_high_risk(given)
    days = reviews.first_after(high_risk)
    return [
        PlanActivated(
            plan_id=given.target,
            plan_version=state.course.plan_version,
            start=today,
            lead_id=lead,
            review_due=command.review_on or today + timedelta(days=days),
            high_risk=high_risk,
            disciplines=command.disciplines,
        ),
        CareTeamChanged(plan_id=given.target, joined=(lead,), left=(), disciplines=("medical",)),
    ]


@by(CLINICIAN)
def update(state: Active, command: UpdatePlan, given: Given[Rules]) -> Decision:
    """A new version; who did not see the last one is refused before this is asked."""
    number = state.course.plan_version + 1
    updated = PlanUpdated(plan_id=given.target, plan_version=number, changed=command.changed)
    return written(state.course, command.text, updated, given)


@by(PHYSICIAN)
def hold(state: Active, command: HoldPlan, given: Given[Rules]) -> Decision:
    if command.review_on <= given.rules.calendar.day(given.at):
        return Refused("review_on must be a day to come", code="review-in-the-past")
    return [like(PlanHeld, command, plan_id=given.target)]


@by(PHYSICIAN)
def resume(state: OnHold, command: ResumePlan, given: Given[Rules]) -> Decision:
    return [PlanResumed(plan_id=given.target)]


@by(PHYSICIAN)
def revoke(state: Open, command: RevokePlan, given: Given[Rules]) -> Decision:
    return [like(PlanRevoked, command, plan_id=given.target)]


@by(REGISTRAR)
def mark(
    state: Open | Follow | Completed | Revoked,
    command: MarkPlanInError,
    given: Given[Rules],
) -> Decision:
    return [PlanRevoked(plan_id=given.target, reason="entered_in_error"), like(PlanMarked, command)]


def end(state: Open | Follow, command: EndPlan, given: Given[Rules]) -> Decision:
    """The referral ended elsewhere: the plan with it, and the window in which the patient may call."""
    return [like(PlanRevoked, command, plan_id=given.target)]


COURSE = Table(
    *(draft, activate, update, hold, resume, revoke, mark, end),
    ignores(EndPlan, when=NoPlan | Ended),
)
