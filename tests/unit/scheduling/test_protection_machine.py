"""A patient in a crisis: exempt while the alert is open and for thirty days, whatever is told twice or too late."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from backbone.ids import ROOT, derive
from services.scheduling.protection.aggregate import PROTECTION, NoteCrisis, NoteCrisisEnd
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.scheduling.situations import rules

NEW_YORK = ZoneInfo("America/New_York")
ALERT, OTHER = derive(ROOT, "suicide alert"), derive(ROOT, "another alert")


class Crises(Machine):
    facts: int
    raised: list[NoteCrisis]
    is_open: bool

    @initialize()
    def nothing_is_known(self) -> None:
        self.begin(PROTECTION, rules())
        self.facts, self.raised, self.is_open = 0, [], False

    @rule()
    def an_alert_is_raised(self) -> None:
        self.world.at += timedelta(minutes=1)
        self.raised.append(NoteCrisis(alert_id=ALERT, at=self.world.at))
        self.tell(self.raised[-1])
        self.is_open = True

    @rule(alert=st.sampled_from((ALERT, OTHER)))
    def an_alert_is_closed(self, alert: str) -> None:
        self.world.at += timedelta(minutes=1)
        self.tell(NoteCrisisEnd(alert_id=alert, at=self.world.at))
        self.is_open = self.is_open and alert != ALERT

    @rule(data=st.data())
    def it_is_told_again(self, data: st.DataObject) -> None:
        if self.raised:
            before = self.world.state
            self.tell(data.draw(st.sampled_from(self.raised)))
            assert self.world.state == before

    def tell(self, command: NoteCrisis | NoteCrisisEnd) -> None:
        self.facts += 1
        self.hear(command, derive(ROOT, f"fact {self.facts}"))

    @rule(days=st.integers(1, 60))
    def wait(self, days: int) -> None:
        self.world.at += timedelta(days=days)

    @invariant()
    def who_is_in_a_crisis_is_exempt(self) -> None:
        today = self.world.at.astimezone(NEW_YORK).date()
        recent = self.raised and (today - self.raised[-1].at.astimezone(NEW_YORK).date()).days <= 30
        found = self.world.state.exemptions(self.world.at, rules())
        assert bool(found) == (self.is_open or bool(recent))


TestCrises = Crises.TestCase
TestCrises.settings = explored(60, steps=30)
