"""The care plan as one aggregate: its tables put together, and what follows from its state."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from backbone.model import Aggregate, Column, Columns, Command, Flag, Table, Timer
from services.care_plan.opioid.states import opioids_seen
from services.care_plan.plan.commands import (
    ActivatePlan,
    AnnounceReview,
    BeginContactMonth,
    DeclineDischarge,
    Discharge,
    DraftPlan,
    ExpirePifu,
    OpenPifuAtOnce,
    ReviewPlan,
    UsePifu,
)
from services.care_plan.plan.decide.contact import CONTACT, next_contact
from services.care_plan.plan.decide.course import COURSE
from services.care_plan.plan.decide.discharge import DISCHARGE
from services.care_plan.plan.decide.handover import HANDOVER
from services.care_plan.plan.decide.pifu import PIFU
from services.care_plan.plan.decide.review import REVIEW
from services.care_plan.plan.decide.team import TEAM
from services.care_plan.plan.evolve import EVOLVE
from services.care_plan.plan.states import Active, CarePlan, NoPlan, Open, PifuOpen, Running
from services.care_plan.risk.states import risk_seen
from services.care_plan.rules import Rules

LOOK_AT_HISTORY = (ReviewPlan, Discharge)
LOOK_AT_RISK = (ActivatePlan, AnnounceReview, DeclineDischarge, Discharge, UsePifu)


def needs(state: CarePlan, command: Command) -> Iterable[tuple[str, str]]:
    """Scores of the referral and whether it goes on, risks and opioids of the patient; for a draft, what it names."""
    if isinstance(command, DraftPlan | OpenPifuAtOnce) and command.referral_id:
        yield "history", command.referral_id
    if isinstance(command, DraftPlan) and command.text.consultation_id:
        yield "consultation", command.text.consultation_id
    if isinstance(state, NoPlan):
        return
    if isinstance(command, LOOK_AT_HISTORY) and state.course.referral_id:
        yield "history", state.course.referral_id
    if isinstance(command, LOOK_AT_RISK):
        yield from risk_seen(state.course.patient_id)
    if isinstance(command, Discharge):
        yield from opioids_seen(state.course.patient_id)


def timers(state: CarePlan, rules: Rules) -> Mapping[str, Timer]:
    """The review falls due some weeks before its date; the window of PIFU is over the morning after its last day; a
    month of an active plan begins."""
    if isinstance(state, PifuOpen):
        after = rules.calendar.daily(state.ends_on + timedelta(days=1))
        return {"pifu": Timer(after, ExpirePifu(ends_on=state.ends_on))}
    due: dict[str, Timer] = {}
    if not isinstance(state, Running):
        return due
    if isinstance(state, Active) and (day := next_contact(state.course, rules)):
        due["contact"] = Timer(rules.calendar.daily(day), BeginContactMonth())
    if not state.course.announced and state.course.review_on is not None:
        lead = timedelta(days=rules.care_plan.reviews.values.lead_days)
        at = rules.calendar.daily(state.course.review_on - lead)
        due["review"] = Timer(at, AnnounceReview(due_on=state.course.review_on))
    return due


def referral_of(state: CarePlan) -> str | None:
    return None if isinstance(state, NoPlan) else state.course.referral_id


class CarePlans(Columns):
    """How plans are found."""

    referral_id = Column(referral_of)
    patient_id = Column(lambda state: None if isinstance(state, NoPlan) else state.course.patient_id)
    open = Flag(lambda state: isinstance(state, Open))


CARE_PLAN = Aggregate[CarePlan](
    "care_plan",
    NoPlan(),
    decide=Table(COURSE, TEAM, HANDOVER, REVIEW, CONTACT, DISCHARGE, PIFU),
    evolve=EVOLVE,
    timers=timers,
    needs=needs,
    columns=CarePlans,
)
