"""A date that was held for somebody, and let go."""

from services.scheduling.appointment.commands import ReleaseHold
from services.scheduling.appointment.states import Pending, Waiting
from services.scheduling.slot.states import SlotTime
from tests.unit.scheduling.situations import COORDINATOR, IN_10_DAYS, PAUL
from tests.unit.scheduling.test_appointment_machine import Appointments


def test_who_was_held_a_date_and_let_go_waits_again() -> None:
    """Too rare among what is drawn for the picture of the moves to be sure of it."""
    one = Appointments()
    one.begins(remote=False, cancelled=0, missed=0, first=None)
    one.hold(COORDINATOR, SlotTime(PAUL, IN_10_DAYS))
    assert isinstance(one.world.state, Pending)
    one.go_on(COORDINATOR, ReleaseHold())
    assert isinstance(one.world.state, Waiting)
