"""Whatever happens to an alert in whatever order: a named clinician closes it, after an assessment of all that came."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Actor, Command
from schemas.care_plan.v1.safety import (
    SafetyAlertAcknowledged,
    SafetyAlertAssessed,
    SafetyAlertClosed,
    SafetyAlertRaised,
)
from services.care_plan.risk.states import Risk
from services.care_plan.safety_alert.aggregate import SAFETY_ALERT, Closed, Open, Quiet, Raised
from services.care_plan.safety_alert.commands import (
    AcknowledgeAlert,
    AssessAlert,
    CloseAlert,
    ConsiderAnswers,
    ConsiderLeftTaper,
    ConsiderMissedVisit,
    ConsiderWarnings,
    RaiseOpen,
)
from services.care_plan.taper.states import Steady, Tapering
from tests.support.deciding import LANE
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import (
    COORDINATOR,
    NURSE,
    OUTSIDERS,
    PHYSICIAN,
    PSYCHOLOGIST,
    rules,
    some_id,
)

CLINICIANS = st.sampled_from((PSYCHOLOGIST, PHYSICIAN, NURSE))
ANSWER = st.sampled_from((0, 1, 3, None))
RESULTS = st.sampled_from(
    ("no_imminent_risk", "safety_plan", "emergency_care", "not_reached", "false_trigger")
)


class Alerts(Machine):
    """One patient's alert of one kind."""

    told: list[ConsiderAnswers]

    @initialize()
    def nothing_was_answered(self) -> None:
        self.begin(SAFETY_ALERT, rules())
        self.told = []

    @rule(item_9=ANSWER, others=ANSWER)
    def answers_come(self, item_9: int | None, others: int | None) -> None:
        command = ConsiderAnswers(
            submission_id=some_id(f"submission {len(self.told)}"), answers=(others,) * 8 + (item_9,)
        )
        before = self.world.state
        made = self.hear(command, command.submission_id)
        self.told.append(command)
        if item_9:
            assert any(isinstance(fact, SafetyAlertRaised) for fact in made), "again, while it is open"
            assert isinstance(self.world.state, Raised)
        else:
            assert self.world.state == before, "a negative answer is no reassurance"

    @rule()
    def a_warning_is_told(self) -> None:
        contact = some_id(f"contact {len(self.made(SafetyAlertRaised))}")
        made = self.hear(ConsiderWarnings(contact_id=contact, code="suicide_risk"), contact)
        assert not made or isinstance(self.world.state, Raised)

    @rule(high_dose=st.booleans())
    def a_visit_is_missed(self, high_dose: bool) -> None:
        visit = some_id(f"visit {len(self.made(SafetyAlertRaised))}")
        self.world.others = {LANE: Risk(high_dose=high_dose)}
        made = self.hear(ConsiderMissedVisit(appointment_id=visit, patient_id=LANE), visit)
        assert high_dose or not made
        assert not made or isinstance(self.world.state, Raised)

    @rule(under_way=st.booleans())
    def a_referral_ends(self, under_way: bool) -> None:
        ended = some_id(f"ended {len(self.made(SafetyAlertRaised))}")
        self.world.others = {LANE: Tapering(steps=()) if under_way else Steady()}
        made = self.hear(ConsiderLeftTaper(ended_by=ended, patient_id=LANE), ended)
        assert under_way or not made
        assert not made or isinstance(self.world.state, Raised)

    @rule()
    def a_death_is_taken_back(self) -> None:
        settled = some_id(f"settled {len(self.made(SafetyAlertRaised))}")
        was_open = isinstance(self.world.state, Open)
        made = self.hear(RaiseOpen(settled_by=settled), settled)
        assert bool(made) == was_open, "of what was closed nothing comes back"
        assert not made or isinstance(self.world.state, Raised)

    @rule(data=st.data())
    def answers_come_again(self, data: st.DataObject) -> None:
        """The key is the submission: a repeated one raises no second alert."""
        if self.told:
            before = len(self.world.facts)
            self.world.command(data.draw(st.sampled_from(self.told)), some_id("another cause"))
            assert len(self.world.facts) == before

    @rule(actor=CLINICIANS)
    def acknowledge(self, actor: Actor) -> None:
        self.do(actor, AcknowledgeAlert())

    @rule(actor=CLINICIANS, result=RESULTS)
    def assess(self, actor: Actor, result: Any) -> None:
        was_open = isinstance(self.world.state, Open)
        made = self.do(actor, AssessAlert(result=result, tool="C-SSRS", note="Spoke for an hour."))
        assert bool(made) == was_open

    @rule(actor=CLINICIANS)
    def close(self, actor: Actor) -> None:
        self.do(actor, CloseAlert())
        assert not self.take(actor, CloseAlert())

    def do(self, actor: Actor, command: Command) -> list[Any]:
        self.refuse((*OUTSIDERS, COORDINATOR), command)
        made: list[Any] = self.take(actor, command)
        for fact in made:
            name = fact.by_id if isinstance(fact, SafetyAlertAcknowledged) else fact.decided_by
            assert name == actor.id
        return made

    @invariant()
    def it_is_closed_only_after_an_assessment_of_all_that_came(self) -> None:
        assessed = False
        for fact, _ in self.world.facts:
            if isinstance(fact, SafetyAlertRaised):
                assessed = False
            assessed = assessed or isinstance(fact, SafetyAlertAssessed)
            assert assessed or not isinstance(fact, SafetyAlertClosed)

    @invariant()
    def it_is_open_from_its_first_trigger_until_it_is_closed(self) -> None:
        told = [
            type(fact) for fact, _ in self.world.facts if type(fact) in (SafetyAlertRaised, SafetyAlertClosed)
        ]
        assert isinstance(self.world.state, Open) == (told[-1:] == [SafetyAlertRaised])
        assert isinstance(self.world.state, Quiet) == (not told)

    @invariant()
    def it_is_acknowledged_at_most_once_for_each_raising(self) -> None:
        raised, acknowledged = self.made(SafetyAlertRaised), self.made(SafetyAlertAcknowledged)
        assert len(acknowledged) <= len(raised)
        if isinstance(self.world.state, Closed):
            assert acknowledged


TestAlerts = Alerts.TestCase
TestAlerts.settings = explored(60, steps=30)
