"""An arrival is work for the discipline of the appointment, at the time for which it stands in the book by then."""

from typing import Any

import pytest

from schemas.fact import Fact
from schemas.scheduling.v1.appointment import (
    AppointmentBooked,
    AppointmentMoved,
    AttendanceCorrected,
    PatientArrived,
)
from services.worklist.item.states import Waiting
from tests.support.desk import Desk, clinic
from tests.support.examples import example_fact, hear

BOOKED = example_fact(AppointmentBooked, discipline="physiotherapy", start="2027-01-04T15:00:00Z", version=1)
MOVED = example_fact(AppointmentMoved, start="2027-01-05T15:30:00Z", version=2)


async def ready(*facts: Fact) -> Any:
    desk = Desk("2027-01-04 09:00")
    for fact in facts:
        await hear(desk, fact)
    assert isinstance(desk.the("VISIT_READY"), Waiting)
    return desk.the("VISIT_READY").item


@pytest.mark.parametrize("arrival", [PatientArrived, AttendanceCorrected])
async def test_an_arrival_is_work_for_the_discipline_of_the_appointment(arrival: type[Fact]) -> None:
    item = await ready(BOOKED, example_fact(arrival))
    assert (item.queue, item.priority, item.due_at) == (
        "physiotherapy",
        "urgent",
        clinic("2027-01-04 10:00"),
    )


async def test_it_is_due_when_the_appointment_was_moved_to() -> None:
    assert (await ready(BOOKED, MOVED, example_fact(PatientArrived))).due_at == clinic("2027-01-05 10:30")


async def test_who_arrives_for_no_appointment_is_nobody_s_work() -> None:
    desk = Desk("2027-01-04 09:00")
    await hear(desk, example_fact(PatientArrived))
    assert desk.open() == []
