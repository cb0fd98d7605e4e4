"""Opioid checks under any sequence of doses, dangers, tapers, days and records: no reason is left without somebody who
has it to do or has done it, and nobody has the same to do twice."""

from dataclasses import replace as with_needs
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from schemas.care_plan.v1.opioid import OpioidCheckFellDue, OpioidCheckRecorded
from services.care_plan.history.states import History
from services.care_plan.opioid.states import Assessed
from services.care_plan.opioid_check.aggregate import OPIOID_CHECKS
from services.care_plan.opioid_check.commands import (
    AskAgain,
    EndChecks,
    FollowOpioids,
    LookAtOpioids,
    RecordCheck,
)
from services.care_plan.opioid_check.decide.reasons import again_on, exposed, reasons
from services.care_plan.opioid_check.facts import SecondReviewAsked
from services.care_plan.opioid_check.states import Ended, Followed
from services.care_plan.risk.states import Risk
from tests.support.deciding import LANE, TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.opioids import reviewing_from, takes
from tests.unit.care_plan.plans import peg
from tests.unit.care_plan.situations import COORDINATOR, OUTSIDERS, PHARMACIST, some_id

RULES = reviewing_from(90)
THEIRS = ("risk", some_id("another record of the person"))
BESIDE = [("opioid_profile", LANE), ("risk", LANE), ("history", TARGET), THEIRS]
CHECKS = with_needs(OPIOID_CHECKS, needs=lambda state, command: BESIDE)
DANGERS = st.lists(st.sampled_from(("benzodiazepine", "overdose")), max_size=2, unique=True)
UNHELPED = History(scores=(peg(20, "review", responder=False),))


class Checks(Machine):
    ended: bool

    @initialize()
    def nothing_is_followed(self) -> None:
        self.begin(CHECKS, RULES)
        self.ended = False
        self.know(Assessed(exposure="none"), Risk(), Risk())

    def know(self, profile: Assessed, risk: Risk, theirs: Risk) -> None:
        others: dict[Any, Any] = dict(zip(BESIDE, (profile, risk, UNHELPED, theirs), strict=True))
        self.world.others = others

    def today(self) -> date:
        return RULES.calendar.day(self.world.at)

    @rule(
        dose=st.sampled_from((None, 20, 60, 90, 120)),
        dangers=DANGERS,
        told=st.booleans(),
        long_supply=st.booleans(),
        tapering=st.booleans(),
        theirs=st.booleans(),
        intensified=st.booleans(),
    )
    def something_else_is_taken(
        self,
        dose: int | None,
        dangers: list[str],
        told: bool,
        long_supply: bool,
        tapering: bool,
        theirs: bool,
        intensified: bool,
    ) -> None:
        before, status = self.world.state, "complete" if told else "incomplete"
        more: Any = {"exposure": status, "long_supply": long_supply, "intensified": intensified}
        self.know(takes(dose, *dangers, **more), Risk(tapering=tapering), Risk(tapering=theirs))
        self.hear(LookAtOpioids(patient_id=LANE), some_id(f"dose {self.world.version} {self.world.at}"))
        if isinstance(before, Followed) and before.seen and intensified and before.mme_per_day != dose:
            assert self.world.state.is_open("registry_check"), "every other dose is a prescription"

        if isinstance(before, Followed) and not before.two_tapers and tapering and theirs:
            due = [each.due_on for each in self.world.state.open if each.check == "taper_followup"]
            assert [day and day <= self.today() for day in due] == [True], (
                "which of them goes on is said today"
            )

    @rule()
    def nothing_is_taken_any_more(self) -> None:
        self.know(Assessed(exposure="none"), Risk(), Risk())
        self.hear(LookAtOpioids(patient_id=LANE), some_id(f"none {self.world.version} {self.world.at}"))

    @rule(seen=st.booleans(), begun=st.booleans())
    def it_is_followed(self, seen: bool, begun: bool) -> None:
        command = FollowOpioids(patient_id=LANE, referral_id=TARGET, seen=seen, begun=begun)
        made = self.hear(command, some_id(f"follow {self.world.version} {self.world.at}"))
        assert not (self.ended and made)

    @precondition(lambda self: isinstance(self.world.state, Followed) and bool(self.world.state.open))
    @rule(data=st.data(), criteria=st.sampled_from((None, 0, 2)))
    def somebody_records(self, data: st.DataObject, criteria: int | None) -> None:
        check = data.draw(st.sampled_from(self.world.state.open))
        result = data.draw(st.sampled_from(RULES.opioid.checks.values.results[check.check]))
        command = RecordCheck(check_id=check.id, result=result, criteria=criteria)
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        made = self.take(PHARMACIST, command)
        [recorded] = [fact for fact in made if isinstance(fact, OpioidCheckRecorded)]
        assert (recorded.check_id, recorded.decided_by) == (check.id, PHARMACIST.id)
        assert recorded.next_due is None or recorded.next_due > self.today()
        asked = {fact.check for fact in made if isinstance(fact, OpioidCheckFellDue)}
        assert ("unexpected_finding" in asked) <= (result == "unexpected")
        assert not ("no_benefit_discussion" in asked and self.world.others["risk", LANE].tapering)
        assert not self.take(PHARMACIST, command), "what is recorded is not open any more"

    @rule(days=st.integers(1, 120))
    def time_goes_by(self, days: int) -> None:
        self.world.at += timedelta(days=days)
        state = self.world.state
        due_on = state.next_due() if isinstance(state, Followed) else None
        if due_on is not None and due_on <= self.today() + timedelta(days=7):
            made = self.hear(AskAgain(due_on=due_on), some_id(f"timer {self.world.version}"))
            assert any(isinstance(fact, OpioidCheckFellDue) for fact in made)

    @rule()
    def the_referral_ends(self) -> None:
        self.hear(EndChecks(), some_id(f"end {self.world.version}"))
        self.ended = True

    @invariant()
    def what_has_a_reason_is_somebodys_or_done(self) -> None:
        state = self.world.state
        assert isinstance(state, Ended) == self.ended
        if isinstance(state, Followed):
            now = exposed(self.world.given(LookAtOpioids(patient_id=LANE), TARGET))
            lacking = {
                each.check for each in reasons(now, state.stage, RULES) if not state.is_quiet(each.check)
            }
            assert not lacking

    @invariant()
    def nobody_has_the_same_to_do_twice(self) -> None:
        state = self.world.state
        if isinstance(state, Followed):
            names = [each.check for each in state.open]
            assert len(names) == len({*names})
            settled = [each.check for each in state.settled]
            assert not {*names} & {*settled}
        due = dict[str, date]()
        for fact in self.made(OpioidCheckFellDue):
            assert fact.due_on < due.get(fact.check_id, date.max), "told again only where it is sooner"
            due[fact.check_id] = fact.due_on

    @invariant()
    def a_review_is_never_set_later_than_what_is_known_now_asks_for(self) -> None:
        state = self.world.state
        if not isinstance(state, Followed):
            return
        given = self.world.given(LookAtOpioids(patient_id=LANE), TARGET)
        for each in state.settled:
            if each.check == "opioid_review" and each.again_on:
                latest = again_on("opioid_review", exposed(given), given, each.at)
                assert latest is None or each.again_on <= latest

    @invariant()
    def a_second_review_is_asked_for_when_the_dose_is_that_high_and_for_each_rise_once(self) -> None:
        state, reviews = self.world.state, [fact.mme_per_day for fact in self.made(SecondReviewAsked)]
        assert all(dose >= Decimal(90) for dose in reviews)
        if isinstance(state, Followed) and state.seen:
            dose = self.world.others["opioid_profile", LANE].mme_per_day
            high = dose is not None and dose >= 90
            assert (state.reviewed_at is not None) == high


TestChecks = Checks.TestCase
TestChecks.settings = explored(60, steps=30)
