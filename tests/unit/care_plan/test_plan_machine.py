"""Whatever is asked of a plan in whatever order: versions rise by one, somebody looks in time, an end is an end."""

from datetime import date, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.model import SYSTEM, Actor, Command, Refused
from schemas.care_plan.v1.discharge import DischargeProposed, PatientDischarged
from schemas.care_plan.v1.plan import CareTeamChanged, PlanActivated, PlanUpdated
from services.care_plan.plan.aggregate import CARE_PLAN
from services.care_plan.plan.commands import (
    DeclineDischarge,
    Discharge,
    EndPlan,
    EndWork,
    HoldPlan,
    MarkPlanInError,
    NoteWork,
    OpenPifu,
    OpenPifuAtOnce,
    ResumePlan,
    ReviewPlan,
    RevokePlan,
    SignDischargeLetter,
    UsePifu,
)
from services.care_plan.plan.states import Active, Completed, InError, NoPlan, OnHold, PifuOpen, Revoked
from services.care_plan.risk.states import Risk
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.plans import ACTIVATE, DRAFT, UPDATE, beside
from tests.unit.care_plan.situations import (
    CLERK,
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    rules,
    some_id,
)

ACTORS = st.sampled_from((PHYSICIAN, PHYSICIAN, PHYSICIAN, NURSE, COORDINATOR, CLERK))
WORK = {some_id(f"activity {number}"): who for number, who in enumerate((PHYSICIAN, NURSE, NURSE))}
RESULTS = st.sampled_from(("continue", "step_down", "discharge", "discharge"))
REASONS = st.sampled_from(("COMPLETED_GOALS", "PIFU_EXPIRED", "DIED"))
MET = ("summary_letter", "medication_handover", "flare_up_plan", "rereferral_route", "final_proms")
SIGN = SignDischargeLetter(audience=("referrer",), letter_ref=some_id("a letter"))
ASKED = st.sampled_from((ResumePlan(), UsePifu(), DeclineDischarge(reason="not_ready"), SIGN))
ACTIVATED = (DRAFT, ACTIVATE)
PROPOSED = (*ACTIVATED, ReviewPlan(result="discharge", met=MET))
WINDOW = (*ACTIVATED, SIGN, OpenPifu())
BEGINNINGS = st.sampled_from(
    ((), ACTIVATED, (*ACTIVATED, SIGN), PROPOSED, (*PROPOSED, SIGN), WINDOW, (*WINDOW, UsePifu()))
)
ENDS = st.sampled_from((RevokePlan(reason="withdrawn"), MarkPlanInError(reason="wrong_patient"), OpenPifu()))


class Plans(Machine):
    """One plan, beside what was measured."""

    told: list[tuple[Command, str]]

    @initialize(first=BEGINNINGS)
    def somebody_plans(self, first: tuple[Command, ...]) -> None:
        self.begin(CARE_PLAN, rules())
        self.world.others = beside()
        self.told = []
        for command in first:
            assert self.do(PHYSICIAN, command)

    @rule(actor=ACTORS)
    def draft(self, actor: Actor) -> None:
        self.do(actor, DRAFT)

    @rule(actor=ACTORS, agreed=st.booleans())
    def activate(self, actor: Actor, agreed: bool) -> None:
        command = msgspec.structs.replace(ACTIVATE, patient_agreement=agreed)
        assert not self.do(actor, command) or (agreed and actor is PHYSICIAN)

    @rule(actor=ACTORS, command=ASKED)
    def ask(self, actor: Actor, command: Command) -> None:
        self.do(actor, command)

    @rule(actor=ACTORS)
    def update(self, actor: Actor) -> None:
        self.do(actor, UPDATE)

    @rule(actor=ACTORS, command=ENDS)
    def end(self, actor: Actor, command: Command) -> None:
        self.do(actor, command)
        assert not self.take(actor, command), "it ends once"

    @rule(actor=ACTORS, days=st.integers(-1, 60))
    def hold(self, actor: Actor, days: int) -> None:
        self.do(actor, HoldPlan(reason="illness", review_on=self.today() + timedelta(days=days)))

    @rule(actor=ACTORS, result=RESULTS, days=st.integers(-1, 60))
    def review(self, actor: Actor, result: Any, days: int) -> None:
        following = self.today() + timedelta(days=days)
        self.do(actor, ReviewPlan(result=result, next_review=following, met=MET))

    @rule(actor=ACTORS, reason=REASONS, alert=st.booleans())
    def discharge(self, actor: Actor, reason: Any, alert: bool) -> None:
        before = self.world.state
        self.world.others = beside(risk=Risk(open_alerts=("an alert",) if alert else ()))
        if self.do(actor, Discharge(reason=reason, met=MET, no_final_measures="no_time")):
            assert isinstance(self.world.state, Completed)
            assert reason == "DIED" or ("summary_letter" in before.course.met and not alert)
            if isinstance(before, Active):
                assert actor is PHYSICIAN and (reason == "DIED" or before.course.proposed)

    @precondition(lambda self: isinstance(self.world.state, Active | OnHold))
    @rule(work=st.sampled_from(tuple(WORK)))
    def work_is_accepted(self, work: str) -> None:
        self.tell(NoteWork(activity_id=work, owner_id=str(WORK[work].id), discipline="nursing"))

    @precondition(
        lambda self: isinstance(self.world.state, Active | OnHold) and bool(self.world.state.course.work)
    )
    @rule(data=st.data())
    def work_ends(self, data: st.DataObject) -> None:
        work = data.draw(st.sampled_from(self.world.state.course.work))
        self.tell(EndWork(activity_id=work.activity_id))

    @rule(command=st.sampled_from((OpenPifuAtOnce(), OpenPifuAtOnce(), EndPlan(reason="completed"))))
    def tell(self, command: Command) -> None:
        cause = some_id(f"fact {len(self.told)}")
        self.hear(command, cause)
        self.told.append((command, cause))

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """Everything that was ever told is neither refused nor does it change anything when it is told again."""
        again = [each for each in self.told if not isinstance(each[0], EndPlan)]
        if again:
            self.world.actor, before = SYSTEM, len(self.world.facts)
            answer = self.world.command(*data.draw(st.sampled_from(again)))
            assert not isinstance(answer, Refused) and len(self.world.facts) == before

    @rule(days=st.integers(1, 200))
    def wait(self, days: int) -> None:
        """Every timer fires on the way, once."""
        until = self.world.at + timedelta(days=days)
        while due := [each for each in self.timers().values() if each.due <= until]:
            [timer] = due
            self.world.at = max(timer.due, self.world.at)
            assert self.hear(timer.command, some_id(f"timer {timer.due}")), "a timer that changes nothing"
        self.world.at = until

    def do(self, actor: Actor, command: Command) -> list[Any]:
        self.refuse(OUTSIDERS, command)
        before = self.world.state
        made = self.take(actor, command)
        if isinstance(before, Completed | Revoked | InError):
            unsigned = command == SIGN and "summary_letter" not in before.course.met
            assert not made or isinstance(command, MarkPlanInError) or unsigned, "an end is an end"
        assert not (made and isinstance(before, InError))
        return made

    def today(self) -> date:
        return rules().calendar.day(self.world.at)

    def timers(self) -> Any:
        return self.world.aggregate.timers(self.world.state, rules())

    @invariant()
    def every_version_is_one_more_than_the_one_before(self) -> None:
        if isinstance(self.world.state, NoPlan):
            return
        versions = [fact.plan_version for fact in self.made(PlanUpdated)]
        assert versions == list(range(2, len(versions) + 2))
        assert self.world.state.course.plan_version == len(versions) + 1

    @invariant()
    def a_plan_that_runs_is_looked_at(self) -> None:
        """A date to come with its timer, or one that was announced, or a discharge that was proposed or declined."""
        state = self.world.state
        if isinstance(state, OnHold):
            assert state.course.review_on == state.until
        if isinstance(state, Active | OnHold) and not state.course.announced:
            assert "review" in self.timers() or self.made(DischargeProposed)
        if isinstance(state, PifuOpen):
            [timer] = self.timers().values()
            assert self.today() <= state.ends_on < rules().calendar.day(timer.due)

    @invariant()
    def the_team_is_who_joined_and_has_not_left(self) -> None:
        team: set[str] = set()
        for fact in self.made(CareTeamChanged):
            assert not team & set(fact.joined) and set(fact.left) <= team
            team = (team | set(fact.joined)) - set(fact.left)
        if not isinstance(self.world.state, NoPlan):
            assert team == self.world.state.course.members

    @invariant()
    def it_is_activated_once_and_discharged_once(self) -> None:
        assert len(self.made(PlanActivated)) <= 1
        assert len(self.made(PatientDischarged)) <= 1


TestPlans = Plans.TestCase
TestPlans.settings = explored(150, steps=40)
