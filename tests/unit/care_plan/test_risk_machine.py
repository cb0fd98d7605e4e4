"""What puts a patient at risk: facts told again in any order change nothing, and one alert does not end another."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.model import Command
from backbone.model.person import Person
from services.care_plan.risk.aggregate import (
    RISK,
    NoteAlert,
    NoteAlertEnd,
    NoteBeside,
    NoteDose,
    NoteMood,
    NoteTaper,
)
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.care_plan.situations import rules, some_id

NEW_YORK = ZoneInfo("America/New_York")
ALERTS = st.sampled_from(("suicide_risk", "post_procedure_warning")).map(some_id)


class Risks(Machine):
    told: list[tuple[Command, str]]
    open_alerts: set[str]
    high_dose: bool
    tapering: bool

    @initialize()
    def nothing_is_known(self) -> None:
        self.begin(RISK, rules())
        self.world.others = {TARGET: Person()}
        self.low_mood: tuple[str, ...] = ()
        self.told, self.open_alerts, self.high_dose, self.tapering = [], set(), False, False

    @rule(alert=ALERTS)
    def an_alert_is_raised(self, alert: str) -> None:
        self.open_alerts.add(alert)
        self.tell(NoteAlert(patient_id=TARGET, alert_id=alert, at=self.world.at))

    @rule(alert=ALERTS)
    def an_alert_is_closed(self, alert: str) -> None:
        self.open_alerts.discard(alert)
        self.tell(NoteAlertEnd(alert_id=alert))

    @rule(high=st.booleans())
    def a_dose_is_told(self, high: bool) -> None:
        self.high_dose = high
        self.tell(NoteDose(patient_id=TARGET, high=high))

    @rule(active=st.booleans())
    def a_taper_begins_or_ends(self, active: bool) -> None:
        self.tapering = active
        self.tell(NoteTaper(patient_id=TARGET, active=active))

    @rule()
    def something_happens_under_another_record(self) -> None:
        before = self.world.version
        self.tell(NoteBeside(other_id=some_id("another record of the person")))
        assert self.world.version == before + 1, "of two who look at both, one has to look again"

    @rule(low=st.booleans())
    def a_questionnaire_is_answered(self, low: bool) -> None:
        self.low_mood = ("phq9",) if low else ()
        self.tell(NoteMood(patient_id=TARGET, instrument="phq9", low=low))

    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        if self.told:
            before = len(self.world.facts)
            self.world.command(*data.draw(st.sampled_from(self.told)))
            assert len(self.world.facts) == before

    def tell(self, command: Command) -> None:
        cause = some_id(f"fact {len(self.told)}")
        self.hear(command, cause)
        self.told.append((command, cause))

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        self.world.at += timedelta(days=days)

    @invariant()
    def risks_are_as_they_were_told_last(self) -> None:
        state, last = self.world.state, [each for each, _ in self.told if isinstance(each, NoteAlert)]
        assert (set(state.open_alerts), state.high_dose) == (self.open_alerts, self.high_dose)
        assert state.low_mood == self.low_mood
        today = self.world.at.astimezone(NEW_YORK).date()
        recent = any((today - each.at.astimezone(NEW_YORK).date()).days <= 30 for each in last)
        expected = recent or bool(self.open_alerts) or self.high_dose or self.tapering
        assert state.is_high(self.world.at, alert_days=30, calendar=rules().calendar) == expected


TestRisks = Risks.TestCase
TestRisks.settings = explored(60, steps=40)
