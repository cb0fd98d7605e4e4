"""Two patients, four slots, and facts that are told late: who has a date has its slot, and nobody is forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from backbone.engine.fold import Fold
from backbone.engine.generic import kinds_of
from backbone.engine.wanted import Selector
from backbone.engine.working_set import Entry, WorkingSet
from backbone.ids import ROOT, derive
from backbone.model import SYSTEM, Actor, Cause, Event, Order, Send, Snapshot, one
from backbone.model.aggregate import as_order
from services.scheduling.appointment.aggregate import AHEAD, APPOINTMENT
from services.scheduling.appointment.commands import (
    CancelAppointment,
    DeclineOffer,
    ExpireOffer,
    MarkInError,
    MoveDate,
)
from services.scheduling.appointment.reactions import move
from services.scheduling.appointment.states import Booked, Cancelled, NoAppointment, Pending, Proposed
from services.scheduling.appointment.states import Waiting as Visit
from services.scheduling.attendance_case.aggregate import OpenCase
from services.scheduling.booking_request.reactions import dates
from services.scheduling.booking_request.reactions.dates import for_patient
from services.scheduling.booking_request.reactions.requests import first_visit
from services.scheduling.booking_request.states import Open, Wish
from services.scheduling.joint_day.reactions import Part, held
from services.scheduling.service import SERVICE
from services.scheduling.slot.aggregate import slot_at
from services.scheduling.slot.states import Busy, Held, SlotTime
from services.scheduling.waiting_list.aggregate import entry_of
from services.scheduling.waiting_list.states import Offered, Waiting
from tests.support.effort import explored
from tests.unit.scheduling.situations import (
    CLERK,
    COORDINATOR,
    DAY,
    IN_10_DAYS,
    IN_11_DAYS,
    MADE,
    MAYA,
    PAUL,
    rules,
)

SLOTS = tuple(SlotTime(who, start) for who in (PAUL, MAYA) for start in (IN_10_DAYS, IN_11_DAYS))
slots = st.sampled_from(SLOTS)
PATIENTS = tuple(derive(ROOT, f"patient {number}") for number in range(2))


class Everything(WorkingSet):
    """All that the service keeps; what is named for the first time is there."""

    def entry(self, kind: str, aggregate_id: str) -> Entry:
        if (kind, aggregate_id) not in self.entries:
            self.add(kind, aggregate_id, None)
        return super().entry(kind, aggregate_id)

    def matching(self, selector: Selector) -> Sequence[str]:
        self.watch([selector])
        return super().matching(selector)


class Desk(RuleBasedStateMachine):
    """The service without store and log: groups of orders are carried out, their facts are told when `hear` runs."""

    @initialize()
    def two_first_visits_are_asked_for(self) -> None:
        self.fold = Fold(SERVICE, rules(), MADE, Everything(kinds_of(SERVICE), {}, {}))
        self.causes = self.heard = 0
        for patient in PATIENTS:
            wish = Wish(purpose="initial_consultation", discipline="medical", priority="routine")
            self.give(patient, first_visit(patient, wish, None, None), SYSTEM)

    def give(self, patient: str | None, order: Order | Send, actor: Actor = COORDINATOR) -> bool:
        """Whether it was carried out. The referral of a patient has the patient's id."""
        self.causes += 1
        identity = derive(ROOT, f"request {self.causes}")
        cause = Cause(identity, MADE, actor, identity, patient, patient)
        return self.fold.give(cause, as_order(order)) is None

    def all(self, kind: str, *states: type) -> list[Snapshot[Any]]:
        entries = [entry for entry in self.fold.working.entries.values() if entry.aggregate.kind == kind]
        return [
            Snapshot(kind, each.id, each.version, each.state, each.lane_key, each.pathway_id)
            for each in entries
            if isinstance(each.state, states)
        ]

    def one_of(self, data: st.DataObject, kind: str, *states: type) -> Snapshot[Any] | None:
        found = self.all(kind, *states)
        return data.draw(st.sampled_from(found)) if found else None

    def slot(self, choice: Any) -> Any:
        return self.fold.working.entry("slot", slot_at(choice).id).state

    @rule(data=st.data(), slot=slots)
    def book(self, data: st.DataObject, slot: SlotTime) -> None:
        if request := self.one_of(data, "booking_request", Open):
            order, _ = dates.book(request, [slot], short_notice_accepted=False)
            self.give(request.lane_key, order)

    @rule(data=st.data(), chosen=st.lists(slots, min_size=1, max_size=2))
    def offer(self, data: st.DataObject, chosen: Sequence[SlotTime]) -> None:
        if request := self.one_of(data, "booking_request", Open):
            offer_id, until = derive(ROOT, f"offer {self.causes}"), MADE + timedelta(hours=48)
            order, _ = dates.offer(request, chosen, offer_id, "phone", [until] * len(chosen))
            self.give(request.lane_key, order)

    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        if proposed := self.one_of(data, "appointment", Proposed):
            chosen = data.draw(st.sampled_from(proposed.state.choices))
            assert self.give(proposed.lane_key, dates.accept(proposed, chosen)), "it was held"

    @rule(data=st.data(), by_timer=st.booleans())
    def refuse_the_offer(self, data: st.DataObject, by_timer: bool) -> None:
        if proposed := self.one_of(data, "appointment", Proposed):
            command = (ExpireOffer if by_timer else DeclineOffer)(offer_id=proposed.state.offer_id)
            assert self.give(proposed.lane_key, APPOINTMENT.send(command, to=one(proposed.id)))

    @rule(data=st.data(), slot=slots)
    def move(self, data: st.DataObject, slot: SlotTime) -> None:
        if booked := self.one_of(data, "appointment", Booked):
            command = MoveDate(clinician_id=slot.clinician_id, start=slot.start, by="clinic", reason="ill")
            self.give(booked.lane_key, move(APPOINTMENT.send(command, to=one(booked.id)), booked, slot))

    @rule(data=st.data(), slot=slots)
    def hold_for_a_joint_day(self, data: st.DataObject, slot: SlotTime) -> None:
        if request := self.one_of(data, "booking_request", Open):
            sends = held(Part(request, slot), DAY, MADE + timedelta(hours=48))
            self.give(request.lane_key, for_patient(request, *sends))

    @rule(data=st.data(), by=st.sampled_from(("patient", "clinic", "in error")))
    def cancel(self, data: st.DataObject, by: Any) -> None:
        """Whatever is not over yet; a mistake may turn out later."""
        if found := self.one_of(data, "appointment", *AHEAD, *([Cancelled] if by == "in error" else [])):
            mistake = by == "in error"
            command = (
                MarkInError(reason="wrong_patient") if mistake else CancelAppointment(by=by, reason="ill")
            )
            send = APPOINTMENT.send(command, to=one(found.id))
            assert self.give(found.lane_key, send, CLERK if mistake else COORDINATOR)

    @property
    def untold(self) -> int:
        return len(self.fold.made.events) - self.heard

    @precondition(lambda self: self.untold)
    @rule(count=st.integers(1, 20))
    def hear(self, count: int) -> None:
        """In order of their writing, some time later."""
        for _ in range(min(count, self.untold)):
            event: Event[Any] = self.fold.made.events[self.heard][1]
            self.heard += 1
            for reaction in SERVICE.reactions_by_type.get(event.head.type, ()):
                for order in reaction(event, rules()):
                    assert self.give(event.head.lane_key, order, SYSTEM)

    @invariant()
    def who_is_booked_has_the_slot(self) -> None:
        for booked in self.all("appointment", Booked):
            slot = self.slot(booked.state.date.time)
            assert isinstance(slot, Busy) and slot.appointment_id == booked.id

    @invariant()
    def what_is_offered_is_held(self) -> None:
        for proposed in self.all("appointment", Proposed):
            for choice in proposed.state.choices:
                slot = self.slot(choice)
                assert isinstance(slot, Held) and slot.appointment_id == proposed.id

    @invariant()
    def nothing_is_held_for_nobody_once_all_is_told(self) -> None:
        if self.untold:
            return
        has = {each.id: [each.state.date] for each in self.all("appointment", Booked, Pending)}
        has |= {each.id: each.state.choices for each in self.all("appointment", Proposed)}
        for slot in self.all("slot", Held, Busy):
            dates = [(each.clinician_id, each.start) for each in has[slot.state.appointment_id]]
            assert (slot.state.clinician_id, slot.state.start) in dates

    @invariant()
    def nobody_is_forgotten_once_all_is_told(self) -> None:
        """Every patient has a date, waits on the list for one, or is looked at by a clinician; one of the three."""
        for patient in PATIENTS if not self.untold else ():
            booked = [each for each in self.all("appointment", Booked) if each.lane_key == patient]
            asked = [each for each in self.all("booking_request", Open) if each.lane_key == patient]
            waits = [
                each for each in self.all("waitlist_entry", Waiting, Offered) if each.lane_key == patient
            ]
            cases = [each for each in self.all("attendance_case", OpenCase) if each.lane_key == patient]
            assert len(booked) + len(asked) + len(cases) == 1
            assert [entry_of(each.id) for each in asked] == [each.id for each in waits]

    @invariant()
    def what_is_asked_for_can_be_booked_once_all_is_told(self) -> None:
        """Neither its next appointment nor its place on the list is in the way."""
        offered = {each.state.offer_id for each in self.all("appointment", Proposed)}
        for request in self.all("booking_request", Open) if not self.untold else ():
            appointment = self.fold.working.entry("appointment", dates.next_appointment(request)[1])
            assert isinstance(appointment.state, NoAppointment | Pending | Visit | Proposed)
        for entry in self.all("waitlist_entry", Offered) if not self.untold else ():
            assert entry.state.offer_id in offered, "who waits for an answer was asked"


TestDesk = Desk.TestCase
TestDesk.settings = explored(120, steps=30)
