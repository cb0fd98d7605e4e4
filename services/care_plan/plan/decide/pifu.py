"""Patient-initiated follow-up (PIFU): the patient may call for some months after the plan, or instead of one."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from backbone.model import Decision, Given, Ruled, Table, by, ignores
from schemas.care_plan.v1.discharge import PifuExpired as PifuHasExpired
from schemas.care_plan.v1.discharge import PifuOpened, PifuUsed
from schemas.care_plan.v1.plan import PlanClosed, PlanUpdated
from services.care_plan.history.states import is_over
from services.care_plan.plan.commands import ExpirePifu, OpenPifu, OpenPifuAtOnce, UsePifu
from services.care_plan.plan.facts import ReviewDated
from services.care_plan.plan.states import Active, Ended, Follow, Known, NoPlan, Open, PifuExpired, PifuOpen
from services.care_plan.risk.states import is_high_risk
from services.care_plan.roles import CLINICIAN, CLINICIAN_OR_COORDINATOR
from services.care_plan.rules import Rules


@by(CLINICIAN)
def open_pifu(state: Active, command: OpenPifu, given: Given[Rules]) -> Decision:
    return [PlanClosed(plan_id=given.target, reason="pifu"), opened(given)]


def open_at_once(state: NoPlan, command: OpenPifuAtOnce, given: Given[Rules]) -> Decision:
    """Not for a referral that is over: the patient is not told of a window in which nobody answers."""
    return () if is_over(command.referral_id, given) else [opened(given)]


def opened(given: Given[Rules]) -> Ruled:
    rule = given.rules.care_plan.pifu
    ends_on = given.rules.calendar.day(given.at) + relativedelta(months=rule.values.months)
    return Ruled(PifuOpened(plan_id=given.target, ends_on=ends_on), (rule,))


def expire(state: PifuOpen, command: ExpirePifu, given: Given[Rules]) -> Decision:
    """`pifu.auto_discharge` is off: a person discharges."""
    if state.ends_on != command.ends_on:
        return ()
    expired = PifuHasExpired(plan_id=given.target, ended_on=command.ends_on)
    return [Ruled(expired, (given.rules.care_plan.pifu,))]


@by(CLINICIAN_OR_COORDINATOR)
def use(state: Follow, command: UsePifu, given: Given[Rules]) -> Decision:
    """The patient called: the plan goes on as a new version."""
    today = given.rules.calendar.day(given.at)
    high_risk = is_high_risk(given)
    days = given.rules.care_plan.reviews.values.first_after(high_risk)
    return [
        PifuUsed(plan_id=given.target, on=today),
        ReviewDated(review_on=today + timedelta(days=days), high_risk=high_risk),
        PlanUpdated(plan_id=given.target, plan_version=state.course.plan_version + 1, changed=("pifu_used",)),
    ]


PIFU = Table(
    *(open_pifu, open_at_once, expire, use),
    ignores(OpenPifu, when=PifuOpen, whom=CLINICIAN),
    ignores(OpenPifuAtOnce, when=Known),
    ignores(ExpirePifu, when=NoPlan | Open | PifuExpired | Ended),
)
