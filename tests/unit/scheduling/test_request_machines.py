"""Requests for dates, and places on the waiting list, under whatever is told in whatever order."""

from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from msgspec.structs import replace

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command
from schemas.care_plan.v1.activity import ActivityAccepted
from schemas.fact import Fact
from schemas.scheduling.v1.booking import (
    BookingFulfilled,
    BookingRequested,
    BookingSuspended,
    BookingTakenUp,
)
from schemas.scheduling.v1.waitlist import WaitlistJoined, WaitlistLeft
from services.scheduling.appointment.states import Cancelled, NoAppointment
from services.scheduling.booking_request.aggregate import (
    BOOKING_REQUEST,
    CountBooked,
    RequestAgain,
    RequestBooking,
    SuspendRequest,
    TakeUpRequest,
    WithdrawRequest,
)
from services.scheduling.booking_request.states import Done, Open, Wish
from services.scheduling.referral_record.states import Record
from services.scheduling.waiting_list.aggregate import WAITLIST_ENTRY
from services.scheduling.waiting_list.commands import (
    GoBack,
    JoinAgain,
    JoinList,
    LeaveList,
    NoteAbsence,
    NoteOffer,
    PauseEntry,
    RankEntry,
    RemoveEntry,
    ResumeEntry,
)
from services.scheduling.waiting_list.facts import (
    AbsenceNoted,
    EntryBack,
    EntryOffered,
    EntryPaused,
    EntryRanked,
    EntryResumed,
)
from services.scheduling.waiting_list.states import Left, NotThere, Offered, Paused, Place, Waiting
from tests.support.deciding import TARGET
from tests.support.effort import explored
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    EVERYBODY,
    FIRST_VISIT,
    REQUEST,
    Steady,
    asked,
    rules,
)

LOST, NEVER_MADE = derive(ROOT, "a lost visit"), derive(ROOT, "no visit")
BESIDE = {
    LOST: Cancelled(matter=FIRST_VISIT, by="clinic", reason="ill"),
    NEVER_MADE: NoAppointment(),
    TARGET: Record(category="cat_1", target_date=date(2027, 2, 1)),
}
VISITS = [derive(ROOT, f"visit {number}") for number in range(5)]
PLACE = Place(
    booking_request_id=REQUEST, purpose="initial_consultation", discipline="medical", category="cat_2"
)
LOOKED_AT = date(2027, 3, 1)
OFFERS = st.sampled_from([derive(ROOT, f"offer {number}") for number in range(2)])
DAYS = st.dates(date(2027, 1, 5), date(2027, 6, 30))


HOLDERS = st.sampled_from(("plan", "activity", "cancellation"))


class Requests(Steady):
    """Something has to be booked, once or as a series."""

    @initialize()
    def nothing_is_asked(self) -> None:
        self.begin(BOOKING_REQUEST, rules())
        self.world.others = BESIDE

    def tell(self, command: Command) -> list[Fact]:
        before = self.world.state
        made = self.take(SYSTEM, command)
        assert not (made and isinstance(before, Done)), "nothing happens to a fulfilled request"
        return made

    @rule(count=st.integers(1, 4))
    def ask(self, count: int) -> None:
        self.tell(
            RequestBooking(
                wish=Wish(purpose="session", discipline="medical", priority="routine", count=count)
            )
        )

    @rule(lost=st.sampled_from((LOST, NEVER_MADE)))
    def ask_again(self, lost: str) -> None:
        """Only for what was lost; as urgent as the referral is."""
        made = self.tell(RequestAgain(appointment_id=lost, referral_id=TARGET))
        assert not made or (lost == LOST and self.world.state.wish.priority == "urgent")

    @rule(visits=st.lists(st.sampled_from(VISITS), min_size=1, max_size=3))
    def count(self, visits: list[str]) -> None:
        before = self.world.state
        if self.tell(CountBooked(appointment_ids=tuple(visits))):
            assert not before.suspended, "no dates while the plan is on hold"
            assert set(before.booked) | set(visits) == set(self.world.state.booked)

    @rule(
        command=st.sampled_from(
            [
                SuspendRequest(by="plan", until=LOOKED_AT),
                *[kind(by=by) for kind in (SuspendRequest, TakeUpRequest) for by in ("plan", "activity")],
            ]
        )
    )
    def hold_or_go_on(self, command: Command) -> None:
        before = self.world.state
        made = [fact for fact in self.tell(command) if fact.public]
        if isinstance(before, Open):
            after = self.world.state
            told = {BookingSuspended} if after.held_by else {BookingTakenUp}
            assert {type(fact) for fact in made} <= told
            heard = (before.suspended, before.until) == (after.suspended, after.until)
            assert heard == (not made), "whoever has to book hears of every change, once"
            assert after.until is None or "plan" in after.held_by

    @precondition(lambda self: self.world.version > 3)
    @rule()
    def withdraw(self) -> None:
        before = self.world.state
        for fact in self.tell(WithdrawRequest(reason="discharged")):
            assert isinstance(fact, BookingFulfilled) and fact.appointment_ids == before.booked

    @invariant()
    def there_are_never_more_dates_than_asked_for_and_each_counts_once(self) -> None:
        if isinstance(self.world.state, Open | Done):
            booked, count = self.world.state.booked, self.world.state.wish.count
            assert len(set(booked)) == len(booked) <= count
            assert len(booked) < count or isinstance(self.world.state, Done)

    @invariant()
    def it_is_asked_for_once_and_fulfilled_once(self) -> None:
        held = BookingSuspended | BookingTakenUp
        told = [type(fact) for fact, _ in self.world.facts if fact.public and not isinstance(fact, held)]
        assert told == [BookingRequested, BookingFulfilled][: len(told)]
        assert (len(told) == 2) == isinstance(self.world.state, Done)


class Entries(Steady):
    """A patient who waits for the first visit."""

    @initialize(again=st.booleans())
    def joins(self, again: bool) -> None:
        """For the first time, or after a visit that did not take place, as urgent as it was."""
        self.begin(WAITLIST_ENTRY, rules())
        self.world.others = BESIDE
        rejoining = JoinAgain(booking_request_id=REQUEST, appointment_id=LOST, referral_id=TARGET)
        assert self.take(SYSTEM, rejoining if again else JoinList(place=PLACE))
        assert self.world.state.place.category == ("cat_1" if again else "cat_2")

    def tell(self, command: Command, actor: Actor = SYSTEM) -> list[Fact]:
        before = self.world.state
        made = self.take(actor, command)
        assert not (made and isinstance(before, Left)), "who left has left"
        return made

    @rule(lost=st.sampled_from((LOST, NEVER_MADE)))
    def join_again(self, lost: str) -> None:
        assert not self.tell(JoinList(place=PLACE))
        assert not self.tell(JoinAgain(booking_request_id=REQUEST, appointment_id=lost, referral_id=TARGET))

    @rule(category=st.sampled_from(("cat_1", "cat_2", "cat_3")), due=DAYS)
    def rank(self, category: str, due: date) -> None:
        """The place among the others changes, not whether one waits."""
        before = type(self.world.state)
        self.tell(RankEntry(category=category, target_date=due))
        assert type(self.world.state) is before
        assert before is Left or self.world.state.place.target_date == due

    @rule(offer=OFFERS)
    def offer(self, offer: str) -> None:
        """One at a time, and none to who is not available."""
        before = self.world.state
        assert bool(self.tell(NoteOffer(offer_id=offer))) == isinstance(before, Waiting)

    @rule(offer=OFFERS)
    def decline(self, offer: str) -> None:
        before = self.world.state
        mine = isinstance(before, Offered) and before.offer_id == offer
        assert bool(self.tell(GoBack(offer_id=offer))) == mine
        assert not mine or isinstance(self.world.state, Waiting | Paused)

    @rule(period=st.sampled_from((LOST, NEVER_MADE)), start=DAYS, end=st.none() | DAYS)
    def go_away(self, period: str, start: date, end: date | None) -> None:
        if end is None or end > start:
            self.tell(NoteAbsence(period_id=period, start=start, end=end))

    @rule(command=st.sampled_from((PauseEntry(), ResumeEntry())))
    def look_at_the_day(self, command: Command) -> None:
        """A timer that was overtaken changes nothing."""
        before = self.world.state
        if not WAITLIST_ENTRY.timers(before, rules()):
            self.tell(command)
            assert type(self.world.state) is type(before)

    @precondition(lambda self: bool(WAITLIST_ENTRY.timers(self.world.state, rules())))
    @rule()
    def let_the_pause_end(self) -> None:
        [timer] = WAITLIST_ENTRY.timers(self.world.state, rules()).values()
        self.world.at = max(self.world.at, timer.due)
        assert self.tell(timer.command), "a due timer does something"

    @precondition(lambda self: self.world.version > 4)
    @rule(actor=st.sampled_from(EVERYBODY), asked=st.booleans())
    def leave(self, actor: Actor, asked: bool) -> None:
        """Software takes off the list whom a fact took off; of people, only the desk does."""
        before = self.world.state
        made = (
            self.tell(RemoveEntry(reason="removed"), actor)
            if asked
            else self.tell(LeaveList(reason="booked"))
        )
        allowed = not asked or actor in (COORDINATOR, CLERK, SYSTEM)
        assert bool(made) == (allowed and not isinstance(before, Left))

    @invariant()
    def what_was_told_is_where_the_patient_is(self) -> None:
        """Exactly one of waiting, offered, paused, left; as the journal says."""
        told = [
            type(fact) for fact, _ in self.world.facts if not isinstance(fact, EntryRanked | AbsenceNoted)
        ]
        where = {
            **dict.fromkeys((WaitlistJoined, EntryBack, EntryResumed), Waiting),
            EntryOffered: Offered,
            EntryPaused: Paused,
            WaitlistLeft: Left,
        }
        assert not told or where[told[-1]] is type(self.world.state)
        public = [each for each in told if each.public]
        assert public == [WaitlistJoined, WaitlistLeft][: len(public)]

    @invariant()
    def the_place_is_kept(self) -> None:
        if not isinstance(self.world.state, NotThere):
            assert self.world.state.place.booking_request_id == REQUEST
            assert self.world.state.referral_id == TARGET

    @invariant()
    def a_pause_begins_and_ends_by_itself_where_its_days_are_known(self) -> None:
        state: Any = self.world.state
        ends = isinstance(state, Paused) and state.until is not None
        begins = isinstance(state, Waiting) and bool(state.absences)
        assert bool(WAITLIST_ENTRY.timers(state, rules())) == (ends or begins)


TestRequests, TestEntries = Requests.TestCase, Entries.TestCase
TestRequests.settings = TestEntries.settings = explored(100, steps=30)


def test_an_assessment_is_one_date_and_a_series_as_many_as_ordered() -> None:
    activity = derive(ROOT, "an activity")
    fact = ActivityAccepted(
        activity_id=activity,
        owner_id=derive(ROOT, "owner"),
        discipline="physiotherapy",
        remote=False,
        assessment=True,
        sessions=8,
        every_days=7,
    )
    wish = Wish(purpose="session", discipline="physiotherapy", priority="routine", activity_id=activity)
    wishes = [each.wish for each in asked(fact) if isinstance(each, RequestBooking)]
    assert wishes == [replace(wish, purpose="assessment"), replace(wish, count=8, every_days=7)]
