"""A taper under any sequence of doses, steps and agreements: no fall is unseen, and planned is what was agreed."""

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from schemas.care_plan.v1.codes import ExposureStatus
from schemas.care_plan.v1.opioid import TaperEnded, TaperStarted, TaperStepRecorded
from services.care_plan.opioid.states import Assessed, Unassessed, profile_id
from services.care_plan.taper.aggregate import TAPER
from services.care_plan.taper.commands import EndTaper, EndWithDeath, FollowDose, RecordStep, StartTaper
from services.care_plan.taper.states import Steady, Step, Tapering, taper_id
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import COORDINATOR, OUTSIDERS, PHARMACIST, PHYSICIAN, rules, some_id

PROFILE = ("opioid_profile", profile_id(LANE))
OTHER = ("taper", taper_id(some_id("another record of the person")))
ALONE = dataclasses.replace(TAPER, needs=lambda state, command: [PROFILE, OTHER])
DOSES = st.sampled_from((0, 30, 60, 90, 120)).map(Decimal)
PLANS = st.lists(st.tuples(st.integers(0, 40), DOSES), max_size=3)


class Tapers(Machine):
    dose: Decimal | None
    theirs: bool
    agreed: tuple[Step, ...] | None

    @initialize()
    def nothing_is_known(self) -> None:
        self.begin(ALONE, rules())
        self.world.others = {PROFILE: Unassessed(), OTHER: Steady()}
        self.theirs = False
        self.dose, self.agreed = None, None

    def know(self, more: dict[Any, Any]) -> None:
        self.world.others = {**self.world.others, **more}

    def today(self) -> date:
        return rules().calendar.day(self.world.at)

    @rule(dose=st.none() | DOSES)
    def an_exposure_is_assessed(self, dose: Decimal | None) -> None:
        status: ExposureStatus = "incomplete" if dose is None else "complete" if dose else "none"
        self.know({PROFILE: Assessed(exposure=status, mme_per_day=dose or None)})
        made = self.hear(FollowDose(patient_id=LANE), some_id(f"fact {self.world.version} {self.world.at}"))
        steps = [fact for fact in made if isinstance(fact, TaperStepRecorded)]
        if dose is not None:
            fell = self.dose is not None and dose < self.dose
            self.they_are(steps, dose, self.today(), fell)
        assert dose is not None or not steps, "what can't be told tells of no fall"

    @rule(theirs=st.booleans())
    def another_record_of_the_person_has_one(self, theirs: bool) -> None:
        """Joined, parted, begun or ended there."""
        self.theirs = theirs
        self.know({OTHER: Tapering(steps=()) if theirs else Steady()})

    @rule(plan=PLANS, agreed=st.booleans())
    def a_taper_is_agreed(self, plan: list[tuple[int, Decimal]], agreed: bool) -> None:
        steps = tuple(Step(self.today() + timedelta(days=days), mme) for days, mme in plan)
        command = StartTaper(patient_id=LANE, agreed=agreed, steps=steps)
        self.refuse((*OUTSIDERS, COORDINATOR, PHARMACIST), command)
        made = self.take(PHYSICIAN, command)
        falls = [self.dose or Decimal(0), *(each.mme for each in steps)]
        days = [each.on for each in steps]
        possible = days == sorted({*days}) and falls == sorted({*falls}, reverse=True)
        alone = self.agreed is None and not self.theirs
        assert bool(made) == (agreed and bool(self.dose) and bool(steps) and possible and alone)
        if made:
            assert [fact.from_mme for fact in made if isinstance(fact, TaperStarted)] == [self.dose]
            self.agreed = steps

    @rule(dose=DOSES, days_ago=st.integers(-1, 10))
    def a_step_is_recorded(self, dose: Decimal, days_ago: int) -> None:
        on = self.today() - timedelta(days=days_ago)
        command = RecordStep(patient_id=LANE, mme=dose, on=on)
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        made = self.take(PHARMACIST, command)
        steps = [fact for fact in made if isinstance(fact, TaperStepRecorded)]
        possible = self.agreed is not None and days_ago >= 0 and dose != self.dose
        self.they_are(steps, dose, on, possible, known=possible)

    def they_are(
        self, steps: list[TaperStepRecorded], dose: Decimal, on: date, there: bool, known: bool = True
    ) -> None:
        assert len(steps) == there
        due = [each.mme for each in self.agreed or () if each.on <= on]
        for fact in steps:
            limit = min(due) if due else self.dose
            assert fact.mme == dose and fact.on == on
            assert fact.as_planned == (self.agreed is not None and limit is not None and dose >= limit)
        if known:
            self.dose = dose

    @rule(reason=st.sampled_from(("completed", "paused", "harm")))
    def it_ends(self, reason: str) -> None:
        self.refuse((*OUTSIDERS, COORDINATOR), EndTaper(reason=reason))
        made = self.take(PHARMACIST, EndTaper(reason=reason))
        assert [fact.mme for fact in made if isinstance(fact, TaperEnded)] == (
            [] if self.agreed is None else [self.dose]
        )
        self.agreed = None

    @rule()
    def they_die(self) -> None:
        made = self.hear(EndWithDeath(), some_id(f"a death {self.world.version} {self.world.at}"))
        assert [fact.reason for fact in made if isinstance(fact, TaperEnded)] == ["died"] * (
            self.agreed is not None
        )
        self.agreed = None

    @rule(days=st.integers(1, 30))
    def wait(self, days: int) -> None:
        self.world.at += timedelta(days=days)

    @invariant()
    def it_is_under_way_from_the_agreement_until_it_ends(self) -> None:
        state = self.world.state
        assert isinstance(state, Tapering) == (self.agreed is not None)
        assert state.dose == self.dose


TestTapers = Tapers.TestCase
TestTapers.settings = explored(60, steps=30)
