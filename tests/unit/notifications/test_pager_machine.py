"""Somebody is called at any time: they hear of each call, by a page of its own or by one that tells of all."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM
from schemas.fact import Fact
from services.notifications.pager.aggregate import PAGER, Page, Silent, TellKept
from services.notifications.pager.facts import PageKept, PageTold
from tests.support.effort import explored
from tests.support.machines import Machine
from tests.unit.notifications.situations import rules

SOMEBODY, PATIENT, REFERRAL = (derive(ROOT, name) for name in ("somebody", "the patient", "the referral"))
AT_ONCE = 5
WINDOW = {True: timedelta(minutes=1), False: timedelta(minutes=15)}
SECOND = timedelta(seconds=1)


class Pagers(Machine):
    """One person's, by one channel, for emergencies or for the others. `window`: since when it counts, and how many may
    still go out one by one in it."""

    @initialize(emergency=st.booleans())
    def nobody_calls(self, emergency: bool) -> None:
        self.begin(PAGER, rules())
        self.emergency = emergency
        self.window: tuple[datetime, int] | None = None
        self.waits: list[str] = []
        self.calls = 0

    @property
    def ends(self) -> datetime | None:
        return self.window[0] + WINDOW[self.emergency] if self.window else None

    def called(self, told: list[Fact], page: Page) -> None:
        [fact] = told
        if self.ends is None or (self.world.at >= self.ends and not self.waits):
            self.window = (self.world.at, AT_ONCE)
        assert self.window
        since, left = self.window
        if left:
            said = (page.message_id, page.subject_id, page.subject_version, page.code, PATIENT, REFERRAL)
            assert isinstance(fact, PageTold) and fact.template == "ESCALATION_PAGE"
            assert (fact.message_id, fact.subject_id, fact.subject_version) == said[:3]
            assert (fact.code, fact.patient_id, fact.referral_id) == said[3:]
            assert (fact.send_at, fact.since) == (self.world.at, since)
            self.window = (since, left - 1)
        else:
            assert isinstance(fact, PageKept) and fact.subject_id == page.subject_id
            self.waits.append(page.subject_id)

    @rule(times=st.sampled_from((1, 1, AT_ONCE, AT_ONCE + 1)), about=st.integers(0, 2))
    def somebody_calls(self, times: int, about: int) -> None:
        for _ in range(times):
            self.calls += 1
            page = Page(
                message_id=derive(ROOT, f"page {self.calls}"),
                recipient_id=SOMEBODY,
                subject_id=derive(ROOT, f"escalation {about}"),
                subject_version=self.calls,
                only="sms",
                code=f"{self.calls:06}",
                emergency=self.emergency,
                patient_id=PATIENT,
                referral_id=REFERRAL,
            )
            self.called(self.take(SYSTEM, page), page)

    @rule()
    def the_timer_runs(self) -> None:
        """When it is due, and when it was overtaken: told in one is what is kept, once, and never before the end."""
        made = self.hear(TellKept(), derive(ROOT, f"timer {self.world.version} {self.world.at}"))
        is_due = bool(self.waits) and self.ends is not None and self.world.at >= self.ends
        assert len(made) == is_due
        for fact in made:
            assert isinstance(fact, PageTold) and fact.template == "ESCALATION_PAGES"
            assert (fact.subject_id, fact.send_at) == (self.waits[-1], self.world.at)
            assert (fact.code, fact.patient_id, fact.referral_id) == (None, None, None), "it is about nobody"
            self.window, self.waits = (self.world.at, 0), []

    @rule(time=st.sampled_from((SECOND, timedelta(minutes=1), timedelta(minutes=15), timedelta(days=400))))
    def time_goes_by(self, time: timedelta) -> None:
        self.world.at += time

    @precondition(lambda self: self.window is not None)
    @rule(off=st.sampled_from((-SECOND, timedelta(0))))
    def the_window_ends(self, off: timedelta) -> None:
        self.world.at = max(self.world.at, (self.ends or self.world.at) + off)

    @invariant()
    def what_is_kept_has_a_timer_at_the_end_and_nothing_else_has(self) -> None:
        timers = PAGER.timers(self.world.state, rules()).values()
        assert [(timer.due, timer.command) for timer in timers] == [(self.ends, TellKept())] * bool(
            self.waits
        )
        assert isinstance(self.world.state, Silent) == (self.calls == 0)

    @invariant()
    def no_message_goes_out_twice(self) -> None:
        ids = [fact.message_id for fact in self.made(PageTold)]
        assert len(set(ids)) == len(ids)

    @invariant()
    def nobody_gets_more_in_one_window_than_they_can_read(self) -> None:
        told = [fact.send_at for fact in self.made(PageTold)]
        most = [len([at for at in told if first <= at < first + WINDOW[self.emergency]]) for first in told]
        assert not most or max(most) <= 2 * AT_ONCE, "at the end of one and the begin of the next"


TestPagers = Pagers.TestCase
TestPagers.settings = explored(50, steps=15)
