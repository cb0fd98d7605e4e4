"""A place of a group is sold or given back → its time counts anew; and what calling one off is. Pure."""

from collections.abc import Sequence

from backbone.model import Event, On, Order, Orders, Send, Snapshot, like, on, one, together
from services.scheduling.appointment.aggregate import APPOINTMENT
from services.scheduling.appointment.commands import CancelAppointment, StopOffer
from services.scheduling.appointment.reactions import cancel
from services.scheduling.appointment.states import Appointment, Proposed
from services.scheduling.group_time.aggregate import (
    GROUP_TIME,
    TOO_FEW,
    GivePlaceBack,
    SellPlace,
    group_at,
)
from services.scheduling.group_time.states import Known
from services.scheduling.rules import Rules
from services.scheduling.slot.facts import SlotReleased, SlotTaken


def sell_place(event: Event[SlotTaken], rules: Rules) -> Orders:
    fact = event.fact
    slot = rules.slot(fact.clinician_id, fact.start)
    if slot and slot.is_group:
        sold = like(SellPlace, fact, discipline=slot.discipline)
        yield GROUP_TIME.send(sold, to=group_at(fact.clinician_id, fact.start))


def give_place_back(event: Event[SlotReleased], rules: Rules) -> Orders:
    """Also of a time that the templates no longer have."""
    fact = event.fact
    if fact.clinician_id is None or fact.start is None or fact.appointment_id is None:
        return
    slot = rules.slot(fact.clinician_id, fact.start)
    if slot is None or slot.is_group:
        back = GivePlaceBack(place=fact.place, appointment_id=fact.appointment_id)
        yield GROUP_TIME.send(back, to=group_at(fact.clinician_id, fact.start))


def call_off(called_off: Send, group: Known, appointments: Sequence[Snapshot[Appointment]]) -> Order:
    """Everybody who has a place is cancelled by the clinic, and gets another date as whoever is cancelled does; who is
    asked for one is asked no more. Not who has another date already: the place is given back when that is told."""
    sends = [called_off]
    for each in appointments:
        if not any(
            (time.clinician_id, time.start) == (group.clinician_id, group.start) for time in each.state.dates
        ):
            continue
        if isinstance(each.state, Proposed):
            sends.append(APPOINTMENT.send(StopOffer(), to=one(each.id), expecting=each.version))
        else:
            command = CancelAppointment(by="clinic", reason=TOO_FEW)
            sends += cancel(APPOINTMENT.send(command, to=one(each.id), expecting=each.version), each).sends
    return together(*sends)


OWN: tuple[On, ...] = (on(SlotTaken, sell_place), on(SlotReleased, give_place_back))
"""Handled in the transaction that writes the facts."""
