"""Whoever wants a slot in whatever order: it is sold once, and who has it keeps it until they give it back (SCH-03)."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Command, State
from schemas.fact import Fact
from schemas.scheduling.v1.slot import FreedSlotClosed, FreedSlotLeft
from services.scheduling.appointment.states import Booked, Date, NoAppointment, Proposed
from services.scheduling.slot.aggregate import SLOT
from services.scheduling.slot.commands import EndHold, EndSearch, HoldSlot, ReleaseSlot, TakeSlot
from services.scheduling.slot.states import Busy, Free, Held, SlotTime
from tests.support.deciding import START
from tests.support.effort import explored
from tests.unit.scheduling.situations import DAY, FIRST_VISIT, IN_10_DAYS, MAYA, PAUL, Steady, rules

APPOINTMENTS = st.sampled_from([derive(ROOT, f"appointment {number}") for number in range(2)])
PLACE: dict[str, Any] = {"clinician_id": PAUL, "start": IN_10_DAYS}
DATE, OTHER = (
    Date(clinician_id=who, start=IN_10_DAYS, end=IN_10_DAYS, location="main") for who in (PAUL, MAYA)
)
OFFER: dict[str, Any] = {"matter": FIRST_VISIT, "offer_id": DAY, "reasonable": True, "hold_until": START}
WITH_THIS_DATE: tuple[State, ...] = (
    Booked(matter=FIRST_VISIT, date=DATE),
    Proposed(**OFFER, choices=(SlotTime(MAYA, IN_10_DAYS), SlotTime(PAUL, IN_10_DAYS))),
)
WITHOUT_IT: tuple[State, ...] = (
    NoAppointment(),
    Booked(matter=FIRST_VISIT, date=OTHER),
    Proposed(**OFFER, choices=(SlotTime(MAYA, IN_10_DAYS),)),
)


class Slots(Steady):
    """One time of one clinician, wanted by two appointments."""

    @initialize()
    def nobody_wanted_it_yet(self) -> None:
        self.begin(SLOT, rules())
        self.left_to_people = False

    def take(self, actor: Actor, command: Command) -> list[Fact]:
        made = super().take(actor, command)
        said = any(isinstance(each, FreedSlotLeft) for each in made)
        self.left_to_people = not isinstance(self.world.state, Busy) and (said or self.left_to_people)
        return made

    @property
    def owner(self) -> str | None:
        return getattr(self.world.state, "appointment_id", None)

    def want(self, who: str, command: Command) -> list[Fact]:
        """Only a free slot, or one's own, can be had, and only as long as it lies ahead."""
        before = self.world.state
        made = self.take(SYSTEM, command)
        if made:
            assert isinstance(before, Free) or (isinstance(before, Held) and before.appointment_id == who)
            assert self.owner == who and self.world.at < IN_10_DAYS
        else:
            assert self.world.state == before
        return made

    @rule(who=APPOINTMENTS, hours=st.integers(1, 72))
    def hold(self, who: str, hours: int) -> None:
        self.want(who, HoldSlot(**PLACE, appointment_id=who, until=self.world.at + timedelta(hours=hours)))

    @rule(who=APPOINTMENTS)
    def sell(self, who: str) -> None:
        self.want(who, TakeSlot(**PLACE, appointment_id=who))

    @rule(who=APPOINTMENTS, state=st.sampled_from(WITH_THIS_DATE + WITHOUT_IT))
    def give_back(self, who: str, state: State) -> None:
        """A release that is told late takes away nothing that is wanted by now."""
        before, self.world.others = self.owner, {who: state}
        made = self.take(SYSTEM, ReleaseSlot(appointment_id=who))
        assert bool(made) == (before == who and state in WITHOUT_IT)

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.world.at += timedelta(hours=hours)

    @precondition(lambda self: isinstance(self.world.state, Held))
    @rule()
    def let_the_hold_end(self) -> None:
        timer = SLOT.timers(self.world.state, rules())["hold"]
        self.world.at = max(self.world.at, timer.due)
        assert self.take(SYSTEM, timer.command) and isinstance(self.world.state, Free)

    @rule(days=st.integers(0, 60))
    def end_a_hold_that_is_over(self, days: int) -> None:
        """A timer of an earlier hold ends no later one."""
        other = START - timedelta(days=days)
        assert not self.take(SYSTEM, EndHold(until=other))

    @precondition(lambda self: self.to_fill)
    @rule()
    def let_it_pass(self) -> None:
        """What was given back and nobody took is no work any more (ATT-09)."""
        timer = SLOT.timers(self.world.state, rules())["passed"]
        self.world.at = max(self.world.at, timer.due)
        [told] = self.take(SYSTEM, timer.command)
        assert isinstance(told, FreedSlotClosed) and not self.to_fill

    @property
    def search(self) -> str | None:
        return getattr(self.world.state, "search", None)

    @precondition(lambda self: self.search is not None)
    @rule(found=st.booleans())
    def end_the_search(self, found: bool) -> None:
        """Told twice, it ends once; and it is a person's work exactly where nobody was found and nobody has it."""
        assert self.search and not self.take(SYSTEM, EndSearch(search_id=DAY, found=False))
        found = found and isinstance(self.world.state, Held)
        made = self.take(SYSTEM, EndSearch(search_id=self.search, found=found))
        is_left = isinstance(self.world.state, Free) and self.world.at < IN_10_DAYS
        assert any(isinstance(each, FreedSlotLeft) for each in made) == is_left

    @precondition(lambda self: getattr(self.world.state, "ask_at", None) is not None)
    @rule()
    def let_the_night_pass(self) -> None:
        timer = SLOT.timers(self.world.state, rules())["ask"]
        self.world.at = max(self.world.at, timer.due)
        self.take(SYSTEM, timer.command)

    @invariant()
    def what_is_to_be_filled_is_always_somebodys(self) -> None:
        """Who is asked next is looked for, or will be in the morning, or a person thinks of something (ATT-09)."""
        state = self.world.state
        if isinstance(state, Free) and state.to_fill and self.world.at < IN_10_DAYS:
            assert state.search or state.ask_at or self.left_to_people

    @property
    def to_fill(self) -> bool:
        return getattr(self.world.state, "to_fill", False)

    @invariant()
    def only_holds_and_what_was_given_back_end_by_themselves(self) -> None:
        timers = {"hold"} if isinstance(self.world.state, Held) else set()
        timers |= {"passed"} if self.to_fill else set()
        timers |= {"ask"} if getattr(self.world.state, "ask_at", None) else set()
        assert SLOT.timers(self.world.state, rules()).keys() == timers

    @invariant()
    def it_has_an_owner_exactly_while_held_or_sold(self) -> None:
        assert (self.owner is not None) == isinstance(self.world.state, Held | Busy)


TestSlots = Slots.TestCase
TestSlots.settings = explored(100, steps=30)
