"""Whatever happens around a gate: who is told that it is met can rely on it, for this date and no other."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.fact import Fact
from schemas.scheduling.v1.gate import GateClosed, GateFailed, GateOpened, GateSatisfied, GateWaived
from services.scheduling.appointment.states import Booked, Date, Matter
from services.scheduling.authorisation.states import Approved, Denied, authorisation_id
from services.scheduling.gate.aggregate import GATE
from services.scheduling.gate.commands import (
    AwaitOutcome,
    AwaitOverride,
    AwaitPlan,
    CloseGate,
    DropPlan,
    FollowDate,
    LookAgain,
    OpenGate,
    RecordEvidence,
    SettleOutcome,
    TakeOverride,
    TakePlan,
    WaiveGate,
)
from services.scheduling.gate.states import Asked, Closed, Failed, NoGate, Open, Satisfied, Unmet, Waived
from services.scheduling.procedure_record.states import Procedure, ProcedureRecord, procedures_id
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.scheduling.situations import EVERYBODY, IN_10_DAYS, MADE, MAYA, REQUEST, rules, staff

BLOCK, EARLIER, OTHER, VISIT, PLAN, OVERRIDE = (
    derive(ROOT, name)
    for name in ("a block", "an earlier block", "another block", "a date", "a plan", "an override")
)
FAMILY: Any = "mbb_ct"
PAYER = authorisation_id(TARGET, FAMILY)
MATTER = Matter(booking_request_id=REQUEST, purpose="procedure", discipline="medical", procedure_id=BLOCK)
KINDS = ("antithrombotic_plan", "inr", "authorisation", "previous_outcome", "override", "escort", "infection")
TOLD: dict[type, tuple[type[Fact], ...]] = {
    Open: (GateOpened,),
    Satisfied: (GateSatisfied,),
    Failed: (GateFailed,),
    Waived: (GateWaived,),
    Closed: (GateClosed,),
}
actors = st.sampled_from((*EVERYBODY, staff("maya.stein")))


class Gates(Machine):
    """One gate of a procedure, beside its date, what the payer said, and what took place before."""

    signed_for: int | None
    answer: Any
    version: int

    @initialize(kind=st.sampled_from(KINDS))
    def is_asked_for(self, kind: Any) -> None:
        self.begin(GATE, rules())
        self.world.at, self.version, self.kind, self.signed_for = MADE, 1, kind, None
        self.answer, self.record = Denied(family=FAMILY), ProcedureRecord()
        self.stand()
        self.asked = OpenGate(kind=kind, procedure_id=BLOCK, family=FAMILY, referral_id=TARGET)
        self.hear(self.asked, derive(ROOT, "order"))

    def stand(self) -> None:
        end = IN_10_DAYS + timedelta(hours=1)
        held = Date(clinician_id=MAYA, location="main", version=self.version, start=IN_10_DAYS, end=end)
        self.world.others = {
            ("appointment", VISIT): Booked(matter=MATTER, date=held),
            ("authorisation", PAYER): self.answer,
            ("procedure_record", procedures_id(TARGET)): self.record,
        }

    def told(self, command: Command) -> list[Fact]:
        self.stand()
        return self.hear(command, derive(ROOT, f"fact {self.world.steps} {len(self.world.facts)} {command}"))

    @rule()
    def is_ordered_again(self) -> None:
        self.told(self.asked)

    @rule(
        make=st.sampled_from(
            (
                lambda: DropPlan(plan_id=PLAN),
                lambda: AwaitOverride(procedure_id=BLOCK, override_id=OVERRIDE),
                lambda: TakeOverride(override_id=OVERRIDE, granted=True),
                lambda: TakeOverride(override_id=OVERRIDE, granted=False),
                CloseGate,
                LookAgain,
            )
        )
    )
    def others_decide(self, make: Callable[[], Command]) -> None:
        command = make()
        if isinstance(command, AwaitOverride) and isinstance(self.world.state, NoGate):
            return
        if isinstance(command, AwaitOverride) and self.kind != "override":
            return
        self.told(command)

    @rule(previous_id=st.sampled_from((EARLIER, OTHER)))
    def another_is_before_it(self, previous_id: str) -> None:
        """PRC-04: what was shown of one before says nothing of another; the same one told again says nothing new."""
        if self.kind != "previous_outcome" or isinstance(self.world.state, NoGate):
            return
        was = self.world.state
        command = AwaitOutcome(procedure_id=BLOCK, previous_id=previous_id)
        made = self.told(command)
        is_news = isinstance(was, Closed) or was.previous_id != command.previous_id
        assert is_news or not made
        state = self.world.state
        assert isinstance(state, Unmet) or not is_news, "nobody has shown it"
        assert state.previous_id == command.previous_id

    @rule(previous_id=st.sampled_from((EARLIER, OTHER)), known=st.booleans())
    def the_one_before_is_settled(self, previous_id: str, known: bool) -> None:
        """PRC-04: only of the one that it waits for; of somebody else's it waits for none."""
        was = self.world.state
        made = self.told(SettleOutcome(previous_id=previous_id, known=known))
        is_this = isinstance(was, Unmet) and was.previous_id == previous_id
        assert bool(made) == is_this
        if is_this:
            assert isinstance(self.world.state, Satisfied)
            assert self.world.state.previous_id == (previous_id if known else None)

    @rule(number=st.integers(1, 4))
    def a_plan_is_asked_for(self, number: int) -> None:
        """Another number: other drugs. Told again, or late, it asks for nothing new."""
        before = self.world.state
        if self.kind not in ("antithrombotic_plan", "inr") or isinstance(before, NoGate):
            return
        known = isinstance(before, Asked) and before.plan_id == PLAN and number <= before.asked_by
        made = self.told(AwaitPlan(procedure_id=BLOCK, plan_id=PLAN, kind=self.kind, asked_by=number))
        if isinstance(before, Closed) or not known:
            assert made and not isinstance(self.world.state, Waived), "nobody waived it for these drugs"
        else:
            assert not made and self.world.state == before

    @rule(version=st.integers(1, 3))
    def a_plan_is_signed(self, version: int) -> None:
        if self.kind not in ("antithrombotic_plan", "inr"):
            return
        limit: Any = {"taken_from": IN_10_DAYS - timedelta(hours=24), "most": Decimal("1.2")}
        made = self.told(
            TakePlan(
                kind=self.kind,
                procedure_id=BLOCK,
                plan_id=PLAN,
                appointment_id=VISIT,
                appointment_version=version,
                **limit,
            )
        )
        assert not made or version == self.version, "a signature for another date says nothing (ANT-04)"
        if made:
            self.signed_for = version

    @rule(days=st.integers(0, 20))
    def it_is_moved(self, days: int) -> None:
        was_met = isinstance(self.world.state, Satisfied | Waived)
        self.version += 1
        start = IN_10_DAYS + timedelta(days=days)
        self.told(FollowDate(appointment_id=VISIT, start=start, moved=True))
        if was_met and rules().scheduling.gates.values.kinds[self.kind].of_the_date:
            assert isinstance(self.world.state, Open), "shown for the old date only"

    @rule(lasts=st.none() | st.integers(0, 20))
    def the_payer_answers(self, lasts: int | None) -> None:
        day = rules().calendar.day(IN_10_DAYS)
        self.answer = Denied(family=FAMILY)
        if lasts is not None:
            self.answer = Approved(
                family=FAMILY, valid_from=date(2027, 1, 1), valid_to=day + timedelta(days=lasts)
            )
        self.told(LookAgain())

    @rule(outcome=st.booleans())
    def something_took_place(self, outcome: bool) -> None:
        done = Procedure(region="cervical", side="right", done=True, outcome=outcome)
        self.record = ProcedureRecord(procedures={EARLIER: done})
        self.told(LookAgain())

    @rule(
        actor=actors,
        met=st.booleans(),
        value=st.none() | st.sampled_from(("1.1", "1.2", "1.3")),
        hours=st.none() | st.sampled_from((-25, -24, -1)),
    )
    def evidence(self, actor: Actor, met: bool, value: str | None, hours: int | None) -> None:
        taken = IN_10_DAYS + timedelta(hours=hours) if hours is not None else None
        said = Decimal(value) if value else None
        made = self.take(actor, RecordEvidence(met=met, value=said, taken_at=taken))
        rule = rules().scheduling.gates.values.kinds[self.kind]
        assert not made or self.may(actor, rule.recorded_by)
        for fact in made:
            if rule.measured:
                assert self.signed_for is not None and hours in (-24, -1) and taken and self.world.at >= taken
                assert isinstance(fact, GateSatisfied) == (met and value in ("1.1", "1.2")), "ANT-05"
            else:
                assert isinstance(fact, GateSatisfied) == met

    @rule(actor=actors)
    def waive(self, actor: Actor) -> None:
        made = self.take(actor, WaiveGate(reason="clinical_need"))
        assert not made or self.may(actor, rules().scheduling.gates.values.kinds[self.kind].waived_by)

    def may(self, actor: Actor, roles: tuple[str, ...]) -> bool:
        return actor.kind == "user" and not rules().staff.roles_of(actor.id or "").isdisjoint(roles)

    @rule(hours=st.integers(1, 300))
    def wait(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @invariant()
    def what_was_told_last_is_the_state(self) -> None:
        told = [fact for fact, _ in self.world.facts if fact.public]
        assert not told or isinstance(told[-1], TOLD[type(self.world.state)])

    @invariant()
    def nobody_but_a_fact_meets_what_follows_from_one(self) -> None:
        if not isinstance(self.world.state, Satisfied):
            return
        if self.kind == "antithrombotic_plan":
            assert self.signed_for == self.version, "signed for this date (ANT-04)"
        if self.kind == "override":
            assert not self.world.state.overrides
        if self.kind == "authorisation":
            assert isinstance(self.answer, Approved), "PRC-05"

    @invariant()
    def nothing_was_ever_done_by_the_system_that_a_person_decides(self) -> None:
        assert all(fact.decided_by != SYSTEM.id for fact in self.made(GateWaived))


TestGates = Gates.TestCase
TestGates.settings = explored(150, steps=30)
